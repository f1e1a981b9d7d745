import Billing

/// Sellers, buyers and rates that the tests of tax are told with.
enum TaxCases {
    /// Sells from Berlin and declares tax in Germany alone.
    static func berlin(_ numbers: [String: String] = ["DE": "DE123456789"]) throws -> Seller {
        try seller("DE", numbers)
    }

    static func seller(_ country: String, region: String? = nil, _ numbers: [String: String] = [:]) throws -> Seller {
        var byCountry: [Country: String] = [:]
        for (code, number) in numbers { byCountry[try self.country(code)] = number }
        return Seller(
            name: "Example GmbH", address: ["Rosenweg 1"], place: try place(country, region), taxNumbers: byCountry)
    }

    static func buyer(
        _ country: String, _ region: String? = nil, vat: String? = nil, exempt: String? = nil
    ) throws -> TaxBuyer {
        TaxBuyer(
            place: try place(country, region), vatCountry: try vat.map { try self.country($0) }, exemptReason: exempt)
    }

    static func country(_ code: String) throws -> Country {
        guard let country = Country(code: code) else { throw Missing(what: code) }
        return country
    }

    static func place(_ country: String, _ region: String? = nil) throws -> TaxPlace {
        let country = try self.country(country)
        guard let region else { return TaxPlace(country: country) }
        guard let known = Region(region, of: country) else { throw Missing(what: region) }
        return TaxPlace(country: country, region: known)
    }

    static func rate(
        _ country: String, _ region: String? = nil, _ category: String = "standard", from: String, until: String? = nil,
        _ percent: String
    ) throws -> TaxRate {
        TaxRate(
            place: try place(country, region), category: category, from: day(from), until: until.map(day),
            percent: try ExactDecimal(parsing: percent))
    }

    /// Germany as it was, with the half year of 16 % in the midst of 19 % (Zweites Corona-Steuerhilfegesetz, § 28 UStG).
    static func germany(_ prices: TaxRules.Prices = .exclusive) throws -> TaxRules {
        TaxRules(
            prices: prices,
            rates: [
                try rate("DE", from: "2007-01-01", "19"),
                try rate("DE", from: "2020-07-01", until: "2021-01-01", "16"),
                try rate("DE", nil, "reduced", from: "2007-01-01", "7"),
                try rate("DE", nil, "reduced", from: "2020-07-01", until: "2021-01-01", "5"),
            ])
    }

    /// Subtotals as a table: treatment, place, category, percent, net, tax.
    static func table(_ assessment: TaxAssessment) -> [String] {
        assessment.subtotals.map {
            "\($0.treatment.rawValue) \($0.place.map(\.description) ?? "-") \($0.category) \($0.percent) \($0.net) \($0.tax)"
        }
    }

    struct Missing: Error {
        let what: String
    }
}
