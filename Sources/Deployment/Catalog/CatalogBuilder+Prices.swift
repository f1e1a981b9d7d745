import Billing

extension CatalogBuilder {
    func prices(_ node: YAMLNode, invoice: Cadence?) -> [Price]? {
        guard
            let entries = reader.namedEntries(node, "prices", limit: CatalogFormat.mostPrices, canBeEmpty: true)
        else { return nil }
        var metered: [String: (price: String, line: Int)] = [:]
        var inner = self
        inner.priceKeys = entries.map(\.key)
        let prices = entries.compactMap { entry in
            let price = inner.price(entry, invoice: invoice)
            // Two allowances on one meter would each count the same units, and the customer would pay twice for what goes
            // beyond both. Without one a meter may well be in two prices: two modules that both go by the orders.
            guard case .usage(let usage) = price?.model, usage.allowance > 0 else { return price }
            if let first = metered[usage.meter] {
                reader.add(.sameMeter(usage.meter, price: first.price, firstLine: first.line), at: entry)
            } else {
                metered[usage.meter] = (entry.key, entry.position.line)
            }
            return price
        }
        return withTaxCategories(completed(prices, entries), entries)
    }

    /// A minimum is for prices of one allowance period, which is known when all prices are read.
    private func completed(_ prices: [Price], _ entries: [YAMLEntry]) -> [Price] {
        let periods = Dictionary(
            prices.compactMap { price in
                if case .usage(let usage) = price.model { (price.key, usage.per) } else { nil }
            }
        ) { first, _ in first }
        return prices.map { price in
            guard case .minimum(var minimum) = price.model, let entry = entries.first(where: { $0.key == price.key })
            else { return price }
            if minimum.on.isEmpty { minimum.on = prices.map(\.key).filter { periods[$0] != nil } }
            let found = Set(minimum.on.map { periods[$0] })
            if found.count == 1, case .some(let per?) = found.first {
                minimum.per = per
            } else if prices.count == entries.count {
                reader.add(.minimumOfOtherPrices, at: entry)
            }
            var price = price
            price.model = .minimum(minimum)
            return price
        }
    }

    private func minimum(_ fields: Fields) -> MinimumPrice? {
        let amount = fields["minimum"].flatMap { self.amount($0) }
        let on = fields["on"].map { chosen($0) } ?? []
        let isProrated = fields["prorated"].map { reader.flag($0) } ?? false
        guard let amount, let on, let isProrated else { return nil }
        return MinimumPrice(amount: amount, on: on, per: .month, isProrated: isProrated)
    }

    private func price(_ entry: YAMLEntry, invoice: Cadence?) -> Price? {
        let kindsInWords = "a price: 'name' and one of 'flat', 'usage', 'minimum' and 'discount'"
        guard let entries = reader.entries(entry.value, expected: kindsInWords) else { return nil }
        let kinds = CatalogFormat.priceKinds.filter { kind in entries.contains { $0.key == kind } }
        guard kinds.count == 1, let kind = kinds.first else {
            return reader.reject(.priceKind(found: kinds), entry.value)
        }
        let rules =
            switch kind {
            case "flat": CatalogFormat.flatPrice
            case "usage": CatalogFormat.usagePrice
            case "minimum": CatalogFormat.minimum
            default: CatalogFormat.discount
            }
        guard let fields = reader.fields(entry.value, rules, expected: "a price") else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "what the invoice line says") }
        let model: PriceModel? =
            switch kind {
            case "flat": flat(fields, invoice: invoice).map { .flat($0) }
            case "usage": usage(fields, invoice: invoice).map { .usage($0) }
            case "minimum": minimum(fields).map { .minimum($0) }
            default: discount(fields).map { .discount($0) }
            }
        let wording = fields["wording"].map { template($0, names: Wording.ofLine) }
        let hidesZero = fields["hide_zero"].map { reader.flag($0) } ?? false
        if case .some(.none) = wording { return nil }
        let isTaxedAlone = kind == "flat" || kind == "usage"
        let category = isTaxedAlone ? taxCategory(fields, entry) : TaxRules.standard
        guard let name, let model, let hidesZero, let category else { return nil }
        return Price(
            key: entry.key, name: name, model: model, wording: wording ?? nil, hidesZero: hidesZero,
            taxCategory: category)
    }

    private func flat(_ fields: Fields, invoice: Cadence?) -> FlatPrice? {
        let amounts = fields["flat"].flatMap { self.amounts($0, invoice: invoice) }
        let charged: FlatPrice.Charged? = fields["charged"].map { reader.word($0, .charged) } ?? .inArrears
        let isProrated = fields["prorated"].map { reader.flag($0) } ?? false
        guard let amounts, let charged, let isProrated else { return nil }
        return FlatPrice(amounts: amounts, charged: charged, isProrated: isProrated)
    }

    private func amounts(_ node: YAMLNode, invoice: Cadence?) -> [FlatPrice.Amount]? {
        guard let entries = reader.entries(node, expected: "amounts by cadence, such as {month: 49.00}") else {
            return nil
        }
        guard !entries.isEmpty else { return reader.reject(.none(of: "amounts"), node) }
        guard entries.count <= CatalogFormat.mostAmounts else {
            return reader.reject(.tooMany("amounts", count: entries.count, limit: CatalogFormat.mostAmounts), node)
        }
        var first: [Cadence: YAMLEntry] = [:]
        var amounts: [FlatPrice.Amount] = []
        for entry in entries {
            let minor = amount(entry.value)
            guard let cadence = Cadence(entry.key) else {
                reader.add(.unknownCadence(entry.key), at: entry)
                continue
            }
            if let known = first[cadence] {
                reader.add(.sameCadence(entry.key, first: known.key, firstLine: known.position.line), at: entry)
            }
            first[cadence] = first[cadence] ?? entry
            if let invoice, !cadence.isMultiple(of: invoice) {
                reader.add(.flatCadence(cadence, invoice: invoice), at: entry)
            }
            if let minor { amounts.append(FlatPrice.Amount(cadence: cadence, minor: minor)) }
        }
        return amounts
    }

    private func usage(_ fields: Fields, invoice: Cadence?) -> UsagePrice? {
        let meter = fields["usage"].flatMap(meterKey)
        let allowance: Int64? = fields["allowance"].map { reader.wholeNumber($0) } ?? 0
        let per = fields["per"].map { reader.cadence($0) } ?? invoice
        if let per, let invoice, let node = fields["per"], !per.isMultiple(of: invoice) {
            reader.add(.allowancePeriod(per, invoice: invoice), at: node)
        }
        let (rate, isRateRead) = rate(fields)
        let alreadyPaid = fields["already_paid"].map { reader.flag($0) } ?? false
        // Without a rate nothing is charged whatever was paid before: who writes this expects something to happen.
        if alreadyPaid == true, let node = fields["already_paid"], fields.present(CatalogFormat.rates).isEmpty {
            reader.add(.alreadyPaidWithoutRate, at: node)
        }
        let maximum = fields["maximum"].map { amount($0) }
        let alerts = fields["alerts"].map { self.alerts($0, allowance: allowance) } ?? []
        // A bound that is there but unreadable must not become no bound.
        if case .some(.none) = maximum { return nil }
        let isProrated = fields["prorated"].map { reader.flag($0) } ?? false
        checkWindow(meter, per, alreadyPaid: alreadyPaid, fields, invoice: invoice)
        guard let meter, let allowance, let per, isRateRead, let alreadyPaid, let isProrated, let alerts else {
            return nil
        }
        return UsagePrice(
            meter: meter, allowance: allowance, per: per, rate: rate, alreadyPaid: alreadyPaid,
            maximum: maximum ?? nil, isProrated: isProrated, alerts: alerts)
    }

    /// A meter that is no running total has one quantity for each billing period: it can neither be counted over several
    /// nor divided within one.
    private func checkWindow(
        _ meter: String?, _ per: Cadence?, alreadyPaid: Bool?, _ fields: Fields, invoice: Cadence?
    ) {
        guard let meter, let definition = meters[meter], !definition.isRunning else { return }
        if let per, let invoice, per != invoice, per.isMultiple(of: invoice), let node = fields["per"] {
            reader.add(.meterPeriod(per, meter: meter, invoice: invoice), at: node)
        }
        if alreadyPaid == true, let node = fields["already_paid"] {
            reader.add(.alreadyPaidByWindow(meter), at: node)
        }
    }

    func meterKey(_ node: YAMLNode) -> String? {
        guard let key = reader.scalar(node, expected: "the key of a meter") else { return nil }
        return meterKeys.contains(key) ? key : reader.reject(.unknownMeter(key, known: meterKeys), node)
    }
}
