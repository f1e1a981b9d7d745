import Billing
import TestSupport
import Testing

@Suite("A part of an allowance period")
struct AllowanceShareTests {
    private func usage(allowance: Int64, maximum: Int64?, isProrated: Bool) throws -> RatingUsage {
        try RatingUsage(
            UsagePrice(
                meter: "orders", allowance: allowance, per: .month, rate: try rate("0.10"), alreadyPaid: false,
                maximum: maximum, isProrated: isProrated),
            meterID: 1, key: "orders", currency: currency("USD"), rounding: .halfAwayFromZero)
    }

    private func january() throws -> DateRange {
        try #require(DateRange(start: day("2023-01-01"), end: day("2023-02-01")))
    }

    @Test("From January 15th on it includes 17 of 31 parts, rounded, and nothing before that day counts")
    func part() throws {
        let share = try usage(allowance: 1_000, maximum: 40_00, isProrated: true)
            .share(of: january(), starts: day("2023-01-15"))
        // 1,000 × 17 ÷ 31 = 548.39 and 40.00 × 17 ÷ 31 = 21.935.
        #expect(share.allowance == 548)
        #expect(share.maximum == 21_94)
        #expect(share.days == 17)
        #expect(share.countsFrom == day("2023-01-15"))
    }

    @Test(
        "It is whole where it is not prorated, and where the subscription began with it, before or after it",
        arguments: [("2023-01-15", false), ("2023-01-01", true), ("2022-06-01", true), ("2023-02-01", true)])
    func whole(starts: String, isProrated: Bool) throws {
        let share = try usage(allowance: 1_000, maximum: 40_00, isProrated: isProrated)
            .share(of: january(), starts: day(starts))
        #expect(share.allowance == 1_000 && share.maximum == 40_00 && share.days == nil)
        #expect(share.countsFrom == day("2023-01-01"))
    }

    @Test("The parts of two subscriptions that share a period make the whole within one unit, 10,000 times")
    func property() throws {
        var random = SeededGenerator()
        for _ in 0..<10_000 {
            let first = day("2023-01-01")
            let start = try #require(first.adding(days: Int.random(in: 0..<2_000, using: &random)))
            let length = Int.random(in: 2...366, using: &random)
            let end = try #require(start.adding(days: length))
            let period = try #require(DateRange(start: start, end: end))
            let allowance = Int64.random(in: 0...1_000_000, using: &random)
            let maximum = Int64.random(in: 0...1_000_000, using: &random)
            let cut = Int.random(in: 1..<length, using: &random)
            let usage = try usage(allowance: allowance, maximum: maximum, isProrated: true)
            let late = usage.share(of: period, starts: try #require(start.adding(days: cut)))
            // What a subscription of the days before the cut would have: that of who begins as many days before the end.
            let early = usage.share(of: period, starts: try #require(end.adding(days: -cut)))
            #expect(abs(late.allowance + early.allowance - allowance) <= 1)
            #expect(abs((late.maximum ?? 0) + (early.maximum ?? 0) - maximum) <= 1)
            // Exactly: rounding moves the part by half a unit at most.
            #expect(
                abs(Int128(late.allowance) * Int128(length) * 2 - Int128(allowance) * Int128(length - cut) * 2)
                    <= Int128(length))
        }
    }
}
