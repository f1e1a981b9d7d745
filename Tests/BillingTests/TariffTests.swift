import Billing
import TestSupport
import Testing

@Suite("What a quantity costs")
struct TariffTests {
    private func decimal(_ text: String) throws -> ExactDecimal { try ExactDecimal(parsing: text) }

    private func tariff(
        _ model: Rate.Model, places: Int = 0, in code: String = "USD", _ rounding: Rounding = .halfAwayFromZero
    ) throws -> Tariff {
        Tariff(Rate(model), places: places, key: "p", currency: try currency(code), rounding: rounding)
    }

    /// Tiers as they stand in a catalog: bound, unit price, flat fee.
    private func tiers(_ rows: [(Int64?, String, String)]) throws -> [Rate.Tier] {
        try rows.map { Rate.Tier(upTo: $0.0, unitPrice: try decimal($0.1), flat: try decimal($0.2)) }
    }

    @Test("Known amounts of every model")
    func known() throws {
        let bands = try tiers([(100, "0.10", "0"), (500, "0.08", "5"), (nil, "0.05", "12.50")])
        let graduated = try tariff(.graduated(bands))
        //  50 × 0.10; 100 × 0.10; + 5 + 1 × 0.08; + 400 × 0.08; + 12.50 + 1 × 0.05
        let steps: [(Int64, Int64)] = [(0, 0), (50, 5_00), (100, 10_00), (101, 15_08), (500, 47_00), (501, 59_55)]
        for (quantity, amount) in steps {
            #expect(try graduated.amount(quantity, chargingZero: false) == amount, "\(quantity)")
        }
        let volume = try tariff(.volume(bands))
        //  all units at the price of the band that holds them, with its fee
        for (quantity, amount) in [(0, 0), (100, 10_00), (101, 5_00 + 8_08), (500, 45_00), (501, 12_50 + 25_05)]
            as [(Int64, Int64)]
        {
            #expect(try volume.amount(quantity, chargingZero: false) == amount, "\(quantity)")
        }
        let stairs = try tariff(
            .stairStep([
                Rate.Step(upTo: 10, amount: decimal("9.99")), Rate.Step(upTo: 50, amount: decimal("39")),
                Rate.Step(upTo: nil, amount: decimal("99")),
            ]))
        for (quantity, amount) in [
            (0, 0), (1, 9_99), (10, 9_99), (11, 39_00), (50, 39_00), (51, 99_00), (9_000, 99_00),
        ]
            as [(Int64, Int64)]
        {
            #expect(try stairs.amount(quantity, chargingZero: false) == amount, "\(quantity)")
        }
        let packages = try tariff(.package(size: 100, price: decimal("2.00")))
        for (quantity, amount) in [(0, 0), (1, 2_00), (100, 2_00), (101, 4_00), (1_000, 20_00)] as [(Int64, Int64)] {
            #expect(try packages.amount(quantity, chargingZero: false) == amount, "\(quantity)")
        }
        // 2.9 % of 1,234.56 is 35.80224, and 0.30
        let percentage = Rate.Percentage(percent: try decimal("2.9"), fixed: try decimal("0.30"))
        #expect(try tariff(.percentage(percentage), places: 2).amount(123_456, chargingZero: false) == 36_10)
        #expect(try tariff(.percentage(percentage), places: 2).amount(0, chargingZero: false) == 0)
        #expect(try tariff(.percentage(percentage), places: 2).amount(0, chargingZero: true) == 30)
    }

    @Test("Sub-cent prices, fractions and half a cent are exact")
    func fractions() throws {
        let plain = try tariff(.graduated(tiers([(nil, "0.004", "0")])))
        #expect(try plain.amount(100_000, chargingZero: false) == 400_00)
        // 100.5 units with tiers to 100 and beyond: 100 × 1.00 + 0.5 × 0.50 = 100.25
        let halves = try tariff(.graduated(tiers([(100, "1.00", "0"), (nil, "0.50", "0")])), places: 1)
        #expect(try halves.amount(1_005, chargingZero: false) == 100_25)
        // 5.001 units enter a tier with a fee: 5 × 1.00 + 10.00 + 0.001 × 1.00 = 15.001
        let fee = try tariff(.graduated(tiers([(5, "1.00", "0"), (nil, "1.00", "10.00")])), places: 3)
        #expect(try fee.amount(5_000, chargingZero: false) == 5_00)
        #expect(try fee.amount(5_001, chargingZero: false) == 15_00)
        // By volume the whole quantity is in the tier: 10.00 + 5.001
        let whole = try tariff(.volume(tiers([(5, "1.00", "0"), (nil, "1.00", "10.00")])), places: 3)
        #expect(try whole.amount(5_001, chargingZero: false) == 15_00)
        // 0.5 of a package is a package begun.
        #expect(
            try tariff(.package(size: 10, price: decimal("3")), places: 2).amount(50, chargingZero: false) == 3_00)
        // 0.125 × 0.10 = 0.0125; half a cent: 0.05 × 0.10 = 0.005
        let dime = try tariff(.graduated(tiers([(nil, "0.10", "0")])), places: 3)
        #expect(try dime.amount(125, chargingZero: false) == 1)
        #expect(try dime.amount(50, chargingZero: false) == 1)
        #expect(try dime.amount(49, chargingZero: false) == 0)
        for (code, amount) in [("JPY", 3), ("USD", 2_50), ("KWD", 2_500)] as [(String, Int64)] {
            let half = try tariff(.graduated(tiers([(nil, "2.5", "0")])), in: code)
            #expect(try half.amount(1, chargingZero: false) == amount, "\(code)")
        }
    }

    @Test("A flat fee is due for a quantity of zero only where the catalog says so")
    func zero() throws {
        let bands = try tiers([(10, "1", "7.50"), (nil, "1", "5")])
        for model in [Rate.Model.graduated(bands), .volume(bands)] {
            #expect(try tariff(model).amount(0, chargingZero: false) == 0)
            #expect(try tariff(model).amount(0, chargingZero: true) == 7_50)
            #expect(try tariff(model).amount(1, chargingZero: true) == 8_50)
            #expect(try tariff(model).amount(1, chargingZero: false) == 8_50)
        }
        let stairs = try tariff(.stairStep([Rate.Step(upTo: nil, amount: decimal("4"))]))
        #expect(try stairs.amount(0, chargingZero: true) == 4_00)
        #expect(try tariff(.package(size: 5, price: decimal("4"))).amount(0, chargingZero: true) == 0)
    }

    /// A rate with the numbers that it was made of.
    private struct Sample {
        var model: Rate.Model
        var bounds: [Int64?]
        var prices: [Int]
        var fees: [Int]
    }

    /// Prices in ten-thousandths, fees in hundredths.
    private func sample(_ kind: Int, using random: inout SeededGenerator) throws -> Sample {
        var bounds: [Int64?] = []
        var bound: Int64 = 0
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            bound += .random(in: 1...60, using: &random)
            bounds.append(bound)
        }
        bounds.append(nil)
        let prices = bounds.map { _ in Int.random(in: 0...30_000, using: &random) }
        let fees = bounds.map { _ in Bool.random(using: &random) ? 0 : Int.random(in: 0...2_000, using: &random) }
        func text(_ number: Int, places: Int) -> String {
            let unit = places == 4 ? 10_000 : 100
            return "\(number / unit).\(String(unit + number % unit).dropFirst())"
        }
        let tiers = try bounds.indices.map {
            Rate.Tier(
                upTo: bounds[$0], unitPrice: try decimal(text(prices[$0], places: 4)),
                flat: try decimal(text(fees[$0], places: 2)))
        }
        let model: Rate.Model =
            switch kind {
            case 0: .graduated(tiers)
            case 1: .volume(tiers)
            case 2:
                .stairStep(
                    try bounds.indices.map {
                        Rate.Step(upTo: bounds[$0], amount: try decimal(text(fees[$0], places: 2)))
                    })
            default: .package(size: Int64(prices[0] % 50 + 1), price: try decimal(text(fees[0], places: 2)))
            }
        return Sample(model: model, bounds: bounds, prices: prices, fees: fees)
    }

    /// The amount in ten-thousandths of a ten-to-the-places-th, by laying out the smallest units one by one.
    private func oneByOne(_ sample: Sample, _ quantity: Int64, scale: Int) -> Int {
        guard quantity > 0 else { return 0 }
        // The quantity counts parts of units, and the bounds are whole units.
        func band(_ unit: Int64) -> Int {
            var index = 0
            while let bound = sample.bounds[index], unit > bound * Int64(scale) { index += 1 }
            return index
        }
        switch sample.model {
        case .graduated:
            var sum = 0
            for unit in 1...quantity { sum += sample.prices[band(unit)] }
            for index in 0...band(quantity) { sum += sample.fees[index] * 100 * scale }
            return sum
        case .volume:
            return Int(quantity) * sample.prices[band(quantity)] + sample.fees[band(quantity)] * 100 * scale
        case .stairStep: return sample.fees[band(quantity)] * 100 * scale
        default:
            var (left, packages) = (quantity, 0)
            while left > 0 {
                left -= Int64((sample.prices[0] % 50 + 1) * scale)
                packages += 1
            }
            return packages * sample.fees[0] * 100 * scale
        }
    }

    @Test("Graduated, volume, stair-step and package cost what laying the units out one by one costs")
    func bruteForce() throws {
        var random = SeededGenerator()
        for number in 0..<10_000 {
            let sample = try sample(number % 4, using: &random)
            let places = [0, 0, 1, 2].randomElement(using: &random) ?? 0
            let scale = [1, 10, 100][places]
            let (code, minorUnits) =
                [("USD", 100), ("JPY", 1), ("KWD", 1_000)].randomElement(using: &random) ?? ("", 1)
            let tariff = try tariff(sample.model, places: places, in: code)
            let quantity = Int64.random(in: 0...[250, 2_000, 8_000][places], using: &random)
            // Half away from zero: twice the amount, plus one unit, halved.
            let unit = 10_000 * scale / minorUnits
            let exact = oneByOne(sample, quantity, scale: scale)
            let expected = (2 * exact + unit) / (2 * unit)
            #expect(
                try tariff.amount(quantity, chargingZero: false) == Int64(expected),
                "\(quantity) of \(sample.model), \(places) places, \(code)")
            let shares = try tariff.shares(quantity, chargingZero: false)
            let sum = shares.reduce(Int128(0)) { $0 + $1.exact.units }
            var sameUnits = Int128(exact)
            for _ in 0..<8 { sameUnits *= 10 }
            #expect(sum == sameUnits, "the shares of \(quantity) of \(sample.model)")
        }
    }

    @Test("What does not fit is an error in every model")
    func overflow() throws {
        let most = try decimal("999999999999999999")
        let error = BillingError.amountOverflow(price: "p")
        let models: [Rate.Model] = [
            .graduated([Rate.Tier(upTo: nil, unitPrice: most)]), .volume([Rate.Tier(upTo: nil, unitPrice: most)]),
            .package(size: 1, price: most), .percentage(Rate.Percentage(percent: most, fixed: most)),
        ]
        for model in models {
            for quantity in [Int64.max, 1_000_000_000_000] {
                #expect(throws: error, "\(model)") {
                    try tariff(model, places: 6).amount(quantity, chargingZero: false)
                }
            }
        }
        let huge = Rate.Model.stairStep([Rate.Step(upTo: nil, amount: most)])
        #expect(throws: error) { try tariff(huge).amount(1, chargingZero: false) }
        #expect(throws: error) {
            try tariff(.graduated([Rate.Tier(upTo: nil, unitPrice: .zero, flat: most)])).amount(1, chargingZero: false)
        }
    }
}
