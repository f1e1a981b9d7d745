import Foundation
import TestSupport
import Testing

/// Past days that are pulled again, in one chunk or in many, by one worker or several, interrupted or not: the same books.
@Suite("Backfills in chunks")
struct BackfillPropertyTests {
    private static let window = ["--from", "2022-01-01", "--to", "2022-05-01", "--as-of", "2022-05-01"]

    /// A random past of some accounts, of which several months are billed, and what has become of it since.
    private struct History {
        var shop: BackfillShop
        var days: [BackfillShop.Row] = []
        var instants: [BackfillShop.Row] = []
        private static let accounts = (days: ["a", "b", "c"], instants: ["d", "e"])

        init(using random: inout SeededGenerator) throws {
            shop = try BackfillShop()
            for account in Self.accounts.days {
                for day in 0..<120 where Int.random(in: 0..<3, using: &random) == 0 {
                    days.append(row(account, BackfillShop.day("2022-01-01", day), &random))
                }
            }
            for account in Self.accounts.instants {
                // The first and the last hours of a day lie on another one, in most zones.
                for hour in stride(from: 0, to: 24 * 120, by: 11) where Bool.random(using: &random) {
                    let day = BackfillShop.day("2022-01-01", hour / 24)
                    instants.append(row(account, day + String(format: "T%02d:30:00Z", hour % 24), &random))
                }
            }
        }

        private func row(_ account: String, _ time: String, _ random: inout SeededGenerator) -> BackfillShop.Row {
            let meter = ["orders", "orders", "listings", "gigabytes"].randomElement(using: &random) ?? "orders"
            return BackfillShop.Row(
                account: account, channel: Bool.random(using: &random) ? "x" : "y", meter: meter, time: time,
                quantity: "\(Int.random(in: 0...20, using: &random))")
        }

        /// Restates, adds, and delivers what nobody can take in.
        mutating func change(using random: inout SeededGenerator) {
            func changed(
                _ rows: [BackfillShop.Row], _ accounts: [String], _ clock: String, _ random: inout SeededGenerator
            ) -> [BackfillShop.Row] {
                var rows = rows
                for index in rows.indices where Int.random(in: 0..<6, using: &random) == 0 {
                    rows[index].quantity = "\(Int.random(in: 0...40, using: &random))"
                }
                for _ in 0..<15 {
                    let day = BackfillShop.day("2022-01-01", Int.random(in: 0..<120, using: &random))
                    let new = row(accounts.randomElement(using: &random) ?? "a", day + clock, &random)
                    let isThere = rows.contains {
                        $0.account == new.account && $0.channel == new.channel && $0.meter == new.meter
                            && $0.time == new.time
                    }
                    if !isThere { rows.append(new) }
                }
                return rows.sorted { $0.time < $1.time }
            }
            days = changed(days, Self.accounts.days, "", &random)
            instants = changed(instants, Self.accounts.instants, "T12:00:00Z", &random)
            // Of days that are asked for once, and of none that anybody asks for.
            days.append(BackfillShop.Row(account: "nobody", time: "2022-02-11", quantity: "1"))
            days.append(BackfillShop.Row(account: "a", time: "2022-03-02", quantity: "1.5"))
            days.append(BackfillShop.Row(account: "a", meter: "nothing", time: "2022-04-30", quantity: "1"))
            instants.append(BackfillShop.Row(account: "d", time: "2022-02-28T23:59:59Z", quantity: "0.25"))
        }

        static let always = [
            BackfillShop.Row(account: "a", time: "2022-02-30", quantity: "1"),
            BackfillShop.Row(account: "b", time: "2099-01-01", quantity: "2"),
            BackfillShop.Row(account: "c", time: "2022-03-15", quantity: "-7"),
        ]

        /// Pulls all of the first part and bills it month by month.
        func play(on books: Books) throws {
            try books.deployMeters(
                [
                    ("r", "2021-11-10", "America/New_York"), ("s", "2021-12-01", "UTC"),
                    ("t", "2021-12-15", "Asia/Tokyo"),
                ],
                // Two of them move, one by the instant.
                memberships: [
                    "a,r,2021-12-01,2022-02-14", "a,s,2022-02-14,", "b,s,2021-12-01,", "c,t,2021-12-20,",
                    "d,r,2021-12-01,2022-03-01", "d,t,2022-03-01,", "e,t,2021-12-15,",
                ])
            try books.carts(["b,x,,2022-01-20T10:00:00Z,2022-02-20T10:00:00Z", "c,y,edi,2022-02-01T10:00:00Z,"])
            shop.set(days: days, instants: instants)
            try shop.deploy(books.folder, "    concurrency: 3")
            for day in ["2022-02-02", "2022-03-02", "2022-05-01"] { try books.job("nightly", "--as-of", day) }
            // What has been switched off later than anybody knew.
            try books.carts(["b,x,,2022-01-20T10:00:00Z,2022-04-20T10:00:00Z", "c,y,edi,2022-02-01T10:00:00Z,"])
        }
    }

    /// What the books say that does not follow from how they came to know it.
    private static func say(_ books: Books) throws -> [String] {
        try [
            books.contents(),
            books.sql(
                "SELECT DISTINCT source, reason, field, row_text FROM meterbook.rejected_row ORDER BY 1, 2, 3, 4"),
            books.sql("SELECT source, day, readings, quantity FROM meterbook.source_day ORDER BY 1, 2"),
            books.sql("SELECT count(*) FROM meterbook.rejected_row"),
            books.sql(
                """
                SELECT s.key, u.start, m.key FROM meterbook.late_usage AS u JOIN meterbook.subscription AS s USING (subscription_id)
                JOIN meterbook.meter AS m USING (meter_id) ORDER BY 1, 2, 3
                """),
        ]
    }

    private static func backfill(_ books: Books, _ folder: TemporaryDirectory, _ more: [String]) throws -> JSON {
        let words = ["backfill"] + window + ["--deployment", folder.path, "--json"] + more
        let outcome = try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
        // The rows that nobody can take in.
        guard outcome.code == 65 else { throw TestFailure("\(more): \(outcome.code ?? -1) \(outcome.errors)") }
        return try JSON(outcome.output)
    }

    /// The readings of a month and meter: how many are new and restated, and by how much, by comparing the books.
    private static func differences(_ before: String, _ after: String) -> [String] {
        func readings(_ text: String) -> [String: Int] {
            var found: [String: Int] = [:]
            for line in text.split(separator: "\n") where line.hasPrefix("reading|") {
                let cut = line.lastIndex(of: "|") ?? line.startIndex
                found[String(line[..<cut])] = Int(line[line.index(after: cut)...])
            }
            return found
        }
        let known = readings(before)
        var sums: [String: [Int]] = [:]
        for (key, quantity) in readings(after) where known[key] != quantity {
            let parts = key.split(separator: "|")
            let source = ["d", "e"].contains(parts[3]) ? "instants" : "days"
            let sum = "\(source) \(parts[1].prefix(7)) \(parts[5])"
            var numbers = sums[sum] ?? [0, 0, 0, 0]
            if let was = known[key] {
                numbers[2] += 1
                numbers[3] += quantity - was
            } else {
                numbers[0] += 1
                numbers[1] += quantity
            }
            sums[sum] = numbers
        }
        return sums.map { "\($0) \($1)" }.sorted()
    }

    private static func statement(_ json: JSON) throws -> [String] {
        try json.object("backfill").list("readings").map { row in
            let places = try row.number("places")
            func parts(_ key: String) throws -> Int {
                let halves = try row.text(key).split(separator: ".")
                let fraction = halves.count > 1 ? String(halves[1]) : ""
                let digits = String(halves[0]) + fraction + String(repeating: "0", count: places - fraction.count)
                return Int(digits) ?? .min
            }
            let numbers = try [
                row.number("new"), parts("new_quantity"), row.number("restated"), parts("difference"),
            ]
            return try "\(row.text("source")) \(row.text("month").prefix(7)) \(row.text("meter")) \(numbers)"
        }.sorted()
    }

    /// Corrections of invoices, line by line: subscription, amount in cents.
    private static func corrections(_ books: Books) throws -> [String] {
        try books.run("invoice", "export").split(separator: "\n").flatMap { line in
            let invoice = try JSON(String(line))
            let subscription = try invoice.text("subscription")
            return try invoice.list("lines").filter { try $0.text("kind") == "correction" }.map {
                try "\(subscription) \($0.cents("amount"))"
            }
        }
    }

    @Test(
        "One chunk, many, many side by side, and many that were killed in between come to the same books and invoices")
    func sameBooks() async throws {
        try await withBooks { base in
            var random = SeededGenerator()
            var history = try History(using: &random)
            try history.play(on: base)
            let (shop, folder) = (history.shop, base.folder)
            let before = try Self.say(base)
            history.change(using: &random)
            shop.set(days: history.days, instants: history.instants, always: History.always, isSloppy: true)

            func run(_ name: String, _ body: (Books) throws -> JSON) throws -> [[String]] {
                let database = try base.database.copy()
                defer { try? database.drop() }
                let books = Books(database: database, folder: folder)
                let earlier = try Self.corrections(books)
                let json = try body(books)
                let said = try Self.say(books)
                #expect(
                    try Self.statement(json) == Self.differences(before[0], said[0]), "\(name): what it says")
                try books.run("close", "--as-of", "2022-06-20")
                // The others are held against these.
                if name == "whole" { #expect(try books.agree()) }
                let billed = try Self.corrections(books)
                var news = billed
                for line in earlier { news.firstIndex(of: line).map { _ = news.remove(at: $0) } }
                let sums = try json.object("backfill").object("corrections").list("sums")
                #expect(
                    try sums.map { try [$0.number("lines"), $0.cents("amount")] }
                        == [[news.count, news.reduce(0) { $0 + (Int($1.split(separator: " ")[1]) ?? 0) }]],
                    "\(name): \(news)")
                return try [said, Self.say(books)]
            }

            let whole = try run("whole") { books in
                let hash = try books.hash(journal: true)
                let dry = try Self.backfill(books, folder, ["--dry-run", "--chunk", "10 days"])
                #expect(try books.hash(journal: true) == hash)
                let json = try Self.backfill(books, folder, ["--chunk", "100 years", "--workers", "1"])
                #expect(try Self.statement(dry) == Self.statement(json))
                for part in ["totals", "corrections"] {
                    let (first, second) = try (dry.object("backfill"), json.object("backfill"))
                    #expect(first.description(of: part) == second.description(of: part))
                }
                return json
            }
            #expect(whole[0][3] == "7", "four bad rows and three that come with every answer: \(whole[0][1])")
            let months = try run("months") { try Self.backfill($0, folder, ["--workers", "1"]) }
            #expect(Self.lines(of: months, notIn: whole) == [[], []], "months")
            let sideBySide = try run("side by side") {
                try Self.backfill($0, folder, ["--chunk", "10 days", "--workers", "4"])
            }
            #expect(Self.lines(of: sideBySide, notIn: whole) == [[], []], "sideBySide")
            let request = Int.random(in: 2...13, using: &random)
            let killed = try run("killed at request \(request)") { books in
                shop.end(with: request, by: .wait)
                defer { shop.recover() }
                let words = ["backfill"] + Self.window + ["--chunk", "week", "--workers", "3"]
                let running = try Program.meterbook.start(
                    words + ["--deployment", folder.path, "--database", books.conninfo(for: words)])
                #expect(running.waitUntil { shop.asked.count >= request })
                running.kill()
                _ = running.wait()
                shop.recover()
                shop.forget()
                let done = try books.sql(
                    "SELECT from_day FROM meterbook.pull WHERE source = 'days' AND status IN ('succeeded', 'incomplete')"
                        + " AND pull_id IN (SELECT pull_id FROM meterbook.backfill_pull)"
                ).split(separator: "\n").map(String.init)
                let json = try Self.again(books) {
                    try Self.backfill(books, folder, ["--chunk", "week", "--workers", "3"])
                }
                let source = try json.object("backfill").list("sources").first
                #expect(try source?.number("done_before") == done.count)
                #expect(Set(shop.asked).isDisjoint(with: done))
                #expect(try shop.asked.count + done.count == source?.number("chunks"))
                return json
            }
            #expect(Self.lines(of: killed, notIn: whole) == [[], []], "killed")
        }
    }

    /// The lines of two books that only one of them has, in no order: what follows from the store's numbers is left out.
    private static func lines(of books: [[String]], notIn others: [[String]]) -> [[String]] {
        func lines(_ books: [[String]]) -> Set<String> {
            var seen: [String: Int] = [:]
            return Set(
                books.enumerated().flatMap { stage, parts in
                    parts.enumerated().flatMap { part, text in
                        text.split(separator: "\n").map { line in
                            let line = "\(stage).\(part) \(line)"
                            seen[line, default: 0] += 1
                            return "\(line) #\(seen[line] ?? 0)"
                        }
                    }
                })
        }
        let (left, right) = (lines(books), lines(others))
        return [left.subtracting(right).sorted(), right.subtracting(left).sorted()]
    }

    /// As cron would: the server may need a moment to notice that a killed run is gone.
    private static func again(_ books: Books, _ body: () throws -> JSON) throws -> JSON {
        for _ in 0..<100 {
            do { return try body() } catch let failure as TestFailure where "\(failure)".contains(" 75 ") {}
        }
        return try body()
    }
}
