package import Billing

/// The books for a monitor, in the text format of Prometheus (version 0.0.4): for the textfile collector of its node exporter.
package enum MetricsText {
    package static func text(_ metrics: BooksMetrics) -> String {
        var page = Page()
        func jobs(_ value: (BooksMetrics.Job) -> String?) -> [Sample] {
            metrics.jobs.compactMap { job in value(job).map { Sample(labels: [("job", job.name)], value: $0) } }
        }
        page.gauge(
            "meterbook_job_last_exit_code", "What the last run of a job returned; none for one that was killed.",
            jobs { $0.exitCode.map { "\($0)" } })
        page.gauge(
            "meterbook_job_last_end_timestamp_seconds", "When the last run of a job ended.",
            jobs { seconds($0.endedAt) })
        page.gauge(
            "meterbook_job_last_duration_seconds", "How long the last run of a job took.",
            jobs { seconds($0.endedAt - $0.startedAt) })
        page.gauge(
            "meterbook_job_last_success_timestamp_seconds", "When a run of a job last ended with 0.",
            jobs { $0.succeededAt.map(seconds) })
        page.gauge(
            "meterbook_job_last_done_timestamp_seconds",
            "When a run of a job last ended with 0 or 65: all was done that could be.", jobs { $0.doneAt.map(seconds) })
        page.gauge(
            "meterbook_source_last_read_timestamp_seconds", "When a run last began that read a source to its end.",
            metrics.sources.compactMap { source in
                source.readAt.map { Sample(labels: labels(source), value: seconds($0)) }
            })
        page.gauge(
            "meterbook_source_last_rows", "The rows of the last reading of a source, by what became of them.",
            metrics.sources.flatMap { source in
                source.rows.map {
                    Sample(labels: labels(source) + [("outcome", $0.outcome)], value: "\($0.count)")
                }
            })
        page.gauge(
            "meterbook_subscriptions_due", "Subscriptions whose period has ended and was not closed.", metrics.due)
        page.gauge(
            "meterbook_subscriptions_held", "Subscriptions that a close has set aside.", metrics.heldSubscriptions)
        page.gauge("meterbook_invoices_held", "Invoices that wait for a person.", metrics.heldInvoices)
        page.gauge("meterbook_notices_due", "Notices that are due and not delivered.", metrics.noticesDue)
        page.gauge("meterbook_notices_dead", "Notices that were given up.", metrics.noticesDead)
        return page.text
    }

    private static func labels(_ source: BooksMetrics.Source) -> [(String, String)] {
        [("source", source.name), ("feeds", source.feeds)]
    }

    /// Microseconds as seconds, exactly.
    private static func seconds(_ microseconds: Int64) -> String {
        let (whole, part) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let digits = String(part)
        return (microseconds < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private struct Sample {
        var labels: [(name: String, value: String)]
        var value: String
    }

    private struct Page {
        var text = ""

        mutating func gauge(_ name: String, _ help: String, _ value: Int64) {
            gauge(name, help, [Sample(labels: [], value: "\(value)")])
        }

        mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
            for sample in samples {
                let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
                text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
            }
        }

        private static func escaped(_ text: String) -> String {
            text.reduce(into: "") { escaped, character in
                switch character {
                case "\\": escaped += "\\\\"
                case "\"": escaped += "\\\""
                case "\n": escaped += "\\n"
                default: escaped.append(character)
                }
            }
        }
    }
}
