import Billing

extension CatalogBuilder {
    /// When invoices are finalized, and what their numbers look like.
    func invoices(_ node: YAMLNode) -> InvoiceTerms? {
        let expected = "'finalize', 'number' and 'digits'"
        guard let fields = reader.fields(node, CatalogFormat.invoices, expected: expected) else { return nil }
        let finalize = fields["finalize"].map(finalization) ?? .byHand
        let standard = InvoiceNumbering.standard
        let digits = fields["digits"].map(digits) ?? standard.digits
        let numbering =
            fields["number"].map { self.numbering($0, digits: digits ?? standard.digits) }
            ?? digits.map { standard.with(digits: $0) }
        guard let finalize, digits != nil, let numbering else { return nil }
        return InvoiceTerms(finalize: finalize, numbering: numbering)
    }

    private func finalization(_ node: YAMLNode) -> InvoiceTerms.Finalization? {
        guard let text = reader.scalar(node, expected: "at_once, by_hand, or a number of days such as 5 days") else {
            return nil
        }
        return InvoiceTerms.Finalization(text) ?? reader.reject(.unknownFinalization(text), node)
    }

    private func digits(_ node: YAMLNode) -> Int? {
        guard let number = reader.wholeNumber(node, least: 1, expected: "a number of digits from 1 to 18") else {
            return nil
        }
        guard number <= InvoiceNumbering.mostDigits else {
            return reader.reject(.numberTooLarge("\(number)", limit: Int64(InvoiceNumbering.mostDigits)), node)
        }
        return Int(number)
    }

    private func numbering(_ node: YAMLNode, digits: Int) -> InvoiceNumbering? {
        let expected = "what a number looks like, such as INV-{{year}}-{{number}}"
        guard let text = reader.text(node, expected: expected, limit: InvoiceNumbering.longestPattern) else {
            return nil
        }
        do {
            return try InvoiceNumbering(text, digits: digits)
        } catch {
            return reader.reject(.invoiceNumber(error), node)
        }
    }
}
