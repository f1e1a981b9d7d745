/// What tax an invoice comes to: a subtotal for each rate, and what has to be printed beside them.
package struct TaxAssessment: Hashable, Sendable {
    /// Why tax is charged or not. The order is that of the subtotals.
    package enum Treatment: String, Hashable, Sendable, CaseIterable {
        /// At a rate, which may be 0.
        case taxed
        /// The recipient declares it: a business in another country of the Union.
        case reverseCharge = "reverse_charge"
        /// The customer is in another country whose tax the seller does not declare.
        case export
        /// The category or the customer is exempt.
        case exempt
        /// The catalog has no tax.
        case none
    }

    /// The lines of one treatment, rate and category together.
    package struct Subtotal: Hashable, Sendable {
        package var treatment: Treatment
        /// The place whose rate was taken; of what is not taxed that of the customer, as far as it was given.
        package var place: TaxPlace?
        package var category: String
        /// 19 for 19 %; 0 for what is not taxed.
        package var percent: ExactDecimal
        /// Minor units without tax; negative for a credit.
        package var net: Int64
        /// Minor units, rounded once for the whole subtotal, half away from zero.
        package var tax: Int64
    }

    /// In the order of their treatments, then by country, region, category and percent.
    package let subtotals: [Subtotal]
    /// Minor units; the sums of the subtotals.
    package let net: Int64
    package let tax: Int64
    /// What is to be paid: `net` and `tax`.
    package let gross: Int64
    /// What the law wants on the invoice, each once, in the order of the subtotals.
    package let notes: [TaxNote]
    /// The number under which the seller declares the tax: of the country whose rate was taken, or else of its own; nil
    /// where it has none, or nothing is assessed.
    package let sellerNumber: String?
}

/// Words that an invoice has to carry because of how it is taxed.
package enum TaxNote: Hashable, Sendable {
    case reverseCharge
    /// By a seller of the Union to a customer outside.
    case outsideOfUnion
    /// By any other seller to a customer in another country.
    case otherCountry
    case exemptSupply
    /// The reason from the billing details.
    case exemptCustomer(String)

    /// Directive 2006/112/EC, Article 226 (11) and (11a), wants the first and the last two.
    package var text: String {
        switch self {
        case .reverseCharge:
            "Reverse charge: VAT is to be accounted for by the recipient, Article 196 of Directive 2006/112/EC"
        case .outsideOfUnion:
            """
            Export: no VAT is charged, the place of supply is outside of the European Union, Articles 44, 58 and 59 of \
            Directive 2006/112/EC
            """
        case .otherCountry: "Export: no tax is charged, the customer is in another country"
        case .exemptSupply: "Exempt from tax"
        case .exemptCustomer(let reason): "Exempt from tax: \(reason)"
        }
    }
}

extension TaxAssessment {
    /// Whether net and tax come to gross, the subtotals to both, and each subtotal stands once and in its place: what was
    /// built cannot break it, and what was read back from elsewhere is held against it.
    package func checkInvariants() -> Bool {
        let nets = subtotals.reduce(Int128(0)) { $0 + Int128($1.net) }
        let taxes = subtotals.reduce(Int128(0)) { $0 + Int128($1.tax) }
        let isInOrder = zip(subtotals, subtotals.dropFirst()).allSatisfy { $0.key < $1.key }
        let isTaxed = subtotals.allSatisfy { $0.treatment == .taxed || ($0.tax == 0 && $0.percent == .zero) }
        return nets == Int128(net) && taxes == Int128(tax) && Int128(net) + Int128(tax) == Int128(gross) && isInOrder
            && isTaxed
    }
}

extension TaxAssessment.Subtotal {
    struct Key: Hashable, Comparable {
        var treatment: Int
        var country: String
        var region: String
        var category: String
        var percent: Int128

        static func < (left: Key, right: Key) -> Bool {
            (left.treatment, left.country, left.region, left.category, left.percent)
                < (right.treatment, right.country, right.region, right.category, right.percent)
        }
    }

    var key: Key {
        Key(
            treatment: TaxAssessment.Treatment.allCases.firstIndex(of: treatment) ?? 0,
            country: place?.country.code ?? "", region: place?.region?.code ?? "", category: category,
            percent: percent.units)
    }
}
