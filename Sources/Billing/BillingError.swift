/// What can make a rating impossible. None of these is a wrong number: a result that cannot be computed exactly is
/// refused, and the subscription that it belongs to is held for a person.
package enum BillingError: Error, Hashable, Sendable {
    /// A sum of quantities passed what 64 bits hold.
    case quantityOverflow(meter: String)
    /// An amount of money passed what 64 bits of minor units hold, or its exact product what 128 bits hold.
    case amountOverflow(price: String)
    /// A boundary left the years 1 to 9999.
    case dateOutOfRange(anchor: CivilDate, cadence: Cadence, index: Int)
    /// The plan has no version for this sign-up date on this day.
    case noVersion(plan: String, day: CivilDate, signedUp: CivilDate)
    /// The flat price does not say what it costs at the subscription's cadence.
    case noAmount(price: String, cadence: Cadence)
    /// The subscription's plan is not in the catalog that the period is rated with.
    case unknownPlan(id: Int32)
    /// The catalog that the period is rated with does not sell in the subscription's currency.
    case otherCurrency(String, known: [String])
    /// A closed period has no line for a price that it was rated with: what it billed is not known.
    case unknownBilling(price: String, service: DateRange)
    /// The price counts over an allowance period that began before the first day whose usage is at hand: the catalog has
    /// changed since the period was opened.
    case usageOutOfReach(price: String, from: CivilDate, since: CivilDate)
    /// The days that a meter counts for a period leave the years 1 to 9999.
    case windowOutOfRange(meter: String, period: DateRange)
    /// A due period whose quantities have not been totalled.
    case notMetered(period: DateRange)
    /// The period lacks what a source should have delivered, and the source is said to hold what such a gap lies in; and how
    /// many more gaps do.
    case gap(PeriodGap, more: Int, period: DateRange)
    /// One invoice would need more lines than can be numbered.
    case tooManyLines(period: DateRange)
    /// It is not known in which country the customer is, so whether he pays tax.
    case noTaxCountry(day: CivilDate)
    /// The catalog has no rate for a customer who should be taxed.
    case noTaxRate(place: TaxPlace, category: String, day: CivilDate)
    /// A subtotal of an invoice with its tax passed what 64 bits of minor units hold; nil for their sum.
    case taxOverflow(category: String?)
    /// What a customer has to his credit passed what 64 bits of minor units hold.
    case creditOverflow
}

extension BillingError {
    /// The stable code under which the error is stored and counted.
    package var code: String {
        switch self {
        case .quantityOverflow: "quantity_overflow"
        case .amountOverflow: "amount_overflow"
        case .dateOutOfRange: "date_out_of_range"
        case .noVersion: "no_plan_version"
        case .noAmount: "no_amount"
        case .unknownPlan: "unknown_plan"
        case .otherCurrency: "other_currency"
        case .unknownBilling: "unknown_billing"
        case .usageOutOfReach: "usage_out_of_reach"
        case .windowOutOfRange: "window_out_of_range"
        case .notMetered: "not_metered"
        case .gap(let gap, _, _): gap.kind.rawValue
        case .tooManyLines: "too_many_lines"
        case .noTaxCountry: "no_tax_country"
        case .noTaxRate: "no_tax_rate"
        case .taxOverflow: "tax_overflow"
        case .creditOverflow: "credit_overflow"
        }
    }
}

extension BillingError: CustomStringConvertible {
    /// What was found and what to do, for people.
    package var description: String {
        switch self {
        case .quantityOverflow(let meter):
            "the usage of meter '\(meter)' adds up to more than \(Int64.max); check the readings of this subscription"
        case .amountOverflow(let price):
            "the amount of price '\(price)' is larger than \(Int64.max) minor units; check its readings and unit price"
        case .dateOutOfRange(let anchor, let cadence, let index):
            "boundary \(index) of anchor \(anchor), every \(cadence), lies outside the years 1 to 9999; check the anchor date"
        case .noVersion(let plan, let day, let signedUp):
            """
            plan '\(plan)' has no version on \(day) for a subscription signed up on \(signedUp); \
            add one to the catalog, or change the plan
            """
        case .noAmount(let price, let cadence):
            "price '\(price)' has no amount for the cadence '\(cadence)'; add one to the catalog, or change the cadence"
        case .unknownPlan(let id):
            "the subscription's plan (id \(id)) is missing from the applied catalog; put it back, or change the plan"
        case .otherCurrency(let code, let known):
            """
            the catalog has no amounts in the subscription's currency \(code), only in \(known.joined(separator: ", ")); \
            add them to it
            """
        case .unknownBilling(let price, let service):
            """
            no invoice line says what price '\(price)' billed for \(service), so late usage cannot be compared with it; \
            run 'meterbook reconcile'
            """
        case .usageOutOfReach(let price, let from, let since):
            """
            price '\(price)' counts usage from \(from), but the open period was set up, before the catalog changed, with \
            usage from \(since); apply the catalog again
            """
        case .windowOutOfRange(let meter, let period):
            "the window of meter '\(meter)' for \(period) lies outside the years 1 to 9999; check the anchor date"
        case .notMetered(let period):
            """
            the quantities of the plan's meters for \(period) could not be totalled; see what the run said of them, \
            and run 'meterbook reconcile'
            """
        case .gap(let gap, let more, let period):
            Self.words(gap, more: more, period: period)
        case .tooManyLines(let period):
            "the invoice for \(period) would have more than \(Int16.max) lines; settle the late usage in smaller parts"
        case .noTaxCountry(let day):
            """
            an invoice of \(day) cannot be taxed, because the customer's country is not known; let a source deliver it, or \
            set it with 'meterbook customer details'
            """
        case .noTaxRate(let place, let category, let day):
            """
            the catalog has no tax rate for \(place), category '\(category)', on \(day); add one to 'tax', with 0 percent \
            where nothing is charged
            """
        case .taxOverflow(let category):
            """
            \(category.map { "the amounts of the tax category '\($0)'" } ?? "the amounts of an invoice") are larger than \
            \(Int64.max) minor units; check the readings and unit prices
            """
        case .creditOverflow:
            "the customer's credit is larger than \(Int64.max) minor units; see 'meterbook credit balance'"
        }
    }

    private static func words(_ gap: PeriodGap, more: Int, period: DateRange) -> String {
        let (from, to) = (gap.days.start, gap.days.end)
        let remedy =
            switch gap.kind {
            case .missingDay:
                "pull the days again, meterbook pull --source \(gap.source) --from \(from) --to \(to), or bill it without them"
            case .shrunkDay:
                "pull the days again, meterbook pull --source \(gap.source) --from \(from) --to \(to), or bill it as it is"
            case .unreadSource: "read it, meterbook pull --source \(gap.source), or bill it without"
            case .missingChannel:
                "ask whether it is still connected and pull the days again, meterbook pull --source \(gap.source) "
                    + "--from \(from) --to \(to), or bill it without them"
            }
        let others = more == 0 ? "" : " (and \(more) more: meterbook gaps)"
        return "\(gap) of the period \(period)\(others); \(remedy): meterbook hold release"
    }
}
