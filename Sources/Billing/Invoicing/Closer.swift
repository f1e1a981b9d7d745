/// Closes the due periods of subscriptions: rates what has ended, and says what the invoices hold.
///
/// Due is every period that ended on or before the as-of date and has not been closed. They are closed in order of time,
/// each as if a run had taken place on the day on which it ended: so a pipeline that was down for forty days writes the
/// same invoices as one that ran every night.
///
/// A period that begins after the subscription's end is opened only for late usage: its invoice holds corrections alone.
///
/// A period is cut where a version of the plan takes effect in it, and each part is rated with its own version:
///
///     period          01-10 ─────────────────── 02-10
///     plan version    limit 60,000 ──── 02-01 ── limit 12,000, 0.10 beyond it
///     lines           ├── counted ──────┤├─ usage ┤
package struct Closer: Sendable {
    /// The version of the rules by which amounts are computed. A change that would alter a past amount raises it, and the
    /// old behaviour stays callable.
    package static let engineVersion: Int16 = 1

    /// What new periods are rated with.
    private let catalog: RatingCatalog
    /// What earlier periods were rated with, by the store's number.
    private let catalogs: [Int32: RatingCatalog]
    /// The plans whose quantities have to be totalled before they can be rated.
    private let metered: Set<Int32>

    package init(catalog: RatingCatalog, earlier: [RatingCatalog] = []) {
        self.catalog = catalog
        catalogs = Dictionary((earlier + [catalog]).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        metered = Set(WindowMeters(earlier + [catalog]).plans)
    }

    /// Whether a subscription of this plan can be rated only when the meter step has totalled its due periods.
    package func needsMetering(_ plan: Int32) -> Bool { metered.contains(plan) }

    /// Closes what is due, into `outcome` (which is emptied first and reused, so that a million subscriptions cost no
    /// allocation each).
    ///
    /// - Parameters:
    ///   - totals: every slice from `open.countsFrom`, and with a history from where that begins, until the as-of date.
    ///   - history: what was billed for closed periods that have seen late usage since; nil when there is none.
    package func close(
        _ subscription: Subscription, open: OpenPeriod, asOf: CivilDate, totals: [SliceTotal],
        history: ClosedHistory? = nil, into outcome: inout CloseOutcome
    ) throws(BillingError) {
        outcome.removeAll()
        outcome.next = open
        var history = history
        // With a history the totals reach back further than the open period asked for.
        let since = history == nil ? open.countsFrom : nil
        while let due = outcome.next, due.period.end <= asOf {
            let firstLine = outcome.lines.count
            if !subscription.hasEnded(by: due.period.start) {
                try rate(due.period, of: subscription, catalog, totals, since: since, into: &outcome.lines)
            }
            if let past = history {
                try correct(subscription, past, totals, into: &outcome.lines)
                history = nil
            }
            guard outcome.lines.count - firstLine <= Int(Int16.max) else {
                throw BillingError.tooManyLines(period: due.period)
            }
            var total: Int64 = 0
            for line in outcome.lines[firstLine...] {
                let (sum, overflow) = total.addingReportingOverflow(line.amount)
                guard !overflow else { throw BillingError.amountOverflow(price: "invoice total") }
                total = sum
            }
            outcome.periods.append(
                ClosedPeriod(
                    number: due.number, period: due.period, total: total, lines: firstLine..<outcome.lines.count))
            outcome.next = try catalog.openPeriod(of: subscription, number: Int(due.number) + 1)
        }
    }

    /// Rates a period on the plan that is held in it. Where another one follows, what that takes in advance stands on the
    /// same invoice.
    private func rate(
        _ period: DateRange, of subscription: Subscription, _ catalog: RatingCatalog, _ totals: [SliceTotal],
        since: CivilDate?, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard !subscription.changes.isEmpty else {
            var rating = try PeriodRating(catalog, subscription, totals: totals, since: since)
            return try rating.rate(period, into: &lines)
        }
        let (held, next) = (subscription.held(on: period.start), subscription.held(on: period.end))
        let isLast = held.plan != next.plan
        var rating = try PeriodRating(catalog, held, totals: totals, since: since)
        try rating.rate(period, isLastOfPlan: isLast, into: &lines)
        guard isLast, !subscription.hasEnded(by: period.end) else { return }
        var opening = try PeriodRating(catalog, next, totals: totals, since: since)
        try opening.rate(.empty(at: period.end), into: &lines)
    }

    /// The first day from which there must be totals and closed periods when the usage of `day` has changed after its
    /// close: as `RatingCatalog.allowanceStart`, for all catalogs that a closed period may have been rated with. An earlier
    /// catalog may have counted over a longer allowance period than the one in force.
    package func historyStart(of subscription: Subscription, on day: CivilDate) throws(BillingError) -> CivilDate {
        var start = day
        while true {
            var earliest = start
            for catalog in catalogs.values {
                let held = [subscription.plan] + subscription.changes.map(\.plan)
                guard held.contains(where: { catalog.plans[$0] != nil }) else { continue }
                earliest = min(earliest, try catalog.allowanceStart(of: subscription, on: start))
            }
            if earliest == start { return start }
            start = earliest
        }
    }

    /// Rates the closed periods of the history again, each with the catalog that it was rated with, and adds the
    /// differences to what was billed as lines of their own.
    private func correct(
        _ subscription: Subscription, _ history: ClosedHistory, _ totals: [SliceTotal], into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        var again: [InvoiceLine] = []
        for closed in history.periods where !subscription.hasEnded(by: closed.period.start) {
            guard let catalog = catalogs[closed.catalog] else {
                throw BillingError.unknownPlan(id: subscription.plan)
            }
            again.removeAll(keepingCapacity: true)
            try rate(closed.period, of: subscription, catalog, totals, since: nil, into: &again)
            // What does not depend on use stands as it was billed.
            for line in again where line.kind != .flat {
                guard
                    let billed = history.billed.first(where: { $0.price == line.price && $0.service == line.service })
                else { throw BillingError.unknownBilling(price: catalog.priceKey(line.price), service: line.service) }
                let (quantity, quantityOverflow) = line.quantity.subtractingReportingOverflow(billed.quantity)
                let (billable, billableOverflow) = line.billable.subtractingReportingOverflow(billed.billable)
                let (amount, amountOverflow) = line.amount.subtractingReportingOverflow(billed.amount)
                guard !quantityOverflow, !billableOverflow, !amountOverflow else {
                    throw BillingError.quantityOverflow(meter: "late usage")
                }
                guard quantity != 0 || billable != 0 || amount != 0 else { continue }
                lines.append(
                    InvoiceLine(
                        kind: .correction, price: line.price, service: line.service, quantity: quantity,
                        before: line.before, threshold: line.threshold, billable: billable, amount: amount,
                        corrects: billed.original))
            }
        }
    }
}
