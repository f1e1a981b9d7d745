import Billing
import TestSupport
import Testing

/// A million random invoices, held against the rules in exact fractions and not against how the tax is computed.
@Suite("The tax on any invoice")
struct TaxPropertyTests {
    private struct Invoice {
        var lines: [TaxLine]
        var rules: TaxRules
        var percents: [String: Int128]
    }

    /// Percentages in millionths of a whole: 8.875 % is 88,750.
    private static func invoice(_ random: inout SeededGenerator, exponent: Int) throws -> Invoice {
        let categories = ["standard", "reduced", "other"]
        var percents: [String: Int128] = [:]
        var rates: [TaxRate] = []
        for category in categories {
            let millionths =
                [0, 50_000, 70_000, 88_750, 190_000, 200_000, 1_000_000, Int.random(in: 0...1_000_000, using: &random)]
                .randomElement(using: &random) ?? 0
            percents[category] = Int128(millionths)
            // As percent: four places behind the point.
            let fraction = String(10_000 + millionths % 10_000).dropFirst()
            rates.append(
                try TaxCases.rate("DE", nil, category, from: "2007-01-01", "\(millionths / 10_000).\(fraction)"))
        }
        // Up to some hundred thousand major units, and now and then up to what 64 bits hold in all.
        var largest: Int64 = 100_000
        for _ in 0..<exponent { largest *= 10 }
        if Int.random(in: 0..<50, using: &random) == 0 { largest = Int64.max / 64 }
        let lines = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            TaxLine(
                amount: Int64.random(in: -largest / 3...largest, using: &random),
                category: (categories + ["exempt"]).randomElement(using: &random) ?? "standard")
        }
        let prices: TaxRules.Prices = Bool.random(using: &random) ? .exclusive : .inclusive
        return Invoice(lines: lines, rules: TaxRules(prices: prices, rates: rates), percents: percents)
    }

    /// Without the optimizer each takes ten times as long.
    #if DEBUG
    private static let invoices = 100_000
    #else
    private static let invoices = 1_000_000
    #endif

    @Test("Subtotals lie within half a minor unit of the exact tax, and sum up; a credit is its charge turned round")
    func invoices() throws {
        var random = SeededGenerator()
        let (seller, buyer, date) = (try TaxCases.berlin(), try TaxCases.buyer("DE"), day("2022-03-01"))
        let million: Int128 = 1_000_000
        var failures: [String] = []
        for number in 0..<Self.invoices {
            let invoice = try Self.invoice(&random, exponent: [0, 2, 3][number % 3])
            let assessment = try invoice.rules.assess(invoice.lines, seller: seller, buyer: buyer, on: date)
            let sum = invoice.lines.reduce(Int128(0)) { $0 + Int128($1.amount) }
            let isExclusive = invoice.rules.prices == .exclusive
            var isSound = assessment.checkInvariants() && sum == Int128(isExclusive ? assessment.net : assessment.gross)
            for subtotal in assessment.subtotals {
                let lines = invoice.lines.filter { $0.category == subtotal.category }
                let amount = lines.reduce(Int128(0)) { $0 + Int128($1.amount) }
                let percent = invoice.percents[subtotal.category] ?? 0
                // tax = amount × p ÷ 1,000,000, or × p ÷ (1,000,000 + p) out of the whole: compared without dividing.
                let whole = isExclusive ? million : million + percent
                let difference = Int128(subtotal.tax) * whole - amount * percent
                isSound = isSound && difference.magnitude * 2 <= whole.magnitude
                // Exactly half goes away from zero.
                if difference.magnitude * 2 == whole.magnitude {
                    isSound = isSound && (difference > 0) == (amount > 0)
                }
                isSound = isSound && Int128(isExclusive ? subtotal.net : subtotal.net + subtotal.tax) == amount
            }
            let turned = try invoice.rules.assess(
                invoice.lines.map { TaxLine(amount: -$0.amount, category: $0.category) }, seller: seller, buyer: buyer,
                on: date)
            isSound =
                isSound
                && (turned.net, turned.tax, turned.gross) == (-assessment.net, -assessment.tax, -assessment.gross)
                && zip(turned.subtotals, assessment.subtotals).allSatisfy { $0.tax == -$1.tax && $0.net == -$1.net }
            let shuffled = try invoice.rules.assess(
                invoice.lines.shuffled(using: &random), seller: seller, buyer: buyer, on: date)
            if !isSound || shuffled != assessment { failures.append("\(invoice) → \(assessment)") }
        }
        #expect(failures.isEmpty, "\(failures.count) of \(Self.invoices), such as \(failures.first ?? "")")
    }
}
