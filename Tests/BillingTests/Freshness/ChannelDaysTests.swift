import Billing
import Testing

/// Channels beside their source, drawn as strips: `#` is a day that came.
@Suite("Days of channels")
struct ChannelDaysTests {
    private func gaps(_ channel: String, source: String, stale: Int = 3) throws -> [String] {
        let start = try #require(CivilDate("2026-01-01"))
        let end = try #require(start.adding(days: source.count))
        let days = ChannelDays(
            source: "counts", key: Gap.ChannelKey(account: "a", channel: "x", category: ""),
            present: channel.map { $0 == "#" })
        return try days.gaps(
            beside: source.map { $0 == "#" }, from: start, in: #require(DateRange(start: start, end: end)),
            staleDays: stale
        ).map { "\($0.kind.rawValue) \($0.days)" }
    }

    private func strip(_ count: Int) -> String { String(repeating: "#", count: count) }

    @Test("A channel that was there every day is missed on the day on which only its source was")
    func missed() throws {
        // 35 days end with February 4.
        #expect(
            try gaps(strip(35) + "." + strip(4), source: strip(40)) == ["channel_missing 2026-02-05/2026-02-06"])
        #expect(try gaps(strip(35) + "." + strip(4), source: strip(35) + "." + strip(4)).isEmpty)
    }

    @Test("Missing up to the last day of the source, it is stale from three days on")
    func stale() throws {
        #expect(try gaps(strip(36) + "..", source: strip(38)) == ["channel_missing 2026-02-06/2026-02-08"])
        #expect(try gaps(strip(36) + "...", source: strip(39)) == ["channel_stale 2026-02-06/2026-02-09"])
        #expect(try gaps(strip(36) + "...#", source: strip(40)) == ["channel_missing 2026-02-06/2026-02-09"])
        // What was missed counts as there, so it stays missed for as long as the source goes on: 40 days.
        #expect(
            try gaps(strip(36) + String(repeating: ".", count: 40), source: strip(76))
                == ["channel_stale 2026-02-06/2026-03-18"])
    }

    @Test("Nine of ten days are nearly every day, and fewer are not; fourteen days of the source are enough to tell")
    func nearly() throws {
        // 13 of 14 are 92.8 percent, 12 of 14 are 85.7.
        #expect(try gaps("#.############.", source: strip(15)) == ["channel_missing 2026-01-15/2026-01-16"])
        #expect(try gaps("#..###########.", source: strip(15)).isEmpty)
        #expect(try gaps(strip(13) + ".", source: strip(14)).isEmpty)
        #expect(try gaps(strip(14) + ".", source: strip(15)) == ["channel_missing 2026-01-15/2026-01-16"])
        let everySecond = String(repeating: "#.", count: 30)
        #expect(try gaps(everySecond, source: strip(60)).isEmpty)
    }

    @Test("Days on which the source was not there either do not divide a gap and do not count against the channel")
    func weekends() throws {
        let weeks = String(repeating: "#####..", count: 6)
        // The last Friday of six weeks and the Monday behind it: days 40 and 43 from January 1.
        let source = weeks + "#####"
        let channel = String(weeks.dropLast(3)) + "..." + ".####"
        #expect(try gaps(channel, source: source) == ["channel_missing 2026-02-09/2026-02-13"])
    }
}
