/// A notice as it stands in the outbox, for people who ask what was said and what became of it.
package struct NoticeRecord: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case pending, delivered, dead, withdrawn
    }

    package var id: String
    package var customer: String
    package var subscription: String
    package var kind: String
    package var topic: String
    package var periodStart: CivilDate
    package var threshold: Int32
    package var subject: String
    package var text: String
    package var asOf: CivilDate
    package var due: CivilDate
    package var status: Status
    package var attempts: Int32
    /// Microseconds since 1970-01-01 UTC, as the next one.
    package var nextAttemptAt: Int64?
    package var lastError: String?
    package var deliveredAt: Int64?
    /// The run of its cause.
    package var runID: Int64

    package init(
        id: String, customer: String, subscription: String, kind: String, topic: String, periodStart: CivilDate,
        threshold: Int32, subject: String, text: String, asOf: CivilDate, due: CivilDate, status: Status,
        attempts: Int32, nextAttemptAt: Int64?, lastError: String?, deliveredAt: Int64?, runID: Int64
    ) {
        self.id = id
        self.customer = customer
        self.subscription = subscription
        self.kind = kind
        self.topic = topic
        self.periodStart = periodStart
        self.threshold = threshold
        self.subject = subject
        self.text = text
        self.asOf = asOf
        self.due = due
        self.status = status
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.lastError = lastError
        self.deliveredAt = deliveredAt
        self.runID = runID
    }
}

/// What a delivery came to.
package struct DeliverySummary: Hashable, Sendable {
    package var delivered: Int64 = 0
    /// Failed, and to be tried again.
    package var failed: Int64 = 0
    /// Given up.
    package var dead: Int64 = 0
    /// Due and still pending, whatever the reason.
    package var waiting: Int64 = 0
    /// Of them those of customers without an address, where one is needed.
    package var withoutAddress: Int64 = 0
    /// Why it stopped before the end; nil where it did not.
    package var stopped: String?

    package init() {}
}
