import Postgres
import SQL
import Store
import TestSupport
import Testing

/// Who may do what: the privileges as declared, and attempts in earnest.
@Suite("Roles")
struct RoleTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    private static let months = """
        SELECT meterbook.ensure_months(relname, '2026-03-01', '2026-05-01') FROM pg_class
        WHERE relnamespace = 'meterbook'::regnamespace AND relkind = 'p';
        """

    @Test("Every object has the privileges that are declared, and belongs to meterbook_owner")
    func matrix() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(Self.months)
            let (granted, foreign) = try Privileges.granted(in: database)
            #expect(foreign == "", "objects of another owner than meterbook_owner")
            let declared = Privileges.declaredByObject
            #expect(granted.count > 90)
            for object in Set(granted.keys).union(declared.keys).sorted() {
                switch (declared[object], granted[object]) {
                case (nil, let found?):
                    Issue.record(
                        """
                        \(object) is not declared. Add its line to Privileges.declared, and to its migration the GRANTs \
                        that the line says; now it has: \(object)  \(found)
                        """)
                case (let line?, nil): Issue.record("\(object) is declared (\(line)) and not there")
                case (let line, let found): #expect(line == found, "\(object)")
                }
            }
        }
    }

    @Test("Of a database that was migrated long ago, the months that there were have the same privileges as new ones")
    func months() async throws {
        try await withDatabase { database in
            _ = try Migrator(Connection(conninfo: database.conninfo), migrations: Array(Migration.all.prefix(11)))
                .migrate()
            try database.run(Self.months)
            _ = try Migrator(Connection(conninfo: database.conninfo)).migrate()
            let (granted, foreign) = try Privileges.granted(in: database)
            #expect(foreign == "")
            for (object, found) in granted where object.hasPrefix("month ") { #expect(found == "- - - r", "\(object)") }
            #expect(granted.keys.count { $0.hasPrefix("month ") } == 8)
            #expect(Self.attempt("TRUNCATE meterbook.invoice_202603", as: "meterbook_owner", in: database) == "23001")
        }
    }

    /// One invoice, finalized, paid and voided.
    private static let invoice =
        months + """
            INSERT INTO meterbook.run (job, as_of, program_version) VALUES ('close', '2026-03-01', 'test');
            INSERT INTO meterbook.billing_period
                (customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine, run_id)
            VALUES (1, 1, '2026-03-01', '2026-02-01', 1, 1, 7, 1, 1);
            INSERT INTO meterbook.invoice (customer_id, subscription_id, period_ends, kind, currency, total, line_count)
            VALUES (1, 1, '2026-03-01', 'period', 'USD', 100, 1);
            INSERT INTO meterbook.invoice_line
                (customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts,
                service_ends, quantity, counted_before, threshold, billable, amount)
            VALUES (1, 1, '2026-03-01', 'period', 1, 'flat', 1, '2026-02-01', '2026-03-01', 1, 0, 0, 1, 100);
            INSERT INTO meterbook.finalized_invoice
                (customer_id, subscription_id, period_ends, kind, series_id, number, label, issued_on, net, tax, gross,
                tax_notes, catalog_id, digest, run_id)
            VALUES (1, 1, '2026-03-01', 'period', 1, 1, 'R1', '2026-03-01', 100, 0, 100, '', 1,
                sha256(''), 1);
            INSERT INTO meterbook.invoice_tax
                (customer_id, subscription_id, period_ends, kind, place, treatment, category, percent, net, tax)
            VALUES (1, 1, '2026-03-01', 'period', 1, 'exempt', 'standard', 0, 100, 0);
            INSERT INTO meterbook.invoice_payment
                (customer_id, subscription_id, period_ends, kind, entry, status, since, author, run_id)
            VALUES (1, 1, '2026-03-01', 'period', 1, 'paid', '2026-03-02', 'me', 1);
            INSERT INTO meterbook.voided_invoice
                (customer_id, subscription_id, period_ends, kind, voided_on, reason, author, run_id)
            VALUES (1, 1, '2026-03-01', 'period', '2026-03-03', 'wrong', 'me', 1);
            """

    /// What came of a statement: `done`, or the SQLSTATE.
    private static func attempt(_ sql: String, as role: String, in database: TestDatabase) -> String {
        do {
            let connection = try Connection(conninfo: database.conninfo + " options='-c role=\(role)'")
            try connection.executeScript(name: "attempt", sql)
            return "done"
        } catch let error as PostgresError {
            return error.sqlState?.code ?? "\(error)"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "What was invoiced is updated, deleted and emptied by no role: others lack the privilege, the owner meets a wall"
    )
    func immutable() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(Self.invoice)
            // By month, but for what a person says of invoices.
            let divided = ["finalized_invoice", "invoice", "invoice_line", "invoice_tax", "billing_period"]
            let tables = divided + divided.map { $0 + "_202603" } + ["invoice_payment", "voided_invoice"]
            let roles: [(role: String, refusal: String)] = [
                ("meterbook_owner", "23001"), ("meterbook_ingest", "42501"), ("meterbook_billing", "42501"),
                ("meterbook_reporting", "42501"), ("meterbook_auditor", "42501"),
            ]
            for table in tables {
                for (role, refusal) in roles {
                    for sql in [
                        "UPDATE meterbook.\(table) SET customer_id = 2", "DELETE FROM meterbook.\(table)",
                        "TRUNCATE meterbook.\(table)",
                    ] {
                        #expect(Self.attempt(sql, as: role, in: database) == refusal, "\(role): \(sql)")
                    }
                }
            }
            let left = try database.run(tables.map { "SELECT count(*) FROM meterbook.\($0);" }.joined())
            #expect(left.split(separator: "\n") == tables.map { _ in "1" })
        }
    }

    @Test("No role does the work of another")
    func others() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(Self.invoice)
            let copy = "INSERT INTO meterbook.%1 SELECT * FROM meterbook.%1 WHERE false"
            func insert(_ table: String) -> String { copy.replacing("%1", with: table) }
            let attempts: [(role: String, sql: String, outcome: String)] = [
                ("meterbook_ingest", insert("reading"), "done"), ("meterbook_billing", insert("reading"), "42501"),
                ("meterbook_billing", "UPDATE meterbook.reading SET quantity = 0", "42501"),
                ("meterbook_billing", insert("invoice"), "done"), ("meterbook_ingest", insert("invoice"), "42501"),
                ("meterbook_ingest", "SELECT FROM meterbook.invoice", "42501"),
                ("meterbook_ingest", insert("catalog_current"), "42501"),
                ("meterbook_billing", "UPDATE meterbook.catalog SET name = ''", "42501"),
                ("meterbook_owner", "UPDATE meterbook.catalog SET name = ''", "done"),
                ("meterbook_billing", "UPDATE meterbook.pull SET status = 'abandoned'", "done"),
                ("meterbook_billing", "UPDATE meterbook.pull SET rows_read = 0", "42501"),
                ("meterbook_auditor", "SELECT FROM meterbook.customer, meterbook.finalized_invoice_202603", "done"),
                ("meterbook_auditor", "UPDATE meterbook.run SET as_of = as_of", "42501"),
                ("meterbook_auditor", "SELECT meterbook.ensure_months('invoice', '2026-06-01', '2026-06-02')", "42501"),
                ("meterbook_billing", "SELECT meterbook.ensure_months('invoice', '2026-06-01', '2026-06-02')", "done"),
                ("meterbook_billing", "SELECT meterbook.ensure_months('run', '2026-06-01', '2026-06-02')", "42P01"),
                ("meterbook_billing", "SELECT meterbook.guard_month('invoice', 'invoice_202603')", "42501"),
                ("meterbook_billing", "CREATE TABLE meterbook.mine (a integer)", "42501"),
                ("meterbook_reporting", "SELECT FROM reporting.invoice, reporting.source", "done"),
                ("meterbook_reporting", "SELECT FROM meterbook.run", "42501"),
                ("meterbook_reporting", "DELETE FROM reporting.run", "42501"),
                ("meterbook_ingest", "SELECT FROM reporting.invoice", "42501"),
                ("meterbook_auditor", "SELECT FROM reporting.invoice", "done"),
            ]
            for (role, sql, outcome) in attempts {
                #expect(Self.attempt(sql, as: role, in: database) == outcome, "\(role): \(sql)")
            }
        }
    }

    @Test("An object that a later migration adds is nobody's but the owner's until it says more")
    func later() async throws {
        try await withDatabase(Self.template) { database in
            let later = Migration(
                file: "20990101000001_later",
                text: """
                    -- migrate:up
                    CREATE TABLE meterbook.later (a integer);
                    CREATE FUNCTION meterbook.later() RETURNS integer LANGUAGE sql AS 'SELECT 1';
                    CREATE TYPE meterbook.later_kind AS ENUM ('a');
                    """)
            _ = try Migrator(Connection(conninfo: database.conninfo), migrations: Migration.all + [later]).migrate()
            let (granted, foreign) = try Privileges.granted(in: database)
            #expect(foreign == "")
            for object in ["table later", "function later", "type later_kind"] {
                #expect(granted[object] == "- - - -", "\(object)")
            }
        }
    }
}
