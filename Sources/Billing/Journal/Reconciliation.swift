/// Whether the books agree with themselves: what came in, what is stored, what was totalled and what was billed.
package struct Reconciliation: Hashable, Sendable {
    /// Rows that all pulls of readings delivered, and what became of them.
    package var rowsRead: Int64
    package var rowsNew: Int64
    package var rowsChanged: Int64
    package var rowsRejected: Int64
    /// Unchanged, repeated, merged into the reading of their day, or outside the window.
    package var rowsOther: Int64
    /// Readings stored now, and readings that were restated.
    package var readings: Int64
    package var superseded: Int64
    /// The sum of all readings stored now of which a running total is kept.
    package var quantity: Int64
    package var meters: [MeterBalance]
    /// Totals of closed periods that changed after their close and wait for the next one.
    package var lateTotals: Int64
    /// Whatever does not agree; none is expected. At most as many as were asked for.
    package var differences: [Difference]

    /// Where the usage of one meter has gone; the parts make the total.
    package struct MeterBalance: Hashable, Sendable {
        package var meter: String
        /// Whether the pulls keep its totals; if not, it has one quantity for each billing period.
        package var isRunning: Bool
        package var total: Int64
        /// Charged on invoices.
        package var billed: Int64
        /// On invoices, within allowances.
        package var included: Int64
        /// In periods that are not closed yet.
        package var open: Int64
        /// Changed after its period was closed, and not billed yet.
        package var late: Int64
        /// Before the first day that Meterbook bills.
        package var beforeStart: Int64
        /// After the subscription's end.
        package var afterEnd: Int64
        /// In closed periods, without a price for the meter.
        package var unpriced: Int64

        package init(
            meter: String, isRunning: Bool = true, total: Int64, billed: Int64, included: Int64, open: Int64,
            late: Int64, beforeStart: Int64,
            afterEnd: Int64, unpriced: Int64
        ) {
            self.meter = meter
            self.isRunning = isRunning
            self.total = total
            self.billed = billed
            self.included = included
            self.open = open
            self.late = late
            self.beforeStart = beforeStart
            self.afterEnd = afterEnd
            self.unpriced = unpriced
        }
    }

    package struct Difference: Hashable, Sendable {
        /// The name of the check that found it.
        package var check: String
        package var subject: String
        package var detail: String

        package init(check: String, subject: String, detail: String) {
            self.check = check
            self.subject = subject
            self.detail = detail
        }
    }

    package init(
        rowsRead: Int64, rowsNew: Int64, rowsChanged: Int64, rowsRejected: Int64, rowsOther: Int64, readings: Int64,
        superseded: Int64, quantity: Int64, meters: [MeterBalance], lateTotals: Int64, differences: [Difference]
    ) {
        self.rowsRead = rowsRead
        self.rowsNew = rowsNew
        self.rowsChanged = rowsChanged
        self.rowsRejected = rowsRejected
        self.rowsOther = rowsOther
        self.readings = readings
        self.superseded = superseded
        self.quantity = quantity
        self.meters = meters
        self.lateTotals = lateTotals
        self.differences = differences
    }
}
