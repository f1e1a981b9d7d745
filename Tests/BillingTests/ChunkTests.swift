import Billing
import TestSupport
import Testing

@Suite("Chunks of a range of days")
struct ChunkTests {
    private func range(_ start: String, _ end: String) throws -> DateRange {
        let (first, after) = (try #require(CivilDate(start)), try #require(CivilDate(end)))
        return try #require(DateRange(start: first, end: after))
    }

    @Test(
        "A chunk begins where the calendar has it begin, and the first and the last are cut by the range",
        arguments: [
            ("month", "2022-01-10", "2022-04-05", ["2022-01-10", "2022-02-01", "2022-03-01", "2022-04-01"]),
            ("month", "2022-01-01", "2022-02-01", ["2022-01-01"]),
            ("quarter", "2022-02-10", "2022-10-01", ["2022-02-10", "2022-04-01", "2022-07-01"]),
            ("half_year", "2022-02-10", "2022-08-01", ["2022-02-10", "2022-07-01"]),
            ("year", "2020-12-31", "2022-01-02", ["2020-12-31", "2021-01-01", "2022-01-01"]),
            // 2022-02-07 and 2022-02-14 are Mondays.
            ("week", "2022-02-04", "2022-02-15", ["2022-02-04", "2022-02-07", "2022-02-14"]),
            ("week", "1969-12-31", "1970-01-13", ["1969-12-31", "1970-01-05", "1970-01-12"]),
            ("day", "2022-02-27", "2022-03-02", ["2022-02-27", "2022-02-28", "2022-03-01"]),
            ("10 days", "2022-02-20", "2022-03-13", ["2022-02-20", "2022-03-02", "2022-03-12"]),
            // What does not divide a year counts from the first month of the range.
            ("5 months", "2021-11-15", "2022-12-01", ["2021-11-15", "2022-04-01", "2022-09-01"]),
            ("100 years", "1999-12-31", "2002-01-01", ["1999-12-31"]),
            ("100 years", "9990-01-01", "9999-12-31", ["9990-01-01"]),
        ])
    func boundaries(size: String, start: String, end: String, starts: [String]) throws {
        let range = try range(start, end)
        let cadence = try #require(Cadence(size))
        let chunks = try #require(range.chunks(of: cadence))
        #expect(chunks.map(\.start.description) == starts)
        #expect(chunks.map(\.end.description) == starts.dropFirst() + [end])
    }

    @Test("Every day lies in one chunk, whatever the range and the length")
    func everyDayOnce() throws {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let start = try #require(CivilDate(daysSince1970: Int32.random(in: -9_000...20_000, using: &random)))
            let days = Int.random(in: 1...1_500, using: &random)
            let end = try #require(start.adding(days: days))
            let range = try #require(DateRange(start: start, end: end))
            let size: Cadence =
                Bool.random(using: &random)
                ? .days(Int.random(in: 1...90, using: &random)) : .months(Int.random(in: 1...30, using: &random))
            let chunks = try #require(range.chunks(of: size))
            #expect(chunks.first?.start == range.start)
            #expect(chunks.last?.end == range.end)
            #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.end == $1.start }, "\(range) by \(size)")
            #expect(chunks.reduce(0) { $0 + $1.days } == days)
        }
    }

    @Test("A range of more than 4,000 chunks is none")
    func tooMany() throws {
        #expect(try range("2000-01-01", "2010-12-14").chunks(of: .day)?.count == 4_000)
        #expect(try range("2000-01-01", "2010-12-15").chunks(of: .day) == nil)
    }
}
