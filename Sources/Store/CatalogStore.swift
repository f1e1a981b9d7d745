package import Billing
package import Postgres
import SQL

/// Catalogs in the database: every version that was ever applied, and which one is in use.
///
/// A stored document never changes, so each is parsed once, however many steps of a run ask for it.
package final class CatalogStore {
    let connection: Connection
    /// Reads the text of a stored catalog. The store keeps documents; what they say is decided elsewhere.
    private let parse: (String) throws -> Catalog
    /// The catalogs that somebody has asked for, by number.
    private var ready: [Int32: RatingCatalog] = [:]

    package init(_ connection: Connection, parse: @escaping (String) throws -> Catalog) {
        self.connection = connection
        self.parse = parse
    }

    /// What applying came to.
    package struct Applied: Sendable {
        package let id: Int32
        /// False when the same document had been applied before.
        package let isNew: Bool
        /// False when it was in use already: nothing has been written.
        package let changed: Bool
        /// How many usage totals had to be divided where a plan version takes effect.
        package let dividedTotals: Int
    }

    /// A catalog in use, in its document's words.
    package struct Current: Sendable {
        package let id: Int32
        package let sha256: String
        package let document: String
    }

    package func current() throws -> Current? {
        try connection.first(Query(.readCurrentCatalog), as: Int32.self, String.self, String.self)
            .map { Current(id: $0.0, sha256: $0.1, document: $0.2) }
    }

    /// The catalog in use, ready for rating.
    ///
    /// - Throws: `StoreError.noCatalog` when none was applied.
    package func currentForRating() throws -> RatingCatalog {
        guard let current = try current() else { throw StoreError.noCatalog }
        return try ratingCatalog(id: current.id, document: current.document)
    }

    /// Every catalog that was ever applied: what closed periods were rated with.
    package func all() throws -> [RatingCatalog] {
        try connection.query(Query(.listCatalogs), as: Int32.self, String.self)
            .map { try ratingCatalog(id: $0.0, document: $0.1) }
    }

    private func ratingCatalog(id: Int32, document: String) throws -> RatingCatalog {
        if let ready = ready[id] { return ready }
        let catalog: Catalog
        do {
            catalog = try parse(document)
        } catch {
            throw StoreError.unreadableCatalog(id: id, reason: "\(error)")
        }
        let identifiers = RatingCatalog.Identifiers(
            plans: try planIDs(), meters: try meterIDs(),
            prices: try connection.query(Query(.listPrices, id), as: Int32.self))
        guard let rating = RatingCatalog(id: id, catalog: catalog, identifiers: identifiers) else {
            throw StoreError.unreadableCatalog(id: id, reason: "its prices are not the ones stored with it")
        }
        ready[id] = rating
        return rating
    }

    package func planIDs() throws -> [String: Int32] {
        Dictionary(
            uniqueKeysWithValues: try connection.query(Query(.listPlans), as: Int32.self, String.self).map {
                ($0.1, $0.0)
            })
    }

    package func meterIDs() throws -> [String: Int32] {
        Dictionary(
            uniqueKeysWithValues: try connection.query(Query(.listMeters), as: Int32.self, String.self).map {
                ($0.1, $0.0)
            })
    }

    /// The meters whose totals the pulls keep.
    package func runningMeters() throws -> Set<Int32> {
        Set(try connection.query(Query(.listRunningMeters), as: Int32.self))
    }

    /// The meters that have one quantity for each billing period, over all catalogs that were ever applied.
    package func windowMeters() throws -> WindowMeters {
        guard let current = try current() else { return WindowMeters([]) }
        let catalogs = try all()
        return WindowMeters(catalogs.filter { $0.id != current.id } + catalogs.filter { $0.id == current.id })
    }

    /// The days on which usage totals begin anew.
    package func cuts() throws -> [CivilDate] {
        try connection.query(Query(.listCuts), as: CivilDate.self)
    }

    /// Who holds a plan: whom a change would meet.
    package struct PlanUse: Sendable {
        package let subscriptions: Int64
        /// The first day of their earliest open period.
        package let firstOpen: CivilDate?
        /// The codes of the currencies that they pay in.
        package let currencies: [String]
    }

    /// By the key of the plan.
    package func subscriptionsByPlan() throws -> [String: PlanUse] {
        let rows = try connection.query(
            Query(.countSubscriptionsByPlan), as: String.self, Int64.self, CivilDate?.self, [String]?.self)
        return Dictionary(
            uniqueKeysWithValues: rows.map {
                ($0.0, PlanUse(subscriptions: $0.1, firstOpen: $0.2, currencies: $0.3 ?? []))
            })
    }

    /// Stores a catalog under its hash and puts it in use. A document that was stored before is never written again.
    package func apply(_ catalog: Catalog, document: String) throws -> Applied {
        try connection.transaction {
            try requireHeldPlans(in: catalog)
            try settleMeters(of: catalog)
            let known = try connection.first(Query(.findCatalog, document), as: Int32.self)
            let id = try known ?? insert(catalog, document: document)
            let switched = try connection.execute(Query(.setCurrentCatalog, id))
            // Plans and meters have become known that older catalogs may name as well.
            ready = [:]
            let rating = try ratingCatalog(id: id, document: document)
            try keepLevels(rating)
            _ = try connection.execute(Query(.resetMeterProgress))
            let divided = try cut(at: catalog.cuts, rating)
            try moveFirstCountedDays(rating)
            return Applied(
                id: id, isNew: known == nil, changed: known == nil || switched > 0, dividedTotals: divided)
        }
    }

    /// What a subscription's periods and amounts rest on stays as it is while somebody holds the plan.
    private func requireHeldPlans(in catalog: Catalog) throws {
        let old = try current().map { try ratingCatalog(id: $0.id, document: $0.document).catalog }
        for (key, use) in try subscriptionsByPlan() where use.subscriptions > 0 {
            guard let plan = catalog.plans.first(where: { $0.key == key }) else {
                throw StoreError.planInUse(plan: key, subscriptions: use.subscriptions)
            }
            guard let old, let before = old.plans.first(where: { $0.key == key }) else { continue }
            func require(_ what: String, _ was: String, _ will: String) throws(StoreError) {
                guard was != will else { return }
                throw .fixedInCatalog(what: what, plan: key, old: was, new: will, subscriptions: use.subscriptions)
            }
            try require("invoice cadence", before.invoiceEvery.description, plan.invoiceEvery.description)
            try require("alignment", before.alignment.rawValue, plan.alignment.rawValue)
            let codes = catalog.currencies.map(\.code)
            for held in use.currencies where !codes.contains(held) {
                try require("currency", held, codes.joined(separator: ", "))
            }
        }
    }

    private func insert(_ catalog: Catalog, document: String) throws -> Int32 {
        guard
            let id = try connection.first(
                Query(.insertCatalog, document, catalog.name, catalog.currency.code), as: Int32.self)
        else { throw StoreError.inconsistent("a catalog got no number") }
        _ = try connection.execute(Query(.insertPlans, catalog.plans.map(\.key)))
        for (ordinal, place) in catalog.pricesInOrder.enumerated() {
            let meter = place.price.meter
            let leads = meter != nil && place.version.prices.first { $0.meter == meter }?.key == place.price.key
            _ = try connection.execute(
                Query(
                    .insertPrice, id, Int32(ordinal), place.plan.key, place.version.from, place.version.cohort.from,
                    place.version.cohort.before, place.price.key, place.price.name, meter, leads,
                    place.price.taxCategory))
        }
        return id
    }

    /// Another catalog may count over longer or shorter periods: every open period then has to look further back, or need
    /// no longer.
    private func moveFirstCountedDays(_ rating: RatingCatalog) throws {
        var moved: (customers: [Int64], subscriptions: [Int64], days: [PGDate]) = ([], [], [])
        try connection.copyOut(Query(.listOpenPeriods, literals: [:])) { row in
            let terms = Subscription(
                plan: try row.int32(4), anchor: try row.day(5), starts: try row.day(7), signedUp: try row.day(6),
                paysEvery: .month, ends: nil)
            guard let open = try rating.openPeriod(of: terms, number: Int(row.int32(2))),
                try open.countsFrom != row.day(3)
            else { return }
            moved.customers.append(try row.int64(0))
            moved.subscriptions.append(try row.int64(1))
            moved.days.append(PGDate(open.countsFrom))
        }
        guard !moved.customers.isEmpty else { return }
        _ = try connection.execute(Query(.moveCountsFrom, moved.customers, moved.subscriptions, moved.days))
    }

    /// Makes usage totals begin anew on these days, dividing those that run across one.
    private func cut(at days: [CivilDate], _ rating: RatingCatalog) throws -> Int {
        let known = Set(try cuts())
        let added = days.filter { !known.contains($0) }
        guard !added.isEmpty else { return 0 }
        _ = try connection.execute(Query(.insertCuts, added.map(PGDate.init)))
        let all = known.union(added).sorted()
        let divided = try connection.query(
            Query(.listDividedSubscriptions, added.map(PGDate.init)),
            as: Int64.self, Int64.self, Int32.self, CivilDate.self, CivilDate.self, CivilDate.self)
        guard !divided.isEmpty else { return 0 }
        var division = TotalsDivision(connection)
        let own = try SubscriptionCuts(connection)
        for (customer, subscription, plan, anchor, firstDay, start) in divided {
            let terms = Subscription(
                plan: plan, anchor: anchor, starts: firstDay, signedUp: anchor, paysEvery: .month, ends: nil)
            let cuts = own[subscription]
            try division.divide(
                customerID: customer, subscriptionID: subscription, from: start,
                old: rating.slicing(of: terms, cuts: known + cuts), new: rating.slicing(of: terms, cuts: all + cuts))
        }
        try division.apply()
        return division.count
    }
}
