package import Billing

/// An invoice as the oracle says that it has to be.
package struct Invoice: Hashable, Sendable {
    /// `period`, or `change` for what is settled at once.
    package var kind: String
    package var period: Span
    package var lines: [Line]
    /// The catalog that it was written with.
    var catalog: Int

    package var total: Int { lines.reduce(0) { $0 + $1.amount } }
}

/// The account of one subscription: what was billed so far, and how the next period is closed.
///
/// Late usage is billed by the definition: everything that was closed is rated again with what is known now and with the
/// terms that it was rated with, and what was billed is taken off.
package struct SubscriptionAccount: Sendable {
    package var holding: Holding
    package private(set) var invoices: [Invoice] = []
    /// The number of the next period; nil after the end.
    package var next: Int?
    /// Every closed period with the catalog that it was closed with.
    package private(set) var closed: [(period: Span, number: Int, catalog: Int)] = []
    /// What rules have made of it, month by month.
    package private(set) var decisions: [DecisionMade] = []
    /// Whether counts of closed days have changed since the last invoice.
    package var isLate = false
    /// What the meters without a sum came to for closed periods when they were looked at last.
    private var metered: [Int: [String: Int]] = [:]
    /// How often its plan is invoiced: every plan that it may change to is invoiced alike.
    package let periods: Rhythm

    /// - Parameter sold: the catalog when the subscription became known.
    package init(_ holding: Holding, _ sold: Sold) throws {
        self.holding = holding
        periods = Rhythm(anchor: holding.anchor, every: try sold.plan(holding.plan).invoiceEvery)
        next = try Self.first(holding, periods, sold)
    }

    /// The number of the first period; nil for who ends before it.
    private static func first(_ holding: Holding, _ periods: Rhythm, _ sold: Sold) throws -> Int? {
        let first = periods.number(of: holding.starts)
        // What is paid in advance from the start on has an invoice of its own before the first period.
        let version = try sold.plan(holding.plan).versions[try sold.version(for: holding, on: holding.starts)]
        let isPaidInAdvance = version.prices.contains { price in
            if case .flat(let flat) = price.model { flat.charged == .inAdvance } else { false }
        }
        guard !holding.isOver(on: holding.starts) else { return nil }
        return isPaidInAdvance ? first - 1 : first
    }

    // MARK: - Decisions

    /// The decision whose change has not taken effect yet.
    var announced: DecisionMade? { decisions.last { $0.status == "announced" } }
    /// The change that has not been made yet.
    var pending: Holding.Change? { holding.changes.last { $0.isPending } }
    /// When a decision last changed the plan.
    var lastDecidedChange: Day? { decisions.filter { $0.status == "applied" }.compactMap(\.takesEffect).max() }

    /// The subscription without the change that is pending.
    var certain: Holding {
        var certain = holding
        certain.changes.removeAll(where: \.isPending)
        return certain
    }

    /// What it holds by the changes that have been made.
    var settled: Holding { certain.held(on: certain.changes.last?.day ?? certain.starts) }

    mutating func note(_ made: DecisionMade) {
        decisions.append(made)
        guard let day = made.takesEffect, let target = made.target else { return }
        holding.changes.append(
            Holding.Change(day: day, plan: target, paysEvery: nil, isAtOnce: false, isPending: true))
    }

    /// Says what became of the pending change, and of the decision that announced it.
    mutating func settle(_ status: String, on day: Day) {
        if let index = decisions.lastIndex(where: { $0.status == "announced" }) {
            (decisions[index].status, decisions[index].settledOn) = (status, day)
        }
        guard let index = holding.changes.lastIndex(where: \.isPending) else { return }
        if status == "applied" { holding.changes[index].isPending = false } else { holding.changes.remove(at: index) }
    }

    // MARK: - Changes

    /// Invoices a change in the midst of a paid period whose day has come.
    mutating func settleAtOnce(_ catalogs: [Catalog], asOf: Day) throws {
        guard let change = pending, change.isAtOnce, change.day <= asOf, !holding.isOver(on: change.day) else { return }
        let before = certain
        let old = before.held(on: change.day)
        let paid = old.payments.period(of: change.day)
        let since = max(paid.start, holding.starts, before.changes.last?.day ?? paid.start)
        let charged =
            invoices.first { $0.period.end == since && $0.kind == "period" }
            ?? invoices.first { $0.period.end == since }
        func sold(_ number: Int) -> Sold { Sold(catalogs[number], number: number, in: holding.currency) }
        let counts = SubscriptionTally.none
        var credit = PeriodBill(old, sold(charged?.catalog ?? catalogs.count - 1), counts)
        try credit.settle(from: change.day, since: since, isCredit: true)
        var charge = PeriodBill(holding.held(on: change.day), sold(catalogs.count - 1), counts)
        try charge.settle(from: change.day, since: change.day, isCredit: false)
        let lines = credit.lines + charge.lines
        if !lines.isEmpty {
            invoices.append(
                Invoice(
                    kind: "change", period: Span(change.day, change.day), lines: lines, catalog: catalogs.count - 1))
        }
        settle("applied", on: asOf)
    }

    /// Begins on another plan, before anything was invoiced.
    mutating func begin(on change: Holding.Change, _ sold: Sold) throws {
        holding.changes.append(change)
        next = try Self.first(holding.held(on: holding.starts), periods, sold)
    }

    // MARK: - Periods

    /// The period with a number: the first one begins with the first billed day, and before it there is an empty one.
    package func period(_ number: Int) -> Span {
        let whole = periods.period(number)
        return Span(max(whole.start, holding.starts), max(whole.end, holding.starts))
    }

    package var open: Span? { next.map { period($0) } }

    /// Looks at the meters without a sum: where a closed period comes to something else now, it is late. One behind the end has
    /// nothing that counts; and a meter that the period's own catalog had no price of cannot change what was billed.
    package mutating func meter(_ catalogs: [Catalog], _ counts: any Counted) {
        for closed in closed where !closed.period.isEmpty && !holding.isOver(on: closed.period.start) {
            let found = quantities(of: closed.period, catalogs[closed.catalog], counts)
            let known = metered[closed.number] ?? [:]
            if found.contains(where: { (known[$0.key] ?? $0.value) != $0.value }) { isLate = true }
            metered[closed.number] = found
        }
    }

    /// What the meters without a sum come to for a period: those that its plans have prices of.
    private func quantities(of period: Span, _ catalog: Catalog, _ counts: any Counted) -> [String: Int] {
        let plans = [holding.plan] + holding.changes.map(\.plan)
        let prices = catalog.plans.filter { plans.contains($0.key) }.flatMap(\.versions).flatMap(\.prices)
        var found: [String: Int] = [:]
        for meter in catalog.meters where !meter.isPlainSum && prices.contains(where: { $0.counts(meter.key) }) {
            found[meter.key] = counts.quantity(meter, of: period)
        }
        return found
    }

    /// Closes what has ended.
    package mutating func close(asOf: Day, _ catalogs: [Catalog], _ counts: any Counted) throws {
        if next == nil, isLate, let last = closed.last { next = last.number + 1 }
        var isCorrected = false
        while let number = next, period(number).end <= asOf {
            let period = period(number)
            var lines: [Line] = []
            if !holding.isOver(on: period.start) {
                lines = try rate(period, catalogs, catalogs.count - 1, counts)
            }
            if !isCorrected, isLate {
                lines += try corrections(catalogs, counts)
            }
            isCorrected = true
            invoices.append(Invoice(kind: "period", period: period, lines: lines, catalog: catalogs.count - 1))
            closed.append((period, number, catalogs.count - 1))
            if !period.isEmpty { metered[number] = quantities(of: period, catalogs[catalogs.count - 1], counts) }
            let following = self.period(number + 1)
            next = holding.isOver(on: following.start) ? nil : number + 1
            isLate = false
        }
    }

    /// The lines of a period on all plans that are held in it.
    private func rate(
        _ period: Span, _ catalogs: [Catalog], _ catalog: Int, _ counts: any Counted
    ) throws -> [Line] {
        let sold = Sold(catalogs[catalog], number: catalog, in: holding.currency)
        guard !holding.changes.isEmpty else {
            var bill = PeriodBill(holding, sold, counts)
            try bill.write(period)
            return bill.lines
        }
        let renewed = holding.renewed(on: period.end)
        let stints = try stints(of: period, sold, counts)
        var lines: [Line] = []
        for (index, stint) in stints.enumerated() {
            var bill = PeriodBill(stint.held, stint: stint.days, sold, counts)
            let isLast = index == stints.count - 1
            try bill.write(period, isFollowed: !isLast || !stint.held.pays(as: renewed))
            lines += bill.lines
        }
        if stints.last.map({ $0.held.pays(as: renewed) }) ?? false { return lines }
        guard !holding.isOver(on: period.end) else { return lines }
        var opening = PeriodBill(renewed, sold, counts)
        try opening.write(Span(period.end, period.end))
        return lines + opening.lines
    }

    /// The plans held in a period, and before it those that are paid for with it in arrears.
    private func stints(
        of period: Span, _ sold: Sold, _ counts: any Counted
    ) throws -> [(days: Span, held: Holding)] {
        guard !period.isEmpty else { return [] }
        let last = PeriodBill(holding.held(on: period.end + -1), sold, counts)
        let start = min(period.start, last.arrears(of: period)?.had.start ?? period.start)
        return try holding.stints(of: Span(start, period.end)).filter { stint throws in
            guard stint.days.end <= period.start else { return true }
            return try sold.plan(stint.held.plan).versions.contains { version in
                version.prices.contains { price in
                    if case .flat(let flat) = price.model { flat.charged == .inArrears } else { false }
                }
            }
        }
    }

    /// What everything that was closed costs by now, less what was billed for it.
    private func corrections(_ catalogs: [Catalog], _ counts: any Counted) throws -> [Line] {
        var again: [Line] = []
        for closed in closed where !closed.period.isEmpty && !holding.isOver(on: closed.period.start) {
            for line in try rate(closed.period, catalogs, closed.catalog, counts) where line.kind != "flat" {
                var line = line
                if let index = again.firstIndex(where: { $0.cause == line.cause }) {
                    // It was discounted with the period before as well: the later invoice has its use.
                    let other = again.remove(at: index)
                    line.quantity += other.quantity
                    line.billable += other.billable
                    line.amount += other.amount
                }
                again.append(line)
            }
        }
        var corrections: [Line] = []
        for line in again {
            var correction = line
            correction.kind = "correction"
            // The invoice before the first period counts nothing, and what was settled at once stays.
            for invoice in invoices where invoice.kind == "period" && !invoice.period.isEmpty {
                for (index, billed) in invoice.lines.enumerated()
                where billed.cause == line.cause && billed.kind != "flat" {
                    correction.quantity -= billed.quantity
                    correction.billable -= billed.billable
                    correction.amount -= billed.amount
                    if billed.kind != "correction" {
                        correction.corrects = Line.Reference(end: invoice.period.end, line: index + 1)
                    }
                }
            }
            guard correction.quantity != 0 || correction.billable != 0 || correction.amount != 0 else { continue }
            corrections.append(correction)
        }
        return corrections
    }
}

extension Price {
    /// Whether it is a price of what a meter counts.
    fileprivate func counts(_ meter: String) -> Bool {
        if case .usage(let usage) = model { usage.meter == meter } else { false }
    }
}
