import Billing

extension CatalogBuilder {
    /// One currency, or a list of several.
    func currencies(_ node: YAMLNode) -> [Currency]? {
        guard case .list = node.content else { return reader.currency(node).map { [$0] } }
        guard let items = reader.items(node, "currencies", limit: CatalogFormat.mostCurrencies) else { return nil }
        var currencies: [Currency] = []
        for item in items {
            guard let currency = reader.currency(item) else { continue }
            if currencies.contains(currency) {
                reader.add(.repeatedName(currency.code), at: item)
            } else {
                currencies.append(currency)
            }
        }
        return currencies.count == items.count ? currencies : nil
    }

    /// A sum of money in minor units. Without a known currency it can still be told whether the text is a decimal at all.
    func amount(_ node: YAMLNode) -> Int64? {
        perCurrency(node) { node, currency in
            guard let currency else { return reader.decimal(node).flatMap { _ in nil } }
            return reader.amount(node, currency)
        }
    }

    /// A price in major units, which may be finer than the smallest unit of the currency.
    func unitPrice(_ node: YAMLNode) -> ExactDecimal? {
        perCurrency(node) { node, _ in reader.decimal(node) }
    }

    /// What stands for the currency whose amounts are taken: one number where the catalog has one currency, and else a
    /// mapping with a number for each. All are read, so that what is wrong with any of them is said at once.
    private func perCurrency<Value>(_ node: YAMLNode, _ read: (YAMLNode, Currency?) -> Value?) -> Value? {
        let codes = currencies.map(\.code)
        guard case .mapping = node.content else {
            // Nothing is nothing in every currency.
            if codes.count > 1, case .scalar(let text, _) = node.content, let number = try? ExactDecimal(parsing: text),
                number != .zero
            {
                return reader.reject(.amountWithoutCurrency(text, codes: codes), node)
            }
            return read(node, currency)
        }
        guard let entries = reader.entries(node, expected: "amounts by currency, such as {USD: 49.00, EUR: 45.00}")
        else { return nil }
        var values: [String: Value] = [:]
        for entry in entries {
            let known = currencies.first { $0.code == entry.key }
            if known == nil, !codes.isEmpty { reader.add(.otherCurrency(entry.key, codes: codes), at: entry) }
            if let value = read(entry.value, known) { values[entry.key] = value }
        }
        let missing = codes.filter { code in !entries.contains { $0.key == code } }
        if !missing.isEmpty { return reader.reject(.missingCurrencies(missing), node) }
        return currency.flatMap { values[$0.code] }
    }
}
