/// What a subscription is: its plan, its periods, and what became of its plan.
package struct SubscriptionStatement: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    package var customerName: String
    package var plan: String
    package var planName: String
    /// As on this day.
    package var asOf: CivilDate
    package var paysEvery: Cadence
    package var currency: String
    package var anchor: CivilDate
    package var starts: CivilDate
    /// No billing period begins on or after this day; nil while it goes on.
    package var ends: CivilDate?
    /// The billing period that is closed next; nil after the last one.
    package var period: DateRange?
    /// Where the next period begins that is paid for; nil after the end.
    package var renewal: CivilDate?
    /// In order; the last one may be pending.
    package var changes: [Change]
    /// What the plan of the pending change does not allow.
    package var review: PlanReview?

    /// A change of the plan, or of how often it is paid.
    package struct Change: Hashable, Sendable {
        package var takesEffect: CivilDate
        package var wasPlan: String
        package var plan: String
        /// Both nil where that stays.
        package var wasPaysEvery: Cadence?
        package var paysEvery: Cadence?
        /// `decision`, `request` or `source`.
        package var origin: String
        /// Of a decision.
        package var rule: String?
        /// `announced`, `applied`, `withdrawn` or `preempted`.
        package var status: String
        package var announcedOn: CivilDate
        package var settledOn: CivilDate?
        /// Whether it has an invoice of its own.
        package var isInvoiced: Bool

        package init(
            takesEffect: CivilDate, wasPlan: String, plan: String, wasPaysEvery: Cadence?, paysEvery: Cadence?,
            origin: String, rule: String?, status: String, announcedOn: CivilDate, settledOn: CivilDate?,
            isInvoiced: Bool
        ) {
            self.takesEffect = takesEffect
            self.wasPlan = wasPlan
            self.plan = plan
            self.wasPaysEvery = wasPaysEvery
            self.paysEvery = paysEvery
            self.origin = origin
            self.rule = rule
            self.status = status
            self.announcedOn = announcedOn
            self.settledOn = settledOn
            self.isInvoiced = isInvoiced
        }

        package var isPending: Bool { status == "announced" }
    }

    package init(
        subscription: String, customer: String, customerName: String, plan: String, planName: String, asOf: CivilDate,
        paysEvery: Cadence, currency: String, anchor: CivilDate, starts: CivilDate, ends: CivilDate?,
        period: DateRange?, renewal: CivilDate?, changes: [Change], review: PlanReview?
    ) {
        self.subscription = subscription
        self.customer = customer
        self.customerName = customerName
        self.plan = plan
        self.planName = planName
        self.asOf = asOf
        self.paysEvery = paysEvery
        self.currency = currency
        self.anchor = anchor
        self.starts = starts
        self.ends = ends
        self.period = period
        self.renewal = renewal
        self.changes = changes
        self.review = review
    }
}
