/// One version of a customer's billing details.
package struct BillingDetailVersion: Hashable, Sendable {
    /// From 1.
    package let number: Int32
    package let detail: BillingDetail
    /// The day that the run which wrote it took for today.
    package let recordedOn: CivilDate
    package let runID: Int64
    /// SHA-256 of a salt and the content, 32 bytes.
    package let digest: [UInt8]
    /// The day on which personal data was taken out of it; nil while it is there.
    package let erasedOn: CivilDate?

    /// What the next version begins with. Where the number was erased, nobody can print it on an invoice any more, so the
    /// customer is a business again only with a number that is said.
    package var successor: BillingDetail {
        var detail = detail
        if erasedOn != nil { detail.vatCountry = nil }
        return detail
    }

    package init(
        number: Int32, detail: BillingDetail, recordedOn: CivilDate, runID: Int64, digest: [UInt8], erasedOn: CivilDate?
    ) {
        self.number = number
        self.detail = detail
        self.recordedOn = recordedOn
        self.runID = runID
        self.digest = digest
        self.erasedOn = erasedOn
    }
}

/// A customer with all versions of the billing details: what `meterbook customer show` shows.
package struct CustomerStatement: Hashable, Sendable {
    package let customer: String
    package let name: String
    /// Where notices are mailed to.
    package let email: EmailAddress?
    /// The oldest first; the last one holds.
    package let versions: [BillingDetailVersion]

    package init(customer: String, name: String, email: EmailAddress?, versions: [BillingDetailVersion]) {
        self.customer = customer
        self.name = name
        self.email = email
        self.versions = versions
    }
}
