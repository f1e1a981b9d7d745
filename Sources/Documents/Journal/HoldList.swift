package import Billing

package enum HoldList {
    package static func text(_ holds: [HoldRecord]) -> String {
        TextPage.list(holds, orElse: "Nothing is held.") { page, hold in
            page.pair("\(hold.subscription), period ending \(hold.periodEnd)", "\(hold.reason), run \(hold.runID)")
            page.paragraph(hold.detail, indent: 4)
        }
    }

    /// `meterbook.hold-list/1`
    package static func json(_ holds: [HoldRecord]) -> String {
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
