/// A finalized invoice, as far as a credit note goes by it.
package struct CreditableInvoice: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// From 1.
        package var number: Int16
        /// Minor units, before or with tax as the catalog's prices are.
        package var amount: Int64
        /// The tax category of the line's price.
        package var category: String
        /// What earlier credit notes have taken off it, with the sign of the line.
        package var credited: Int64

        package init(number: Int16, amount: Int64, category: String, credited: Int64) {
            self.number = number
            self.amount = amount
            self.category = category
            self.credited = credited
        }
    }

    /// A rate of the invoice; each category has one.
    package struct Rate: Hashable, Sendable {
        /// Its place among the subtotals of the invoice, from 1.
        package var place: Int16
        package var category: String
        /// 19 for 19 %.
        package var percent: ExactDecimal

        package init(place: Int16, category: String, percent: ExactDecimal) {
            self.place = place
            self.category = category
            self.percent = percent
        }
    }

    package var lines: [Line]
    /// Empty where the invoice was written without tax.
    package var rates: [Rate]
    /// What the invoice's amounts are.
    package var prices: TaxRules.Prices

    package init(lines: [Line], rates: [Rate], prices: TaxRules.Prices) {
        self.lines = lines
        self.rates = rates
        self.prices = prices
    }
}

/// What somebody wants to be taken off an invoice.
package enum CreditRequest: Hashable, Sendable {
    /// All that is left of it.
    case whole
    case lines([Part])

    package struct Part: Hashable, Sendable {
        package var line: Int16
        /// Minor units without a sign, which is that of the line; nil for all that is left of it.
        package var amount: Int64?

        package init(line: Int16, amount: Int64?) {
            self.line = line
            self.amount = amount
        }
    }
}

/// What a credit note takes off its invoice.
package struct CreditAssessment: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package var number: Int16
        /// Minor units with the sign of the line; never zero.
        package var amount: Int64
    }

    /// What is taken off at one rate of the invoice.
    package struct Subtotal: Hashable, Sendable {
        /// That of the rate on the invoice.
        package var place: Int16
        /// Minor units.
        package var net: Int64
        package var tax: Int64
    }

    /// In the order of the invoice.
    package var lines: [Line]
    package var subtotals: [Subtotal]
    /// Minor units, all positive together.
    package var net: Int64
    package var tax: Int64
    package var gross: Int64
}

extension CreditableInvoice {
    /// What a credit note comes to.
    ///
    /// Its tax is at the rates of the invoice, and telescopes: all notes of an invoice together take off what one note over
    /// the sum of their lines would, so that an invoice that is credited piece by piece is credited to the cent.
    ///
    /// - Throws: `CreditRefusal`.
    package func credit(_ request: CreditRequest) throws(CreditRefusal) -> CreditAssessment {
        let parts = try parts(request)
        guard !parts.isEmpty else { throw .nothingLeft(line: nil) }
        var (net, tax) = (Int128(0), Int128(0))
        var subtotals: [CreditAssessment.Subtotal] = []
        for rate in rates {
            let own = lines.filter { $0.category == rate.category }
            guard own.contains(where: { parts[$0.number] != nil }) else { continue }
            let before = own.reduce(Int128(0)) { $0 + Int128($1.credited) }
            let after = own.reduce(before) { $0 + Int128(parts[$1.number] ?? 0) }
            let (old, new) = (prices.divide(before, percent: rate.percent), prices.divide(after, percent: rate.percent))
            guard let off = Int64(exactly: new.net - old.net), let taxOff = Int64(exactly: new.tax - old.tax) else {
                throw .tooLarge
            }
            subtotals.append(CreditAssessment.Subtotal(place: rate.place, net: off, tax: taxOff))
            net += Int128(off)
            tax += Int128(taxOff)
        }
        if rates.isEmpty { net = parts.values.reduce(Int128(0)) { $0 + Int128($1) } }
        guard let off = Int64(exactly: net), let taxOff = Int64(exactly: tax), let gross = Int64(exactly: net + tax)
        else { throw .tooLarge }
        guard gross > 0 else { throw .raises }
        return CreditAssessment(
            lines: lines.compactMap { line in
                parts[line.number].map { CreditAssessment.Line(number: line.number, amount: $0) }
            }, subtotals: subtotals, net: off, tax: taxOff, gross: gross)
    }

    /// What is taken off each line.
    private func parts(_ request: CreditRequest) throws(CreditRefusal) -> [Int16: Int64] {
        var parts: [Int16: Int64] = [:]
        switch request {
        case .whole:
            for line in lines where line.amount != line.credited { parts[line.number] = try line.left }
        case .lines(let asked):
            for part in asked {
                guard let line = lines.first(where: { $0.number == part.line }) else {
                    throw .unknownLine(part.line, lines: lines.count)
                }
                guard parts[part.line] == nil else { throw .lineTwice(part.line) }
                let left = try line.left
                guard left != 0 else { throw .nothingLeft(line: part.line) }
                guard let asked = part.amount else {
                    parts[part.line] = left
                    continue
                }
                guard asked > 0, asked.magnitude <= left.magnitude else {
                    throw .notLeft(line: part.line, asked: asked, left: left)
                }
                parts[part.line] = left < 0 ? -asked : asked
            }
        }
        return parts
    }
}

extension CreditableInvoice.Line {
    fileprivate var left: Int64 {
        get throws(CreditRefusal) {
            let (left, overflow) = amount.subtractingReportingOverflow(credited)
            guard !overflow else { throw .tooLarge }
            return left
        }
    }
}
