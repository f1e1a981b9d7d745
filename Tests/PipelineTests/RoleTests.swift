import Foundation
import Postgres
import TestSupport
import Testing

/// The program with logins that are members of a role of Meterbook and of nothing else.
@Suite("Logins")
struct RoleTests {
    /// Books with a subscriber whose June of 2021 has counts, and logins by the name of their role.
    private static func withLogins(
        _ body: @escaping @Sendable (Books, @Sendable (String, [String]) throws -> Program.Outcome) throws -> Void
    ) async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write([Count("2021-06-10", 1_000), Count("2021-06-20", 500)], to: "2021-06.csv")
            let logins = [
                "ingest": "meterbook_ingest", "billing": "meterbook_billing", "reporting": "meterbook_reporting",
                "auditor": "meterbook_auditor", "owner": "meterbook_owner",
                "night": "meterbook_ingest, meterbook_billing", "stranger": "",
            ]
            @Sendable func name(_ login: String) -> String { "\(books.database.name)_\(login)" }
            defer {
                for login in logins.keys {
                    _ = try? books.sql("DROP OWNED BY \(name(login)); DROP ROLE \(name(login))")
                }
            }
            for (login, roles) in logins {
                _ = try books.sql("CREATE ROLE \(name(login)) LOGIN")
                if !roles.isEmpty { _ = try books.sql("GRANT \(roles) TO \(name(login))") }
            }
            try body(books) { login, words in
                try Program.meterbook.run(
                    words + ["--database", books.database.conninfo + " user=\(name(login))"],
                    directory: books.folder.path)
            }
        }
    }

    private static let june = ["--as-of", "2021-07-01"]

    @Test(
        "Who is only in ingest pulls, and is refused a close, a catalog and invoices, with what an administrator runs")
    func ingest() async throws {
        try await Self.withLogins { books, run in
            let pull = try run("ingest", ["pull"] + Self.june)
            #expect(pull.code == 0, "\(pull.errors)")
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "1500")
            #expect(try run("ingest", ["customer", "details", "northwind", "--city", "Bonn"]).code == 0)
            #expect(try run("ingest", ["run", "list"]).output.contains("pull"))
            let login = "\(books.database.name)_ingest"
            let close = try run("ingest", ["close"] + Self.june)
            #expect(close.code == 78)
            #expect(
                close.errors == """
                    meterbook: the login '\(login)' may not do this: the job 'close' takes meterbook_billing. \
                    An administrator of the database runs: GRANT meterbook_billing TO \(login);

                    """)
            // Not even the half that it may do: nothing has been begun.
            let runs = try books.sql("SELECT count(*) FROM meterbook.run")
            let night = try run("ingest", ["nightly"] + Self.june)
            #expect(night.code == 78 && night.errors.contains("GRANT meterbook_billing TO \(login);"))
            #expect(try books.sql("SELECT count(*) FROM meterbook.run") == runs)
            let catalog = try run("ingest", ["catalog", "apply", Books.connexCatalog])
            #expect(catalog.code == 78 && catalog.errors.contains("GRANT meterbook_owner TO \(login);"))
            let list = try run("ingest", ["invoice", "list"])
            #expect(list.code == 78)
            #expect(
                list.errors.contains("a look at the books takes meterbook_auditor.")
                    && list.errors.contains("GRANT meterbook_auditor TO \(login);"), "\(list.errors)")
            // What no role is asked for beforehand the server refuses, and the doctor knows more.
            let diff = try run("stranger", ["catalog", "diff", Books.connexCatalog])
            #expect(diff.code == 78)
            #expect(
                diff.errors == """
                    meterbook: read_current_catalog: permission denied for schema meterbook; 'meterbook doctor' says \
                    which roles this login has and which it lacks

                    """)
        }
    }

    @Test("Who is only in ingest takes in another plan that a source names, and gives up what was announced")
    func otherPlan() async throws {
        try await Self.withLogins { books, run in
            #expect(try run("ingest", ["pull"] + Self.june).code == 0)
            _ = try books.sql(
                """
                SELECT meterbook.ensure_months('plan_decision', '2021-07-01', '2021-07-02');
                INSERT INTO meterbook.plan_change
                    (customer_id, subscription_id, takes_effect, was_plan_id, plan_id, rule, month, announced_on,
                    announced_run)
                SELECT customer_id, subscription_id, '2021-09-01', s.plan_id, p.plan_id, 'grow', '2021-07-01',
                    '2021-07-01', 1
                FROM meterbook.subscription AS s JOIN meterbook.plan AS p ON p.plan_id <> s.plan_id LIMIT 1
                """)
            try books.write([.legacy(plan: "gold")])
            let pull = try run("ingest", ["pull"] + Self.june)
            #expect(pull.code == 0, "\(pull.errors)\(pull.output)")
            #expect(
                try books.sql(
                    "SELECT string_agg(origin || ' ' || status, ', ' ORDER BY change_id) FROM meterbook.plan_change")
                    == "decision preempted, source announced")
        }
    }

    @Test("Who is only in billing closes, finalizes, pays and voids, and is refused a pull")
    func billing() async throws {
        try await Self.withLogins { books, run in
            #expect(try run("ingest", ["pull"] + Self.june).code == 0)
            for words in [
                ["close"] + Self.june, ["invoice", "finalize", "--all", "--until", "2021-07-01"] + Self.june,
                ["invoice", "payment", "northwind/2021-07-01", "--status", "paid", "--by", "Bank"] + Self.june,
                ["invoice", "void", "northwind/2021-07-01", "--reason", "a test", "--by", "A. Clerk"] + Self.june,
                ["decide"] + Self.june,
                ["subscription", "cancel", "northwind"] + Self.june,
                ["subscription", "reactivate", "northwind"] + Self.june,
                ["notice", "retry", "--all"], ["invoice", "list"], ["replay", "--all"],
            ] {
                let outcome = try run("billing", words)
                #expect(outcome.code == 0, "\(words): \(outcome.errors)")
            }
            #expect(
                try books.sql(
                    """
                    SELECT count(f.number), count(p.status), count(v.reason) FROM meterbook.finalized_invoice AS f
                    LEFT JOIN meterbook.invoice_payment AS p USING (customer_id, subscription_id, period_ends, kind)
                    LEFT JOIN meterbook.voided_invoice AS v USING (customer_id, subscription_id, period_ends, kind)
                    WHERE period_ends = '2021-07-01'
                    """) == "1|1|1")
            let login = "\(books.database.name)_billing"
            for words in [["pull"], ["nightly"]] {
                let refused = try run("billing", words + Self.june)
                #expect(refused.code == 78)
                #expect(
                    refused.errors.contains("the job '\(words[0])' takes meterbook_ingest.")
                        && refused.errors.contains("GRANT meterbook_ingest TO \(login);"), "\(refused.errors)")
            }
        }
    }

    @Test("Who is in both runs the night, again and a month later")
    func night() async throws {
        try await Self.withLogins { books, run in
            for day in ["2021-07-01", "2021-07-01", "2021-08-01"] {
                let outcome = try run("night", ["nightly", "--as-of", day])
                #expect(outcome.code == 0, "\(outcome.errors)")
            }
            #expect(try books.sql("SELECT count(*) FROM meterbook.invoice WHERE period_ends > '2021-06-01'") == "2")
            #expect(try books.agree())
        }
    }

    @Test("The auditor explains, replays, verifies and reconciles, and is refused whatever writes")
    func auditor() async throws {
        try await Self.withLogins { books, run in
            #expect(try run("night", ["nightly"] + Self.june).code == 0)
            #expect(try run("night", ["invoice", "finalize", "--all", "--until", "2021-07-01"] + Self.june).code == 0)
            let before = try books.sql("SELECT count(*) FROM meterbook.run")
            for words in [
                ["explain", "northwind/2021-07-01"], ["replay", "--all"], ["invoice", "verify-chain"], ["reconcile"],
                ["invoice", "export"], ["usage", "northwind"] + Self.june, ["preview", "northwind"] + Self.june,
                ["customer", "show", "northwind"], ["reject", "list"], ["hold", "list"], ["notice", "list"],
                ["decision", "list", "northwind"], ["run", "list"], ["subscription", "show", "northwind"],
                ["migrate", "--status"],
                ["catalog", "diff", Books.connexCatalog],
            ] {
                let outcome = try run("auditor", words)
                #expect(outcome.code == 0, "\(words): \(outcome.errors)")
            }
            for (words, role) in [
                (["pull"], "ingest"), (["close"], "billing"), (["close", "--dry-run"], "billing"),
                (["invoice", "void", "northwind/2021-07-01", "--reason", "a test", "--by", "A. Clerk"], "billing"),
                (["customer", "erase", "northwind"], "ingest"), (["notice", "deliver", "--directory", "."], "billing"),
                (["catalog", "apply", Books.connexCatalog], "owner"),
            ] {
                let refused = try run("auditor", words)
                #expect(refused.code == 78, "\(words): \(refused.errors)")
                #expect(
                    refused.errors.contains("GRANT meterbook_\(role) TO \(books.database.name)_auditor;"),
                    "\(words): \(refused.errors)")
            }
            #expect(try books.sql("SELECT count(*) FROM meterbook.run") == before)
        }
    }

    @Test("Who is in reporting alone, or in nothing, is told what a look at the books takes")
    func strangers() async throws {
        try await Self.withLogins { books, run in
            for login in ["reporting", "stranger"] {
                let list = try run(login, ["invoice", "list"])
                #expect(list.code == 78)
                #expect(
                    list.errors.contains("a look at the books takes meterbook_auditor.")
                        && list.errors.contains("GRANT meterbook_auditor TO \(books.database.name)_\(login);"),
                    "\(list.errors)")
                #expect(try run(login, ["doctor"]).code == 78)
            }
        }
    }

    @Test("A member of the owner applies catalogs and does all the rest as well")
    func owner() async throws {
        try await Self.withLogins { books, run in
            for words in [
                ["catalog", "apply", Books.connexCatalog], ["nightly"] + Self.june, ["migrate"], ["replay", "--all"],
            ] {
                let outcome = try run("owner", words)
                #expect(outcome.code == 0, "\(words): \(outcome.errors)")
            }
        }
    }
}
