import Foundation
import TestSupport
import Testing

/// What a run invoices beside what the same subscriptions were invoiced before.
///
///     counts       Jan 60 ── Feb 60 ── Mar 60 (then 61) ── Apr
///     silver       80        80        80                  420      30 in advance, 1.00 an order beyond 10
///     metered      60        60        60                  1        1.00 an order: none in April, one late in March
///     fresh                                                70       begins in April
@Suite("Comparison of a run")
struct ComparisonTests {
    private static let catalog = """
        catalog: comparison
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
                  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}
          metered:
            name: Metered
            invoice: month
            versions:
              - from: 2015-01-01
                prices:
                  orders: {usage: orders, name: Orders, unit_price: 1.00}

        """

    private static func count(_ books: Books, march: Int) throws {
        let silver = [("2022-01-10", 60), ("2022-02-10", 60), ("2022-03-10", 60), ("2022-04-10", 400)]
        let metered = [("2022-01-10", 60), ("2022-02-10", 60), ("2022-03-10", march)]
        try books.write(
            silver.map { Count($0.0, $0.1, account: "silver-store") }
                + metered.map { Count($0.0, $0.1, account: "metered-store") }
                + [Count("2022-04-10", 70, account: "fresh-store")], to: "all.csv")
    }

    /// Billed until April, with everything of April read.
    private static func deploy(_ books: Books) throws {
        try books.deploy([], catalog: nil)
        try books.folder.write(catalog, to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
        try books.write([
            Subscriber("silver", plan: "silver", anchor: "2022-01-01"),
            Subscriber("metered", plan: "metered", anchor: "2022-01-01"),
            Subscriber("fresh", plan: "metered", anchor: "2022-04-01"),
        ])
        try count(books, march: 60)
        for night in ["2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01"] {
            try books.job("nightly", "--as-of", night)
        }
        try count(books, march: 61)
        try books.job("pull", "--as-of", "2022-05-01")
    }

    private static func sums(_ comparison: JSON) throws -> [String] {
        try comparison.list("currencies").flatMap { currency in
            try currency.list("plans").map { plan in
                let counts = try ["subscriptions", "invoices", "first_invoices"].map { "\(try plan.number($0))" }
                let amounts = try [
                    "recurring", "usage", "overage", "corrections", "other", "total", "before", "difference",
                ].map(plan.text)
                return try ([plan.text("plan")] + counts + amounts).joined(separator: " ")
            }
        }
    }

    private static func outliers(_ comparison: JSON) throws -> [String] {
        try comparison.list("currencies").flatMap { currency in
            try currency.object("outliers").list("first").map { found in
                try ["invoice", "reason", "total", "last", "median", "factor"].map(found.text).joined(separator: " ")
            }
        }
    }

    @Test("A dry run says by plan what it comes to beside the period before, and lists what differs most")
    func dryRun() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let before = try books.hash(journal: true)
            let file = books.folder.path + "/outliers.csv"
            let dry = try JSON(books.run("close", "--as-of", "2022-05-01", "--dry-run", "--json", "--csv", file))
                .object("comparison")
            #expect(
                try Self.sums(dry) == [
                    "metered 2 2 1 0.00 70.00 0.00 1.00 0.00 71.00 60.00 11.00",
                    "silver 1 1 0 30.00 0.00 390.00 0.00 0.00 420.00 80.00 340.00",
                ])
            // The first invoice of silver was 30.00, so the median is that of 30, 80, 80 and 80.
            let found = [
                "silver/2022-05-01 rose 420.00 80.00 80.00 5.3", "metered/2022-05-01 fell 1.00 60.00 60.00 0.0",
            ]
            #expect(try Self.outliers(dry) == found)
            #expect(
                try Books.text(of: file) == """
                    customer,subscription,invoice,plan,currency,total,last,median,factor,reason
                    metered,metered,metered/2022-05-01,metered,USD,1.00,60.00,60.00,0.0,fell
                    silver,silver,silver/2022-05-01,silver,USD,420.00,80.00,80.00,5.3,rose

                    """)
            let text = try books.run("close", "--as-of", "2022-05-01", "--dry-run", "--limit", "1")
            #expect(text.contains("and 1 more"), "\(text)")
            #expect(text.contains("All            3         3      1     491.00  140.00  +351.00  +250.7%"), "\(text)")
            #expect(try books.hash(journal: true) == before)

            let few = try books.run(
                "close", "--as-of", "2022-05-01", "--dry-run", "--outlier-factor", "6", "--outlier-amount", "60")
            #expect(few.contains("No outliers"), "\(few)")
            let short = try books.run("close", "--as-of", "2022-05-01", "--dry-run", "--no-summary")
            #expect(!short.contains("Recurring"), "\(short)")
            // In earnest only who asks is told, and the same.
            let real = try JSON(books.run("close", "--as-of", "2022-05-01", "--summary", "--json")).object("comparison")
            #expect(try Self.sums(real) == Self.sums(dry))
            #expect(try Self.outliers(real) == found)
            #expect(try !JSON(books.run("close", "--as-of", "2022-05-01", "--json")).keys.contains("comparison"))
        }
    }

    @Test("Of missed periods each invoice is compared with the one before it")
    func catchUp() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let dry = try JSON(books.run("close", "--as-of", "2022-06-01", "--dry-run", "--json")).object("comparison")
            // April's 420 and May's 30 beside March's 80 and April's 420.
            #expect(
                try Self.sums(dry) == [
                    "metered 2 4 1 0.00 70.00 0.00 1.00 0.00 71.00 131.00 -60.00",
                    "silver 1 2 0 60.00 0.00 390.00 0.00 0.00 450.00 500.00 -50.00",
                ])
            // Fresh has nothing after its 70.00; silver's 30.00 differs from its usual 80.00 by no more than 50.00.
            #expect(
                try Self.outliers(dry) == [
                    "silver/2022-05-01 rose 420.00 80.00 80.00 5.3", "fresh/2022-06-01 missing 0.00 70.00 70.00 0.0",
                    "metered/2022-06-01 missing 0.00 1.00 60.00 0.0", "metered/2022-05-01 fell 1.00 60.00 60.00 0.0",
                ])
        }
    }

    @Test(
        "Options that say nothing together are refused with the reason",
        arguments: [
            (["--csv", "file"], "--csv goes with --dry-run or --summary"),
            (["--outlier-factor", "1"], "--outlier-factor takes a number from 2 to 1000"),
            (["--outlier-history", "25"], "--outlier-history takes a number from 1 to 24"),
            (["--catalog", "new.yaml"], "--catalog goes with --dry-run"),
            (["--plan", "silver"], "go with --catalog"),
            (["--dry-run", "--catalog", "new.yaml", "--as-of", "2022-05-01"], "looks at closed periods"),
        ])
    func refused(options: [String], reason: String) async throws {
        try await onOwnThread {
            let outcome = try Program.meterbook.run(["close"] + options, environment: ["PGHOST": "/nowhere"])
            #expect(outcome.code == 64)
            // Long lines are wrapped.
            let words = outcome.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains(reason), "\(outcome.errors)")
        }
    }
}
