import Billing

extension CatalogBuilder {
    func seller(_ node: YAMLNode) -> Seller? {
        let expected = "a seller: 'name', 'address', 'country'"
        guard let fields = reader.fields(node, CatalogFormat.seller, expected: expected) else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "the seller's name") }
        let address = fields["address"].flatMap { self.address($0) }
        let place = place(fields)
        let numbers = fields["tax_numbers"].map { taxNumbers($0) } ?? [:]
        let email = fields["email"].map { self.email($0) }
        guard let name, let address, let place, let numbers else { return nil }
        // An address that is there but unreadable must not become none.
        if case .some(.none) = email { return nil }
        return Seller(name: name, address: address, place: place, taxNumbers: numbers, email: email ?? nil)
    }

    private func address(_ node: YAMLNode) -> [String]? {
        guard let items = reader.items(node, "lines", limit: CatalogFormat.mostAddressLines) else { return nil }
        let lines = items.compactMap { reader.text($0, expected: "a line of the address") }
        return lines.count == items.count ? lines : nil
    }

    private func email(_ node: YAMLNode) -> EmailAddress? {
        guard let text = reader.text(node, expected: "a mail address") else { return nil }
        return EmailAddress(text) ?? reader.reject(.notAnAddress(text), node)
    }

    private func taxNumbers(_ node: YAMLNode) -> [Country: String]? {
        guard let entries = reader.entries(node, expected: "numbers by country, such as {DE: DE123456789}") else {
            return nil
        }
        guard entries.count <= CatalogFormat.mostTaxNumbers else {
            return reader.reject(
                .tooMany("tax numbers", count: entries.count, limit: CatalogFormat.mostTaxNumbers), node)
        }
        var numbers: [Country: String] = [:]
        for entry in entries {
            let number = reader.text(
                entry.value, expected: "a tax number", limit: CatalogFormat.longestTaxNumber)
            guard let country = Country(code: entry.key) else {
                reader.add(.unknownCountry(entry.key), at: entry)
                continue
            }
            guard let number else { continue }
            if TaxNumber.isSellers(number, in: country) {
                numbers[country] = number
            } else {
                reader.add(.notATaxNumber(number, country), at: entry.value)
            }
        }
        return numbers.count == entries.count ? numbers : nil
    }

    /// `country` and `region` of a seller or a rate.
    private func place(_ fields: Fields) -> TaxPlace? {
        guard let node = fields["country"] else { return nil }
        let country: Country? = reader.scalar(node, expected: "the code of a country, such as DE").flatMap { text in
            Country(code: text) ?? reader.reject(.unknownCountry(text), node)
        }
        guard let country else { return nil }
        guard let node = fields["region"] else { return TaxPlace(country: country) }
        let region: Region? = reader.scalar(node, expected: "the code of a region, such as NY").flatMap { text in
            Region(text, of: country) ?? reader.reject(.notARegion(text, country), node)
        }
        return region.map { TaxPlace(country: country, region: $0) }
    }

    /// - Parameter hasSeller: whether the catalog says who sells, also with mistakes.
    func tax(_ node: YAMLNode, hasSeller: Bool) -> TaxRules? {
        guard let fields = reader.fields(node, CatalogFormat.tax, expected: "'prices' and 'rates'") else { return nil }
        if !hasSeller { reader.add(.taxWithoutSeller, at: node) }
        let prices: TaxRules.Prices? = fields["prices"].flatMap { reader.word($0, .taxPrices) }
        let rates = fields["rates"].flatMap { self.rates($0) }
        guard let prices, let rates else { return nil }
        return TaxRules(prices: prices, rates: rates)
    }

    private func rates(_ node: YAMLNode) -> [TaxRate]? {
        guard let items = reader.items(node, "rates", limit: CatalogFormat.mostRates) else { return nil }
        var read: [(rate: TaxRate, line: Int)] = []
        for item in items {
            guard let rate = taxRate(item) else { continue }
            if let first = read.first(where: { $0.rate.contradicts(rate) }) {
                reader.add(
                    .overlappingRates(
                        place: rate.place, category: rate.category, from: rate.from, first: first.rate.from,
                        firstLine: first.line), at: item)
            }
            read.append((rate, item.position.line))
        }
        return read.count == items.count ? read.map(\.rate) : nil
    }

    private func taxRate(_ node: YAMLNode) -> TaxRate? {
        let expected = "a rate: 'country', 'from', 'percent'"
        guard let fields = reader.fields(node, CatalogFormat.taxRate, expected: expected) else { return nil }
        let place = place(fields)
        let category = fields["category"].map { rateCategory($0) } ?? TaxRules.standard
        let from = fields["from"].flatMap { reader.date($0) }
        let until = fields["until"].map { reader.date($0) }
        let percent = fields["percent"].flatMap { self.percent($0) }
        if let from, case .some(let until?) = until, from >= until, let node = fields["until"] {
            return reader.reject(.emptyVersion(from: from, until: until), node)
        }
        guard let place, let category, let from, let percent else { return nil }
        // An end that is there but unreadable must not become a rate for all time.
        if case .some(.none) = until { return nil }
        return TaxRate(place: place, category: category, from: from, until: until ?? nil, percent: percent)
    }

    private func rateCategory(_ node: YAMLNode) -> String? {
        let category = reader.identifier(node, expected: "a tax category, such as standard")
        return category == TaxRules.exempt ? reader.reject(.rateOfExempt, node) : category
    }

    /// The tax category of a price: one that has a rate, or `exempt`.
    func taxCategory(_ fields: Fields, _ entry: YAMLEntry) -> String? {
        guard let node = fields["tax"] else {
            // Without this price's rate no invoice with it could be taxed.
            if let known = taxCategories, !known.contains(TaxRules.standard) {
                reader.add(.unknownCategory(TaxRules.standard, known: known), at: entry)
            }
            return TaxRules.standard
        }
        guard let category = reader.identifier(node, expected: "a tax category, such as standard") else { return nil }
        if !hasTax { return reader.reject(.categoryWithoutTax(category), node) }
        guard let known = taxCategories, !known.contains(category) else { return category }
        return reader.reject(.unknownCategory(category, known: known), node)
    }

    /// A discount and a minimum are taxed as the prices that they are for, known when all prices are read.
    func withTaxCategories(_ prices: [Price], _ entries: [YAMLEntry]) -> [Price] {
        let isWhole = prices.count == entries.count
        return prices.map { price in
            let keys: [String]?
            switch price.model {
            case .discount(let discount): keys = discount.on
            case .minimum(let minimum): keys = minimum.on
            case .flat, .usage: return price
            }
            let others = prices.filter { !$0.takesTaxCategory && (keys?.contains($0.key) ?? true) }
            var categories: [String] = []
            for other in others where !categories.contains(other.taxCategory) { categories.append(other.taxCategory) }
            if categories.count > 1, isWhole, let entry = entries.first(where: { $0.key == price.key }) {
                reader.add(.severalCategories(categories), at: entry)
            }
            var price = price
            price.taxCategory = categories.first ?? TaxRules.standard
            return price
        }
    }
}
