package import Billing

/// The values of notices of a change of plan, by the names of `NoticeKind`.
package enum ChangeWording {
    /// - Parameters:
    ///   - wasPlan: the name of the plan until then.
    ///   - plan: the name of the plan from then on.
    package static func values(
        vendor: String, customer: String, subscription: String, wasPlan: String, plan: String,
        effective: CivilDate, asOf: CivilDate, outcome: Decision.Outcome, reason: String
    ) -> [String: String] {
        var values = [
            "vendor": vendor, "customer": customer, "subscription": subscription, "plan": wasPlan, "new_plan": plan,
            "effective": "\(effective)", "day": "\(asOf)", "reason": reason,
        ]
        // Of these two one is there, so that a section tells them apart.
        values[outcome == .up ? "up" : "down"] = "yes"
        return values
    }

    /// Why a change was announced: `Orders a month: 1,000.33…, the mean of 2025-12 to 2026-02. Starter holds up to 1,000.`
    ///
    /// - Parameter window: the days that counted, whole months or billing periods; nil where they are not known any more.
    package static func reason(
        _ rule: DecisionRule, figure: Decision.Figure?, outcome: Decision.Outcome, window: DateRange?,
        places: Int, wasPlan: String, plan: String, wasPlanKey: String
    ) -> String {
        guard let figure, let window else { return rule.name }
        let amount = DecisionWords.figure(figure, places: places)
        let what =
            rule.window.count == 1
            ? "\(rule.name): \(amount) \(DecisionWords.within(rule, window))."
            : "\(rule.name): \(amount), the \(DecisionWords.aggregate(rule, outcome)) of \(DecisionWords.window(rule, window))."
        let threshold = rule.ladder.first { $0.plan == wasPlanKey }?.threshold
        guard outcome == .up, let threshold else { return "\(what) \(plan) holds that as well." }
        return "\(what) \(wasPlan) holds up to \(NumberText.grouped(threshold))."
    }
}
