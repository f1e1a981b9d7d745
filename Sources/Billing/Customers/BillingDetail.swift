/// What an invoice says of the customer, and what its tax goes by: the content of one version of the billing details.
///
/// A version is never changed: what is different becomes the next one, and an invoice keeps the number of the one that it
/// was made with. All texts are on one line, at most 200 bytes, and nil where nothing is known.
package struct BillingDetail: Hashable, Sendable {
    package var legalName: String?
    /// The lines between the name and the city.
    package var address: [String]
    package var postalCode: String?
    package var city: String?
    package var region: Region?
    package var country: Country?
    package var taxNumber: String?
    /// The country whose VAT number the tax number is; it stays known where personal data was erased.
    package var vatCountry: Country?
    /// The customer's number for the order, which invoices repeat.
    package var poNumber: String?
    /// Where notices were sent when the version was written.
    package var email: EmailAddress?
    package var language: LanguageTag?
    /// Why the customer pays no tax; nil for who does.
    package var taxExempt: String?

    package static let mostAddressLines = 3

    package init(
        legalName: String? = nil, address: [String] = [], postalCode: String? = nil, city: String? = nil,
        region: Region? = nil, country: Country? = nil, taxNumber: String? = nil, vatCountry: Country? = nil,
        poNumber: String? = nil, email: EmailAddress? = nil, language: LanguageTag? = nil, taxExempt: String? = nil
    ) {
        self.legalName = legalName
        self.address = address
        self.postalCode = postalCode
        self.city = city
        self.region = region
        self.country = country
        self.taxNumber = taxNumber
        self.vatCountry = vatCountry
        self.poNumber = poNumber
        self.email = email
        self.language = language
        self.taxExempt = taxExempt
    }

    /// What tax goes by; nil where no country is known.
    package var taxBuyer: TaxBuyer? {
        country.map {
            TaxBuyer(place: TaxPlace(country: $0, region: region), vatCountry: vatCountry, exemptReason: taxExempt)
        }
    }
}
