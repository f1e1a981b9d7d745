import Foundation
import TestSupport
import Testing

/// Changes of plan that a customer or the vendor asks for, on the plans of APPSeCONNECT: Standard is 100.00 a month with
/// 10,000 transactions, Professional 160.00 with 25,000, both paid in advance and prorated; a year is twelve months less 20%.
@Suite("Changes on request")
struct ChangeTests {
    /// A subscription from a first of the month, and counts of its transactions.
    private func deploy(
        _ books: Books, _ subscriptions: [String] = ["monsoon,standard,2026-01-01,month"], _ counts: [String] = []
    ) throws {
        try books.folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              transactions: {feeds: readings, file: counts.csv, columns: {meter: {value: transactions}}}
            """, to: "sources.yaml")
        try books.folder.write("customer\nc\n", to: "customers.csv")
        try books.folder.write("account\na\n", to: "accounts.csv")
        try books.folder.write("account,subscription\na,monsoon\n", to: "memberships.csv")
        try subscribe(books, subscriptions)
        try count(books, counts)
        try books.run("catalog", "apply", Books.example("appseconnect") + "/catalog.yaml")
    }

    /// Rows of key, plan, anchor date, cadence and when another plan takes effect.
    private func subscribe(_ books: Books, _ rows: [String]) throws {
        try books.folder.write(
            "subscription,plan,anchor,cadence,change_at,customer\n"
                + rows.map { $0 + (($0.split(separator: ",").count == 4) ? ",,c\n" : ",c\n") }.joined(),
            to: "subscriptions.csv")
    }

    private func count(_ books: Books, _ rows: [String]) throws {
        try books.folder.write(
            "account,channel,day,quantity\n" + rows.map { "a,shop,\($0)\n" }.joined(), to: "counts.csv")
    }

    private func nights(_ books: Books, _ days: String...) throws {
        for day in days { try books.job("nightly", "--as-of", day) }
    }

    @Test("Case 1: an upgrade with 20 of 30 days left is 40.00 at once, and the next invoice is 160.00")
    func upgrade() async throws {
        try await withBooks { books in
            try self.deploy(books, ["monsoon,standard,2026-01-01,month"], ["2026-04-05,6000", "2026-04-20,6000"])
            try self.nights(books, "2026-04-10")
            let said = try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-04-11")
            #expect(
                said == """
                    monsoon changes from plan Standard to Professional on 2026-04-11.
                    Credit and charge: 'meterbook invoice show monsoon/2026-04-11/change'.

                    """)
            let change = try books.invoices("monsoon").ended("2026-04-11/change")
            // 100.00 × 20/30 and 160.00 × 20/30, each rounded by itself.
            #expect(
                change.lines == [.flat("2026-04-11", "2026-05-01", -66_67), .flat("2026-04-11", "2026-05-01", 106_67)])
            #expect(change.cents == 40_00)
            try self.nights(books, "2026-04-11", "2026-05-01")
            // What was used before the change counts towards the limit of the new plan.
            #expect(
                try books.invoices("monsoon").ended("2026-05-01").lines == [
                    .usage("2026-04-01", "2026-04-11", 6_000, before: 0, threshold: 10_000),
                    .flat("2026-05-01", "2026-06-01", 160_00),
                    .usage("2026-04-11", "2026-05-01", 6_000, before: 6_000, threshold: 25_000),
                ])
            #expect(try books.agree())
        }
    }

    @Test(
        "Case 2: a downgrade asked for on day 10 changes nothing until the renewal; then the lower price, and no credit"
    )
    func downgrade() async throws {
        try await withBooks { books in
            try self.deploy(books, ["monsoon,professional,2026-01-01,month"])
            try self.nights(books, "2026-04-10")
            let said = try books.run(
                "subscription", "change", "monsoon", "--plan", "standard", "--at", "renewal", "--as-of", "2026-04-10")
            #expect(
                said == """
                    monsoon changes from plan Professional to Standard on 2026-05-01.
                    Nothing is invoiced until then.

                    """)
            try self.nights(books, "2026-04-11", "2026-05-01", "2026-06-01")
            let invoices = try books.invoices("monsoon")
            #expect(
                invoices.map { "\($0.reference.suffix(10)) \($0.cents)" } == [
                    "2026-01-01 16000", "2026-02-01 16000", "2026-03-01 16000", "2026-04-01 16000", "2026-05-01 10000",
                    "2026-06-01 10000",
                ])
            #expect(try books.usage("monsoon", asOf: "2026-04-30").text("plan") == "professional")
            #expect(try books.usage("monsoon", asOf: "2026-05-01").text("plan") == "standard")
            #expect(try books.agree())
        }
    }

    @Test("Paid by the month and then by the year: from the renewal on, and counted from there")
    func yearly() async throws {
        try await withBooks { books in
            try self.deploy(books, ["monsoon,standard,2026-01-31,month"])
            try self.nights(books, "2026-05-01")
            let refused = try books.meterbook(
                "subscription", "change", "monsoon", "--cadence", "year", "--at", "now", "--as-of", "2026-05-01")
            #expect(refused.code == 65)
            #expect(refused.errors.contains("2026-05-01 is none; the next one is on 2026-05-31"))
            try books.run("subscription", "change", "monsoon", "--cadence", "year", "--as-of", "2026-05-01")
            try self.nights(books, "2026-06-01", "2027-04-30", "2027-05-31", "2027-06-30")
            let flats = try books.invoices("monsoon").flatMap { invoice in
                invoice.lines.filter { $0.kind == "flat" }.map {
                    "\(invoice.reference.suffix(10)) \($0.service) \($0.cents)"
                }
            }
            #expect(
                flats == [
                    "2026-01-31 2026-01-31/2026-02-28 10000", "2026-02-28 2026-02-28/2026-03-31 10000",
                    "2026-03-31 2026-03-31/2026-04-30 10000", "2026-04-30 2026-04-30/2026-05-31 10000",
                    "2026-05-31 2026-05-31/2027-05-31 96000", "2027-05-31 2027-05-31/2028-05-31 96000",
                ])
            // Back to the month where the year that is paid for ends.
            try books.run("subscription", "change", "monsoon", "--cadence", "month", "--as-of", "2027-07-01")
            try self.nights(books, "2028-05-31", "2028-06-30")
            let later = try books.invoices("monsoon")
            #expect(try later.ended("2028-05-31").lines.first { $0.kind == "flat" }?.service == "2028-05-31/2028-06-30")
            #expect(try later.ended("2028-06-30").lines.first { $0.kind == "flat" }?.service == "2028-06-30/2028-07-31")
            #expect(try books.agree())
        }
    }

    @Test("An upgrade of who has paid a year divides the rest of the year, also where a month begins")
    func withinTheYear() async throws {
        try await withBooks { books in
            try self.deploy(books, ["monsoon,standard,2026-01-01,year"])
            try self.nights(books, "2026-05-01")
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-05-01")
            // 120 of 365 days have passed: 315.62 of 960.00, and 504.99 of 1,536.00.
            #expect(
                try books.invoices("monsoon").ended("2026-05-01/change").lines == [
                    .flat("2026-05-01", "2027-01-01", -(960_00 - 315_62)),
                    .flat("2026-05-01", "2027-01-01", 1_536_00 - 504_99),
                ])
            try self.nights(books, "2027-01-01")
            #expect(try books.invoices("monsoon").ended("2027-01-01").cents == 1_536_00)
            #expect(try books.agree())
        }
    }

    @Test("On the day of the renewal, behind the close, the whole period is credited and charged")
    func renewalDay() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-05-01")
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-05-01")
            let invoices = try books.invoices("monsoon")
            #expect(try invoices.ended("2026-05-01").lines.last { $0.kind == "flat" }?.cents == 100_00)
            #expect(try invoices.ended("2026-05-01/change").lines.map(\.cents) == [-100_00, 160_00])
            let again = try books.meterbook(
                "subscription", "change", "monsoon", "--plan", "enterprise", "--at", "now", "--as-of", "2026-05-01")
            #expect(again.code == 65)
            #expect(again.errors.contains("the plan has changed on 2026-05-01"))
            try books.run(
                "subscription", "change", "monsoon", "--plan", "enterprise", "--at", "now", "--as-of", "2026-05-21")
            // 11 of 31 days are left: 160.00 × 20/31 is 103.23, and 400.00 × 20/31 is 258.06.
            #expect(
                try books.invoices("monsoon").ended("2026-05-21/change").lines.map(\.cents)
                    == [-(160_00 - 103_23), 400_00 - 258_06])
            try self.nights(books, "2026-06-01")
            // Of the first plan no day is left, so it has no line.
            let june = try books.invoices("monsoon").ended("2026-06-01").lines
            #expect(
                june.map(\.service) == ["2026-05-01/2026-05-21", "2026-06-01/2026-07-01", "2026-05-21/2026-06-01"])
            #expect(june.map(\.threshold) == [25_000, 0, 100_000])
            #expect(try books.agree())
        }
    }

    @Test(
        "Cancelled, it runs until what is paid for ends; taken back before, it goes on; a source that knows nothing of it changes nothing"
    )
    func cancelled() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-04-10")
            let page = try books.run("subscription", "cancel", "monsoon", "--as-of", "2026-04-10")
            #expect(page.contains("ends           on 2026-05-01: no period begins from then on"))
            try self.nights(books, "2026-04-11")
            #expect(try books.sql("SELECT ends FROM meterbook.subscription") == "2026-05-01")
            try books.run("subscription", "reactivate", "monsoon", "--as-of", "2026-04-12")
            let twice = try books.meterbook("subscription", "reactivate", "monsoon", "--as-of", "2026-04-12")
            #expect(twice.code == 65)
            #expect(twice.errors.contains("has no end that could be taken back"))
            try self.nights(books, "2026-05-01")
            #expect(try books.invoices("monsoon").ended("2026-05-01").cents == 100_00)
            try books.run("subscription", "cancel", "monsoon", "--as-of", "2026-05-02")
            try self.nights(books, "2026-06-01", "2026-08-01")
            let invoices = try books.invoices("monsoon")
            #expect(invoices.last?.reference == "monsoon/2026-06-01")
            #expect(invoices.last?.cents == 0)
            let late = try books.meterbook("subscription", "reactivate", "monsoon", "--as-of", "2026-08-01")
            #expect(late.code == 65)
            #expect(late.errors.contains("has ended on 2026-06-01; deliver a new one"))
            #expect(try books.agree())
        }
    }

    @Test("A request takes the place of the one before it, and the present plan takes it back")
    func replaced() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-04-10")
            for plan in ["professional", "enterprise"] {
                try books.run(
                    "subscription", "change", "monsoon", "--plan", plan, "--at", "renewal", "--as-of", "2026-04-10")
            }
            let said = try books.run("subscription", "change", "monsoon", "--plan", "standard", "--as-of", "2026-04-10")
            #expect(said == "monsoon stays on plan Standard: the pending change has been taken back.\n")
            let again = try books.meterbook(
                "subscription", "change", "monsoon", "--plan", "standard", "--as-of", "2026-04-10")
            #expect(again.code == 65)
            #expect(again.errors.contains("is on plan 'standard' and pays every month, and no change is pending"))
            try self.nights(books, "2026-05-01")
            #expect(try books.invoices("monsoon").ended("2026-05-01").cents == 100_00)
            #expect(
                try books.sql("SELECT string_agg(status, ' ' ORDER BY change_id) FROM meterbook.plan_change")
                    == "preempted preempted")
        }
    }

    @Test("What cannot be carried out is refused with its reason, and nothing is written")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-04-10")
            let before = try books.hash()
            for (arguments, code, words) in [
                (
                    ["--plan", "gold"], 64,
                    "there is no plan 'gold' in the catalog; it has standard, professional, enterprise"
                ),
                (["--plan", "professional", "--at", "2026-03-31"], 65, "the open one began on 2026-04-01"),
                (["--plan", "professional", "--cadence", "quarter"], 65, "cannot be paid every quarter"),
                (["--plan", "professional", "--at", "tomorrow"], 64, "--at"),
                (["--cadence", "often"], 64, "--cadence takes month, year"),
                ([], 64, "Give --plan, --cadence or both."),
            ] {
                let outcome = try Program.meterbook.run(
                    [
                        "subscription", "change", "monsoon", "--as-of", "2026-04-10", "--database",
                        books.database.conninfo,
                    ]
                        + arguments)
                #expect(outcome.code == Int32(code), "\(arguments): \(outcome.errors)")
                #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
            }
            #expect(try books.meterbook("subscription", "show", "nobody").code == 64)
            let dry = try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-04-10",
                "--dry-run")
            #expect(dry.contains("monsoon/2026-04-10/change"))
            #expect(try books.hash() == before)
        }
    }

    @Test("A source that names another plan asks for it: on its day, at the renewal, or as the catalog says")
    func fromSource() async throws {
        try await withBooks { books in
            try self.deploy(
                books,
                [
                    "monsoon,standard,2026-01-01,month", "alder,professional,2026-01-01,month",
                    "brook,standard,2026-01-01,month", "cedar,standard,2026-01-01,month",
                ])
            try self.nights(books, "2026-04-10")
            try self.subscribe(
                books,
                [
                    "monsoon,professional,2026-01-01,month,2026-04-11", "alder,standard,2026-01-01,month",
                    "brook,standard,2026-01-01,year", "cedar,professional,2026-01-01,month,2026-03-01",
                ])
            let night = try books.attempt("nightly", "--as-of", "2026-04-12")
            // Cedar's day lies in a closed period: the row is rejected, and it stays as it is.
            #expect(night.code == 65)
            let rejected = try books.run("reject", "list", "--json")
            #expect(rejected.contains("change_refused") && rejected.contains("the open one began on 2026-04-01"))
            #expect(try books.invoices("monsoon").ended("2026-04-11/change").cents == 40_00)
            // A source that repeats itself says nothing new, also when somebody has changed the plan again.
            try books.run(
                "subscription", "change", "monsoon", "--plan", "enterprise", "--at", "now", "--as-of", "2026-04-21")
            _ = try books.attempt("nightly", "--as-of", "2026-04-22")
            _ = try books.attempt("nightly", "--as-of", "2026-05-01")
            func flats(_ subscription: String) throws -> [Int] {
                try books.invoices(subscription).ended("2026-05-01").lines.filter { $0.kind == "flat" }.map(\.cents)
            }
            #expect(try flats("monsoon") == [400_00])
            #expect(try flats("alder") == [100_00])
            #expect(try flats("brook") == [960_00])
            #expect(try flats("cedar") == [100_00])
            #expect(
                try books.sql(
                    "SELECT count(*) FROM meterbook.plan_change WHERE origin = 'source' AND status = 'applied'") == "3")
            #expect(try books.agree())
        }
    }

    @Test("Usage that arrives late is rated on the plan of its day, as if it had been there")
    func late() async throws {
        try await withBooks { books in
            let final = ["2026-04-05,12000", "2026-04-20,16000", "2026-04-21,500"]
            func play(_ books: Books, late: [String]?) throws -> Int {
                try self.deploy(books, ["monsoon,standard,2026-01-01,month"], late ?? final)
                try self.nights(books, "2026-04-10")
                try books.run(
                    "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of",
                    "2026-04-11")
                try self.nights(books, "2026-05-01")
                try self.count(books, final)
                try self.nights(books, "2026-06-01")
                #expect(try books.agree())
                return try books.invoices("monsoon").usageCents
            }
            // 2,000 beyond 10,000 before the change, and 3,500 of 28,500 beyond 25,000 after it, each 0.02.
            #expect(try play(books, late: nil) == 40_00 + 70_00)
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                let cents = try play(other, late: ["2026-04-05,9000", "2026-04-20,30000"])
                #expect(cents == 40_00 + 70_00)
                let june = try other.invoices("monsoon").ended("2026-06-01").lines.filter { $0.kind == "correction" }
                // 1,000 too few and then 2,000 too many had been counted: 0 and 14,000 × 0.02 were billed.
                #expect(june.map(\.cents) == [40_00, 70_00 - 280_00])
            }
        }
    }

    @Test("A pending decision gives way to the customer's own change: no further notice, and one change only")
    func preempted() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in ["2025-12-05", "2026-01-05", "2026-02-05", "2026-03-05"] {
                try books.job("nightly", "--as-of", night)
            }
            let pending = try books.sql(
                """
                SELECT s.key FROM meterbook.plan_change AS c JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                WHERE c.status = 'announced' ORDER BY s.key
                """
            ).split(separator: "\n").map(String.init)
            let key = try #require(pending.first)
            try books.run(
                "subscription", "change", key, "--plan", "orders-5000", "--at", "renewal", "--as-of", "2026-03-06")
            for night in ["2026-03-18", "2026-03-29", "2026-04-01"] { try books.job("nightly", "--as-of", night) }
            let changes = try books.sql(
                """
                SELECT c.origin, p.key, c.status FROM meterbook.plan_change AS c
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                JOIN meterbook.plan AS p ON p.plan_id = c.plan_id WHERE s.key = '\(key)' ORDER BY c.change_id
                """)
            #expect(changes == "decision|orders-2000|preempted\nrequest|orders-5000|applied")
            // The announcement had been written and not sent: it is taken back, and no reminder follows.
            #expect(
                try books.sql(
                    """
                    SELECT n.kind, n.status FROM meterbook.notice AS n
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                    WHERE s.key = '\(key)' AND n.kind LIKE 'change%' ORDER BY n.place
                    """) == "change_announced|withdrawn")
            #expect(try books.invoices(key).ended("2026-04-01").cents == 139_00)
        }
    }

    @Test(
        "A change that cannot be invoiced is held with its reason, and so is its period; once the catalog is mended both are billed"
    )
    func held() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-04-10")
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "2026-04-21", "--as-of",
                "2026-04-10")
            #expect(try books.invoices("monsoon").allSatisfy { !$0.reference.hasSuffix("change") })
            // Nobody may be on Professional from April 15th on.
            let catalog = try Books.text(of: Books.example("appseconnect") + "/catalog.yaml")
            let parts = catalog.components(separatedBy: "  professional:\n")
            try #require(parts.count == 2)
            let closed = parts[1].replacing(
                "- from: 2020-01-01", with: "- from: 2020-01-01\n        until: 2026-04-15", maxReplacements: 1)
            try books.folder.write(parts[0] + "  professional:\n" + closed, to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            #expect(try books.attempt("nightly", "--as-of", "2026-04-21").code == 65)
            #expect(try books.run("hold", "list").contains("no_plan_version"))
            #expect(try books.attempt("nightly", "--as-of", "2026-05-01").code == 65)
            #expect(try books.sql("SELECT max(ends) FROM meterbook.billing_period") == "2026-04-01")
            try books.run("catalog", "apply", Books.example("appseconnect") + "/catalog.yaml")
            try self.nights(books, "2026-05-02")
            // 10 of 30 days.
            #expect(try books.invoices("monsoon").ended("2026-04-21/change").lines.map(\.cents) == [-33_33, 53_33])
            #expect(try books.invoices("monsoon").ended("2026-05-01").cents == 160_00)
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
            #expect(try books.agree())
        }
    }

    @Test("A lost invoice of a change is noticed")
    func lost() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-04-10")
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-04-11")
            #expect(try books.agree())
            try books.tamper("DELETE FROM meterbook.invoice WHERE kind = 'change'")
            let outcome = try books.meterbook("reconcile", "--json")
            #expect(outcome.code == 65)
            #expect(outcome.output.contains("a change of plan at once without its invoice"))
        }
    }

    @Test("Who is closed to his end gives up what was pending for later, and is reminded of nothing")
    func endedBefore() async throws {
        try await withBooks { books in
            try self.deploy(books, ["monsoon,standard,2026-01-01,year"])
            try self.nights(books, "2026-04-10")
            // The year ends in 2027; a change for it is pending, and then the source names an end before.
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "renewal", "--as-of",
                "2026-04-10")
            try books.folder.write(
                "subscription,plan,anchor,cadence,ends,customer\nmonsoon,standard,2026-01-01,year,2026-06-01,c\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-06-01")
            #expect(try books.sql("SELECT status FROM meterbook.plan_change") == "preempted")
            #expect(try books.agree())
        }
    }
}
