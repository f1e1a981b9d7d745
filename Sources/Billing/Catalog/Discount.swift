/// What is taken off the other prices of a plan version, as one line of the invoice.
///
/// Those that come before the maximum of a price are applied first, then the others; among each in the order in which
/// they stand, each on what the ones before it have left.
package struct Discount: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        /// 20 for 20 %: 0 to 100.
        case percent(ExactDecimal)
        /// Off each invoice, in minor units, and never more than there is.
        case amount(Int64)
    }

    /// Where a discount stands to the maximum of a price.
    package enum Order: String, Hashable, Sendable, CaseIterable {
        /// The capped amount is discounted.
        case afterMaximum = "after_maximum"
        /// The amount is discounted and then capped. Percentages only.
        case beforeMaximum = "before_maximum"
    }

    package var effect: Effect
    /// The keys of the prices that it is for; nil for all.
    package var on: [String]?
    /// Only for subscriptions that pay this often; nil for all.
    package var pays: Cadence?
    /// Only for subscriptions that hold this coupon; nil for all.
    package var coupon: String?
    /// For so many billing periods from the subscription's first, or from that in which the coupon was taken; nil for all.
    /// What is paid in advance belongs to the period that it pays for.
    package var periods: Int?
    /// No period that begins on or after this day is discounted; nil for no end.
    package var until: CivilDate?
    package var order: Order

    package init(
        effect: Effect, on: [String]? = nil, pays: Cadence? = nil, coupon: String? = nil, periods: Int? = nil,
        until: CivilDate? = nil, order: Order = .afterMaximum
    ) {
        self.effect = effect
        self.on = on
        self.pays = pays
        self.coupon = coupon
        self.periods = periods
        self.until = until
        self.order = order
    }
}
