import Billing

extension CatalogBuilder {
    /// No rate is a sound answer, so whether it could be read is told apart.
    func rate(_ fields: Fields) -> (Rate?, isRead: Bool) {
        let present = fields.present(CatalogFormat.rates)
        if present.count > 1, let second = present.dropFirst().first, let entry = fields.entry(second) {
            reader.add(.severalRates(found: present), at: entry.position, path: entry.value.path)
            return (nil, false)
        }
        let chargesZero = fields["charge_zero"].map { reader.flag($0) } ?? false
        guard let kind = present.first, let node = fields[kind] else {
            if chargesZero == true, let node = fields["charge_zero"] {
                reader.add(.chargeZeroWithoutFee, at: node)
            }
            return (nil, chargesZero != nil)
        }
        let model = model(kind, node)
        guard let model, let chargesZero else { return (nil, false) }
        if chargesZero, !model.hasFee, let node = fields["charge_zero"] {
            reader.add(.chargeZeroWithoutFee, at: node)
        }
        return (Rate(model, chargesZero: chargesZero), true)
    }

    private func model(_ kind: String, _ node: YAMLNode) -> Rate.Model? {
        switch kind {
        case "unit_price":
            unitPrice(node).map { .graduated([Rate.Tier(upTo: nil, unitPrice: $0)]) }
        case "tiers": tiers(node).map { .graduated($0) }
        case "volume": tiers(node).map { .volume($0) }
        case "stair_step": steps(node).map { .stairStep($0) }
        case "package": package(node)
        default: percentage(node).map { .percentage($0) }
        }
    }

    private func package(_ node: YAMLNode) -> Rate.Model? {
        guard let fields = reader.fields(node, CatalogFormat.package, expected: "{size: 100, price: 2.00}") else {
            return nil
        }
        let size = fields["size"].flatMap { reader.wholeNumber($0, least: 1) }
        let price = fields["price"].flatMap { unitPrice($0) }
        guard let size, let price else { return nil }
        return .package(size: size, price: price)
    }

    private func percentage(_ node: YAMLNode) -> Rate.Percentage? {
        guard let fields = reader.fields(node, CatalogFormat.percentage, expected: "{percent: 2.9, fixed: 0.30}") else {
            return nil
        }
        let percent = fields["percent"].flatMap { self.percent($0) }
        let fixed = fields["fixed"].map { unitPrice($0) } ?? .zero
        guard let percent, let fixed else { return nil }
        return Rate.Percentage(percent: percent, fixed: fixed)
    }

    func percent(_ node: YAMLNode) -> ExactDecimal? {
        guard let percent = reader.decimal(node), case .scalar(let text, _) = node.content else { return nil }
        guard percent.units <= ExactDecimal.one * 100 else { return reader.reject(.beyondHundredPercent(text), node) }
        return percent
    }

    func discount(_ fields: Fields) -> Discount? {
        let effect = fields["discount"].flatMap { self.effect($0) }
        let on = fields["on"].map { chosen($0) }
        let pays = fields["pays"].map { reader.cadence($0) }
        let coupon = fields["coupon"].map { reader.text($0, expected: "the coupon's code") }
        let periods = fields["periods"].map { self.periods($0) }
        let until = fields["until"].map { reader.date($0) }
        let order: Discount.Order? = fields["order"].map { reader.word($0, .order) } ?? .afterMaximum
        if order == .beforeMaximum, case .amount = effect, let node = fields["order"] {
            reader.add(.amountBeforeMaximum, at: node)
        }
        // What is there but unreadable must not become a discount for all.
        if case .some(.none) = on { return nil }
        if case .some(.none) = pays { return nil }
        if case .some(.none) = coupon { return nil }
        if case .some(.none) = periods { return nil }
        if case .some(.none) = until { return nil }
        guard let effect, let order else { return nil }
        return Discount(
            effect: effect, on: on ?? nil, pays: pays ?? nil, coupon: coupon ?? nil,
            periods: (periods ?? nil).map { Int($0) }, until: until ?? nil, order: order)
    }

    private func periods(_ node: YAMLNode) -> Int64? {
        guard let number = reader.wholeNumber(node, least: 1) else { return nil }
        guard number <= CatalogFormat.mostPeriods else {
            return reader.reject(.numberTooLarge("\(number)", limit: CatalogFormat.mostPeriods), node)
        }
        return number
    }

    /// The keys of prices of the same version.
    func chosen(_ node: YAMLNode) -> [String]? {
        guard let items = reader.items(node, "keys of prices", limit: CatalogFormat.mostPrices) else { return nil }
        let keys = items.compactMap { item -> String? in
            guard let key = reader.scalar(item, expected: "the key of a price") else { return nil }
            return priceKeys.contains(key) ? key : reader.reject(.unknownPrice(key, known: priceKeys), item)
        }
        return keys.count == items.count ? keys : nil
    }

    private func effect(_ node: YAMLNode) -> Discount.Effect? {
        let expected = "{percent: 20} or {amount: 5.00}"
        guard let fields = reader.fields(node, CatalogFormat.discountEffect, expected: expected) else { return nil }
        let present = fields.present(CatalogFormat.discountEffects)
        guard present.count == 1, let kind = present.first, let value = fields[kind] else {
            return reader.reject(.discountEffect(found: present), node)
        }
        return kind == "percent" ? percent(value).map { .percent($0) } : amount(value).map { .amount($0) }
    }
}

extension Rate.Model {
    /// Whether something is due that does not depend on the number of units.
    fileprivate var hasFee: Bool {
        switch self {
        case .graduated(let tiers), .volume(let tiers): tiers.first.map { $0.flat != .zero } ?? false
        case .stairStep: true
        case .package: false
        case .percentage(let percentage): percentage.fixed != .zero
        }
    }
}
