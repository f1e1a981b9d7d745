import Billing
import TestSupport
import Testing

/// Late usage on every kind of price: all invoices together are what the final readings cost when they are rated once.
@Suite("Late usage and the terms of prices")
struct LateTermsTests {
    private func decimal(_ number: Int, places: Int) throws -> ExactDecimal {
        let unit = (0..<places).reduce(1) { product, _ in product * 10 }
        return try ExactDecimal(parsing: "\(number / unit).\(String(unit + number % unit).dropFirst())")
    }

    private func rate(using random: inout SeededGenerator) throws -> Rate {
        var bound: Int64 = 0
        var bounds: [Int64?] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            bound += .random(in: 1...80, using: &random)
            bounds.append(bound)
        }
        bounds.append(nil)
        let tiers = try bounds.map { bound in
            Rate.Tier(
                upTo: bound, unitPrice: try decimal(.random(in: 0...20_000, using: &random), places: 4),
                flat: try decimal(Bool.random(using: &random) ? 0 : .random(in: 0...900, using: &random), places: 2))
        }
        let model: Rate.Model =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: .graduated(tiers)
            case 1: .volume(tiers)
            case 2: .stairStep(tiers.map { Rate.Step(upTo: $0.upTo, amount: $0.flat) })
            case 3: .package(size: .random(in: 1...30, using: &random), price: tiers[0].unitPrice)
            default:
                .percentage(
                    Rate.Percentage(
                        percent: try decimal(.random(in: 1...900, using: &random), places: 2), fixed: tiers[0].flat))
            }
        return Rate(model, chargesZero: .random(using: &random))
    }

    private func prices(using random: inout SeededGenerator) throws -> [Price] {
        var prices: [Price] = []
        prices.append(
            Price(
                key: "base", name: "Base",
                model: .flat(
                    FlatPrice(
                        amounts: [FlatPrice.Amount(cadence: .month, minor: .random(in: 0...5_000, using: &random))],
                        charged: Bool.random(using: &random) ? .inAdvance : .inArrears,
                        isProrated: .random(using: &random)))))
        let per: Cadence = [.month, .quarter, .year].randomElement(using: &random) ?? .month
        for meter in ["orders", "labels"] {
            prices.append(
                Price(
                    key: meter, name: meter,
                    model: .usage(
                        UsagePrice(
                            meter: meter, allowance: .random(in: 0...60, using: &random), per: per,
                            rate: try rate(using: &random), alreadyPaid: false,
                            maximum: Bool.random(using: &random) ? nil : .random(in: 0...9_000, using: &random)))))
        }
        if Bool.random(using: &random) {
            prices.append(
                Price(
                    key: "least", name: "Least",
                    model: .minimum(
                        MinimumPrice(
                            amount: .random(in: 0...9_000, using: &random), on: ["orders", "labels"], per: per))))
        }
        for index in 0..<Int.random(in: 0...2, using: &random) {
            let isPercent = Bool.random(using: &random)
            prices.append(
                Price(
                    key: "off\(index)", name: "Off",
                    model: .discount(
                        Discount(
                            effect: isPercent
                                ? .percent(try decimal(.random(in: 0...10_000, using: &random), places: 2))
                                : .amount(.random(in: 0...3_000, using: &random)),
                            on: Bool.random(using: &random) ? nil : ["orders"],
                            periods: Bool.random(using: &random) ? nil : .random(in: 1...8, using: &random),
                            order: isPercent && Bool.random(using: &random) ? .beforeMaximum : .afterMaximum))))
        }
        return prices
    }

    @Test("Whatever is restated and when, all invoices together are what rating the final readings once comes to")
    func telescoping() throws {
        var random = SeededGenerator()
        for _ in 0..<1_500 {
            let ready = try catalog([version(from: "2015-01-01", try prices(using: &random))])
            let holder = subscription(anchor: "2021-01-31")
            var ledger = try Ledger(holder, ready)
            for month in 1...11 {
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    let back = Int.random(in: 0..<(month * 28), using: &random)
                    let day = try #require(day("2021-01-31").adding(days: back))
                    try ledger.read(
                        day, .random(in: 0...120, using: &random), meter: .random(in: 1...2, using: &random))
                }
                try ledger.close(try #require(day("2021-01-31").adding(months: month)))
            }
            // Nothing is used in the last period, whose invoice takes up what came late.
            try ledger.close("2022-02-28")
            let once = try ledger.ratedOnce("2022-02-28")
            #expect(ledger.total == once.total, "\(ready.catalog.plans[0].versions[0].prices)")
            #expect(ledger.lines.allSatisfy { ($0.line.kind == .correction) == ($0.line.corrects != nil) })
        }
    }
}
