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

    /// Some months of counts in no order, and what has become of them since: restated, and more.
    private struct History {
        var before: [Count] = []
        var after: [Count] = []

        init(using random: inout SeededGenerator) throws {
            let months = try (0..<70).map(day)
            for subscriber in subscribers.prefix(12) {
                for day in months where Bool.random(using: &random) {
                    for channel in ["shopify", "amazon", "ebay"] where Bool.random(using: &random) {
                        let count = Count(
                            day, Int.random(in: 0...30, using: &random), account: "\(subscriber.key)-store",
                            channel: channel)
                        if Int.random(in: 0..<4, using: &random) > 0 { before.append(count) }
                        var later = count
                        if Int.random(in: 0..<5, using: &random) == 0 { later.quantity += 1 }
                        after.append(later)
                    }
                }
            }
            before.shuffle(using: &random)
            after.shuffle(using: &random)
        }

        /// Those whose key was not there before, and those that say otherwise.
        var differences: (new: Int, changed: Int) {
            func key(_ count: Count) -> [String] { [count.account, count.channel, count.day] }
            // The night of July 2 has seen no later day.
            let seen = before.filter { $0.day <= "2021-07-02" }
            let known = Dictionary(seen.map { (key($0), $0.quantity) }, uniquingKeysWith: { first, _ in first })
            let changed = after.count { count in known[key(count)].map { $0 != count.quantity } ?? false }
            return (after.count { known[key($0)] == nil }, changed)
        }
    }

    /// Closes June with what came before, then pulls what has become of it, with the first row once more or not.
    private func restated(_ history: History, again: Bool) async throws -> (summary: String, contents: String) {
        try await withBooks { books in
            try books.deploy(Array(Self.subscribers.prefix(12)))
            try books.write(history.before, to: "a.csv")
            try books.job("nightly", "--as-of", "2021-07-02")
            try books.write(history.after + (again ? Array(history.after.prefix(1)) : []), to: "a.csv")
            let outcome = try books.meterbook(
                "pull", "--deployment", books.folder.path, "--source", "orders", "--from", "2021-06-01", "--as-of",
                "2021-09-01", "--json")
            #expect(outcome.code == 0)
            return (outcome.output, try books.contents())
        }
    }

    @Test(
        "A pull with a row that stands there twice, which the database has to find, leaves the same books as one without"
    )
    func comparedInMemoryOrInTheDatabase() async throws {
        var random = SeededGenerator()
        let history = try History(using: &random)
        let (memory, database) = (
            try await restated(history, again: false), try await restated(history, again: true)
        )
        #expect(memory.contents == database.contents)
        let (new, changed) = history.differences
        for (summary, repeated) in [(memory.summary, 0), (database.summary, 1)] {
            let pull = try JSON(summary).list("pulls")[0]
            #expect(try pull.number("new") == new)
            #expect(try pull.number("changed") == changed)
            #expect(try pull.number("unchanged") == history.after.count - new - changed)
            #expect(try pull.number("repeated") == repeated)
        }
    }

    @Test("A source that delivers little beside much of others finds what it has delivered before")
    func littleAmongMuch() async throws {
        try await withBooks { books in
            try books.deploy(Self.subscribers)
            // June: 30 days of 80 rows.
            try books.write(Self.counts(30) { _ in 2 }, to: "a.csv")
            try books.job("nightly", "--as-of", "2021-06-30")
            let (first, last) = (try Self.day(0), try Self.day(28))
            try books.write(
                Self.counts(30) { _ in 2 }.filter { $0.day == first || $0.day == last }.map { count in
                    var count = count
                    if count.channel == "amazon" { count.channel = "etsy" } else { count.quantity += 3 }
                    return count
                }, to: "a.csv")
            let outcome = try books.meterbook(
                "pull", "--deployment", books.folder.path, "--source", "orders", "--as-of", "2021-06-30", "--json")
            #expect(outcome.code == 0)
            let pull = try JSON(outcome.output).list("pulls")[0]
            #expect(try pull.number("new") == 80)
            #expect(try pull.number("changed") == 80)
            #expect(try pull.number("unchanged") == 0)
            // 30 days; then 2 for a new reading, and 3 more for a restated one.
            let sum = 30 * 160 + 80 * 2 + 80 * 3
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.usage_total") == "\(sum)")
            #expect(try books.sql("SELECT count(*), sum(quantity) FROM meterbook.reading_superseded") == "80|160")
        }
    }
}
