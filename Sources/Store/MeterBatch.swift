package import Billing
package import Postgres
import SQL

/// Totals the meters that are no running sums, batch after batch: one quantity for each billing period that has ended.
///
/// A batch is one transaction: it reads some subscriptions with what their accounts counted, computes every quantity anew,
/// and writes those that differ, with how far the totals are right now. So running it again changes nothing, a kill leaves
/// whole batches, and memory holds one. A total of a closed period that changes becomes late usage.
package final class MeterBatch {
    /// What all batches of a run have in common.
    package struct Terms: Sendable {
        package var asOf: CivilDate
        package var runID: Int64
        package var watermark: Int64
        package var catalog: RatingCatalog
        package var meters: WindowMeters

        package init(
            asOf: CivilDate, runID: Int64, watermark: Int64, catalog: RatingCatalog, meters: WindowMeters
        ) {
            self.asOf = asOf
            self.runID = runID
            self.watermark = watermark
            self.catalog = catalog
            self.meters = meters
        }
    }

    /// What batches have done; they add up.
    package struct Tally: Hashable, Sendable {
        package var subscriptions: Int64 = 0
        package var totals: Int64 = 0
        /// Of them those of closed periods.
        package var late: Int64 = 0
        /// Subscriptions that could not be totalled: the close holds them.
        package var failed: Int64 = 0
        /// Whether some have more periods to come than one batch takes.
        package var isPartial = false

        package init() {}

        package static func += (left: inout Tally, right: Tally) {
            left.subscriptions += right.subscriptions
            left.totals += right.totals
            left.late += right.late
            left.failed += right.failed
            left.isPartial = left.isPartial || right.isPartial
        }
    }

    private let connection: Connection
    private let terms: Terms
    private let plans: [Int32]
    private static let size: Int64 = 500
    /// Billing periods of a subscription that one batch takes: a long time is totalled in parts.
    private static let mostPeriods = 12

    package init(_ connection: Connection, terms: Terms) throws {
        self.connection = connection
        self.terms = terms
        plans = terms.meters.plans
        try connection.makeRoom(.createLandedTotal)
    }

    /// How many subscriptions have something to total.
    package func count() throws -> Int64 {
        try connection.first(Query(.countUnmetered, terms.asOf, plans), as: Int64.self) ?? 0
    }

    private struct Due {
        var request: WindowReader.Request
        /// All that it has held and is about to.
        var plans: [Int32]
        var meters: [RatingMeter]
        var periods: [RatingCatalog.MeteredPeriod]
        var until: CivilDate
        var due: CivilDate?
    }

    /// Totals the next batch behind `place`; nil when there was none.
    package func total(after place: CloseBatch.Place) throws -> (tally: Tally, place: CloseBatch.Place)? {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            let rows = try connection.query(
                Query(
                    .listUnmetered, terms.asOf, place.customer, place.subscription, plans, Self.size, terms.runID),
                as: Int64.self, Int64.self, Int32.self, CivilDate.self, CivilDate.self, CivilDate.self, CivilDate?.self,
                CivilDate.self, Bool?.self, [Int32].self)
            guard let last = rows.last else { return nil }
            // As in the close: the lock on the books hangs on another session.
            guard last.8 == true else { throw StoreError.claimLost }
            var tally = Tally()
            var dues: [Due] = []
            for (customer, subscription, plan, anchor, starts, signedUp, ends, until, _, plans) in rows {
                let terms = Subscription(
                    plan: plan, anchor: anchor, starts: starts, signedUp: signedUp, paysEvery: .month, ends: ends)
                if let due = due(terms, plans, customer, subscription, until) {
                    dues.append(due)
                } else {
                    tally.failed += 1
                }
            }
            try write(dues, &tally)
            return (tally, CloseBatch.Place(customer: last.0, subscription: last.1))
        }
    }

    /// Nil where the subscription's periods cannot be told: it keeps its place, and the close holds it.
    ///
    /// - Parameter plans: all that it has held and is about to: a period is rated on each that is held in it.
    private func due(
        _ subscription: Subscription, _ plans: [Int32], _ customerID: Int64, _ subscriptionID: Int64, _ until: CivilDate
    ) -> Due? {
        let meters = terms.meters.ofPlans(plans)
        guard
            let (periods, done, next) = try? terms.catalog.meteredPeriods(
                of: subscription, meters: meters, after: until, asOf: terms.asOf, limit: Self.mostPeriods)
        else { return nil }
        return Due(
            request: WindowReader.Request(
                customerID: customerID, subscriptionID: subscriptionID,
                windows: Array(Set(periods.flatMap(\.windows)))),
            plans: plans, meters: meters, periods: periods, until: done, due: next)
    }

    private func write(_ dues: [Due], _ tally: inout Tally) throws {
        let windows = try WindowReader(connection, meters: terms.meters.all).read(dues.map(\.request))
        var totals = CopyBuffer()
        var progress: (customers: [Int64], subscriptions: [Int64], until: [PGDate], due: [PGDate?]) = ([], [], [], [])
        var starts: (first: CivilDate, last: CivilDate)?
        for due in dues {
            guard let quantities = try quantities(due, windows) else {
                tally.failed += 1
                continue
            }
            for (meter, period, quantity) in quantities {
                totals.row(fields: 6)
                totals.int64(due.request.customerID)
                totals.int64(due.request.subscriptionID)
                totals.int32(meter)
                totals.date(period.start.daysSince1970)
                totals.date(period.end.daysSince1970)
                totals.int64(quantity)
                starts = (
                    min(starts?.first ?? period.start, period.start), max(starts?.last ?? period.start, period.start)
                )
            }
            progress.customers.append(due.request.customerID)
            progress.subscriptions.append(due.request.subscriptionID)
            progress.until.append(PGDate(due.until))
            progress.due.append(due.due.map(PGDate.init))
            tally.subscriptions += 1
            if let next = due.due, next <= terms.asOf { tally.isPartial = true }
        }
        if let starts {
            // Only the months in which a period begins.
            for month in Set(dues.flatMap { $0.periods.map(\.period.start.startOfMonth) }).sorted() {
                guard let after = month.adding(days: 1) else { continue }
                _ = try connection.query(Query(.ensureMonths, "usage_total", month, after), as: Int32.self)
            }
            _ = try connection.execute(Query(.clearLandedTotal))
            _ = try connection.copyIn(Query(.copyLandedTotal), totals)
            try apply(dues, from: starts.first, to: starts.last, &tally)
        }
        if !progress.customers.isEmpty {
            _ = try connection.execute(
                Query(
                    .moveMeterProgress, progress.customers, progress.subscriptions, progress.until, progress.due))
        }
    }

    /// Writes the totals that have landed where they differ. One of a closed period is late where that period's own catalog had a
    /// price of its meter: what only a later one looks at was never billed, and is not corrected either.
    private func apply(_ dues: [Due], from first: CivilDate, to last: CivilDate, _ tally: inout Tally) throws {
        let plans = Dictionary(dues.map { ($0.request.subscriptionID, $0.plans) }) { first, _ in first }
        var late: (customers: [Int64], subscriptions: [Int64], meters: [Int32], starts: [PGDate]) = ([], [], [], [])
        let rows = try connection.query(
            Query(.applyWindowTotals, terms.watermark, first, last),
            as: Int64.self, Int64?.self, Int64?.self, Int32?.self, CivilDate?.self, Int32?.self)
        tally.totals += rows.first?.0 ?? 0
        for case (_, let customer?, let subscription?, let meter?, let start?, let catalog?) in rows
        where terms.meters.isPriced(meter, on: plans[subscription] ?? [], in: catalog) {
            late.customers.append(customer)
            late.subscriptions.append(subscription)
            late.meters.append(meter)
            late.starts.append(PGDate(start))
        }
        guard !late.starts.isEmpty else { return }
        tally.late += try Int64(
            connection.execute(
                Query(
                    .insertLateTotals, late.customers, late.subscriptions, late.meters, late.starts, terms.watermark)))
    }

    /// Nil when one of them cannot be computed.
    private func quantities(
        _ due: Due, _ windows: Windows
    ) throws -> [(meter: Int32, period: DateRange, quantity: Int64)]? {
        var quantities: [(meter: Int32, period: DateRange, quantity: Int64)] = []
        for period in due.periods {
            for (meter, window) in zip(due.meters, period.windows) {
                let input = try windows.input(due.request, meter, window)
                guard let quantity = try? meter.definition.quantity(of: input).quantity else { return nil }
                quantities.append((meter.id, period.period, quantity))
            }
        }
        return quantities
    }
}
