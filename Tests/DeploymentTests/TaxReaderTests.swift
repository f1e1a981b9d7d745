import Billing
import Deployment
import Testing

@Suite("Seller and tax of a catalog")
struct TaxReaderTests {
    private static let seller = "{name: Shop, address: [Street 1], country: DE, tax_numbers: {DE: DE123456789}}"
    private static let rates = """
        [{country: DE, from: 2007-01-01, percent: 19}, {country: DE, category: reduced, from: 2007-01-01, percent: 7}]
        """

    /// A catalog with these parts at its top and these prices.
    private static func catalog(
        seller: String? = seller, tax: String? = "{prices: exclusive, rates: \(rates)}",
        prices: String = "{base: {flat: {month: 1}, name: Base}}"
    ) -> String {
        """
        catalog: shop
        currency: EUR
        \(seller.map { "seller: \($0)" } ?? "")
        \(tax.map { "tax: \($0)" } ?? "")
        \(Samples.meters)
        plans:
          basic:
            name: Basic
            invoice: month
            versions: [{from: 2020-01-01, prices: \(prices)}]
        """
    }

    private static func rate(_ text: String) -> String {
        catalog(tax: "{prices: exclusive, rates: [{country: DE, from: 2007-01-01, percent: 19}, \(text)]}")
    }

    private static func seller(_ text: String) -> String {
        catalog(seller: "{name: Shop, address: [Street 1], \(text)}")
    }

    static let mistakes: [Mistake] = [
        Mistake("missing_key", catalog(seller: "▸{name: Shop, country: DE}")),
        Mistake("unknown_country", seller("country: ▸de")),
        Mistake("unknown_country", seller("country: ▸EL")),
        Mistake("not_a_region", seller("country: US, region: ▸New York")),
        Mistake("not_a_region", seller("country: US, region: ▸CA-ON")),
        Mistake("unknown_country", seller("country: DE, tax_numbers: {▸EL: EL123456789}")),
        Mistake("not_a_tax_number", seller("country: DE, tax_numbers: {DE: ▸DE12345678}")),
        Mistake("not_an_address", seller("country: DE, email: ▸nobody")),
        Mistake("none", catalog(seller: "{name: Shop, address: ▸[], country: DE}")),
        Mistake("tax_without_seller", catalog(seller: nil, tax: "▸{prices: exclusive, rates: \(rates)}")),
        Mistake("missing_key", catalog(tax: "▸{rates: \(rates)}")),
        Mistake("unknown_tax_prices", catalog(tax: "{prices: ▸gross, rates: \(rates)}")),
        Mistake("none", catalog(tax: "{prices: exclusive, rates: ▸[]}")),
        Mistake("rate_of_exempt", rate("{country: DE, category: ▸exempt, from: 2007-01-01, percent: 0}")),
        Mistake("beyond_hundred_percent", rate("{country: FR, from: 2007-01-01, percent: ▸100.5}")),
        Mistake("empty_version", rate("{country: FR, from: 2007-01-01, until: ▸2007-01-01, percent: 20}")),
        Mistake("overlapping_rates", rate("▸{country: DE, from: 2007-01-01, until: 2008-01-01, percent: 20}")),
        Mistake("unknown_category", catalog(prices: "{base: {flat: {month: 1}, name: Base, tax: ▸reducd}}")),
        Mistake(
            "unknown_category",
            catalog(
                tax: "{prices: exclusive, rates: [{country: DE, category: food, from: 2007-01-01, percent: 7}]}",
                prices: "{▸base: {flat: {month: 1}, name: Base}}")),
        Mistake(
            "category_without_tax",
            catalog(seller: nil, tax: nil, prices: "{base: {flat: {month: 1}, name: Base, tax: ▸reduced}}")),
        Mistake(
            "several_categories",
            catalog(
                prices: """
                    {base: {flat: {month: 1}, name: Base}, book: {flat: {month: 1}, name: Book, tax: reduced}, \
                    ▸off: {discount: {percent: 10}, name: Off}}
                    """)),
        Mistake(
            "unknown_key", catalog(prices: "{off: {discount: {percent: 10}, name: Off, ▸tax: reduced}}")),
    ]

    @Test("A mistake is told by its place and code", arguments: mistakes)
    func mistake(_ mistake: Mistake) {
        let found = problems(mistake.text)
        #expect(mistake.matches(found), "expected \(mistake.line):\(mistake.column) \(mistake.code), got \(found)")
    }

    @Test("A message names both rates that overlap, and what was probably meant")
    func messages() {
        let text = """
            catalog: shop
            currency: EUR
            seller: {name: Shop, address: [Street 1], country: UK}
            tax:
              prices: exclusive
              rates:
                - {country: DE, from: 2020-01-01, until: 2021-01-01, percent: 19}
                - {country: DE, from: 2020-07-01, percent: 16}
            plans: {basic: {name: Basic, invoice: month, versions: [{from: 2020-01-01, prices: {}}]}}
            """
        #expect(
            problems(text).map(\.description) == [
                "catalog.yaml:3:52: seller.country: found 'UK', expected the two capital letters of a country in ISO "
                    + "3166-1, such as DE (write GB)",
                "catalog.yaml:8:7: tax.rates[1]: found a rate for DE, category 'standard', from 2020-07-01 that overlaps "
                    + "the one from 2020-01-01 on line 7, expected one rate on each day: another 'from' or 'until', or one "
                    + "within the days of the other",
            ])
    }

    @Test("Seller, rates and categories are read; a discount and a minimum have the category of their prices")
    func read() throws {
        let text = """
            catalog: shop
            currency: [EUR, USD]
            seller:
              name: Shop
              address: [Street 1, 12345 Town]
              country: US
              region: US-NY
              tax_numbers: {US: 12-3456789, FR: EU123456789}
              email: billing@shop.example
            tax:
              prices: inclusive
              rates:
                - {country: US, region: NY, from: 2019-01-01, percent: 8.875}
                - {country: FR, category: books, from: 2012-01-01, until: 2030-01-01, percent: 5.5}
            \(Samples.meters)
            plans:
              basic:
                name: Basic
                invoice: month
                versions:
                  - from: 2020-01-01
                    prices:
                      base: {flat: {month: {EUR: 1, USD: 1}}, name: Base}
                      book: {flat: {month: {EUR: 1, USD: 1}}, name: Book, tax: books}
                      orders: {usage: orders, name: Orders, unit_price: {EUR: 1, USD: 1}, tax: exempt}
                      least: {minimum: {EUR: 5, USD: 5}, name: Least}
                      off: {discount: {percent: 10}, name: Off, on: [book]}
            """
        let catalog = try CatalogReader.read(text: text, file: "catalog.yaml").get()
        let us = try #require(Country(code: "US"))
        let france = try #require(Country(code: "FR"))
        #expect(
            catalog.seller
                == Seller(
                    name: "Shop", address: ["Street 1", "12345 Town"],
                    place: TaxPlace(country: us, region: Region("NY", of: us)),
                    taxNumbers: [us: "12-3456789", france: "EU123456789"], email: EmailAddress("billing@shop.example")))
        #expect(
            catalog.tax
                == TaxRules(
                    prices: .inclusive,
                    rates: [
                        TaxRate(
                            place: TaxPlace(country: us, region: Region("NY", of: us)), from: try day("2019-01-01"),
                            percent: try ExactDecimal(parsing: "8.875")),
                        TaxRate(
                            place: TaxPlace(country: france), category: "books", from: try day("2012-01-01"),
                            until: try day("2030-01-01"), percent: try ExactDecimal(parsing: "5.5")),
                    ]))
        let prices = catalog.plans[0].versions[0].prices
        #expect(prices.map(\.taxCategory) == ["standard", "books", "exempt", "exempt", "books"])
        #expect(catalog.editions.map(\.tax) == [catalog.tax])
        #expect(catalog.editions.map(\.seller) == [catalog.seller])
    }

    private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
}
