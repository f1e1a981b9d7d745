import Billing
import Store
import TestSupport
import Testing

/// Whom a source that failed feeds: who had a reading of it in so many days up to the last that it delivered.
@Suite("Looking out for whom a source feeds")
struct FeedLookoutTests {
    private static func day(_ number: Int) throws -> CivilDate {
        try #require(CivilDate(daysSince1970: Int32(20_000 + number)))
    }

    @Test("Of days that follow the same delivered one, all concern whom a reading before it names, and nobody else")
    func oneFailure() throws {
        let (first, second) = (try Self.day(101), try Self.day(102))
        let last = try Self.day(100)
        let lookout = FeedLookout([first, second], lastDelivered: [last, last], reach: 28)
        #expect(lookout.days == (try (73...100).map { try Self.day($0) }))
        #expect(Set(lookout.marks).count == 1)
        #expect(lookout.missing(seen: [lookout.marks[0]]) == [first, second])
        #expect(lookout.missing(seen: []).isEmpty)
    }

    @Test(
        "However failures overlap, a missing day concerns whoever was fed in the days before it, and each day is read once"
    )
    func manyFailures() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let reach = Int.random(in: 1...9, using: &random)
            let delivered = (0..<60).map { _ in Int.random(in: 0..<4, using: &random) > 0 }
            guard let begin = delivered.firstIndex(of: true) else { continue }
            let missing = delivered.indices.filter { $0 > begin && !delivered[$0] }
            func last(before day: Int) -> Int { delivered[..<day].lastIndex(of: true) ?? begin }
            let lookout = FeedLookout(
                try missing.map { try Self.day($0) }, lastDelivered: try missing.map { try Self.day(last(before: $0)) },
                reach: reach)
            #expect(lookout.days == lookout.days.sorted() && Set(lookout.days).count == lookout.days.count)

            let fed = Set((-9..<60).filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
            let seen = zip(lookout.days, lookout.marks).filter { fed.contains(Int($0.0.daysSince1970) - 20_000) }.map(
                \.1)
            let concerned = missing.filter { day in
                (0..<reach).contains { fed.contains(last(before: day) - $0) }
            }
            #expect(lookout.missing(seen: Array(Set(seen))) == (try concerned.map { try Self.day($0) }))
        }
    }
}
