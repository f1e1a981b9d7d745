import Foundation
import TestSupport
import Testing

/// A dry run says what the real run then does, and changes nothing.
@Suite("Dry runs")
struct DryRunTests {
    /// A summary without what only a real run has: its number and those that sequences gave out.
    private static func comparable(_ summary: String) throws -> String {
        guard var members = try JSONSerialization.jsonObject(with: Data(summary.utf8)) as? [String: Any] else {
            throw TestFailure("no JSON object: \(summary)")
        }
        members["run"] = nil
        members["dry_run"] = nil
        members["comparison"] = nil
        if var close = members["close"] as? [String: Any] {
            close["watermark"] = nil
            members["close"] = close
        }
        let data = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }

    @Test("Pull, close, nightly and backfill do in a dry run what they do in earnest, and take it back")
    func sameNumbers() async throws {
        try await withBooks { books in
            try books.deploy(.legacy(), .legacy("harbor", day: "15"))
            try books.write(
                [
                    Count("2021-06-20", 15_000), Count("2022-02-03", 600), Count("2022-02-31", 1),
                    Count("2022-02-20", 4, account: "harbor-store"),
                ], to: "all.csv")
            let jobs: [[String]] = [
                ["pull", "--as-of", "2022-02-04"], ["close", "--as-of", "2022-02-04"],
                ["nightly", "--as-of", "2022-02-20"],
                ["backfill", "--from", "2022-01-01", "--to", "2022-03-01", "--as-of", "2022-03-10"],
                ["nightly", "--as-of", "2022-03-10"],
            ]
            for (index, job) in jobs.enumerated() {
                if index == 3 {
                    try books.write([Count("2021-06-20", 15_000), Count("2022-02-03", 500)], to: "all.csv")
                }
                let folder = job[0] == "close" ? [] : ["--deployment", books.folder.path]
                let arguments = job + folder + ["--json", "--database", books.database.conninfo]
                let before = try books.hash(journal: true)
                let dry = try Program.meterbook.run(arguments + ["--dry-run"])
                #expect(dry.errors.isEmpty)
                let afterwards = try books.hash(journal: true)
                #expect(afterwards == before)
                #expect(try JSON(dry.output).flag("dry_run"))
                let real = try Program.meterbook.run(arguments)
                #expect(dry.code == real.code)
                let (said, done) = (try Self.comparable(dry.output), try Self.comparable(real.output))
                #expect(said == done, "\(job)")
                if job[0] == "nightly" {
                    #expect(try books.hash(journal: true) != before)
                }
            }
            #expect(try books.agree())
            #expect(try books.invoices().count == 9)
        }
    }

    @Test("A dry run of applying a catalog changes nothing")
    func catalog() async throws {
        try await withBooks { books in
            let before = try books.hash(journal: true)
            #expect(try books.run("catalog", "apply", Books.connexCatalog, "--dry-run").hasPrefix("Dry run: "))
            #expect(try books.hash(journal: true) == before)
        }
    }

    @Test("A dry run uses up no invoice, and says that it was one")
    func words() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            let text = try books.job("nightly", "--as-of", "2021-08-01", "--dry-run")
            #expect(text.lowercased().contains("dry run"))
            #expect(try books.run("invoice", "list") == "No invoices.\n")
        }
    }

    @Test(
        "On every example a dry run writes the same invoices to the byte as the night in earnest",
        arguments: [
            ("a2x", ["2026-01-06", "2026-03-02", "2026-06-04"]), ("appseconnect", ["2026-04-11", "2026-06-01"]),
            ("channeldock", ["2023-12-15", "2024-01-15"]), ("connex", ["2022-02-01", "2022-03-01"]),
            ("extensiv", ["2021-02-28", "2021-03-31"]),
        ])
    func sameInvoices(vendor: String, nights: [String]) async throws {
        try await withBooks { books in
            try books.deploy(example: vendor)
            var count = 0
            for night in nights {
                let arguments = ["nightly", "--as-of", night, "--deployment", books.folder.path]
                var written: [String] = []
                for dry in [["--dry-run"], []] {
                    let file = "\(books.folder.path)/invoices.ndjson"
                    let outcome = try Program.meterbook.run(
                        arguments + dry + ["--invoices", file, "--database", books.database.conninfo])
                    #expect(outcome.code == 0, "\(outcome.errors)\(outcome.output)")
                    written.append(try Books.text(of: file))
                }
                #expect(written[0] == written[1], "\(vendor) \(night)")
                count += written[1].split(separator: "\n").count
            }
            #expect(count > 0)
            #expect(try books.run("invoice", "export").split(separator: "\n").count == count)
            let refused = try books.meterbook("close", "--as-of", nights[0], "--invoices", "/nowhere/file")
            #expect(refused.code == 69)
            #expect(
                refused.errors.contains("/nowhere/file: cannot be written: No such file or directory"),
                "\(refused.errors)")
        }
    }
}
