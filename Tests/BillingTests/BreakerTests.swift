import Billing
import Testing

/// Which invoices look wrong: the bounds themselves still pass.
@Suite("Invoices that look wrong")
struct BreakerTests {
    private static let orders = Meter(
        key: "orders", name: "Orders", aggregate: .sum, unit: UnitName(one: "order", other: "orders"))

    private static func evidence(
        counted: Int64 = 0, before: [Int64] = [], total: Int64 = 0, pulls: [Breaker.LastPull] = [],
        staleSince: String? = nil, meter: Meter = orders
    ) throws -> Breaker.Evidence {
        let (start, end) = (try #require(CivilDate("2026-02-01")), try #require(CivilDate("2026-03-01")))
        return Breaker.Evidence(
            period: try #require(DateRange(start: start, end: end)),
            total: total, currency: try #require(Currency(code: "USD")),
            uses: [Breaker.Use(meter: meter, counted: counted, before: before)], pulls: pulls,
            staleSince: try staleSince.map { try #require(CivilDate($0)) })
    }

    private static func decimal(_ text: String) throws -> ExactDecimal { try ExactDecimal(parsing: text) }

    @Test(
        "Use is held beyond so many times the median of the periods before, and not at it",
        arguments: [
            // Three periods, median 20: five times that is 100.
            (100, [10, 20, 30], "5", 0, nil), (101, [10, 20, 30], "5", 0, "20"),
            // Four periods: the median lies between 20 and 25; five times 22.5 is 112.5.
            (112, [10, 20, 25, 90], "5", 0, nil), (113, [90, 25, 10, 20], "5", 0, "22.5"),
            // Two periods are too few, and of no use there is no multiple.
            (1_000, [1, 1], "5", 0, nil), (1_000, [0, 0, 9], "5", 0, nil),
            // Up to a least quantity nothing is a jump.
            (50, [1, 1, 1], "5", 50, nil), (51, [1, 1, 1], "5", 50, "1"), (4, [1, 2, 3], "1.5", 0, "2"),
            (3, [1, 2, 3], "1.5", 0, nil),
            (Int64.max, [1, 1, 1], "1000", 0, "1"), (Int64.max, [.max, .max, .max], "1.000000000001", 0, nil),
        ] as [(Int64, [Int64], String, Int64, String?)])
    func jump(counted: Int64, before: [Int64], jump: String, least: Int64, median: String?) throws {
        let breaker = Breaker(jump: try Self.decimal(jump), least: least)
        let trips = breaker.trips(on: try Self.evidence(counted: counted, before: before))
        #expect(trips.map(\.bound.plain) == (median.map { [$0] } ?? []))
        #expect(trips.allSatisfy { $0.reason == .usageJump && $0.figure == counted && $0.subject == "orders" })
    }

    @Test("A jump is said in the meter's unit, with its decimal places")
    func words() throws {
        var hours = Self.orders
        (hours.unit, hours.places) = (UnitName(one: "hour", other: "hours"), 1)
        let breaker = Breaker(jump: try Self.decimal("2"), least: 3)
        // 3.0 hours are the least; 31 tenths are more.
        #expect(try breaker.trips(on: Self.evidence(counted: 30, before: [5, 5, 6, 8], meter: hours)).isEmpty)
        #expect(
            try breaker.trips(on: Self.evidence(counted: 31, before: [5, 5, 6, 8], meter: hours)).map(\.detail)
                == ["3.1 hours, more than 2 times the median of the 4 periods before, 0.55"])
    }

    @Test(
        "No use is held where each of three periods or more had some",
        arguments: [
            (0, [1, 2, 3], true), (0, [1, 2], false), (0, [1, 0, 3], false), (1, [1, 2, 3], false),
        ] as [(Int64, [Int64], Bool)])
    func silence(counted: Int64, before: [Int64], isHeld: Bool) throws {
        let trips = Breaker(silence: true).trips(on: try Self.evidence(counted: counted, before: before))
        #expect(trips.map(\.reason) == (isHeld ? [.noUsage] : []))
        #expect(!isHeld || trips[0].detail == "no orders, and at least 1 order in each of the 3 periods before")
    }

    @Test(
        "A source that was not read since the period ended is missing, until it is taken for given up",
        arguments: [
            ("2026-03-01", false), ("2026-02-28", true), ("2025-12-29", true), ("2025-12-28", false),
        ])
    func missing(day: String, isHeld: Bool) throws {
        let pull = Breaker.LastPull(source: "shop", day: try #require(CivilDate(day)))
        let trips = Breaker(missingPull: true).trips(on: try Self.evidence(pulls: [pull]))
        #expect(trips.map(\.reason) == (isHeld ? [.missingPull] : []))
        #expect(trips.allSatisfy { $0.subject == "shop" })
    }

    @Test("What has been counted and then stops coming is stale, which is something else than no use")
    func stale() throws {
        let breaker = Breaker(silence: true, staleDays: 7)
        let trips = breaker.trips(on: try Self.evidence(counted: 5, before: [5, 5, 5], staleSince: "2026-02-18"))
        #expect(trips.map(\.reason) == [.staleUsage])
        // From 02-19 to 02-28 nothing came: ten days.
        #expect(trips[0].figure == 10 && trips[0].bound.plain == "7")
    }

    @Test("An invoice is held above the cap and not at it, whatever it is for")
    func cap() throws {
        let breaker = Breaker(jump: try Self.decimal("2"), silence: true, staleDays: 3, missingPull: true, most: 100_00)
        var evidence = try Self.evidence(counted: 9, before: [1, 1, 1], total: 100_01, staleSince: "2026-02-02")
        evidence.period = .empty(at: evidence.period.end)
        #expect(breaker.trips(on: evidence).map(\.detail) == ["the total is 100.01 USD, above 100.00"])
        evidence.total = 100_00
        #expect(breaker.trips(on: evidence).isEmpty)
    }

    @Test("All reasons are given, in their order")
    func order() throws {
        let breaker = Breaker(jump: try Self.decimal("2"), silence: true, staleDays: 3, missingPull: true, most: 0)
        let pull = Breaker.LastPull(source: "shop", day: try #require(CivilDate("2026-02-20")))
        let trips = breaker.trips(
            on: try Self.evidence(
                counted: 9, before: [1, 1, 1], total: 1, pulls: [pull], staleSince: "2026-02-02"))
        #expect(trips.map(\.reason) == [.missingPull, .staleUsage, .usageJump, .aboveCap])
    }
}
