import Billing
import Postgres
import Store

/// Looks at what is used beyond the limits of the plans that subscriptions are about to change to. What the product has to
/// pause follows from the latest look, which is that of the night in which the change takes effect.
struct ReviewStep {
    let connection: Connection
    let catalog: RatingCatalog

    /// - Returns: how many changes were looked at.
    func run(asOf: CivilDate) throws -> Int {
        let plans = catalog.limitedPlans
        guard !plans.isEmpty else { return 0 }
        let (store, look) = (ReviewStore(connection), Look(connection))
        var reviewed = 0
        let pending = try store.pending(to: plans)
        for change in pending {
            let stored = try look.store.subscription(change.subscription)
            do {
                let review = try look.review(
                    stored, catalog, plan: change.plan, takesEffect: change.takesEffect, asOf: asOf)
                try store.write(review, of: change.changeID, stored)
                reviewed += 1
            } catch is BillingError {
                // What keeps the plan from being looked at keeps it from being billed as well: the close holds the one
                // subscription, with the reason.
            }
        }
        return reviewed
    }
}
