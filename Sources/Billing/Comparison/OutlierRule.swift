/// Which invoices differ so much from the ones before that a person should look at them before they go out.
///
/// An invoice of a period is compared with the median of the latest ones of its subscription that are like it: those with a
/// recurring price where it has one, and those without where it has none, so that whoever pays by the year is not found
/// each month. Never found are a first invoice, one of a change, and whatever differs by less than an amount.
package struct OutlierRule: Hashable, Sendable {
    /// How many times the median a total may be; and how many times as much as the total the median may be.
    package var factor: Int64
    /// What is less than this is not worth a look, in whole units of the currency.
    package var least: Int64
    /// How many invoices to take the median of, at most.
    package var history: Int64

    package static let factors: ClosedRange<Int64> = 2...1_000
    package static let amounts: ClosedRange<Int64> = 0...1_000_000_000
    package static let histories: ClosedRange<Int64> = 1...24

    package init(factor: Int64 = 3, least: Int64 = 50, history: Int64 = 6) {
        self.factor = factor
        self.least = least
        self.history = history
    }

    /// Nil for an invoice as one would expect it.
    package func judge(_ invoice: RunInvoice) -> Outlier? {
        guard invoice.kind == .period, invoice.earlier > 0 else { return nil }
        let bound = Int128(least) * Int128(invoice.currency.minorUnits)
        let total = Int128(invoice.total)
        func outlier(_ reason: Outlier.Reason, _ twice: Int128?) -> Outlier? {
            let usual = twice ?? 2 * Int128(invoice.before ?? 0)
            guard (2 * total - usual).magnitude >= (2 * bound).magnitude else { return nil }
            return Outlier(invoice: invoice, reason: reason, twiceMedian: twice)
        }
        guard let twice = Self.twiceMedian(invoice.alike) else {
            if invoice.parts.hasRecurring { return total > 0 ? outlier(.appeared, nil) : nil }
            // After one invoice nobody can tell that it will be on each of them, and the end of a subscription is known.
            return invoice.earlier > 1 && !invoice.isLast ? outlier(.vanished, nil) : nil
        }
        if total != 0, invoice.alike.allSatisfy({ $0 == 0 }) { return outlier(.appeared, twice) }
        if total == 0, invoice.alike.allSatisfy({ $0 > 0 }) { return outlier(.vanished, twice) }
        if total < 0, twice > 0 { return outlier(.credit, twice) }
        guard total >= 0, twice >= 0 else { return nil }
        if 2 * total > Int128(factor) * twice { return outlier(.rose, twice) }
        if 2 * total * Int128(factor) < twice { return outlier(.fell, twice) }
        return nil
    }

    /// Twice the median, which is whole also between two amounts; nil of nothing.
    static func twiceMedian(_ amounts: [Int64]) -> Int128? {
        guard !amounts.isEmpty else { return nil }
        let sorted = amounts.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? Int128(sorted[middle - 1]) + Int128(sorted[middle]) : 2 * Int128(sorted[middle])
    }
}

/// An invoice that a person should look at.
package struct Outlier: Hashable, Sendable {
    package var invoice: RunInvoice
    package var reason: Reason
    /// Twice the median of those like it, in minor units; nil where none is.
    package var twiceMedian: Int128?

    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// A charge where there was none.
        case appeared = "new"
        /// Nothing, or no recurring price, where there always was.
        case vanished = "missing"
        /// A credit where there were charges.
        case credit
        case rose
        case fell
    }

    package init(invoice: RunInvoice, reason: Reason, twiceMedian: Int128?) {
        self.invoice = invoice
        self.reason = reason
        self.twiceMedian = twiceMedian
    }

    /// The median, in minor units; half a unit is rounded away from zero. Nil where there is none.
    package var median: Int128? {
        twiceMedian.map { ($0 + $0.signum()) / 2 }
    }

    /// How many times the median the total is, in tenths, rounded half up; nil of nothing or a credit.
    package var tenths: Int128? {
        guard let twice = twiceMedian, twice > 0, invoice.total >= 0 else { return nil }
        return (2 * 20 * Int128(invoice.total) + twice) / (2 * twice)
    }

    /// Against what is usual, or what came last where nothing is, twice, in minor units.
    fileprivate var twiceDifference: UInt128 {
        (2 * Int128(invoice.total) - (twiceMedian ?? 2 * Int128(invoice.before ?? 0))).magnitude
    }
}

extension Outlier: Comparable {
    /// The larger difference first, and then by name, so that the order is one.
    package static func < (one: Self, other: Self) -> Bool {
        let (left, right) = (one.twiceDifference, other.twiceDifference)
        guard left == right else { return left > right }
        return (one.invoice.subscription, one.invoice.date) < (other.invoice.subscription, other.invoice.date)
    }
}
