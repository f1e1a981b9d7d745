import Billing

extension CatalogBuilder {
    /// A condition that cannot be read is reported, so that the file is refused: it must not become a plan for anybody.
    func conditions(_ node: YAMLNode) -> [EligibilityCondition]? {
        reader.namedEntries(node, "conditions", limit: CatalogFormat.mostConditions, canBeEmpty: false)?
            .compactMap(condition)
    }

    private func condition(_ entry: YAMLEntry) -> EligibilityCondition? {
        let expected = "a condition: 'name', 'meter' and one of \(Quoting.oneOf(CatalogFormat.bounds))"
        guard let fields = reader.fields(entry.value, CatalogFormat.condition, expected: expected) else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "what people call the figure") }
        let meter = fields["meter"].flatMap { meterKey($0) }
        let days = fields["days"].map { conditionDays($0) }
        if let meter, let node = fields["meter"], let definition = meters[meter] {
            requireDays(definition, fields, at: node)
        }
        let present = fields.present(CatalogFormat.bounds)
        guard present.count == 1, let word = present.first, let node = fields[word],
            let bound = EligibilityCondition.Bound(rawValue: word)
        else { return reader.reject(.conditionBound(found: present), entry.value) }
        // Nothing is below 0, and everything is at least 0.
        let least: Int64 = bound == .below || bound == .least ? 1 : 0
        let number = reader.wholeNumber(node, least: least, expected: "a whole number such as 500")
        guard let name, let meter, let number else { return nil }
        // Days that are there but unreadable must not become none.
        if case .some(.none) = days { return nil }
        return EligibilityCondition(
            key: entry.key, name: name, meter: meter, days: days ?? nil, bound: bound, number: number)
    }

    private func conditionDays(_ node: YAMLNode) -> Int? {
        guard let number = reader.wholeNumber(node, least: 1, expected: "a number of days such as 30") else {
            return nil
        }
        guard number <= Int64(MeterWindow.mostDays) else {
            return reader.reject(.numberTooLarge("\(number)", limit: Int64(MeterWindow.mostDays)), node)
        }
        return Int(number)
    }

    /// A level is taken as it stands; whatever else a meter is, it is of some days.
    private func requireDays(_ meter: Meter, _ fields: Fields, at node: YAMLNode) {
        if meter.aggregate == .latest {
            if let days = fields.entry("days") { reader.add(.daysOfLevel(meter.key), at: days) }
        } else if !fields.has("days") {
            reader.add(.countWithoutDays(meter.key), at: node)
        }
    }
}
