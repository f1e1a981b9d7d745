import Foundation
import TestSupport
import Testing

/// What jobs log on standard error, and what stays a sentence for a person.
@Suite("Logs")
struct LogTests {
    /// The lines of standard error, each of which has to be a JSON object.
    private func lines(_ outcome: Program.Outcome) throws -> [JSON] {
        try outcome.errors.split(separator: "\n").map { try JSON(String($0)) }
    }

    private func messages(_ lines: [JSON]) throws -> [String] {
        try lines.map { line in
            let step = (try? line.text("step")).map { ": \($0)" } ?? ""
            return "\(try line.text("level")) \(try line.text("message"))\(step)"
        }
    }

    private func nightly(
        _ books: Books, _ words: String..., level: String? = "info", environment: [String: String] = [:]
    ) throws -> Program.Outcome {
        try Program.meterbook.run(
            ["nightly", "--as-of", "2021-07-01", "--deployment", books.folder.path] + words
                + (level.map { ["--log-level", $0] } ?? [])
                + ["--database", books.conninfo(for: ["nightly"])],
            environment: environment)
    }

    @Test("A run says when it and its steps begin and end, with their figures; without a level a success says nothing")
    func success() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write([Count("2021-06-02", 7)], to: "june.csv")
            let lines = try self.lines(self.nightly(books))
            #expect(
                try self.messages(lines) == [
                    "info run begins",
                    "info step begins: pull customers", "info step ends: pull customers",
                    "info step begins: pull subscriptions", "info step ends: pull subscriptions",
                    "info step begins: pull accounts", "info step ends: pull accounts",
                    "info step begins: pull memberships", "info step ends: pull memberships",
                    "info step begins: pull orders", "info step ends: pull orders",
                    "info step begins: review", "info step ends: review",
                    "info step begins: close", "info step ends: close", "info run ends",
                ])
            for line in lines {
                #expect(try line.number("run") == 2 && line.text("job") == "nightly")
                let time = try line.text("time")
                #expect(
                    time.range(of: #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"#, options: .regularExpression) != nil)
            }
            #expect(try lines[0].text("as_of") == "2021-07-01")
            #expect(try lines[0].number("workers") == 2 && lines[0].number("batch") == 5_000)
            let pulled = lines[10]
            #expect(try pulled.text("source") == "orders" && pulled.text("outcome") == "succeeded")
            #expect(try pulled.number("read") == 1 && pulled.number("new") == 1 && pulled.number("rejected") == 0)
            #expect(try pulled.number("milliseconds") >= 0)
            #expect(try lines[14].number("invoices") == 1 && lines[14].number("held") == 0)
            #expect(try lines[15].number("exit") == 0)
            let quiet = try self.nightly(books, level: nil)
            #expect(quiet.code == 0 && quiet.errors.isEmpty, "\(quiet)")
            let dry = try self.lines(self.nightly(books, "--dry-run"))
            #expect(try dry.allSatisfy { try $0.text("dry_run") == "yes" && (try? $0.number("run")) == nil })
        }
    }

    @Test("A terminal gets logfmt, a pipe JSON, and whoever says so what he wants")
    func formats() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            let words = [
                "close", "--as-of", "2021-06-01", "--log-level", "info", "--database",
                books.conninfo(for: ["close"]),
            ]
            let terminal = try Program.meterbook.run(words, terminal: Terminal(columns: 80))
            #expect(terminal.screen.contains("level=info msg=\"run begins\" run=2 job=close as_of=2021-06-01"))
            let named = try Program.meterbook.run(words, environment: ["METERBOOK_LOG_FORMAT": "logfmt"])
            #expect(
                named.errors.hasPrefix("time=") && named.errors.contains(" msg=\"run ends\" run=3 job=close exit=0"))
            let json = try Program.meterbook.run(words + ["--log-format", "json"], terminal: Terminal(columns: 80))
            #expect(json.screen.contains("\"message\":\"run begins\",\"run\":4,\"job\":\"close\""), "\(json)")
            let wrong = try Program.meterbook.run(words + ["--log-level", "loud"])
            #expect(wrong.code == 64 && wrong.errors.contains("--log-level takes 'trace', 'debug'"), "\(wrong)")
        }
    }

    @Test("What ends a run is one line of the log; what keeps it from beginning is a sentence")
    func failures() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try FileManager.default.removeItem(atPath: books.folder.path + "/accounts.csv")
            let failed = try self.nightly(books, level: nil)
            #expect(failed.code == 69)
            let lines = try self.lines(failed)
            #expect(try self.messages(lines) == ["error run failed: pull accounts"])
            #expect(try lines[0].number("exit") == 69 && lines[0].text("source") == "accounts")
            #expect(try lines[0].text("error").contains("accounts.csv"))
            // Whom the log tells nothing is told as ever.
            let untold = try self.nightly(books, level: "critical")
            #expect(untold.code == 69 && untold.errors.hasPrefix("meterbook: "), "\(untold)")
            try books.folder.write("sources: {orders: {}}\n", to: "sources.yaml")
            let invalid = try self.nightly(books)
            #expect(invalid.code == 65 && invalid.errors.hasPrefix("meterbook: "), "\(invalid)")
            #expect(invalid.errors.contains("sources.yaml:1:"))
            let usage = try books.meterbook("subscription", "change", "none", "--plan", "gold", "--as-of", "2021-07-01")
            #expect(usage.code == 64 && usage.errors.hasPrefix("meterbook: "), "\(usage)")
        }
    }

    @Test(
        "Rejected rows, a failed step that the others go on after, and what is beside the work, each have their level")
    func levels() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write([Count("2021-06-02", 7), Count("2021-06-02", 7, account: "nobody")], to: "june.csv")
            let job = try books.folder.write(
                """
                job: by_night
                steps:
                  - pull: {source: customers, on_failure: go_on}
                  - pull: {source: accounts}
                  - pull: {source: subscriptions}
                  - pull: {source: memberships}
                  - pull: {source: orders}
                """, to: "job.yaml")
            try FileManager.default.moveItem(
                atPath: books.folder.path + "/customers.csv", toPath: books.folder.path + "/moved.csv")
            let run = { (environment: [String: String]) in
                try Program.meterbook.run(
                    [
                        "run", job, "--as-of", "2021-07-01", "--deployment", books.folder.path, "--metrics",
                        books.folder.path + "/none/metrics.prom", "--database", books.conninfo(for: ["nightly"]),
                    ], environment: environment)
            }
            // The subscriptions need customers, which come in now.
            try FileManager.default.copyItem(
                atPath: books.folder.path + "/moved.csv", toPath: books.folder.path + "/customers.csv")
            _ = try run([:])
            try FileManager.default.removeItem(atPath: books.folder.path + "/customers.csv")
            let outcome = try run(["METERBOOK_LOG_LEVEL": "notice"])
            #expect(outcome.code == 69)
            let lines = try self.lines(outcome)
            #expect(
                try self.messages(lines) == [
                    "error step failed, and the others go on: pull customers", "notice step ends: pull orders",
                    "notice run ends", "warning the metrics were not written",
                ])
            #expect(try lines[0].text("error").contains("customers.csv") && lines[0].text("source") == "customers")
            #expect(try lines[1].number("rejected") == 1 && lines[1].text("outcome") == "incomplete")
            #expect(try lines[2].number("exit") == 69)
        }
    }

    @Test("A job's options stand behind flags and variables, and before a configuration file")
    func options() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            let job = try books.folder.write(
                "job: small\noptions: {workers: 3, batch: 300}\nsteps: [close]\n", to: "job.yaml")
            let config = try books.folder.write("workers: 5\nbatch: 500\n", to: "meterbook.yaml")
            let begins = { (words: [String], environment: [String: String]) in
                let outcome = try Program.meterbook.run(
                    [
                        "run", job, "--as-of", "2021-06-01", "--log-level", "info", "--config", config,
                        "--database", books.conninfo(for: ["close"]),
                    ] + words, environment: environment)
                let line = try self.lines(outcome)[0]
                return try "\(line.number("workers")) \(line.number("batch"))"
            }
            #expect(try begins([], [:]) == "3 300")
            #expect(try begins([], ["METERBOOK_WORKERS": "4"]) == "4 300")
            #expect(try begins(["--batch", "200"], ["METERBOOK_BATCH": "400"]) == "3 200")
            try books.folder.write("job: small\nsteps: [close]\n", to: "job.yaml")
            #expect(try begins([], [:]) == "5 500")
        }
    }

    @Test("A request that is tried again is logged with its reason, and the rows of pages one by one for who debugs")
    func retries() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            let server = try ScriptedServer { request in
                request.number == 1
                    ? ScriptedServer.reply("no", status: "503 Unavailable")
                    : ScriptedServer.reply(#"[{"customer": "northwind", "name": "x"}]"#)
            }
            try books.folder.write(
                "sources:\n  people: {feeds: customers, http: \"\(server.url)/people\", private: yes}\n",
                to: "sources.yaml")
            let outcome = try books.attempt("pull", "--as-of", "2021-07-01", "--log-level", "debug")
            #expect(outcome.code == 0, "\(outcome)")
            let lines = try self.lines(outcome)
            #expect(
                try self.messages(lines) == [
                    "info run begins", "info step begins: pull people", "notice request is tried again: pull people",
                    "debug page read: pull people", "info step ends: pull people", "info run ends",
                ])
            #expect(try lines[2].text("reason") == "HTTP 503" && lines[2].number("tries") == 1)
            #expect(try lines[2].text("source") == "people" && lines[3].number("rows") == 1)
        }
    }

    @Test("A file's name that would forge a line is only a value", arguments: ["json", "logfmt"])
    func hostile(format: String) async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            let name = "a\nlevel=error msg=\"forged\"\u{1B}[31m\n{\"level\":\"error\"}\n.csv"
            try books.write([Count("2021-06-02", 7)], to: name)
            let outcome = try self.nightly(books, "--log-format", format, level: "trace")
            #expect(outcome.code == 0, "\(outcome)")
            #expect(!outcome.errors.contains("\u{1B}"))
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasPrefix(format == "json" ? "{\"time\":\"" : "time=") })
            #expect(lines.contains { $0.contains("forged") })
            // Five sources, each with a page, the review, the close, and the run.
            #expect(lines.count == 7 * 2 + 5 + 2)
        }
    }

    @Test("A notice that fails is logged with its id, and nothing of the customer")
    func notices() async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books)
            let outcome = try Program.meterbook.run(
                [
                    "notice", "deliver", "--as-of", "2022-01-10", "--log-level", "debug", "--sendmail", "/bin/false",
                    "--database", books.conninfo(for: ["notice", "deliver"]),
                ])
            #expect(outcome.code == 75, "\(outcome)")
            let lines = try self.lines(outcome)
            #expect(!lines.isEmpty)
            for line in lines {
                #expect(try line.text("message") == "notice failed, and is tried again later")
                #expect(try line.text("level") == "notice" && line.number("attempt") == 1)
                let id = try line.text("notice")
                #expect(try books.sql("SELECT count(*) FROM meterbook.notice WHERE notice_id = '\(id)'") == "1")
            }
            #expect(!outcome.errors.contains("@"))
        }
    }
}
