import Billing
import Testing
import TestSupport

@Suite("Usage")
struct RatingUsageTests {
    private func price(_ rate: Rate?, in code: String = "USD", _ rounding: Rounding = .halfAwayFromZero) throws
        -> RatingUsage
    {
        RatingUsage(
            UsagePrice(meter: "orders", allowance: 0, per: .year, rate: rate, alreadyPaid: false), meterID: 1,
            key: "orders_over", currency: try currency(code), rounding: rounding)
    }

    /// What a count of units costs when they are laid out one by one, in units of 10⁻¹² of the major unit.
    private func oneByOne(_ count: Int64, _ tiers: [(upTo: Int64?, unitPrice: String)]) throws -> Int128 {
        var sum: Int128 = 0
        for unit in stride(from: Int64(1), through: count, by: 1) {
            let tier = try #require(tiers.first { $0.upTo.map { unit <= $0 } ?? true })
            sum += try ExactDecimal(parsing: tier.unitPrice).units
        }
        return sum
    }

    /// Rounds by asking how far the lower neighbour is.
    private func round(_ exact: Int128, to unit: Int128, _ rounding: Rounding) -> Int64 {
        var lower: Int128 = exact / unit
        let rest = exact - lower * unit
        let isHalf = rest * 2 == unit
        switch rounding {
        case .down: break
        case .halfAwayFromZero: if rest * 2 >= unit { lower += 1 }
        case .halfToEven: if rest * 2 > unit || (isHalf && lower % 2 == 1) { lower += 1 }
        }
        return Int64(lower)
    }

    @Test("Each unit costs the price of the tier that it falls into")
    func bruteForce() throws {
        let rates: [[(upTo: Int64?, unitPrice: String)]] = [
            [(nil, "0.10")], [(nil, "0.004")], [(nil, "0")], [(10, "0.10"), (20, "0.05"), (nil, "0.01")],
            [(1, "5"), (2, "0.333333333333"), (nil, "0.000000000001")], [(7, "0"), (nil, "1.005")],
            [(3, "0.005"), (nil, "0.015")],
        ]
        for tiers in rates {
            for (code, unit) in [("USD", 10_000_000_000), ("JPY", 1_000_000_000_000), ("KWD", 1_000_000_000)] {
                for rounding in Rounding.allCases {
                    let price = try price(rate(tiers), in: code, rounding)
                    for threshold in [Int64(0), 5] {
                        for count in Int64(0)...40 {
                            let rated = try price.rate(quantity: count, before: .after(0), threshold: threshold)
                            let over = max(0, count - threshold)
                            let expected = round(try oneByOne(over, tiers), to: Int128(unit), rounding)
                            #expect(rated.amount == expected, "\(count) of \(tiers) in \(code), \(rounding)")
                            #expect(rated.billable == over)
                        }
                    }
                }
            }
        }
    }

    @Test("Known amounts")
    func known() throws {
        // 100,000 × 0.004 = 400.00
        #expect(try price(rate("0.004")).rate(quantity: 100_000, before: .after(0), threshold: 0).amount == 400_00)
        // One order of 0.004 is less than half a cent, two are 0.8 cents.
        #expect(try price(rate("0.004")).rate(quantity: 1, before: .after(0), threshold: 0).amount == 0)
        #expect(try price(rate("0.004")).rate(quantity: 2, before: .after(0), threshold: 0).amount == 1)
        // The second of the two brings the cent.
        #expect(try price(rate("0.004")).rate(quantity: 1, before: .after(1), threshold: 0).amount == 1)
        // 11,250 orders on a limit of 10,000 at 0.02: 1,250 × 0.02 = 25.00
        #expect(try price(rate("0.02")).rate(quantity: 11_250, before: .after(0), threshold: 10_000).amount == 25_00)
        // 0.005 a unit: 1 is half a cent, 3 are one and a half.
        let half = ["half_away_from_zero": [1, 1, 2, 2], "half_to_even": [0, 1, 2, 2], "down": [0, 1, 1, 2]]
        for rounding in Rounding.allCases {
            let amounts = try (Int64(1)...4).map {
                Int(try price(rate("0.005"), rounding).rate(quantity: $0, before: .after(0), threshold: 0).amount)
            }
            #expect(amounts == half[rounding.rawValue])
        }
    }

    private func price(_ rate: Rate, _ rounding: Rounding) throws -> RatingUsage {
        try price(rate, in: "USD", rounding)
    }

    @Test("Units are billable beyond the threshold, from the first one")
    func threshold() throws {
        //   before │ counted │ threshold │ billable │ amount at 0.10
        let table: [(Int64, Int64, Int64, Int64, Int64)] = [
            (0, 12_000, 12_000, 0, 0), (0, 12_001, 12_000, 1, 10), (12_000, 1, 12_000, 1, 10),
            (11_999, 1, 12_000, 0, 0),
            (11_999, 2, 12_000, 1, 10), (15_000, 1_500, 15_000, 1_500, 150_00), (8_000, 4_000, 12_000, 0, 0),
            (20_000, 0, 12_000, 0, 0), (0, 0, 0, 0, 0), (0, 5, 0, 5, 50),
        ]
        for (before, quantity, threshold, billable, amount) in table {
            let rated = try price(rate("0.10")).rate(quantity: quantity, before: .after(before), threshold: threshold)
            #expect(rated.billable == billable)
            #expect(rated.amount == amount)
            #expect((rated.quantity, rated.before, rated.threshold) == (quantity, before, threshold))
        }
    }

    @Test("Without a rate usage is counted and costs nothing")
    func noRate() throws {
        let rated = try price(nil).rate(quantity: 70_000, before: .after(0), threshold: 60_000)
        #expect(rated.amount == 0)
        #expect(rated.billable == 10_000)
    }

    @Test("However a count is cut into stretches, their amounts sum to that of the whole")
    func telescoping() throws {
        var random = SeededGenerator()
        for _ in 0..<400 {
            var tiers: [(upTo: Int64?, unitPrice: String)] = []
            var upTo: Int64 = 0
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                upTo += .random(in: 1...5_000, using: &random)
                tiers.append((upTo, "0.\(Int.random(in: 100_000...999_999, using: &random))"))
            }
            tiers.append((nil, "0.00\(Int.random(in: 1_000...9_999, using: &random))"))
            let threshold = Int64.random(in: 0...5_000, using: &random)
            for rounding in Rounding.allCases {
                let price = try price(
                    rate(tiers), in: ["USD", "JPY", "KWD"].randomElement(using: &random) ?? "USD", rounding)
                var (count, amount, billable) = (Int64(0), Int64(0), Int64(0))
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    // Counts also fall: a restatement.
                    let quantity = Int64.random(in: max(-count, -500)...4_000, using: &random)
                    let stretch = try price.rate(quantity: quantity, before: .after(count), threshold: threshold)
                    count += quantity
                    amount += stretch.amount
                    billable += stretch.billable
                }
                let whole = try price.rate(quantity: count, before: .after(0), threshold: threshold)
                #expect(amount == whole.amount)
                #expect(billable == whole.billable)
                let running = try price.runningAmount(.after(count), threshold: threshold)
                #expect(running.minor == whole.amount)
                let units = running.shares.compactMap(units)
                #expect(running.shares.reduce(0) { $0 + $1.exact.units } == running.exact?.units ?? 0)
                #expect(units.reduce(0) { $0 + $1.quantity } == running.over)
                for (share, next) in zip(units, units.dropFirst()) {
                    #expect(share.beyond + share.quantity == next.beyond)
                }
            }
        }
    }

    private func units(_ share: Tariff.Share) -> (quantity: Int64, beyond: Int64, unitPrice: ExactDecimal)? {
        guard case .units(let quantity, let beyond, let unitPrice) = share.kind else { return nil }
        return (quantity, beyond, unitPrice)
    }

    @Test("An explanation shows each tier that the count reached")
    func shares() throws {
        let price = try price(rate([(10, "0.10"), (20, "0.05"), (nil, "0.01")]))
        // 125 counted, 100 included: 25 over = 10 × 0.10 + 10 × 0.05 + 5 × 0.01 = 1.55
        let running = try price.runningAmount(.after(125), threshold: 100)
        #expect(running.over == 25)
        let parts = running.shares.compactMap(units)
        #expect(parts.map(\.beyond) == [0, 10, 20])
        #expect(parts.map(\.quantity) == [10, 10, 5])
        #expect(parts.map(\.unitPrice.description) == ["0.1", "0.05", "0.01"])
        #expect(running.minor == 1_55)
        #expect(try price.runningAmount(.after(110), threshold: 100).shares.compactMap(units).map(\.quantity) == [10])
        #expect(try price.runningAmount(.after(100), threshold: 100).shares.isEmpty)
        #expect(try price.runningAmount(.after(0), threshold: 100).minor == 0)
    }

    @Test("A number that does not fit is an error, never a wrong number and never a crash")
    func overflow() throws {
        let quantity = BillingError.quantityOverflow(meter: "orders")
        let amount = BillingError.amountOverflow(price: "orders_over")
        let dime = try price(rate("0.10"))
        #expect(throws: quantity) { try dime.rate(quantity: .max, before: .after(1), threshold: 0) }
        #expect(throws: quantity) { try dime.rate(quantity: 1, before: .after(.max), threshold: 0) }
        #expect(throws: quantity) { try dime.rate(quantity: -1, before: .after(.min), threshold: 0) }
        #expect(throws: quantity) { try dime.rate(quantity: .min, before: .after(.min), threshold: .max) }
        #expect(throws: quantity) { try dime.rate(quantity: 0, before: .after(.max), threshold: -1) }
        #expect(throws: quantity) { try dime.rate(quantity: 0, before: .after(0), threshold: .min) }
        #expect(throws: quantity) { try dime.runningAmount(.after(.max), threshold: .min) }
        #expect(throws: amount) { try dime.rate(quantity: .max, before: .after(0), threshold: 0) }
        // 0.01 a unit: as many cents as units, which still fit; 0.02 no longer.
        #expect(try price(rate("0.01")).rate(quantity: .max, before: .after(0), threshold: 0).amount == .max)
        #expect(throws: amount) { try price(rate("0.02")).rate(quantity: .max, before: .after(0), threshold: 0) }
        // 10³⁰ × 9 × 10¹⁸ leaves 128 bits.
        let huge = try price(rate("999999999999999999"))
        #expect(throws: amount) { try huge.rate(quantity: .max, before: .after(0), threshold: 0) }
        #expect(throws: amount) { try huge.runningAmount(.after(.max), threshold: 0) }
        #expect(throws: amount) { try huge.rate(quantity: 1, before: .after(0), threshold: 0) }
        // Each tier fits, their sum does not: 1.7 × 10³⁸ is the most that 128 bits hold.
        let sums = try price(rate([(100_000_000, "999999999999999999"), (nil, "999999999999999999")]))
        #expect(throws: amount) { try sums.rate(quantity: 200_000_000, before: .after(0), threshold: 0) }
        // Counts below zero are not expected, but nothing breaks on them.
        #expect(try dime.rate(quantity: 0, before: .after(.min), threshold: .max).amount == 0)
        #expect(try dime.rate(quantity: -7, before: .after(10), threshold: 5).amount == -50)
        #expect(try dime.runningAmount(.after(.min), threshold: .max).over == 0)
        #expect(try price(nil).rate(quantity: .max, before: .after(0), threshold: 0).billable == .max)
    }
}

extension RatingUsage {
    /// With the maximum of a whole allowance period.
    fileprivate func rate(quantity: Int64, before: Count, threshold: Int64) throws(BillingError) -> UsageRating {
        try rate(quantity: quantity, before: before, threshold: threshold, maximum: terms.maximum)
    }

    fileprivate func runningAmount(_ count: Count, threshold: Int64) throws(BillingError) -> RunningAmount {
        try runningAmount(count, threshold: threshold, maximum: terms.maximum)
    }
}
