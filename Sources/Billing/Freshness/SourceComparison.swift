/// What a source says of past days when it is read again, beside what the books have of it.
package struct SourceComparison: Hashable, Sendable {
    /// A reading that differs.
    package struct Difference: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable, CaseIterable { case new, changed, gone }

        package var day: CivilDate
        package var key: Gap.ChannelKey
        package var meter: String
        /// In the books, in the smallest parts of the meter's unit; nil for a new one.
        package var was: Int64?
        /// As the source delivers it now; nil for one that it does not deliver any more.
        package var now: Int64?

        package init(day: CivilDate, key: Gap.ChannelKey, meter: String, was: Int64?, now: Int64?) {
            self.day = day
            self.key = key
            self.meter = meter
            self.was = was
            self.now = now
        }

        package var kind: Kind { was == nil ? .new : now == nil ? .gone : .changed }
        /// Wider than any one quantity.
        package var delta: Int128 { Int128(now ?? 0) - Int128(was ?? 0) }
    }

    /// An invoice in whose period something differs.
    package struct Invoice: Hashable, Sendable {
        /// `SUBSCRIPTION/PERIOD-END`, as invoices are named.
        package var name: String
        /// draft, finalized or voided.
        package var status: String

        package init(name: String, status: String) {
            self.name = name
            self.status = status
        }
    }

    /// What the differences of a meter come to.
    package struct Sum: Hashable, Sendable {
        package var meter: String
        package var new = 0
        package var changed = 0
        package var gone = 0
        package var delta: Int128 = 0
    }

    package var source: String
    package var window: DateRange
    /// Readings that are the same.
    package var same: Int64
    /// Rows that could not be taken in: what they are of may stand among the gone.
    package var rejected: Int64
    package var differences: [Difference]
    package var invoices: [Invoice]

    package init(
        source: String, window: DateRange, same: Int64, rejected: Int64, differences: [Difference], invoices: [Invoice]
    ) {
        self.source = source
        self.window = window
        self.same = same
        self.rejected = rejected
        self.differences = differences
        self.invoices = invoices
    }

    package var isEqual: Bool { differences.isEmpty && rejected == 0 }

    /// By meter, in the order of their keys.
    package var sums: [Sum] {
        var sums: [String: Sum] = [:]
        for difference in differences {
            var sum = sums[difference.meter] ?? Sum(meter: difference.meter)
            switch difference.kind {
            case .new: sum.new += 1
            case .changed: sum.changed += 1
            case .gone: sum.gone += 1
            }
            sum.delta += difference.delta
            sums[difference.meter] = sum
        }
        return sums.values.sorted { $0.meter < $1.meter }
    }
}
