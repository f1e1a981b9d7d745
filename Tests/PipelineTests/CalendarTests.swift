import Foundation
import TestSupport
import Testing

/// Periods that begin with a stub, a trial or the calendar, from the import to the invoice.
@Suite("Calendars")
struct CalendarTests {
    private static func plans(_ plans: [(key: String, terms: String)]) -> String {
        var text = """
            catalog: calendars
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
            plans:

            """
        for plan in plans {
            text += """
                  \(plan.key):
                    name: \(plan.key)
                    \(plan.terms)
                    versions:
                      - from: 2015-01-01
                        prices:
                          base: {flat: {month: 10.00}, name: Base}
                          orders: {usage: orders, name: Orders, allowance: 10, per: month, unit_price: 1.00}

                """
        }
        return text
    }

    /// One subscription, its account and its counts.
    private static func deploy(
        _ books: Books, plan: String = "invoice: month", row: [String: String], memberFrom: String = "",
        _ counts: [Count]
    ) throws {
        try books.deploy([], catalog: nil)
        try books.folder.write(plans([("silver", plan)]), to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
        try books.folder.write("customer\nnorthwind\n", to: "customers.csv")
        try books.folder.write("account\nnorthwind-store\n", to: "accounts.csv")
        try books.folder.write(
            "account,subscription,from\nnorthwind-store,northwind,\(memberFrom)\n", to: "memberships.csv")
        try write(books, row)
        try books.write(counts, to: "all.csv")
    }

    private static func write(_ books: Books, _ row: [String: String]) throws {
        let all = row.merging(["subscription": "northwind", "customer": "northwind", "plan": "silver"]) { given, _ in
            given
        }
        let names = all.keys.sorted()
        try books.folder.write(
            names.joined(separator: ",") + "\n" + names.map { all[$0] ?? "" }.joined(separator: ",") + "\n",
            to: "subscriptions.csv")
    }

    @Test("A subscription that starts between two boundaries has a short first invoice; what came before is not billed")
    func stub() async throws {
        try await withBooks { books in
            // boundaries   05-31 ───────── 06-30 ───────── 07-31
            // starts               06-12
            // orders          06-11: 7 │ 06-12: 3   06-29: 4 │ 06-30: 12
            try Self.deploy(
                books, row: ["anchor": "2022-05-31", "starts": "2022-06-12"],
                [
                    Count("2022-06-11", 7), Count("2022-06-12", 3), Count("2022-06-29", 4), Count("2022-06-30", 12),
                ])
            try books.job("nightly", "--as-of", "2022-07-31")
            let invoices = try books.invoices()
            #expect(invoices.map(\.reference) == ["northwind/2022-06-30", "northwind/2022-07-31"])
            // The allowance of 10 is for the whole month: 7 before the start and 7 after it leave 4 to pay.
            #expect(
                invoices.first?.lines == [
                    .flat("2022-06-12", "2022-06-30", 1_000),
                    .usage("2022-06-12", "2022-06-30", 7, before: 7, threshold: 10, billable: 4, cents: 400),
                ])
            #expect(
                invoices.last?.lines == [
                    .flat("2022-06-30", "2022-07-31", 1_000),
                    .usage("2022-06-30", "2022-07-31", 12, before: 0, threshold: 10, billable: 2, cents: 200),
                ])
            let shown = try books.run("invoice", "show", "northwind/2022-06-30")
            #expect(shown.contains("2022-06-12 to 2022-06-29"))
            #expect(try books.agree())

            // Late usage in the short period is rated again over the same days, and that before it never.
            try books.write([Count("2022-06-11", 8), Count("2022-06-13", 5)], to: "late.csv")
            try books.job("nightly", "--as-of", "2022-08-31")
            let corrections = try books.invoices().ended("2022-08-31").lines.filter { $0.kind == "correction" }
            #expect(
                corrections == [
                    .correction(
                        "2022-06-12", "2022-06-30", 5, before: 8, threshold: 10, billable: 6, cents: 600,
                        of: "northwind/2022-06-30#2")
                ])
            #expect(try books.agree())
            let before = try books.hash()
            try books.job("nightly", "--as-of", "2022-08-31")
            let after = try books.hash()
            #expect(after == before)
        }
    }

    @Test("A start before the anchor, and a billing day, have their first invoices at the next boundary")
    func billingDay() async throws {
        try await withBooks { books in
            try Self.deploy(books, row: ["anchor": "2022-06-15", "starts": "2022-05-20"], [Count("2022-05-21", 11)])
            try books.job("nightly", "--as-of", "2022-07-15")
            #expect(
                try books.invoices().map(\.reference) == ["northwind/2022-06-15", "northwind/2022-07-15"])
            #expect(
                try books.invoices().first?.lines.last
                    == .usage("2022-05-20", "2022-06-15", 11, before: 0, threshold: 10, billable: 1, cents: 100))
            #expect(try books.agree())
        }
        try await withBooks { books in
            try Self.deploy(books, row: ["signed_up": "2022-03-15", "billing_day": "31"], [])
            try books.job("nightly", "--as-of", "2022-05-31")
            #expect(
                try books.invoices().map(\.reference) == [
                    "northwind/2022-03-31", "northwind/2022-04-30", "northwind/2022-05-31",
                ])
            #expect(try books.usage(asOf: "2022-05-31").object("period").text("start") == "2022-05-31")
        }
    }

    @Test("Who had a trial and has gone to a plan without one is still known to a source that names the sign-up alone")
    func trialIsLeft() async throws {
        try await withBooks { books in
            try Self.deploy(
                books, plan: "invoice: month\n    trial: 14 days", row: ["signed_up": "2022-03-05"],
                [Count("2022-03-19", 12)])
            try books.folder.write(
                Self.plans([
                    ("silver", "invoice: month\n    trial: 14 days"), ("gold", "invoice: month"),
                ]), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try books.job("nightly", "--as-of", "2022-04-19")
            try books.run(
                "subscription", "change", "northwind", "--plan", "gold", "--at", "renewal", "--as-of", "2022-04-20")
            try books.job("nightly", "--as-of", "2022-05-19")
            // Each of these exits with 65 where the row is refused.
            try books.job("nightly", "--as-of", "2022-05-20")
            #expect(try books.run("reject", "list").contains("No rows rejected."))
            #expect(try books.sql("SELECT starts, anchor FROM meterbook.subscription") == "2022-03-19|2022-03-19")
            #expect(try books.agree())
        }
    }

    @Test("A source may go on naming the anchor of whom a rule has moved to a plan that follows the calendar")
    func anchorOfBefore() async throws {
        try await withBooks { books in
            try Self.deploy(
                books, plan: "invoice: month", row: ["anchor": "2022-03-15"],
                [Count("2022-03-19", 12), Count("2022-04-19", 12), Count("2022-05-19", 12)])
            let rule = """
                decisions:
                  busy:
                    name: Orders a month
                    meters: [orders]
                    window: 1 month
                    aggregate: mean
                    ladder: {silver: 10, gold: unlimited}

                """
            try books.folder.write(
                Self.plans([("silver", "invoice: month"), ("gold", "invoice: month\n    align: calendar")]) + rule,
                to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            // Each of these exits with 65 where the row is refused.
            for day in ["2022-05-02", "2022-05-15", "2022-05-16", "2022-06-15", "2022-06-16"] {
                try books.job("nightly", "--as-of", day)
            }
            #expect(
                try books.sql(
                    "SELECT p.key, s.anchor FROM meterbook.subscription AS s JOIN meterbook.plan AS p USING (plan_id)")
                    == "gold|2022-03-15")
            #expect(try books.run("reject", "list").contains("No rows rejected."))
            #expect(try books.agree())
        }
    }

    @Test("Nothing is billed in a trial; who leaves in it is never billed")
    func trial() async throws {
        try await withBooks { books in
            let row = ["signed_up": "2022-03-05"]
            try Self.deploy(
                books, plan: "invoice: month\n    trial: 14 days", row: row,
                [Count("2022-03-06", 50), Count("2022-03-19", 12)])
            try books.job("nightly", "--as-of", "2022-04-19")
            let invoices = try books.invoices()
            #expect(invoices.map(\.reference) == ["northwind/2022-04-19"])
            #expect(
                invoices.first?.lines.last
                    == .usage("2022-03-19", "2022-04-19", 12, before: 0, threshold: 10, billable: 2, cents: 200))
            #expect(try books.agree())
            // Another trial is for new subscriptions: who is here already keeps his dates.
            try books.folder.write(
                Self.plans([("silver", "invoice: month\n    trial: 1 month")]), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try books.job("nightly", "--as-of", "2022-04-20")
            // Another alignment would move everybody's boundaries.
            try books.folder.write(
                Self.plans([("silver", "invoice: month\n    align: calendar")]), to: "catalog.yaml")
            let refused = try books.meterbook("catalog", "apply", books.folder.path + "/catalog.yaml")
            #expect(refused.code == 65)
            #expect(refused.errors.contains("alignment"))
        }
        try await withBooks { books in
            try Self.deploy(
                books, plan: "invoice: month\n    trial: 14 days", row: ["signed_up": "2022-03-05"],
                [Count("2022-03-06", 50)])
            try books.job("nightly", "--as-of", "2022-03-08")
            try Self.write(books, ["signed_up": "2022-03-05", "ends": "2022-03-10"])
            try books.job("nightly", "--as-of", "2022-03-11")
            try books.job("nightly", "--as-of", "2022-06-01")
            #expect(try books.invoices().isEmpty)
            #expect(try books.agree())
        }
    }

    @Test("A plan that follows the calendar bills everybody at the ends of months, the first time for a short one")
    func calendar() async throws {
        try await withBooks { books in
            try Self.deploy(
                books, plan: "invoice: month\n    align: calendar\n    trial: 1 week",
                row: ["signed_up": "2022-01-25", "trial_ends": "2022-02-03"], [Count("2022-02-03", 1)])
            try books.job("nightly", "--as-of", "2022-04-01")
            #expect(
                try books.invoices().map(\.reference) == [
                    "northwind/2022-03-01", "northwind/2022-04-01",
                ])
            #expect(
                try books.invoices().first?.lines.last
                    == .usage("2022-02-03", "2022-03-01", 1, before: 0, threshold: 10))
        }
    }

    @Test("A time zone changes from a day on, and no day that has been closed")
    func zone() async throws {
        try await withBooks { books in
            let row = ["anchor": "2022-01-01", "time_zone": "Europe/Berlin"]
            try Self.deploy(books, row: row, [])
            try books.job("nightly", "--as-of", "2022-03-01")
            func move(_ zone: String, _ from: String?) throws -> Int32? {
                var moved = row
                moved["time_zone"] = zone
                moved["time_zone_from"] = from
                try Self.write(books, moved)
                return try books.attempt("pull", "--source", "subscriptions", "--as-of", "2022-03-02").code
            }
            let zones = "SELECT from_day, time_zone FROM meterbook.subscription_zone ORDER BY from_day"
            #expect(try move("Asia/Tokyo", nil) == 65)
            #expect(try move("Asia/Tokyo", "2022-02-28") == 65)
            #expect(try books.run("reject", "list").contains("time_zone_from"))
            #expect(try books.sql(zones) == "")
            #expect(try move("Asia/Tokyo", "2022-03-15") == 0)
            #expect(try books.sql(zones) == "2022-03-15|Asia/Tokyo")
            // Again, also without the day: nothing changes.
            let before = try books.hash()
            #expect(try move("Asia/Tokyo", "2022-03-15") == 0)
            #expect(try move("Asia/Tokyo", nil) == 0)
            let after = try books.hash()
            #expect(after == before)
            #expect(try move("America/Lima", "2022-05-01") == 0)
            #expect(try books.sql(zones) == "2022-03-15|Asia/Tokyo\n2022-05-01|America/Lima")
        }
    }
}
