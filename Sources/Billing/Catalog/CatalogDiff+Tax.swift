extension CatalogDiff {
    /// Each key of the seller that says something else.
    static func seller(_ old: Seller?, _ new: Seller?) -> [CatalogChange] {
        let (before, after) = (old?.entries ?? [:], new?.entries ?? [:])
        let ordered = Seller.keys + Set(before.keys).union(after.keys).subtracting(Seller.keys).sorted()
        return ordered.compactMap { key in
            before[key] == after[key] ? nil : .seller(key: key, old: before[key], new: after[key])
        }
    }

    /// Rates are known again by place, category and first day.
    static func tax(_ old: TaxRules?, _ new: TaxRules?) -> [CatalogChange] {
        guard let old else { return new.map { [.taxBegins($0)] } ?? [] }
        guard let new else { return [.taxEnds(old)] }
        var changes: [CatalogChange] = old.prices == new.prices ? [] : [.taxPrices(old: old.prices, new: new.prices)]
        for (before, after) in pairs(old.rates, new.rates, \.identity) {
            switch (before, after) {
            case (nil, let rate?): changes.append(.taxRateAdded(rate))
            case (let rate?, nil): changes.append(.taxRateRemoved(rate))
            case (let before?, let after?) where before != after:
                changes.append(.taxRateEdited(old: before, new: after))
            default: break
            }
        }
        return changes
    }
}

extension TaxRate {
    fileprivate var identity: String { "\(place) \(category) \(from)" }
}

extension Seller {
    fileprivate static let keys = ["name", "address", "country", "region"]

    /// As the catalog says it, a number beside the country that it is for.
    fileprivate var entries: [String: String] {
        var entries = ["name": name, "address": address.joined(separator: ", "), "country": place.country.code]
        entries["region"] = place.region?.code
        entries["email"] = email?.text
        for (country, number) in taxNumbers { entries["tax_numbers.\(country)"] = number }
        return entries
    }
}
