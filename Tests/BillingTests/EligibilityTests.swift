import Billing
import TestSupport
import Testing

@Suite("Who may choose a plan")
struct EligibilityTests {
    private static func meter(_ key: String, _ aggregate: Meter.Aggregate = .latest, places: Int = 0) -> Meter {
        Meter(
            key: key, name: key, aggregate: aggregate, unit: UnitName(one: "unit", other: "units"), places: places)
    }

    private static func condition(
        _ key: String, _ bound: EligibilityCondition.Bound, _ number: Int64, days: Int? = nil
    ) -> EligibilityCondition {
        EligibilityCondition(key: key, name: "The \(key)", meter: key, days: days, bound: bound, number: number)
    }

    /// The free plan of ChannelDock: fewer than 500 orders in the last 30 days, at most 1,000 products and 3 connections,
    /// no API key, no employee account.
    private static let free = [
        condition("orders", .below, 500, days: 30), condition("products", .most, 1_000),
        condition("connections", .most, 3), condition("api_keys", .most, 0), condition("employees", .most, 0),
    ]

    /// What the free plan's conditions make of figures, in their order.
    private static func judge(_ figures: [Int64?]) throws -> Eligibility {
        let asOf = day("2024-01-05")
        return Eligibility(
            findings: try zip(free, figures).map { condition, figure in
                Eligibility.Finding(
                    condition, meter: meter(condition.meter), window: try #require(condition.window(on: asOf)),
                    figure: figure)
            })
    }

    private static func refusals(_ figures: [Int64?]) throws -> [String] {
        try judge(figures).failing.map(\.condition.name)
    }

    @Test("499 orders may, 500 and 501 may not")
    func below() throws {
        #expect(try Self.judge([499, 1_000, 3, 0, 0]).isEligible)
        #expect(try Self.refusals([500, 1_000, 3, 0, 0]) == ["The orders"])
        #expect(try Self.refusals([501, 1_000, 3, 0, 0]) == ["The orders"])
        #expect(try !Self.judge([500, 0, 0, 0, 0]).isEligible)
    }

    @Test("At most 1,000 products and 3 connections: one more refuses, and so does the first API key or employee")
    func most() throws {
        #expect(try Self.refusals([0, 1_001, 3, 0, 0]) == ["The products"])
        #expect(try Self.refusals([0, 1_000, 4, 0, 0]) == ["The connections"])
        #expect(try Self.refusals([0, 1_000, 3, 1, 0]) == ["The api_keys"])
        #expect(try Self.refusals([0, 1_000, 3, 0, 1]) == ["The employees"])
    }

    @Test("Every condition is looked at, and each that fails is named with its figure, in order")
    func several() throws {
        let verdict = try Self.judge([620, 1_000, 3, 1, 2])
        #expect(verdict.findings.count == 5 && !verdict.isEligible)
        #expect(verdict.failing.map(\.condition.key) == ["orders", "api_keys", "employees"])
        #expect(verdict.failing.map(\.figure) == [620, 1, 2])
        #expect(verdict.failing.map(\.condition.number) == [500, 0, 0])
        #expect(try Self.refusals([500, 1_001, 4, 1, 1]).count == 5)
    }

    @Test("What is not known meets no condition; nothing counted is 0; without conditions anybody may")
    func unknown() throws {
        #expect(try Self.refusals([nil, 0, 0, 0, 0]) == ["The orders"])
        #expect(try Self.refusals([0, 0, 0, nil, 0]) == ["The api_keys"])
        #expect(try Self.refusals([0, 0, 0, 0, 0]).isEmpty)
        #expect(Eligibility(findings: []).isEligible)
    }

    @Test(
        "Below and above leave their number out, most and least take it in",
        arguments: [
            (EligibilityCondition.Bound.below, [true, false, false]), (.most, [true, true, false]),
            (.least, [false, true, true]), (.above, [false, false, true]),
        ])
    func bounds(bound: EligibilityCondition.Bound, holds: [Bool]) {
        let condition = Self.condition("disk", bound, 10)
        #expect([9, 10, 11].map { condition.holds(for: $0, places: 0) } == holds)
        // 9.99, 10.00 and 10.01.
        #expect([999, 1_000, 1_001].map { condition.holds(for: $0, places: 2) } == holds)
    }

    @Test("The largest number that a catalog may hold overflows nothing")
    func largest() {
        // A thousand million million with six places lies beyond 64 bits.
        let condition = Self.condition("disk", .below, 1_000_000_000_000_000)
        #expect(condition.holds(for: .max, places: 6))
        #expect(!Self.condition("disk", .least, 1_000_000_000_000_000).holds(for: .max, places: 6))
        #expect(!condition.holds(for: .max, places: 0))
    }

    @Test("Thirty days end before the day of the choice, and a level is what stands by its end")
    func windows() throws {
        let orders = Self.condition("orders", .below, 500, days: 30)
        #expect(orders.window(on: day("2024-03-01")) == (try range("2024-01-31", "2024-03-01")))
        #expect(
            Self.condition("products", .most, 1).window(on: day("2024-02-29"))
                == (try range("2024-02-29", "2024-03-01")))
        #expect(orders.window(on: .earliest) == nil)
        #expect(Self.condition("products", .most, 1).window(on: .latest) == nil)
    }

    @Test("The conditions are those of the version in force on the day, for this sign-up date and contract")
    func versions() throws {
        var versions = [
            version(from: "2020-01-01", []), version(from: "2024-01-01", []),
            version(from: "2024-01-01", before: "2021-01-01", []),
        ]
        versions[1] = version(from: "2024-01-01", signedUpFrom: "2021-01-01", [])
        for index in versions.indices { versions[index].eligible = [Self.condition("orders", .most, Int64(index))] }
        let rating = try catalog(versions)
        func number(_ signedUp: String, _ on: String) throws -> Int64? {
            // Of a plan that this catalog does not have: which one it is on does not matter.
            var other = subscription(anchor: signedUp)
            other.plan = 99
            return try rating.eligibility(ofPlan: "silver", for: other, on: day(on))?.conditions.first?.number
        }
        #expect(try number("2020-05-01", "2023-12-31") == 0)
        #expect(try number("2022-05-01", "2024-01-01") == 1)
        #expect(try number("2020-05-01", "2024-01-01") == 2)
        #expect(throws: BillingError.self) { try number("2019-01-01", "2019-12-31") }
        let unknown = try rating.eligibility(
            ofPlan: "gold", for: subscription(anchor: "2022-01-01"), on: day("2024-01-01"))
        #expect(unknown == nil)
    }
}
