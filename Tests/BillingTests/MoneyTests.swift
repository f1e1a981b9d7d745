import Billing
import Testing
import TestSupport

@Suite("An exact decimal")
struct ExactDecimalTests {
    @Test("Plain decimal text is read exactly, to twelve places")
    func good() throws {
        let table: [(String, Int128, String)] = [
            ("0", 0, "0"), ("1", 1_000_000_000_000, "1"), ("12", 12_000_000_000_000, "12"),
            ("0.10", 100_000_000_000, "0.1"), ("0.1", 100_000_000_000, "0.1"), ("0.004", 4_000_000_000, "0.004"),
            ("0.000000000001", 1, "0.000000000001"), ("0.100000000000", 100_000_000_000, "0.1"), ("0.0", 0, "0"),
            ("1.000000000001", 1_000_000_000_001, "1.000000000001"), ("10.50", 10_500_000_000_000, "10.5"),
            ("999999999999999999", 999_999_999_999_999_999_000_000_000_000, "999999999999999999"),
            (
                "999999999999999999.999999999999", 999_999_999_999_999_999_999_999_999_999,
                "999999999999999999.999999999999"
            ),
        ]
        for (text, units, written) in table {
            let read = try ExactDecimal(parsing: text)
            #expect(read.units == units)
            #expect(read.description == written)
        }
    }

    @Test(
        "Other text is refused with the reason",
        arguments: [
            ("", .notADecimal), (".", .notADecimal), (".5", .notADecimal), ("5.", .notADecimal), ("-", .notADecimal),
            ("--5", .notADecimal), ("+5", .notADecimal), ("1e3", .notADecimal), ("1E3", .notADecimal),
            ("1,5", .notADecimal),
            ("1_000", .notADecimal), ("1 000", .notADecimal), (" 1", .notADecimal), ("1 ", .notADecimal),
            ("1.2.3", .notADecimal),
            ("01", .notADecimal), ("00", .notADecimal), ("00.5", .notADecimal), ("0x10", .notADecimal),
            ("١", .notADecimal),
            ("１", .notADecimal), ("nan", .notADecimal), ("inf", .notADecimal), ("1.\n", .notADecimal),
            ("1.5-", .notADecimal),
            ("-.5", .notADecimal), ("-01", .notADecimal), ("$1", .notADecimal), ("1.+5", .notADecimal),
            ("-\u{301}5", .notADecimal), ("−5", .notADecimal),
            ("-5", .negative), ("-0", .negative), ("-0.10", .negative), ("-0.0000000000001", .negative),
            ("-1000000000000000000", .negative),
            ("0.0000000000001", .tooManyPlaces), ("1.0000000000000", .tooManyPlaces),
            ("1000000000000000000", .tooLarge), ("99999999999999999999999999999999999999999999", .tooLarge),
        ] as [(String, ExactDecimal.Mistake)])
    func bad(text: String, mistake: ExactDecimal.Mistake) {
        #expect(throws: mistake) { try ExactDecimal(parsing: text) }
    }

    @Test("A text of a million minus signs is refused like any other")
    func manySigns() {
        #expect(throws: ExactDecimal.Mistake.notADecimal) {
            try ExactDecimal(parsing: String(repeating: "-", count: 1_000_000))
        }
    }

    @Test("What is written reads back as the same number")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let shift = Int.random(in: 0..<60, using: &random)
            var text = String(Int64.random(in: 0...999_999_999_999_999_999, using: &random) >> shift)
            let places = Int.random(in: 0...12, using: &random)
            if places > 0 {
                text += "."
                for _ in 0..<places { text += String(Int.random(in: 0...9, using: &random)) }
            }
            let read = try ExactDecimal(parsing: text)
            #expect(try ExactDecimal(parsing: read.description) == read)
            #expect(text.hasPrefix(read.description))
        }
    }

    @Test("An amount of a currency has no more places than the currency")
    func minorUnits() throws {
        let table: [(String, String, Int64?)] = [
            ("12.34", "USD", 1_234), ("12.3", "USD", 1_230), ("12", "USD", 1_200), ("12.345", "USD", nil),
            ("12.340", "USD", 1_234),
            ("500", "JPY", 500), ("500.0", "JPY", 500), ("500.5", "JPY", nil), ("1.234", "KWD", 1_234),
            ("1.2345", "KWD", nil),
            ("0", "USD", 0), ("0.001", "USD", nil), ("0.000000000001", "KWD", nil),
            ("92233720368547758.07", "USD", .max), ("92233720368547758.08", "USD", nil),
            ("999999999999999999", "USD", nil), ("999999999999999999", "JPY", 999_999_999_999_999_999),
        ]
        for (text, code, minor) in table {
            #expect(try ExactDecimal(parsing: text).minorUnits(in: currency(code)) == minor, "\(text) \(code)")
        }
    }
}

@Suite("A currency")
struct CurrencyTests {
    @Test("Amounts are written with exactly the currency's places")
    func format() throws {
        let table: [(String, Int64, String)] = [
            ("USD", 0, "0.00"), ("USD", 1, "0.01"), ("USD", -1, "-0.01"), ("USD", 10, "0.10"), ("USD", 100, "1.00"),
            ("USD", -1_230, "-12.30"), ("USD", 40_000, "400.00"), ("USD", .max, "92233720368547758.07"),
            ("USD", .min, "-92233720368547758.08"), ("JPY", 500, "500"), ("JPY", -5, "-5"), ("JPY", 0, "0"),
            ("JPY", .min, "-9223372036854775808"), ("KWD", 1, "0.001"), ("KWD", -999, "-0.999"),
            ("KWD", 12_345, "12.345"),
            ("KWD", .min, "-9223372036854775.808"),
        ]
        for (code, minor, text) in table { #expect(try currency(code).format(minor) == text) }
    }

    @Test("The number of places is that of ISO 4217")
    func exponents() throws {
        for (code, exponent, units) in [
            ("USD", 2, 100), ("EUR", 2, 100), ("JPY", 0, 1), ("KRW", 0, 1), ("KWD", 3, 1_000),
        ] {
            #expect(try currency(code).exponent == exponent)
            #expect(try currency(code).minorUnits == Int64(units))
        }
    }

    @Test(
        "What is no currency is refused",
        arguments: ["", "usd", "US", "USDD", "XAU", "XXX", "CLF", "DEM", " USD", "$", "ＵＳＤ"])
    func unknown(code: String) {
        #expect(Currency(code: code) == nil)
    }
}

@Suite("Rounding")
struct RoundingTests {
    @Test("Halves, and their neighbours, on both sides of zero")
    func table() {
        //  numerator ÷ 10      away  even  down
        let table: [(Int128, Int128, Int128, Int128)] = [
            (0, 0, 0, 0), (4, 0, 0, 0), (5, 1, 0, 0), (6, 1, 1, 0), (10, 1, 1, 1), (14, 1, 1, 1), (15, 2, 2, 1),
            (16, 2, 2, 1),
            (25, 3, 2, 2), (35, 4, 4, 3), (-4, 0, 0, 0), (-5, -1, 0, 0), (-6, -1, -1, 0), (-15, -2, -2, -1),
            (-25, -3, -2, -2), (-35, -4, -4, -3), (-10, -1, -1, -1),
        ]
        for (numerator, away, even, down) in table {
            #expect(Rounding.halfAwayFromZero.divide(numerator, by: 10) == away)
            #expect(Rounding.halfToEven.divide(numerator, by: 10) == even)
            #expect(Rounding.down.divide(numerator, by: 10) == down)
        }
    }

    @Test("Every small quotient is the nearest whole number that the rule allows")
    func bruteForce() {
        for denominator in 1...13 {
            for numerator in -80...80 {
                // All whole numbers that are nearest: one, or on a half two of them.
                let distance = { (whole: Int) in (whole * denominator - numerator).magnitude }
                let nearest = (-81...81).map(distance).min()
                let near = (-81...81).filter { distance($0) == nearest }
                let inside = (-81...81).filter {
                    ($0 * denominator).magnitude <= numerator.magnitude && $0 * numerator >= 0
                }
                let away = near.max { $0.magnitude < $1.magnitude }
                let even = near.count == 1 ? near.first : near.first { $0.isMultiple(of: 2) }
                let down = inside.max { $0.magnitude < $1.magnitude }
                let (top, bottom) = (Int128(numerator), Int128(denominator))
                #expect(Rounding.halfAwayFromZero.divide(top, by: bottom) == away.map { Int128($0) })
                #expect(Rounding.halfToEven.divide(top, by: bottom) == even.map { Int128($0) })
                #expect(Rounding.down.divide(top, by: bottom) == down.map { Int128($0) })
            }
        }
    }

    @Test("The largest and smallest numbers are divided without overflow")
    func extremes() {
        let (most, least) = (Int128.max, Int128.min)
        for rounding in Rounding.allCases {
            #expect(rounding.divide(most, by: 1) == most)
            #expect(rounding.divide(least, by: 1) == least)
            #expect(rounding.divide(most, by: most) == 1)
            #expect(rounding.divide(0, by: most) == 0)
        }
        // 2¹²⁷ − 1 is odd: half of it ends in a half. −2¹²⁷ is a little more than −(2¹²⁷ − 1).
        #expect(Rounding.halfAwayFromZero.divide(most, by: 2) == most / 2 + 1)
        #expect(Rounding.down.divide(most, by: 2) == most / 2)
        #expect(Rounding.halfToEven.divide(most, by: 2) == most / 2 + 1)
        #expect(Rounding.halfAwayFromZero.divide(least, by: most) == -1)
        #expect(Rounding.halfToEven.divide(least, by: most) == -1)
        #expect(Rounding.halfAwayFromZero.divide(most / 2, by: most) == 0)
        #expect(Rounding.halfAwayFromZero.divide(most / 2 + 1, by: most) == 1)
    }
}
