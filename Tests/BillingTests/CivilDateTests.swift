import Billing
import Testing

@Suite("A civil date")
struct CivilDateTests {
    /// The rule as everybody learns it: a leap year every four years, but not at the hundreds, but at the four hundreds.
    private static func lengths(of year: Int) -> [Int] {
        var february = 28
        if year.isMultiple(of: 4) { february = 29 }
        if year.isMultiple(of: 100) { february = 28 }
        if year.isMultiple(of: 400) { february = 29 }
        return [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    @Test("Every day from 0001-01-01 to 9999-12-31 is the one that counting day by day arrives at")
    func counting() {
        // 1969 whole years before 1970: that many days lie between 0001-01-01 and 1970-01-01.
        var number = -(1...1969).reduce(0) { $0 + Self.lengths(of: $1).reduce(0, +) }
        #expect(number == -719_162)
        #expect(CivilDate.earliest.daysSince1970 == Int32(number))
        var wrong = 0
        for year in 1...9999 {
            for (month, length) in Self.lengths(of: year).enumerated() {
                if CivilDate.days(in: month + 1, of: year) != length { wrong += 1 }
                for day in 1...length {
                    guard let built = CivilDate(year: year, month: month + 1, day: day) else {
                        wrong += 1
                        continue
                    }
                    if Int(built.daysSince1970) != number { wrong += 1 }
                    let parts = built.components
                    if parts.year != year || parts.month != month + 1 || parts.day != day { wrong += 1 }
                    number += 1
                }
                if CivilDate(year: year, month: month + 1, day: length + 1) != nil { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(CivilDate.latest.daysSince1970 == Int32(number - 1))
    }

    @Test("The calendar repeats after 400 years, which are 146,097 days")
    func cycle() throws {
        for (year, month, day) in [(1, 1, 1), (1600, 2, 29), (1900, 2, 28), (1999, 12, 31), (2000, 3, 1)] {
            let early = try #require(CivilDate(year: year, month: month, day: day))
            let late = try #require(CivilDate(year: year + 400, month: month, day: day))
            #expect(late.daysSince1970 - early.daysSince1970 == 146_097)
        }
    }

    @Test(
        "Known days",
        arguments: [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2022-02-01", 19_024)])
    func known(text: String, number: Int32) {
        #expect(CivilDate(daysSince1970: number) == day(text))
        #expect(day(text).description == text)
    }

    @Test(
        "Only YYYY-MM-DD of a day that exists is read",
        arguments: [
            "", "2022", "2022-02", "2022-2-1", "2022-02-1", "22-02-01", "02022-02-01", "2022/02/01", "2022.02.01",
            "20220201", "2022-0201", "202202-01", "2022-02-01 ", " 2022-02-01", "2022-02-01T", "2022-02-0x",
            "x022-02-01",
            "+022-02-01", "-022-02-01", "2022-+2-01", "2022--2-01", "2022-02- 1", "2022-02-−1", "2022_02_01",
            "2023-02-29", "1900-02-29", "2100-02-29", "2022-02-30", "2022-04-31", "2022-06-31", "2022-09-31",
            "2022-11-31",
            "2022-01-32", "2022-01-00", "2022-00-01", "2022-13-01", "0000-01-01", "0000-12-31", "９９９９-01-01",
            "٢٠٢٢-02-01", "2022-02-٠1", "2022–02–01", "2022-02-01\n", "2022-02-01\0", "1e10-01-01", "2022-02-1 ",
            "\u{FEFF}22-02-01",
        ])
    func strictness(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(
        "A day that exists is read, and written in the same way",
        arguments: ["0001-01-01", "2024-02-29", "2000-02-29", "9999-12-31"])
    func reading(text: String) throws {
        #expect(try #require(CivilDate(text)).description == text)
    }

    @Test("The range ends with the years 1 and 9999")
    func ends() {
        #expect(CivilDate.earliest.description == "0001-01-01")
        #expect(CivilDate.latest.description == "9999-12-31")
        #expect(CivilDate(daysSince1970: CivilDate.earliest.daysSince1970 - 1) == nil)
        #expect(CivilDate(daysSince1970: CivilDate.latest.daysSince1970 + 1) == nil)
        #expect(CivilDate(daysSince1970: .min) == nil)
        #expect(CivilDate(daysSince1970: .max) == nil)
        #expect(CivilDate.earliest.adding(days: -1) == nil)
        #expect(CivilDate.latest.adding(days: 1) == nil)
        #expect(CivilDate.earliest.adding(months: -1) == nil)
        #expect(CivilDate.latest.adding(months: 1) == nil)
        #expect(CivilDate.earliest.adding(months: 9999 * 12 - 1)?.description == "9999-12-01")
        #expect(CivilDate.latest.adding(months: 1 - 9999 * 12)?.description == "0001-01-31")
        for far in [Int.max, Int.min, Int(Int32.max), Int(Int32.min)] {
            #expect(CivilDate.earliest.adding(days: far) == nil)
            #expect(CivilDate.latest.adding(days: far) == nil)
            #expect(CivilDate.earliest.adding(months: far) == nil)
            #expect(CivilDate.latest.adding(months: far) == nil)
        }
        for (year, month, day) in [
            (Int.max, 1, 1), (2022, Int.max, 1), (2022, 1, Int.max), (Int.min, 1, 1), (2022, 1, Int.min),
        ] {
            #expect(CivilDate(year: year, month: month, day: day) == nil)
        }
    }

    @Test(
        "Adding months keeps the day, or takes the month's last one",
        arguments: [
            ("2021-01-31", 1, "2021-02-28"), ("2021-01-31", 2, "2021-03-31"), ("2021-01-31", 3, "2021-04-30"),
            ("2024-01-31", 1, "2024-02-29"), ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
            ("2024-02-29", -12, "2023-02-28"), ("2021-03-31", -1, "2021-02-28"), ("2021-12-31", 2, "2022-02-28"),
            ("2021-01-15", -1, "2020-12-15"), ("2021-01-15", 0, "2021-01-15"), ("2021-10-31", 1, "2021-11-30"),
            ("2000-01-30", 1, "2000-02-29"), ("1900-01-30", 1, "1900-02-28"), ("2021-01-28", 1, "2021-02-28"),
            ("2021-05-31", -15, "2020-02-29"),
        ])
    func months(from: String, months: Int, to: String) {
        #expect(day(from).adding(months: months) == day(to))
    }

    @Test("The start of a month is its first")
    func startOfMonth() {
        #expect(day("2024-02-29").startOfMonth == day("2024-02-01"))
        #expect(day("2024-03-01").startOfMonth == day("2024-03-01"))
        #expect(CivilDate.earliest.startOfMonth == .earliest)
    }

    @Test("A range is never empty and its end is outside")
    func ranges() throws {
        #expect(DateRange(start: day("2021-01-01"), end: day("2021-01-01")) == nil)
        #expect(DateRange(start: day("2021-01-02"), end: day("2021-01-01")) == nil)
        let period = try range("2021-01-28", "2021-02-28")
        #expect(period.days == 31)
        #expect(period.contains(day("2021-01-28")))
        #expect(period.contains(day("2021-02-27")))
        #expect(!period.contains(day("2021-02-28")))
        #expect(!period.contains(day("2021-01-27")))
        #expect(period.description == "2021-01-28/2021-02-28")
        #expect(DateRange(start: .earliest, end: .latest)?.days == 3_652_058)
    }
}
