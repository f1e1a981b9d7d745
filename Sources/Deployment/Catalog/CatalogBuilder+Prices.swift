import Billing

extension CatalogBuilder {
    func prices(_ node: YAMLNode, invoice: Cadence?) -> [Price]? {
        guard
            let entries = reader.namedEntries(node, "prices", limit: CatalogFormat.mostPrices, canBeEmpty: true)
        else { return nil }
        var metered: [String: (price: String, line: Int)] = [:]
        return entries.compactMap { entry in
            let price = self.price(entry, invoice: invoice)
            guard case .usage(let usage) = price?.model else { return price }
            // Two allowances on one meter would each count the same units, and the customer would pay twice.
            if let first = metered[usage.meter] {
                reader.add(.sameMeter(usage.meter, price: first.price, firstLine: first.line), at: entry)
            } else {
                metered[usage.meter] = (entry.key, entry.position.line)
            }
            return price
        }
    }

    private func price(_ entry: YAMLEntry, invoice: Cadence?) -> Price? {
        guard let entries = reader.entries(entry.value, expected: "a price: 'name' and one of 'flat' and 'usage'")
        else {
            return nil
        }
        let kinds = ["flat", "usage"].filter { kind in entries.contains { $0.key == kind } }
        guard kinds.count == 1, let kind = kinds.first else {
            return reader.reject(.priceKind(found: kinds), entry.value)
        }
        let rules = kind == "flat" ? CatalogFormat.flatPrice : CatalogFormat.usagePrice
        guard let fields = reader.fields(entry.value, rules, expected: "a price") else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "what the invoice line says") }
        let model: PriceModel? =
            if kind == "flat" {
                fields["flat"].flatMap { flat($0, invoice: invoice) }.map { .flat($0) }
            } else {
                usage(fields, invoice: invoice).map { .usage($0) }
            }
        guard let name, let model else { return nil }
        return Price(key: entry.key, name: name, model: model)
    }

    private func flat(_ node: YAMLNode, invoice: Cadence?) -> FlatPrice? {
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
        return FlatPrice(amounts: amounts)
    }

    /// Without a known currency it can still be told whether the text is a decimal at all.
    private func amount(_ node: YAMLNode) -> Int64? {
        guard let currency else { return reader.decimal(node).flatMap { _ in nil } }
        return reader.amount(node, currency)
    }

    private func usage(_ fields: Fields, invoice: Cadence?) -> UsagePrice? {
        let meter = fields["usage"].flatMap(meterKey)
        let allowance = fields["allowance"].flatMap { reader.wholeNumber($0) }
        let per = fields["per"].flatMap { reader.cadence($0) }
        if let per, let invoice, let node = fields["per"], !per.isMultiple(of: invoice) {
            reader.add(.allowancePeriod(per, invoice: invoice), at: node)
        }
        let (rate, isRateRead) = rate(fields)
        let alreadyPaid = fields["already_paid"].map { reader.flag($0) } ?? false
        // Without a rate nothing is charged whatever was paid before: who writes this expects something to happen.
        if alreadyPaid == true, let node = fields["already_paid"], fields.present(["unit_price", "tiers"]).isEmpty {
            reader.add(.alreadyPaidWithoutRate, at: node)
        }
        checkWindow(meter, per, alreadyPaid: alreadyPaid, fields, invoice: invoice)
        guard let meter, let allowance, let per, isRateRead, let alreadyPaid else { return nil }
        return UsagePrice(meter: meter, allowance: allowance, per: per, rate: rate, alreadyPaid: alreadyPaid)
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

    private func meterKey(_ node: YAMLNode) -> String? {
        guard let key = reader.scalar(node, expected: "the key of a meter") else { return nil }
        return meterKeys.contains(key) ? key : reader.reject(.unknownMeter(key, known: meterKeys), node)
    }

    /// No rate is a sound answer, so whether it could be read is told apart.
    private func rate(_ fields: Fields) -> (Rate?, isRead: Bool) {
        switch (fields["unit_price"], fields["tiers"]) {
        case (nil, nil): return (nil, true)
        case (let unitPrice?, nil):
            guard let price = reader.decimal(unitPrice) else { return (nil, false) }
            return (Rate(tiers: [Rate.Tier(upTo: nil, unitPrice: price)]), true)
        case (nil, let tiers?):
            let rate = self.tiers(tiers)
            return (rate, rate != nil)
        case (_?, let tiers?):
            reader.add(.unitPriceAndTiers, at: fields.entry("tiers")?.position ?? tiers.position, path: tiers.path)
            return (nil, false)
        }
    }
}
