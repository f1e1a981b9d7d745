import Billing
import Postgres

/// What readings change of the totals, slice by slice.
struct ChangedSlices {
    /// The change of one total.
    struct Change {
        var customerID: Int64
        var subscriptionID: Int64
        var meterID: Int32
        var start: CivilDate
        /// In a wider type than the total's.
        var quantity: Int128

        private var key: (Int64, Int64, Int32, Int32) { (customerID, subscriptionID, meterID, start.daysSince1970) }

        func isBefore(_ other: Change) -> Bool { key < other.key }
        func isOfSlice(of other: Change) -> Bool { key == other.key }
    }

    private var changes: [Change] = []

    /// - Parameter quantity: by how much the reading differs from what was known of it.
    mutating func add(_ row: ReadingStore.Row, _ quantity: Int128) {
        guard let start = row.sliceStart else { return }
        append(
            Change(
                customerID: row.customerID, subscriptionID: row.subscriptionID, meterID: row.meterID, start: start,
                quantity: quantity))
    }

    private mutating func append(_ change: Change) {
        if let last = changes.last, last.isOfSlice(of: change) {
            changes[changes.count - 1].quantity += change.quantity
        } else {
            changes.append(change)
        }
    }

    /// One a slice, in the order of the totals' key; nil where one leaves the type of a total.
    var inOrder: [(change: Change, quantity: Int64)]? {
        var folded = ChangedSlices()
        for change in changes.sorted(by: { $0.isBefore($1) }) { folded.append(change) }
        let fitting = folded.changes.compactMap { change in
            Int64(exactly: change.quantity).map { (change: change, quantity: $0) }
        }
        return fitting.count == folded.changes.count ? fitting : nil
    }
}
