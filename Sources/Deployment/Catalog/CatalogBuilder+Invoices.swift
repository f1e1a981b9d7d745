import Billing

extension CatalogBuilder {
    /// When invoices are finalized, and what their numbers look like.
    func invoices(_ node: YAMLNode) -> InvoiceTerms? {
        let expected = "'finalize', 'number', 'credit_number', 'digits', 'hold' and 'retention'"
        guard let fields = reader.fields(node, CatalogFormat.invoices, expected: expected) else { return nil }
        let finalize = fields["finalize"].map(finalization) ?? .byHand
        let standard = InvoiceNumbering.standard
        let digits = fields["digits"].map(digits) ?? standard.digits
        let numbering =
            fields["number"].map { self.numbering($0, digits: digits ?? standard.digits) }
            ?? digits.map { standard.with(digits: $0) }
        let creditNumbering =
            fields["credit_number"].map { self.numbering($0, digits: digits ?? standard.digits) }
            ?? digits.map { InvoiceNumbering.creditStandard.with(digits: $0) }
        let hold = fields["hold"].map { self.hold($0) }
        let retention = fields["retention"].map { months($0) }
        guard let finalize, digits != nil, let numbering, let creditNumbering, hold == nil || hold != .some(nil),
            retention == nil || retention != .some(nil)
        else { return nil }
        return InvoiceTerms(
            finalize: finalize, numbering: numbering, creditNumbering: creditNumbering, hold: hold ?? nil,
            retention: retention ?? nil)
    }

    /// - Returns: nil where it has mistakes.
    private func hold(_ node: YAMLNode) -> Breaker? {
        let expected = "what is to be held, such as {jump: 5, silence: yes}"
        guard let fields = reader.fields(node, CatalogFormat.hold, expected: expected) else { return nil }
        guard fields.has("jump") || !fields.has("least") else { return reader.reject(.leastWithoutJump, node) }
        let jump: ExactDecimal?? = fields["jump"].map { self.jump($0) } ?? .some(nil)
        let least =
            fields["least"].map {
                reader.wholeNumber($0, least: 0, expected: "a quantity such as 100")
            } ?? 0
        let silence = fields["silence"].map { reader.flag($0) } ?? false
        let stale: Int?? = fields["stale"].map { self.days($0) } ?? .some(nil)
        let missingPull = fields["missing_pull"].map { reader.flag($0) } ?? false
        let above: Int64?? = fields["above"].map { amount($0) } ?? .some(nil)
        guard let jump, let least, let silence, let stale, let missingPull, let above else { return nil }
        return Breaker(
            jump: jump, least: least, silence: silence, staleDays: stale, missingPull: missingPull, most: above)
    }

    private func jump(_ node: YAMLNode) -> ExactDecimal? {
        guard let jump = reader.decimal(node) else { return nil }
        guard jump.units > ExactDecimal.one else { return reader.reject(.jumpTooSmall("\(jump)"), node) }
        guard jump.units <= Int128(Breaker.largestJump) * ExactDecimal.one else {
            return reader.reject(.numberTooLarge("\(jump)", limit: Breaker.largestJump), node)
        }
        return jump
    }

    private func days(_ node: YAMLNode) -> Int? {
        guard let text = reader.scalar(node, expected: "a number of days such as 7 days") else { return nil }
        guard case .after(let days) = InvoiceTerms.Finalization(text) else {
            return reader.reject(.unknownDays(text), node)
        }
        return days
    }

    private func months(_ node: YAMLNode) -> Int? {
        guard let text = reader.scalar(node, expected: "a number of months such as 24 months") else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let months = Int(words[0]), String(months) == words[0],
            (1...InvoiceTerms.longestRetention).contains(months), words[1] == (months == 1 ? "month" : "months")
        else { return reader.reject(.unknownRetention(text), node) }
        return months
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
