import Billing
import Documents
import Testing

@Suite("Metrics as text")
struct MetricsTests {
    @Test("Labels are escaped, instants are exact, and what never was is left out")
    func text() {
        var metrics = BooksMetrics(due: 1, heldSubscriptions: 2, heldInvoices: 3, noticesDue: 4, noticesDead: 5)
        metrics.jobs = [
            .init(
                name: "a\"b\\c\nd", exitCode: nil, startedAt: 1_646_100_000_000_001, endedAt: 1_646_100_001_250_000,
                succeededAt: nil, doneAt: nil)
        ]
        metrics.sources = [.init(name: "s", feeds: "readings", rows: [.init("new", 7)], readAt: nil)]
        let lines = MetricsText.text(metrics).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"meterbook_job_last_end_timestamp_seconds{job="a\"b\\c\nd"} 1646100001.250000"#,
                #"meterbook_job_last_duration_seconds{job="a\"b\\c\nd"} 1.249999"#,
                #"meterbook_source_last_rows{source="s",feeds="readings",outcome="new"} 7"#,
                "meterbook_subscriptions_due 1", "meterbook_subscriptions_held 2", "meterbook_invoices_held 3",
                "meterbook_notices_due 4", "meterbook_notices_dead 5",
            ])
    }
}
