import Billing
import Crypto
import Foundation
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

/// Numbers as several sessions give them, and the chain that they make.
@Suite("Numbers of invoices")
struct FinalizeTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    private static let day = "2026-03-01"

    /// Books with one draft of one line for each of so many customers, and a run that is under way.
    private static func withDrafts(
        _ count: Int, _ body: @escaping @Sendable (TestDatabase) throws -> Void
    ) async throws {
        try await withDatabase(template) { database in
            try database.run(
                """
                INSERT INTO meterbook.run (job, as_of, program_version) VALUES ('close', '\(day)', 'test');
                SELECT meterbook.ensure_months(t, '\(day)', '2026-03-02')
                FROM unnest(ARRAY['billing_period', 'invoice', 'invoice_line', 'finalized_invoice', 'invoice_tax']) AS t;
                INSERT INTO meterbook.billing_period
                    (customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine, run_id)
                SELECT n, n, '\(day)', '2026-02-01', 1, 1, 7, 1, 1 FROM generate_series(1, \(count)) AS n;
                INSERT INTO meterbook.invoice
                    (customer_id, subscription_id, period_ends, kind, currency, total, line_count)
                SELECT n, n, '\(day)', 'period', 'USD', n * 100, 1 FROM generate_series(1, \(count)) AS n;
                INSERT INTO meterbook.invoice_line
                    (customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts,
                    service_ends, quantity, counted_before, threshold, billable, amount)
                SELECT n, n, '\(day)', 'period', 1, 'usage', 3, '2026-02-01', '\(day)', n + 10, 5, 15, n, n * 100
                FROM generate_series(1, \(count)) AS n;
                INSERT INTO meterbook.draft_month VALUES ('2026-03-01')
                """)
            try body(database)
        }
    }

    private static func batch(_ connection: Connection, size: Int, digits: Int = 4) throws -> FinalizeBatch {
        let numbering = try InvoiceNumbering("R{{year}}/{{number}}", digits: digits)
        let catalog = Catalog(
            name: "shop", currency: try #require(Currency(code: "USD")), rounding: .halfAwayFromZero, meters: [],
            plans: [], invoices: InvoiceTerms(numbering: numbering))
        return FinalizeBatch(
            connection,
            terms: FinalizeBatch.Terms(
                catalog: catalog, catalogID: 9, asOf: try #require(CivilDate(day)), runID: 1, size: size,
                digest: sha256))
    }

    @Sendable private static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    private struct Thrown: Error {}

    /// A thread for each, and back when all have ended.
    private static func sideBySide(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let ended = DispatchGroup()
        for index in 0..<count {
            ended.enter()
            Thread.detachNewThread {
                body(index)
                ended.leave()
            }
        }
        ended.wait()
    }

    @Test("20,000 drafts finalized by eight sessions, some killed and some rolled back, have the numbers 1 to 20,000")
    func eightSessions() async throws {
        try await Self.withDrafts(20_000) { database in
            let day = try #require(CivilDate(Self.day))
            let seed = SeededGenerator()
            let killed = Mutex(0)
            let rolledBack = Mutex(0)
            let pids = Mutex<[Int: Int32]>([:])
            Self.sideBySide(9) { session in
                var random = SeededGenerator(seed: seed.seed &+ UInt64(session))
                if session == 8 {
                    // The ninth ends a session of the others, again and again, until somebody has finalized the last.
                    guard let connection = try? Connection(conninfo: database.conninfo) else { return }
                    while killed.withLock({ $0 }) < 40 {
                        let alive = pids.withLock { Array($0.values) }
                        if let pid = alive.randomElement(using: &random) {
                            let query: Query = "SELECT pg_terminate_backend(\(pid))"
                            if (try? connection.first(query, as: Bool.self)) == true { killed.withLock { $0 += 1 } }
                        }
                        let left = try? connection.first(
                            Query(name: "left", text: "SELECT 20000 - count(*) FROM meterbook.finalized_invoice"),
                            as: Int64.self)
                        if left == 0 { return }
                    }
                    return
                }
                var place = CloseBatch.Place(before: .min)
                var failures = 0
                while failures < 1_000 {
                    do {
                        let connection = try Connection(conninfo: database.conninfo)
                        let pid = try connection.first(
                            Query(name: "pid", text: "SELECT pg_backend_pid()"), as: Int32.self)
                        pids.withLock { $0[session] = pid }
                        let batch = try Self.batch(connection, size: 100)
                        while true {
                            let fails = random.next() % 5 == 0
                            let done = try connection.transaction {
                                let done = try batch.finalize(dated: day, issuedOn: day, after: place)
                                if fails, done != nil { throw Thrown() }
                                return done
                            }
                            guard let done else { return }
                            place = done.place
                        }
                    } catch is Thrown {
                        rolledBack.withLock { $0 += 1 }
                        failures += 1
                    } catch {
                        // Killed: what it had under way is as if it had never been.
                        failures += 1
                    }
                }
            }
            // What a killed session had passed by is still a draft.
            let batch = try Self.batch(Connection(conninfo: database.conninfo), size: 5_000)
            var place = CloseBatch.Place(before: .min)
            while let done = try batch.finalize(dated: day, issuedOn: day, after: place) { place = done.place }

            #expect(killed.withLock { $0 } > 0, "seed \(seed.seed)")
            #expect(rolledBack.withLock { $0 } > 0, "seed \(seed.seed)")
            #expect(
                try database.run(
                    """
                    SELECT count(*), count(DISTINCT number), min(number), max(number), count(DISTINCT customer_id)
                    FROM meterbook.finalized_invoice
                    """) == "20000|20000|1|20000|20000", "seed \(seed.seed)")
            let findings = try FinalizeStore(Connection(conninfo: database.conninfo)).verify(digest: Self.sha256)
            #expect(
                findings == [
                    ChainFinding(
                        issuer: "shop", pattern: "R{{year}}/{{number}}", year: 2026, numbers: 20_000, broken: nil)
                ])
        }
    }

    private static func finalizeAll(_ database: TestDatabase) throws {
        let day = try #require(CivilDate(Self.day))
        let batch = try Self.batch(Connection(conninfo: database.conninfo), size: 7)
        var place = CloseBatch.Place(before: .min)
        while let done = try batch.finalize(dated: day, issuedOn: day, after: place) { place = done.place }
    }

    private static func broken(_ database: TestDatabase) throws -> ChainFinding.Break? {
        try FinalizeStore(Connection(conninfo: database.conninfo)).verify(digest: sha256)[0].broken
    }

    /// As it is written in sql/README.md: whoever has the tables can check the chain without the program.
    @Test("The digests are those that SQL alone makes of the tables")
    func digestsInSQL() async throws {
        try await Self.withDrafts(20) { database in
            try Self.finalizeAll(database)
            let found = try database.run(
                """
                WITH RECURSIVE content AS (
                    SELECT f.number, f.digest, format(E'meterbook.seal/1\nnumber|%s|%s|%s\n', f.number, f.label, f.issued_on)
                        || format(E'invoice|%s|%s|%s|%s|%s|%s|%s\n', i.customer_id, i.subscription_id, i.period_ends,
                            i.kind, i.currency, i.total, i.line_count)
                        || format(E'cause|%s|%s|%s|%s\n', c.starts, c.catalog_id, c.watermark, c.engine)
                        || (SELECT string_agg(
                            format(E'line|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s\n', line, line_kind, price_id, service_starts,
                                service_ends, quantity, counted_before, threshold, billable, amount,
                                corrects_period_ends, corrects_line), '' ORDER BY line)
                            FROM meterbook.invoice_line AS l
                            WHERE l.customer_id = i.customer_id AND l.subscription_id = i.subscription_id
                                AND l.period_ends = i.period_ends AND l.kind = i.kind)
                        || format(E'issue|%s|%s|%s|%s|%s|%s|%s\\n', f.net, f.tax, f.gross, f.seller_number, f.catalog_id,
                            f.details_version, encode(f.details_digest, 'hex')) AS text
                    FROM meterbook.finalized_invoice AS f
                    JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
                    JOIN meterbook.invoice_cause AS c
                        ON c.customer_id = f.customer_id AND c.subscription_id = f.subscription_id
                        AND c.period_ends = f.period_ends AND c.kind = f.kind::text
                ), chain AS (
                    SELECT 0::bigint AS number, ''::bytea AS digest, true AS is_sound
                    UNION ALL
                    SELECT n.number, d.digest, d.digest = n.digest
                    FROM chain JOIN content AS n ON n.number = chain.number + 1,
                        LATERAL (SELECT sha256(convert_to(
                            n.text || 'before|' || encode(chain.digest, 'hex') || E'\n', 'UTF8')) AS digest) AS d
                )
                SELECT count(*), bool_and(is_sound) FROM chain WHERE number > 0
                """)
            #expect(found == "20|t")
        }
    }

    @Test("The first invoice that was altered, lost or put in is named, whatever was done to it")
    func tampered() async throws {
        let table = "meterbook.finalized_invoice"
        let cases: [(sql: String, broken: ChainFinding.Break)] = [
            (
                "UPDATE meterbook.invoice_line SET amount = amount + 1 WHERE customer_id = 7",
                .altered(label: "R2026/0007", number: 7)
            ),
            (
                "UPDATE meterbook.invoice_line SET quantity = 99 WHERE customer_id = 3",
                .altered(label: "R2026/0003", number: 3)
            ),
            (
                "UPDATE meterbook.invoice SET total = 0 WHERE customer_id IN (9, 12)",
                .altered(label: "R2026/0009", number: 9)
            ),
            (
                "UPDATE meterbook.billing_period SET starts = '2026-01-31' WHERE customer_id = 5",
                .altered(label: "R2026/0005", number: 5)
            ),
            ("UPDATE \(table) SET issued_on = '2026-03-02' WHERE number = 4", .altered(label: "R2026/0004", number: 4)),
            ("UPDATE \(table) SET label = 'R2026/0099' WHERE number = 4", .altered(label: "R2026/0099", number: 4)),
            ("UPDATE \(table) SET digest = sha256('x') WHERE number = 20", .altered(label: "R2026/0020", number: 20)),
            (
                "UPDATE \(table) SET net = net + 1, gross = gross + 1 WHERE number = 13",
                .altered(label: "R2026/0013", number: 13)
            ),
            ("UPDATE \(table) SET tax_notes = 'Exempt' WHERE number = 13", .altered(label: "R2026/0013", number: 13)),
            ("UPDATE \(table) SET seller_number = 'X' WHERE number = 13", .altered(label: "R2026/0013", number: 13)),
            (
                "INSERT INTO meterbook.invoice_tax VALUES (14, 14, '\(Self.day)', 'period', 1, 'exempt', NULL, NULL, 'x', 0, 0, 0)",
                .altered(label: "R2026/0014", number: 14)
            ),
            ("DELETE FROM meterbook.invoice_line WHERE customer_id = 2", .altered(label: "R2026/0002", number: 2)),
            ("DELETE FROM meterbook.invoice WHERE customer_id = 11", .gone(label: "R2026/0011", number: 11)),
            ("DELETE FROM \(table) WHERE number = 6", .missing(number: 6)),
            ("DELETE FROM \(table) WHERE number = 20", .missing(number: 20)),
            (
                "UPDATE \(table) SET number = 8, period_ends = '2026-03-02' WHERE number = 15",
                .inserted(label: "R2026/0015", number: 8)
            ),
            (
                """
                INSERT INTO \(table) SELECT customer_id, subscription_id, period_ends, 'change', series_id, 21, 'R2026/0021',
                issued_on, net, tax, gross, tax_notes, seller_number, details_version, details_digest, catalog_id, digest,
                run_id FROM \(table) WHERE number = 20;
                INSERT INTO meterbook.invoice SELECT customer_id, subscription_id, period_ends, 'change', currency, total,
                line_count FROM meterbook.invoice WHERE customer_id = 20
                """, .altered(label: "R2026/0021", number: 21)
            ),
            ("UPDATE meterbook.invoice_series SET last_number = 19", .beyond(number: 20)),
            ("UPDATE meterbook.invoice_series SET last_digest = sha256('x')", .counter),
        ]
        for (sql, broken) in cases {
            try await Self.withDrafts(20) { database in
                try Self.finalizeAll(database)
                #expect(try Self.broken(database) == nil)
                // Whoever may do this may do anything: the triggers are off.
                try database.run("SET session_replication_role = replica;\n\(sql)")
                #expect(try Self.broken(database) == broken, "\(sql)")
            }
        }
    }

    @Test(
        "What was invoiced is not changed by anybody, not even the owner of the tables",
        arguments: [
            "invoice", "invoice_line", "billing_period", "finalized_invoice", "invoice_tax", "invoice_payment",
            "voided_invoice",
        ])
    func onlyAdded(table: String) async throws {
        try await Self.withDrafts(2) { database in
            try Self.finalizeAll(database)
            try database.run(
                """
                INSERT INTO meterbook.voided_invoice VALUES (1, 1, '\(Self.day)', 'period', '\(Self.day)', 'r', 'a', 1);
                INSERT INTO meterbook.invoice_tax VALUES
                    (1, 1, '\(Self.day)', 'period', 1, 'exempt', NULL, NULL, 'x', 0, 0, 0);
                INSERT INTO meterbook.invoice_payment VALUES
                    (1, 1, '\(Self.day)', 'period', 1, 'paid', '\(Self.day)', 'a', NULL, 1)
                """
            )
            for change in [
                "UPDATE meterbook.\(table) SET customer_id = 5", "DELETE FROM meterbook.\(table)",
                "TRUNCATE meterbook.\(table)",
            ] {
                let error = #expect(throws: (any Error).self) { try database.run(change) }
                #expect("\(error.map { "\($0)" } ?? "")".contains("are only added"), "\(change)")
            }
        }
    }

    @Test("A later number never has an earlier date, and a date of another year begins its series anew")
    func datesFollowNumbers() async throws {
        try await Self.withDrafts(3) { database in
            let connection = try Connection(conninfo: database.conninfo)
            let batch = try Self.batch(connection, size: 1)
            let day = try #require(CivilDate(Self.day))
            var place = CloseBatch.Place(before: .min)
            for issued in ["2026-12-31", "2026-12-30", "2027-01-02"] {
                let done = try batch.finalize(dated: day, issuedOn: try #require(CivilDate(issued)), after: place)
                place = try #require(done).place
            }
            #expect(
                try database.run("SELECT label, issued_on FROM meterbook.finalized_invoice ORDER BY customer_id")
                    == "R2026/0001|2026-12-31\nR2026/0002|2026-12-31\nR2027/0001|2027-01-02")
        }
    }

    @Test("Another width of the counter goes on where the series was: no two invoices have one number")
    func width() async throws {
        try await Self.withDrafts(2) { database in
            let connection = try Connection(conninfo: database.conninfo)
            let day = try #require(CivilDate(Self.day))
            var place = CloseBatch.Place(before: .min)
            for digits in [4, 2] {
                let batch = try Self.batch(connection, size: 1, digits: digits)
                place = try #require(try batch.finalize(dated: day, issuedOn: day, after: place)).place
            }
            #expect(
                try database.run("SELECT label FROM meterbook.finalized_invoice ORDER BY number")
                    == "R2026/0001\nR2026/02")
        }
    }
}
