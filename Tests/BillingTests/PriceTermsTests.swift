import Billing
import Testing

/// What the terms of prices beyond the tariff come to on invoices: when they are charged, their bounds and discounts.
@Suite("Terms of prices")
struct PriceTermsTests {
    private func base(
        _ minor: Int64, charged: FlatPrice.Charged = .inArrears, prorated: Bool = false,
        every cadences: [Cadence] = [.month]
    ) -> Price {
        Price(
            key: "base", name: "Base",
            model: .flat(
                FlatPrice(
                    amounts: cadences.map { FlatPrice.Amount(cadence: $0, minor: minor) }, charged: charged,
                    isProrated: prorated)))
    }

    private func orders(
        _ unitPrice: String, allowance: Int64 = 0, per: Cadence = .month, maximum: Int64? = nil
    ) throws -> Price {
        Price(
            key: "orders", name: "Orders",
            model: .usage(
                UsagePrice(
                    meter: "orders", allowance: allowance, per: per, rate: try rate(unitPrice), alreadyPaid: false,
                    maximum: maximum)))
    }

    private func minimum(_ amount: Int64, per: Cadence = .month) -> Price {
        Price(
            key: "least", name: "Minimum",
            model: .minimum(MinimumPrice(amount: amount, on: ["orders"], per: per)))
    }

    private func discount(_ percent: String, _ change: (inout Discount) -> Void = { _ in }) throws -> Price {
        var discount = Discount(effect: .percent(try ExactDecimal(parsing: percent)))
        change(&discount)
        return Price(key: "off\(percent)", name: "Discount", model: .discount(discount))
    }

    private func before(_ percent: String) throws -> Price { try discount(percent) { $0.order = .beforeMaximum } }

    /// The invoices of January to so many months of 2023, by what was counted in each month.
    private func bill(
        _ prices: [Price], _ counts: [Int64], paysEvery: Cadence = .month, ends: String? = nil,
        coupon: Subscription.Coupon? = nil
    ) throws -> CloseOutcome {
        try bill([version(from: "2015-01-01", prices)], counts, paysEvery: paysEvery, ends: ends, coupon: coupon)
    }

    private func bill(
        _ versions: [PlanVersion], _ counts: [Int64], paysEvery: Cadence = .month, signedUp: String = "2023-01-01",
        ends: String? = nil, contract: String? = nil, coupon: Subscription.Coupon? = nil
    ) throws -> CloseOutcome {
        let ready = try catalog(versions)
        var holder = subscription(anchor: "2023-01-01", signedUp: signedUp, paysEvery: paysEvery, ends: ends)
        holder.contract = contract
        holder.coupon = coupon
        let totals = try counts.enumerated().map { index, count in
            SliceTotal(meter: 1, start: try #require(day("2023-01-01").adding(months: index)), quantity: count)
        }
        let open = try #require(try ready.openPeriod(of: holder, number: 0))
        var outcome = CloseOutcome()
        try Closer(catalog: ready).close(
            holder, open: open, asOf: try #require(day("2023-01-01").adding(months: counts.count)), totals: totals,
            into: &outcome)
        #expect(outcome.checkInvariants())
        return outcome
    }

    private func amounts(_ outcome: CloseOutcome) -> [[Int64]] {
        outcome.periods.map { outcome.lines[$0.lines].map(\.amount) }
    }

    @Test("A price in advance stands on the invoice on whose date its period begins")
    func inAdvance() throws {
        let outcome = try bill([base(100_00, charged: .inAdvance), orders("0.02")], [0, 1_250])
        // Invoice of February 1: February in advance, January's use; of March 1: March, and 1,250 × 0.02 = 25.00.
        #expect(amounts(outcome) == [[100_00, 0], [100_00, 25_00]])
        #expect(
            outcome.lines.filter { $0.kind == .flat }.map(\.service)
                == [try range("2023-02-01", "2023-03-01"), try range("2023-03-01", "2023-04-01")])
    }

    @Test("Paid a year in advance, there is one charge a year, and none after a cancellation and no refund")
    func yearInAdvance() throws {
        let prices = [base(960_00, charged: .inAdvance, every: [.year])]
        let year = try bill(prices, Array(repeating: 0, count: 24), paysEvery: .year)
        #expect(
            year.periods.map(\.total) == Array(repeating: 0, count: 11) + [960_00] + Array(repeating: 0, count: 11) + [
                960_00
            ])
        let cancelled = try bill(prices, Array(repeating: 0, count: 24), paysEvery: .year, ends: "2023-05-20")
        #expect(cancelled.periods.map(\.total) == [0, 0, 0, 0, 0])
    }

    @Test("A prorated price under two versions costs each one's share of the days")
    func proratedVersions() throws {
        let outcome = try bill(
            [
                version(from: "2015-01-01", [base(31_00, prorated: true)]),
                version(from: "2023-01-11", [base(62_00, prorated: true)]),
            ], [0, 0])
        // January: 10 of 31 days at 31.00, 21 of 31 at 62.00.
        #expect(amounts(outcome) == [[10_00, 42_00], [62_00]])
        let whole = try bill(
            [version(from: "2015-01-01", [base(31_00)]), version(from: "2023-01-11", [base(62_00)])], [0, 0])
        #expect(amounts(whole) == [[31_00], [62_00]])
    }

    @Test("A year that ends early is charged in part where the price is prorated, and else whole")
    func brokenYear() throws {
        let months = Array(repeating: Int64(0), count: 12)
        let part = try bill(
            [base(365_00, prorated: true, every: [.year])], months, paysEvery: .year, ends: "2023-02-10")
        // To the end of February: 59 of 365 days.
        #expect(part.periods.map(\.total) == [0, 59_00])
        let whole = try bill([base(365_00, every: [.year])], months, paysEvery: .year, ends: "2023-02-10")
        #expect(whole.periods.map(\.total) == [0, 365_00])
    }

    @Test("A maximum holds for the allowance period, not for each invoice")
    func maximum() throws {
        // 0.10 an order, at most 50.00 a quarter: 30.00, then 20.00 of 30.00, then nothing.
        let outcome = try bill([orders("0.10", per: .quarter, maximum: 50_00)], [300, 300, 300, 100])
        #expect(outcome.periods.map(\.total) == [30_00, 20_00, 0, 10_00])
    }

    @Test("What use lacks to the minimum is a line at the end of the allowance period")
    func minimums() throws {
        let monthly = try bill([orders("0.10"), minimum(50_00)], [300, 700, 500])
        #expect(amounts(monthly) == [[30_00, 20_00], [70_00, 0], [50_00, 0]])
        let quarterly = try bill(
            [orders("0.10", per: .quarter), minimum(150_00, per: .quarter)], [300, 700, 100, 2_000])
        #expect(amounts(quarterly) == [[30_00], [70_00], [10_00, 40_00], [200_00]])
        let last = try #require(quarterly.lines.first { $0.kind == .minimum })
        #expect(last.service == (try range("2023-01-01", "2023-04-01")))
        #expect((last.before, last.threshold) == (110_00, 150_00))
        // The subscription's last invoice settles it.
        let ended = try bill(
            [orders("0.10", per: .quarter), minimum(150_00, per: .quarter)], [300, 700], ends: "2023-02-15")
        #expect(amounts(ended) == [[30_00], [70_00, 50_00]])
    }

    @Test("A discount is one line, and the sum of the lines is the total")
    func yearlyDiscount() throws {
        let outcome = try bill(
            [base(50_00), orders("0.10"), discount("20") { $0.pays = .month }], [333, 0])
        // 20 % of 50.00 + 33.30 = 16.66; of 50.00 = 10.00
        #expect(amounts(outcome) == [[50_00, 33_30, -16_66], [50_00, 0, -10_00]])
        #expect(outcome.periods.map(\.total) == [66_64, 40_00])
        let other = try bill([base(50_00), discount("20") { $0.pays = .year }], [0])
        #expect(amounts(other) == [[50_00]])
    }

    @Test("Discounts follow each other, each on what is left of its prices")
    func sequence() throws {
        let off = try discount("10") { $0.on = ["orders"] }
        let outcome = try bill([base(100_00), orders("1"), discount("20"), off], [50])
        // 20 % of 150.00 leaves 80.00 and 40.00; 10 % of 40.00
        #expect(amounts(outcome) == [[100_00, 50_00, -30_00, -4_00]])
        let fixed = Price(key: "five", name: "Five", model: .discount(Discount(effect: .amount(5_00))))
        #expect(amounts(try bill([base(3_00), fixed], [0])) == [[3_00, -3_00]])
        #expect(amounts(try bill([base(8_00), fixed], [0])) == [[8_00, -5_00]])
        #expect(amounts(try bill([base(8_00), discount("100")], [0])) == [[8_00, -8_00]])
    }

    @Test("A discount for some periods, until a date, or for a coupon ends there")
    func ends() throws {
        let three = try discount("50") { $0.periods = 3 }
        #expect(
            try bill([base(10_00), three], [0, 0, 0, 0, 0]).periods.map(\.total) == [5_00, 5_00, 5_00, 10_00, 10_00])
        let until = try discount("50") { $0.until = day("2023-03-01") }
        #expect(try bill([base(10_00), until], [0, 0, 0, 0]).periods.map(\.total) == [5_00, 5_00, 10_00, 10_00])
        let coupon = try discount("50") {
            $0.coupon = "SPRING"
            $0.periods = 2
        }
        let held = Subscription.Coupon(code: "SPRING", from: day("2023-02-14"))
        #expect(
            try bill([base(10_00), coupon], [0, 0, 0, 0], coupon: held).periods.map(\.total)
                == [10_00, 5_00, 5_00, 10_00])
        #expect(try bill([base(10_00), coupon], [0]).periods.map(\.total) == [10_00])
        let other = Subscription.Coupon(code: "FALL", from: day("2023-01-01"))
        #expect(try bill([base(10_00), coupon], [0], coupon: other).periods.map(\.total) == [10_00])
    }

    @Test("A discount comes after the maximum, or before it where the catalog says so")
    func aroundMaximum() throws {
        let prices = try [orders("0.10", maximum: 50_00)]
        let after = try bill(prices + [discount("20")], [1_000])
        // 100.00 is capped to 50.00, of which 20 % is 10.00.
        #expect(amounts(after) == [[50_00, -10_00]])
        let before = try bill(prices + [discount("20") { $0.order = .beforeMaximum }], [1_000])
        // 100.00 less 20 % is 80.00, which is capped to 50.00: nothing comes off.
        #expect(amounts(before) == [[50_00, 0]])
        let near = try bill(prices + [discount("20") { $0.order = .beforeMaximum }], [550])
        // 55.00 less 20 % is 44.00: of the capped 50.00 that is 6.00 off.
        #expect(amounts(near) == [[50_00, -6_00]])
    }

    @Test("Discounts before the maximum are taken off one after the other, and before those after it")
    func severalAroundMaximum() throws {
        let prices = try [orders("0.10", maximum: 50_00)]
        // 70.00 less 20 % is 56.00, still capped to 50.00; that less 25 % is 42.00.
        #expect(try amounts(bill(prices + [before("20"), before("25")], [700])) == [[50_00, 0, -8_00]])
        // 55.00 less 20 % is 44.00, and of that 50 % are 22.00, wherever it stands.
        #expect(try amounts(bill(prices + [before("20"), discount("50")], [550])) == [[50_00, -6_00, -22_00]])
        #expect(try amounts(bill(prices + [discount("50"), before("20")], [550])) == [[50_00, -6_00, -22_00]])
    }

    @Test("A discount before the maximum over several invoices makes none dearer and turns none into a credit")
    func maximumOverInvoices() throws {
        let grown = try bill([orders("0.10", per: .year, maximum: 100_00), before("20")], [600, 600, 600])
        // The year costs 60.00, 100.00, 100.00; discounted 48.00, 96.00, 100.00, which would be 8.00 and 4.00 more.
        #expect(amounts(grown) == [[60_00, -12_00], [40_00, 0], [0, 0]])
        let volume = Price(
            key: "orders", name: "Orders",
            model: .usage(
                UsagePrice(
                    meter: "orders", allowance: 0, per: .year,
                    rate: Rate(
                        .volume([
                            Rate.Tier(upTo: 1_000, unitPrice: try ExactDecimal(parsing: "0.20")),
                            Rate.Tier(upTo: 1_999, unitPrice: try ExactDecimal(parsing: "0.06")),
                            Rate.Tier(upTo: nil, unitPrice: try ExactDecimal(parsing: "0.02")),
                        ])), alreadyPaid: false, maximum: 100_00)))
        let fallen = try bill([volume, before("20")], [1_000, 800, 700])
        // The year costs 200.00, 108.00, 50.00 without its maximum and 100.00, 100.00, 50.00 with it; 20 % less are 160.00,
        // 86.40, 40.00, capped 100.00, 86.40, 40.00. The second invoice has nothing of which 13.60 could come off. The third
        // takes back 50.00: the discount is worth 10.00 at its count and was worth 13.60 before it, so 3.60 go back with it.
        #expect(amounts(fallen) == [[100_00, 0], [0, 0], [-50_00, 3_60]])
    }

    @Test("A contract's terms go before the plan's, from its first day until before its end")
    func contract() throws {
        var acme = version(from: "2023-02-01", [base(80_00)])
        acme.cohort.contract = "acme"
        acme.until = day("2023-04-01")
        let versions = [version(from: "2015-01-01", [base(100_00)]), version(from: "2023-03-01", [base(110_00)]), acme]
        #expect(
            try bill(versions, [0, 0, 0, 0], contract: "acme").periods.map(\.total) == [100_00, 80_00, 80_00, 110_00])
        #expect(try bill(versions, [0, 0, 0, 0]).periods.map(\.total) == [100_00, 100_00, 110_00, 110_00])
        #expect(try bill(versions, [0, 0], contract: "other").periods.map(\.total) == [100_00, 100_00])
    }

    @Test("Terms at renewal hold for old subscriptions from the next period that they pay for, for new ones at once")
    func renewal() throws {
        var new = version(from: "2023-02-10", [try orders("0.20", per: .month)])
        new.takesEffect = .atRenewal
        let versions = [version(from: "2015-01-01", [try orders("0.10")]), new]
        #expect(try bill(versions, [100, 100, 100]).periods.map(\.total) == [10_00, 10_00, 20_00])
        #expect(
            try bill(versions, Array(repeating: 100, count: 13), paysEvery: .year).periods.map(\.total)
                == Array(repeating: 10_00, count: 12) + [20_00])
        #expect(
            try bill(versions, [100, 100, 100], signedUp: "2023-02-10").periods.map(\.total) == [10_00, 10_00, 20_00])
        new.takesEffect = .now
        // In the midst of February: all that was counted in the slice from the 1st belongs to the old terms.
        let now = try bill([versions[0], new], [100, 100, 100])
        #expect(now.periods.map(\.lines.count) == [1, 2, 1])
    }

    @Test("A fee for no use is charged once an allowance period")
    func feeWithoutUse() throws {
        let tier = Rate.Tier(
            upTo: nil, unitPrice: try ExactDecimal(parsing: "0.10"), flat: try ExactDecimal(parsing: "5"))
        func price(_ chargesZero: Bool) -> Price {
            Price(
                key: "orders", name: "Orders",
                model: .usage(
                    UsagePrice(
                        meter: "orders", allowance: 0, per: .quarter,
                        rate: Rate(.graduated([tier]), chargesZero: chargesZero), alreadyPaid: false)))
        }
        #expect(try bill([price(true)], [0, 0, 100, 0]).periods.map(\.total) == [5_00, 0, 10_00, 5_00])
        #expect(try bill([price(false)], [0, 0, 100, 0]).periods.map(\.total) == [0, 0, 15_00, 0])
    }
}
