/// A notice on its way out, with everything that a message needs to say.
package struct OutgoingNotice: Hashable, Sendable {
    /// The stable id: a UUID in lower case.
    package var id: String
    package var kind: String
    package var topic: String
    package var periodStart: CivilDate
    package var threshold: Int32
    package var subject: String
    package var text: String
    package var asOf: CivilDate
    /// The customer's key.
    package var customer: String
    package var customerName: String
    /// The subscription's key.
    package var subscription: String
    /// Nil where none is known.
    package var email: String?

    package init(
        id: String, kind: String, topic: String, periodStart: CivilDate, threshold: Int32, subject: String,
        text: String, asOf: CivilDate, customer: String, customerName: String, subscription: String, email: String?
    ) {
        self.id = id
        self.kind = kind
        self.topic = topic
        self.periodStart = periodStart
        self.threshold = threshold
        self.subject = subject
        self.text = text
        self.asOf = asOf
        self.customer = customer
        self.customerName = customerName
        self.subscription = subscription
        self.email = email
    }
}
