package import Billing

/// A customer with all versions of the billing details, as JSON.
package enum CustomerJSON {
    /// `meterbook.customer/1`
    package static func render(_ statement: CustomerStatement) -> String {
        JSONWriter.document("meterbook.customer/1", .pretty) { writer in
            writer.member("customer", statement.customer)
            writer.member("name", statement.name)
            writer.member("email", statement.email?.text)
            writer.array("details", of: statement.versions) { writer, version in
                writer.member("version", version.number)
                write(version.detail, to: &writer)
                writer.member("recorded_on", version.recordedOn)
                writer.member("run", version.runID)
                writer.member("digest", DigestText.hex(version.digest))
                if let day = version.erasedOn { writer.member("erased_on", day) }
            }
        }
    }

    private static func write(_ detail: BillingDetail, to writer: inout JSONWriter) {
        writer.member("legal_name", detail.legalName)
        if !detail.address.isEmpty { writer.member("address", detail.address) }
        writer.member("postal_code", detail.postalCode)
        writer.member("city", detail.city)
        writer.member("region", detail.region?.code)
        writer.member("country", detail.country?.code)
        writer.member("tax_number", detail.taxNumber)
        writer.member("vat_country", detail.vatCountry?.code)
        writer.member("po_number", detail.poNumber)
        writer.member("email", detail.email?.text)
        writer.member("language", detail.language?.text)
        writer.member("tax_exempt", detail.taxExempt)
    }
}
