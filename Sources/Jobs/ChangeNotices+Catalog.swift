import Billing
import Documents
import Store

extension ChangeNotices {
    /// In the words of a catalog.
    init(_ catalog: RatingCatalog, asOf: CivilDate, runID: Int64) {
        let definitions = catalog.catalog
        let notices = definitions.notices
        let plans = Dictionary(definitions.plans.map { ($0.key, $0.name) }) { first, _ in first }
        let rules = Dictionary(catalog.decisions.map { ($0.rule.key, $0) }) { first, _ in first }
        self.init(
            terms: NoticeStore.Terms(
                vendor: definitions.name, asOf: asOf, oneADay: notices.oneADay, runID: runID),
            values: { kind, change in
                let (wasPlan, plan) = (plans[change.wasPlan] ?? change.wasPlan, plans[change.plan] ?? change.plan)
                var reason = ""
                if kind == .changeWithdrawn {
                    reason = "The counts that it rested on have been corrected."
                } else if let rule = rules[change.rule] {
                    reason = ChangeWording.reason(
                        rule.rule, figure: change.figure, outcome: change.outcome,
                        window: rule.window(from: change.windowStarts, count: change.counted.count, change.anchor),
                        places: rule.places, wasPlan: wasPlan, plan: plan, wasPlanKey: change.wasPlan)
                }
                return ChangeWording.values(
                    vendor: definitions.name, customer: change.customerName,
                    subscription: change.subscription, wasPlan: wasPlan, plan: plan, effective: change.takesEffect,
                    asOf: asOf, outcome: change.outcome, reason: reason)
            },
            word: { NoticeWording.words($0, notices) })
    }
}

extension RatingDecision {
    /// The days that a decision counted; nil where it was made by a rule with another window, of an earlier catalog.
    fileprivate func window(from start: CivilDate, count: Int, _ anchor: CivilDate) -> DateRange? {
        guard let spans = try? spans(from: start, count: count, anchor: anchor), let last = spans.last,
            spans.first?.start == start
        else { return nil }
        return DateRange(start: start, end: last.end)
    }
}
