/// What closing a subscription's due periods came to: a value that the store carries out and a test compares.
package struct CloseOutcome: Hashable, Sendable {
    /// In order of time.
    package var periods: [ClosedPeriod] = []
    /// The lines of all these periods' invoices, invoice after invoice.
    package var lines: [InvoiceLine] = []
    /// The period that is open now; nil when the subscription has ended.
    package var next: OpenPeriod?

    package init() {}

    package mutating func removeAll() {
        periods.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        next = nil
    }
}

/// A period that has been rated and frozen, with its invoice's total.
package struct ClosedPeriod: Hashable, Sendable {
    package var number: Int32
    package var period: DateRange
    /// Minor units; the sum of the invoice's lines. Negative when credits outweigh charges.
    package var total: Int64
    /// Where the invoice's lines stand in the outcome.
    package var lines: Range<Int>
}

/// One line of an invoice, with what it was computed from.
///
/// The arithmetic itself is not kept: it follows from these inputs and the price by the same pure function, whenever
/// someone asks.
package struct InvoiceLine: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        /// A flat price for one period that the subscription pays for.
        case flat = 1
        /// Usage against an allowance.
        case usage = 2
        /// The difference that late usage made to a line that was billed before.
        case correction = 3
        /// What an allowance period lacks to the least that it costs.
        case minimum = 4
        case discount = 5
        /// What a person has added, apart from all prices.
        case manual = 6
    }

    package var kind: Kind
    /// The store's number of the price; 0 for a manual line, which has none.
    package var price: Int32
    /// When the service happened.
    package var service: DateRange
    /// Usage: what was counted in the service period. Correction: by how much that changed. Flat: 1.
    package var quantity: Int64
    /// Usage: what had been counted in the allowance period before the service period. Minimum: what the allowance period
    /// cost without it, in minor units. Discount: what the discounted lines come to, in minor units.
    package var before: Int64
    /// Usage: the count beyond which units are charged. Minimum: the least that the allowance period costs, in minor units.
    package var threshold: Int64
    /// Units beyond the threshold; in a correction the change of them.
    package var billable: Int64
    /// Minor units.
    package var amount: Int64
    /// The line that a correction corrects.
    package var corrects: LineReference?
    /// Which of the subscription's manual lines it is; nil for any other line.
    package var manual: Int32?

    package init(
        kind: Kind, price: Int32, service: DateRange, quantity: Int64, before: Int64, threshold: Int64, billable: Int64,
        amount: Int64, corrects: LineReference?, manual: Int32? = nil
    ) {
        self.kind = kind
        self.price = price
        self.service = service
        self.quantity = quantity
        self.before = before
        self.threshold = threshold
        self.billable = billable
        self.amount = amount
        self.corrects = corrects
        self.manual = manual
    }
}

/// A line of another invoice of the same subscription: the end of that invoice's period, and the line's number on it.
package struct LineReference: Hashable, Sendable {
    package var periodEnd: CivilDate
    /// From 1.
    package var line: Int16

    package init(periodEnd: CivilDate, line: Int16) {
        self.periodEnd = periodEnd
        self.line = line
    }
}

extension CloseOutcome {
    /// What must be true of every outcome: periods meet in order, each invoice's lines are its own and sum to its total.
    package func checkInvariants() -> Bool {
        var line = 0
        var end: CivilDate?
        for closed in periods {
            guard closed.lines.lowerBound == line, closed.lines.upperBound <= lines.count else { return false }
            guard end == nil || end == closed.period.start else { return false }
            var sum: Int64 = 0
            for index in closed.lines {
                let (next, overflow) = sum.addingReportingOverflow(lines[index].amount)
                guard !overflow, (lines[index].kind == .correction) == (lines[index].corrects != nil),
                    (lines[index].kind == .manual) == (lines[index].manual != nil)
                else { return false }
                sum = next
            }
            guard sum == closed.total else { return false }
            line = closed.lines.upperBound
            end = closed.period.end
        }
        guard let next else { return line == lines.count }
        return line == lines.count && (end == nil || end == next.period.start)
    }
}
