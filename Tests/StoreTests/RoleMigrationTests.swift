import Postgres
import PrivateServer
import SQL
import Store
import TestSupport
import Testing

/// The roles on servers that do not have them yet: each test has a cluster of its own, because roles belong to all databases
/// of one.
@Suite("Making the roles")
struct RoleMigrationTests {
    /// A cluster with the logins `plain`, and `maker` who may create roles, as managed servers have instead of a superuser.
    private final class Cluster: Sendable {
        private let directory: TemporaryDirectory
        private let server: PrivateServer
        private let endpoint: Endpoint

        init() throws {
            directory = try TemporaryDirectory()
            server = PrivateServer(
                home: "/tmp/mbr-\(directory.path.split(separator: "/").last ?? "")", durability: .throwaway)
            endpoint = try server.start()
            try sql(
                "CREATE ROLE plain LOGIN; CREATE ROLE maker LOGIN CREATEROLE; CREATE ROLE \"other maker\" LOGIN CREATEROLE"
            )
        }

        deinit { try? server.destroy() }

        func connection(_ database: String = "postgres", as user: String? = nil) throws -> Connection {
            try Connection(
                conninfo: endpoint.conninfo(database: database) + (user.map { " user='\($0)'" } ?? ""))
        }

        /// As the superuser.
        func sql(_ text: String, database: String = "postgres") throws {
            for statement in text.split(separator: ";") where statement.contains(where: \.isLetter) {
                try connection(database).executeScript(name: "test", String(statement))
            }
        }

        func ask(_ text: String, database: String = "postgres") throws -> String? {
            try connection(database).first(Query(name: "test", text: text), as: String.self)
        }

        func migrate(_ database: String, as user: String, migrations: [Migration] = Migration.all) throws -> Int {
            try Migrator(connection(database, as: user), migrations: migrations).migrate().count
        }
    }

    private static let later = Migration(
        file: "20990101000001_later", text: "-- migrate:up\nCREATE TABLE meterbook.later (a integer);\n")

    private static func refusal(_ body: () throws -> Int) -> String {
        do { return "\(try body()) applied" } catch { return "\(error)" }
    }

    @Test("A login that may create roles makes them, stays a member of the owner, and needs no superuser")
    func maker() async throws {
        try await onOwnThread {
            let cluster = try Cluster()
            try cluster.sql("CREATE DATABASE books OWNER maker")
            #expect(try cluster.migrate("books", as: "maker") == Migration.all.count)
            #expect(try cluster.migrate("books", as: "maker", migrations: Migration.all + [Self.later]) == 1)
            #expect(
                try cluster.ask(
                    "SELECT string_agg(tableowner, ' ') FROM pg_tables WHERE tablename IN ('run', 'later')",
                    database: "books") == "meterbook_owner meterbook_owner")
            // Another member goes on, though the database is not his.
            let next = Migration(file: "20990101000002_next", text: "-- migrate:up\nDROP TABLE meterbook.later;\n")
            let all = Migration.all + [Self.later, next]
            let stranger = Self.refusal { try cluster.migrate("books", as: "plain", migrations: all) }
            #expect(stranger.contains("a migration takes meterbook_owner."), "\(stranger)")
            try cluster.sql("GRANT meterbook_ingest TO plain")
            let worker = Self.refusal { try cluster.migrate("books", as: "plain", migrations: all) }
            #expect(
                worker.contains("a migration takes meterbook_owner")
                    && worker.contains("GRANT meterbook_owner TO plain;"), "\(worker)")
            try cluster.sql("GRANT meterbook_owner TO plain")
            #expect(try cluster.migrate("books", as: "plain", migrations: all) == 1)
        }
    }

    @Test("A login that may not create roles is told what an administrator runs, and that is all that is lacking")
    func plain() async throws {
        try await onOwnThread {
            let cluster = try Cluster()
            try cluster.sql("CREATE DATABASE books OWNER plain")
            let said = Self.refusal { try cluster.migrate("books", as: "plain") }
            #expect(
                said.contains("20261121000012_roles was not applied: the login plain may not make the roles"), "\(said)"
            )
            let parts = said.split(separator: "an administrator of the server runs this once: ")
            let remedy = try #require(parts.last)
            #expect(
                remedy == """
                    CREATE ROLE meterbook_owner NOLOGIN; CREATE ROLE meterbook_ingest NOLOGIN; CREATE ROLE \
                    meterbook_billing NOLOGIN; CREATE ROLE meterbook_reporting NOLOGIN; CREATE ROLE \
                    meterbook_auditor NOLOGIN; GRANT meterbook_owner TO plain;
                    """)
            #expect(try cluster.ask("SELECT count(*)::text FROM meterbook.schema_migration", database: "books") == "11")
            try cluster.sql(String(remedy))
            #expect(try cluster.migrate("books", as: "plain") == Migration.all.count - 11)
            #expect(
                try cluster.ask(
                    "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'meterbook'", database: "books")
                    == "meterbook_owner")
        }
    }

    @Test("Roles that another database of the cluster has made serve this one, and a login is told to become a member")
    func second() async throws {
        try await onOwnThread {
            let cluster = try Cluster()
            try cluster.sql("CREATE DATABASE first; CREATE DATABASE second OWNER plain")
            _ = try Migrator(cluster.connection("first")).migrate()
            let said = Self.refusal { try cluster.migrate("second", as: "plain") }
            #expect(said.hasSuffix("runs this once: GRANT meterbook_owner TO plain;"), "\(said)")
            try cluster.sql("GRANT meterbook_owner TO plain")
            #expect(try cluster.migrate("second", as: "plain") == Migration.all.count - 11)
        }
    }

    @Test("Of databases that are migrated at the same moment one makes the roles, and all have them")
    func atOnce() async throws {
        try await onOwnThread {
            let cluster = try Cluster()
            let users = ["maker", "other maker", "maker", "other maker"]
            for (index, user) in users.enumerated() {
                try cluster.sql("CREATE DATABASE books\(index) OWNER \"\(user)\"")
                _ = try cluster.migrate("books\(index)", as: user, migrations: Array(Migration.all.prefix(11)))
            }
            // All of them wait for this one to give the first name up, so that they take it together.
            let holder = try cluster.connection()
            try holder.executeScript(name: "hold", "BEGIN")
            try holder.executeScript(name: "hold", "CREATE ROLE meterbook_owner")
            let results = Mailbox()
            for (index, user) in users.enumerated() {
                results.run { try cluster.migrate("books\(index)", as: user) }
            }
            let waiting = "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while try cluster.ask(waiting) != "4" {}
            try holder.executeScript(name: "release", "ROLLBACK")
            #expect(try results.collect(4) == users.map { _ in Migration.all.count - 11 })
            #expect(
                try cluster.ask("SELECT count(*)::text FROM pg_roles WHERE rolname ~ '^meterbook_' AND NOT rolcanlogin")
                    == "5")
        }
    }

    @Test("A schema reporting of somebody else's is left alone, and the migration says so")
    func squatted() async throws {
        try await onOwnThread {
            let cluster = try Cluster()
            try cluster.sql("CREATE DATABASE books OWNER maker")
            try cluster.sql("CREATE SCHEMA reporting", database: "books")
            let said = Self.refusal { try cluster.migrate("books", as: "maker") }
            #expect(said.contains("the database has a schema reporting already"), "\(said)")
            #expect(said.contains("ALTER SCHEMA reporting RENAME TO"), "\(said)")
            try cluster.sql("ALTER SCHEMA reporting RENAME TO theirs", database: "books")
            #expect(try cluster.migrate("books", as: "maker") == Migration.all.count - 11)
        }
    }
}
