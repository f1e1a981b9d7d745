import Postgres
import SQL
import Store
import TestSupport
import Testing

/// Each migration once, in order, whole or not at all.
@Suite("Migrations")
struct MigratorTests {
    private static let first = Migration(
        file: "20990101000001_first", text: "-- migrate:up\nCREATE TABLE meterbook.first (a integer);\n")
    private static let second = Migration(
        file: "20990101000002_second", text: "-- migrate:up\nCREATE TABLE meterbook.second (a integer);\n")
    /// Its last statement fails, after one that succeeds.
    private static let broken = Migration(
        file: "20990101000002_second",
        text: "-- migrate:up\nCREATE TABLE meterbook.second (a integer);\nSELECT 1 / 0;\n")

    private static func migrator(_ database: TestDatabase, _ migrations: Migration...) throws -> Migrator {
        Migrator(try Connection(conninfo: database.conninfo), migrations: migrations)
    }

    private static func tables(_ database: TestDatabase) throws -> String {
        try database.run(
            """
            SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'meterbook'::regnamespace AND relkind = 'r'
            """
        )
    }

    /// The description of the error that the body throws.
    private static func error(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("A migration that fails leaves nothing of itself and everything of those before it; repaired, it is applied")
    func atomic() async throws {
        try await withDatabase { database in
            let said = Self.error { _ = try Self.migrator(database, Self.first, Self.broken).migrate() }
            #expect(said.contains("20990101000002_second"))
            #expect(said.contains("22012"))
            #expect(try Self.tables(database) == "first schema_migration")
            #expect(try database.run("SELECT version FROM meterbook.schema_migration") == "20990101000001")
            let done = try Self.migrator(database, Self.first, Self.second).migrate()
            #expect(done.map(\.name) == ["second"])
            #expect(try Self.tables(database) == "first schema_migration second")
            #expect(try Self.migrator(database, Self.first, Self.second).migrate().isEmpty)
        }
    }

    @Test("A migration that was edited after it was applied is refused, and so is a database that is ahead")
    func edited() async throws {
        try await withDatabase { database in
            _ = try Self.migrator(database, Self.first, Self.second).migrate()
            let edited = Migration(file: Self.first.file, text: Self.first.text + "-- a comment\n")
            let said = Self.error { _ = try Self.migrator(database, edited, Self.second).migrate() }
            #expect(said.contains("20990101000001_first has been edited"))
            let ahead = Self.error { _ = try Self.migrator(database, Self.first).migrate() }
            #expect(ahead.contains("20990101000002, which this program does not know"))
            let misplaced = Self.error {
                _ = try Self.migrator(
                    database, Migration(file: "20980101000000_earlier", text: "-- migrate:up\nSELECT 1;\n"), Self.first,
                    Self.second
                ).migrate()
            }
            #expect(misplaced.contains("20980101000000_earlier stands out of order"))
            #expect(try database.run("SELECT count(*) FROM meterbook.schema_migration") == "2")
        }
    }

    @Test(
        "A file that is no migration is refused with its reason",
        arguments: [
            ("first", "-- migrate:up\nSELECT 1;", "YYYYMMDDhhmmss_name.sql"),
            ("20990101000001", "-- migrate:up\nSELECT 1;", "YYYYMMDDhhmmss_name.sql"),
            ("20990101000001_a", "SELECT 1;", "no line '-- migrate:up'"),
            ("20990101000001_a", "-- migrate:up\n-- migrate:up\n", "two '-- migrate:up' lines"),
            ("20990101000001_a", "-- migrate:up transaction:false\n", "transaction:false"),
        ])
    func malformed(file: String, text: String, words: String) async throws {
        try await withDatabase { database in
            let said = Self.error { _ = try Self.migrator(database, Migration(file: file, text: text)).migrate() }
            #expect(said.contains(words))
            let applied = try database.run("SELECT count(*) FROM meterbook.schema_migration")
            #expect(applied == "0")
        }
    }

    @Test("What stands below migrate:down is not run")
    func down() async throws {
        try await withDatabase { database in
            let both = Migration(
                file: Self.first.file, text: Self.first.text + "-- migrate:down\nDROP TABLE meterbook.first;\n")
            _ = try Self.migrator(database, both).migrate()
            #expect(try Self.tables(database) == "first schema_migration")
        }
    }

    @Test("Of two migrators at once one waits, and finds nothing to do")
    func lock() async throws {
        try await withDatabase { database in
            // The lock is held from here, so that both wait for it and then come one after the other.
            let holder = try Connection(conninfo: database.conninfo)
            try holder.executeScript(name: Statement.lockMigration.name, Statement.lockMigration.text)
            let results = Mailbox()
            for _ in 0..<2 {
                results.run {
                    try Migrator(Connection(conninfo: database.conninfo)).migrate().count
                }
            }
            let waiting = """
                SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
                WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
                """
            while try database.run(waiting) != "2" {}
            #expect(try database.run("SELECT to_regnamespace('meterbook') IS NULL") == "t")
            holder.close()
            let counts = try results.collect(2)
            #expect(counts.sorted() == [0, Migration.all.count])
        }
    }

    @Test("The status of an empty database is that everything is missing")
    func status() async throws {
        try await withDatabase { database in
            let states = try Migrator(Connection(conninfo: database.conninfo)).status()
            #expect(states.map(\.appliedAt) == Migration.all.map { _ in nil })
            #expect(try database.run("SELECT to_regnamespace('meterbook') IS NULL") == "t")
        }
    }
}
