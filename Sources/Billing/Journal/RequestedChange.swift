/// What became of a request for another plan.
package struct RequestedChange: Hashable, Sendable {
    package var subscription: String
    /// The names of the plans; the new one is nil where the request took back a pending change.
    package var wasPlan: String
    package var plan: String?
    /// Nil where that stays.
    package var paysEvery: Cadence?
    package var takesEffect: CivilDate?
    package var isAtOnce: Bool
    /// Whether credit and charge stand on an invoice now.
    package var isInvoiced: Bool
    /// Whether they could not be worked out.
    package var isHeld: Bool
    /// What the new plan does not allow; nil where nothing changes.
    package var review: PlanReview?

    package init(
        subscription: String, wasPlan: String, plan: String?, paysEvery: Cadence?, takesEffect: CivilDate?,
        isAtOnce: Bool, isInvoiced: Bool, isHeld: Bool, review: PlanReview?
    ) {
        self.subscription = subscription
        self.wasPlan = wasPlan
        self.plan = plan
        self.paysEvery = paysEvery
        self.takesEffect = takesEffect
        self.isAtOnce = isAtOnce
        self.isInvoiced = isInvoiced
        self.isHeld = isHeld
        self.review = review
    }
}
