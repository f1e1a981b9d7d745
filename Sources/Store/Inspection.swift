import Billing
import Postgres
import SQL

/// Looks at the invoices that a transaction has written, and holds those that look wrong: in the same transaction, so none is
/// ever without having been looked at.
struct Inspection {
    /// An invoice that was written.
    struct Written {
        var customerID: Int64
        var subscriptionID: Int64
        /// Its date.
        var date: CivilDate
        var kind: String
        /// Empty where nothing was counted.
        var period: DateRange
        /// Minor units.
        var total: Int64
        /// ISO 4217.
        var currency: String
    }

    let catalog: RatingCatalog
    let asOf: CivilDate
    let runID: Int64

    /// - Returns: how many are held.
    func inspect(_ written: [Written], on connection: Connection) throws -> Int64 {
        guard let breaker = catalog.catalog.invoices.hold, !written.isEmpty else { return 0 }
        let counted = written.filter { !$0.period.isEmpty }
        let uses = breaker.jump != nil || breaker.silence ? try self.uses(counted, connection) : [:]
        let stale = try breaker.staleDays.map { try self.stale(counted, days: $0, connection) } ?? [:]
        let pulls = breaker.missingPull ? try lastPulls(connection) : []
        var found = Found()
        var held: Int64 = 0
        for invoice in written {
            guard let currency = Currency(code: invoice.currency) else {
                throw StoreError.inconsistent("'\(invoice.currency)' is no currency")
            }
            let key = Key(invoice.customerID, invoice.subscriptionID, invoice.date)
            // The largest total is one of each currency.
            let own = catalog.catalog.edition(in: currency)?.invoices.hold ?? breaker
            let trips = own.trips(
                on: Breaker.Evidence(
                    period: invoice.period, total: invoice.total, currency: currency,
                    uses: invoice.period.isEmpty ? [] : uses[key] ?? [], pulls: pulls,
                    staleSince: invoice.period.isEmpty ? nil : stale[key]))
            if !trips.isEmpty { held += 1 }
            for trip in trips { found.append(trip, of: invoice) }
        }
        guard held > 0 else { return 0 }
        _ = try connection.execute(
            Query(
                .insertInvoiceHolds, found.customers, found.subscriptions, found.dates, found.kinds, found.reasons,
                found.subjects, found.figures, found.bounds, found.details, asOf, runID))
        return held
    }

    private struct Key: Hashable {
        let customerID: Int64
        let subscriptionID: Int64
        let date: CivilDate

        init(_ customerID: Int64, _ subscriptionID: Int64, _ date: CivilDate) {
            self.customerID = customerID
            self.subscriptionID = subscriptionID
            self.date = date
        }
    }

    /// Column by column, as the statement takes them.
    private struct Found {
        var customers: [Int64] = []
        var subscriptions: [Int64] = []
        var dates: [PGDate] = []
        var kinds: [String] = []
        var reasons: [String] = []
        var subjects: [String] = []
        var figures: [String] = []
        var bounds: [String] = []
        var details: [String] = []

        mutating func append(_ trip: Breaker.Trip, of invoice: Written) {
            customers.append(invoice.customerID)
            subscriptions.append(invoice.subscriptionID)
            dates.append(PGDate(invoice.date))
            kinds.append(invoice.kind)
            reasons.append(trip.reason.rawValue)
            subjects.append(trip.subject)
            figures.append("\(trip.figure)")
            bounds.append(trip.bound.plain)
            details.append(trip.detail)
        }
    }

    /// What each meter counted in the period of each invoice, and in the periods before it.
    private func uses(_ written: [Written], _ connection: Connection) throws -> [Key: [Breaker.Use]] {
        let rows = try connection.query(
            Query(
                .listPeriodUsage, written.map(\.customerID), written.map(\.subscriptionID),
                written.map { PGDate($0.date) }),
            as: Int64.self, Int64.self, CivilDate.self, CivilDate.self, Int32?.self, Int64?.self)
        let meters = Dictionary(catalog.meters.map { ($0.id, $0.definition) }) { first, _ in first }
        var counts: [Key: (periods: [CivilDate], quantities: [Int32: [CivilDate: Int64]])] = [:]
        for row in rows {
            let key = Key(row.0, row.1, row.2)
            if counts[key]?.periods.last != row.3 { counts[key, default: ([], [:])].periods.append(row.3) }
            if let meter = row.4, let quantity = row.5 {
                counts[key]?.quantities[meter, default: [:]][row.3] = quantity
            }
        }
        // A period without a total counted nothing.
        return counts.mapValues { found in
            found.quantities.sorted { $0.key < $1.key }.compactMap { meter, quantities in
                guard let definition = meters[meter], let own = found.periods.first else { return nil }
                return Breaker.Use(
                    meter: definition, counted: quantities[own] ?? 0,
                    before: found.periods.dropFirst().map { quantities[$0] ?? 0 })
            }
        }
    }

    /// The last day with a reading, where none came for the last days of the period.
    private func stale(_ written: [Written], days: Int, _ connection: Connection) throws -> [Key: CivilDate] {
        let rows = try connection.query(
            Query(
                .listStaleUsage, written.map(\.customerID), written.map(\.subscriptionID),
                written.map { PGDate($0.period.start) }, written.map { PGDate($0.period.end) }, Int32(clamping: days)),
            as: Int64.self, Int64.self, CivilDate.self, CivilDate.self)
        return Dictionary(rows.map { (Key($0.0, $0.1, $0.2), $0.3) }) { first, _ in first }
    }

    private func lastPulls(_ connection: Connection) throws -> [Breaker.LastPull] {
        try connection.query(Query(.listLastPulls), as: String.self, CivilDate.self)
            .map { Breaker.LastPull(source: $0.0, day: $0.1) }
    }
}
