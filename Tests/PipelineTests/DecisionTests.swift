import Foundation
import TestSupport
import Testing

/// Plans that are decided on by the mean of three months: A2X's cases on its example deployment.
@Suite("Decisions")
struct DecisionTests {
    private static let nights = ["2025-12-05", "2026-01-05", "2026-02-05", "2026-03-01"]

    /// What was decided on the example's subscriptions, as `outcome reason`.
    private func decided(_ books: Books) throws -> [String: String] {
        var decided: [String: String] = [:]
        for subscription in ["ridge", "summit", "willow", "heron", "fjord"] {
            let json = try JSON(books.run("explain", "decision", subscription, "--json"))
            decided[subscription] = "\(try json.text("outcome")) \(try json.text("reason"))"
        }
        return decided
    }

    /// A mean of exactly 1,000 stays, 1,000 and a third goes up; 600 + 500 fall to 600; one month of 5,000 among quiet ones.
    private static let expected = [
        "ridge": "stays holds", "summit": "up above_threshold", "willow": "stays holds", "heron": "stays holds",
        "fjord": "stays holds",
    ]

    @Test("On March 24 December, January and February decide: who is above the threshold goes up, who equals it stays")
    func march() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            try books.run("decide", "--as-of", "2026-03-24")
            #expect(try self.decided(books) == Self.expected)

            let summit = try JSON(books.run("explain", "decision", "summit", "--json"))
            let months = try summit.list("counted")
            #expect(try months.map { try $0.text("month") } == ["2025-12-01", "2026-01-01", "2026-02-01"])
            #expect(try months.map { try $0.number("quantity") } == [900, 1_000, 1_101])
            #expect(try summit.object("figure").number("sum") == 3_001)
            #expect(try summit.text("target") == "orders-2000")
            #expect(try summit.object("change").text("takes_effect") == "2026-04-01")
            #expect(try summit.object("change").text("status") == "announced")

            // Both accounts of Willow Bath, one of them until it was unlinked.
            let willow = try JSON(books.run("explain", "decision", "willow", "--json"))
            let accounts = try willow.list("accounts").map { account in
                (try account.text("account"), try account.list("months").map { try $0.number("quantity") })
            }
            #expect(accounts.map(\.0) == ["willow-amazon", "willow-shopify"])
            #expect(accounts.map(\.1) == [[600, 620, 600], [500, 150, 0]])
        }
    }

    @Test("With 600 and 500 orders a month over two accounts it goes up")
    func twoAccounts() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            try books.folder.write(
                "account,subscription,linked,unlinked\nwillow-amazon,willow,2025-12-01,\nwillow-shopify,willow,2025-12-01,\n",
                to: "data/memberships.csv")
            try books.folder.write(
                "account,channel,day,orders\n"
                    + ["2025-12-10", "2026-01-10", "2026-02-10"].flatMap { day in
                        ["willow-amazon,amazon-us,\(day),600\n", "willow-shopify,shopify,\(day),500\n"]
                    }.joined(), to: "data/orders.csv")
            for night in Self.nights + ["2026-03-24"] { try books.job("nightly", "--as-of", night) }
            let willow = try JSON(books.run("explain", "decision", "willow", "--json"))
            #expect(try willow.text("outcome") == "up" && willow.text("target") == "orders-2000")
            // Nothing was ever counted for the others: that is not known to be nothing.
            #expect(try self.decided(books)["ridge"] == "stays short_history")
        }
    }

    @Test("Fewer than three complete months decide nothing, and say why")
    func shortHistory() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            // Counted since December 1st: on February 5th two months are complete.
            #expect(Set(try self.decided(books).values) == ["stays short_history"])
            let page = try books.run("explain", "decision", "ridge")
            #expect(page.contains("fewer than 3 complete months"))
            let list = try JSON(books.run("decision", "list", "ridge", "--json")).list("decisions")
            #expect(try list.map { try $0.text("month") } == ["2026-02-01", "2026-01-01", "2025-12-01"])
        }
    }

    @Test("However often it runs, a month has one decision; a dry run keeps none")
    func reruns() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let dry = try JSON(books.run("decide", "--as-of", "2026-03-24", "--dry-run", "--json"))
            #expect(try dry.object("deciding").number("up") == 1)
            let stored = "SELECT count(*) FROM meterbook.plan_decision WHERE month = '2026-03-01'"
            #expect(try books.sql(stored) == "0")
            let first = try JSON(books.run("decide", "--as-of", "2026-03-24", "--json"))
            #expect(try first.object("deciding").number("decided") == 5)
            let hash = try books.hash()
            for day in 24...31 {
                let again = try JSON(books.run("decide", "--as-of", "2026-03-\(day)", "--json"))
                #expect(try again.object("deciding").number("decided") == 0)
            }
            #expect(try books.hash() == hash)
        }
    }

    @Test("A change whose reason a restated count takes away is withdrawn; one that keeps it stays")
    func withdrawn() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights + ["2026-03-05"] { try books.job("nightly", "--as-of", night) }
            // One order less in February, and the mean is 1,000: not above it.
            func restate(by orders: Int) throws {
                var left = orders
                try books.rewrite("data/orders.csv") { line in
                    var fields = line.split(separator: ",").map(String.init)
                    guard left != 0, fields[0] == "summit-amazon", fields[2].hasPrefix("2026-02"),
                        let count = Int(fields[3]), count + left >= 0
                    else { return String(line) }
                    fields[3] = "\(count + left)"
                    left = 0
                    return fields.joined(separator: ",")
                }
            }
            try restate(by: 1)
            try books.job("nightly", "--as-of", "2026-03-10")
            func change() throws -> JSON {
                try JSON(books.run("explain", "decision", "summit", "--json")).object("change")
            }
            #expect(try change().text("status") == "announced")
            try restate(by: -2)
            let night = try books.job("nightly", "--as-of", "2026-03-11")
            #expect(night.contains("1 announced change was withdrawn"))
            #expect(try change().text("status") == "withdrawn" && change().text("settled_on") == "2026-03-11")
            // What the decision was made from stays as it was known then.
            let summit = try JSON(books.run("explain", "decision", "summit", "--json"))
            #expect(try summit.list("counted").map { try $0.number("quantity") } == [900, 1_000, 1_101])
            #expect(
                try summit.list("accounts")[0].list("months").map { try $0.number("quantity") } == [900, 1_000, 1_101])
            // And it is not announced again for the same months.
            try restate(by: 5)
            try books.job("nightly", "--as-of", "2026-03-12")
            #expect(try change().text("status") == "withdrawn")
        }
    }

    @Test("A subscription without a decision is told so, in words and with 64")
    func unknown() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            try books.job("nightly", "--as-of", "2025-12-01")
            let outcome = try books.meterbook("explain", "decision", "ridge")
            #expect(outcome.code == 64 && outcome.errors.contains("no decision on 'ridge'"))
            #expect(try books.run("decision", "list", "ridge") == "No decisions.\n")
            #expect(try books.meterbook("explain", "decision", "nobody").code == 64)
        }
    }
}
