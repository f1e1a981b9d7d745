import Billing

extension CatalogBuilder {
    /// Percentages of an allowance, ascending, each once.
    func alerts(_ node: YAMLNode, allowance: Int64?) -> [Int32]? {
        // Of nothing there is no share. An allowance that cannot be read has been reported.
        if allowance == 0 { reader.add(.alertsWithoutAllowance, at: node) }
        guard let items = reader.items(node, "percentages", limit: CatalogFormat.mostAlerts) else { return nil }
        var percents: [Int32] = []
        for item in items {
            guard
                let number = reader.wholeNumber(item, least: 1, expected: "a whole number of percents such as 80")
            else { continue }
            guard number <= UsagePrice.largestAlert, let percent = Int32(exactly: number) else {
                reader.add(.numberTooLarge("\(number)", limit: UsagePrice.largestAlert), at: item)
                continue
            }
            if let last = percents.last, percent <= last {
                reader.add(.alertNotAscending(percent: percent, previous: last), at: item)
            } else {
                percents.append(percent)
            }
        }
        return percents.count == items.count ? percents : nil
    }

    func notices(_ node: YAMLNode) -> NoticeTerms? {
        let expected = "'one_a_day', and messages by what they are for"
        guard let fields = reader.fields(node, CatalogFormat.notices, expected: expected) else { return nil }
        let oneADay = fields[CatalogFormat.oneADay].map { reader.flag($0) } ?? false
        let kinds = NoticeKind.allCases.filter { fields.has($0.rawValue) }
        var templates: [NoticeKind: NoticeTemplate] = [:]
        for kind in kinds { templates[kind] = fields[kind.rawValue].flatMap { notice($0, kind) } }
        guard let oneADay, templates.count == kinds.count else { return nil }
        return NoticeTerms(oneADay: oneADay, templates: templates)
    }

    private func notice(_ node: YAMLNode, _ kind: NoticeKind) -> NoticeTemplate? {
        guard let fields = reader.fields(node, CatalogFormat.notice, expected: "a message: 'subject' and 'text'")
        else { return nil }
        let subject = fields["subject"].flatMap { node in
            reader.text(node, expected: "the subject of the message", limit: NoticeTemplate.longestSubject)
                .flatMap { check($0, node, names: kind.names) }
        }
        let text = fields["text"].flatMap { node in
            reader.lines(node, expected: "the text of the message", limit: NoticeTemplate.longestText)
                .flatMap { check($0, node, names: kind.names) }
        }
        guard let subject, let text else { return nil }
        return NoticeTemplate(subject: subject, text: text)
    }
}
