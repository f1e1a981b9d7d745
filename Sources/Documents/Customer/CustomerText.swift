package import Billing

/// A customer with the billing details, for a terminal of 80 columns or a pipe.
package enum CustomerText {
    package static func render(_ statement: CustomerStatement) -> String {
        var page = TextPage()
        guard let newest = statement.versions.last else {
            page.pair("Customer \(statement.customer)", "no billing details")
            page.paragraph(statement.name)
            if let email = statement.email {
                page.blank()
                page.fact("notices to", email.text)
            }
            return page.text
        }
        page.pair("Customer \(statement.customer)", "billing details, version \(newest.number)")
        page.paragraph(statement.name)
        page.blank()
        if let day = newest.erasedOn { page.fact("erased", "on \(day): sources change nothing of the customer") }
        for (label, value) in facts(newest.detail) { page.fact(label, value) }
        if let email = statement.email { page.fact("notices to", email.text) }
        page.blank()
        var table = TextTable([
            .right("Version"), .fixed("Recorded"), .right("Run"), .left("Erased"), .fixed("Digest"),
        ])
        for version in statement.versions {
            table.add(
                "\(version.number)", "\(version.recordedOn)", "\(version.runID)",
                version.erasedOn.map { "\($0)" } ?? "", String(DigestText.hex(version.digest).prefix(16)))
        }
        page.table(table)
        return page.text
    }

    private static func facts(_ detail: BillingDetail) -> [(String, String)] {
        var facts: [(String, String)] = []
        func add(_ label: String, _ value: String?) {
            if let value { facts.append((label, value)) }
        }
        add("legal name", detail.legalName)
        for (index, line) in detail.address.enumerated() { add(index == 0 ? "address" : "", line) }
        add("city", [detail.postalCode, detail.city].compactMap(\.self).joined(separator: " ").nonEmpty)
        add("country", detail.country.map { TaxPlace(country: $0, region: detail.region).description })
        if let country = detail.vatCountry {
            add(
                "tax number",
                detail.taxNumber.map { "\($0), a VAT number of \(country)" } ?? "a VAT number of \(country)")
        } else {
            add("tax number", detail.taxNumber)
        }
        add("tax exempt", detail.taxExempt)
        add("PO number", detail.poNumber)
        add("language", detail.language?.text)
        return facts
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

/// How a digest is written: two hexadecimal digits a byte.
enum DigestText {
    static func hex(_ digest: [UInt8]) -> String {
        digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
