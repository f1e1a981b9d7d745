import Foundation
import Postgres
import Store
import TestSupport

/// A database of its own with the schema, a deployment folder, and the real program to run on them.
struct Books: Sendable {
    let database: TestDatabase
    let folder: TemporaryDirectory

    /// Runs the program on these books.
    @discardableResult
    func meterbook(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
        try Program.meterbook.run(arguments + ["--database", conninfo(for: arguments)], environment: environment)
    }

    /// Runs the program and expects it to succeed.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let outcome = try Program.meterbook.run(arguments + ["--database", conninfo(for: arguments)], environment: [:])
        guard outcome.code == 0 else {
            throw TestFailure(
                "\(arguments.joined(separator: " ")) ended with \(outcome.code ?? -1): \(outcome.errors)\(outcome.output)"
            )
        }
        return outcome.output
    }

    /// The database, for a command with the least role that it takes.
    func conninfo(for arguments: [String]) -> String { LeastRole.conninfo(database.conninfo, for: arguments) }

    /// What somebody does who may do anything: nothing keeps what was invoiced from him.
    func tamper(_ text: String) throws {
        try database.run("SET session_replication_role = replica;\n" + text)
    }

    /// What SQL prints: rows as lines, columns separated by `|`.
    func sql(_ text: String) throws -> String {
        try database.run(text)
    }
}

/// Gives a test its own books. The schema is migrated once a process and copied for each test.
func withBooks<R: Sendable>(
    file: String = #fileID, line: Int = #line, _ body: @escaping @Sendable (Books) throws -> R
) async throws -> R {
    let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }
    return try await withDatabase(template, file: file, line: line) { database in
        try body(Books(database: database, folder: TemporaryDirectory()))
    }
}

extension Books {
    /// The text of a file of the repository.
    static func text(of path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}
