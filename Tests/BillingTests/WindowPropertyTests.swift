import Billing
import Testing
import TestSupport

@Suite("A meter's quantity for a window, against one that is counted out")
struct WindowPropertyTests {
    private static let cases = 10_000

    /// A window of some days over two accounts, each linked for one or two stretches, with readings before, in and after.
    private func days(_ random: inout SeededGenerator) throws -> WindowInput {
        let first = day("2023-02-20")
        let start = try #require(first.adding(days: .random(in: 8..<20, using: &random)))
        let end = try #require(start.adding(days: .random(in: 1...12, using: &random)))
        var members: [MemberSpan] = []
        for account in Int64(1)...2 {
            var from = try #require(first.adding(days: .random(in: 0..<25, using: &random)))
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let until = try #require(from.adding(days: .random(in: 1...15, using: &random)))
                let isOpen = Int.random(in: 0..<4, using: &random) == 0
                members.append(
                    MemberSpan(account: account, starts: from, ends: isOpen ? nil : until, startsAt: 0, endsAt: nil))
                if isOpen { break }
                from = try #require(until.adding(days: .random(in: 0...4, using: &random)))
            }
        }
        var readings: [String: DayReading] = [:]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let reading = DayReading(
                source: MeteredChannel(
                    account: .random(in: 1...2, using: &random), channel: .random(in: 1...2, using: &random)),
                day: try #require(first.adding(days: .random(in: 0..<40, using: &random))),
                quantity: .random(in: 0...3, using: &random) * .random(in: 1...50, using: &random))
            readings["\(reading.source) \(reading.day)"] = reading
        }
        return WindowInput(
            window: try #require(DateRange(start: start, end: end)), startsAt: 0, endsAt: 0, members: members,
            readings: readings.sorted { $0.key < $1.key }.map(\.value).shuffled(using: &random))
    }

    /// Some hours of carts in two accounts; everything happens on whole minutes, and often on the same.
    private func hours(_ random: inout SeededGenerator) throws -> WindowInput {
        func minutes(_ range: ClosedRange<Int64>) -> Int64 {
            .random(in: range, using: &random) * WindowOracle.minute
        }
        let start = minutes(20...40)
        var members: [MemberSpan] = []
        let always = try range("2023-01-01", "2023-01-02")
        for account in Int64(1)...2 {
            var from = minutes(0...50)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let until = from + minutes(1...60)
                let isOpen = Bool.random(using: &random)
                members.append(
                    MemberSpan(
                        account: account, starts: always.start, ends: nil, startsAt: from,
                        endsAt: isOpen ? nil : until))
                if isOpen { break }
                from = until + minutes(0...5)
            }
        }
        let intervals = (0..<Int.random(in: 0...10, using: &random)).map { _ in
            let on = minutes(0...60)
            return OnInterval(
                source: MeteredChannel(
                    account: .random(in: 1...2, using: &random), channel: .random(in: 1...4, using: &random)),
                on: on, off: Int.random(in: 0..<4, using: &random) == 0 ? nil : on + minutes(0...30))
        }
        return WindowInput(
            window: always, startsAt: start, endsAt: start + minutes(1...50), members: members, intervals: intervals)
    }

    private func meter(_ aggregate: Meter.Aggregate, _ pool: Meter.Pool) -> Meter {
        Meter(
            key: "m", name: "M", aggregate: aggregate, unit: UnitName(one: "unit", other: "units"), pool: pool)
    }

    private func compare(
        _ aggregate: Meter.Aggregate, _ input: (inout SeededGenerator) throws -> WindowInput,
        _ oracle: (WindowInput, Meter.Pool) -> Int64
    ) throws {
        var random = SeededGenerator()
        var positive = 0
        for number in 0..<Self.cases {
            let input = try input(&random)
            for pool in Meter.Pool.allCases {
                let result = try meter(aggregate, pool).quantity(of: input)
                let expected = oracle(input, pool)
                guard result.quantity == expected else {
                    Issue.record("case \(number), \(pool): \(result.quantity), counted out \(expected): \(input)")
                    return
                }
                if expected > 0 { positive += 1 }
                if aggregate == .peak || aggregate == .unique || aggregate == .max || aggregate == .latest
                    || aggregate == .sum
                {
                    #expect(result.parts.reduce(0) { $0 + $1.quantity } == expected)
                }
            }
        }
        #expect(positive > Self.cases / 4, "most cases should count something")
    }

    @Test("A sum adds up every reading of a member's days")
    func sum() throws { try compare(.sum, days) { input, _ in WindowOracle.sum(input) } }

    @Test("A maximum is the largest day, of all accounts or of each")
    func max() throws { try compare(.max, days, WindowOracle.max) }

    @Test("The latest is what stands on the last day, however old the reading")
    func latest() throws { try compare(.latest, days) { input, _ in WindowOracle.latest(input) } }

    @Test("Unique counts each channel once, of all accounts or of each")
    func unique() throws { try compare(.unique, days, WindowOracle.unique) }

    @Test("A mean weighs each level by the days that it held")
    func mean() throws { try compare(.mean, days) { input, _ in WindowOracle.mean(input) } }

    @Test("A peak is what a look at every minute finds, of all accounts or of each")
    func peak() throws { try compare(.peak, hours, WindowOracle.peak) }
}
