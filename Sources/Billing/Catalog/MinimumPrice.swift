/// The least that the use of an allowance period costs: what it lacks is charged as a line of its own on the invoice with
/// which the allowance period ends, or with the subscription's last. Discounts lower it as any other price; what was taken
/// off the use itself does not raise it.
package struct MinimumPrice: Hashable, Sendable {
    /// Minor units for each allowance period.
    package var amount: Int64
    /// The keys of the usage prices that count towards it, all with the same allowance period.
    package var on: [String]
    /// The allowance period of those prices.
    package var per: Cadence
    /// Whether a part of an allowance period costs at least its part of the amount, by the day.
    package var isProrated: Bool

    package init(amount: Int64, on: [String], per: Cadence, isProrated: Bool = false) {
        self.amount = amount
        self.on = on
        self.per = per
        self.isProrated = isProrated
    }
}
