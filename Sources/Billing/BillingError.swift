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
    /// A kept total starts before and ends after a date that separates two prices.
    case totalAcrossBoundary(meter: String, start: CivilDate, boundary: CivilDate)
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
        case .totalAcrossBoundary: "total_across_boundary"
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
        case .totalAcrossBoundary(let meter, let start, let boundary):
            """
            the usage total of meter '\(meter)' that starts on \(start) runs across \(boundary), where another price begins; \
            run 'meterbook reconcile'
            """
        }
    }
}
