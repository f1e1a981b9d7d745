import Billing
import Testing

import Documents

@Suite("Text")
struct TextTests {
    @Test(
        "The width of text is counted in columns",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("ｆｕｌｌ", 8), ("한글", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("1️⃣", 2), ("❤️", 2),
            ("\u{200B}", 0), ("─█░", 3), ("שלום", 4), ("\u{3000}", 2),
        ])
    func width(text: String, columns: Int) {
        #expect(text.displayWidth == columns)
    }

    @Test("What a terminal would obey is made visible")
    func visible() {
        #expect(
            "a\u{1B}[31m\n\t\r\u{0}\u{9B}\u{202E}\u{2028}b".visible == #"a\u{1B}[31m\n\t\r\u{0}\u{9B}\u{202E}\u{2028}b"#
        )
        #expect("👩‍👩‍👧‍👦 é 漢".visible == "👩‍👩‍👧‍👦 é 漢")
    }

    @Test("Lines break at spaces and after slashes, and inside a word only where it is wider than a line")
    func wrapping() {
        #expect("the quick brown fox".wrapped(to: 10) == ["the quick", "brown fox"])
        #expect("northwind-silver/2022-03-01".wrapped(to: 20) == ["northwind-silver/", "2022-03-01"])
        #expect("abcdefghij kl".wrapped(to: 4) == ["abcd", "efgh", "ij", "kl"])
        #expect("漢字漢字".wrapped(to: 5) == ["漢字", "漢字"])
        #expect("aa bb cc".wrapped(to: 5, then: 2) == ["aa bb", "cc"])
        #expect("".wrapped(to: 5) == [""])
        #expect("漢".wrapped(to: 0) == ["漢"])
    }

    @Test("Wrapping loses nothing but spaces", arguments: Fixture.hostile)
    func wrappingKeeps(text: String) {
        for width in [2, 3, 10, 37, 80] {
            let lines = text.visible.wrapped(to: width)
            #expect(lines.allSatisfy { $0.displayWidth <= width })
            #expect(lines.joined().filter { $0 != " " } == text.visible.filter { $0 != " " })
        }
    }

    @Test("Numbers for people have separators, and money the currency's places")
    func numbers() throws {
        let (usd, jpy, kwd) = (try Fixture.currency("USD"), try Fixture.currency("JPY"), try Fixture.currency("KWD"))
        #expect(
            [0, 7, 999, 1_000, -1_000, 1_234_567].map(NumberText.grouped) == [
                "0", "7", "999", "1,000", "-1,000", "1,234,567",
            ])
        #expect(NumberText.grouped(Int64.min) == "-9,223,372,036,854,775,808")
        #expect([0, 400, -1_400].map(NumberText.signed) == ["0", "+400", "-1,400"])
        #expect(NumberText.money(123_450, in: usd) == "1,234.50")
        #expect(NumberText.money(-5, in: usd) == "-0.05")
        #expect(NumberText.money(Int64.min, in: usd) == "-92,233,720,368,547,758.08")
        #expect(NumberText.money(1_500, in: jpy) == "1,500")
        #expect(NumberText.money(-1_234, in: kwd) == "-1.234")
        #expect(NumberText.money(0, in: kwd) == "0.000")
    }

    @Test("Exact amounts keep every place they have, and never fewer than the currency's")
    func exact() throws {
        let (usd, jpy) = (try Fixture.currency("USD"), try Fixture.currency("JPY"))
        func text(_ price: String, _ currency: Currency) throws -> String {
            NumberText.exact(try Fixture.price(price).exact, in: currency)
        }
        #expect(try text("0.1", usd) == "0.10")
        #expect(try text("27.305", usd) == "27.305")
        #expect(try text("0.000000000001", usd) == "0.000000000001")
        #expect(try text("1234567", usd) == "1,234,567.00")
        #expect(try text("100", jpy) == "100")
        #expect(try text("0.5", jpy) == "0.5")
        let least = ExactAmount(units: .min, places: 12)
        #expect(NumberText.exact(least, in: usd, grouped: false) == "-170141183460469231731687303.715884105728")
    }

    @Test(
        "Instants are UTC in ISO 8601",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (1_646_100_005_000_123, "2022-03-01T02:00:05.000123Z"), (-86_400_000_000, "1969-12-31T00:00:00.000000Z"),
            (1_709_164_799_999_999, "2024-02-28T23:59:59.999999Z"),
            (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"),
            (Int64.min, "-9223372036854775808 microseconds since 1970-01-01T00:00:00Z"),
        ])
    func instants(microseconds: Int64, expected: String) {
        #expect(InstantText.precise(microseconds) == expected)
    }

    @Test(
        "Durations are as precise as one reads them",
        arguments: [
            (999, "0 ms"), (350_999, "350 ms"), (12_345_678, "12.3 s"), (59_999_999, "59.9 s"),
            (125_000_000, "2 min 05 s"), (10_920_000_000, "3 h 02 min"), (-350_000, "-350 ms"),
        ])
    func durations(microseconds: Int64, expected: String) {
        #expect(InstantText.duration(from: 1_000, to: 1_000 + microseconds) == expected)
        _ = InstantText.duration(from: .min, to: .max)
    }

    @Test(
        "A change is told in percent of what was, to one place, half away from zero, and not of nothing",
        arguments: [
            (125, 1_000, "+12.5%", "12.5"), (-67, 1_000, "-6.7%", "-6.7"), (1, 2_000, "+0.1%", "0.1"),
            (-1, 2_000, "-0.1%", "-0.1"), (1, 2_001, "0.0%", "0.0"), (0, 5, "0.0%", "0.0"),
            (250_000, 10_000, "+2500.0%", "2500.0"), (5, 0, nil, nil), (5, -10, nil, nil),
        ] as [(Int128, Int128, String?, String?)])
    func percent(change: Int128, base: Int128, text: String?, share: String?) {
        #expect(NumberText.percent(change, of: base) == text)
        #expect(NumberText.share(change, of: base) == share)
        #expect(NumberText.percent(.max, of: 1) == nil)
    }

    @Test("Periods show their last day")
    func periods() throws {
        #expect(PeriodText.inclusive(try Fixture.range("2022-02-01", "2022-03-01")) == "2022-02-01 to 2022-02-28")
        #expect(PeriodText.inclusive(try Fixture.range("2022-02-28", "2022-03-01")) == "2022-02-28")
        #expect(PeriodText.once(.halfYear) == "a half year" && PeriodText.every(.months(2)) == "every 2 months")
    }

    @Test("A table aligns words left and numbers right under its header")
    func table() {
        var table = TextTable([.left("Name"), .right("Count")])
        table.add("a", "1")
        table.add("漢字漢", "1,000")
        table.addFooter("Total", "1,001")
        #expect(
            table.lines() == [
                "Name    Count",
                "------  -----",
                "a           1",
                "漢字漢  1,000",
                "------  -----",
                "Total   1,001",
            ])
    }

    @Test("A table that is too wide wraps words, not numbers and dates")
    func wrappingTable() {
        var table = TextTable([.left("Name"), .fixed("Day"), .right("Count")])
        table.add("Northwind Traders of London", "2022-02-01", "1,000")
        #expect(
            table.lines(width: 36) == [
                "Name               Day         Count",
                "-----------------  ----------  -----",
                "Northwind Traders  2022-02-01  1,000",
                "of London",
            ])
    }

    @Test("A table that cannot fit becomes a record a row")
    func records() {
        var table = TextTable([.left("Name"), .right("Count"), .right("More")])
        table.add("a", "1,000,000,000", "2,000,000,000")
        table.add("b", "3", "4")
        #expect(
            table.lines(width: 24) == [
                "Name   a", "Count  1,000,000,000", "More   2,000,000,000", "", "Name   b", "Count  3", "More   4",
            ])
    }
}
