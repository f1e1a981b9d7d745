import Billing

extension CatalogBuilder {
    /// Tiers that follow each other from 0 without a gap or an overlap, the last one open.
    ///
    ///     0 ──── 1000 ──── 5000 ────▶
    ///       0.10      0.08      0.05
    func tiers(_ node: YAMLNode) -> [Rate.Tier]? {
        ladder(node, "tiers", CatalogFormat.tier, expected: "a tier: 'up_to' and 'unit_price'") { fields, upTo in
            let price = fields["unit_price"].map { unitPrice($0) } ?? .zero
            let flat = fields["flat"].map { unitPrice($0) } ?? .zero
            guard fields.has("unit_price") || fields.has("flat") else {
                return reader.reject(
                    .missingKey("unit_price", meaning: "the price of one unit of the tier"), fields.node)
            }
            guard let price, let flat else { return nil }
            return Rate.Tier(upTo: upTo, unitPrice: price, flat: flat)
        }
    }

    /// The same for steps.
    func steps(_ node: YAMLNode) -> [Rate.Step]? {
        ladder(node, "steps", CatalogFormat.step, expected: "a step: 'up_to' and 'amount'") { fields, upTo in
            fields["amount"].flatMap { unitPrice($0) }.map { Rate.Step(upTo: upTo, amount: $0) }
        }
    }

    private func ladder<Rung>(
        _ node: YAMLNode, _ what: String, _ rules: [KeyRule], expected: String, _ rung: (Fields, Int64?) -> Rung?
    ) -> [Rung]? {
        guard let items = reader.items(node, what, limit: CatalogFormat.mostTiers) else { return nil }
        var rungs: [Rung] = []
        var end = TierEnd.at(0)
        for (index, item) in items.enumerated() {
            guard let fields = reader.fields(item, rules, expected: expected) else {
                end = .unknown
                continue
            }
            if case .open(let line) = end { reader.add(.tierAfterOpenOne(firstLine: line), at: item) }
            if let node = fields["from"], let from = reader.wholeNumber(node) { check(from, after: end, at: node) }
            let upTo = fields["up_to"].map { reader.wholeNumber($0, least: 1) }
            if index == items.count - 1, let node = fields["up_to"], case .some(let last?) = upTo {
                reader.add(.lastTierClosed(upTo: last), at: node)
            }
            end = next(end, upTo: upTo, fields: fields)
            if let rung = rung(fields, upTo ?? nil) { rungs.append(rung) }
        }
        return rungs.count == items.count ? rungs : nil
    }

    /// Where the tiers read so far end.
    private enum TierEnd {
        case at(Int64)
        case open(line: Int)
        /// After a tier that could not be read: what follows cannot be compared with it.
        case unknown
    }

    private func check(_ from: Int64, after end: TierEnd, at node: YAMLNode) {
        guard case .at(let previous) = end, from != previous else { return }
        reader.add(
            from > previous
                ? .tierGap(from: from, previous: previous) : .tierOverlap(from: from, previous: previous), at: node)
    }

    private func next(_ end: TierEnd, upTo: Int64??, fields: Fields) -> TierEnd {
        switch upTo {
        case .none: return .open(line: fields.node.position.line)
        case .some(.none): return .unknown
        case .some(.some(let upTo)):
            if case .at(let previous) = end, upTo <= previous, let node = fields["up_to"] {
                reader.add(.tierNotAscending(upTo: upTo, previous: previous), at: node)
            }
            return .at(upTo)
        }
    }
}
