import Foundation
import TestSupport
import Testing

/// One subscription that cannot be billed does not keep the others from being billed.
@Suite("Held subscriptions")
struct HoldTests {
    @Test("A subscription without a plan version is held with its reason until the catalog has one again")
    func noVersion() async throws {
        try await withBooks { books in
            try books.deploy(.legacy(), .legacy("gilt", plan: "gold"))
            try books.write([Count("2021-06-03", 10), Count("2021-06-03", 20, account: "gilt-store")], to: "all.csv")
            try books.job("pull", "--as-of", "2021-06-30")
            // Silver begins only in September for those who signed up early.
            let text = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            let first = try #require(text.range(of: "from: 2015-01-01"))
            let broken = text.replacingCharacters(in: first, with: "from: 2021-09-01")
            try books.run("catalog", "apply", books.folder.write(broken, to: "broken.yaml"))

            let outcome = try books.meterbook("close", "--as-of", "2021-07-01", "--json")
            #expect(outcome.code == 65)
            let close = try JSON(outcome.output).object("close")
            #expect(try close.number("held") == 1)
            #expect(try close.number("invoices") == 1)
            #expect(try books.invoices("gilt").count == 1)
            #expect(try books.invoices().isEmpty)
            let hold = try #require(try JSON(books.run("hold", "list", "--json")).list("holds").first)
            #expect(try hold.text("subscription") == "northwind")
            #expect(try hold.text("reason") == "no_plan_version")
            #expect(try hold.text("detail").contains("silver"))
            #expect(try hold.text("period_end") == "2021-07-01")
            #expect(try books.run("hold", "list").contains("northwind"))

            // Tried again, it is held again, and the hold is the same.
            let before = try books.hash()
            #expect(try books.meterbook("close", "--as-of", "2021-07-01").code == 65)
            #expect(try books.hash() == before)
            #expect(try books.agree())

            try books.run("catalog", "apply", Books.connexCatalog)
            try books.run("close", "--as-of", "2021-08-01")
            #expect(try books.run("hold", "list", "--json").contains("\"holds\": []"))
            #expect(try books.invoices().count == 2)
            #expect(try books.invoices("gilt").count == 2)
            #expect(try books.agree())
        }
    }

    @Test("An amount that no integer holds is held, and the customer beside it is billed")
    func overflow() async throws {
        try await withBooks { books in
            let text = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            let dear = text.replacingOccurrences(of: "unit_price: 0.10", with: "unit_price: 1000000.00")
            try books.deploy(
                [Subscriber("northwind", anchor: "2022-06-01"), Subscriber("harbor", anchor: "2022-06-01")],
                catalog: books.folder.write(dear, to: "dear.yaml"))
            try books.write(
                (10...30).map { Count("2022-06-\($0)", 1_000_000_000_000) }
                    + [Count("2022-06-03", 12_001, account: "harbor-store")], to: "all.csv")
            let outcome = try books.attempt("nightly", "--as-of", "2022-07-01")
            #expect(outcome.code == 65)
            let hold = try #require(try JSON(books.run("hold", "list", "--json")).list("holds").first)
            #expect(try hold.text("reason") == "amount_overflow")
            #expect(try books.invoices("harbor").map(\.usageCents) == [100_000_000])
            // Restated to what can be billed, it is billed.
            try books.write(
                (10...30).map { Count("2022-06-\($0)", 0) } + [Count("2022-06-03", 12_001, account: "harbor-store")],
                to: "all.csv")
            try books.job("nightly", "--as-of", "2022-07-02")
            #expect(try books.invoices().map(\.cents) == [4_900])
            #expect(try books.sql("SELECT count(*) FROM meterbook.hold") == "0")
            #expect(try books.agree())
        }
    }
}
