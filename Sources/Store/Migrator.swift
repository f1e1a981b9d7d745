package import Postgres
package import SQL

/// Brings a database's schema to what the program needs: each migration once, in order, whole or not at all.
///
/// The file format is dbmate's: `-- migrate:up` begins what is applied, `-- migrate:down` what would take it back (never
/// run by Meterbook). What was applied is remembered with the SHA-256 of its file; a file that was edited afterwards is
/// refused, because nobody could say any more what the schema is.
package struct Migrator {
    private let connection: Connection
    private let migrations: [Migration]
    /// A migration that cannot get its locks gives up instead of queueing everybody else behind it.
    private static let lockTimeout: Milliseconds = 5_000

    package init(_ connection: Connection, migrations: [Migration] = Migration.all) {
        self.connection = connection
        self.migrations = migrations
    }

    /// A migration and whether it has been applied.
    package struct State: Sendable {
        package let version: String
        package let name: String
        package let sha256: String
        /// Microseconds since 1970-01-01 UTC; nil while it is missing.
        package let appliedAt: Int64?
    }

    /// What is applied and what is not, oldest first.
    ///
    /// - Throws: `StoreError` when files and database do not belong together.
    package func status() throws -> [State] {
        let found = try connection.first(Query(.findMigrationTable), as: Bool.self) ?? false
        let applied =
            found
            ? try connection.query(
                Query(.listMigrations), as: String.self, String.self, String.self, PGTimestamp.self) : []
        // The server computes the digests of the very texts that it is given to run.
        let digests = try connection.query(Query(.digestTexts, migrations.map(\.text)), as: String.self)
        guard digests.count == migrations.count else { throw StoreError.inconsistent("no digest") }
        var states: [State] = []
        for (index, (migration, sha256)) in zip(migrations, digests).enumerated() {
            let (version, name) = try migration.parts()
            if index < applied.count {
                let (appliedVersion, _, appliedDigest, appliedAt) = applied[index]
                guard appliedVersion == version else { throw StoreError.misplacedMigration(file: migration.file) }
                guard appliedDigest == sha256 else { throw StoreError.editedMigration(file: migration.file) }
                states.append(
                    State(version: version, name: name, sha256: sha256, appliedAt: appliedAt.microsecondsSince1970))
            } else {
                states.append(State(version: version, name: name, sha256: sha256, appliedAt: nil))
            }
        }
        if applied.count > migrations.count { throw StoreError.newerSchema(version: applied[migrations.count].0) }
        return states
    }

    /// Applies what is missing and returns it; empty when the schema is as the program needs it.
    package func migrate() throws -> [State] {
        _ = try connection.execute(Query(.lockMigration))
        let result = Result { try migrateLocked() }
        // The lock goes with the session in any case, and the first error is the one that matters.
        _ = try? connection.execute(Query(.unlockMigration))
        return try result.get()
    }

    private func migrateLocked() throws -> [State] {
        let membership = try Membership(connection)
        try membership.requireAny(of: [.owner, .auditor, .billing, .ingest], for: "a migration")
        // The statement needs the privilege to create schemas, which only the first migrator has to have.
        if try connection.first(Query(.findMigrationTable), as: Bool.self) != true {
            try connection.executeScript(name: Statement.createMigrationTable.name, Statement.createMigrationTable.text)
        }
        var done: [State] = []
        for (state, migration) in zip(try status(), migrations) where state.appliedAt == nil {
            try apply(state, migration)
            done.append(state)
        }
        return done
    }

    private func apply(_ state: State, _ migration: Migration) throws {
        let script = try migration.upScript()
        try Membership(connection).require([.owner], for: "a migration")
        do {
            try connection.transaction {
                _ = try connection.first(Query(.actAsOwner), as: String.self)
                try connection.withTimeouts(statement: nil, lock: Self.lockTimeout) {
                    try connection.executeScript(name: migration.file, script)
                    _ = try connection.execute(Query(.recordMigration, state.version, state.name, state.sha256))
                }
            }
        } catch PostgresError.server(let condition, _, let details)
            where [.insufficientPrivilege, .duplicateSchema].contains(condition)
        {
            // Both name objects of the schema, and nothing of what is in them.
            throw StoreError.refusedMigration(
                file: migration.file, reason: details.serverMessage, hint: details.serverHint)
        }
    }

    /// - Throws: `StoreError.notMigrated` when the schema is not exactly what the program needs.
    package func requireCurrent() throws {
        let missing = try status().filter { $0.appliedAt == nil }.map { "\($0.version)_\($0.name)" }
        guard missing.isEmpty else { throw StoreError.notMigrated(missing: missing) }
    }
}

extension Migration {
    /// The time and the name in the file's name.
    func parts() throws(StoreError) -> (version: String, name: String) {
        let version = file.prefix(14)
        guard version.count == 14, version.utf8.allSatisfy({ (48...57).contains($0) }), file.dropFirst(14).first == "_",
            file.count > 15
        else {
            throw .malformedMigration(file: file, reason: "a migration is named YYYYMMDDhhmmss_name.sql")
        }
        return (String(version), String(file.dropFirst(15)))
    }

    /// What is to be applied: everything between `-- migrate:up` and `-- migrate:down` or the end.
    func upScript() throws(StoreError) -> String {
        var script: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("-- migrate:up") {
                guard script == nil else { throw .malformedMigration(file: file, reason: "two '-- migrate:up' lines") }
                guard !line.contains("transaction:false") else {
                    throw .malformedMigration(
                        file: file, reason: "'transaction:false' is not supported: each is atomic")
                }
                script = []
            } else if line.hasPrefix("-- migrate:down") {
                break
            } else {
                script?.append(line)
            }
        }
        guard let script else { throw .malformedMigration(file: file, reason: "no line '-- migrate:up'") }
        return script.joined(separator: "\n")
    }
}
