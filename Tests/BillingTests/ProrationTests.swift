import Billing
import TestSupport
import Testing

@Suite("Parts of an amount")
struct ProrationTests {
    private func proration(_ amount: Int64, _ days: Int) throws -> Proration {
        try #require(Proration(amount, days: days, rounding: .halfAwayFromZero))
    }

    @Test("A part costs its share of the days")
    func known() throws {
        // 60.00 × 20/30
        #expect(try proration(60_00, 30).first(20) == 40_00)
        // 100.00 × 10/31 = 32.258…, 49.00 × 14/28
        #expect(try proration(100_00, 31).first(10) == 32_26)
        #expect(try proration(49_00, 28).first(14) == 24_50)
        // Half a cent is rounded away from zero, also in a credit.
        #expect(try proration(1_01, 30).first(15) == 51)
        #expect(try proration(-1_01, 30).first(15) == -51)
        #expect(try proration(99_99, 365).first(365) == 99_99)
        #expect(try proration(99_99, 365).first(0) == 0)
        #expect(Proration(1, days: 0, rounding: .down) == nil)
    }

    @Test("However a period is divided, its parts sum to the whole")
    func parts() throws {
        var random = SeededGenerator()
        for _ in 0..<10_000 {
            let days = Int.random(in: 1...366, using: &random)
            let amount = Int64.random(in: -1_000_000...1_000_000, using: &random)
            let rounding = Rounding.allCases.randomElement(using: &random) ?? .down
            let whole = try #require(Proration(amount, days: days, rounding: rounding))
            var (start, sum) = (0, Int64(0))
            while start < days {
                let end = Int.random(in: start + 1...days, using: &random)
                let part = whole.part(from: start, to: end)
                // No part is more than one minor unit away from its exact share.
                let exact = Int128(amount) * Int128(end - start)
                #expect((Int128(part) * Int128(days) - exact).magnitude <= Int128(days).magnitude)
                sum += part
                start = end
            }
            #expect(sum == amount, "\(amount) over \(days) days, \(rounding)")
        }
    }

    @Test("The largest amounts are divided without an overflow")
    func extremes() throws {
        #expect(try proration(.max, 2).first(1) == 4_611_686_018_427_387_904)
        #expect(try proration(.min, 2).first(1) == -4_611_686_018_427_387_904)
        #expect(try proration(.max, 366).first(366) == .max)
    }
}
