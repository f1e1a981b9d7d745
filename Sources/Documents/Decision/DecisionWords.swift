import Billing

/// A decision in words.
enum DecisionWords {
    /// `2022-03`.
    static func month(_ day: CivilDate) -> String { String(day.description.prefix(7)) }

    /// A month or a billing period: `2022-03`, `2022-02-20 to 2022-03-19`.
    static func span(_ rule: DecisionRule, _ days: DateRange) -> String {
        switch rule.window {
        case .months: month(days.start)
        case .periods: PeriodText.inclusive(days)
        }
    }

    /// `month`, `periods`: what a rule's window counts.
    static func unit(_ rule: DecisionRule, many: Bool) -> String {
        switch rule.window {
        case .months: many ? "months" : "month"
        case .periods: many ? "periods" : "period"
        }
    }

    /// All that counted: `2021-12 to 2022-02`, `the billing periods from 2021-12-20 to 2022-03-19`.
    static func window(_ rule: DecisionRule, _ days: DateRange) -> String {
        switch rule.window {
        case .months: "\(month(days.start)) to \(month(PeriodText.lastDay(of: days)))"
        case .periods: "the billing periods from \(PeriodText.inclusive(days))"
        }
    }

    /// When a single one counted: `in 2022-03`, `from 2022-02-20 to 2022-03-19`.
    static func within(_ rule: DecisionRule, _ days: DateRange) -> String {
        switch rule.window {
        case .months: "in \(month(days.start))"
        case .periods: "from \(PeriodText.inclusive(days))"
        }
    }

    /// The figure that was compared: `1,100`, `1,033.33…`.
    static func figure(_ figure: Decision.Figure, places: Int) -> String {
        let (whole, rest) = figure.sum.quotientAndRemainder(dividingBy: Int64(max(1, figure.count)))
        guard rest != 0 else { return NumberText.grouped(whole, places: places) }
        // Two more digits than the meter has, cut and not rounded: 1,000.999 must not read as 1,001.
        let digits = Int128(figure.sum) * 100 / Int128(max(1, figure.count))
        return NumberText.grouped(digits, places: places + 2)
            + (Int128(figure.sum) * 100 % Int128(max(1, figure.count)) == 0 ? "" : "…")
    }

    static func aggregate(_ rule: DecisionRule, _ outcome: Decision.Outcome) -> String {
        // Of a single one all of them are the same.
        let unit = unit(rule, many: false)
        if rule.window.count == 1 { return unit }
        switch rule.aggregate {
        case .mean: return "mean"
        case .max: return "largest \(unit)"
        case .eachMonth: return outcome == .down ? "largest \(unit)" : "smallest \(unit)"
        }
    }

    /// What the decision says, as a sentence.
    static func reason(_ explanation: DecisionExplanation) -> String {
        let (plan, target) = ("'\(explanation.planName)'", explanation.targetName.map { "'\($0)'" } ?? "another plan")
        let most = explanation.threshold.map {
            NumberText.grouped($0, places: explanation.places)
                + (explanation.rule.equal == .moves ? ", itself not included" : "")
        }
        switch explanation.decision.reason {
        case .shortHistory:
            let needed = explanation.rule.history
            let unit = unit(explanation.rule, many: needed != 1)
            return "No decision: fewer than \(needed) complete \(unit) since the sign-up and the first count."
        case .holds: return "It stays: \(plan) holds it, and no lower plan does."
        case .aboveThreshold: return "Up to \(target): \(plan) holds up to \(most ?? "any number")."
        case .lowerPlanHolds: return "Down to \(target), which holds it as well."
        case .highestPlan: return "It stays: there is no plan above \(plan)."
        case .upSwitchedOff: return "It stays: \(target) would hold it, but the rule moves nobody up."
        case .downSwitchedOff: return "It stays: \(target) would hold it, but the rule moves nobody down."
        case .coolDown: return "It stays: the last change is less than \(explanation.rule.coolDown) months ago."
        case .pending: return "It stays as announced: an earlier change has not taken effect yet."
        case .ending: return "It stays: the subscription ends before a change could take effect."
        case .targetNotSold: return "It stays: \(target) has no terms for this subscription."
        }
    }

    /// What happens next, or has happened.
    static func next(_ change: DecisionExplanation.Change) -> String {
        let settled = change.settledOn.map { " on \($0)" } ?? ""
        switch change.status {
        case .announced: return "takes effect on \(change.takesEffect), where the next period that is paid for begins"
        case .applied: return "took effect on \(change.takesEffect)"
        case .withdrawn: return "withdrawn\(settled): restated counts took the reason away"
        case .preempted: return "given up\(settled): the plan was changed before"
        }
    }
}
