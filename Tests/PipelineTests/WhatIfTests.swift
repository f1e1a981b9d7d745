import Foundation
import TestSupport
import Testing

/// What another catalog would have billed for past periods, beside what was billed.
///
///     counts       Jan 25 ── Feb 5 ── Mar 40
///     invoices     01-01     02-01     03-01     04-01
///     silver       30        30 + 15   30        30 + 30      beyond 10 a month, 1.00 each
///     tiered                 15        0         30           the same as tiers
///     yearly                 0         0         20           beyond 50 a year, 1.00 each
@Suite("What if")
struct WhatIfTests {
    /// What the tests change in the catalog.
    private struct Prices {
        var base = "30.00"
        var order = "1.00"
        var allowance = "10"
        var tiers = "[{up_to: 10, unit_price: 0}, {unit_price: 1.00}]"
        var yearly = "{usage: orders, name: Orders, allowance: 50, per: year, unit_price: 1.00}"
        var invoice = "month"
        var currency = "USD"
        var more = ""

        /// - Parameter leaving: the key of a plan that is not there.
        func catalog(leaving: String? = nil) -> String {
            let plans = [
                (
                    "silver",
                    [
                        "base: {flat: {\(invoice): \(base)}, name: Base, charged: in_advance}",
                        "orders: {usage: orders, name: Orders, allowance: \(allowance), unit_price: \(order)}",
                    ]
                ),
                ("tiered", ["orders: {usage: orders, name: Orders, tiers: \(tiers)}"]),
                ("yearly", ["orders: \(yearly)"]),
            ]
            let text = plans.filter { $0.0 != leaving }.map { plan in
                """
                  \(plan.0):
                    name: \(plan.0)
                    invoice: \(plan.0 == "silver" ? invoice : "month")
                    versions:
                      - from: 2015-01-01
                        prices:
                \(plan.1.map { "          " + $0 }.joined(separator: "\n"))

                """
            }
            return """
                catalog: whatif
                currency: \(currency)
                meters:
                  orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
                plans:
                \(text.joined())\(more)
                """
        }
    }

    private static let plans = ["silver", "tiered", "yearly"]

    /// Each plan with one subscription of its name, billed for January to March.
    private static func bill(_ books: Books) throws {
        try books.deploy([], catalog: nil)
        try books.folder.write(Prices().catalog(), to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
        try books.write(plans.map { Subscriber($0, plan: $0, anchor: "2022-01-01") })
        try count(books, january: 25)
        for night in ["2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01"] {
            try books.job("nightly", "--as-of", night)
        }
    }

    private static func count(_ books: Books, january: Int) throws {
        try books.write(
            plans.flatMap { plan in
                [("2022-01-10", january), ("2022-02-10", 5), ("2022-03-10", 40)].map {
                    Count($0.0, $0.1, account: plan + "-store")
                }
            }, to: "all.csv")
    }

    private static func whatIf(
        _ books: Books, _ catalog: String, code: Int32 = 0, _ options: String...
    ) throws -> JSON {
        try books.folder.write(catalog, to: "new.yaml")
        let outcome = try Program.meterbook.run(
            ["close", "--dry-run", "--catalog", books.folder.path + "/new.yaml", "--json"] + options
                + ["--database", books.database.conninfo])
        #expect(outcome.code == code, "\(outcome.errors)")
        return try JSON(outcome.output)
    }

    /// Billed, would be and difference of each group, in words.
    private static func sums(_ report: JSON, _ list: String, _ key: String) throws -> [String] {
        try report.list("currencies").flatMap { currency in
            try currency.list(list).map {
                "\(try $0.text(key)) \(try $0.text("billed")) \(try $0.text("would_be")) \(try $0.text("difference"))"
            }
        }
    }

    private static func byPlan(_ report: JSON) throws -> [String] { try sums(report, "plans", "plan") }
    private static func byMonth(_ report: JSON) throws -> [String] { try sums(report, "months", "month") }

    private static let unchanged = [
        "silver 165.00 165.00 0.00", "tiered 45.00 45.00 0.00", "yearly 20.00 20.00 0.00",
    ]

    @Test("The catalog that billed everything would have billed the same, to the cent, and nothing is written")
    func same() async throws {
        try await withBooks { books in
            try Self.bill(books)
            #expect(try books.invoices("silver").map(\.cents) == [30_00, 45_00, 30_00, 60_00])
            let before = try books.hash(journal: true)
            let report = try Self.whatIf(books, Prices().catalog())
            #expect(try Self.byPlan(report) == Self.unchanged)
            #expect(
                try Self.byMonth(report) == [
                    "2022-01-01 30.00 30.00 0.00", "2022-02-01 60.00 60.00 0.00", "2022-03-01 30.00 30.00 0.00",
                    "2022-04-01 110.00 110.00 0.00",
                ])
            #expect(try report.number("unchanged") == 3)
            #expect(try report.number("invoices") == 10)
            #expect(try books.hash(journal: true) == before)
            let runs = try books.sql("SELECT last_value FROM meterbook.run_run_id_seq")
            #expect(runs == "5")
        }
    }

    @Test("Another flat fee is billed with each invoice that has it")
    func flatFee() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.base = "35.00"
            let report = try Self.whatIf(books, prices.catalog())
            // Four of them, 5.00 more each.
            #expect(try Self.byPlan(report) == ["silver 165.00 185.00 20.00"] + Self.unchanged.dropFirst())
            #expect(
                try Self.byMonth(report) == [
                    "2022-01-01 30.00 35.00 5.00", "2022-02-01 60.00 65.00 5.00", "2022-03-01 30.00 35.00 5.00",
                    "2022-04-01 110.00 115.00 5.00",
                ])
        }
    }

    @Test("Another price, allowance or ladder of tiers is applied to what was counted")
    func usage() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.order = "1.50"
            // 15 and 30 orders, 0.50 more each.
            #expect(
                try Self.byPlan(Self.whatIf(books, prices.catalog()))
                    == ["silver 165.00 187.50 22.50"] + Self.unchanged.dropFirst())
            prices = Prices()
            prices.allowance = "20"
            // Ten orders fewer in January and in March.
            #expect(
                try Self.byPlan(Self.whatIf(books, prices.catalog()))
                    == ["silver 165.00 145.00 -20.00"] + Self.unchanged.dropFirst())
            prices = Prices()
            prices.tiers = "[{up_to: 10, unit_price: 0}, {up_to: 20, unit_price: 1.00}, {unit_price: 0.50}]"
            // January 10 × 1.00 and 5 × 0.50, March 10 × 1.00 and 20 × 0.50.
            #expect(
                try Self.byPlan(Self.whatIf(books, prices.catalog()))
                    == [Self.unchanged[0], "tiered 45.00 32.50 -12.50", Self.unchanged[2]])
        }
    }

    @Test("An allowance of a year counts from its beginning, also where only its last month is looked at")
    func yearly() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.yearly = "{usage: orders, name: Orders, allowance: 60, per: year, unit_price: 1.00}"
            // 70 orders by the end of March, 30 by its beginning.
            #expect(
                try Self.byPlan(Self.whatIf(books, prices.catalog()))
                    == Self.unchanged.prefix(2) + ["yearly 20.00 10.00 -10.00"])
            let march = try Self.whatIf(
                books, prices.catalog(), "--from", "2022-04-01", "--to", "2022-04-02", "--plan", "yearly")
            #expect(try Self.byPlan(march) == ["yearly 20.00 10.00 -10.00"])
            #expect(try march.number("invoices") == 1)
            // 40 orders in March are no more than 50 a month.
            prices.yearly = "{usage: orders, name: Orders, allowance: 50, per: month, unit_price: 1.00}"
            let text = try books.meterbook(
                "close", "--dry-run", "--catalog", Self.write(books, prices.catalog()), "--customer", "yearly")
            #expect(text.code == 0)
            #expect(
                text.output.contains("Note: allowances are counted over other periods: plan yearly"), "\(text.output)")
            #expect(text.output.contains("-20.00"))
        }
    }

    private static func write(_ books: Books, _ catalog: String) throws -> String {
        try books.folder.write(catalog, to: "new.yaml")
        return books.folder.path + "/new.yaml"
    }

    @Test("A plan that the catalog lacks is named with what it was billed, and all others are compared")
    func planRemoved() async throws {
        try await withBooks { books in
            try Self.bill(books)
            let report = try Self.whatIf(books, Prices().catalog(leaving: "tiered"), code: 65)
            #expect(try Self.byPlan(report) == [Self.unchanged[0], Self.unchanged[2]])
            let left = try report.list("not_comparable")
            #expect(try left.map { "\(try $0.text("plan")) \(try $0.text("reason"))" } == ["tiered plan_missing"])
            #expect(try left.map { try $0.text("billed") } == ["45.00"])
            #expect(try left.map { try $0.number("invoices") } == [3])
            let text = try books.meterbook("close", "--dry-run", "--catalog", books.folder.path + "/new.yaml")
            #expect(text.code == 65)
            #expect(
                text.output.contains("tiered: the catalog has no plan 'tiered'. Billed 45.00 USD on 3 invoices"),
                "\(text.output)")
        }
    }

    @Test("Another currency or other periods are said, and never mixed with what was billed")
    func notComparable() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.currency = "EUR"
            let report = try Self.whatIf(books, prices.catalog(), code: 65)
            #expect(try report.list("currencies").isEmpty)
            #expect(
                try report.list("not_comparable").map { "\(try $0.text("plan")) \(try $0.text("reason"))" }
                    == Self.plans.map { $0 + " currency_missing" })
            prices = Prices()
            prices.invoice = "year"
            let periods = try Self.whatIf(books, prices.catalog(), code: 65)
            #expect(try Self.byPlan(periods) == Array(Self.unchanged.dropFirst()))
            #expect(
                try periods.list("not_comparable").map { try $0.text("detail") }
                    == ["the catalog invoices the plan every year, and it was invoiced every month"])
        }
    }

    @Test("A plan that nobody was on changes nothing, and a price that takes effect later is said")
    func silent() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.more = """
                  gold:
                    name: gold
                    invoice: month
                    versions:
                      - from: 2015-01-01
                        prices:
                          base: {flat: {month: 99.00}, name: Base}

                """
            let added = try Self.whatIf(books, prices.catalog())
            #expect(try Self.byPlan(added) == Self.unchanged)
            let text = try books.run("close", "--dry-run", "--catalog", books.folder.path + "/new.yaml")
            #expect(text.contains("nobody was on it"), "\(text)")
            let later = Prices().catalog().replacingOccurrences(
                of: "          orders: {usage: orders, name: Orders, tiers: \(Prices().tiers)}",
                with: """
                              orders: {usage: orders, name: Orders, tiers: \(Prices().tiers)}
                          - from: 2022-05-01
                            prices:
                              orders: {usage: orders, name: Orders, unit_price: 9.00}
                    """)
            #expect(try Self.byPlan(Self.whatIf(books, later)) == Self.unchanged)
            let words = try books.run("close", "--dry-run", "--catalog", books.folder.path + "/new.yaml")
            #expect(words.contains("not in the figures, for it takes effect later"), "\(words)")
        }
    }

    @Test("Usage that comes late has no say until it is billed, and then stands with the month that it belongs to")
    func lateUsage() async throws {
        try await withBooks { books in
            try Self.bill(books)
            try Self.count(books, january: 35)
            try books.job("pull", "--as-of", "2022-04-02")
            #expect(try Self.byPlan(Self.whatIf(books, Prices().catalog())) == Self.unchanged)
            try books.job("nightly", "--as-of", "2022-05-01")
            // Ten orders more for each, and another month of 30.00; yearly now counts 80 by the end of March.
            let report = try Self.whatIf(books, Prices().catalog(), "--to", "2022-05-01")
            #expect(
                try Self.byPlan(report) == [
                    "silver 175.00 175.00 0.00", "tiered 55.00 55.00 0.00", "yearly 30.00 30.00 0.00",
                ])
            #expect(try Self.byMonth(report)[1] == "2022-02-01 80.00 80.00 0.00")
            var prices = Prices()
            prices.order = "2.00"
            // 25 and 30 orders beyond the allowance, 1.00 more each.
            #expect(try Self.byPlan(Self.whatIf(books, prices.catalog()))[0] == "silver 205.00 260.00 55.00")
        }
    }

    @Test("An invoice that was voided is on neither side")
    func voided() async throws {
        try await withBooks { books in
            try Self.bill(books)
            try books.run("invoice", "void", "silver/2022-04-01", "--reason", "billed twice", "--by", "A. Clerk")
            #expect(try Self.byPlan(Self.whatIf(books, Prices().catalog()))[0] == "silver 105.00 105.00 0.00")
        }
    }

    @Test("Every subscription stands in the file, with what cannot be compared, the same whoever reads first")
    func file() async throws {
        try await withBooks { books in
            try Self.bill(books)
            var prices = Prices()
            prices.base = "33.00"
            let file = books.folder.path + "/customers.csv"
            let report = try Self.whatIf(
                books, prices.catalog(leaving: "tiered"), code: 65, "--csv", file, "--workers", "2", "--limit", "1")
            #expect(
                try Books.text(of: file) == """
                    customer,name,subscription,plan,currency,invoices,billed,would_be,difference,percent,not_comparable,reason
                    silver,The silver company,silver,silver,USD,4,165.00,177.00,12.00,7.3,0,
                    tiered,The tiered company,tiered,tiered,USD,0,0.00,0.00,0.00,,3,the catalog has no plan 'tiered'
                    yearly,The yearly company,yearly,yearly,USD,3,20.00,20.00,0.00,0.0,0,

                    """)
            let rises = try report.list("currencies")[0].object("rises")
            #expect(try rises.number("count") == 1)
            #expect(try rises.list("first").map { try $0.text("subscription") } == ["silver"])
            let refused = try books.meterbook(
                "close", "--dry-run", "--catalog", books.folder.path + "/new.yaml", "--csv", "/nowhere/file")
            #expect(refused.code == 69)
            #expect(refused.errors.contains("/nowhere/file: cannot be written"), "\(refused.errors)")
        }
    }

    @Test("An upgrade at once is credited and charged at the other catalog's prices")
    func upgrade() async throws {
        try await withBooks { books in
            try books.deploy(example: "appseconnect")
            for night in ["2026-03-01", "2026-04-01"] { try books.job("nightly", "--as-of", night) }
            try books.run(
                "subscription", "change", "monsoon", "--plan", "professional", "--at", "now", "--as-of", "2026-04-11")
            try books.job("nightly", "--as-of", "2026-05-01")
            #expect(try books.invoices("monsoon").map(\.cents) == [100_00, 100_00, 40_00, 160_00])
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml").replacingOccurrences(
                of: "month: 160.00", with: "month: 190.00")
            let report = try Self.whatIf(books, catalog, "--customer", "monsoon")
            // 20/30 of 190.00 − 100.00 in the place of 40.00, and 190.00 for May.
            #expect(
                try Self.byPlan(report) == ["professional 200.00 250.00 50.00", "standard 200.00 200.00 0.00"])
        }
    }

    @Test("On every example another price comes to what it makes of what was counted", arguments: PricedExample.all)
    func otherPrices(example: PricedExample) async throws {
        try await withBooks { books in
            try books.deploy(example: example.vendor)
            for night in example.nights { try books.job("nightly", "--as-of", night) }
            var catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            for (old, new) in example.prices {
                #expect(catalog.contains(old))
                catalog = catalog.replacingOccurrences(of: old, with: new)
            }
            try books.folder.write(catalog, to: "new.yaml")
            let report = try JSON(
                Program.meterbook.run(
                    ["close", "--dry-run", "--catalog", books.folder.path + "/new.yaml", "--json"] + example.options
                        + ["--database", books.database.conninfo]
                ).output)
            let differences = try report.list("currencies").flatMap { currency in
                try currency.list("plans").map { "\(try $0.text("plan")) \(try $0.text("difference"))" }
            }
            #expect(differences == example.differences)
        }
    }

    @Test(
        "On every example the catalog that billed it would have billed the same",
        arguments: [
            ("a2x", ["2026-01-06", "2026-03-02", "2026-04-04", "2026-06-04"], []),
            ("appseconnect", ["2026-01-01", "2026-04-11", "2026-06-01"], [("subscriptions.csv", "subscriptions.csv")]),
            ("channeldock", ["2023-12-15", "2024-01-15", "2024-03-15"], []),
            ("connex", ["2021-10-01", "2022-02-01", "2022-07-01"], [("2022-01.csv", "orders/2022-01.csv")]),
            ("extensiv", ["2021-02-28", "2021-03-28"], [("2021-02.csv", "carts/2021-02-late.csv")]),
        ])
    func examples(vendor: String, nights: [String], late: [(from: String, to: String)]) async throws {
        try await withBooks { books in
            try books.deploy(example: vendor)
            for night in nights { try books.job("nightly", "--as-of", night) }
            func check() throws {
                let before = try books.hash(journal: true)
                let report = try Self.whatIf(books, Books.text(of: books.folder.path + "/catalog.yaml"))
                #expect(try report.number("subscriptions") > 0)
                #expect(try report.number("unchanged") == report.number("subscriptions"))
                #expect(try books.hash(journal: true) == before)
            }
            try check()
            for file in late {
                try books.folder.write(
                    Books.text(of: Books.example(vendor) + "/data/late/" + file.from), to: "data/" + file.to)
            }
            let last = try #require(nights.last)
            let end = String(last.prefix(5)) + "12-28"
            try books.job("nightly", "--as-of", end)
            try check()
        }
    }
}
