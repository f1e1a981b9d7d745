import Billing

extension CatalogBuilder {
    func plans(_ node: YAMLNode) -> [Plan]? {
        reader.namedEntries(node, "plans", limit: CatalogFormat.mostPlans, canBeEmpty: false)?.compactMap(plan)
    }

    private func plan(_ entry: YAMLEntry) -> Plan? {
        guard
            let fields = reader.fields(
                entry.value, CatalogFormat.plan, expected: "a plan: 'name', 'invoice', 'versions'")
        else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "the plan's name") }
        let invoice = fields["invoice"].flatMap { reader.cadence($0) }
        let alignment: Alignment? =
            if let node = fields["align"] { reader.word(node, .alignment) } else { .anniversary }
        let trial = fields["trial"].map { reader.length($0) }
        let versions = fields["versions"].flatMap { self.versions($0, invoice: invoice) }
        let wording = fields["wording"].map { template($0, names: Wording.ofInvoice, meters: meterKeys) }
        guard let name, let invoice, let alignment, let versions else { return nil }
        // A trial or a wording that is there but unreadable must not become none.
        if case .some(.none) = trial { return nil }
        if case .some(.none) = wording { return nil }
        return Plan(
            key: entry.key, name: name, invoiceEvery: invoice, alignment: alignment, trial: trial ?? nil,
            versions: versions, wording: wording ?? nil)
    }

    /// In the order of their dates, whatever the order in the file: who appends the newest and who puts it on top are
    /// both right, because the dates say all.
    private func versions(_ node: YAMLNode, invoice: Cadence?) -> [PlanVersion]? {
        guard let items = reader.items(node, "versions", limit: CatalogFormat.mostVersions) else { return nil }
        var read: [(version: PlanVersion, node: YAMLNode)] = []
        var terms: [Terms] = []
        for item in items {
            let (version, newTerms) = self.version(item, invoice: invoice)
            if let newTerms {
                // Compared with every earlier one, so that the message names the line of the first.
                let known = terms.first { $0.from == newTerms.from && $0.cohort.meets(newTerms.cohort) }
                if let known {
                    let lines = Problem.overlappingVersions(from: newTerms.from, firstLine: known.line)
                    reader.add(lines, at: newTerms.node)
                }
                terms.append(newTerms)
            }
            if let version { read.append((version, item)) }
        }
        return read.map(\.version).sorted {
            ($0.from, $0.cohort.from ?? .earliest) < ($1.from, $1.cohort.from ?? .earliest)
        }
    }

    /// When and for whom a version holds; known also where its prices have mistakes.
    private struct Terms {
        var from: CivilDate
        var cohort: Cohort
        var node: YAMLNode
        var line: Int { node.position.line }
    }

    private func version(_ node: YAMLNode, invoice: Cadence?) -> (PlanVersion?, Terms?) {
        guard let fields = reader.fields(node, CatalogFormat.version, expected: "a version: 'from', 'prices' …") else {
            return (nil, nil)
        }
        let from = fields["from"].flatMap { reader.date($0) }
        let until = fields["until"].map { reader.date($0) }
        let contract = fields["contract"].map { reader.text($0, expected: "the contract's name") }
        let takesEffect: PlanVersion.TakesEffect? = fields["takes_effect"].map { reader.word($0, .effect) } ?? .now
        var cohort: Cohort? = fields["signed_up"].map(self.cohort) ?? .everyone
        cohort?.contract = contract ?? nil
        if let from, case .some(let until?) = until, from >= until, let node = fields["until"] {
            reader.add(.emptyVersion(from: from, until: until), at: node)
        }
        let prices = fields["prices"].flatMap { self.prices($0, invoice: invoice) }
        let entitlements = fields["entitlements"].map(entitlements) ?? []
        let eligible = fields["eligible"].map(conditions) ?? []
        guard let from, let cohort else { return (nil, nil) }
        let terms = Terms(from: from, cohort: cohort, node: fields["from"] ?? node)
        // An end or a contract that is there but unreadable must not become terms for all time or for all.
        if case .some(.none) = until { return (nil, terms) }
        if case .some(.none) = contract { return (nil, terms) }
        guard let prices, let entitlements, let eligible, let takesEffect else { return (nil, terms) }
        let version = PlanVersion(
            from: from, until: until ?? nil, cohort: cohort, takesEffect: takesEffect, prices: prices,
            entitlements: entitlements, eligible: eligible)
        return (version, terms)
    }

    private func cohort(_ node: YAMLNode) -> Cohort? {
        guard let fields = reader.fields(node, CatalogFormat.cohort, expected: "'from', 'before' or both") else {
            return nil
        }
        guard fields.has("from") || fields.has("before") else {
            return reader.reject(.none(of: "'from' or 'before'"), node)
        }
        let from = fields["from"].map { reader.date($0) }
        let before = fields["before"].map { reader.date($0) }
        // A side that is there but unreadable must not become an open side.
        if case .some(.none) = from { return nil }
        if case .some(.none) = before { return nil }
        let cohort = Cohort(from: from ?? nil, before: before ?? nil)
        if let from = cohort.from, let before = cohort.before, from >= before {
            return reader.reject(.emptyCohort(from: from, before: before), node)
        }
        return cohort
    }

    private func entitlements(_ node: YAMLNode) -> [Entitlement]? {
        reader.namedEntries(node, "entitlements", limit: CatalogFormat.mostEntitlements, canBeEmpty: true)?
            .compactMap(entitlement)
    }

    private func entitlement(_ entry: YAMLEntry) -> Entitlement? {
        let expected = "an entitlement: 'name' and one of 'limit', 'flag' and 'text'"
        guard let fields = reader.fields(entry.value, CatalogFormat.entitlement, expected: expected) else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "the entitlement's name") }
        let present = fields.present(CatalogFormat.entitlementValues)
        guard present.count == 1, let kind = present.first, let node = fields[kind] else {
            return reader.reject(.entitlementValue(found: present), entry.value)
        }
        let value: Entitlement.Value? =
            switch kind {
            case "limit": limit(node)
            case "flag": reader.flag(node).map { .flag($0) }
            default: reader.text(node, expected: "a text").map { .text($0) }
            }
        let meter = fields["meter"].map { node in
            kind == "limit" ? meterKey(node) : reader.reject(.meterWithoutLimit, node)
        }
        guard let name, let value else { return nil }
        // A meter that is there but unreadable must not become none.
        if case .some(.none) = meter { return nil }
        return Entitlement(key: entry.key, name: name, value: value, meter: meter ?? nil)
    }

    private func limit(_ node: YAMLNode) -> Entitlement.Value? {
        if case .scalar(let text, _) = node.content, node.kind == .text {
            if text == CatalogFormat.unlimited { return .unlimited }
            if !text.contains(where: \.isNumber) { return reader.reject(.notALimit(text), node) }
        }
        return reader.wholeNumber(node, expected: "a whole number or 'unlimited'").map { .limit($0) }
    }
}
