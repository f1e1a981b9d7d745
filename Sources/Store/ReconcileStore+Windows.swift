import Billing
import Postgres
import SQL

extension ReconcileStore {
    private static let batch: Int64 = 200
    /// Billing periods of a subscription that are looked at together.
    private static let mostPeriods = 12

    /// Computes every quantity anew that is kept for a billing period, as far as the totals are said to be right, and
    /// compares. Memory holds some subscriptions with a year of what they counted.
    func compareWindowTotals() throws -> [Reconciliation.Difference] {
        guard let catalog else { return [] }
        var found: [Reconciliation.Difference] = []
        var place = (customer: Int64.min, subscription: Int64.min)
        while true {
            let rows = try connection.query(
                Query(.listMetered, place.customer, place.subscription, Self.batch),
                as: Int64.self, Int64.self, String.self, Int32.self, CivilDate.self, CivilDate.self, CivilDate.self,
                CivilDate?.self, CivilDate.self, [Int32].self)
            guard let last = rows.last else { return found }
            place = (last.0, last.1)
            var metered = rows.map { row in
                Metered(
                    customerID: row.0, subscriptionID: row.1, key: row.2,
                    terms: Subscription(
                        plan: row.3, anchor: row.4, starts: row.6, signedUp: row.5, paysEvery: .month, ends: row.7),
                    plans: row.9, meters: meters.ofPlans(row.9), from: row.6, until: row.8)
            }
            while !metered.isEmpty {
                found += try compare(&metered, catalog)
                guard found.count < limit else { return Array(found.prefix(Int(limit))) }
            }
        }
    }

    private struct Metered {
        let customerID: Int64
        let subscriptionID: Int64
        let key: String
        let terms: Subscription
        /// All that it has held.
        let plans: [Int32]
        let meters: [RatingMeter]
        /// The first day that has not been looked at.
        var from: CivilDate
        let until: CivilDate
    }

    /// Compares the next periods of each, and leaves those that have more.
    private func compare(
        _ metered: inout [Metered], _ catalog: RatingCatalog
    ) throws -> [Reconciliation.Difference] {
        var parts: [(metered: Metered, periods: [RatingCatalog.MeteredPeriod], request: WindowReader.Request)] = []
        var left: [Metered] = []
        for one in metered {
            let (periods, done, due) = try catalog.meteredPeriods(
                of: one.terms, meters: one.meters, after: one.from, asOf: one.until, limit: Self.mostPeriods)
            guard !periods.isEmpty else { continue }
            parts.append(
                (
                    one, periods,
                    WindowReader.Request(
                        customerID: one.customerID, subscriptionID: one.subscriptionID,
                        windows: Array(Set(periods.flatMap(\.windows))))
                ))
            if let due, due <= one.until {
                var rest = one
                rest.from = done
                left.append(rest)
            }
        }
        metered = left
        let windows = try WindowReader(connection, meters: meters.all).read(parts.map(\.request))
        var found: [Reconciliation.Difference] = []
        for (one, periods, request) in parts {
            let kept = try kept(one, periods)
            var closed: [CivilDate: Int32]?
            for period in periods {
                for (meter, window) in zip(one.meters, period.windows) {
                    let quantity = try meter.definition.quantity(of: windows.input(request, meter, window)).quantity
                    let stored = kept[Place(meter: meter.id, start: period.period.start)] ?? 0
                    guard quantity != stored else { continue }
                    closed = try closed ?? catalogsOfClosed(one, periods)
                    guard isCounted(meter, for: one, by: closed?[period.period.start]) else { continue }
                    found.append(
                        Reconciliation.Difference(
                            check: "quantities_kept",
                            subject: "\(one.key) from \(period.period.start), \(meter.definition.key)",
                            detail: "what was counted comes to \(quantity), the quantity kept is \(stored)"))
                }
            }
        }
        return found
    }

    private struct Place: Hashable {
        let meter: Int32
        let start: CivilDate
    }

    /// Whether a meter has a say in a period: a later catalog may count more for the plan, which nobody has totalled for what
    /// was closed before.
    ///
    /// - Parameter catalog: the one that the period was closed with; nil for an open one.
    private func isCounted(_ meter: RatingMeter, for one: Metered, by catalog: Int32?) -> Bool {
        guard let catalog, let meters = metersByCatalog[catalog] else { return true }
        return meters.ofPlans(one.plans).contains { $0.id == meter.id }
    }

    /// The catalogs that closed periods were rated with, by their first days. Asked for only where something differs.
    private func catalogsOfClosed(
        _ one: Metered, _ periods: [RatingCatalog.MeteredPeriod]
    ) throws -> [CivilDate: Int32] {
        guard let first = periods.first?.period.start, let last = periods.last?.period.end.adding(days: 1) else {
            return [:]
        }
        let rows = try connection.query(
            Query(.readClosedPeriods, one.customerID, one.subscriptionID, first, last),
            as: CivilDate.self, CivilDate.self, Int32.self)
        return Dictionary(rows.map { ($0.0, $0.2) }) { first, _ in first }
    }

    private func kept(_ one: Metered, _ periods: [RatingCatalog.MeteredPeriod]) throws -> [Place: Int64] {
        guard let first = periods.first, let last = periods.last else { return [:] }
        let rows = try connection.query(
            Query(.readTotals, one.customerID, one.subscriptionID, first.period.start, last.period.end),
            as: Int32.self, CivilDate.self, Int64.self)
        return Dictionary(
            rows.map { (Place(meter: $0.0, start: $0.1), $0.2) }, uniquingKeysWith: { first, _ in first })
    }
}
