package import Billing

/// Why a plan changes or stays, for people: the counts, the figure and the threshold, a year as a picture, what comes next.
package enum DecisionText {
    /// Of a bar and its label together.
    private static let pictureWidth = 51

    /// - Parameter plain: ASCII only, for terminals that show nothing else; names stay as they are.
    package static func render(_ explanation: DecisionExplanation, plain: Bool = false) -> String {
        var page = TextPage()
        page.pair(
            "Decision of \(DecisionWords.month(explanation.month)) for \(explanation.subscription)",
            "decided on \(explanation.decidedOn)")
        page.pair(
            "\(explanation.customerName) (\(explanation.customer))",
            "rule \(explanation.rule.key), catalog \(explanation.catalog)")
        page.blank()
        if !explanation.counted.isEmpty { page.table(counts(explanation)) }
        page.blank()
        writeFacts(explanation, to: &page)
        if explanation.year.contains(where: { $0.quantity > 0 }) {
            page.blank()
            page.paragraph(explanation.rule.name)
            writePicture(explanation, plain: plain, to: &page)
        }
        return page.text
    }

    /// One line a decision.
    package static func list(_ decisions: [Listed]) -> String {
        var page = TextPage()
        guard !decisions.isEmpty else {
            page.paragraph("No decisions.")
            return page.text
        }
        var table = TextTable([
            .fixed("Month"), .left("Rule"), .left("Plan"), .left("Outcome"), .left("Change"),
        ])
        for listed in decisions {
            let outcome =
                listed.decision.outcome == .stays
                ? "stays (\(listed.decision.reason.rawValue))"
                : "\(listed.decision.outcome.rawValue) to \(listed.decision.target ?? "")"
            table.add(
                DecisionWords.month(listed.month), listed.rule, listed.plan, outcome,
                listed.change.map { "\($0.status.rawValue), \($0.takesEffect)" } ?? "")
        }
        page.table(table)
        return page.text
    }

    /// A decision in a list.
    package struct Listed: Sendable {
        package var month: CivilDate
        package var rule: String
        package var plan: String
        package var decision: Decision
        package var change: DecisionExplanation.Change?

        package init(
            month: CivilDate, rule: String, plan: String, decision: Decision, change: DecisionExplanation.Change?
        ) {
            self.month = month
            self.rule = rule
            self.plan = plan
            self.decision = decision
            self.change = change
        }
    }

    private static func counts(_ explanation: DecisionExplanation) -> TextTable {
        func number(_ quantity: Int64) -> String { NumberText.grouped(quantity, places: explanation.places) }
        let spans = explanation.counted.map { DecisionWords.span(explanation.rule, $0.days) }
        let isByPeriod = if case .periods = explanation.rule.window { true } else { false }
        // More months than fit side by side stand below each other.
        guard spans.count <= 4 else {
            var table = TextTable([.fixed(isByPeriod ? "Period" : "Month"), .right("Counted")])
            for (span, count) in zip(spans, explanation.counted) { table.add(span, number(count.quantity)) }
            return table
        }
        // Of periods not even three fit, so each has a line of its own.
        guard !isByPeriod else {
            var table = TextTable([.left("Account"), .fixed("Period"), .right("Counted")])
            for account in explanation.accounts {
                for (index, quantity) in account.quantities.enumerated() {
                    table.add(index == 0 ? account.account : "", spans[index], number(quantity))
                }
            }
            for (index, count) in explanation.counted.enumerated() {
                table.addFooter(index == 0 ? "All" : "", spans[index], number(count.quantity))
            }
            return table
        }
        var table = TextTable([.left("Account")] + spans.map { .right($0) })
        for account in explanation.accounts { table.add(cells: [account.account] + account.quantities.map(number)) }
        table.addFooter(cells: ["All"] + explanation.counted.map { number($0.quantity) })
        return table
    }

    private static func writeFacts(_ explanation: DecisionExplanation, to page: inout TextPage) {
        if let figure = explanation.decision.figure {
            var value = DecisionWords.figure(figure, places: explanation.places) + " \(explanation.unit.other)"
            if figure.count > 1 {
                value += ": \(NumberText.grouped(figure.sum, places: explanation.places)) in \(figure.count) "
                value += DecisionWords.unit(explanation.rule, many: true)
            }
            page.fact(DecisionWords.aggregate(explanation.rule, explanation.decision.outcome), value)
        }
        page.fact(
            "plan",
            "'\(explanation.planName)', \(explanation.threshold.map { "up to \(NumberText.grouped($0, places: explanation.places))" } ?? "without a bound")"
        )
        page.fact("decision", DecisionWords.reason(explanation))
        if let change = explanation.change { page.fact("change", DecisionWords.next(change)) }
    }

    /// A bar a month, or period, and where the threshold of the plan lies.
    private static func writePicture(_ explanation: DecisionExplanation, plain: Bool, to page: inout TextPage) {
        // A period is written longer than a month.
        let spanWidth = explanation.year.map { DecisionWords.span(explanation.rule, $0.days).utf8.count }.max() ?? 0
        let barWidth = Self.pictureWidth - spanWidth
        let threshold = explanation.threshold
        let largest = explanation.year.map(\.quantity).max() ?? 0
        let top = max(largest, threshold ?? 0, 1)
        func cells(_ quantity: Int64) -> Int { Int(Int128(max(0, quantity)) * Int128(barWidth) / Int128(top)) }
        let (full, empty, mark) = plain ? ("#", " ", "|") : ("█", " ", "┃")
        for count in explanation.year {
            let length = count.quantity > 0 ? max(1, cells(count.quantity)) : 0
            var bar = Array(repeating: full, count: length) + Array(repeating: empty, count: barWidth + 1 - length)
            if let threshold { bar[min(barWidth, cells(threshold))] = mark }
            let isCounted = explanation.counted.contains { $0.days == count.days }
            let span = DecisionWords.span(explanation.rule, count.days).padded(to: spanWidth)
            page.paragraph(
                "\(span) \(isCounted ? "*" : " ") \(bar.joined()) "
                    + NumberText.grouped(count.quantity, places: explanation.places), indent: 2)
        }
        page.paragraph(
            "* counted"
                + (threshold.map {
                    "   \(mark) \(NumberText.grouped($0, places: explanation.places)), the most that the plan holds"
                } ?? ""),
            indent: 2)
    }
}
