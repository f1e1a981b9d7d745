import Billing
import Testing

/// Who has reached which share of an allowance. The count reaches a share where count × 100 ≥ percent × threshold.
@Suite("Usage alerts")
struct UsageAlertTests {
    private static func terms(
        _ allowance: Int64, per: Cadence = .month, alerts: [Int32] = [80, 100], from: String = "2020-01-01",
        alreadyPaid: Bool = false
    ) throws -> PlanVersion {
        var price = usage(allowance, per: per, try rate("0.10"))
        price.model = .usage(
            UsagePrice(
                meter: "orders", allowance: allowance, per: per, rate: try rate("0.10"), alreadyPaid: alreadyPaid,
                alerts: alerts))
        return version(from: from, [price])
    }

    /// The alerts as `period start: percentages`, period by period.
    private static func alerts(
        _ catalog: RatingCatalog, anchor: String = "2026-01-01", ends: String? = nil, open: (String, String),
        asOf: String, _ totals: [(String, Int64)]
    ) throws -> [String] {
        let found = try catalog.alerts(
            of: subscription(anchor: anchor, ends: ends),
            open: OpenPeriod(number: 0, period: try range(open.0, open.1), countsFrom: day("2020-01-01")),
            asOf: day(asOf), totals: totals.map { SliceTotal(meter: 1, start: day($0.0), quantity: $0.1) })
        return found.map { "\($0.period.start): \($0.percent)% of \($0.threshold), counted \($0.counted)" }
    }

    @Test(
        "A share is reached at its exact count, several at once in ascending order",
        arguments: [
            (7_999, []), (8_000, [80]), (9_999, [80]), (10_000, [80, 100]), (11_000, [80, 100]),
            (Int64.max, [80, 100]),
        ] as [(Int64, [Int32])])
    func shares(count: Int64, percents: [Int32]) throws {
        let found = try Self.alerts(
            catalog([Self.terms(10_000)]), open: ("2026-05-01", "2026-06-01"), asOf: "2026-05-20",
            [("2026-05-01", count)])
        #expect(found == percents.map { "2026-05-01: \($0)% of 10000, counted \(count)" })
    }

    @Test("A third is not rounded: 33% of 10 are reached with 4, and not with 3")
    func exact() throws {
        func found(_ count: Int64) throws -> Int {
            try Self.alerts(
                catalog([Self.terms(10, alerts: [33])]), open: ("2026-05-01", "2026-06-01"), asOf: "2026-05-02",
                [("2026-05-01", count)]
            ).count
        }
        #expect(try found(3) == 0)
        #expect(try found(4) == 1)
    }

    @Test("A period that has ended counts while it is not closed; what lies further back does not")
    func ended() throws {
        let catalog = try catalog([Self.terms(100)])
        let totals: [(String, Int64)] = [("2026-03-01", 500), ("2026-04-01", 500), ("2026-05-01", 90)]
        #expect(
            try Self.alerts(catalog, open: ("2026-03-01", "2026-04-01"), asOf: "2026-05-01", totals) == [
                "2026-04-01: 80% of 100, counted 500", "2026-04-01: 100% of 100, counted 500",
                "2026-05-01: 80% of 100, counted 90",
            ])
        // April is closed.
        #expect(
            try Self.alerts(catalog, open: ("2026-05-01", "2026-06-01"), asOf: "2026-05-01", totals) == [
                "2026-05-01: 80% of 100, counted 90"
            ])
        // A run of the past, behind the close of that past.
        #expect(try Self.alerts(catalog, open: ("2026-05-01", "2026-06-01"), asOf: "2026-04-20", totals) == [])
    }

    @Test("A yearly allowance is counted over the year, whatever of it is closed")
    func year() throws {
        let catalog = try catalog([Self.terms(12_000, per: .year)])
        let totals = [("2026-01-01", Int64(5_000)), ("2026-02-01", 4_000), ("2026-03-01", 600)]
        #expect(
            try Self.alerts(catalog, open: ("2026-03-01", "2026-04-01"), asOf: "2026-03-10", totals) == [
                "2026-01-01: 80% of 12000, counted 9600"
            ])
        // On the first day of the next year the last one is over, and its last month not yet closed.
        #expect(
            try Self.alerts(catalog, open: ("2026-12-01", "2027-01-01"), asOf: "2027-01-01", totals) == [
                "2026-01-01: 80% of 12000, counted 9600"
            ])
        #expect(try Self.alerts(catalog, open: ("2027-01-01", "2027-02-01"), asOf: "2027-01-01", totals) == [])
    }

    @Test("What is paid already raises the threshold, and what begins after the day is not counted")
    func threshold() throws {
        let catalog = try catalog([
            Self.terms(60_000, per: .year, alerts: []),
            Self.terms(
                12_000, per: .year, from: "2026-02-01", alreadyPaid: true),
        ])
        // 20,000 by February: the threshold of the rest of the year. Its 100% are reached at once, by the rule.
        #expect(
            try Self.alerts(
                catalog, open: ("2026-02-01", "2026-03-01"), asOf: "2026-02-05",
                [("2026-01-01", 20_000), ("2026-02-06", 9)]) == [
                    "2026-01-01: 80% of 20000, counted 20000", "2026-01-01: 100% of 20000, counted 20000",
                ])
        // Before the change there were no alerts.
        #expect(
            try Self.alerts(
                catalog, open: ("2026-01-01", "2026-02-01"), asOf: "2026-01-31", [("2026-01-01", 59_000)]) == [])
    }

    @Test("Before the start and after the end there is nothing to tell")
    func bounds() throws {
        let catalog = try catalog([Self.terms(100)])
        let totals: [(String, Int64)] = [("2026-05-01", 90), ("2026-06-01", 90)]
        #expect(try Self.alerts(catalog, open: ("2026-01-01", "2026-02-01"), asOf: "2025-12-31", totals) == [])
        // The last period begins before the end, and is told while it is open.
        #expect(
            try Self.alerts(
                catalog, ends: "2026-05-15", open: ("2026-05-01", "2026-06-01"), asOf: "2026-06-01", totals) == [
                    "2026-05-01: 80% of 100, counted 90"
                ])
        // So is the year that the end cuts short.
        let year = try Self.terms(200, per: .year)
        #expect(
            try Self.alerts(
                Self.catalogOf(year), ends: "2026-05-15", open: ("2026-05-01", "2026-06-01"), asOf: "2026-06-01",
                [("2026-01-01", 80), ("2026-05-01", 90)]) == ["2026-01-01: 80% of 200, counted 170"])
    }

    private static func catalogOf(_ version: PlanVersion) throws -> RatingCatalog { try catalog([version]) }

    @Test("A period that is opened after the end, for what came late, tells nothing")
    func afterTheEnd() throws {
        let catalog = try catalog([Self.terms(100, per: .year)])
        let found = try Self.alerts(
            catalog, ends: "2026-05-15", open: ("2026-06-01", "2026-07-01"), asOf: "2027-02-01", [("2026-05-01", 90)])
        #expect(found == [])
    }

    @Test("An allowance period that begins after the end tells nothing while the last period is open")
    func behindTheEnd() throws {
        let found = try Self.alerts(
            catalog([Self.terms(100)]), ends: "2026-05-15", open: ("2026-05-01", "2026-06-01"), asOf: "2026-08-10",
            [("2026-05-01", 500), ("2026-07-01", 500)])
        #expect(found == [])
    }

    @Test("Who changes to another plan is counted from a day before which no allowance of any plan has begun")
    func countsFrom() throws {
        let yearly = try catalog([Self.terms(100, per: .year)])
        // 31 days of the month before, and twelve times as many.
        #expect(yearly.alertsCountFrom(asOf: day("2026-05-20")) == day("2026-05-20").adding(days: -403))
        #expect(yearly.alertsCountFrom(asOf: .earliest) == .earliest)
    }

    @Test("Which plans and meters have alerts is known without looking at a subscription")
    func plans() throws {
        let alerted = try catalog([Self.terms(100)])
        #expect(alerted.alertedPlans == [1] && alerted.alertedMeters == [1] && alerted.alertedWindowMeters == [])
        #expect(try catalog([Self.terms(100, alerts: [])]).alertedPlans == [])
    }
}

@Suite("When a delivery is tried again")
struct RetryScheduleTests {
    private static let second: Int64 = 1_000_000

    @Test("After a minute, four, sixteen … up to a day, give or take a quarter; never after the last attempt")
    func growing() throws {
        let schedule = RetrySchedule(attempts: 8)
        for (attempt, seconds) in [
            (1, Int64(60)), (2, 240), (3, 960), (4, 3_840), (5, 15_360), (6, 61_440), (7, 86_400),
        ] {
            let waits = try (0..<50).map { number in
                try #require(schedule.next(after: attempt, id: "notice-\(number)", now: 0)) / Self.second
            }
            #expect(waits.allSatisfy { ($0 >= seconds * 3 / 4) && ($0 <= seconds * 5 / 4) })
            // What failed together does not come again together.
            #expect(Set(waits).count > 10)
        }
        #expect(schedule.next(after: 8, id: "a", now: 0) == nil)
        #expect(RetrySchedule(attempts: 1).next(after: 1, id: "a", now: 0) == nil)
        // The same attempt waits the same time.
        #expect(schedule.next(after: 3, id: "a", now: 5) == schedule.next(after: 3, id: "a", now: 5))
    }

    @Test("A receiver may ask for more time, up to a day")
    func asked() throws {
        let schedule = RetrySchedule()
        #expect(schedule.next(after: 1, id: "a", atLeast: 7_200, now: 0) == 7_200 * Self.second)
        #expect(schedule.next(after: 1, id: "a", atLeast: .max, now: 0) == 86_400 * Self.second)
        let least = try #require(schedule.next(after: 1, id: "a", atLeast: .min, now: 0))
        #expect(least >= 45 * Self.second)
    }
}
