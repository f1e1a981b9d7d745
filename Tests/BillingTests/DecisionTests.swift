import Billing
import TestSupport
import Testing

@Suite("Decisions on plans")
struct DecisionTests {
    private static let ladder = [
        DecisionRule.Step(plan: "small", threshold: 1_000), DecisionRule.Step(plan: "medium", threshold: 2_000),
        DecisionRule.Step(plan: "large", threshold: nil),
    ]

    private static func rule(
        _ aggregate: DecisionRule.Aggregate = .mean, ladder: [DecisionRule.Step] = ladder,
        equal: DecisionRule.Equal = .stays, up: Bool = true, down: Bool = true,
        levels: DecisionRule.Levels = .several, history: Int? = nil, coolDown: Int = 0
    ) -> DecisionRule {
        DecisionRule(
            key: "average", name: "Orders a month", meters: ["orders"], window: .months(3), aggregate: aggregate,
            ladder: ladder, equal: equal, goesUp: up, goesDown: down, levels: levels, history: history,
            coolDown: coolDown)
    }

    /// What a rule makes of months, as `outcome reason target`.
    private static func decide(
        _ rule: DecisionRule, _ plan: String, _ months: [Int64], history: Int = 12, sinceChange: Int? = nil
    ) throws -> String {
        let decision = try #require(
            try DecisionLadder(rule, places: 0).decide(
                plan: plan, counted: months, history: history, sinceChange: sinceChange))
        return "\(decision.outcome) \(decision.reason) \(decision.target ?? "-")"
    }

    @Test("A mean that equals the threshold stays, and one by a third of an order above it goes up")
    func equality() throws {
        #expect(try Self.decide(Self.rule(), "small", [900, 1_000, 1_100]) == "stays holds -")
        #expect(try Self.decide(Self.rule(), "small", [900, 1_000, 1_101]) == "up aboveThreshold medium")
        #expect(try Self.decide(Self.rule(equal: .moves), "small", [900, 1_000, 1_100]) == "up aboveThreshold medium")
        #expect(try Self.decide(Self.rule(equal: .moves), "small", [900, 1_000, 1_099]) == "stays holds -")
    }

    @Test("One loud month among quiet ones moves nobody on the mean, and whom it moves on the largest month")
    func aggregates() throws {
        let months: [Int64] = [100, 5_000, 100]
        #expect(try Self.decide(Self.rule(), "medium", months) == "stays holds -")
        #expect(try Self.decide(Self.rule(.max), "medium", months) == "up aboveThreshold large")
        // 100 is what every month has; 5,000 is what one of them has.
        #expect(try Self.decide(Self.rule(.eachMonth), "medium", months) == "stays holds -")
        #expect(try Self.decide(Self.rule(.eachMonth), "small", [1_001, 1_200, 1_001]) == "up aboveThreshold medium")
        #expect(try Self.decide(Self.rule(.eachMonth), "small", [1_001, 1_000, 9_000]) == "stays holds -")
        #expect(try Self.decide(Self.rule(.eachMonth), "large", [2_000, 1_001, 1_000]) == "down lowerPlanHolds medium")
        #expect(try Self.decide(Self.rule(.eachMonth), "large", [2_001, 1, 1]) == "stays holds -")
    }

    @Test("Several levels at once, or one at a time where the rule says so")
    func levels() throws {
        #expect(try Self.decide(Self.rule(), "small", [9_000, 9_000, 9_000]) == "up aboveThreshold large")
        #expect(try Self.decide(Self.rule(), "large", [0, 0, 0]) == "down lowerPlanHolds small")
        let one = Self.rule(levels: .one)
        #expect(try Self.decide(one, "small", [9_000, 9_000, 9_000]) == "up aboveThreshold medium")
        #expect(try Self.decide(one, "large", [0, 0, 0]) == "down lowerPlanHolds medium")
    }

    @Test("What stands in the way is named, with the plan that it would have been")
    func obstacles() throws {
        let loud: [Int64] = [9_000, 9_000, 9_000]
        #expect(try Self.decide(Self.rule(up: false), "small", loud) == "stays upSwitchedOff large")
        #expect(try Self.decide(Self.rule(down: false), "large", [0, 0, 0]) == "stays downSwitchedOff small")
        #expect(try Self.decide(Self.rule(), "small", loud, history: 2) == "stays shortHistory -")
        #expect(try Self.decide(Self.rule(history: 1), "small", [9_000], history: 1) == "up aboveThreshold large")
        #expect(try Self.decide(Self.rule(coolDown: 3), "small", loud, sinceChange: 2) == "stays coolDown large")
        #expect(try Self.decide(Self.rule(coolDown: 3), "small", loud, sinceChange: 3) == "up aboveThreshold large")
        let closed = Self.rule(ladder: Array(Self.ladder.prefix(2)))
        #expect(try Self.decide(closed, "medium", loud) == "stays highestPlan -")
        #expect(try Self.decide(closed, "small", loud) == "up aboveThreshold medium")
    }

    @Test("A plan outside the ladder has no decision, and a sum that passes 64 bits is an error")
    func edges() throws {
        let ladder = DecisionLadder(Self.rule(), places: 0)
        #expect(try ladder.decide(plan: "other", counted: [1, 2, 3], history: 12, sinceChange: nil) == nil)
        #expect(throws: BillingError.quantityOverflow(meter: "orders")) {
            try ladder.decide(plan: "small", counted: [.max, 1, 0], history: 12, sinceChange: nil)
        }
        // With two places 1,000 units are 100,000 parts.
        let parts = DecisionLadder(Self.rule(), places: 2)
        let held = try parts.decide(plan: "small", counted: [100_000, 100_000, 100_000], history: 12, sinceChange: nil)
        #expect(held?.outcome == .stays)
        let over = try parts.decide(plan: "small", counted: [100_000, 100_000, 100_001], history: 12, sinceChange: nil)
        #expect(over?.outcome == .up)
    }

    @Test("On 10,000 ladders and histories a decision is what the differences to the thresholds say")
    func property() throws {
        var random = SeededGenerator()
        for _ in 0..<10_000 {
            var threshold: Int64 = 0
            var steps: [DecisionRule.Step] = []
            for number in 0..<Int.random(in: 2...5, using: &random) {
                threshold += Int64.random(in: 1...50, using: &random)
                steps.append(DecisionRule.Step(plan: "p\(number)", threshold: threshold))
            }
            if Bool.random(using: &random) { steps[steps.count - 1].threshold = nil }
            let isStrict = Bool.random(using: &random)
            let rule = DecisionRule(
                key: "r", name: "R", meters: ["m"], window: .months(4), aggregate: .mean, ladder: steps,
                equal: isStrict ? .moves : .stays)
            let months = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Int64.random(in: 0...250, using: &random)
            }
            let present = Int.random(in: 0..<steps.count, using: &random)
            let decision = try #require(
                try DecisionLadder(rule, places: 0).decide(
                    plan: steps[present].plan, counted: months, history: 4, sinceChange: nil))
            // A mean lies above a threshold when what the months exceed it by outweighs what they lack.
            let expected =
                steps.firstIndex { step in
                    guard let most = step.threshold else { return true }
                    let balance = months.reduce(0) { $0 + ($1 - most) }
                    return isStrict ? balance < 0 : balance <= 0
                } ?? steps.count - 1
            let outcome: Decision.Outcome = expected > present ? .up : expected < present ? .down : .stays
            #expect(decision.outcome == outcome, "\(rule) \(months) on \(present)")
            #expect(decision.target == (outcome == .stays ? nil : steps[expected].plan), "\(rule) \(months)")
        }
    }

    @Test(
        "Complete months lie between the first of the next month and the month of the decision",
        arguments: [
            ("2022-01-01", "2022-04-24", 3), ("2022-01-02", "2022-04-24", 2), ("2022-01-31", "2022-04-01", 2),
            ("2022-04-01", "2022-04-24", 0), ("2022-03-31", "2022-04-24", 0), ("2023-01-01", "2022-04-24", 0),
            ("2021-12-01", "2022-12-01", 12),
        ])
    func completeMonths(from: String, to: String, months: Int) throws {
        let (start, end) = (try #require(CivilDate(from)), try #require(CivilDate(to)))
        #expect(start.completeMonths(before: end) == months)
    }
}
