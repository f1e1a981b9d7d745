import Store
import TestSupport
import Testing
import Postgres

/// What the database itself refuses of manual lines, whoever writes them.
@Suite("Manual lines in the schema")
struct ManualLineSchemaTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    /// The name of the constraint, or the words of the trigger, that a statement breaks; nil where it goes through.
    private static func refusal(_ database: TestDatabase, _ statement: String) throws -> String? {
        do {
            try database.run(statement)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("Rows are only added, and a line of an invoice has a price or a manual line, by its kind")
    func constraints() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(
                """
                INSERT INTO meterbook.run (job, as_of, program_version) VALUES ('line', '2026-01-15', 'test');
                SET session_replication_role = replica;
                INSERT INTO meterbook.manual_line VALUES
                    (1, 1, 1, -2000, 'Goodwill', 'standard', '2026-02-01', NULL, NULL, 'r', 'a', '2026-01-15', 1);
                INSERT INTO meterbook.withdrawn_manual_line VALUES (1, 1, 1, '2026-01-16', 'r', 'a', 1);
                SELECT meterbook.ensure_months('invoice_line', '2026-02-01', '2026-02-02');
                """)
            for table in ["manual_line", "withdrawn_manual_line"] {
                for statement in [
                    "UPDATE meterbook.\(table) SET reason = 'x'", "DELETE FROM meterbook.\(table)",
                    "TRUNCATE meterbook.\(table) CASCADE",
                ] {
                    let words = try #require(try Self.refusal(database, statement), "\(statement)")
                    #expect(words.contains("are only added"), "\(statement): \(words)")
                }
            }
            func line(_ kind: String, price: String, manual: String) -> String {
                """
                INSERT INTO meterbook.invoice_line VALUES (1, 1, '2026-02-01', 'period', 1, '\(kind)', \(price), '2026-01-01',
                    '2026-02-01', 1, 0, 0, 1, -2000, NULL, NULL, \(manual))
                """
            }
            for (kind, price, manual, constraint) in [
                ("manual", "NULL", "NULL", "invoice_line_has_price_or_manual_line"),
                ("manual", "3", "1", "invoice_line_has_price_or_manual_line"),
                ("manual", "3", "NULL", "invoice_line_manual_names_its_line"),
                ("flat", "NULL", "1", "invoice_line_manual_names_its_line"),
            ] {
                let words = try #require(
                    try Self.refusal(database, line(kind, price: price, manual: manual)), "\(kind) \(price) \(manual)")
                #expect(words.contains(constraint), "\(kind) \(price) \(manual): \(words)")
            }
            #expect(try Self.refusal(database, line("manual", price: "NULL", manual: "1")) == nil)
        }
    }
}
