package import Billing
import Store

extension Look {
    /// Whether a subscription may choose a plan, condition by condition.
    ///
    /// - Parameters:
    ///   - plan: its key.
    ///   - asOf: nil for the latest day that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    package func eligibility(_ key: String, plan: String, asOf: CivilDate?, now: Int64) throws -> EligibilityStatement {
        let subscription = try store.subscription(key)
        let day = try today(asOf, now: now)
        let (plan, eligibility) = try store.eligibility(
            subscription, plan: plan, catalog: catalogs.currentForRating(), asOf: day)
        return EligibilityStatement(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            plan: plan.key, planName: plan.name, asOf: day, eligibility: eligibility)
    }
}
