import TestSupport
import Testing

/// The example deployment of A2X: the orders of each calendar month over all accounts that are linked to a subscription.
@Suite("A2X")
struct A2XTests {
    private static let monthEnds = ["2025-12-31", "2026-01-31", "2026-02-28"]

    /// What the account page says was counted in December, January and February.
    private func months(_ books: Books, _ subscription: String) throws -> [Int] {
        try Self.monthEnds.map { day in
            try #require(try books.usage(subscription, asOf: day).list("allowances").first).number("counted")
        }
    }

    /// The accounts that were counted in the month that ends on a day.
    private func accounts(_ books: Books, _ subscription: String, _ day: String) throws -> [String: Int] {
        let allowance = try #require(try books.usage(subscription, asOf: day).list("allowances").first)
        return try Dictionary(
            allowance.list("sources").map { (try $0.text("account"), try $0.number("quantity")) }, uniquingKeysWith: +)
    }

    @Test("Each month's orders are on the account page, and nothing is charged beyond the plan's price")
    func months() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"] {
                try books.job("nightly", "--as-of", night)
            }
            let expected = [
                "ridge": [900, 1_000, 1_100], "summit": [900, 1_000, 1_101], "willow": [1_100, 770, 600],
                "heron": [400, 560, 680], "fjord": [100, 5_000, 100],
            ]
            for (subscription, counts) in expected {
                #expect(try self.months(books, subscription) == counts, "\(subscription)")
                let price = subscription == "fjord" ? 79_00 : 49_00
                #expect(try books.invoices(subscription).map(\.cents) == [price, price, price, price])
            }
            let january = try #require(try books.usage("fjord", asOf: "2026-01-31").list("allowances").first)
            #expect(try january.number("threshold") == 2_000)
            #expect(try january.number("over") == 3_000)
            #expect(!january.keys.contains("over_amount"))
            #expect(try books.agree())
        }
    }

    @Test(
        "An account that changes hands on January 16 counts for one until the day before and for the other from then on"
    )
    func changesHands() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in ["2026-01-01", "2026-02-01", "2026-03-01"] { try books.job("nightly", "--as-of", night) }
            // Ten orders a day.
            #expect(
                try self.accounts(books, "willow", "2026-01-31") == ["willow-amazon": 620, "willow-shopify": 150])
            #expect(try self.accounts(books, "heron", "2026-01-31") == ["heron-amazon": 400, "willow-shopify": 160])
            #expect(try self.accounts(books, "willow", "2026-02-28") == ["willow-amazon": 600])
            #expect(try self.accounts(books, "heron", "2026-02-28") == ["heron-amazon": 400, "willow-shopify": 280])
        }
    }

    @Test("It is the same when the change of hands is told only on its day")
    func toldLater() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            let told = try Books.text(of: books.folder.path + "/data/memberships.csv")
            try books.rewrite("data/memberships.csv") { line in
                if line.hasPrefix("willow-shopify,heron") { return nil }
                return line.hasPrefix("willow-shopify") ? "willow-shopify,willow,2025-12-01," : String(line)
            }
            for night in ["2026-01-01", "2026-01-15"] { try books.job("nightly", "--as-of", night) }
            try books.folder.write(told, to: "data/memberships.csv")
            for night in ["2026-01-16", "2026-02-01", "2026-03-01"] { try books.job("nightly", "--as-of", night) }
            #expect(try self.months(books, "willow") == [1_100, 770, 600])
            #expect(try self.months(books, "heron") == [400, 560, 680])
            #expect(try books.agree())
        }
    }
}
