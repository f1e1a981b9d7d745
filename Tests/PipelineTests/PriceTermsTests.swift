import Foundation
import TestSupport
import Testing

/// The terms of prices from the catalog's text to the invoice, its explanation and its correction.
@Suite("Terms of prices")
struct PriceTermsTests {
    private static let catalog = """
        catalog: terms
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          silver:
            name: Silver
            invoice: month
            wording: based on {{orders}}
            versions:
              - from: 2015-01-01
                prices:
                  base: {flat: {month: 30.00}, name: Base, charged: in_advance}
                  orders:
                    usage: orders
                    name: Orders
                    allowance: 100
                    tiers: [{up_to: 200, unit_price: 0.10, flat: 1.00}, {unit_price: 0.05}]
                    maximum: 40.00
                  least: {minimum: 15.00, name: Minimum use}
                  spring:
                    discount: {percent: 50}
                    name: Spring
                    on: [orders]
                    coupon: SPRING
                    periods: 2
              - from: 2022-01-01
                contract: acme
                prices:
                  base: {flat: {month: 20.00}, name: Base under contract, charged: in_advance}
                  orders:
                    usage: orders
                    name: Orders
                    unit_price: 0.01
                    wording: "{{quantity}} {{unit}} under contract"
        """

    private static func deploy(_ books: Books, _ columns: String, _ values: String, _ counts: [Count]) throws {
        try books.deploy([], catalog: nil)
        try books.folder.write(catalog, to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
        try books.folder.write("customer\nnorthwind\n", to: "customers.csv")
        try books.folder.write("account\nnorthwind-store\n", to: "accounts.csv")
        try books.folder.write("account,subscription\nnorthwind-store,northwind\n", to: "memberships.csv")
        try subscribe(books, columns, values)
        try books.write(counts, to: "all.csv")
    }

    private static func subscribe(_ books: Books, _ columns: String, _ values: String) throws {
        let row = values.isEmpty ? "" : ",\(values)"
        try books.folder.write(
            "subscription,customer,plan,anchor\(columns.isEmpty ? "" : ",\(columns)")\n"
                + "northwind,northwind,silver,2022-01-10\(row)\n", to: "subscriptions.csv")
    }

    /// Kind, price and cents of each line, invoice by invoice.
    private static func lines(_ books: Books) throws -> [[String]] {
        try books.run("invoice", "export").split(separator: "\n").map { text in
            try JSON(String(text)).list("lines").map { line in
                "\(try line.text("kind")) \(try line.text("price")) \(try line.text("amount"))"
            }
        }
    }

    @Test(
        "In advance, tiers with fees, a maximum and a minimum are billed, explained and, when counts change, corrected")
    func terms() async throws {
        try await withBooks { books in
            // From the 10th to the 10th: 350, none, 1,000.
            try Self.deploy(books, "", "", [Count("2022-01-15", 350), Count("2022-03-15", 1_000)])
            try books.job("nightly", "--as-of", "2022-04-10")
            // 250 beyond 100: 1.00 + 200 × 0.10 + 50 × 0.05 = 23.50. Nothing: 15.00 are missing.
            // 900 beyond: 21.00 + 700 × 0.05 = 56.00, at most 40.00.
            let first = [
                ["flat base 30.00"],
                ["flat base 30.00", "usage orders 23.50", "minimum least 0.00"],
                ["flat base 30.00", "usage orders 0.00", "minimum least 15.00"],
                ["flat base 30.00", "usage orders 40.00", "minimum least 0.00"],
            ]
            #expect(try Self.lines(books) == first)
            let shown = try books.run("invoice", "show", "northwind/2022-02-10")
            #expect(shown.contains("based on 350 orders"))
            let why = try books.run("explain", "northwind/2022-04-10")
            #expect(why.contains("at most 40.00: the maximum"))
            let opening = try books.run("invoice", "show", "northwind/2022-01-10")
            #expect(opening.contains("2022-01-10 to 2022-02-09") && opening.contains("30.00"))

            // 120 orders in the second period after all: 20 beyond, 1.00 + 2.00, so 3.00 more of use and 3.00 less missing.
            try books.write([Count("2022-02-20", 120)], to: "late.csv")
            try books.job("nightly", "--as-of", "2022-05-10")
            #expect(
                try Self.lines(books) == first + [
                    [
                        "flat base 30.00", "usage orders 0.00", "minimum least 15.00", "correction orders 3.00",
                        "correction least -3.00",
                    ]
                ])
            try books.run("reconcile")
        }
    }

    @Test(
        "A coupon takes its share off two periods from the one in which it was taken, and off what comes late for them")
    func coupon() async throws {
        try await withBooks { books in
            let counts = (1...4).map { Count("2022-0\($0)-15", 350) }
            try Self.deploy(books, "coupon,coupon_from", "SPRING,2022-02-20", counts)
            try books.job("nightly", "--as-of", "2022-05-10")
            // 23.50 of use each month; half of it is 11.75.
            let offs = try Self.lines(books).map { $0.filter { $0.hasPrefix("discount") } }
            #expect(offs == [[], [], ["discount spring -11.75"], ["discount spring -11.75"], []])
            // 50 more in the second discounted period: 2.50, and half of it off.
            try books.write([Count("2022-03-16", 50)], to: "late.csv")
            try books.job("nightly", "--as-of", "2022-06-10")
            #expect(
                try Self.lines(books).last?.filter { $0.hasPrefix("correction") }
                    == ["correction orders 2.50", "correction spring -1.25"])
            try books.run("reconcile")
        }
    }

    @Test("A contract that a subscription names goes before the plan's terms, and may not be taken back")
    func contract() async throws {
        try await withBooks { books in
            try Self.deploy(books, "contract", "acme", [Count("2022-01-15", 350)])
            try books.job("nightly", "--as-of", "2022-02-10")
            #expect(try Self.lines(books) == [["flat base 20.00"], ["flat base 20.00", "usage orders 3.50"]])
            #expect(try books.run("invoice", "show", "northwind/2022-02-10").contains("350 orders under contract"))
            try Self.subscribe(books, "contract", "other")
            let outcome = try books.meterbook("pull", "--deployment", books.folder.path, "--as-of", "2022-02-10")
            #expect(outcome.code == 65)
            let rejected = try #require(try JSON(books.run("reject", "list", "--json")).list("rejections").first)
            #expect(try rejected.text("reason") == "fixed_field")
            #expect(try rejected.text("field") == "contract")
            #expect(try rejected.text("found") == "other")
        }
    }

    private static let prorated = """
        catalog: prorated
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          silver:
            name: Silver
            invoice: month
            align: calendar
            versions:
              - from: 2015-01-01
                prices:
                  orders:
                    {usage: orders, name: Orders, allowance: 1000, unit_price: 0.10, maximum: 40.00, prorated: yes}
                  least: {minimum: 15.00, name: Minimum use, prorated: yes}
        """

    @Test(
        "Who starts on January 15th has 17 of 31 parts of the allowance, the maximum and the minimum, and then all of them",
        arguments: [
            // 548 included, 21.94 at most, 8.23 at least. What was counted before the 15th does not count.
            (700, ["usage orders 15.20", "minimum least 0.00"]), (1_000, ["usage orders 21.94", "minimum least 0.00"]),
            (548, ["usage orders 0.00", "minimum least 8.23"]), (599, ["usage orders 5.10", "minimum least 3.13"]),
        ])
    func prorated(orders: Int, lines: [String]) async throws {
        try await withBooks { books in
            try books.deploy([], catalog: nil)
            try books.folder.write(Self.prorated, to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try books.folder.write("customer\nnorthwind\n", to: "customers.csv")
            try books.folder.write("account\nnorthwind-store\n", to: "accounts.csv")
            try books.folder.write(
                "account,subscription,from\nnorthwind-store,northwind,2022-01-01\n", to: "memberships.csv")
            try books.folder.write(
                "subscription,customer,plan,signed_up,starts\nnorthwind,northwind,silver,2022-01-01,2022-01-15\n",
                to: "subscriptions.csv")
            try books.write(
                [Count("2022-01-10", 300), Count("2022-01-20", orders), Count("2022-02-10", 1_200)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-03-01")
            #expect(try Self.lines(books) == [lines, ["usage orders 20.00", "minimum least 0.00"]])
            let why = try books.run("explain", "northwind/2022-02-01")
            #expect(why.contains("17 of its 31 days, from 2022-01-15 on: 548 orders"))
            #expect(why.contains("548 orders: that part of the allowance"))
            #expect(why.contains("at most 21.94: the maximum") == (orders == 1_000))
            let page = try #require(try books.usage(asOf: "2022-01-31").list("allowances").first)
            #expect(try page.number("threshold") == 548 && page.number("allowance") == 548)

            // Ten more for January, found in March.
            try books.write([Count("2022-01-25", 10)], to: "late.csv")
            try books.job("nightly", "--as-of", "2022-04-01")
            let more = orders == 1_000 ? [] : try Self.lines(books).last?.filter { $0.hasPrefix("correction") } ?? []
            switch orders {
            case 700: #expect(more == ["correction orders 1.00"])
            case 548, 599: #expect(more == ["correction orders 1.00", "correction least -1.00"])
            default: #expect(more.isEmpty)
            }
            #expect(try books.agree())
        }
    }
}
