import Foundation
import TestSupport
import Testing

/// Histories from a seed: a vendor, customers, months of counts that come late and are restated, and nights that are
/// missed, repeated or broken off; and in the end an oracle that knows the final readings.
@Suite("Random histories")
struct HistoryTests {
    /// Fifteen that are always the same, and five that nobody has seen before; or the one of METERBOOK_TEST_SEED.
    static let seeds: [UInt64] = {
        if let given = ProcessInfo.processInfo.environment["METERBOOK_TEST_SEED"].flatMap({ UInt64($0) }) {
            return [given]
        }
        return (1...15) + (0..<5).map { _ in UInt64.random(in: 1_000...UInt64.max) }
    }()

    @Test(
        "Whatever came late, was restated or broken off: all lines together are what the final readings cost",
        arguments: seeds)
    func history(seed: UInt64) async throws {
        print("history \(seed) (rerun with METERBOOK_TEST_SEED=\(seed))")
        try await withBooks { books in
            var history = try History(seed: seed, books)
            try history.play()
            try history.check()
        }
    }
}

/// One history: what the world knows, and what the oracle said at each close.
private struct History {
    private var random: SeededGenerator
    private let books: Books
    private let oracle: Oracle
    private let start: Day
    private let end: Day
    private let seed: UInt64

    /// What the files say at the moment.
    private var readings: [Oracle.Reading: Int] = [:]
    /// What will be known of some days only later.
    private var delayed: [(from: Day, reading: Oracle.Reading, quantity: Int)] = []
    private var lastRun: Day?
    private var isAnnounced = false
    /// What each usage line had to say when it was written.
    private var firstLines: [Oracle.Part: Oracle.Rated] = [:]

    init(seed: UInt64, _ books: Books) throws {
        self.seed = seed
        self.books = books
        var random = SeededGenerator(seed: seed)
        let start = try Day("2023-01-01") + Int.random(in: 0..<180, using: &random)
        let length = Int.random(in: 6...14, using: &random)
        let end = start.later(months: length)
        let vendor = Vendor(&random, start: start, length: length)
        var subscriptions: [Oracle.Subscription] = []
        var memberships: [Oracle.Membership] = []
        for customer in 0..<Int.random(in: 20...40, using: &random) {
            for number in 0..<(Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1) {
                let subscription = Self.subscription(
                    "s\(customer)-\(number)", of: "c\(customer)", vendor, start, &random)
                subscriptions.append(subscription)
                for account in 0..<Int.random(in: 1...3, using: &random) {
                    memberships += Self.memberships(
                        "a\(customer)-\(number)-\(account)", subscription, subscriptions, end, &random)
                }
            }
        }
        oracle = Oracle(
            vendor: vendor, subscriptions: subscriptions, memberships: memberships,
            days: start.later(months: -10).number...(end + 120).number)
        (self.start, self.end, self.random) = (start, end, random)
    }

    private static func subscription(
        _ key: String, of customer: String, _ vendor: Vendor, _ start: Day, _ random: inout SeededGenerator
    ) -> Oracle.Subscription {
        var anchor = start.later(months: -7) + Int.random(in: 0..<300, using: &random)
        // Ends of months are where calendars go wrong.
        if Int.random(in: 0..<3, using: &random) == 0 {
            while (anchor + 1).day != 1 { anchor = anchor + 1 }
        }
        var starts = anchor
        if Bool.random(using: &random) {
            // Taken over in the middle of its life.
            var number = 0
            while starts < start {
                number += 1
                starts = anchor.later(months: number)
            }
        }
        let signedUp =
            Bool.random(using: &random)
            ? anchor : anchor.later(months: -Int.random(in: 0...12, using: &random))
        return Oracle.Subscription(
            key: key, customer: customer, plan: vendor.plans.randomElement(using: &random)?.key ?? "", anchor: anchor,
            signedUp: signedUp, starts: starts, paysEvery: [1, 1, 1, 3, 12].randomElement(using: &random) ?? 1)
    }

    /// Linked for good, or from some day, or until some day and then perhaps to another subscription.
    private static func memberships(
        _ account: String, _ subscription: Oracle.Subscription, _ all: [Oracle.Subscription], _ end: Day,
        _ random: inout SeededGenerator
    ) -> [Oracle.Membership] {
        let from =
            subscription.anchor + [0, 0, Int.random(in: 0...90, using: &random)][Int.random(in: 0..<3, using: &random)]
        var first = Oracle.Membership(account: account, subscription: subscription.key, from: from, until: nil)
        guard Int.random(in: 0..<3, using: &random) == 0 else { return [first] }
        let until = from + Int.random(in: 5...200, using: &random)
        first.until = until
        guard let other = all.randomElement(using: &random), Bool.random(using: &random) else { return [first] }
        let again = max(until, other.anchor) + Int.random(in: 0...20, using: &random)
        return [first, Oracle.Membership(account: account, subscription: other.key, from: again, until: nil)]
    }

    // MARK: - Playing

    mutating func play() throws {
        try writeDeployment()
        try applyCatalog()
        var night = start
        while night < end {
            try pass(until: night)
            try restate(before: night)
            try work(night)
            night = night + Int.random(in: 1...35, using: &random)
        }
        // All that was delayed is in; and then everybody has one more close, which corrects what is left.
        try pass(until: end)
        for late in delayed { readings[late.reading] = late.quantity }
        delayed = []
        try work(end)
        try work(end.later(months: 1) + 3)
    }

    private func writeDeployment() throws {
        var sources = "sources:\n"
        for feed in ["customers", "subscriptions", "accounts", "memberships", "readings"] {
            sources += "  \(feed): {feeds: \(feed), file: \(feed).csv}\n"
        }
        try books.folder.write(sources, to: "sources.yaml")
        func file(_ name: String, _ header: String, _ rows: [String]) throws {
            try books.folder.write(([header] + rows).joined(separator: "\n") + "\n", to: "\(name).csv")
        }
        try file("customers", "customer", Set(oracle.subscriptions.map(\.customer)).sorted())
        try file(
            "subscriptions", "subscription,customer,plan,anchor,signed_up,starts,cadence",
            oracle.subscriptions.map {
                "\($0.key),\($0.customer),\($0.plan),\($0.anchor),\($0.signedUp),\($0.starts),"
                    + (Vendor.words[$0.paysEvery] ?? "")
            })
        try file("accounts", "account", Set(oracle.memberships.map(\.account)).sorted())
        try file(
            "memberships", "account,subscription,from,until",
            oracle.memberships.map {
                "\($0.account),\($0.subscription),\($0.from),\($0.until.map(\.description) ?? "")"
            })
    }

    /// New prices become known at the last run before they hold, or earlier.
    private mutating func applyCatalog() throws {
        let file = try books.folder.write(oracle.vendor.catalog(announced: isAnnounced), to: "catalog.yaml")
        try books.run("catalog", "apply", file)
    }

    /// What was counted since the night before becomes known, most of it at once.
    private mutating func pass(until night: Day) throws {
        let first = lastRun ?? start.later(months: -2)
        var day = first
        while day < night {
            for membership in oracle.memberships
            where membership.from <= day && membership.until.map({ day < $0 }) ?? true {
                for meter in oracle.vendor.meters where Int.random(in: 0..<5, using: &random) == 0 {
                    let reading = Oracle.Reading(
                        account: membership.account, channel: Bool.random(using: &random) ? "shop" : "market",
                        meter: meter, day: day)
                    let quantity = Int.random(in: 0...12, using: &random)
                    if Int.random(in: 0..<12, using: &random) == 0 {
                        delayed.append((night + Int.random(in: 1...100, using: &random), reading, quantity))
                    } else {
                        readings[reading] = quantity
                    }
                }
            }
            day = day + 1
        }
        for late in delayed where late.from <= night { readings[late.reading] = late.quantity }
        delayed.removeAll { $0.from <= night }
    }

    private mutating func restate(before night: Day) throws {
        guard Int.random(in: 0..<2, using: &random) == 0 else { return }
        // A dictionary has no order of its own that a seed could repeat.
        let known = readings.keys.sorted {
            ($0.day, $0.account, $0.channel, $0.meter) < ($1.day, $1.account, $1.channel, $1.meter)
        }
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            guard let reading = known.randomElement(using: &random) else { return }
            readings[reading] = Int.random(in: 0...40, using: &random)
        }
    }

    /// One night's run, or what stands in for it.
    private mutating func work(_ night: Day) throws {
        // The next run may come after the change: now is the time to say so.
        if !isAnnounced, night + 40 > oracle.vendor.change {
            isAnnounced = true
            try applyCatalog()
        }
        try writeReadings()
        try expect(closedBy: night)
        let asOf = "\(night)"
        let division = [
            "--workers", "\(Int.random(in: 1...4, using: &random))", "--batch",
            "\([1, 3, 10, 5_000].randomElement(using: &random) ?? 1)",
        ]
        let folder = ["--deployment", books.folder.path]
        let database = ["--database", books.conninfo(for: ["nightly"])]
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            let (ingest, billing) = (books.conninfo(for: ["pull"]), books.conninfo(for: ["close"]))
            try run(["pull"] + folder + ["--as-of", asOf, "--database", ingest])
            try run(["close", "--as-of", asOf] + division + ["--database", billing])
        case 1:
            let window = ["--from", "\(start.later(months: -10))", "--to", asOf, "--as-of", asOf]
            try run(["backfill"] + window + folder + division + database)
        case 2:
            // Broken off at some moment, and started again.
            let running = try Program.meterbook.start(["nightly", "--as-of", asOf] + folder + division + database)
            usleep(UInt32.random(in: 1_000...150_000, using: &random))
            running.kill()
            _ = running.wait()
            fallthrough
        default:
            try run(["nightly", "--as-of", asOf] + folder + division + database)
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            let before = try books.exportDigest()
            try run(["nightly", "--as-of", asOf] + folder + division + database)
            #expect(try books.exportDigest() == before, "history \(seed): a second run on \(night) wrote something")
        }
        lastRun = night
    }

    private func run(_ arguments: [String]) throws {
        for _ in 0..<100 {
            let outcome = try Program.meterbook.run(arguments)
            if outcome.code == 75 { continue }
            guard outcome.code == 0 else {
                throw TestFailure(
                    "history \(seed): \(arguments): \(outcome.code ?? -1) \(outcome.errors)\(outcome.output)")
            }
            return
        }
        throw TestFailure("history \(seed): another run is in the way for ever")
    }

    private mutating func writeReadings() throws {
        let rows = readings.map { "\($0.account),\($0.channel),\($0.meter),\($0.day),\($1)" }
        try books.folder.write(
            (["account,channel,meter,day,quantity"] + rows.sorted()).joined(separator: "\n") + "\n", to: "readings.csv")
    }

    private mutating func expect(closedBy night: Day) throws {
        let usage = oracle.usage(readings)
        for subscription in oracle.subscriptions {
            for period in oracle.closed(subscription, asOf: night)
            where lastRun.map({ period.end > $0 }) ?? true {
                firstLines.merge(try oracle.rate(subscription, period, usage)) { first, _ in first }
            }
        }
    }

    // MARK: - Checking

    func check() throws {
        let balance = try books.meterbook("reconcile")
        #expect(balance.code == 0, "history \(seed): \(balance.output)")
        let replay = try books.meterbook("replay", "--all", "--workers", "\(1 + seed % 3)")
        #expect(replay.code == 0, "history \(seed): \(replay.output)\(replay.errors)")
        #expect(try books.sql("SELECT count(*) FROM meterbook.late_usage") == "0", "history \(seed)")
        // What was announced in between takes effect later, so the last catalog is the one that billed everything.
        #expect(try books.wouldBillTheSame(), "history \(seed)")

        var written: [Oracle.Part: Oracle.Rated] = [:]
        var sums: [Oracle.Part: Oracle.Rated] = [:]
        var flats: [String: Int] = [:]
        var invoices: Set<String> = []
        for line in try books.run("invoice", "export").split(separator: "\n") {
            let invoice = try Books.object(String(line))
            let (reference, subscription) = (try text(invoice, "reference"), try text(invoice, "subscription"))
            #expect(invoices.insert(reference).inserted)
            var total = 0
            for line in invoice["lines"] as? [[String: Any]] ?? [] {
                let amount = try minor(line)
                total += amount
                guard try text(line, "kind") != "flat" else {
                    flats[reference, default: 0] += amount
                    continue
                }
                let service = line["service"] as? [String: Any] ?? [:]
                let part = Oracle.Part(
                    subscription: subscription, price: try text(line, "price"),
                    start: try Day(text(service, "start")), end: try Day(text(service, "end")))
                let rated = Oracle.Rated(
                    quantity: try number(line, "quantity"), before: try number(line, "counted_before"),
                    threshold: try number(line, "threshold"), billable: try number(line, "billable"), amount: amount)
                if try text(line, "kind") == "usage" {
                    #expect(written.updateValue(rated, forKey: part) == nil)
                }
                sums[part, default: Oracle.Rated()].quantity += rated.quantity
                sums[part, default: Oracle.Rated()].billable += rated.billable
                sums[part, default: Oracle.Rated()].amount += amount
            }
            #expect(try minor(invoice, "total") == total)
        }

        let (owed, owedFlat, closed) = try final()
        #expect(invoices == closed, "history \(seed)")
        #expect(flats == owedFlat, "history \(seed)")
        compare("when it was written", written, firstLines)
        compare("of all lines together", sums, owed)
    }

    /// What the oracle makes of the final readings.
    private func final() throws -> ([Oracle.Part: Oracle.Rated], [String: Int], Set<String>) {
        guard let lastRun else { return ([:], [:], []) }
        let usage = oracle.usage(readings)
        var owed: [Oracle.Part: Oracle.Rated] = [:]
        var flats: [String: Int] = [:]
        var closed: Set<String> = []
        for subscription in oracle.subscriptions {
            for period in oracle.closed(subscription, asOf: lastRun) {
                closed.insert("\(subscription.key)/\(period.end)")
                if let flat = try oracle.flat(subscription, period) {
                    flats["\(subscription.key)/\(period.end)"] = flat
                }
                for (part, rated) in try oracle.rate(subscription, period, usage) {
                    owed[part] = Oracle.Rated(
                        quantity: rated.quantity, billable: rated.billable, amount: rated.amount)
                }
            }
        }
        return (owed, flats, closed)
    }

    private func compare(
        _ what: String, _ found: [Oracle.Part: Oracle.Rated], _ expected: [Oracle.Part: Oracle.Rated]
    ) {
        #expect(Set(found.keys) == Set(expected.keys), "history \(seed): other parts \(what)")
        let wrong = expected.filter { found[$0.key] != $0.value }
        let first = wrong.min { ($0.key.subscription, $0.key.start) < ($1.key.subscription, $1.key.start) }
        #expect(
            wrong.isEmpty,
            """
            history \(seed): \(wrong.count) of \(expected.count) parts differ \(what), such as \
            \(first.map { "\($0.key): \($0.value), found \(found[$0.key].map { "\($0)" } ?? "nothing")" } ?? "")
            """)
    }

    private func text(_ object: [String: Any], _ name: String) throws -> String {
        guard let text = object[name] as? String else { throw TestFailure("no \(name) in \(object)") }
        return text
    }

    private func number(_ object: [String: Any], _ name: String) throws -> Int {
        guard let number = object[name] as? Int else { throw TestFailure("no \(name) in \(object)") }
        return number
    }

    private func minor(_ object: [String: Any], _ name: String = "amount") throws -> Int {
        guard let minor = Int(try text(object, name).filter { $0 != "." }) else {
            throw TestFailure("no amount in \(object)")
        }
        return minor
    }
}
