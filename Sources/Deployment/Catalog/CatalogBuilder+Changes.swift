import Billing

extension CatalogBuilder {
    /// When a change of plan takes effect for which nobody names a day.
    ///
    /// - Parameter planKeys: of all plans, also of those with mistakes.
    /// - Returns: nil where it has mistakes.
    func changes(_ node: YAMLNode, planKeys: [String]) -> ChangePolicy?? {
        let expected = "'order', and 'up' and 'down' with now or renewal"
        guard let fields = reader.fields(node, CatalogFormat.changes, expected: expected) else { return nil }
        let order = fields["order"].flatMap { self.order($0, planKeys: planKeys) }
        let up: ChangePolicy.Effect? = fields["up"].map { reader.word($0, .changeEffect) } ?? .now
        let down: ChangePolicy.Effect? = fields["down"].map { reader.word($0, .changeEffect) } ?? .renewal
        guard let order, let up, let down else { return nil }
        return ChangePolicy(order: order, up: up, down: down)
    }

    /// Plans from the lowest to the highest, each once.
    private func order(_ node: YAMLNode, planKeys: [String]) -> [String]? {
        guard let items = reader.items(node, "keys of plans", limit: CatalogFormat.mostPlans) else { return nil }
        guard items.count >= 2 else { return reader.reject(.shortLadder(count: items.count), node) }
        var order: [String] = []
        for item in items {
            guard let key = reader.text(item, expected: "the key of a plan") else { continue }
            if !planKeys.contains(key) {
                reader.add(.unknownPlan(key, known: planKeys), at: item)
            } else if order.contains(key) {
                reader.add(.repeatedName(key), at: item)
            } else {
                order.append(key)
            }
        }
        return order.count == items.count ? order : nil
    }
}
