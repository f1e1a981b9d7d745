import Postgres
import SQL
import Store
import TestSupport
import Testing

/// `psql \d+` is documentation: everything says what it is.
@Suite("The schema")
struct SchemaTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    @Test("Every table, column, type and function has a comment")
    func comments() async throws {
        try await withDatabase(Self.template) { database in
            let bare = try database.run(
                """
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace IN ('meterbook'::regnamespace, 'reporting'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
                    AND obj_description(c.oid, 'pg_class') IS NULL
                UNION ALL
                SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace IN ('meterbook'::regnamespace, 'reporting'::regnamespace) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
                    AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
                UNION ALL
                SELECT t.typname FROM pg_type t
                WHERE t.typnamespace = 'meterbook'::regnamespace AND t.typtype IN ('e', 'd')
                    AND obj_description(t.oid, 'pg_type') IS NULL
                UNION ALL
                SELECT p.proname FROM pg_proc p
                WHERE p.pronamespace = 'meterbook'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
                UNION ALL
                SELECT n.nspname FROM pg_namespace n
                WHERE n.nspname IN ('meterbook', 'reporting') AND obj_description(n.oid, 'pg_namespace') IS NULL
                """)
            #expect(bare == "")
        }
    }

    @Test("Every constraint has a name that says what it holds, begun with its table's")
    func names() async throws {
        try await withDatabase(Self.template) { database in
            // What PostgreSQL makes up itself ends so; its own name for a primary key is TABLE_pkey.
            let madeUp = try database.run(
                """
                SELECT c.relname || ': ' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                WHERE c.relnamespace = 'meterbook'::regnamespace AND NOT c.relispartition AND k.contype <> 'n'
                    AND (k.conname !~ ('^' || c.relname || '_') OR k.conname ~ '_(check|key|pkey|fkey|excl)[0-9]*$')
                """)
            #expect(madeUp == "")
            let count = try database.run(
                "SELECT count(*) > 50 FROM pg_constraint WHERE connamespace = 'meterbook'::regnamespace")
            #expect(count == "t")
        }
    }

    @Test("Every statement that a server can prepare is understood by it")
    func statements() async throws {
        try await withDatabase(Self.template) { database in
            let connection = try Connection(conninfo: database.conninfo)
            for script in Statement.all where script.name.hasPrefix("create_landed") {
                try connection.executeScript(name: script.name, script.text)
            }
            var prepared = 0
            for statement in Statement.all {
                let body = statement.text.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
                let verb = body.prefix { !$0.isWhitespace }
                guard ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(verb), !body.contains("{") else {
                    continue
                }
                do {
                    try connection.executeScript(name: statement.name, "PREPARE \(statement.name) AS \(body)")
                    prepared += 1
                } catch {
                    Issue.record("\(statement.name): \(error)")
                }
            }
            #expect(prepared > 70)
        }
    }

    private static func findings(_ conninfo: String, now: Int64) throws -> [String: String] {
        let findings = try Doctor(Connection(conninfo: conninfo)).examine(now: now)
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0.verdict.rawValue) })
    }

    @Test("The doctor finds a migrated database well, and says what a throwaway server lacks")
    func well() async throws {
        try await withDatabase(Self.template) { database in
            let clock = try database.run("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
            let now = try #require(Int64(clock))
            let findings = try Self.findings(database.conninfo, now: now)
            for check in ["server", "encoding", "writable", "schema", "roles", "temporary tables", "clock"] {
                #expect(findings[check] == "ok", "\(check)")
            }
            // A clock that is an hour off is noticed.
            #expect(try Self.findings(database.conninfo, now: now - 3_600_000_000)["clock"] == "warning")
        }
    }

    @Test("The doctor finds missing and edited migrations")
    func unwell() async throws {
        try await withDatabase { database in
            let findings = try Self.findings(database.conninfo, now: 0)
            #expect(findings["schema"] == "problem")
        }
        try await withDatabase(Self.template) { database in
            try database.run("UPDATE meterbook.schema_migration SET sha256 = repeat('0', 64) WHERE version LIKE '%3'")
            let findings = try Doctor(Connection(conninfo: database.conninfo)).examine(now: 0)
            let schema = try #require(findings.first { $0.check == "schema" })
            #expect(schema.verdict == .problem)
            #expect(schema.detail.contains("20261121000003_customer has been edited"))
        }
    }

    @Test("The doctor says which roles a login has, and what an administrator runs for those that it lacks")
    func roles() async throws {
        try await withDatabase(Self.template) { database in
            let login = database.name + "_login"
            try database.run("CREATE ROLE \(login) LOGIN; REVOKE TEMPORARY ON DATABASE \(database.name) FROM PUBLIC")
            defer { _ = try? database.run("DROP OWNED BY \(login); DROP ROLE \(login)") }
            func findings(_ role: String? = nil) throws -> [String: String] {
                if let role { try database.run("GRANT \(role) TO \(login)") }
                let found = try Doctor(Connection(conninfo: database.conninfo + " user=\(login)")).examine(now: 0)
                return Dictionary(uniqueKeysWithValues: found.map { ($0.check, "\($0.verdict): \($0.detail)") })
            }
            let night = "for the whole night's work an administrator runs:"
            let (ingest, billing) = ("GRANT meterbook_ingest TO \(login);", "GRANT meterbook_billing TO \(login);")
            let stranger = try findings()
            #expect(stranger["roles"] == "problem: none; \(night) \(ingest) \(billing)")
            #expect(stranger["schema"] == nil)
            #expect(stranger["temporary tables"]?.hasPrefix("problem") == true)
            #expect(try findings("meterbook_reporting")["roles"]?.hasPrefix("problem: meterbook_reporting; ") == true)
            #expect(
                try findings("meterbook_ingest")["roles"]
                    == "warning: meterbook_ingest, meterbook_reporting; \(night) \(billing)")
            let whole = try findings("meterbook_billing")
            #expect(whole["roles"] == "ok: meterbook_ingest, meterbook_billing, meterbook_reporting")
            #expect(whole["schema"]?.hasPrefix("ok: all ") == true)
        }
    }
}
