// Most decisions change nothing. What follows says of a rule which ones these are, so that a store can find them where
// the totals are and asks the rule for the others alone. It adds no rule: a test holds it against the ladder.

/// The figures with which a subscription stays on a plan, whatever has changed before and is pending: those that the plan
/// holds and no lower one does, and behind them those that not even the highest plan holds.
package struct QuietRange: Hashable, Sendable {
    /// The least that may be compared on the way down, in the smallest parts of the meters' unit.
    package let least: Int64
    /// The most that may be compared on the way up, in the same; below `least` when there is no such figure.
    package let most: Int64
    /// The most that the plan holds, in the same; less than `most` in the highest plan alone.
    package let held: Int64

    /// - Parameters:
    ///   - upward: what is compared on the way up.
    ///   - downward: what is compared on the way down.
    package func contains(upward: Int64, downward: Int64) -> Bool { upward <= most && downward >= least }

    /// Why it stays with a figure of the range.
    package func reason(upward: Int64) -> Decision.Reason { upward <= held ? .holds : .highestPlan }
}

extension DecisionLadder {
    /// The figures with which a subscription stays on a plan of the ladder, once its history is long enough.
    ///
    /// - Parameters:
    ///   - step: which one, from 0.
    ///   - count: the months, or periods, that are behind the figure.
    func quietRange(ofStep step: Int, count: Int) -> QuietRange {
        // Of a mean the sum is compared: 1,000 on average is 3,000 in three months.
        let months = rule.aggregate == .mean ? count : 1
        func most(_ step: Int) -> Int128 {
            guard let threshold = thresholds[step] else { return Int128(Int64.max) }
            return Int128(threshold) * Int128(months) - (rule.equal == .stays ? 0 : 1)
        }
        // No figure lies below or above these.
        let least = step == 0 ? Int128(Int64.min) : most(step - 1) + 1
        guard least <= Int128(Int64.max) else { return QuietRange(least: .max, most: .min, held: .min) }
        let held = Int64(clamping: most(step))
        return QuietRange(
            least: Int64(clamping: least), most: step == thresholds.count - 1 ? .max : held, held: held)
    }
}

/// What a store needs to know to find the subscriptions on which a rule decides that they stay.
///
/// These are the subscriptions that
/// - signed up, and had their first account linked, on `knownBy` or before, so that their history is long enough;
/// - have counted less than `sumsBelow` in the whole window, a slice that counts more being taken for that;
/// - have figures in the range of their plan.
package struct QuietTerms: Sendable {
    /// Of a plan in the rule's ladder.
    package struct Plan: Hashable, Sendable {
        package let plan: Int32
        package let range: QuietRange
    }

    package let aggregate: DecisionRule.Aggregate
    /// Where each month of the window begins, and where the last one ends.
    package let boundaries: [CivilDate]
    package let knownBy: CivilDate
    package let plans: [Plan]
    /// A bound that no sum of slices which lie below it can take beyond 64 bits: a meter has one a day at most.
    package let sumsBelow: Int64

    /// The months of the window.
    package var months: Int { boundaries.count - 1 }

    /// What the figure is counted in, as in the decision.
    package var figureCount: Int { aggregate == .mean ? months : 1 }

    /// The longest window: a year.
    package static let most = 12
}

extension RatingDecision {
    /// The terms on which subscriptions stay where they are on a day; nil where they cannot be told for all of them alike: with
    /// windows of billing periods, with meters that no pull keeps totals of, with more than a year, or with too short a
    /// history of everybody.
    ///
    /// - Parameter countedSince: the first day of which anything is known; nil when nothing is.
    package func quietTerms(on day: CivilDate, countedSince: CivilDate?) throws(BillingError) -> QuietTerms? {
        guard case .months(let count) = rule.window, count <= QuietTerms.most, counted.isEmpty, let countedSince else {
            return nil
        }
        let calendar = BillingCalendar.calendarMonths
        let end = try calendar.index(containing: rule.due(inMonthOf: day))
        let knownBy = try calendar.boundary(end - max(rule.history, count))
        guard countedSince <= knownBy else { return nil }
        var boundaries: [CivilDate] = []
        for index in (end - count)...end { boundaries.append(try calendar.boundary(index)) }
        let days = Int64(count) * 31 * Int64(running.count)
        return QuietTerms(
            aggregate: rule.aggregate, boundaries: boundaries, knownBy: knownBy,
            plans: plans.enumerated().map { step, plan in
                QuietTerms.Plan(plan: plan, range: ladder.quietRange(ofStep: step, count: count))
            }, sumsBelow: Int64.max / days)
    }
}
