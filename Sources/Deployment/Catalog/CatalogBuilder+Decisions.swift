import Billing

extension CatalogBuilder {
    /// - Parameters:
    ///   - planKeys: of all plans, also of those with mistakes.
    ///   - plans: those that could be read.
    func decisions(_ node: YAMLNode, planKeys: [String], plans: [Plan]) -> [DecisionRule]? {
        guard
            let entries = reader.namedEntries(node, "rules", limit: CatalogFormat.mostDecisions, canBeEmpty: true)
        else { return nil }
        var ladders: [String: (rule: String, line: Int)] = [:]
        var rules: [DecisionRule] = []
        for entry in entries {
            guard let rule = rule(entry, planKeys: planKeys, plans: plans, ladders: &ladders) else { continue }
            rules.append(rule)
        }
        return rules
    }

    private func rule(
        _ entry: YAMLEntry, planKeys: [String], plans: [Plan], ladders: inout [String: (rule: String, line: Int)]
    ) -> DecisionRule? {
        let expected = "a rule: 'name', 'meters', 'window', 'aggregate', 'ladder'"
        guard let fields = reader.fields(entry.value, CatalogFormat.decision, expected: expected) else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "what people call the figure") }
        let meters = fields["meters"].flatMap { decidedMeters($0) }
        let window = fields["window"].flatMap { self.window($0) }
        let aggregate: DecisionRule.Aggregate? = fields["aggregate"].flatMap { reader.word($0, .decisionAggregate) }
        let ladder = fields["ladder"].flatMap { self.ladder($0, planKeys: planKeys, plans: plans) }
        let equal: DecisionRule.Equal? = fields["equal"].map { reader.word($0, .equal) } ?? .stays
        let goesUp = fields["up"].map { reader.flag($0) } ?? true
        let goesDown = fields["down"].map { reader.flag($0) } ?? true
        let levels: DecisionRule.Levels? = fields["levels"].map { reader.word($0, .levels) } ?? .several
        let history = fields["history"].map { self.history($0, window: window) } ?? window?.count
        let coolDown = fields["cool_down"].map { months($0) } ?? 0
        let day = fields["day"].map { dayOfMonth($0, window: window) } ?? 1
        let reminders = fields["reminders"].map { self.reminders($0) } ?? []
        if let node = fields["window"], case .periods? = window { checkPeriods(node, of: ladder ?? [], plans: plans) }
        for step in ladder ?? [] {
            if let first = ladders[step.plan] {
                reader.add(.planInTwoLadders(step.plan, rule: first.rule, firstLine: first.line), at: entry)
            } else {
                ladders[step.plan] = (entry.key, entry.position.line)
            }
        }
        guard let name, let meters, let window, let aggregate, let ladder, let equal, let goesUp, let goesDown,
            let levels, let history, let coolDown, let day, let reminders
        else { return nil }
        return DecisionRule(
            key: entry.key, name: name, meters: meters, window: window, aggregate: aggregate, ladder: ladder,
            equal: equal, goesUp: goesUp, goesDown: goesDown, levels: levels, history: history, coolDown: coolDown,
            day: day, reminders: reminders)
    }

    /// Days before a change, each once.
    private func reminders(_ node: YAMLNode) -> [Int]? {
        guard let items = reader.items(node, "reminders", limit: CatalogFormat.mostReminders) else { return nil }
        var days: [Int] = []
        for item in items {
            guard let number = reader.wholeNumber(item, least: 1) else { continue }
            guard number <= CatalogFormat.earliestReminder else {
                reader.add(.numberTooLarge("\(number)", limit: CatalogFormat.earliestReminder), at: item)
                continue
            }
            if days.contains(Int(number)) {
                reader.add(.repeatedName("\(number)"), at: item)
            } else {
                days.append(Int(number))
            }
        }
        return days.count == items.count ? days : nil
    }

    /// Meters whose quantities can be added up day by day, in the same unit. Which days an invoice bills by them does not
    /// matter: a decision counts its own months.
    private func decidedMeters(_ node: YAMLNode) -> [String]? {
        guard let items = reader.items(node, "keys of meters", limit: CatalogFormat.mostMeters) else { return nil }
        var keys: [String] = []
        for item in items {
            guard let key = meterKey(item) else { continue }
            if keys.contains(key) {
                reader.add(.repeatedName(key), at: item)
                continue
            }
            if let meter = meters[key] {
                if meter.aggregate != .sum { reader.add(.decisionMeter(key), at: item) }
                if let first = keys.compactMap({ meters[$0] }).first, first.quantityPlaces != meter.quantityPlaces {
                    reader.add(
                        .placesOfDecision(key, places: meter.quantityPlaces, first: first.quantityPlaces), at: item)
                }
            }
            keys.append(key)
        }
        return keys.count == items.count ? keys : nil
    }

    private func ladder(_ node: YAMLNode, planKeys: [String], plans: [Plan]) -> [DecisionRule.Step]? {
        guard let entries = reader.entries(node, expected: "plans with their thresholds, such as {small: 1000}") else {
            return nil
        }
        guard entries.count >= 2 else { return reader.reject(.shortLadder(count: entries.count), node) }
        var steps: [DecisionRule.Step] = []
        var invoice: Cadence?
        for (index, entry) in entries.enumerated() {
            guard planKeys.contains(entry.key) else {
                reader.add(.unknownPlan(entry.key, known: planKeys), at: entry)
                continue
            }
            if let plan = plans.first(where: { $0.key == entry.key }) {
                // The change takes place where a period that is paid for begins, which a billing period does as well, so the
                // billing periods must go on as they are.
                if let invoice, plan.invoiceEvery != invoice {
                    reader.add(.ladderCadence(entry.key, plan.invoiceEvery, first: invoice), at: entry)
                }
                invoice = invoice ?? plan.invoiceEvery
            }
            switch threshold(entry.value) {
            case nil: continue
            case .unlimited?:
                if index < entries.count - 1 { reader.add(.unlimitedBeforeLast(entry.key), at: entry.value) }
                steps.append(DecisionRule.Step(plan: entry.key, threshold: nil))
            case .most(let most)?:
                if let last = steps.last?.threshold, most <= last {
                    reader.add(.thresholdNotAscending(most, previous: last), at: entry.value)
                }
                steps.append(DecisionRule.Step(plan: entry.key, threshold: most))
            }
        }
        return steps.count == entries.count ? steps : nil
    }

    private enum Threshold {
        case most(Int64)
        case unlimited
    }

    private func threshold(_ node: YAMLNode) -> Threshold? {
        if case .scalar(CatalogFormat.unlimited, _) = node.content { return .unlimited }
        return reader.wholeNumber(node, expected: "a whole number or '\(CatalogFormat.unlimited)'").map { .most($0) }
    }

    /// Months, or billing periods.
    private func window(_ node: YAMLNode) -> DecisionRule.Window? {
        let most = DecisionRule.most
        if case .scalar(let text, _) = node.content, text.hasSuffix("period") || text.hasSuffix("periods") {
            // A number of periods is written as one of months.
            guard case .months(let count)? = Cadence(length: text.replacing("period", with: "month")), count <= most
            else { return reader.reject(.notMonthsOrPeriods(text, most: most), node) }
            return .periods(count)
        }
        guard let length = reader.length(node) else { return nil }
        guard case .months(let count) = length, count <= most else {
            return reader.reject(.notMonthsOrPeriods("\(length)", most: most), node)
        }
        return .months(count)
    }

    /// What the window counts is counted here as well.
    private func history(_ node: YAMLNode, window: DecisionRule.Window?) -> Int? {
        guard let history = self.window(node) else { return nil }
        switch (history, window) {
        case (.months, .periods(_)?), (.periods, .months(_)?):
            return window.flatMap { reader.reject(.historyOfOtherKind("\(history)", window: $0), node) }
        default: return history.count
        }
    }

    /// Each month has a decision, and each decision needs a period that none before it has counted as its last.
    private func checkPeriods(_ node: YAMLNode, of ladder: [DecisionRule.Step], plans: [Plan]) {
        let first = plans.first { plan in
            ladder.contains { $0.plan == plan.key } && !DecisionRule.endsEveryMonth(plan.invoiceEvery)
        }
        if let first { reader.add(.periodsOfLadder(plan: first.key, first.invoiceEvery), at: node) }
    }

    private func months(_ node: YAMLNode) -> Int? {
        guard let length = reader.length(node) else { return nil }
        guard case .months(let months) = length, months <= DecisionRule.most else {
            return reader.reject(.notMonths("\(length)", most: DecisionRule.most), node)
        }
        return months
    }

    private func dayOfMonth(_ node: YAMLNode, window: DecisionRule.Window?) -> Int? {
        guard let day = reader.wholeNumber(node, least: 1) else { return nil }
        guard day <= 28 else { return reader.reject(.numberTooLarge("\(day)", limit: 28), node) }
        if case .periods? = window, day > DecisionRule.latestDayOfPeriods {
            return reader.reject(.dayOfPeriods(Int(day)), node)
        }
        return Int(day)
    }
}
