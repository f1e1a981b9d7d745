/// What was billed before for a subscription whose closed periods have seen late usage.
package struct ClosedHistory: Sendable {
    /// A closed period, and the catalog that it was rated with.
    package struct Period: Hashable, Sendable {
        package var period: DateRange
        package var catalog: Int32

        package init(period: DateRange, catalog: Int32) {
            self.period = period
            self.catalog = catalog
        }
    }

    /// What all invoices together have billed for one price and one service period.
    package struct Billed: Hashable, Sendable {
        package var price: Int32
        package var service: DateRange
        package var quantity: Int64
        package var billable: Int64
        package var amount: Int64
        /// The line that billed it first.
        package var original: LineReference

        package init(
            price: Int32, service: DateRange, quantity: Int64, billable: Int64, amount: Int64, original: LineReference
        ) {
            self.price = price
            self.service = service
            self.quantity = quantity
            self.billable = billable
            self.amount = amount
            self.original = original
        }
    }

    /// Every closed period from the start of the allowance period of the earliest late usage, in order of time.
    package var periods: [Period]
    package var billed: [Billed]

    package init(periods: [Period], billed: [Billed]) {
        self.periods = periods
        self.billed = billed
    }
}
