import Billing
import Testing

/// Days of sources, drawn as strips: `#` is a day that came, `.` one that did not.
@Suite("Days of sources")
struct SourceDaysTests {
    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private func window(_ start: String, _ end: String) throws -> DateRange {
        try #require(DateRange(start: day(start), end: day(end)))
    }

    /// - Parameters:
    ///   - strip: the days from 2026-01-01 on, a Thursday.
    ///   - readings: what came on each, besides those named.
    private func source(
        _ strip: String, _ expectation: Billing.Expectation = Billing.Expectation(),
        besides: [String: (Int64, most: Int64)] = [:],
        lastRead: String? = nil
    ) throws -> SourceDays {
        let start = try day("2026-01-01")
        let days = try strip.enumerated().compactMap { offset, character -> SourceDays.Day? in
            guard character == "#" else { return nil }
            let day = try #require(start.adding(days: offset))
            let (readings, most) = besides[day.description] ?? (100, 100)
            return SourceDays.Day(day: day, readings: readings, mostReadings: most, quantity: 5_000)
        }
        return SourceDays(
            source: "counts", expectation: expectation, first: days.first?.day,
            lastRead: lastRead.flatMap { CivilDate($0) },
            days: days)
    }

    private func drawn(_ source: SourceDays, _ window: DateRange, asOf: String) throws -> String {
        try source.states(in: window, asOf: day(asOf)).map {
            switch $0 {
            case .delivered: "#"
            case .less: "+"
            case .missing: "-"
            case .idle: "."
            case .ahead: "?"
            }
        }.joined()
    }

    private let january = String(repeating: "#", count: 31)

    @Test("Every window says the same of a day, wherever it begins")
    func windows() throws {
        // Two Mondays make the third one usual, and each that is missed the next: for as long as other days come.
        let weeks = ["....#..", "....#.."] + Array(repeating: "..#....", count: 20)
        let source = try source(weeks.joined())
        let (start, end) = (try day("2026-01-01"), try day("2026-06-01"))
        let all = try drawn(source, window("2026-01-01", "2026-06-01"), asOf: "2026-06-01")
        #expect(all.contains("-"))
        for offset in 1..<151 {
            let from = try #require(start.adding(days: offset))
            let part = try drawn(source, window(from.description, end.description), asOf: "2026-06-01")
            #expect(part == all.dropFirst(offset), "from day \(offset)")
        }
    }

    @Test("Of a source that came every day the days that did not come are missing, and are one gap")
    func everyDay() throws {
        // February            123456789
        let source = try source(january + "##..#####")
        let february = try window("2026-02-01", "2026-02-10")
        #expect(try drawn(source, february, asOf: "2026-02-10") == "##--#####")
        #expect(
            try source.gaps(in: february, asOf: day("2026-02-10"))
                == [Gap(.missing, source: "counts", days: window("2026-02-03", "2026-02-05"))])
        #expect(
            try source.days(of: .missingDay, in: february, asOf: day("2026-02-10")) == [
                day("2026-02-03"), day("2026-02-04"),
            ])
    }

    @Test("A source of workdays is not missed at the weekend")
    func workdays() throws {
        // 2026-01-01 is a Thursday: two workdays, and then five of each seven.
        let source = try source("##..#####..#####..#####..#####.." + ".####..")
        // 2026-02-01 is a Sunday, 02-02 the Monday that is missing.
        let week = try window("2026-02-01", "2026-02-09")
        #expect(try drawn(source, week, asOf: "2026-02-09") == ".-####..")
    }

    @Test("What was missed is usual for the days after it: a source that stops is missed for 62 days and then given up")
    func stopped() throws {
        let source = try source(january)
        let months = try window("2026-02-01", "2026-05-01")
        // 62 days after January 31 is April 3: 28 of February, 31 of March, 3 of April.
        let missing = try source.days(of: .missingDay, in: months, asOf: day("2026-05-01"))
        #expect(missing.count == 62)
        #expect(try missing.last == day("2026-04-03"))
        // Who is said to deliver every day is not given up: 28 + 31 + 30.
        let daily = try self.source(january, Billing.Expectation(every: .day))
        #expect(try daily.days(of: .missingDay, in: months, asOf: day("2026-05-01")).count == 89)
    }

    @Test("A window in the midst of a gap finds the same days missing as one that holds the whole gap")
    func midst() throws {
        let source = try source(january)
        #expect(
            try source.days(of: .missingDay, in: window("2026-03-30", "2026-04-10"), asOf: day("2026-04-10")).last
                == day("2026-04-03"))
        #expect(
            try source.days(of: .missingDay, in: window("2026-03-30", "2026-04-10"), asOf: day("2026-04-10")).count == 5
        )
    }

    @Test("A day may be late by what the source was given, and one that has not come is not missing today")
    func late() throws {
        let source = try source(january + "#######", Billing.Expectation(lateDays: 1))
        let days = try window("2026-02-06", "2026-02-12")
        // Until the 7th all came; on the 10th the 8th should be there, and the 9th may still come.
        #expect(try drawn(source, days, asOf: "2026-02-10") == "##-???")
        #expect(try drawn(self.source(january + "#######"), days, asOf: "2026-02-10") == "##--??")
    }

    @Test(
        "With one week behind it nothing is usual; said to be daily it is missed from its first day, or the one named")
    func short() throws {
        let strip = "###.###"
        let week = try window("2026-01-01", "2026-01-08")
        #expect(try drawn(source(strip), week, asOf: "2026-01-08") == "###.###")
        #expect(try drawn(source(strip, Billing.Expectation(every: .day)), week, asOf: "2026-01-08") == "###-###")
        #expect(
            try drawn(
                source(".##.###", Billing.Expectation(every: .day, from: day("2026-01-01"))), week, asOf: "2026-01-08")
                == "-##-###")
        #expect(
            try drawn(
                source(strip, Billing.Expectation(every: .day, from: day("2026-01-05"))), week, asOf: "2026-01-08")
                == "###.###")
    }

    @Test("A day with less than half of the usual readings has shrunk; half is enough")
    func less() throws {
        let source = try source(
            january + "###", besides: ["2026-02-01": (49, 49), "2026-02-02": (50, 50), "2026-02-03": (40, 100)])
        let days = try window("2026-02-01", "2026-02-04")
        #expect(try drawn(source, days, asOf: "2026-02-04") == "+#+")
        let gaps = try source.gaps(in: days, asOf: day("2026-02-04"))
        #expect(
            try gaps == [
                Gap(
                    .less, source: "counts", days: window("2026-02-01", "2026-02-02"),
                    figures: Gap.Figures(unit: .readings, found: 49, usual: 100)),
                Gap(
                    .less, source: "counts", days: window("2026-02-03", "2026-02-04"),
                    figures: Gap.Figures(unit: .readings, found: 40, usual: 100)),
            ])
    }

    @Test("A source that was not read for longer than it may is told of, unless nobody looks or it is given up")
    func unread() throws {
        let none = try window("2026-01-02", "2026-01-03")
        func kinds(_ asOf: String, _ onGap: Billing.Expectation.OnGap = .flag) throws -> [Gap.Kind] {
            try source("##", Billing.Expectation(onGap: .init(onGap)), lastRead: "2026-01-02").gaps(
                in: none, asOf: day(asOf)
            )
            .map(
                \.kind)
        }
        #expect(try kinds("2026-01-05") == [])
        #expect(try kinds("2026-01-06") == [.unread])
        #expect(try kinds("2026-01-06", .ignore) == [])
        #expect(try kinds("2026-03-05") == [.unread])
        #expect(try kinds("2026-03-06") == [])
        func givenUp(_ every: Billing.Expectation.Rhythm, _ asOf: String) throws -> Int? {
            try GapReport.Source(
                name: "s", expectation: Billing.Expectation(every: every), lastRead: day("2026-01-02"), states: []
            ).givenUp(asOf: day(asOf))
        }
        #expect(try givenUp(.usual, "2026-03-05") == nil)
        #expect(try givenUp(.usual, "2026-03-06") == 63)
        #expect(try givenUp(.day, "2026-03-06") == nil)
    }

    @Test(
        "Before a missing day the last one that was delivered is the same all through a gap",
        arguments: [
            ("2026-01-01", nil), ("2026-01-02", "2026-01-01"), ("2026-01-03", "2026-01-02"),
            ("2026-01-06", "2026-01-02"),
            ("2026-01-07", "2026-01-06"), ("2027-01-01", "2026-01-06"),
        ] as [(String, String?)])
    func lastDelivered(before asked: String, last: String?) throws {
        #expect(try source("##...#..").lastDelivered(before: day(asked))?.description == last)
    }
}
