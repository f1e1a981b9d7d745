/// A manual line as somebody has typed it.
package struct ManualLineRequest: Hashable, Sendable {
    /// Major units, with a hyphen for a credit: `150.00`, `-20`.
    package var amount: String
    /// The currency that is meant; nil for that of the subscription.
    package var currency: String?
    package var text: String
    /// Nil for the category of a price that names none.
    package var taxCategory: String?
    /// Nil for the next invoice.
    package var from: CivilDate?
    /// Nil for the period that takes the line.
    package var service: DateRange?
    package var reason: String
    package var author: String

    /// As much as an invoice shows without losing its shape.
    package static let longestText = 200

    package init(
        amount: String, currency: String? = nil, text: String, taxCategory: String? = nil, from: CivilDate? = nil,
        service: DateRange? = nil, reason: String, author: String
    ) {
        self.amount = amount
        self.currency = currency
        self.text = text
        self.taxCategory = taxCategory
        self.from = from
        self.service = service
        self.reason = reason
        self.author = author
    }

    /// The line that is asked for; its number is the store's to give.
    ///
    /// - Parameters:
    ///   - currency: that of the subscription.
    ///   - open: the period that is closed next; nil where none is.
    ///   - tax: nil where the catalog has none.
    ///   - asOf: the day of the request.
    /// - Throws: what is wrong first, in the order of the cases of `ManualLineRefusal`.
    package func admitted(
        of subscription: String, in currency: Currency, open: OpenPeriod?, tax: TaxRules?, asOf: CivilDate
    ) throws(ManualLineRefusal) -> ManualLine {
        if let said = self.currency, said != currency.code {
            throw .otherCurrency(said, subscription: subscription, currency: currency.code)
        }
        let amount = try amount(in: currency)
        guard (1...Self.longestText).contains(text.count), text.contains(where: { !$0.isWhitespace }),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .notALine(text) }
        let category = taxCategory ?? TaxRules.standard
        let known = tax?.categories ?? [TaxRules.standard]
        guard known.contains(category) else { throw .unknownTaxCategory(category, known: known) }
        guard let open else { throw .noInvoiceToCome(subscription) }
        return ManualLine(
            number: 0, amount: amount, words: ManualLine.Words(text: text, taxCategory: category),
            from: max(from ?? asOf, open.period.end), service: service, reason: reason, author: author, addedOn: asOf)
    }

    private func amount(in currency: Currency) throws(ManualLineRefusal) -> Int64 {
        let isCredit = amount.hasPrefix("-")
        let decimal: ExactDecimal
        do throws(ExactDecimal.Mistake) {
            decimal = try ExactDecimal(parsing: amount.dropFirst(isCredit ? 1 : 0))
        } catch {
            switch error {
            case .notADecimal, .negative: throw .notAnAmount(amount)
            case .tooManyPlaces: throw .tooManyPlaces(amount, currency: currency)
            case .tooLarge: throw .tooLarge(amount, currency: currency)
            }
        }
        guard decimal.units % (ExactDecimal.one / Int128(currency.minorUnits)) == 0 else {
            throw .tooManyPlaces(amount, currency: currency)
        }
        guard let minor = decimal.minorUnits(in: currency) else { throw .tooLarge(amount, currency: currency) }
        guard minor != 0 else { throw .zero }
        return isCredit ? -minor : minor
    }
}

/// Why a manual line is not taken, or not taken back.
package enum ManualLineRefusal: Error, Hashable, Sendable {
    case otherCurrency(String, subscription: String, currency: String)
    case notAnAmount(String)
    case tooManyPlaces(String, currency: Currency)
    case tooLarge(String, currency: Currency)
    case zero
    /// The text is empty, too long, or more than one line.
    case notALine(String)
    case unknownTaxCategory(String, known: [String])
    /// The subscription has ended, and its last period is closed.
    case noInvoiceToCome(String)
    case unknownLine(Int32, subscription: String)
    /// - Parameter invoice: its reference.
    case billed(Int32, invoice: String)
    case withdrawnAlready(Int32, subscription: String, on: CivilDate)

    /// The stable code.
    package var code: String {
        switch self {
        case .otherCurrency: "other_currency"
        case .notAnAmount: "not_an_amount"
        case .tooManyPlaces: "too_many_places"
        case .tooLarge: "amount_overflow"
        case .zero: "zero_amount"
        case .notALine: "not_a_line"
        case .unknownTaxCategory: "unknown_tax_category"
        case .noInvoiceToCome: "no_invoice_to_come"
        case .unknownLine: "unknown_line"
        case .billed: "line_billed"
        case .withdrawnAlready: "line_withdrawn"
        }
    }

    /// Whether other words on the command line would do: the books allow it else.
    package var isOfWords: Bool {
        switch self {
        case .otherCurrency, .notAnAmount, .tooManyPlaces, .tooLarge, .zero, .notALine, .unknownTaxCategory,
            .unknownLine:
            true
        case .noInvoiceToCome, .billed, .withdrawnAlready: false
        }
    }
}

extension ManualLineRefusal: CustomStringConvertible {
    /// What was found, what was expected and what to do, with the code.
    package var description: String { "\(sentence) (\(code))" }

    private var sentence: String {
        switch self {
        case .otherCurrency(let said, let subscription, let currency):
            "--currency: found '\(said)', but '\(subscription)' is billed in \(currency); give the amount in that"
        case .notAnAmount(let text):
            "--amount: found '\(text)', expected plain digits such as 150.00, or -20.00 for a credit"
        case .tooManyPlaces(let text, let currency):
            "--amount: found '\(text)', but \(currency.code) has \(places(currency)) after the point; give the exact amount"
        case .tooLarge(let text, let currency):
            "--amount: found '\(text)', expected at most \(currency.format(Int64.max)) \(currency.code)"
        case .zero: "--amount: found 0, expected a charge or a credit"
        case .notALine(let text):
            "--text: found \(text.count) characters, expected one line of 1 to \(ManualLineRequest.longestText)"
        case .unknownTaxCategory(let category, let known):
            "--tax-category: found '\(category)', expected one of the catalog: \(known.joined(separator: ", "))"
        case .noInvoiceToCome(let subscription):
            """
            subscription '\(subscription)' has ended and its last period is closed, so no invoice is to come that could \
            take the line
            """
        case .unknownLine(let number, let subscription):
            "'\(subscription)' has no manual line \(number); see 'meterbook invoice line list \(subscription)'"
        case .billed(let number, let invoice):
            """
            manual line \(number) stands on invoice '\(invoice)' already; add a line of the opposite sign to the next one, or \
            write a credit note
            """
        case .withdrawnAlready(let number, let subscription, let day):
            "manual line \(number) of '\(subscription)' was withdrawn on \(day)"
        }
    }

    private func places(_ currency: Currency) -> String {
        currency.exponent == 0 ? "no places" : "\(currency.exponent) places"
    }
}
