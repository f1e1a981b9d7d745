package import Billing

/// Why a plan changes or stays, as JSON: `meterbook.decision/1`, and many of them as `meterbook.decisions/1`.
package enum DecisionJSON {
    package static func render(
        _ explanation: DecisionExplanation, _ style: JSONWriter.Style = .pretty
    ) -> String {
        JSONWriter.document("meterbook.decision/1", style) { writer in
            let places = explanation.places
            writer.member("subscription", explanation.subscription)
            writer.member("customer", explanation.customer)
            writer.member("customer_name", explanation.customerName)
            writer.member("month", explanation.month)
            writer.member("decided_on", explanation.decidedOn)
            writer.member("catalog", explanation.catalog)
            writer.object("rule") { write(explanation.rule, to: &$0) }
            writer.member("plan", explanation.plan)
            writer.member("plan_name", explanation.planName)
            write(explanation.decision, explanation, to: &writer)
            writer.member("target_name", explanation.targetName)
            if let threshold = explanation.threshold { writer.member("threshold", threshold, places: places) }
            writer.array("counted", of: explanation.counted) { writer, count in
                write(count.days, explanation.rule, to: &writer)
                writer.member("quantity", count.quantity, places: places)
            }
            writer.array("accounts", of: explanation.accounts) { writer, account in
                writer.member("account", account.account)
                let counts = zip(explanation.counted, account.quantities).map { $0 }
                writer.array(units(explanation.rule), of: counts) { writer, count in
                    write(count.0.days, explanation.rule, to: &writer)
                    writer.member("quantity", count.1, places: places)
                }
            }
            writer.array("year", of: explanation.year) { writer, count in
                write(count.days, explanation.rule, to: &writer)
                writer.member("quantity", count.quantity, places: places)
            }
            writer.member("watermark", explanation.watermark)
            if let change = explanation.change { writer.object("change") { write(change, to: &$0) } }
        }
    }

    package static func list(_ decisions: [DecisionText.Listed], _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.decisions/1", style) { writer in
            writer.array("decisions", of: decisions) { writer, listed in
                writer.member("month", listed.month)
                writer.member("rule", listed.rule)
                writer.member("plan", listed.plan)
                write(listed.decision, nil, to: &writer)
                if let change = listed.change { writer.object("change") { write(change, to: &$0) } }
            }
        }
    }

    private static func write(_ rule: DecisionRule, to writer: inout JSONWriter) {
        writer.member("key", rule.key)
        writer.member("name", rule.name)
        writer.member(units(rule), rule.window.count)
        writer.member("aggregate", rule.aggregate.rawValue)
        writer.array("ladder", of: rule.ladder) { writer, step in
            writer.member("plan", step.plan)
            writer.member("threshold", step.threshold)
        }
    }

    /// A month by its first day, a period with its start and its end.
    private static func write(_ days: DateRange, _ rule: DecisionRule, to writer: inout JSONWriter) {
        switch rule.window {
        case .months: writer.member("month", days.start)
        case .periods: writer.member("period", days)
        }
    }

    private static func units(_ rule: DecisionRule) -> StaticString {
        switch rule.window {
        case .months: "months"
        case .periods: "periods"
        }
    }

    /// - Parameter explanation: what the figure belongs to; nil leaves it out.
    private static func write(
        _ decision: Decision, _ explanation: DecisionExplanation?, to writer: inout JSONWriter
    ) {
        writer.member("outcome", decision.outcome.rawValue)
        writer.member("reason", decision.reason.rawValue)
        writer.member("target", decision.target)
        guard let figure = decision.figure, let explanation else { return }
        writer.object("figure") { writer in
            writer.member("sum", figure.sum, places: explanation.places)
            writer.member(units(explanation.rule), figure.count)
        }
    }

    private static func write(_ change: DecisionExplanation.Change, to writer: inout JSONWriter) {
        writer.member("takes_effect", change.takesEffect)
        writer.member("status", change.status.rawValue)
        writer.member("settled_on", change.settledOn)
    }
}
