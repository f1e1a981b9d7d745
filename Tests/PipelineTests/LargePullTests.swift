import Foundation
import TestSupport
import Testing

/// A pull of more readings than one session takes in.
@Suite("Large pulls")
struct LargePullTests {
    private static let subscribers = (0..<40).map { Subscriber.legacy("s\($0)") }
    private static let channels = ["shopify", "amazon"]
    private static let days = 260
    /// Those that are known before.
    private static let knownDays = 20

    private static func day(_ number: Int) throws -> String {
        let start = try Date("2021-06-01T00:00:00Z", strategy: .iso8601)
        return start.addingTimeInterval(Double(number) * 86_400).formatted(.iso8601.year().month().day())
    }

    private static func counts(_ days: Int, _ quantity: (Int) -> Int) throws -> [Count] {
        try (0..<days).flatMap { number in
            let day = try day(number)
            return subscribers.flatMap { subscriber in
                channels.map { Count(day, quantity(number), account: "\(subscriber.key)-store", channel: $0) }
            }
        }
    }

    /// Closes June with its first days, then pulls all days at once: every second of the known ones is restated.
    private func contents(workers: Int) async throws -> (summary: String, contents: String) {
        try await withBooks { books in
            try books.deploy(Self.subscribers)
            try books.write(Self.counts(Self.knownDays) { _ in 1 }, to: "a.csv")
            try books.job("nightly", "--as-of", "2021-07-02")
            let again = try Self.day(200)
            try books.write(
                Self.counts(Self.days) { 1 + $0 % 2 } + [
                    // One that stands there already, one that says otherwise, and one that a later file replaces.
                    Count(again, 1, account: "s3-store"), Count(again, 7, account: "s4-store"),
                ], to: "a.csv")
            try books.write([Count(again, 9, account: "s5-store")], to: "b.csv")
            let outcome = try books.meterbook(
                "pull", "--deployment", books.folder.path, "--source", "orders", "--as-of", "2022-03-01", "--workers",
                "\(workers)", "--json")
            #expect(outcome.code == 65)
            let rejected = try books.sql("SELECT line, reason, row_text FROM meterbook.rejected_row")
            // Behind the header, 260 days of 80 rows, and the one that is a repeat.
            #expect(rejected == "20803|conflicting_duplicate|s4-store,shopify,orders,\(again),7")
            #expect(
                try books.sql("SELECT sum(readings), sum(quantity) FROM meterbook.source_day WHERE day < '2021-06-21'")
                    == "1600|2400")
            #expect(
                try books.sql(
                    "SELECT quantity FROM meterbook.reading JOIN meterbook.account USING (account_id) JOIN meterbook.channel AS c USING (channel_id) WHERE account.key = 's5-store' AND c.key = 'shopify' AND day = '\(again)'"
                ) == "9")
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading_superseded") == "800")
            #expect(try books.sql("SELECT count(DISTINCT subscription_id) FROM meterbook.late_usage") == "40")
            return (outcome.output, try books.contents())
        }
    }

    @Test("However many sessions take a large pull in, every row is accounted for and the books are the same")
    func sessions() async throws {
        let one = try await contents(workers: 1)
        let pull = try JSON(one.summary).list("pulls")[0]
        #expect(try pull.number("read") == 260 * 80 + 3)
        #expect(try pull.number("new") == 240 * 80)
        #expect(try pull.number("changed") == 10 * 80)
        #expect(try pull.number("unchanged") == 10 * 80)
        #expect(try pull.number("repeated") == 2)
        #expect(try pull.number("rejected") == 1)
        for workers in [2, 3] {
            let several = try await contents(workers: workers)
            #expect(several.contents == one.contents)
            #expect(several.summary == one.summary)
        }
    }
}
