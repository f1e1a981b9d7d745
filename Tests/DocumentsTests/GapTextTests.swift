import Billing
import Testing

import Documents

/// What is to be pulled again for what sources lack.
@Suite("Commands for gaps")
struct GapTextTests {
    /// Sources from 2026-01-05 on, a Monday, each by its strip: `#` delivered, `+` less, `-` missing, `.` nobody expects it.
    private func commands(_ strips: (name: String, strip: String)..., unread: [String] = []) throws -> [String] {
        let start = try Fixture.day("2026-01-05")
        var gaps: [Gap] = []
        var sources: [GapReport.Source] = []
        for (name, strip) in strips {
            let states = strip.map { character -> SourceDays.State in
                switch character {
                case "#": .delivered
                case "+": .less
                case "-": .missing
                default: .idle
                }
            }
            for (offset, state) in states.enumerated() where state == .missing || state == .less {
                let day = try #require(start.adding(days: offset))
                let next = try #require(start.adding(days: offset + 1))
                let range = try #require(DateRange(start: day, end: next))
                gaps.append(Gap(state == .missing ? .missing : .less, source: name, days: range))
            }
            if unread.contains(name) {
                gaps.append(Gap(.unread, source: name, days: try #require(DateRange(start: start, end: .latest))))
            }
            sources.append(.init(name: name, expectation: Expectation(), lastRead: nil, states: states))
        }
        let end = try #require(start.adding(days: 14))
        let window = try #require(DateRange(start: start, end: end))
        let text = GapText.render(
            GapReport(window: window, asOf: window.end, sources: sources, gaps: gaps), limit: 10)
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("  meterbook") }
            .map { String($0.dropFirst(2)) }
    }

    @Test("Days that follow each other are one command, also over days that nobody expects")
    func runs() throws {
        #expect(
            try commands(("a", "#--+##########")) == ["meterbook pull --source a --from 2026-01-06 --to 2026-01-09"])
        // From Friday to Monday; and Thursday apart.
        #expect(
            try commands(("a", "####-..-##-###")) == [
                "meterbook pull --source a --from 2026-01-09 --to 2026-01-13",
                "meterbook pull --source a --from 2026-01-15 --to 2026-01-16",
            ])
    }

    @Test("What all sources lack is one command for all, and what one lacks is its own")
    func shared() throws {
        #expect(
            try commands(("a", "##--###-######"), ("b", "##--##########"), unread: ["b"]) == [
                "meterbook pull --from 2026-01-07 --to 2026-01-09",
                "meterbook pull --source a --from 2026-01-12 --to 2026-01-13", "meterbook pull --source b",
            ])
        #expect(
            try commands(("a", "##--##########"), ("b", "##--##########"), ("c", "##############")) == [
                "meterbook pull --source a --from 2026-01-07 --to 2026-01-09",
                "meterbook pull --source b --from 2026-01-07 --to 2026-01-09",
            ])
    }
}
