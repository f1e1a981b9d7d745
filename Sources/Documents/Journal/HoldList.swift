package import Billing

/// What waits for a person: subscriptions that a close could not bill, and invoices that look wrong.
package enum HoldList {
    package static func text(_ holds: [HoldRecord], _ invoices: [InvoiceHoldRecord]) -> String {
        let subscriptions = TextPage.list(holds, orElse: "") { page, hold in
            page.pair("\(hold.subscription), period ending \(hold.periodEnd)", "\(hold.reason), run \(hold.runID)")
            page.paragraph(hold.detail, indent: 4)
        }
        let drafts = TextPage.list(invoices, orElse: "") { page, hold in
            page.pair("invoice \(hold.invoice)", "\(hold.reason), run \(hold.runID)")
            page.paragraph(hold.detail, indent: 4)
        }
        switch (holds.isEmpty, invoices.isEmpty) {
        case (true, true): return "Nothing is held.\n"
        case (false, true): return subscriptions
        case (true, false): return drafts
        case (false, false): return subscriptions + "\n" + drafts
        }
    }

    /// `meterbook.hold-list/1`
    package static func json(_ holds: [HoldRecord], _ invoices: [InvoiceHoldRecord]) -> String {
        JSONWriter.document("meterbook.hold-list/1", .pretty) { writer in
            writer.array("holds", of: holds) { writer, hold in
                writer.member("subscription", hold.subscription)
                writer.member("period_end", hold.periodEnd)
                writer.member("reason", hold.reason)
                writer.member("detail", hold.detail)
                writer.member("run", hold.runID)
            }
            writer.array("invoices", of: invoices) { writer, hold in
                writer.member("invoice", hold.invoice)
                writer.member("reason", hold.reason)
                writer.member("subject", hold.subject)
                writer.member("figure", hold.figure)
                writer.member("bound", hold.bound)
                writer.member("detail", hold.detail)
                writer.member("held_on", hold.heldOn)
                writer.member("run", hold.runID)
            }
        }
    }
}
