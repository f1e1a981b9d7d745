/// An invoice that a run has written, with what stood on those before it. Amounts are minor units.
package struct RunInvoice: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    /// The key of the plan that the subscription has now.
    package var plan: String
    package var currency: Currency
    package var date: CivilDate
    package var kind: InvoiceDocument.Kind
    package var total: Int64
    package var parts: Parts
    /// Whether the subscription has ended with it.
    package var isLast: Bool
    /// The total of the period's invoice before it; nil for the first one.
    package var before: Int64?
    /// How many invoices of periods there are before it, as far as anybody looked.
    package var earlier: Int64
    /// The totals of the latest of these that have a recurring price as it has, or have none as it has none, the latest first.
    package var alike: [Int64]

    /// The lines, by what they charge for: they sum to the total.
    package struct Parts: Hashable, Sendable {
        /// Flat prices.
        package var recurring: Int64
        /// Use of what has no allowance.
        package var usage: Int64
        /// Use beyond an allowance.
        package var overage: Int64
        package var corrections: Int64
        /// Minimums and discounts.
        package var other: Int64
        package var hasRecurring: Bool

        package init(
            recurring: Int64 = 0, usage: Int64 = 0, overage: Int64 = 0, corrections: Int64 = 0, other: Int64 = 0,
            hasRecurring: Bool = false
        ) {
            self.recurring = recurring
            self.usage = usage
            self.overage = overage
            self.corrections = corrections
            self.other = other
            self.hasRecurring = hasRecurring
        }
    }

    package init(
        subscription: String, customer: String, plan: String, currency: Currency, date: CivilDate,
        kind: InvoiceDocument.Kind, total: Int64, parts: Parts, isLast: Bool, before: Int64?, earlier: Int64,
        alike: [Int64]
    ) {
        self.subscription = subscription
        self.customer = customer
        self.plan = plan
        self.currency = currency
        self.date = date
        self.kind = kind
        self.total = total
        self.parts = parts
        self.isLast = isLast
        self.before = before
        self.earlier = earlier
        self.alike = alike
    }

    /// As invoices are named everywhere.
    package var reference: String { kind.reference(subscription, date) }
}
