import Foundation
import TestSupport
import Testing

/// Every invoice comes out again from what was known when it was made, whatever has come since.
@Suite("Replay")
struct ReplayTests {
    /// A month is 30.00 in advance and 1.00 an order; SPRING takes half off the orders, and a contract makes them 0.50. An end
    /// leaves out what is paid in advance.
    private static func catalog(_ order: String = "1.00", more: String = "") -> String {
        """
        catalog: replay
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          silver:
            name: Silver
            invoice: month
            versions:
              - from: 2015-01-01
                prices:
                  base: {flat: {month: 30.00}, name: Base, charged: in_advance}
                  orders: {usage: orders, name: Orders, allowance: 0, unit_price: \(order)}
                  spring: {discount: {percent: 50}, name: Spring, on: [orders], coupon: SPRING}
              - from: 2015-01-01
                contract: acme
                prices:
                  base: {flat: {month: 30.00}, name: Base, charged: in_advance}
                  orders: {usage: orders, name: Orders, allowance: 0, unit_price: 0.50}
        \(more)
        """
    }

    private static func deploy(_ books: Books) throws {
        try books.deploy([], catalog: nil)
        try apply(catalog(), books)
        try books.folder.write("customer\nnorthwind\n", to: "customers.csv")
        try books.folder.write("account\nnorthwind-store\n", to: "accounts.csv")
        try books.folder.write("account,subscription\nnorthwind-store,northwind\n", to: "memberships.csv")
        try subscribe(books)
    }

    private static func apply(_ catalog: String, _ books: Books) throws {
        try books.folder.write(catalog, to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    private static func subscribe(
        _ books: Books, ends: String = "", contract: String = "", coupon: String = "", from: String = ""
    ) throws {
        try books.folder.write(
            "subscription,customer,plan,anchor,ends,contract,coupon,coupon_from\n"
                + "northwind,northwind,silver,2022-01-01,\(ends),\(contract),\(coupon),\(from)\n",
            to: "subscriptions.csv")
    }

    /// What a replay says of each invoice that is not equal: its reference, line and member.
    private static func findings(_ books: Books) throws -> [String] {
        let outcome = try books.meterbook("replay", "--all", "--json", "--limit", "100000")
        #expect(outcome.code == 65)
        return try JSON(outcome.output).list("findings").flatMap { finding in
            let reference = try finding.text("reference")
            guard try finding.text("outcome") == "different" else {
                return ["\(reference) \(try finding.text("reason"))"]
            }
            return try finding.list("differences").map { difference in
                "\(reference) \((try? difference.number("line")) ?? 0) \(try difference.text("member")) "
                    + "\((try? difference.text("stored")) ?? "-") \((try? difference.text("recomputed")) ?? "-")"
            }
        }
    }

    @Test("A coupon, a contract, an end and other prices that come later change no invoice that was made before them")
    func laterTerms() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.write([Count("2022-01-10", 10), Count("2022-02-10", 20), Count("2022-03-10", 30)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-01")
            // From here on half the price.
            try Self.subscribe(books, coupon: "SPRING", from: "2022-02-01")
            try books.job("nightly", "--as-of", "2022-03-01")
            try Self.subscribe(books, contract: "acme", coupon: "SPRING", from: "2022-02-01")
            try Self.apply(Self.catalog("3.00"), books)
            try books.job("nightly", "--as-of", "2022-04-01")
            // 10 × 1.00; 20 × 1.00 and half off; 30 × 0.50.
            #expect(try books.invoices().map(\.cents) == [30_00, 40_00, 40_00, 45_00])
            #expect(try books.agree())

            // The end that comes now takes the price in advance off the invoice of April, and off none before.
            try Self.subscribe(books, ends: "2022-05-01", contract: "acme", coupon: "SPRING", from: "2022-02-01")
            try books.job("nightly", "--as-of", "2022-05-01")
            #expect(try books.invoices().map(\.cents) == [30_00, 40_00, 40_00, 45_00, 0])
            #expect(try books.agree())
            #expect(try books.sql("SELECT count(*) FROM meterbook.subscription_superseded") == "3")
        }
    }

    @Test("An end that a command sets or takes back is known to the invoices behind it alone")
    func ends() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.job("nightly", "--as-of", "2022-02-01")
            try books.run("subscription", "cancel", "northwind", "--at", "2022-03-01", "--as-of", "2022-02-10")
            try books.run("subscription", "reactivate", "northwind", "--as-of", "2022-02-11")
            try books.job("nightly", "--as-of", "2022-03-01")
            try books.run("subscription", "cancel", "northwind", "--at", "2022-04-01", "--as-of", "2022-03-10")
            try books.job("nightly", "--as-of", "2022-04-01")
            #expect(try books.invoices().map(\.cents) == [30_00, 30_00, 30_00, 0])
            // What held before each command.
            let known =
                "SELECT coalesce(ends::text, 'none') FROM meterbook.subscription_superseded ORDER BY superseded_by"
            #expect(try books.sql(known) == "none\n2022-03-01\nnone")
            #expect(try books.agree())
        }
    }

    @Test(
        "Corrections come out again when what they corrected has changed once more, and those of missed nights as well")
    func corrections() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.write([Count("2022-01-10", 10), Count("2022-02-10", 20)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-03-01")
            try books.write([Count("2022-01-10", 15)], to: "b.csv")
            // Three missed nights at once: what is late stands on the first of their invoices.
            try books.job("nightly", "--as-of", "2022-06-01")
            try books.write([Count("2022-01-10", 12), Count("2022-02-11", 1), Count("2022-04-01", 3)], to: "c.csv")
            try books.job("nightly", "--as-of", "2022-07-01")
            try books.write([Count("2022-01-10", 11)], to: "d.csv")
            try books.job("pull", "--as-of", "2022-07-02")
            #expect(try books.replays())
            let corrections = try books.invoices().flatMap { invoice in
                invoice.lines.filter { $0.kind == "correction" }.map { "\(invoice.reference) \($0.cents)" }
            }
            #expect(
                corrections == [
                    "northwind/2022-04-01 500", "northwind/2022-07-01 -300", "northwind/2022-07-01 100",
                    "northwind/2022-07-01 300",
                ])
        }
    }

    @Test("Members, levels, carts and zones that are corrected later count as they were known")
    func windows() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2022-01-01", "UTC"), ("t", "2022-01-01", "America/New_York")],
                memberships: ["a,s,2022-01-01,", "b,s,2022-01-01,", "c,t,2022-01-01,"])
            try books.count([
                "a,shop,,listings,2022-01-05,5", "b,shop,,listings,2022-01-07,7", "a,shop,,orders,2022-01-05,3",
                "c,shop,,listings,2022-01-05,4", "c,shop,,gigabytes,2022-01-02,9",
            ])
            try books.carts([
                "a,one,,2022-01-03T10:00:00Z,2022-01-20T10:00:00Z", "a,two,edi,2022-01-19T00:00:00Z,",
                "b,three,,2022-01-31T20:00:00Z,", "c,four,,2022-02-01T02:00:00Z,2022-02-01T04:00:00Z",
            ])
            try books.job("nightly", "--as-of", "2022-02-01")
            #expect(try books.agree())
            // b leaves on the 5th of February, when its level still stands; then it turns out to have been the 3rd.
            try books.link(["a,s,2022-01-01,", "b,s,2022-01-01,2022-02-05", "c,t,2022-01-01,"])
            try books.job("nightly", "--as-of", "2022-03-01")
            try books.link(["a,s,2022-01-01,", "b,s,2022-01-01,2022-02-03", "c,t,2022-01-01,"])
            // And a had more carts, and a lower level, than was known.
            try books.count(["a,shop,,listings,2022-01-05,2", "a,shop,,listings,2022-02-10,6"])
            try books.carts([
                "a,one,,2022-01-03T10:00:00Z,2022-01-18T10:00:00Z", "a,five,,2022-01-10T00:00:00Z,2022-01-11T00:00:00Z",
                // The first hour of April in New York, and still March in Honolulu.
                "c,six,,2022-04-01T04:00:00Z,2022-04-01T05:00:00Z",
            ])
            try books.job("nightly", "--as-of", "2022-04-01")
            #expect(try books.agree())
            #expect(try books.sql("SELECT count(*) FROM meterbook.membership_superseded") == "2")
            let corrections = "SELECT count(*) > 0 FROM meterbook.invoice_line WHERE line_kind = 'correction'"
            #expect(try books.sql(corrections) == "t")

            // The customer of t moves further west from the day on which its last closed period ended.
            try books.rewrite("subscriptions.csv") { line in
                line.hasPrefix("subscription")
                    ? "\(line),time_zone_from"
                    : line.hasPrefix("t,") ? "t,t,p,2022-01-01,Pacific/Honolulu,2022-04-01" : "\(line),"
            }
            try books.job("nightly", "--as-of", "2022-05-01")
            #expect(try books.agree())
        }
    }

    @Test("A single invoice says the same as all of them, and what differs by line and member")
    func single() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.write([Count("2022-01-10", 10)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-03-01")
            let before = try books.hash(journal: true)
            #expect(
                try books.run("replay", "northwind/2022-02-01") == """
                    Invoices replayed
                      equal to the last byte  1
                      different               0
                      not replayable          0

                    The invoice is equal.

                    """)
            #expect(try books.hash(journal: true) == before)
            try books.tamper(
                "UPDATE meterbook.invoice_line SET amount = 1001 WHERE period_ends = '2022-02-01' AND line_kind = 'usage'"
            )
            let outcome = try books.meterbook("replay", "northwind/2022-02-01")
            #expect(outcome.code == 65)
            #expect(
                outcome.output == """
                    Invoices replayed
                      equal to the last byte  0
                      different               1
                      not replayable          0

                    northwind/2022-02-01
                      line 2, amount
                        stored      10.01
                        recomputed  10.00

                    """)
            #expect(try books.run("replay", "northwind/2022-03-01").contains("The invoice is equal."))
            #expect(try Self.findings(books) == ["northwind/2022-02-01 2 amount 10.01 10.00"])
            // The window is that of the dates, and --customer that of the customer.
            #expect(try books.run("replay", "--all", "--from", "2022-02-02").contains("The invoice is equal."))
            #expect(try books.meterbook("replay", "--all", "--customer", "northwind").code == 65)
            #expect(try books.run("replay", "--all", "--to", "2021-01-01") == "No invoice to replay.\n")
            for (arguments, words) in [
                (["--all", "--customer", "southwind"], "there is no customer 'southwind'"),
                (["northwind/2022-02-02"], "there is no invoice 'northwind/2022-02-02'"),
                (["southwind/2022-02-01"], "there is no subscription 'southwind'"),
                (["--all", "--from", "2022-02-01", "--to", "2022-02-01"], "is empty"),
            ] {
                let outcome = try Program.meterbook.run(
                    ["replay"] + arguments + ["--database", books.conninfo(for: ["replay"])])
                #expect(outcome.code == 64)
                #expect(outcome.errors.contains(words))
            }
        }
    }

    @Test("An invoice that is gone, or that nothing gives a reason for, is named")
    func whole() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.job("nightly", "--as-of", "2022-03-01")
            try books.tamper(
                """
                DELETE FROM meterbook.invoice WHERE period_ends = '2022-02-01';
                UPDATE meterbook.invoice SET kind = 'change' WHERE period_ends = '2022-03-01';
                UPDATE meterbook.invoice_line SET price_id = 77 WHERE period_ends = '2022-01-01'
                """)
            let findings = try Self.findings(books)
            #expect(findings.count == 4)
            #expect(findings[0].hasPrefix("northwind/2022-01-01 0 invoice the database is inconsistent: price 77"))
            #expect(
                findings.dropFirst() == [
                    "northwind/2022-02-01 0 invoice - USD 30.00, 2 lines",
                    "northwind/2022-03-01 0 invoice - USD 30.00, 2 lines",
                    "northwind/2022-03-01/change 0 invoice USD 30.00, 0 lines -",
                ])
        }
    }

    @Test("What no integer can hold is said of its own invoices, and the others are replayed")
    func overflow() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.write([Count("2022-01-10", 10), Count("2022-01-11", 10), Count("2022-02-10", 5)], to: "all.csv")
            // What one run closes is replayed together.
            for night in ["2022-01-15", "2022-02-01", "2022-03-01"] { try books.job("nightly", "--as-of", night) }
            try books.sql(
                "UPDATE meterbook.reading SET quantity = 9223372036854775807 WHERE day = '2022-01-10'")
            let findings = try Self.findings(books)
            try #require(findings.count == 1)
            #expect(findings[0].hasPrefix("northwind/2022-02-01 0 invoice USD 50.00 "))
            #expect(findings[0].contains("'orders'"))
        }
    }

    @Test("What was closed before its terms were kept is not replayable, and never equal")
    func beforeItWasKept() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.job("nightly", "--as-of", "2022-02-01")
            // As the migration would leave it that comes between these two nights.
            try books.sql("UPDATE meterbook.replay_start SET after_run = (SELECT max(run_id) FROM meterbook.run)")
            try books.job("nightly", "--as-of", "2022-03-01")
            #expect(try Self.findings(books) == ["northwind/2022-01-01 not_kept", "northwind/2022-02-01 not_kept"])
            let outcome = try books.meterbook("replay", "northwind/2022-02-01")
            #expect(outcome.code == 65)
            #expect(outcome.output.contains("not replayable: run 2 came before the books kept what later runs"))
            #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
            #expect(try books.run("replay", "northwind/2022-03-01").contains("The invoice is equal."))
            try books.tamper(
                """
                UPDATE meterbook.replay_start SET after_run = -1;
                UPDATE meterbook.billing_period SET engine = 7 WHERE ends = '2022-01-01';
                UPDATE meterbook.billing_period SET run_id = 0 WHERE ends = '2022-02-01';
                UPDATE meterbook.billing_period SET catalog_id = 99 WHERE ends = '2022-03-01'
                """)
            #expect(
                try Self.findings(books) == [
                    "northwind/2022-01-01 other_engine", "northwind/2022-02-01 unknown_run",
                    "northwind/2022-03-01 unknown_catalog",
                ])
        }
    }

    @Test("A replay runs beside a close, and counts what was there when it began")
    func besideAClose() async throws {
        try await withBooks(of: CDNOW.pulled(customers: 300)) { books in
            try books.run("close", "--as-of", "1998-01-01")
            let gate = try Gate(
                books, "BEFORE UPDATE ON meterbook.run FOR EACH ROW", when: "NEW.status = 'succeeded'")
            let running = try books.start("close", "--as-of", CDNOW.lastDay, "--batch", "50")
            try gate.await(1, of: running)
            // The run is not over, but what its batches have committed is there to be seen.
            let invoices = try books.sql("SELECT count(*) FROM meterbook.invoice")
            let report = try JSON(books.run("replay", "--all", "--json"))
            #expect(try report.number("equal") == Int(invoices))
            try gate.open()
            #expect(running.wait().code == 0)
            #expect(try books.replays())
        }
    }
}
