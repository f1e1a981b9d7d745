import Billing
import Testing
import TestSupport

@Suite("Slices of a subscription's usage")
struct SlicingTests {
    @Test("A slice begins at a period's boundary, at the first of a month and where a version takes effect")
    func example() throws {
        // periods        10 ──────────────── 10 ──────────────── 10
        // months              1 ─────────────────── 1
        // plan version                                    15
        // slices         10 ─ 1 ──────────── 10 ─── 1 ─── 15 ─── ...
        let slicing = Slicing(
            calendar: BillingCalendar(anchor: day("2022-01-10"), cadence: .month), starts: day("2022-01-10"),
            cuts: [day("2022-03-05")])
        let starts = [
            "2022-01-10": "2022-01-10", "2022-01-31": "2022-01-10", "2022-02-01": "2022-02-01",
            "2022-02-09": "2022-02-01",
            "2022-02-10": "2022-02-10", "2022-02-28": "2022-02-10", "2022-03-01": "2022-03-01",
            "2022-03-04": "2022-03-01",
            "2022-03-05": "2022-03-05", "2022-03-09": "2022-03-05", "2022-03-10": "2022-03-10",
            "2022-01-09": "2022-01-01",
        ]
        for (text, start) in starts { #expect(try slicing.start(containing: day(text)) == day(start)) }
    }

    @Test("Any period, any month and any part between cuts is a union of whole slices; more cuts only split")
    func property() throws {
        var random = SeededGenerator()
        for _ in 0..<60 {
            let anchor = try #require(day("2020-01-01").adding(days: .random(in: 0..<366, using: &random)))
            let cadence = try #require(
                [Cadence.month, .quarter, .year, .months(2), .week, .days(10)].randomElement(using: &random))
            let calendar = BillingCalendar(anchor: anchor, cadence: cadence)
            func cut() throws -> CivilDate {
                try #require(day("2020-01-01").adding(days: .random(in: 0..<900, using: &random)))
            }
            let cuts = try (0..<Int.random(in: 0...4, using: &random)).map { _ in try cut() }
            let slicing = Slicing(calendar: calendar, starts: anchor, cuts: cuts)
            let finer = Slicing(calendar: calendar, starts: anchor, cuts: try cuts + [cut(), cut()])
            var wrong = 0
            var previous = try slicing.start(containing: day("2020-01-01"))
            for number in 1..<900 {
                let current = try #require(day("2020-01-01").adding(days: number))
                let start = try slicing.start(containing: current)
                let isCut =
                    try calendar.isBoundary(current) || current.startOfMonth == current || cuts.contains(current)
                    || current == anchor
                // Exactly at a cut a slice begins, and on every other day the slice of the day before goes on.
                if start != (isCut ? current : previous) { wrong += 1 }
                let fine = try finer.start(containing: current)
                if fine < start || (isCut && fine != current) { wrong += 1 }
                if try slicing.start(containing: fine) != start { wrong += 1 }
                previous = start
            }
            #expect(wrong == 0, "anchor \(anchor), every \(cadence), cuts \(cuts)")
        }
    }

    @Test("The order of cuts and their repetition do not matter")
    func order() throws {
        let calendar = BillingCalendar(anchor: day("2022-01-10"), cadence: .year)
        let cuts = ["2022-02-20", "2022-02-05", "2022-02-20", "2022-02-11"].map(day)
        let slicing = Slicing(calendar: calendar, starts: calendar.anchor, cuts: cuts)
        #expect(try slicing.start(containing: day("2022-02-19")) == day("2022-02-11"))
        #expect(try slicing.start(containing: day("2022-02-28")) == day("2022-02-20"))
        #expect(try slicing.start(containing: day("2022-02-05")) == day("2022-02-05"))
    }
}
