/// Closes the due periods of subscriptions: rates what has ended, and says what the invoices hold.
///
/// Due is every period that ended on or before the as-of date and has not been closed. They are closed in order of time,
/// each as if a run had taken place on the day on which it ended: so a pipeline that was down for forty days writes the
/// same invoices as one that ran every night.
///
/// A period that begins after the subscription's end is opened only for late usage: its invoice holds corrections alone.
///
/// What people have added comes last on an invoice. Discounts, minimums and corrections do not look at it: it is neither used
/// nor priced.
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
    ///   - manual: the manual lines that no invoice has taken, in order.
    package func close(
        _ subscription: Subscription, open: OpenPeriod, asOf: CivilDate, totals: [SliceTotal],
        history: ClosedHistory? = nil, manual: [ManualLine] = [], into outcome: inout CloseOutcome
    ) throws(BillingError) {
        outcome.removeAll()
        outcome.next = open
        var history = history
        var manual = manual
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
            let next = try catalog.openPeriod(of: subscription, number: Int(due.number) + 1)
            if !manual.isEmpty { manual.bill(on: due.period, isLast: next == nil, into: &outcome.lines) }
            guard outcome.lines.count - firstLine <= Int(Int16.max) else {
                throw BillingError.tooManyLines(period: due.period)
            }
            outcome.periods.append(
                ClosedPeriod(
                    number: due.number, period: due.period, total: try Self.total(outcome.lines[firstLine...]),
                    lines: firstLine..<outcome.lines.count))
            outcome.next = next
        }
    }

    /// Rates a period on each plan that is held in it. Where another one follows, what that takes in advance stands on the
    /// same invoice.
    ///
    ///     period          04-10 ─────────────────────── 05-10
    ///     plans           standard ─ 04-20 ─ professional ─── enterprise
    ///     lines           ├─ usage ──┤├────── usage ─────┤├─ in advance …
    private func rate(
        _ period: DateRange, of subscription: Subscription, _ catalog: RatingCatalog, _ totals: [SliceTotal],
        since: CivilDate?, into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        guard !subscription.changes.isEmpty else {
            var rating = try PeriodRating(catalog, subscription, totals: totals, since: since)
            return try rating.rate(period, into: &lines)
        }
        let next = subscription.renewed(on: period.end)
        let ends = subscription.hasEnded(by: period.end)
        let stints = try stints(of: period, subscription, catalog)
        for (index, stint) in stints.enumerated() {
            var rating = try PeriodRating(catalog, stint.held, stint: stint.days, totals: totals, since: since)
            // Only the last one is asked what comes next.
            let isLastOfPlan = index < stints.count - 1 || !stint.held.pays(as: next)
            try rating.rate(period, isLastOfPlan: isLastOfPlan, into: &lines)
        }
        if let last = stints.last, last.held.pays(as: next) { return }
        guard !ends else { return }
        var opening = try PeriodRating(catalog, next, totals: totals, since: since)
        try opening.rate(.empty(at: period.end), into: &lines)
    }

    /// The plans that have lines on the invoice of a period: those held in it, and those held since the beginning of what is
    /// paid in arrears with it.
    private func stints(
        of period: DateRange, _ subscription: Subscription, _ catalog: RatingCatalog
    ) throws(BillingError) -> [Subscription.Stint] {
        guard let lastDay = period.end.adding(days: -1), !period.isEmpty else { return [] }
        let last = try PeriodRating(catalog, subscription.held(on: lastDay), totals: [], since: nil)
        let charged = try last.paidInArrears(period)?.charged.start ?? period.start
        var stints = subscription.stints(of: DateRange(ordered: min(charged, period.start), period.end))
        // Of a plan that was left before the period began only what is paid in arrears is left to charge.
        if charged < period.start {
            stints.removeAll {
                $0.days.end <= period.start && catalog.plans[$0.held.plan]?.hasArrearsPrices != true
            }
        }
        return stints
    }

    /// What a change of plan in the midst of a paid period comes to at once: what was paid in advance for the rest of it is
    /// credited, and the new plan's price is charged for the same days. Use, and what is paid in arrears, stands on the
    /// invoice with which the period ends.
    ///
    /// - Parameters:
    ///   - change: one of the subscription's, on a day of a paid period that has been invoiced.
    ///   - subscription: with its changes up to this one.
    ///   - chargedBy: the catalog that the old plan was charged by; nil for the one in use.
    /// - Returns: no lines where nothing is prorated.
    package func settle(
        _ change: Subscription.Change, of subscription: Subscription, chargedBy: Int32? = nil
    ) throws(BillingError) -> (lines: [InvoiceLine], total: Int64) {
        let before = Self.before(change, subscription)
        var after = before
        after.changes.append(change)
        let (old, new) = (before.held(on: change.day), after.held(on: change.day))
        let since = try chargedSince(change, of: subscription)
        var lines: [InvoiceLine] = []
        // What was paid is given back, whatever the catalog says by now.
        let charging = chargedBy.flatMap { catalogs[$0] } ?? catalog
        var credits = try PeriodRating(charging, old, totals: [], since: nil)
        try credits.credit(from: change.day, chargedSince: since, into: &lines)
        var charges = try PeriodRating(catalog, new, totals: [], since: nil)
        try charges.charge(from: change.day, into: &lines)
        return (lines, try Self.total(lines))
    }

    /// The day from which on the paid period around a change was charged on the plan before it: the date of that invoice.
    package func chargedSince(
        _ change: Subscription.Change, of subscription: Subscription
    ) throws(BillingError) -> CivilDate {
        let before = Self.before(change, subscription)
        let paid = try before.held(on: change.day).paidPeriods.period(containing: change.day)
        return max(paid.start, subscription.starts, before.changes.last?.day ?? paid.start)
    }

    private static func before(_ change: Subscription.Change, _ subscription: Subscription) -> Subscription {
        var before = subscription
        before.changes = Array(subscription.changes.prefix { $0 != change })
        return before
    }

    private static func total(_ lines: some Sequence<InvoiceLine>) throws(BillingError) -> Int64 {
        var total: Int64 = 0
        for line in lines {
            let (sum, overflow) = total.addingReportingOverflow(line.amount)
            guard !overflow else { throw BillingError.amountOverflow(price: "invoice total") }
            total = sum
        }
        return total
    }

    /// The first day from which there must be totals and closed periods when the usage of `day` has changed after its
    /// close: as `RatingCatalog.allowanceStart`, for all catalogs that a closed period may have been rated with. An earlier
    /// catalog may have counted over a longer allowance period than the one in force.
    package func historyStart(of subscription: Subscription, on day: CivilDate) throws(BillingError) -> CivilDate {
        var start = day
        while true {
            var earliest = start
            for catalog in catalogs.values {
                guard subscription.plans.contains(where: { catalog.plans[$0] != nil }) else { continue }
                earliest = min(earliest, try catalog.allowanceStart(of: subscription, on: start))
            }
            if earliest == start { return start }
            start = earliest
        }
    }

    /// What the invoice of the next period that is closed will correct, as `close` does.
    ///
    /// - Parameter totals: every slice from where the history begins.
    package func corrections(
        of subscription: Subscription, history: ClosedHistory, totals: [SliceTotal]
    ) throws(BillingError) -> [InvoiceLine] {
        var lines: [InvoiceLine] = []
        try correct(subscription, history, totals, into: &lines)
        return lines
    }

    /// Rates the closed periods of the history again, each with the catalog that it was rated with, and adds the
    /// differences to what was billed as lines of their own.
    private func correct(
        _ subscription: Subscription, _ history: ClosedHistory, _ totals: [SliceTotal], into lines: inout [InvoiceLine]
    ) throws(BillingError) {
        // Two invoices may have lines of one price and service: what is paid in advance is discounted with the period before.
        // They are one service, whose use stands on the later of them, so that is what is corrected.
        var again: [(line: InvoiceLine, catalog: RatingCatalog)] = []
        for closed in history.periods where !subscription.hasEnded(by: closed.period.start) {
            guard let catalog = catalogs[closed.catalog] else {
                throw BillingError.unknownPlan(id: subscription.plan)
            }
            var rated: [InvoiceLine] = []
            try rate(closed.period, of: subscription, catalog, totals, since: nil, into: &rated)
            // What does not depend on use stands as it was billed.
            for line in rated where line.kind != .flat {
                var line = line
                if let index = again.firstIndex(where: {
                    $0.line.price == line.price && $0.line.service == line.service
                }) {
                    try line.add(again.remove(at: index).line)
                }
                again.append((line, catalog))
            }
        }
        for (line, catalog) in again {
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

extension InvoiceLine {
    /// Adds what another line of the same price and service bills.
    fileprivate mutating func add(_ other: InvoiceLine) throws(BillingError) {
        let (quantity, quantityOverflow) = quantity.addingReportingOverflow(other.quantity)
        let (billable, billableOverflow) = billable.addingReportingOverflow(other.billable)
        let (amount, amountOverflow) = amount.addingReportingOverflow(other.amount)
        guard !quantityOverflow, !billableOverflow, !amountOverflow else {
            throw BillingError.quantityOverflow(meter: "late usage")
        }
        (self.quantity, self.billable, self.amount) = (quantity, billable, amount)
    }
}
