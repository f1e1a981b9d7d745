import Foundation
import Postgres
import Store
import TestSupport

/// The orders of CDNOW for tests: all of them, or those of the first customers alone.
enum CDNOW {
    static let firstDay = "1997-01-01"
    static let lastDay = "1998-07-01"

    /// The example as it is delivered.
    static let example: String = {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent("jobs/examples/cdnow").path
    }()

    /// A file of the example, unpacked by gzip, not by the program under test.
    static func lines(_ name: String) throws -> [Substring] {
        let outcome = try Program(path: "/bin/gzip").run(["-dc", "\(example)/data/\(name).csv.gz"])
        guard outcome.code == 0 else { throw TestFailure("gzip: \(outcome.errors)") }
        return outcome.output.split(separator: "\n")
    }

    /// The example cut to its first customers, as a deployment of its own. CDNOW numbers them from 1, in five digits.
    static func deployment(customers: Int) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        for name in ["catalog", "sources"] {
            let text = try String(contentsOfFile: "\(example)/\(name).yaml", encoding: .utf8)
            try folder.write(
                text.split(separator: ".csv.gz", omittingEmptySubsequences: false).joined(separator: ".csv"),
                to: "\(name).yaml")
        }
        for name in ["subscribers", "orders"] {
            let all = try lines(name)
            let cut = all.dropFirst().filter { Int($0.prefix(5)).map { $0 <= customers } ?? false }
            try folder.write((all.prefix(1) + cut).joined(separator: "\n") + "\n", to: "data/\(name).csv")
        }
        return folder
    }

    /// Books in which everything has been pulled and nothing is closed.
    static func pulled(customers: Int? = nil) -> Template {
        prepared("pulled", customers, sources: ["customers", "subscriptions", "accounts", "memberships", "orders"])
    }

    /// Books that know everybody and have no reading yet.
    static func withoutReadings(customers: Int) -> Template {
        prepared("parties", customers, sources: ["customers", "subscriptions", "accounts", "memberships"])
    }

    /// Books that have a catalog and nothing else.
    static func withoutCustomers() -> Template { prepared("catalog", 0, sources: []) }

    private static func prepared(_ name: String, _ customers: Int?, sources: [String]) -> Template {
        Template.named("cdnow_\(name)_\(customers.map(String.init) ?? "all")") { conninfo in
            _ = try Migrator(Connection(conninfo: conninfo)).migrate()
            let cut = try customers.map { try deployment(customers: $0) }
            try withExtendedLifetime(cut) {
                let folder = cut?.path ?? example
                func run(_ arguments: String...) throws {
                    let outcome = try Program.meterbook.run(arguments + ["--database", conninfo])
                    guard outcome.code == 0 else { throw TestFailure("\(arguments): \(outcome.errors)") }
                }
                try run("catalog", "apply", "\(folder)/catalog.yaml")
                for source in sources { try run("pull", "--deployment", folder, "--source", source) }
            }
        }
    }
}

extension Books {
    /// Starts the program on these books, to be watched or stopped on its way.
    func start(_ arguments: String...) throws -> RunningProgram {
        try Program.meterbook.start(arguments + ["--database", database.conninfo])
    }

    /// All invoices as they are exported, in a file.
    func export(to file: String) throws {
        let outcome = try Program(path: "/bin/sh").run(
            ["-c", "\"$0\" invoice export --database \"$1\" > \"$2\"", Program.meterbook.path, database.conninfo, file])
        guard outcome.code == 0 else { throw TestFailure("invoice export: \(outcome.errors)") }
    }

    /// The SHA-256 of the export: two exports are the same bytes when it is the same.
    func exportDigest() throws -> String {
        let file = "\(folder.path)/export"
        try export(to: file)
        let outcome = try Program(path: "/bin/sh").run(["-c", "sha256sum < \"$0\" && rm \"$0\"", file])
        guard outcome.code == 0 else { throw TestFailure("sha256sum: \(outcome.errors)") }
        return outcome.output
    }

    /// What the program prints with `--json`, whether it succeeds or not.
    func json(_ arguments: String...) throws -> [String: Any] {
        let outcome = try Program.meterbook.run(arguments + ["--json", "--database", database.conninfo])
        return try Self.object(outcome.output)
    }

    static func object(_ text: String) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw TestFailure("no JSON object: \(text.prefix(200))")
        }
        return object
    }

    /// How the runs ended, the latest first: `job status`.
    func runs() throws -> [String] {
        let runs = try json("run", "list")["runs"] as? [[String: Any]] ?? []
        return runs.map { "\($0["job"] ?? "") \($0["status"] ?? "")" }
    }

    /// A hash of every row of every table.
    func digestOfEverything() throws -> String {
        try sql(
            """
            SELECT md5(string_agg(t.name || t.rows, '|' ORDER BY t.name)) FROM (
                SELECT table_name AS name, coalesce((xpath('/row/c/text()', query_to_xml(format(
                    'SELECT md5(string_agg(x::text, E''\\n'' ORDER BY x::text COLLATE "C")) AS c FROM meterbook.%I AS x',
                    table_name), false, true, '')))[1]::text, '') AS rows
                FROM information_schema.tables WHERE table_schema = 'meterbook' AND table_type = 'BASE TABLE') AS t
            """)
    }

    /// Books of their own for `body`, dropped afterwards.
    static func copy<R>(of template: Template, _ body: (Books) throws -> R) throws -> R {
        let database = try TestDatabase.make(template: template)
        defer { try? database.drop() }
        return try body(Books(database: database, folder: TemporaryDirectory()))
    }

    /// Runs again, as cron would, until no remains of a killed run are in the way: the server may need a moment to notice
    /// that it is gone.
    func runAgain(_ arguments: String...) throws -> Program.Outcome { try runAgain(arguments) }

    func runAgain(_ arguments: [String]) throws -> Program.Outcome {
        for _ in 0..<100 {
            let outcome = try Program.meterbook.run(arguments + ["--database", conninfo(for: arguments)])
            if outcome.code != 75 { return outcome }
        }
        throw TestFailure("\(arguments): another run is in the way for ever")
    }
}

/// Books for a test, made from a template.
func withBooks<R: Sendable>(
    of template: Template, _ body: @escaping @Sendable (Books) throws -> R
) async throws -> R {
    try await withDatabase(template) { database in
        try body(Books(database: database, folder: TemporaryDirectory()))
    }
}
