import Foundation
import PrivateServer
import TestSupport
import Testing

/// What a monitor is told.
@Suite("Metrics")
struct MetricsTests: PlaysShop {
    private func deploy(_ books: Books) throws {
        let prices = ["prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}"]
        try deploy(
            books, small: prices, large: prices, changes: "invoices: {finalize: at_once, hold: {above: 10.00}}")
        try books.folder.write(
            """
            account,channel,meter,day,quantity
            a,x,orders,2026-01-05,12
            b,x,orders,2026-01-06,3
            a,x,orders,soon,1

            """, to: "counts.csv")
    }

    /// What promtool says of it, where it is installed.
    private func check(_ metrics: String) throws {
        let folder = try TemporaryDirectory()
        try folder.write(metrics, to: "m.prom")
        let checked = try Command(
            "/bin/sh",
            ["-c", "command -v promtool >/dev/null || exit 0; promtool check metrics <\"$0\"", folder.path + "/m.prom"]
        ).run()
        #expect(checked.succeeded, "\(checked.outputText)\(checked.errorText)")
    }

    @Test("They say how the jobs ended, what became of each source's rows, and what waits")
    func metrics() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let file = books.folder.path + "/m.prom"
            let night = try books.meterbook(
                "nightly", "--as-of", "2026-01-10", "--deployment", books.folder.path, "--metrics", file)
            #expect(night.code == 65, "\(night)")
            let text = try Books.text(of: file)
            try self.check(text)
            let lines = text.split(separator: "\n").map(String.init)
            for line in [
                #"meterbook_job_last_exit_code{job="nightly"} 65"#, #"meterbook_job_last_exit_code{job="catalog"} 0"#,
                #"meterbook_source_last_rows{source="counts",feeds="readings",outcome="new"} 2"#,
                #"meterbook_source_last_rows{source="counts",feeds="readings",outcome="rejected"} 1"#,
                #"meterbook_source_last_rows{source="customers",feeds="customers",outcome="new"} 1"#,
                "meterbook_subscriptions_due 0", "meterbook_subscriptions_held 0", "meterbook_invoices_held 1",
                "meterbook_notices_due 0", "meterbook_notices_dead 0",
            ] {
                #expect(lines.contains(line), "\(line) in\n\(text)")
            }
            #expect(!lines.contains { $0.hasPrefix(#"meterbook_job_last_success_timestamp_seconds{job="nightly"}"#) })
            // What the journal says, in seconds.
            let times = try books.sql(
                """
                SELECT to_char(extract(epoch FROM ended_at), 'FM9999999990.000000'),
                    to_char(extract(epoch FROM ended_at - started_at), 'FM9999999990.000000')
                FROM meterbook.run WHERE job = 'nightly'
                """
            ).split(separator: "|")
            #expect(lines.contains(#"meterbook_job_last_end_timestamp_seconds{job="nightly"} \#(times[0])"#))
            #expect(lines.contains(#"meterbook_job_last_done_timestamp_seconds{job="nightly"} \#(times[0])"#))
            #expect(lines.contains(#"meterbook_job_last_duration_seconds{job="nightly"} \#(times[1])"#))
            #expect(try books.run("metrics", "--as-of", "2026-01-10") == text)
            #expect(try books.run("metrics", "--as-of", "2026-02-01").contains("\nmeterbook_subscriptions_due 1\n"))
        }
    }

    @Test(
        "They are written when a run fails as well, and not by a dry run; where they cannot be, the run is none the worse"
    )
    func failing() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let file = books.folder.path + "/m.prom"
            let dry = try books.meterbook(
                "nightly", "--as-of", "2026-01-10", "--deployment", books.folder.path, "--metrics", file, "--dry-run")
            #expect(dry.code == 65 && !FileManager.default.fileExists(atPath: file))
            try FileManager.default.removeItem(atPath: books.folder.path + "/counts.csv")
            let night = try books.meterbook(
                "nightly", "--as-of", "2026-01-10", "--deployment", books.folder.path, "--metrics", file)
            #expect(night.code == 69)
            #expect(try Books.text(of: file).contains(#"meterbook_job_last_exit_code{job="nightly"} 69"#))
            let nowhere = try books.meterbook("close", "--as-of", "2026-01-10", "--metrics", file + "/none/m.prom")
            // As it would have ended: the invoice is above the cap.
            #expect(nowhere.code == 65, "\(nowhere)")
            #expect(nowhere.errors.contains("the metrics were not written"), "\(nowhere)")
        }
    }

    @Test("The rules for alerts and the dashboard ask for what there is", arguments: ["alerts.yaml", "dashboard.json"])
    func names(file: String) async throws {
        try await withBooks { books in
            let path = Books.repository + "/jobs/monitoring/" + file
            let text = try Books.text(of: path)
            let asked = Set(text.matches(of: /meterbook_[a-z_]+/).map { String($0.output) })
            let there = Set(
                try books.run("metrics", "--as-of", "2026-01-01").split(separator: "\n").filter {
                    $0.hasPrefix("# TYPE ")
                }
                .map { String($0.split(separator: " ")[2]) })
            #expect(asked.count >= 8)
            #expect(asked.subtracting(there).isEmpty, "\(asked.subtracting(there))")
            if file.hasSuffix("json") { _ = try JSON(text) }
            let checked = try Command(
                "/bin/sh",
                [
                    "-c",
                    "case $0 in *.json) exit 0 ;; esac; command -v promtool >/dev/null || exit 0; promtool check rules \"$0\"",
                    path,
                ]
            ).run()
            #expect(checked.succeeded, "\(checked.outputText)\(checked.errorText)")
        }
    }
}
