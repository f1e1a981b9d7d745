/// A notice that some step wants written: to whom, why, what makes it the only one of its kind, and what its template may
/// name. Whoever finds the same cause again makes an equal draft, and the store keeps the first.
package struct NoticeDraft: Hashable, Sendable {
    /// The store's numbers of the subscription and its holder.
    package var customerID: Int64
    package var subscriptionID: Int64
    package var kind: NoticeKind
    /// What it is about within the subscription: a price as `plan.price`, or the key of a rule.
    package var topic: String
    /// The first day of the period that it is about.
    package var periodStart: CivilDate
    /// Tells apart several notices of one topic and period: a percentage, the number of a reminder; or 0.
    package var threshold: Int32
    /// By the names of `NoticeKind.names`.
    package var values: [String: String]

    package init(
        customerID: Int64, subscriptionID: Int64, kind: NoticeKind, topic: String, periodStart: CivilDate,
        threshold: Int32, values: [String: String]
    ) {
        self.customerID = customerID
        self.subscriptionID = subscriptionID
        self.kind = kind
        self.topic = topic
        self.periodStart = periodStart
        self.threshold = threshold
        self.values = values
    }
}
