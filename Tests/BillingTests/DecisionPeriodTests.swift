import Billing
import TestSupport
import Testing

/// Rules whose window counts billing periods.
///
///     anchor on the 20th, decided from the 1st on
///     boundaries   11-20 ──── 12-20 ──── 01-20 ──── 02-20 ──── 03-20
///     March               └────── counted ──────────┘ ↑ 03-01
@Suite("Decisions by billing periods")
struct DecisionPeriodTests {
    private func rule(
        _ window: DecisionRule.Window = .periods(3), _ aggregate: DecisionRule.Aggregate = .mean,
        every: Cadence = .month,
        equal: DecisionRule.Equal = .stays, history: Int? = nil, day: Int = 1
    ) throws -> (catalog: RatingCatalog, rule: RatingDecision) {
        let rule = DecisionRule(
            key: "average", name: "Orders", meters: ["orders"], window: window, aggregate: aggregate,
            ladder: [
                DecisionRule.Step(plan: "small", threshold: 1_000), DecisionRule.Step(plan: "large", threshold: nil),
            ], equal: equal, history: history, day: day)
        let catalog = Catalog(
            name: "test", currency: try currency("USD"), rounding: .halfAwayFromZero,
            meters: [Meter(key: "orders", name: "Orders", aggregate: .sum, unit: UnitName(one: "one", other: "many"))],
            plans: ["small", "large"].map {
                Plan(key: $0, name: $0, invoiceEvery: every, versions: [version(from: "2015-01-01", [])])
            }, decisions: [rule])
        let ready = try #require(
            RatingCatalog(
                id: 1, catalog: catalog,
                identifiers: RatingCatalog.Identifiers(
                    plans: ["small": 1, "large": 2], meters: ["orders": 1], prices: [])))
        return (ready, try #require(ready.decisions.first))
    }

    private func subscription(_ anchor: String, starts: String? = nil, signedUp: String? = nil) -> Subscription {
        Subscription(
            plan: 1, anchor: day(anchor), starts: day(starts ?? anchor), signedUp: day(signedUp ?? starts ?? anchor),
            paysEvery: .month, ends: nil)
    }

    /// What is decided, as `start of the window [counted] reason`.
    private func decide(
        _ made: (catalog: RatingCatalog, rule: RatingDecision), _ subscription: Subscription, on date: String,
        since: String = "2020-01-01", _ totals: [(String, Int64)] = []
    ) throws -> String {
        let decision = try #require(
            try made.catalog.decide(
                made.rule, for: subscription, on: day(date), totals: totals.map { (day($0.0), $0.1) },
                countedSince: day(since), lastChange: nil, isPending: false))
        return "\(decision.windowStarts) \(decision.counted) \(decision.decision.reason)"
    }

    @Test("Three periods from the 20th to the 20th are sums of slices, which the first of a month cuts as well")
    func slices() throws {
        let totals: [(String, Int64)] = [
            ("2025-11-01", 7), ("2025-11-20", 1), ("2025-12-01", 10), ("2025-12-20", 100), ("2026-01-01", 1_000),
            ("2026-01-20", 700), ("2026-02-01", 200), ("2026-02-20", 5_000), ("2026-03-01", 50_000),
        ]
        let monthly = subscription("2025-01-20")
        #expect(
            try decide(rule(), monthly, on: "2026-03-01", totals) == "2025-11-20 [11, 1100, 900] holds")
        #expect(
            try decide(rule(.months(3)), monthly, on: "2026-03-01", totals)
                == "2025-12-01 [110, 1700, 5200] aboveThreshold")
    }

    @Test(
        "The last period ended on the day of the decision or before it, also where the night comes later",
        arguments: [
            (1, "2026-03-01", "2025-11-20"), (1, "2026-03-19", "2025-11-20"), (1, "2026-03-31", "2025-11-20"),
            (19, "2026-03-31", "2025-11-20"), (20, "2026-03-20", "2025-12-20"), (20, "2026-03-31", "2025-12-20"),
        ])
    func due(ruleDay: Int, night: String, starts: String) throws {
        let made = try rule(day: ruleDay)
        #expect(try decide(made, subscription("2025-01-20"), on: night) == "\(starts) [0, 0, 0] holds")
    }

    @Test("Periods of who is billed on the 31st end where their month does")
    func thirtyFirst() throws {
        let last = subscription("2025-01-31")
        let totals: [(String, Int64)] = [
            ("2025-11-29", 9), ("2025-11-30", 1), ("2025-12-30", 2), ("2025-12-31", 4), ("2026-01-31", 8),
            ("2026-02-27", 16), ("2026-02-28", 32),
        ]
        #expect(try decide(rule(), last, on: "2026-03-01", totals) == "2025-11-30 [3, 4, 24] holds")
        #expect(try decide(rule(), last, on: "2026-04-01", totals) == "2025-12-31 [4, 24, 32] holds")
        #expect(try decide(rule(day: 27), last, on: "2026-02-28", totals) == "2025-10-31 [9, 3, 4] holds")
    }

    @Test("Periods of ten days, five of which lie before the decision")
    func days() throws {
        let made = try rule(.periods(5), every: .days(10))
        let totals: [(String, Int64)] = [("2026-01-01", 9), ("2026-01-11", 1), ("2026-02-01", 2), ("2026-02-20", 4)]
        // 01-01, 01-11, 01-21, 01-31, 02-10, 02-20, 03-02: the fifth before March 1st began on January 1st.
        #expect(
            try decide(made, subscription("2026-01-01"), on: "2026-03-01", totals) == "2026-01-01 [9, 1, 0, 2, 0] holds"
        )
    }

    @Test("A mean that equals the threshold stays, and one more in three periods goes up")
    func equality() throws {
        let monthly = subscription("2025-01-20")
        func totals(_ last: Int64) -> [(String, Int64)] {
            [("2025-11-20", 900), ("2025-12-20", 1_000), ("2026-01-20", 100), ("2026-02-01", last)]
        }
        #expect(
            try decide(rule(), monthly, on: "2026-03-01", totals(1_000)) == "2025-11-20 [900, 1000, 1100] holds")
        #expect(
            try decide(rule(), monthly, on: "2026-03-01", totals(1_001))
                == "2025-11-20 [900, 1000, 1101] aboveThreshold")
        #expect(
            try decide(rule(equal: .moves), monthly, on: "2026-03-01", totals(1_000))
                == "2025-11-20 [900, 1000, 1100] aboveThreshold")
    }

    @Test("each_month means each period, and max the largest of them")
    func aggregates() throws {
        // By calendar months each would have more than 1,000.
        let totals: [(String, Int64)] = [
            ("2025-11-20", 1_001), ("2025-12-20", 999), ("2026-01-01", 1), ("2026-01-20", 1_001), ("2026-02-01", 200),
        ]
        let monthly = subscription("2025-01-20")
        let window = "2025-11-20 [1001, 1000, 1201]"
        #expect(try decide(rule(.periods(3), .eachMonth), monthly, on: "2026-03-01", totals) == "\(window) holds")
        #expect(try decide(rule(.periods(3), .max), monthly, on: "2026-03-01", totals) == "\(window) aboveThreshold")
        let more = totals + [("2026-01-19", 1)]
        #expect(
            try decide(rule(.periods(3), .eachMonth), monthly, on: "2026-03-01", more)
                == "2025-11-20 [1001, 1001, 1201] aboveThreshold")
    }

    @Test(
        "History is whole periods: a short first one is none, nor what began before the sign-up, the account or the count",
        arguments: [
            // starts, signed up, counted since, decided on: periods, of three that are needed
            ("2026-01-20", "2026-01-20", "2020-01-01", "2026-04-01", 2),
            ("2026-01-20", "2026-01-20", "2020-01-01", "2026-05-01", 3),
            ("2026-01-05", "2026-01-05", "2020-01-01", "2026-04-01", 2),
            ("2026-01-05", "2026-01-05", "2020-01-01", "2026-05-01", 3),
            ("2026-01-21", "2026-01-21", "2020-01-01", "2026-05-01", 2),
            // Fifteen days free, whose use is billed by nobody: the first period is as short as it is billed.
            ("2026-01-05", "2025-12-20", "2020-01-01", "2026-04-01", 2),
            ("2025-06-20", "2025-06-20", "2026-01-20", "2026-05-01", 3),
            ("2025-06-20", "2025-06-20", "2026-01-21", "2026-05-01", 2),
            ("2025-06-20", "2025-06-20", "2026-01-01", "2026-05-01", 3),
            ("2025-06-20", "2025-06-20", "2026-05-01", "2026-05-01", 0),
            ("2026-04-25", "2026-04-25", "2020-01-01", "2026-04-30", 0),
        ])
    func history(starts: String, signedUp: String, since: String, night: String, periods: Int) throws {
        let short = subscription("2025-01-20", starts: starts, signedUp: signedUp)
        let text = try decide(rule(), short, on: night, since: since)
        let counted = Array(repeating: 0, count: periods)
        #expect(text.hasSuffix("\(counted) \(periods == 3 ? "holds" : "shortHistory")"), "\(text)")
        let one = try decide(rule(history: 1), short, on: night, since: since)
        #expect(one.hasSuffix("\(counted) \(periods > 0 ? "holds" : "shortHistory")"), "\(one)")
    }

    /// Where the window ends, of a decision in each of 40 months.
    private func ends(_ made: RatingDecision, anchor: CivilDate) throws -> [CivilDate] {
        try (0..<40).map { month in
            let night = try #require(day("2023-11-30").startOfMonth.adding(months: month))
            return try #require(try made.spans(before: night, anchor: anchor).last).end
        }
    }

    @Test("No two months decide by the same window, whatever the anchor, the cadence and the day")
    func ownWindows() throws {
        for every in [Cadence.month] + [1, 2, 7, 10, 14, 27, 28].map({ .days($0) }) {
            #expect(DecisionRule.endsEveryMonth(every))
            for ruleDay in [1, 14, DecisionRule.latestDayOfPeriods] {
                let made = try rule(.periods(2), every: every, day: ruleDay).rule
                for offset in 0..<31 {
                    let anchor = try #require(day("2024-01-01").adding(days: offset))
                    let ends = try ends(made, anchor: anchor)
                    #expect(zip(ends, ends.dropFirst()).allSatisfy(<), "\(anchor) every \(every) on day \(ruleDay)")
                    let reach = try #require(made.reach(before: day("2026-03-31")))
                    let window = try made.spans(before: day("2026-03-31"), anchor: anchor)
                    #expect(reach.start <= window[0].start && window[1].end <= reach.end, "\(anchor) every \(every)")
                }
            }
        }
        #expect(!DecisionRule.endsEveryMonth(.days(29)) && !DecisionRule.endsEveryMonth(.quarter))
        // What the limits are for: longer periods, and the 28th, would decide by one period twice.
        for (every, ruleDay, anchor) in [(Cadence.days(29), 1, "2026-02-01"), (.month, 28, "2024-01-31")] {
            let ends = try ends(rule(.periods(2), every: every, day: ruleDay).rule, anchor: day(anchor))
            #expect(!zip(ends, ends.dropFirst()).allSatisfy(<), "every \(every) on day \(ruleDay)")
        }
    }

    @Test("Calendar months are the periods from first to first")
    func months() throws {
        var random = SeededGenerator()
        for _ in 0..<10_000 {
            let from = try #require(day("2022-01-01").adding(days: Int.random(in: 0...900, using: &random)))
            let to = try #require(day("2022-01-01").adding(days: Int.random(in: 0...900, using: &random)))
            let periods = try BillingCalendar.calendarMonths.completePeriods(from: from, before: to)
            #expect(periods == from.completeMonths(before: to), "\(from) \(to)")
        }
        let march = try rule(.months(3)).rule
        #expect(march.reach(before: day("2022-03-24")) == (try range("2021-12-01", "2022-03-01")))
        #expect(
            try march.spans(before: day("2022-03-24"), anchor: day("2021-01-20")).map(\.description)
                == ["2021-12-01/2022-01-01", "2022-01-01/2022-02-01", "2022-02-01/2022-03-01"])
        #expect("\(march.rule)" == "mean of orders in 3 months: small to 1,000, large beyond")
        #expect(
            try "\(rule(history: 1).rule.rule)"
                == "mean of orders in 3 periods: small to 1,000, large beyond; history of 1 periods")
    }

    @Test("Boundaries beyond the years of the calendar are an error, and no crash")
    func edges() throws {
        let made = try rule()
        #expect(throws: BillingError.self) {
            try made.rule.spans(before: day("0001-01-05"), anchor: day("2025-01-20"))
        }
        #expect(made.rule.reach(before: day("0001-02-05")) == nil)
        #expect(throws: BillingError.quantityOverflow(meter: "orders")) {
            try decide(
                made, subscription("2025-01-20"), on: "2026-03-01", [("2026-01-20", .max), ("2026-02-01", 1)])
        }
    }
}
