/// A subscription that a close set aside, for people who ask why.
package struct HoldRecord: Hashable, Sendable {
    package var subscription: String
    /// The end of the period that could not be closed.
    package var periodEnd: CivilDate
    package var reason: String
    package var detail: String
    /// The run that set it aside.
    package var runID: Int64

    package init(subscription: String, periodEnd: CivilDate, reason: String, detail: String, runID: Int64) {
        self.subscription = subscription
        self.periodEnd = periodEnd
        self.reason = reason
        self.detail = detail
        self.runID = runID
    }
}

/// An invoice that waits for a person, and one reason for it.
package struct InvoiceHoldRecord: Hashable, Sendable {
    /// `SUBSCRIPTION/PERIOD-END`, as invoices are named.
    package var invoice: String
    package var reason: String
    /// The meter or the source; empty for the invoice as a whole.
    package var subject: String
    /// What was found, and what it was compared with, as decimal text.
    package var figure: String
    package var bound: String
    package var detail: String
    package var heldOn: CivilDate
    package var runID: Int64

    package init(
        invoice: String, reason: String, subject: String, figure: String, bound: String, detail: String,
        heldOn: CivilDate, runID: Int64
    ) {
        self.invoice = invoice
        self.reason = reason
        self.subject = subject
        self.figure = figure
        self.bound = bound
        self.detail = detail
        self.heldOn = heldOn
        self.runID = runID
    }
}
