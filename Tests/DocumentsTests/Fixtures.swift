import Testing

import Billing
import Documents

/// The deployment that most tests speak of: Connex, silver, its year counted from 10 June.
enum Fixture {
    static let orders = UnitName(one: "order", other: "orders")

    static func currency(_ code: String) throws -> Currency {
        try #require(Currency(code: code))
    }

    static func day(_ text: String) throws -> CivilDate {
        try #require(CivilDate(text))
    }

    static func range(_ start: String, _ end: String) throws -> DateRange {
        try #require(DateRange(start: day(start), end: day(end)))
    }

    static func line(
        _ number: Int, _ kind: InvoiceLine.Kind, _ name: String, _ service: DateRange, quantity: Int64 = 1,
        before: Int64 = 0, threshold: Int64 = 0, billable: Int64 = 1, amount: Int64, corrects: LineReference? = nil,
        plan: String = "Silver", unit: UnitName = orders
    ) -> InvoiceDocument.Line {
        InvoiceDocument.Line(
            number: number,
            line: InvoiceLine(
                kind: kind, price: 1, service: service, quantity: quantity, before: before, threshold: threshold,
                billable: billable, amount: amount, corrects: corrects),
            plan: plan == "Silver" ? "silver" : "other", planName: plan, price: kind == .flat ? "base" : "orders",
            name: name,
            meter: kind == .flat ? nil : "orders", unit: kind == .flat ? nil : unit)
    }

    /// February: the plan, and orders beyond a threshold that was reached before.
    static func february(_ currency: String = "USD") throws -> InvoiceDocument {
        let period = try range("2022-02-01", "2022-03-01")
        return InvoiceDocument(
            customer: "northwind", customerName: "Northwind Traders", subscription: "northwind-silver", period: period,
            currency: try self.currency(currency), total: 19_900,
            lines: [
                line(1, .flat, "Silver plan", period, amount: 4_900),
                line(
                    2, .usage, "Orders over the limit", period, quantity: 1_500, before: 15_000, threshold: 15_000,
                    billable: 1_500, amount: 15_000),
            ])
    }

    static func rated(
        _ terms: UsagePrice, currency: String = "USD", rounding: Rounding = .halfAwayFromZero
    ) throws -> RatingUsage {
        RatingUsage(
            terms, meterID: 1, key: "orders", currency: try self.currency(currency), rounding: rounding)
    }

    static func price(_ text: String) throws -> ExactDecimal {
        try ExactDecimal(parsing: text)
    }

    /// Hostile text: wide, combining, joined, controlling, and longer than any line.
    static let hostile = [
        "東京商事株式会社" + String(repeating: "漢字かな交じり", count: 20),
        String(repeating: "x", count: 300),
        "e\u{301}\u{302}\u{303} 👩‍👩‍👧‍👦🇩🇪1️⃣ " + String(repeating: "👍🏽", count: 90),
        "\u{1B}[2J\u{1B}[31mred\u{7}\r\nnew line\ttab\u{0}\u{85}\u{9B}31m \u{202E}gnp.exe \u{2028}\"quoted\\",
        String(repeating: "many small words ", count: 40),
        "हिन्दी क्षत्रिय ไทย 각각 \u{1100}\u{1161}\u{11A8} " + String(repeating: "क्ष", count: 80),
        "",
        "   ",
    ]
}

/// What must be true of every text for people: 80 columns, nothing that a terminal obeys, no space at a line's end, and
/// a line feed at the text's end.
func expectReadable(_ text: String, _ comment: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(text.hasSuffix("\n"), "\(comment): \(text)", sourceLocation: sourceLocation)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(String(line).displayWidth <= 80, "\(comment): \(line)", sourceLocation: sourceLocation)
        #expect(line.last != " ", "\(comment): \(line)", sourceLocation: sourceLocation)
        let obeyed = line.unicodeScalars.contains {
            $0.properties.generalCategory == .control || $0.properties.isBidiControl
        }
        #expect(!obeyed, "\(comment): \(line)", sourceLocation: sourceLocation)
    }
}

/// A small generator whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
