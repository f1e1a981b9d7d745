import Billing
import Testing
import TestSupport

@Suite("The close and a second model of it")
struct OracleTests {
    @Test("2,000 random histories, with late and restated usage, come to the same by both")
    func histories() throws {
        var random = SeededGenerator()
        let calendar = OracleCalendar()
        let dates = calendar.texts.map(day)
        var tally = Tally()
        for number in 0..<2_000 {
            let oracle = Oracle.random(calendar, using: &random)
            let differences = try compare(oracle, dates, &random, &tally)
            guard differences.isEmpty else {
                Issue.record(
                    "history \(number) of seed \(random.seed)\n\(oracle.versions)\n\(differences.joined(separator: "\n"))"
                )
                return
            }
        }
        // Histories in which nothing happens would prove nothing.
        #expect(tally.invoices > 20_000)
        #expect(tally.corrections > 10_000)
        #expect(tally.credits > 1_000)
        #expect(tally.charged > 5_000)
        #expect(tally.paidAlready > 500)
    }

    private struct Tally {
        var (invoices, corrections, credits, charged, paidAlready) = (0, 0, 0, 0, 0)
    }

    /// Lives through one history: usage arrives in order, late or restated, between closes at random distances.
    private func compare(
        _ oracle: Oracle, _ dates: [CivilDate], _ random: inout SeededGenerator, _ tally: inout Tally
    ) throws -> [String] {
        let ready = try oracle.ratingCatalog()
        var ledger = try Ledger(oracle.subscription(), ready, from: oracle.days.texts[oracle.start])
        var readings: [Int32: [Int: Int]] = [1: [:], 2: [:]]
        var delayed: [(meter: Int32, day: Int)] = []
        func deliver(_ meter: Int32, _ day: Int, _ quantity: Int) throws {
            readings[meter]?[day] = quantity
            try ledger.read(dates[day], Int64(quantity), meter: meter)
        }
        var today = oracle.anchor
        for _ in 0..<Int.random(in: 4...14, using: &random) {
            let next = today + Int.random(in: 10...80, using: &random)
            for day in today..<next where Int.random(in: 0..<4, using: &random) == 0 {
                let meter = Int32.random(in: 1...2, using: &random)
                if Int.random(in: 0..<8, using: &random) == 0 { delayed.append((meter, day)); continue }
                try deliver(meter, day, .random(in: 0...30, using: &random))
            }
            today = next
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let (meter, day) = (
                    Int32.random(in: 1...2, using: &random), Int.random(in: oracle.anchor..<today, using: &random)
                )
                try deliver(meter, day, .random(in: 0...60, using: &random))
            }
            try ledger.close(dates[today])
        }
        for (meter, day) in delayed { try deliver(meter, day, .random(in: 0...30, using: &random)) }
        try ledger.close(dates[max(today, oracle.start) + 31 * (oracle.invoiceEvery + 1)])

        let last = try #require(ledger.invoices.last)
        let end = try #require(oracle.days.numbers[last.period.end.description])
        let expected = oracle.expected(readings, until: end)
        var found: [Oracle.Service: Oracle.Sum] = [:]
        for billed in ledger.lines {
            let first = try #require(oracle.days.numbers[billed.line.service.start.description])
            let start = billed.line.kind == .flat ? first : oracle.periodStart(of: first)
            let service = Oracle.Service(price: billed.line.price, start: start)
            var sum = found[service] ?? Oracle.Sum()
            sum.quantity += Int(billed.line.quantity)
            sum.billable += Int(billed.line.billable)
            sum.amount += Int(billed.line.amount)
            found[service] = sum
            if billed.line.kind == .correction { tally.corrections += 1 }
            if billed.line.amount < 0 { tally.credits += 1 }
            if billed.line.kind == .usage, billed.line.amount > 0 { tally.charged += 1 }
            if oracle.isBeyondAllowance(billed.line.price, Int(billed.line.threshold)) { tally.paidAlready += 1 }
        }
        tally.invoices += ledger.invoices.count
        found = found.filter { $0.value != Oracle.Sum() }
        var differences = Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }
            .sorted { ($0.start, $0.price) < ($1.start, $1.price) }
            .map {
                "price \($0.price), \(oracle.days.texts[$0.start]): expected \(expected[$0], default: "nothing"), found \(found[$0], default: "nothing")"
            }
        let total = expected.values.reduce(0) { $0 + $1.amount }
        if ledger.total != Int64(total) { differences.append("total: expected \(total), found \(ledger.total)") }
        return differences
    }

    @Test("The second model knows a case that was computed by hand")
    func byHand() throws {
        // 15,000 until 2022-01-31, then 1,500 a month: 4 × 150.00 (the policy of Connex).
        var oracle = Oracle()
        let number = { (text: String) in try #require(oracle.days.numbers[text]) }
        oracle.versions = [
            Oracle.Version(
                from: 0, flats: [],
                prices: [Oracle.Price(id: 1, meter: 1, allowance: 60_000, per: 12, tiers: nil, alreadyPaid: false)]),
            Oracle.Version(
                from: try number("2022-02-01"), flats: [],
                prices: [
                    Oracle.Price(id: 2, meter: 1, allowance: 12_000, per: 12, tiers: [(nil, 1_000)], alreadyPaid: true)
                ]),
        ]
        (oracle.anchor, oracle.start) = (try number("2019-06-01"), try number("2021-06-01"))
        var readings = [try number("2021-09-15"): 15_000]
        for text in ["2022-02-28", "2022-03-01", "2022-04-15", "2022-05-31"] { readings[try number(text)] = 1_500 }
        let expected = oracle.expected([1: readings], until: try number("2022-07-01"))
        let charged = expected.filter { $0.value.amount != 0 }
        #expect(charged.values.map(\.amount) == [150_00, 150_00, 150_00, 150_00])
        #expect(
            charged.keys.map { oracle.days.texts[$0.start] }.sorted() == [
                "2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01",
            ])
    }
}
