/// Who writes the invoices, as the catalog says it.
package struct Seller: Hashable, Sendable {
    package var name: String
    /// The lines of the address below the name.
    package var address: [String]
    /// Where the seller is established: the place that its supplies are taxed from.
    package var place: TaxPlace
    /// The numbers under which it declares tax, by the country. One for another country than its own says that it is
    /// registered there, or declares that country's tax by the one-stop-shop.
    package var taxNumbers: [Country: String]
    package var email: EmailAddress?

    package init(
        name: String, address: [String], place: TaxPlace, taxNumbers: [Country: String] = [:],
        email: EmailAddress? = nil
    ) {
        self.name = name
        self.address = address
        self.place = place
        self.taxNumbers = taxNumbers
        self.email = email
    }
}

/// A customer, as far as tax goes by it: what stays of the billing details when personal data is erased.
package struct TaxBuyer: Hashable, Sendable {
    package var place: TaxPlace
    /// The country whose VAT number the customer has; nil where it has none, and so is no business for tax.
    package var vatCountry: Country?
    /// Why the customer pays no tax at all; nil for who does.
    package var exemptReason: String?

    package init(place: TaxPlace, vatCountry: Country? = nil, exemptReason: String? = nil) {
        self.place = place
        self.vatCountry = vatCountry
        self.exemptReason = exemptReason
    }
}
