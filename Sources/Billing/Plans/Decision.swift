/// What a rule makes of the months, or billing periods, of a subscription, and why.
package struct Decision: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case up, down, stays
    }

    /// Why, in the order in which the reasons are looked for.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Too few complete months or periods since the sign-up and the first count.
        case shortHistory = "short_history"
        /// The plan holds the figure, and no lower one does.
        case holds
        case aboveThreshold = "above_threshold"
        case lowerPlanHolds = "lower_plan_holds"
        /// The plan does not hold it, and there is none above it.
        case highestPlan = "highest_plan"
        case upSwitchedOff = "up_switched_off"
        case downSwitchedOff = "down_switched_off"
        /// The last change lies too short a time back.
        case coolDown = "cool_down"
        /// An earlier decision's change has not taken effect yet.
        case pending
        /// The subscription ends before the change could take effect.
        case ending
        /// The target has no terms for this subscription: its sign-up date, currency or cadence.
        case targetNotSold = "target_not_sold"
    }

    /// The number that was compared: a sum over so many months or periods. A single one for all aggregates but the mean.
    package struct Figure: Hashable, Sendable {
        /// In the smallest parts of the meters' unit.
        package var sum: Int64
        /// How many months or periods it was counted in.
        package var count: Int

        package init(sum: Int64, count: Int) {
            self.sum = sum
            self.count = count
        }
    }

    package var outcome: Outcome
    package var reason: Reason
    /// The plan that it moves to; where something stands in the way, the one that it would have moved to.
    package var target: String?
    /// Nil where nothing was compared.
    package var figure: Figure?

    package init(outcome: Outcome, reason: Reason, target: String?, figure: Figure?) {
        self.outcome = outcome
        self.reason = reason
        self.target = target
        self.figure = figure
    }
}

/// A rule with its thresholds in the smallest parts of the meters' unit, as all quantities are.
package struct DecisionLadder: Sendable {
    package let rule: DecisionRule
    /// Of the rule's steps, in their order.
    let thresholds: [Int64?]

    /// - Parameter places: the decimal places of the meters, 0 to 6.
    package init(_ rule: DecisionRule, places: Int) {
        self.rule = rule
        thresholds = rule.ladder.map { $0.threshold.map { Tariff.parts($0, places: places) } }
    }

    /// Decides for a subscription on one of the rule's plans.
    ///
    /// - Parameters:
    ///   - counted: what each complete month, or period, of the window counted that the subscription has behind it, in order
    ///     of time.
    ///   - history: the complete months, or periods, since the sign-up and the first count.
    ///   - sinceChange: the months since this rule last changed the plan; nil when it never did.
    /// - Returns: nil for a plan that is not in the ladder.
    package func decide(
        plan: String, counted: [Int64], history: Int, sinceChange: Int?
    ) throws(BillingError) -> Decision? {
        guard let present = rule.ladder.firstIndex(where: { $0.plan == plan }) else { return nil }
        guard history >= rule.history, !counted.isEmpty else {
            return Decision(outcome: .stays, reason: .shortHistory, target: nil, figure: nil)
        }
        let (upward, downward) = try figures(counted)
        let higher = lowest(holding: upward) ?? rule.ladder.count - 1
        let lower = lowest(holding: downward) ?? rule.ladder.count - 1
        if higher > present {
            let target = rule.levels == .one ? present + 1 : higher
            return move(.up, to: target, because: .aboveThreshold, upward, sinceChange)
        }
        if lower < present {
            let target = rule.levels == .one ? present - 1 : lower
            return move(.down, to: target, because: .lowerPlanHolds, downward, sinceChange)
        }
        let isHeld = lowest(holding: upward) != nil
        return Decision(outcome: .stays, reason: isHeld ? .holds : .highestPlan, target: nil, figure: upward)
    }

    private func move(
        _ outcome: Decision.Outcome, to step: Int, because reason: Decision.Reason, _ figure: Decision.Figure,
        _ sinceChange: Int?
    ) -> Decision {
        let isOn = outcome == .up ? rule.goesUp : rule.goesDown
        let isTooSoon = sinceChange.map { $0 < rule.coolDown } ?? false
        let obstacle: Decision.Reason? =
            !isOn ? (outcome == .up ? .upSwitchedOff : .downSwitchedOff) : isTooSoon ? .coolDown : nil
        return Decision(
            outcome: obstacle == nil ? outcome : .stays, reason: obstacle ?? reason, target: rule.ladder[step].plan,
            figure: figure)
    }

    /// What is compared on the way up and on the way down.
    private func figures(_ counted: [Int64]) throws(BillingError) -> (Decision.Figure, Decision.Figure) {
        let (least, most) = (counted.min() ?? 0, counted.max() ?? 0)
        switch rule.aggregate {
        case .max: return (Decision.Figure(sum: most, count: 1), Decision.Figure(sum: most, count: 1))
        case .eachMonth: return (Decision.Figure(sum: least, count: 1), Decision.Figure(sum: most, count: 1))
        case .mean:
            var sum: Int64 = 0
            for quantity in counted {
                let (next, overflow) = sum.addingReportingOverflow(quantity)
                guard !overflow else {
                    throw BillingError.quantityOverflow(meter: rule.meters.joined(separator: " + "))
                }
                sum = next
            }
            let mean = Decision.Figure(sum: sum, count: counted.count)
            return (mean, mean)
        }
    }

    /// The lowest plan that holds a figure; nil when none does.
    private func lowest(holding figure: Decision.Figure) -> Int? {
        thresholds.firstIndex { threshold in
            guard let threshold else { return true }
            // Compared without a division: 1,000 on average is 3,000 in three months.
            let (sum, most) = (Int128(figure.sum), Int128(threshold) * Int128(figure.count))
            return rule.equal == .stays ? sum <= most : sum < most
        }
    }
}

extension CivilDate {
    /// How many complete calendar months lie between this day and the month of another; 0 when it lies after that.
    package func completeMonths(before day: CivilDate) -> Int {
        let first = startOfMonth == self ? self : startOfMonth.adding(months: 1) ?? self
        return max(0, first.months(until: day.startOfMonth))
    }

    /// From the first of a month to that of another.
    private func months(until day: CivilDate) -> Int {
        let (from, to) = (components, day.components)
        return (to.year - from.year) * 12 + to.month - from.month
    }
}
