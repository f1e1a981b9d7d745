/// A meter's total over one slice of a subscription's time (see `Slicing`).
package struct SliceTotal: Hashable, Sendable {
    /// The store's number of the meter.
    package var meter: Int32
    /// The first day of the slice.
    package var start: CivilDate
    package var quantity: Int64

    package init(meter: Int32, start: CivilDate, quantity: Int64) {
        self.meter = meter
        self.start = start
        self.quantity = quantity
    }
}

extension [SliceTotal] {
    /// What a meter counted from `start` until before `end`. Both must be boundaries of slices.
    func sum(_ meter: Int32, from start: CivilDate, to end: CivilDate, meterKey: String) throws(BillingError) -> Int64 {
        var sum: Int64 = 0
        for total in self where total.meter == meter && start <= total.start && total.start < end {
            let (next, overflow) = sum.addingReportingOverflow(total.quantity)
            guard !overflow else { throw BillingError.quantityOverflow(meter: meterKey) }
            sum = next
        }
        return sum
    }
}
