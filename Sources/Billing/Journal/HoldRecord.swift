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
