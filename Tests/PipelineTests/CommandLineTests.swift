import Foundation
import PrivateServer
import TestSupport
import Testing

/// What people and cron meet: help, exit codes, JSON, terminals, pipes.
@Suite("The command line")
struct CommandLineTests {
    /// Every command that there is, as the argument parser tells of them; the empty one is the program.
    private static let commands: [[String]] = {
        struct Dump: Decodable {
            struct Command: Decodable {
                let commandName: String
                let subcommands: [Command]?
            }
            let command: Command
        }
        func names(_ command: Dump.Command, _ path: [String]) -> [[String]] {
            [path]
                + (command.subcommands ?? []).filter { $0.commandName != "help" }.flatMap {
                    names($0, path + [$0.commandName])
                }
        }
        guard let dump = try? Program.meterbook.run(["--experimental-dump-help"]),
            let root = try? JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8))
        else { return [] }
        return names(root.command, [])
    }()

    @Test("The commands are those that the design names, and more")
    func known() {
        for command in ["nightly", "invoice reissue", "run start", "schedule systemd", "credit issue", "replay"] {
            #expect(Self.commands.contains(command.split(separator: " ").map(String.init)))
        }
        #expect(Self.commands.count > 70)
    }

    /// A server that is not there, so that nothing that a test tries can reach one.
    private static func nowhere() throws -> (TemporaryDirectory, [String: String]) {
        let directory = try TemporaryDirectory()
        return (directory, ["PGHOST": directory.path])
    }

    @Test("Every help text ends with 0 and fits 80 columns", arguments: commands)
    func help(command: [String]) async throws {
        try await onOwnThread {
            let outcome = try Program.meterbook.run(command + ["--help"])
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("USAGE: "))
            let wide = outcome.output.split(separator: "\n").filter { $0.count > 80 }
            #expect(wide.isEmpty)
        }
    }

    @Test("Every command that a help text shows as an example can be typed", arguments: commands)
    func examples(command: [String]) async throws {
        try await onOwnThread {
            let (directory, environment) = try Self.nowhere()
            let help = try Program.meterbook.run(command + ["--help"]).output
            for line in help.split(separator: "\n") where line.hasPrefix("  meterbook ") {
                try Self.check(String(line), environment)
            }
            _ = directory
        }
    }

    @Test("Every command of the documents can be typed", arguments: ["README.md", "jobs/README.md", "sql/README.md"])
    func documents(file: String) async throws {
        try await onOwnThread {
            let (directory, environment) = try Self.nowhere()
            let text = try Books.text(of: Books.repository + "/" + file)
            var isShown = false
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    isShown.toggle()
                } else if isShown, line.hasPrefix("meterbook ") {
                    try Self.check(
                        line.replacingOccurrences(of: "SUBSCRIPTION", with: "northwind"), environment)
                }
            }
            _ = directory
        }
    }

    /// Runs a command line without a server: everything but a wrong command line (64) will do.
    private static func check(_ line: String, _ environment: [String: String]) throws {
        let words = Array(Self.words(of: line).prefix { ![">", "<", "#", "|"].contains($0) }.dropFirst())
        let outcome = try Program.meterbook.run(words, environment: environment, directory: Books.repository)
        #expect(outcome.code != 64 && outcome.code != nil, "\(line): \(outcome.errors)")
    }

    @Test("The completions are scripts that their shells take", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        try await onOwnThread {
            let script = try Program.meterbook.run(["--generate-completion-script", shell])
            #expect(script.code == 0 && script.output.contains("verify-chain"))
            let directory = try TemporaryDirectory()
            try directory.write(script.output, to: "meterbook")
            // Of a shell that is not installed nobody needs the completions here.
            let checked = try Command(
                "/bin/sh", ["-c", "command -v $0 >/dev/null || exit 0; $0 -n $1", shell, directory.path + "/meterbook"]
            ).run()
            #expect(checked.succeeded, "\(checked.errorText)")
        }
    }

    /// As a shell splits a line, with single and double quotes.
    private static func words(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                (quote, word) = (character, word ?? "")
            } else if quote == nil, character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap(\.self)
    }

    @Test(
        "A command line that is wrong ends with 64 and says what is",
        arguments: [
            (["nightly", "--frobnicate"], "--frobnicate"), (["close", "--as-of", "2022-02-30"], "2022-02-30"),
            (["close", "--as-of", "tomorrow"], "tomorrow"), (["backfill", "--from", "2022-01-01"], "--to"),
            (["close", "--workers", "0"], "--workers"), (["close", "--batch", "0"], "--batch"), (["bill"], "bill"),
            (["invoice", "list", "--limit", "0"], "--limit"), (["usage"], "subscription"),
            (["entitlements"], "subscription"), (["entitlements", "a", "--as-of", "soon"], "soon"),
            (["eligibility", "a"], "--plan"), (["eligibility", "--plan", "p"], "subscription"),
            (["explain", "northwind"], "northwind"), (["run", "show", "x"], "x"),
            (["replay"], "--all"), (["replay", "northwind"], "northwind"),
            (["replay", "northwind/2022-03-01", "--all"], "--all"),
            (["replay", "northwind/2022-03-01", "--from", "2022-01-01"], "--from"),
            (["quote", "--plan", "silver"], "--catalog"), (["notice", "deliver"], "--directory"),
            (["notice", "deliver", "--directory", "a", "--sendmail", "b"], "--directory"),
            (["notice", "deliver", "--sendmail", "b", "--from", "a@b"], "--from"),
            (["notice", "deliver", "--sendmail", "b", "--from", "a@b.example\r\nBcc: c@d.example"], "--from"),
            (["notice", "deliver", "--webhook", "https://a.example"], "--secret-file"),
            (["notice", "deliver", "--directory", "a", "--attempts", "0"], "--attempts"),
            (["notice", "list", "--status", "lost"], "lost"),
        ])
    func usageErrors(arguments: [String], words: String) async throws {
        try await onOwnThread {
            let (directory, environment) = try Self.nowhere()
            let outcome = try Program.meterbook.run(arguments, environment: environment)
            #expect(outcome.code == 64)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            _ = directory
        }
    }

    @Test(
        "Without a server a command ends with 69",
        arguments: [["migrate"], ["close"], ["invoice", "list"], ["doctor"]])
    func noServer(arguments: [String]) async throws {
        try await onOwnThread {
            let (directory, environment) = try Self.nowhere()
            let outcome = try Program.meterbook.run(arguments, environment: environment)
            #expect(outcome.code == 69)
            #expect(outcome.errors.hasPrefix("meterbook: "))
            #expect(outcome.output.isEmpty)
            _ = directory
        }
    }

    @Test("A database that is not set up ends with 78 and says what to type")
    func notSetUp() async throws {
        try await withDatabase { database in
            for arguments in [["close"], ["invoice", "list"], ["reconcile"]] {
                let outcome = try Program.meterbook.run(arguments + ["--database", database.conninfo])
                #expect(outcome.code == 78)
                #expect(outcome.errors.contains("meterbook migrate"), "\(outcome.errors)")
            }
        }
        try await withBooks { books in
            for job in ["pull", "nightly"] {
                try books.deploy([], catalog: nil)
                let outcome = try books.attempt(job, "--as-of", "2022-06-01")
                #expect(outcome.code == 78)
                #expect(outcome.errors.contains("meterbook catalog apply"), "\(outcome.errors)")
            }
            let close = try books.meterbook("close", "--as-of", "2022-06-01")
            #expect(close.code == 78)
            let empty = try books.meterbook("pull", "--deployment", books.folder.path + "/nothing")
            #expect(empty.code == 78)
            #expect(empty.errors.contains("sources.yaml"))
        }
    }

    @Test("A migration that is not what was applied ends every command with 78")
    func editedMigration() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.sql(
                "UPDATE meterbook.schema_migration SET sha256 = repeat('0', 64) WHERE version = '20261121000003'")
            for arguments in [["migrate"], ["migrate", "--status"], ["close"], ["invoice", "list"], ["doctor"]] {
                let outcome = try Program.meterbook.run(arguments + ["--database", books.database.conninfo])
                #expect(outcome.code == 78)
                #expect((outcome.errors + outcome.output).contains("customer"), "\(arguments): \(outcome.errors)")
            }
            try books.sql("DELETE FROM meterbook.schema_migration WHERE version >= '20261121000003'")
            #expect(try books.meterbook("close").errors.contains("lacks 21 migration(s)"))
            try books.sql(
                "INSERT INTO meterbook.schema_migration SELECT '29990101000000', 'later', repeat('0', 64), now()")
            let later = try books.meterbook("close")
            #expect(later.code == 78)
        }
    }

    @Test("What was asked for and is not there is named")
    func unknownNames() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.job("nightly", "--as-of", "2021-07-01")
            let asked: [(outcome: Program.Outcome, words: String)] = [
                (try books.meterbook("usage", "southwind"), "there is no subscription 'southwind'"),
                (try books.meterbook("entitlements", "southwind"), "there is no subscription 'southwind'"),
                (try books.meterbook("customer", "show", "southwind"), "there is no customer 'southwind'"),
                (try books.meterbook("eligibility", "northwind", "--plan", "iron"), "there is no plan 'iron'"),
                (
                    try books.meterbook("invoice", "show", "northwind/2021-07-02"),
                    "there is no invoice 'northwind/2021-07-02'"
                ),
                (try books.meterbook("explain", "southwind/2021-07-01"), "there is no invoice 'southwind/2021-07-01'"),
                (try books.meterbook("run", "show", "99"), "there is no run 99"),
                (
                    try books.attempt("pull", "--source", "refunds", "--as-of", "2021-07-01"),
                    "there is no source 'refunds'"
                ),
                (
                    try books.attempt("pull", "--from", "2021-07-02", "--to", "2021-07-02", "--as-of", "2021-07-03"),
                    "the window from 2021-07-02 to 2021-07-02 is empty"
                ),
            ]
            for (outcome, words) in asked {
                #expect(outcome.code == 64)
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
            }
        }
    }

    @Test("A catalog with mistakes ends with 65, and is not applied")
    func wrongCatalog() async throws {
        try await withBooks { books in
            let file = try books.folder.write("catalog: x\ncurrency: USD\n", to: "catalog.yaml")
            for arguments in [["check", file], ["apply", file, "--database", books.database.conninfo]] {
                let outcome = try Program.meterbook.run(["catalog"] + arguments)
                #expect(outcome.code == 65)
                #expect(outcome.errors.contains("catalog.yaml:"))
            }
            #expect(try books.sql("SELECT count(*) FROM meterbook.catalog") == "0")
            #expect(try Program.meterbook.run(["catalog", "check", file + ".nothing"]).code == 69)
        }
    }

    @Test("Every --json output is one JSON document that begins with its schema")
    func json() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.folder.write(
                "account,channel,day,quantity\nnorthwind-store,a,2021-06-02,5\nnobody,a,2021-06-02,5\n",
                to: "orders/all.csv")
            let database = ["--database", books.database.conninfo]
            let folder = ["--deployment", books.folder.path, "--as-of", "2021-08-01"]
            let commands: [(arguments: [String], code: Int32, schema: String)] = [
                (["migrate"], 0, "migrations"), (["migrate", "--status"], 0, "migrations"), (["doctor"], 0, "doctor"),
                (["catalog", "diff", Books.connexCatalog], 0, "catalog-diff"),
                (["catalog", "apply", Books.connexCatalog], 0, "catalog-applied"),
                (["pull"] + folder, 65, "run-summary"), (["close", "--as-of", "2021-07-01"], 0, "run-summary"),
                (["nightly"] + folder, 65, "run-summary"),
                (["backfill", "--from", "2021-06-01", "--to", "2021-08-01"] + folder, 65, "run-summary"),
                (["usage", "northwind", "--as-of", "2021-07-15"], 0, "usage"),
                (["entitlements", "northwind", "--as-of", "2021-07-15"], 0, "entitlements"),
                (["eligibility", "northwind", "--plan", "gold", "--as-of", "2021-07-15"], 0, "eligibility"),
                (["invoice", "list"], 0, "invoice-list"),
                (["invoice", "show", "northwind/2021-07-01"], 0, "invoice"),
                (["explain", "northwind/2021-07-01"], 0, "explanation"), (["run", "list"], 0, "run-list"),
                (["run", "show", "1"], 0, "run"), (["reject", "list"], 0, "rejection-list"),
                (
                    [
                        "invoice", "line", "add", "northwind", "--amount", "1.00", "--text", "Copy", "--reason", "r",
                        "--by",
                        "b", "--as-of", "2021-08-01",
                    ], 0, "manual-line"
                ), (["invoice", "line", "list"], 0, "manual-line-list"),
                (
                    [
                        "invoice", "line", "withdraw", "northwind", "1", "--reason", "r", "--by", "b", "--as-of",
                        "2021-08-01",
                    ],
                    0, "manual-line"
                ),
                (["hold", "list"], 0, "hold-list"), (["notice", "list"], 0, "notice-list"),
                (["notice", "deliver", "--directory", books.folder.path], 0, "notice-delivery"),
                (["customer", "details", "northwind", "--country", "DE"], 0, "customer"),
                (["customer", "show", "northwind"], 0, "customer"),
                (["customer", "erase", "northwind"], 0, "customer"),
                (["reconcile"], 0, "reconciliation"), (["replay", "--all"], 0, "replay"),
            ]
            for command in commands {
                let outcome = try Program.meterbook.run(command.arguments + ["--json"] + database)
                #expect(outcome.code == command.code, "\(command.arguments): \(outcome.errors)")
                let document = try JSON(outcome.output)
                let schema = try document.text("schema")
                #expect(schema == "meterbook.\(command.schema)/1")
                #expect(outcome.output.hasPrefix("{\n  \"schema\": \"meterbook."))
            }
            let check = try Program.meterbook.run(["catalog", "check", Books.connexCatalog, "--json"])
            #expect(try JSON(check.output).text("schema") == "meterbook.diagnostics/1")
            for line in try books.run("invoice", "export").split(separator: "\n") {
                #expect(line.hasPrefix("{\"schema\":\"meterbook.invoice/1\""))
                _ = try JSON(String(line))
            }
        }
    }

    @Test("A list of invoices fits a terminal of 80 columns, whatever the names")
    func terminal() async throws {
        try await withBooks { books in
            let long = "a-subscription-with-a-rather-long-key-that-somebody-has-chosen-in-another-system"
            try books.deploy(.legacy(), .legacy(long))
            try books.folder.write(
                "customer,name\nnorthwind,Ünïcödé 株式会社テスト\n\(long),\(String(repeating: "Very ", count: 30))Long Ltd\n",
                to: "customers.csv")
            try books.job("nightly", "--as-of", "2021-09-01")
            for arguments in [["invoice", "list"], ["run", "list"], ["run", "show", "1"], ["reconcile"], ["doctor"]] {
                let outcome = try Program.meterbook.run(
                    arguments + ["--database", books.database.conninfo], terminal: Terminal(columns: 80))
                #expect(outcome.code == 0)
                let wide = outcome.screen.split(whereSeparator: \.isNewline).filter { $0.count > 80 }
                #expect(wide.isEmpty, "\(arguments)")
                #expect(!outcome.screen.contains("\u{1B}"))
            }
        }
    }

    @Test("A reader that has seen enough ends the program without a complaint")
    func closedPipe() async throws {
        try await withBooks { books in
            try books.deploy((0..<40).map { .legacy("customer-\($0)") })
            try books.job("nightly", "--as-of", "2022-06-01")
            let program = try Program.meterbook.path
            for command in ["invoice export", "invoice list --limit 1000", "run list"] {
                let shell = try Command(
                    "/bin/bash",
                    [
                        "-c",
                        "set -o pipefail; '\(program)' \(command) --database \"$0\" | head -1; echo ${PIPESTATUS[0]}",
                        books.database.conninfo,
                    ],
                    environment: Command.plain
                ).run()
                #expect(shell.errorText.isEmpty, "\(command): \(shell.errorText)")
                let lines = shell.outputText.split(separator: "\n")
                #expect(lines.count == 2)
                // Done before the reader went, or ended by SIGPIPE as every other program.
                #expect(["0", "141"].contains(String(lines.last ?? "")), "\(command): \(lines)")
            }
        }
    }

    @Test("A successful set-up command that has nothing to do is silent")
    func quiet() async throws {
        try await withBooks { books in
            try books.run("catalog", "apply", Books.connexCatalog)
            for arguments in [["migrate"], ["catalog", "apply", Books.connexCatalog]] {
                let outcome = try Program.meterbook.run(arguments + ["--database", books.database.conninfo])
                #expect(outcome.code == 0)
                #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
            }
        }
    }
}
