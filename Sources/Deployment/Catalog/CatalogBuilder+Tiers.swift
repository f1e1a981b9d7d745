import Billing

extension CatalogBuilder {
    /// Tiers that follow each other from 0 without a gap or an overlap, the last one open.
    ///
    ///     0 ──── 1000 ──── 5000 ────▶
    ///       0.10      0.08      0.05
    func tiers(_ node: YAMLNode) -> Rate? {
        guard let items = reader.items(node, "tiers", limit: CatalogFormat.mostTiers) else { return nil }
        var tiers: [Rate.Tier] = []
        var end = TierEnd.at(0)
        for (index, item) in items.enumerated() {
            guard let fields = reader.fields(item, CatalogFormat.tier, expected: "a tier: 'up_to' and 'unit_price'")
            else {
                end = .unknown
                continue
            }
            if case .open(let line) = end { reader.add(.tierAfterOpenOne(firstLine: line), at: item) }
            if let node = fields["from"], let from = reader.wholeNumber(node) { check(from, after: end, at: node) }
            let upTo = fields["up_to"].map { reader.wholeNumber($0, least: 1) }
            let price = fields["unit_price"].flatMap { reader.decimal($0) }
            if index == items.count - 1, let node = fields["up_to"], case .some(let last?) = upTo {
                reader.add(.lastTierClosed(upTo: last), at: node)
            }
            end = next(end, upTo: upTo, fields: fields)
            if let price { tiers.append(Rate.Tier(upTo: upTo ?? nil, unitPrice: price)) }
        }
        return tiers.count == items.count ? Rate(tiers: tiers) : nil
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
