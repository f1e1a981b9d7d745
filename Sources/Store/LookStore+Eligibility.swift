package import Billing
import Postgres
import SQL

extension LookStore {
    /// Whether a subscription may choose a plan on a day. Every condition is looked at, over all accounts that were linked
    /// on each of its days, and by the readings as they are known now.
    ///
    /// - Parameters:
    ///   - plan: its key. Also the one that the subscription is on: then the question is whether it might choose it again.
    ///   - catalog: the one in use.
    ///   - day: whose terms of the plan ask; nil for the as-of date.
    /// - Throws: `StoreError.unknownPlan`; `BillingError.noVersion` where the plan is not for this subscription on that
    ///   day. A refusal is a result.
    package func eligibility(
        _ subscription: StoredSubscription, plan: String, catalog: RatingCatalog, termsOf day: CivilDate? = nil,
        asOf: CivilDate
    ) throws -> (plan: Plan, eligibility: Eligibility) {
        try eligibility(
            customerID: subscription.customerID, subscriptionID: subscription.subscriptionID,
            terms: subscription.terms, plan: plan, catalog: catalog, termsOf: day, asOf: asOf)
    }

    /// The same for a subscription that is at hand by its numbers and terms.
    package func eligibility(
        customerID: Int64, subscriptionID: Int64, terms: Subscription, plan: String, catalog: RatingCatalog,
        termsOf day: CivilDate? = nil, asOf: CivilDate
    ) throws -> (plan: Plan, eligibility: Eligibility) {
        guard let (plan, conditions) = try catalog.eligibility(ofPlan: plan, for: terms, on: day ?? asOf) else {
            throw StoreError.unknownPlan(plan, known: catalog.catalog.plans.map(\.key))
        }
        let asked = try conditions.map { condition in
            guard let meter = catalog.meters.first(where: { $0.definition.key == condition.meter }) else {
                throw StoreError.inconsistent("the meter '\(condition.meter)' has no number")
            }
            guard let window = condition.window(on: asOf) else {
                throw BillingError.windowOutOfRange(meter: condition.meter, period: .empty(at: asOf))
            }
            return (condition: condition, meter: meter, window: window)
        }
        guard !asked.isEmpty else { return (plan, Eligibility(findings: [])) }
        let request = WindowReader.Request(
            customerID: customerID, subscriptionID: subscriptionID, windows: asked.map(\.window))
        let windows = try WindowReader(connection, meters: asked.map(\.meter)).read([request])
        let findings = try asked.map { condition, meter, window in
            let input = try windows.input(request, meter, window)
            let figure = try isCounted(meter, input) ? meter.definition.quantity(of: input).quantity : nil
            return Eligibility.Finding(condition, meter: meter.definition, window: window, figure: figure)
        }
        return (plan, Eligibility(findings: findings))
    }

    /// Whether anything of a meter was delivered, for anybody, before the end of a window: mostly the input itself tells.
    private func isCounted(_ meter: RatingMeter, _ input: WindowInput) throws -> Bool {
        if !input.readings.isEmpty || !input.intervals.isEmpty { return true }
        let end = PGTimestamp(microsecondsSince1970: input.endsAt)
        return try connection.first(Query(.findAnyCount, meter.series, input.window.end, end), as: Bool.self) ?? false
    }
}
