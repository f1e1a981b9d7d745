import Billing
import Testing

@Suite("The boundaries of periods")
struct BillingCalendarTests {
    @Test("Periods from the 29th, 30th and 31st end on the last day of short months and return to the anchor's day")
    func shortMonths() throws {
        // 31   01-31 ── 02-28 ── 03-31 ── 04-30 ── 05-31 ── 06-30
        // 30   01-30 ── 02-28 ── 03-30 ── 04-30 ── 05-30 ── 06-30
        // 29   01-29 ── 02-28 ── 03-29 ── 04-29 ── 05-29 ── 06-29
        let expected = [
            "2021-01-31": ["2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31", "2021-06-30"],
            "2021-01-30": ["2021-01-30", "2021-02-28", "2021-03-30", "2021-04-30", "2021-05-30", "2021-06-30"],
            "2021-01-29": ["2021-01-29", "2021-02-28", "2021-03-29", "2021-04-29", "2021-05-29", "2021-06-29"],
            "2021-01-28": ["2021-01-28", "2021-02-28", "2021-03-28", "2021-04-28", "2021-05-28", "2021-06-28"],
        ]
        for (anchor, boundaries) in expected {
            let calendar = BillingCalendar(anchor: day(anchor), cadence: .month)
            for (index, boundary) in boundaries.enumerated() {
                #expect(try calendar.boundary(index) == day(boundary))
            }
        }
    }

    @Test("An account of 2021-01-28 is billed for 2021-01-28 until 2021-02-28")
    func example() throws {
        let calendar = BillingCalendar(anchor: day("2021-01-28"), cadence: .month)
        #expect(try calendar.period(0) == range("2021-01-28", "2021-02-28"))
        #expect(try calendar.period(containing: day("2021-02-27")) == range("2021-01-28", "2021-02-28"))
        #expect(try calendar.period(containing: day("2021-02-28")) == range("2021-02-28", "2021-03-28"))
    }

    @Test("A year from February 29 ends on February 28, and in a leap year on the 29th")
    func leapDay() throws {
        let calendar = BillingCalendar(anchor: day("2020-02-29"), cadence: .year)
        let boundaries = [
            -4: "2016-02-29", -1: "2019-02-28", 0: "2020-02-29", 1: "2021-02-28", 2: "2022-02-28", 3: "2023-02-28",
            4: "2024-02-29", 80: "2100-02-28",
        ]
        for (index, boundary) in boundaries { #expect(try calendar.boundary(index) == day(boundary)) }
        #expect(try calendar.index(containing: day("2021-02-27")) == 0)
        #expect(try calendar.index(containing: day("2021-02-28")) == 1)
        #expect(try calendar.index(containing: day("2024-02-28")) == 3)
        #expect(try calendar.index(containing: day("2024-02-29")) == 4)
    }

    @Test("Boundaries exist before the anchor")
    func before() throws {
        let months = BillingCalendar(anchor: day("2021-03-31"), cadence: .month)
        #expect(try months.boundary(-1) == day("2021-02-28"))
        #expect(try months.boundary(-2) == day("2021-01-31"))
        #expect(try months.boundary(-15) == day("2019-12-31"))
        #expect(try months.index(containing: day("2021-03-30")) == -1)
        #expect(try months.index(containing: day("2021-02-28")) == -1)
        #expect(try months.index(containing: day("2021-02-27")) == -2)
        let weeks = BillingCalendar(anchor: day("2021-03-31"), cadence: .week)
        #expect(try weeks.boundary(-1) == day("2021-03-24"))
        #expect(try weeks.index(containing: day("2021-03-30")) == -1)
        #expect(try weeks.index(containing: day("2021-03-24")) == -1)
        #expect(try weeks.index(containing: day("2021-03-23")) == -2)
    }

    @Test(
        "Every day of ten years belongs to exactly one period, whatever the anchor's day and the cadence",
        arguments: [
            .month, .quarter, .halfYear, .year, .months(2), .week, .days(10), .day,
        ] as [Cadence])
    func partition(cadence: Cadence) throws {
        for anchor in [
            "2020-01-28", "2020-01-29", "2020-01-30", "2020-01-31", "2020-02-29", "2021-12-31", "2019-11-30",
        ] {
            let calendar = BillingCalendar(anchor: day(anchor), cadence: cadence)
            // Slowly: walk from boundary to boundary and give each day the number of the period that it stands in.
            var index = try calendar.index(containing: day("2016-01-01"))
            var wrong = 0
            var current = day("2016-01-01")
            let end = day("2026-01-01")
            while current < end {
                while try calendar.boundary(index + 1) <= current { index += 1 }
                if try calendar.boundary(index) > current { wrong += 1 }
                if try calendar.index(containing: current) != index { wrong += 1 }
                if try calendar.isBoundary(current) != (calendar.boundary(index) == current) { wrong += 1 }
                if try !calendar.period(containing: current).contains(current) { wrong += 1 }
                current = try #require(current.adding(days: 1))
            }
            #expect(wrong == 0, "anchor \(anchor), every \(cadence)")
        }
    }

    @Test("The boundaries of a year are boundaries of its months, quarters and half-years, also from the 31st")
    func nesting() throws {
        for anchor in ["2021-01-31", "2020-02-29", "2021-08-30"] {
            for (short, times) in [(Cadence.month, 12), (.quarter, 4), (.halfYear, 2), (.months(2), 6)] {
                let long = BillingCalendar(anchor: day(anchor), cadence: .year)
                let parts = BillingCalendar(anchor: day(anchor), cadence: short)
                for index in -10...10 { #expect(try long.boundary(index) == parts.boundary(index * times)) }
            }
        }
    }

    @Test(
        "A boundary outside the years 1 to 9999 is an error, never a crash",
        arguments: [.day, .week, .month, .year, .months(Cadence.longestMonths), .days(Cadence.longestDays)] as [Cadence]
    )
    func far(cadence: Cadence) {
        let anchor = day("2021-01-31")
        let calendar = BillingCalendar(anchor: anchor, cadence: cadence)
        for index in [Int.max, .min, .max / 2, .min / 2, 4_000_000, -4_000_000, Int.max / 1_200, Int.min / 36_600] {
            let error = BillingError.dateOutOfRange(anchor: anchor, cadence: cadence, index: index)
            #expect(throws: error) { try calendar.boundary(index) }
            #expect(throws: error) { try calendar.period(index) }
        }
    }

    @Test("Near the ends of the range a period that would leave it is an error")
    func edges() throws {
        let late = BillingCalendar(anchor: day("9999-12-01"), cadence: .month)
        #expect(try late.index(containing: .latest) == 0)
        #expect(throws: BillingError.self) { try late.period(0) }
        #expect(try late.period(-1) == range("9999-11-01", "9999-12-01"))
        let early = BillingCalendar(anchor: day("0001-01-31"), cadence: .month)
        #expect(try early.index(containing: .earliest) == -1)
        #expect(throws: BillingError.self) { try early.period(containing: .earliest) }
        let yearly = BillingCalendar(anchor: .latest, cadence: .year)
        #expect(throws: BillingError.self) { try yearly.index(containing: .earliest) }
        #expect(try BillingCalendar(anchor: .latest, cadence: .day).index(containing: .earliest) == -3_652_058)
    }
}
