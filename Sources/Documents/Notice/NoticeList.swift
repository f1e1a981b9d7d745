package import Billing

package enum NoticeText {
    package static func list(_ notices: [NoticeRecord]) -> String {
        TextPage.list(notices, orElse: "No notices.") { page, notice in
            page.pair("\(notice.subscription): \(notice.subject)", "\(notice.status.rawValue), due \(notice.due)")
            page.paragraph("\(notice.kind), \(notice.id)", indent: 4)
            if let error = notice.lastError {
                page.paragraph("\(notice.attempts) attempts, the last: \(error)", indent: 4)
            }
        }
    }

    /// - Parameter count: of notices that had been given up.
    package static func revived(_ count: Int) -> String {
        var page = TextPage()
        switch count {
        case 0: page.paragraph("None of these was given up.")
        case 1: page.paragraph("One notice will be delivered after all.")
        default: page.paragraph("\(NumberText.grouped(count)) notices will be delivered after all.")
        }
        return page.text
    }

    package static func summary(_ summary: DeliverySummary) -> String {
        var page = TextPage()
        write(summary, to: &page)
        return page.text
    }

    static func write(_ summary: DeliverySummary, to page: inout TextPage) {
        func count(_ number: Int64, _ what: String) -> String {
            "\(NumberText.grouped(number)) \(what)"
        }
        var parts = [count(summary.delivered, "delivered")]
        if summary.failed > 0 { parts.append(count(summary.failed, "to be tried again")) }
        if summary.dead > 0 { parts.append(count(summary.dead, "given up")) }
        page.paragraph("Notices: \(parts.joined(separator: ", ")).")
        if summary.withoutAddress > 0 {
            page.paragraph("\(NumberText.grouped(summary.withoutAddress)) wait for a customer's mail address.")
        }
        if let stopped = summary.stopped { page.paragraph("Stopped: \(stopped)") }
    }
}

package enum NoticeJSON {
    /// `meterbook.notice-list/1`
    package static func list(_ notices: [NoticeRecord]) -> String {
        JSONWriter.document("meterbook.notice-list/1", .pretty) { writer in
            writer.array("notices", of: notices) { writer, notice in
                writer.member("id", notice.id)
                writer.member("customer", notice.customer)
                writer.member("subscription", notice.subscription)
                writer.member("kind", notice.kind)
                writer.member("topic", notice.topic)
                writer.member("period_start", notice.periodStart)
                writer.member("threshold", notice.threshold)
                writer.member("as_of", notice.asOf)
                writer.member("due", notice.due)
                writer.member("status", notice.status.rawValue)
                writer.member("attempts", notice.attempts)
                writer.member("next_attempt_at", instant: notice.nextAttemptAt)
                writer.member("last_error", notice.lastError)
                writer.member("delivered_at", instant: notice.deliveredAt)
                writer.member("run", notice.runID)
                writer.member("subject", notice.subject)
                writer.member("text", notice.text)
            }
        }
    }

    /// `meterbook.notice-retry/1`
    package static func revived(_ count: Int) -> String {
        JSONWriter.document("meterbook.notice-retry/1", .pretty) { $0.member("revived", count) }
    }

    /// `meterbook.notice-delivery/1`
    package static func summary(_ summary: DeliverySummary) -> String {
        JSONWriter.document("meterbook.notice-delivery/1", .pretty) { writer in
            write(summary, to: &writer)
        }
    }

    static func write(_ summary: DeliverySummary, to writer: inout JSONWriter) {
        writer.member("delivered", summary.delivered)
        writer.member("failed", summary.failed)
        writer.member("dead", summary.dead)
        writer.member("waiting", summary.waiting)
        writer.member("without_address", summary.withoutAddress)
        writer.member("stopped", summary.stopped)
    }
}
