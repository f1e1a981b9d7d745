package import Billing

/// An invoice as the oracle says that it has to be.
package struct Invoice: Hashable, Sendable {
    /// `period`, or `change` for what is settled at once.
    package var kind: String
    package var period: Span
    package var lines: [Line]

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
        let first = periods.number(of: holding.starts)
        // What is paid in advance from the start on has an invoice of its own before the first period.
        let version = try sold.plan(holding.plan).versions[try sold.version(for: holding, on: holding.starts)]
        let isPaidInAdvance = version.prices.contains { price in
            if case .flat(let flat) = price.model { flat.charged == .inAdvance } else { false }
        }
        guard !holding.isOver(on: holding.starts) else { return }
        next = isPaidInAdvance ? first - 1 : first
    }

    /// The period with a number: the first one begins with the first billed day, and before it there is an empty one.
    package func period(_ number: Int) -> Span {
        let whole = periods.period(number)
        return Span(max(whole.start, holding.starts), max(whole.end, holding.starts))
    }

    package var open: Span? { next.map { period($0) } }

    /// Looks at the meters without a sum: where a closed period comes to something else now, it is late.
    package mutating func meter(_ catalogs: [Catalog], _ counts: any Counted) {
        for closed in closed where !closed.period.isEmpty {
            let found = quantities(of: closed.period, catalogs, counts)
            if metered[closed.number] != found { isLate = true }
            metered[closed.number] = found
        }
    }

    /// What the meters without a sum that its plans have prices of come to for a period, where that is not nothing.
    private func quantities(of period: Span, _ catalogs: [Catalog], _ counts: any Counted) -> [String: Int] {
        let plans = [holding.plan] + holding.changes.map(\.plan)
        var found: [String: Int] = [:]
        for catalog in catalogs {
            let prices = catalog.plans.filter { plans.contains($0.key) }.flatMap(\.versions).flatMap(\.prices)
            for meter in catalog.meters where !meter.isPlainSum && found[meter.key] == nil {
                guard prices.contains(where: { $0.counts(meter.key) }) else { continue }
                found[meter.key] = counts.quantity(meter, of: period)
            }
        }
        return found.filter { $0.value != 0 }
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
            invoices.append(Invoice(kind: "period", period: period, lines: lines))
            closed.append((period, number, catalogs.count - 1))
            if !period.isEmpty { metered[number] = quantities(of: period, catalogs, counts) }
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
                if let index = again.firstIndex(where: { $0.cause == line.cause }) {
                    again[index].quantity += line.quantity
                    again[index].billable += line.billable
                    again[index].amount += line.amount
                } else {
                    again.append(line)
                }
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
                    if billed.kind != "correction", correction.corrects == nil {
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
