package import Billing

/// A subscription that a close set aside.
package struct HoldEntry: Sendable {
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

package enum HoldText {
    package static func text(_ holds: [HoldEntry]) -> String {
        var page = TextPage()
        guard !holds.isEmpty else {
            page.paragraph("Nothing is held.")
            return page.text
        }
        for hold in holds {
            page.pair("\(hold.subscription), period ending \(hold.periodEnd)", "\(hold.reason), run \(hold.runID)")
            page.paragraph(hold.detail, indent: 4)
        }
        return page.text
    }
}

package enum HoldJSON {
    /// `meterbook.hold-list/1`
    package static func text(_ holds: [HoldEntry]) -> String {
        JSONWriter.document("meterbook.hold-list/1", .pretty) { writer in
            writer.array("holds", of: holds) { writer, hold in
                writer.member("subscription", hold.subscription)
                writer.member("period_end", hold.periodEnd)
                writer.member("reason", hold.reason)
                writer.member("detail", hold.detail)
                writer.member("run", hold.runID)
            }
        }
    }
}
