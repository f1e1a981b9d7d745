import Billing
import TestSupport
import Testing

@Suite("Where periods begin")
struct AlignmentTests {
    @Test("With the calendar, months count from January 1st, weeks from a Monday, days from the start")
    func calendar() {
        let table: [(String, Cadence, String)] = [
            ("2022-05-17", .month, "2022-01-01"), ("2022-01-01", .quarter, "2022-01-01"),
            ("2022-12-31", .halfYear, "2022-01-01"), ("2024-02-29", .year, "2024-01-01"),
            ("2022-05-17", .months(2), "2022-01-01"), ("2022-05-17", .months(24), "2022-01-01"),
            // 2022-05-17 was a Tuesday, 2022-05-16 a Monday and 2022-05-15 a Sunday.
            ("2022-05-17", .week, "2022-05-16"), ("2022-05-16", .week, "2022-05-16"),
            ("2022-05-15", .week, "2022-05-09"), ("2022-05-17", .days(14), "2022-05-16"),
            // 1969-12-31 was a Wednesday.
            ("1969-12-31", .week, "1969-12-29"),
            ("2022-05-17", .day, "2022-05-17"), ("2022-05-17", .days(10), "2022-05-17"),
        ]
        for (start, cadence, anchor) in table {
            #expect(Alignment.calendar.anchor(for: day(start), every: cadence) == day(anchor), "\(start) \(cadence)")
            #expect(Alignment.anniversary.anchor(for: day(start), every: cadence) == day(start))
        }
        #expect(Alignment.calendar.anchor(for: .earliest, every: .week) == .earliest)
    }

    @Test("A billing day is the latest day of that number on or before the start, in a month that has it")
    func billingDay() {
        let table: [(String, Int, String)] = [
            ("2022-03-15", 15, "2022-03-15"), ("2022-03-15", 16, "2022-02-16"), ("2022-03-15", 1, "2022-03-01"),
            ("2022-03-15", 28, "2022-02-28"), ("2022-03-15", 29, "2022-01-29"), ("2022-03-15", 30, "2022-01-30"),
            ("2022-03-15", 31, "2022-01-31"), ("2024-03-15", 29, "2024-02-29"), ("2022-05-30", 31, "2022-03-31"),
            ("2022-01-30", 31, "2021-12-31"), ("2022-01-31", 31, "2022-01-31"), ("2022-12-31", 30, "2022-12-30"),
        ]
        for (start, number, anchor) in table {
            #expect(day(start).latest(onDay: number) == day(anchor), "\(start), day \(number)")
        }
        #expect(day("2022-03-15").latest(onDay: 0) == nil)
        #expect(day("2022-03-15").latest(onDay: 32) == nil)
        #expect(CivilDate.earliest.latest(onDay: 2) == nil)
    }

    @Test("Boundaries clamp at the ends of months, and come back to the anchor's day")
    func monthEnds() throws {
        let table: [(String, Cadence, [String])] = [
            ("2021-01-28", .month, ["2021-01-28", "2021-02-28", "2021-03-28", "2021-04-28"]),
            ("2021-01-29", .month, ["2021-01-29", "2021-02-28", "2021-03-29", "2021-04-29"]),
            ("2024-01-30", .month, ["2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"]),
            ("2021-01-31", .month, ["2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30"]),
            ("2020-02-29", .year, ["2020-02-29", "2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"]),
            ("2021-08-31", .halfYear, ["2021-08-31", "2022-02-28", "2022-08-31"]),
            ("2021-12-27", .days(14), ["2021-12-27", "2022-01-10", "2022-01-24"]),
        ]
        for (anchor, cadence, boundaries) in table {
            let calendar = BillingCalendar(anchor: day(anchor), cadence: cadence)
            for (index, boundary) in boundaries.enumerated() {
                #expect(try calendar.boundary(index) == day(boundary))
            }
        }
    }

    @Test("A length of time is said with its number also where that is one")
    func length() {
        let table: [(String, Cadence?)] = [
            ("14 days", .days(14)), ("1 day", .day), ("1 month", .month), ("month", .month), ("1 week", .week),
            ("2 weeks", .days(14)), ("1 half_year", .halfYear), ("1 months", nil), ("1  month", nil), ("01 month", nil),
            ("0 days", nil), ("-1 month", nil), ("1", nil), ("1 ", nil), ("a month", nil), ("", nil),
        ]
        for (text, length) in table { #expect(Cadence(length: text) == length, "'\(text)'") }
    }

    @Test("Anchors agree with a search day by day, for 10,000 starts")
    func property() {
        var random = SeededGenerator()
        var wrong = 0
        for _ in 0..<10_000 {
            guard let start = day("1995-01-01").adding(days: .random(in: 0..<20_000, using: &random)) else { continue }
            let number = Int.random(in: 1...31, using: &random)
            var searched = start
            while searched.components.day != number, let before = searched.adding(days: -1) { searched = before }
            if start.latest(onDay: number) != searched { wrong += 1 }

            // 1995-01-02 was a Monday.
            var monday = start
            let first = day("1995-01-02").daysSince1970
            while !(monday.daysSince1970 - first).isMultiple(of: 7), let before = monday.adding(days: -1) {
                monday = before
            }
            if Alignment.calendar.anchor(for: start, every: .week) != monday { wrong += 1 }

            searched = start
            while !(searched.components.month == 1 && searched.components.day == 1),
                let before = searched.adding(days: -1)
            {
                searched = before
            }
            if Alignment.calendar.anchor(for: start, every: .month) != searched { wrong += 1 }
        }
        #expect(wrong == 0)
    }
}
