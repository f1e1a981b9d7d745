import Billing

extension SourcesBuilder {
    /// What a source should deliver; nil when something about it is wrong.
    func expectation(_ fields: Fields, _ feed: Feed) -> Expectation? {
        guard let node = fields["expect"] else { return Expectation() }
        guard feed == .readings else {
            if let entry = fields.entry("expect") {
                reader.add(.keyOfOtherKind("expect", belongsTo: "'feeds: readings'"), at: entry)
            }
            return nil
        }
        let expected = "a mapping such as {every: day, on_gap: hold}"
        guard let expect = reader.fields(node, SourcesFormat.expect, expected: expected) else { return nil }
        let usual = Expectation()
        let every: Expectation.Rhythm? = expect["every"].map { reader.word($0, .rhythm) } ?? usual.every
        let from: CivilDate?? = expect["from"].map { reader.date($0) } ?? .some(nil)
        let late = expect["late"].map(days) ?? usual.lateDays
        let stale = expect["stale"].map(days) ?? usual.staleDays
        let least = expect["least"].map(percent) ?? usual.leastPercent
        let onGap = expect["on_gap"].map(reactions) ?? usual.onGap
        if case .some(nil) = from, expect.has("from") { return nil }
        guard let every, let late, let stale, let least, let onGap else { return nil }
        return Expectation(
            every: every, from: from ?? nil, lateDays: late, staleDays: stale, leastPercent: least, onGap: onGap)
    }

    /// A word, which is for missing days, or words by kind.
    private func reactions(_ node: YAMLNode) -> Expectation.Reactions? {
        guard case .mapping = node.content else {
            return reader.word(node, .onGap).map { Expectation.Reactions($0) }
        }
        let expected = "a word, or words by kind such as {missing_day: hold, missing_channel: flag}"
        guard let fields = reader.fields(node, SourcesFormat.onGap, expected: expected) else { return nil }
        var reactions = Expectation.Reactions()
        var isWhole = true
        for kind in PeriodGap.Kind.allCases {
            guard let node = fields[kind.rawValue] else { continue }
            let word: Expectation.OnGap? = reader.word(node, .onGap)
            if let word { reactions[kind] = word } else { isWhole = false }
        }
        return isWhole ? reactions : nil
    }

    private func days(_ node: YAMLNode) -> Int? {
        guard let text = reader.scalar(node, expected: "a number of days such as 7 days") else { return nil }
        guard case .after(let days) = InvoiceTerms.Finalization(text), days <= Expectation.longest else {
            return reader.reject(.unknownDays(text), node)
        }
        return days
    }

    private func percent(_ node: YAMLNode) -> Int? {
        guard let number = reader.wholeNumber(node, least: 1, expected: "a percentage such as 50") else { return nil }
        return number <= 100 ? Int(number) : reader.reject(.numberTooLarge("\(number)", limit: 100), node)
    }
}
