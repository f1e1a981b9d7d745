/// A catalog made ready for rating: the same terms with the store's identifiers in the place of keys.
///
/// One subscription is rated in well under a microsecond, so everything that depends on the catalog alone is resolved
/// here, once: prices stand in flat arrays, cohorts as two dates, and nothing is looked up by text.
package struct RatingCatalog: Sendable {
    /// The store's number of the catalog; every closed period remembers with which one it was rated.
    package let id: Int32
    package let catalog: Catalog
    let plans: [Int32: RatingPlan]
    /// The catalog in its other currencies, by their codes.
    private let editions: [String: RatingCatalog]
    /// Every meter of the catalog, by its number.
    package let meters: [RatingMeter]
    /// The rules by which subscriptions move to another plan.
    package let decisions: [RatingDecision]

    /// The identifiers that the store has given to the parts of the catalog.
    package struct Identifiers: Sendable {
        package var plans: [String: Int32]
        package var meters: [String: Int32]
        /// In the order of `Catalog.pricesInOrder`.
        package var prices: [Int32]

        package init(plans: [String: Int32], meters: [String: Int32], prices: [Int32]) {
            self.plans = plans
            self.meters = meters
            self.prices = prices
        }
    }

    /// Nil when an identifier is missing: then the identifiers belong to another catalog.
    package init?(id: Int32, catalog: Catalog, identifiers: Identifiers) {
        var meters: [String: RatingMeter] = [:]
        for meter in catalog.meters {
            // One that no price names may be unknown to the store.
            guard let id = identifiers.meters[meter.key], let series = identifiers.meters[meter.series] else {
                continue
            }
            meters[meter.key] = RatingMeter(id: id, series: series, definition: meter)
        }
        var prices = identifiers.prices.makeIterator()
        var plans: [Int32: RatingPlan] = [:]
        for plan in catalog.plans {
            guard let planID = identifiers.plans[plan.key],
                let rating = RatingPlan(plan, of: catalog, meters: meters, prices: &prices)
            else { return nil }
            plans[planID] = rating
        }
        guard prices.next() == nil else { return nil }
        let decisions = catalog.decisions.compactMap {
            RatingDecision($0, plans: identifiers.plans, meters: meters, of: catalog)
        }
        guard decisions.count == catalog.decisions.count else { return nil }
        self.decisions = decisions
        var editions: [String: RatingCatalog] = [:]
        for edition in catalog.editions {
            guard let rating = RatingCatalog(id: id, catalog: edition, identifiers: identifiers) else { return nil }
            editions[edition.currency.code] = rating
        }
        self.editions = editions
        self.id = id
        self.catalog = catalog
        self.plans = plans
        self.meters = meters.values.sorted { $0.id < $1.id }
    }

    /// The key of a price, for messages.
    func priceKey(_ id: Int32) -> String { priceWords(id)?.key ?? "price \(id)" }

    /// The keys of a price and of its plan as `plan.price`, and how many digits of the quantities on its lines stand behind the
    /// point; nil for a price of another catalog.
    package func priceWords(_ id: Int32) -> (key: String, places: Int)? {
        for plan in plans.values {
            for version in plan.versions {
                guard let key = version.priceKey(id) else { continue }
                let meter = version.usages.first { $0.id == id }?.terms.meterID
                let places = meter.flatMap { meter in meters.first { $0.id == meter } }?.definition.quantityPlaces
                return ("\(plan.key).\(key)", places ?? 0)
            }
        }
        return nil
    }

    func plan(_ id: Int32) throws(BillingError) -> RatingPlan {
        guard let plan = plans[id] else { throw BillingError.unknownPlan(id: id) }
        return plan
    }

    /// The plan of a subscription, with its amounts in the subscription's currency.
    func plan(of subscription: Subscription) throws(BillingError) -> RatingPlan {
        guard let code = subscription.currency, code != catalog.currency.code else {
            return try plan(subscription.plan)
        }
        return try edition(in: code).plan(subscription.plan)
    }

    /// The catalog with its amounts in the currency of a subscription.
    package func edition(of subscription: Subscription) throws(BillingError) -> RatingCatalog {
        try subscription.currency.map { code throws(BillingError) in try edition(in: code) } ?? self
    }

    /// - Parameter code: of ISO 4217.
    package func edition(in code: String) throws(BillingError) -> RatingCatalog {
        if code == catalog.currency.code { return self }
        guard let edition = editions[code] else {
            throw BillingError.otherCurrency(code, known: catalog.currencies.map(\.code))
        }
        return edition
    }
}

extension Catalog {
    /// Where a price stands in the catalog.
    package struct PricePlace: Hashable, Sendable {
        package let plan: Plan
        package let version: PlanVersion
        package let price: Price
    }

    /// Every price, plan by plan and version by version: the order in which the store numbers them.
    package var pricesInOrder: [PricePlace] {
        plans.flatMap { plan in
            plan.versions.flatMap { version in
                version.prices.map { PricePlace(plan: plan, version: version, price: $0) }
            }
        }
    }

    /// The days on which some version of some plan takes effect or ends: where usage totals have to be cut. (One that takes
    /// effect at a renewal does so on a boundary of periods, where they are cut anyway.)
    package var cuts: [CivilDate] {
        Set(plans.flatMap { $0.versions.flatMap { [$0.from, $0.until].compactMap(\.self) } }).sorted()
    }
}

/// A meter with the store's identifiers.
package struct RatingMeter: Hashable, Sendable {
    package let id: Int32
    /// Under which its readings or intervals are stored.
    package let series: Int32
    package let definition: Meter
}
