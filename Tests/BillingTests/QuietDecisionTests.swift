import Billing
import TestSupport
import Testing

/// The terms by which a store finds the decisions that change nothing, held against the rule itself.
@Suite("Quiet decisions")
struct QuietDecisionTests {
    private static func ready(_ rule: DecisionRule, places: Int = 0) throws -> RatingCatalog {
        let catalog = Catalog(
            name: "test", currency: try currency("USD"), rounding: .halfAwayFromZero,
            meters: rule.meters.map {
                Meter(
                    key: $0, name: $0, aggregate: .sum, unit: UnitName(one: "one", other: "many"),
                    places: places)
            },
            plans: rule.ladder.map {
                Plan(key: $0.plan, name: $0.plan, invoiceEvery: .month, versions: [version(from: "2015-01-01", [])])
            }, decisions: [rule])
        let identifiers = RatingCatalog.Identifiers(
            plans: Dictionary(uniqueKeysWithValues: rule.ladder.enumerated().map { ($1.plan, Int32($0) + 1) }),
            meters: Dictionary(uniqueKeysWithValues: rule.meters.enumerated().map { ($1, Int32($0) + 1) }), prices: [])
        return try #require(RatingCatalog(id: 1, catalog: catalog, identifiers: identifiers))
    }

    private static func rule(
        _ aggregate: DecisionRule.Aggregate, equal: DecisionRule.Equal = .stays, months: Int = 3, history: Int? = nil,
        window: DecisionRule.Window? = nil
    ) -> DecisionRule {
        DecisionRule(
            key: "average", name: "Orders", meters: ["orders"], window: window ?? .months(months), aggregate: aggregate,
            ladder: [
                DecisionRule.Step(plan: "small", threshold: 1_000), DecisionRule.Step(plan: "middle", threshold: 2_000),
                DecisionRule.Step(plan: "large", threshold: nil),
            ], equal: equal, history: history)
    }

    private static func terms(
        _ rule: DecisionRule, on date: String = "2026-03-24", since: String? = "2020-01-01", places: Int = 0
    ) throws -> QuietTerms? {
        let made = try #require(try ready(rule, places: places).decisions.first)
        return try made.quietTerms(on: day(date), countedSince: since.map { day($0) })
    }

    @Test(
        "A mean of three months stays between three times the thresholds; what equals one belongs to the lower plan, or to the upper"
    )
    func ranges() throws {
        let mean = try #require(try Self.terms(Self.rule(.mean)))
        #expect(mean.plans.map(\.range.most) == [3_000, 6_000, .max])
        #expect(mean.plans.map(\.range.least) == [.min, 3_001, 6_001])
        let moves = try #require(try Self.terms(Self.rule(.mean, equal: .moves)))
        #expect(moves.plans.map(\.range.most) == [2_999, 5_999, .max])
        #expect(moves.plans.map(\.range.least) == [.min, 3_000, 6_000])
        // A single month is compared as it is; with two decimal places a thousand is 100,000 parts.
        let each = try #require(try Self.terms(Self.rule(.eachMonth), places: 2))
        #expect(each.plans.map(\.range.most) == [100_000, 200_000, .max])
        #expect(each.plans.map(\.range.least) == [.min, 100_001, 200_001])
    }

    @Test("The window and the day by which a history is long enough follow from the month of the decision")
    func days() throws {
        let three = try #require(try Self.terms(Self.rule(.mean)))
        #expect(three.boundaries == ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"].map { day($0) })
        #expect(three.knownBy == day("2025-12-01"))
        #expect(try Self.terms(Self.rule(.mean, history: 6))?.knownBy == day("2025-09-01"))
        #expect(try Self.terms(Self.rule(.mean, history: 1))?.knownBy == day("2025-12-01"))
    }

    @Test("Whoever cannot be told from the totals of months alike with everybody else is looked at one by one")
    func none() throws {
        #expect(try Self.terms(Self.rule(.mean, window: .periods(3))) == nil)
        #expect(try Self.terms(Self.rule(.mean, months: 13)) == nil)
        #expect(try Self.terms(Self.rule(.mean, months: 12)) != nil)
        // Counted since the second month of the window, or not at all.
        #expect(try Self.terms(Self.rule(.mean), since: "2026-01-01") == nil)
        #expect(try Self.terms(Self.rule(.mean), since: nil) == nil)
        #expect(try Self.terms(Self.rule(.mean), since: "2025-12-01") != nil)
    }

    /// One random rule with its ladder, and a subscription on it whose counts lie around the thresholds.
    private struct Sample {
        let rule: DecisionRule
        let places: Int
        let plan: Int32
        let night: CivilDate
        let countedSince: CivilDate
        let signedUp: CivilDate
        let linkedSince: CivilDate
        let totals: [(start: CivilDate, quantity: Int64)]
        let lastChange: CivilDate?
        let isPending: Bool

        init(_ random: inout SeededGenerator) throws {
            let months = Int.random(in: 1...12, using: &random)
            places = Int.random(in: 0...2, using: &random)
            let part: Int64 = [1, 10, 100][places]
            var threshold: Int64 = 0
            var ladder: [DecisionRule.Step] = []
            for step in 0..<Int.random(in: 2...5, using: &random) {
                threshold += Int64.random(in: 1...6, using: &random)
                ladder.append(DecisionRule.Step(plan: "p\(step)", threshold: threshold))
            }
            if Bool.random(using: &random) { ladder[ladder.count - 1].threshold = nil }
            rule = DecisionRule(
                key: "r", name: "R", meters: Bool.random(using: &random) ? ["one"] : ["one", "two"],
                window: .months(months),
                aggregate: try #require(DecisionRule.Aggregate.allCases.randomElement(using: &random)),
                ladder: ladder, equal: Bool.random(using: &random) ? .stays : .moves,
                goesUp: Int.random(in: 0...4, using: &random) > 0, goesDown: Int.random(in: 0...4, using: &random) > 0,
                levels: Bool.random(using: &random) ? .several : .one,
                history: Bool.random(using: &random) ? nil : Int.random(in: 1...14, using: &random),
                coolDown: Int.random(in: 0...3, using: &random), day: Int.random(in: 1...28, using: &random))
            plan = Int32.random(in: 1...Int32(ladder.count), using: &random)
            let night = try #require(day("2026-03-28").adding(days: Int.random(in: 0...300, using: &random)))
            self.night = night
            func before(_ months: ClosedRange<Int>) throws -> CivilDate {
                let month = try #require(night.startOfMonth.adding(months: -Int.random(in: months, using: &random)))
                return try #require(
                    month.adding(days: Bool.random(using: &random) ? 0 : Int.random(in: 0...27, using: &random)))
            }
            countedSince = try before(months...(months + 30))
            signedUp = try before((months - 1)...(months + 16))
            linkedSince = try before((months - 1)...(months + 16))
            var totals: [(start: CivilDate, quantity: Int64)] = []
            // Around one threshold, so that both sides of it come up; now and then nothing, or more than any sum may hold.
            let level = Int64.random(in: 0...(threshold + 1), using: &random) * part
            for back in 0...(months + 1) {
                let month = try #require(night.startOfMonth.adding(months: -back))
                for slice in 0..<Int.random(in: 0...2, using: &random) {
                    let start = try #require(month.adding(days: slice * 13))
                    let quantity = max(0, level / 2 + Int64.random(in: -2 * part...3 * part, using: &random))
                    totals.append((start, Int.random(in: 0..<400, using: &random) == 0 ? Int64.max / 500 : quantity))
                }
            }
            self.totals = totals
            lastChange = Bool.random(using: &random) ? nil : try before(0...4)
            isPending = Bool.random(using: &random)
        }

        /// What the terms say of it, in the words of their description.
        func isQuiet(_ terms: QuietTerms) throws -> (isQuiet: Bool, isCountable: Bool, counts: [Int64], upward: Int64) {
            let counts = zip(terms.boundaries, terms.boundaries.dropFirst()).map { first, next in
                totals.filter { $0.start >= first && $0.start < next }
                    .reduce(Int64(0)) { $0 + min($1.quantity, terms.sumsBelow) }
            }
            let total = counts.reduce(0, +)
            let (least, most) = (try #require(counts.min()), try #require(counts.max()))
            let (upward, downward) =
                switch terms.aggregate {
                case .mean: (total, total)
                case .max: (most, most)
                case .eachMonth: (least, most)
                }
            let range = try #require(terms.plans.first { $0.plan == plan }).range
            let isCountable = total < terms.sumsBelow
            let isKnown = signedUp <= terms.knownBy && linkedSince <= terms.knownBy
            return (
                isKnown && isCountable && range.contains(upward: upward, downward: downward), isCountable, counts,
                upward
            )
        }
    }

    @Test(
        "Of 5,000 subscriptions on random ladders the terms name just those of which the rule says that their plan holds, or that there is none above it"
    )
    func property() throws {
        var random = SeededGenerator()
        var (quiet, loud, beyond) = (0, 0, 0)
        for _ in 0..<5_000 {
            let sample = try Sample(&random)
            let catalog = try Self.ready(sample.rule, places: sample.places)
            let rule = try #require(catalog.decisions.first)
            let subscription = Subscription(
                plan: sample.plan, anchor: day("2020-01-01"), starts: day("2020-01-01"), signedUp: sample.signedUp,
                paysEvery: .month, ends: nil)
            let made: MadeDecision?
            do {
                made = try catalog.decide(
                    rule, for: subscription, on: sample.night, totals: sample.totals,
                    countedSince: max(sample.linkedSince, sample.countedSince), lastChange: sample.lastChange,
                    isPending: sample.isPending)
            } catch {
                made = nil
            }
            guard let terms = try rule.quietTerms(on: sample.night, countedSince: sample.countedSince) else {
                // Then nobody has a history that is long enough, and the window whole.
                #expect((made?.counted.count ?? 0) < sample.rule.window.count || made?.decision.reason == .shortHistory)
                continue
            }
            let told = try sample.isQuiet(terms)
            guard told.isCountable else {
                #expect(!told.isQuiet)
                continue
            }
            let staysFor: Set<Decision.Reason> = [.holds, .highestPlan]
            let stays = made.map { staysFor.contains($0.decision.reason) && $0.counted.count == terms.months } ?? false
            #expect(told.isQuiet == stays, "\(sample)")
            if told.isQuiet { quiet += 1 } else { loud += 1 }
            guard told.isQuiet else { continue }
            let figure = Decision.Figure(sum: told.upward, count: terms.figureCount)
            let range = try #require(terms.plans.first { $0.plan == sample.plan }).range
            let reason = range.reason(upward: told.upward)
            if reason == .highestPlan { beyond += 1 }
            let expected = Decision(outcome: .stays, reason: reason, target: nil, figure: figure)
            #expect(made?.decision == expected && made?.counted == told.counts, "\(sample)")
            #expect(made?.windowStarts == terms.boundaries.first && made?.takesEffect == nil, "\(sample)")
        }
        #expect(quiet > 500 && loud > 500 && beyond > 25, "\(quiet) quiet, of them \(beyond) beyond, \(loud) loud")
    }
}
