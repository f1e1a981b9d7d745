/// A line of an invoice, as far as tax goes by it.
package struct TaxLine: Hashable, Sendable {
    /// Minor units, before or with tax as `TaxRules.prices` says; negative for what is given back.
    package var amount: Int64
    /// The tax category of the line's price.
    package var category: String

    package init(amount: Int64, category: String = TaxRules.standard) {
        self.amount = amount
        self.category = category
    }
}

extension TaxRules {
    /// The tax on the lines of one invoice.
    ///
    /// The lines are added up by rate, and each sum is rounded once, half away from zero: so the tax does not depend on how
    /// an amount is divided into lines, and the tax on a credit is that on the charge, the other way round.
    ///
    /// - Parameters:
    ///   - buyer: nil where the customer's country is not known.
    ///   - day: the tax point: the date of the invoice.
    /// - Throws: `BillingError.noTaxCountry`, `.noTaxRate` or `.taxOverflow`.
    package func assess(
        _ lines: [TaxLine], seller: Seller, buyer: TaxBuyer?, on day: CivilDate
    ) throws(BillingError) -> TaxAssessment {
        guard let buyer else { throw .noTaxCountry(day: day) }
        let standing = standing(of: seller, buyer, on: day)
        var sums: [TaxAssessment.Subtotal.Key: (subtotal: TaxAssessment.Subtotal, amount: Int128)] = [:]
        var taxed: [String: TaxAssessment.Subtotal] = [:]
        for line in lines {
            let subtotal: TaxAssessment.Subtotal
            if let known = taxed[line.category] {
                subtotal = known
            } else {
                subtotal = try empty(line.category, standing, buyer, on: day)
                taxed[line.category] = subtotal
            }
            // Lines of 64 bits do not fill 128 before memory ends.
            sums[subtotal.key, default: (subtotal, 0)].amount += Int128(line.amount)
        }
        var subtotals: [TaxAssessment.Subtotal] = []
        for (_, sum) in sums.sorted(by: { $0.key < $1.key }) {
            subtotals.append(try divided(sum.amount, sum.subtotal))
        }
        let seat = EuropeanUnion.member(at: seller.place, on: day) != nil
        var number = seller.taxNumbers[seller.place.country]
        if case .taxed(let place) = standing, let there = seller.taxNumbers[place.country] { number = there }
        return try TaxAssessment(
            subtotals, notes: notes(subtotals, buyer, sellerIsInUnion: seat), sellerNumber: number)
    }

    /// How a supply to a customer is treated, before its category is looked at.
    private enum Standing {
        /// At the rates of a place.
        case taxed(TaxPlace)
        case reverseCharge
        case export
        case exempt
    }

    /// The first that applies:
    ///
    /// 1. An exempt customer pays no tax.
    /// 2. In the seller's own country its rates hold.
    /// 3. A business in another country of the Union is taxed there and declares it itself (Articles 44 and 196 of Directive
    ///    2006/112/EC). That it is one its VAT number tells (Article 18 of Regulation 282/2011), but not one of the seller's
    ///    own country: with that it would be taxed here.
    /// 4. Where the seller declares tax in the customer's country, that country's rates hold (Article 58). This is how the
    ///    one-stop-shop is expressed: by the rates of the buyer's country, and by a seller's number there.
    /// 5. Within the Union the seller's own rates hold else, as for who sells little to consumers abroad (Articles 45 and
    ///    59c).
    /// 6. Anywhere else nothing is charged (Articles 44, 58 and 59).
    private func standing(of seller: Seller, _ buyer: TaxBuyer, on day: CivilDate) -> Standing {
        if buyer.exemptReason != nil { return .exempt }
        let (here, there) = (
            EuropeanUnion.member(at: seller.place, on: day), EuropeanUnion.member(at: buyer.place, on: day)
        )
        let (seat, home) = (EuropeanUnion.taxed(at: seller.place), EuropeanUnion.taxed(at: buyer.place))
        // A part of the country in which its tax does not hold is abroad.
        if seat.country == home.country, here == there { return .taxed(home) }
        if there != nil, let number = buyer.vatCountry, number != seat.country,
            EuropeanUnion.isMember(number, on: day)
        {
            return .reverseCharge
        }
        if seller.taxNumbers[home.country] != nil, home.country != seat.country { return .taxed(home) }
        return here != nil && there != nil ? .taxed(seat) : .export
    }

    /// The subtotal of a category, still without amounts.
    private func empty(
        _ category: String, _ standing: Standing, _ buyer: TaxBuyer, on day: CivilDate
    ) throws(BillingError) -> TaxAssessment.Subtotal {
        func untaxed(_ treatment: TaxAssessment.Treatment) -> TaxAssessment.Subtotal {
            TaxAssessment.Subtotal(
                treatment: treatment, place: buyer.place, category: category, percent: .zero, net: 0, tax: 0)
        }
        if category == Self.exempt { return untaxed(.exempt) }
        switch standing {
        case .exempt: return untaxed(.exempt)
        case .reverseCharge: return untaxed(.reverseCharge)
        case .export: return untaxed(.export)
        case .taxed(let place):
            guard let rate = rate(of: category, at: place, on: day) else {
                throw .noTaxRate(place: place, category: category, day: day)
            }
            return TaxAssessment.Subtotal(
                treatment: .taxed, place: rate.place, category: category, percent: rate.percent, net: 0, tax: 0)
        }
    }

    /// The sum of a subtotal's lines, divided into net and tax.
    private func divided(
        _ amount: Int128, _ empty: TaxAssessment.Subtotal
    ) throws(BillingError) -> TaxAssessment.Subtotal {
        // Within 64 bits the product with a percentage, at most 10^14 units, is far from the end of 128.
        guard Int64(exactly: amount) != nil else { throw .taxOverflow(category: empty.category) }
        let parts = prices.divide(amount, percent: empty.percent)
        guard let tax = Int64(exactly: parts.tax), let net = Int64(exactly: parts.net) else {
            throw .taxOverflow(category: empty.category)
        }
        var subtotal = empty
        (subtotal.net, subtotal.tax) = (net, tax)
        return subtotal
    }

    private func notes(
        _ subtotals: [TaxAssessment.Subtotal], _ buyer: TaxBuyer, sellerIsInUnion: Bool
    ) -> [TaxNote] {
        var notes: [TaxNote] = []
        for subtotal in subtotals {
            let note: TaxNote? =
                switch subtotal.treatment {
                case .taxed, .none: nil
                case .reverseCharge: .reverseCharge
                case .export: sellerIsInUnion ? .outsideOfUnion : .otherCountry
                case .exempt: buyer.exemptReason.map { .exemptCustomer($0) } ?? .exemptSupply
                }
            if let note, !notes.contains(note) { notes.append(note) }
        }
        return notes
    }
}

extension TaxRules.Prices {
    /// An amount as the catalog writes it, divided into net and tax; the tax is rounded half away from zero.
    ///
    /// - Parameters:
    ///   - amount: minor units, a sum of some thousand amounts of 64 bits at most.
    ///   - percent: 19 for 19 %.
    func divide(_ amount: Int128, percent: ExactDecimal) -> (net: Int128, tax: Int128) {
        let hundred = ExactDecimal.one * 100
        let product = amount * percent.units
        switch self {
        case .exclusive: return (amount, Rounding.halfAwayFromZero.divide(product, by: hundred))
        case .inclusive:
            let tax = Rounding.halfAwayFromZero.divide(product, by: hundred + percent.units)
            return (amount - tax, tax)
        }
    }
}

extension TaxAssessment {
    /// - Throws: `BillingError.taxOverflow`.
    fileprivate init(
        _ subtotals: [Subtotal], notes: [TaxNote], sellerNumber: String?
    ) throws(BillingError) {
        let net = subtotals.reduce(Int128(0)) { $0 + Int128($1.net) }
        let tax = subtotals.reduce(Int128(0)) { $0 + Int128($1.tax) }
        guard let sum = Int64(exactly: net), let all = Int64(exactly: tax), let gross = Int64(exactly: net + tax) else {
            throw .taxOverflow(category: nil)
        }
        self.subtotals = subtotals
        (self.net, self.tax, self.gross) = (sum, all, gross)
        self.notes = notes
        self.sellerNumber = sellerNumber
    }

    /// Of a catalog without tax: the lines are what is to be paid.
    fileprivate static func untaxed(_ lines: [TaxLine]) throws(BillingError) -> TaxAssessment {
        let sum = lines.reduce(Int128(0)) { $0 + Int128($1.amount) }
        guard let net = Int64(exactly: sum) else { throw .taxOverflow(category: nil) }
        let subtotal = Subtotal(
            treatment: .none, place: nil, category: TaxRules.standard, percent: .zero, net: net, tax: 0)
        return try TaxAssessment(lines.isEmpty ? [] : [subtotal], notes: [], sellerNumber: nil)
    }
}

extension Catalog {
    /// The tax on the lines of one invoice, by this catalog's rules; without any, nothing is taxed.
    ///
    /// - Parameters:
    ///   - buyer: nil where the customer's country is not known.
    ///   - day: the date of the invoice.
    /// - Throws: `BillingError.noTaxCountry`, `.noTaxRate` or `.taxOverflow`.
    package func assessTax(
        on lines: [TaxLine], buyer: TaxBuyer?, on day: CivilDate
    ) throws(BillingError) -> TaxAssessment {
        // The reader sees to it that rules have a seller.
        guard let tax, let seller else { return try .untaxed(lines) }
        return try tax.assess(lines, seller: seller, buyer: buyer, on: day)
    }
}
