import Billing
import Documents
import Testing

@Suite("Notices for people")
struct NoticeListTests {
    private static func notice(_ status: NoticeRecord.Status, error: String? = nil) throws -> NoticeRecord {
        let day = try #require(CivilDate("2026-05-05"))
        return NoticeRecord(
            id: "0a1b2c3d-4e5f-8a6b-8c7d-000102030405", customer: "monsoon", subscription: "monsoon",
            kind: "usage_alert", topic: "standard.transactions", periodStart: day.startOfMonth, threshold: 80,
            subject: "80% are used\u{1B}[31m", text: "Hello\nBye", asOf: day, due: day, status: status, attempts: 2,
            nextAttemptAt: nil, lastError: error, deliveredAt: status == .delivered ? 0 : nil, runID: 7)
    }

    @Test("A list says what was told, what became of it and why; nothing in it reaches the terminal's controls")
    func list() throws {
        let text = NoticeText.list([try Self.notice(.dead, error: "exit code 67: no"), try Self.notice(.delivered)])
        #expect(text.contains("monsoon: 80% are used"))
        #expect(text.contains("dead, due 2026-05-05"))
        #expect(text.contains("2 attempts, the last: exit code 67: no"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(NoticeText.list([]) == "No notices.\n")
    }

    @Test("As JSON a list leaves out what is not there")
    func json() throws {
        let json = NoticeJSON.list([try Self.notice(.delivered)])
        #expect(json.hasPrefix("{\n  \"schema\": \"meterbook.notice-list/1\",\n"))
        #expect(json.contains("\"delivered_at\": \"1970-01-01T00:00:00.000000Z\""))
        #expect(json.contains("\"text\": \"Hello\\nBye\""))
        #expect(!json.contains("last_error") && !json.contains("next_attempt_at"))
    }

    @Test("What a delivery came to is said in a line or two")
    func summary() {
        var summary = DeliverySummary()
        #expect(NoticeText.summary(summary) == "Notices: 0 delivered.\n")
        summary.delivered = 1_200
        summary.failed = 1
        summary.dead = 2
        summary.waiting = 4
        summary.withoutAddress = 3
        summary.stopped = "the receiver is gone"
        #expect(
            NoticeText.summary(summary) == """
                Notices: 1,200 delivered, 1 to be tried again, 2 given up.
                3 wait for a customer's mail address.
                Stopped: the receiver is gone

                """)
        #expect(NoticeJSON.summary(summary).contains("\"without_address\": 3"))
    }

    @Test("The summary of a run counts its alerts, and says nothing where there were none")
    func run() throws {
        var summary = RunSummary(
            job: "pull", runID: 3, asOf: try #require(CivilDate("2026-05-05")), pulls: [], close: nil)
        #expect(!RunSummaryText.text(summary).contains("alert"))
        summary.alerting = RunSummary.Alerting(subscriptions: 5, notices: 1, failed: 0)
        #expect(RunSummaryText.text(summary).contains("1 usage alert written: meterbook notice list"))
        #expect(!summary.isIncomplete)
        summary.alerting = RunSummary.Alerting(subscriptions: 5, notices: 0, failed: 2)
        #expect(RunSummaryText.text(summary).contains("2 subscriptions could not be looked at for alerts."))
        #expect(summary.isIncomplete)
        #expect(RunSummaryJSON.document(summary).contains("\"alerting\": {"))
    }
}
