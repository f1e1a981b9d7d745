package import Billing
import Postgres
import Store

extension Look {
    /// A subscription with all changes of its plan.
    ///
    /// - Parameters:
    ///   - asOf: nil for the latest day that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    package func subscription(_ key: String, asOf: CivilDate?, now: Int64) throws -> SubscriptionStatement {
        let day = try today(asOf, now: now)
        return try statement(store.subscription(key), catalogs.currentForRating(), on: day)
    }

    /// A customer with all versions of the billing details.
    ///
    /// - Throws: `StoreError.unknownCustomer`.
    package func customer(_ key: String) throws -> CustomerStatement {
        try CustomerStatement(key, BillingDetailStore(connection))
    }

    func statement(
        _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, on day: CivilDate
    ) throws -> SubscriptionStatement {
        let held = subscription.terms.held(on: day)
        let plan = catalog.definition(ofPlan: held.plan)
        let changes = try store.changes(of: subscription)
        var renewal: CivilDate?
        if let open = subscription.open, !held.hasEnded(by: open.period.start) {
            renewal = try held.renewal(from: max(day, open.period.end))
        }
        var review: PlanReview?
        if let pending = subscription.pendingChange {
            review = try self.review(subscription, catalog, plan: pending.plan, takesEffect: pending.day, asOf: day)
        }
        return SubscriptionStatement(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            plan: plan?.key ?? "", planName: plan?.name ?? "", asOf: day, paysEvery: held.paysEvery,
            currency: held.currency ?? catalog.catalog.currency.code, anchor: held.anchor, starts: held.starts,
            ends: held.ends, period: subscription.openPeriod, renewal: renewal, changes: changes, review: review)
    }

    /// What a subscription uses beyond the limits of another plan.
    ///
    /// - Parameters:
    ///   - plan: the key of the plan.
    ///   - asOf: nil for the latest day that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    /// - Throws: `ChangeRefusal.unknownPlan`.
    package func review(_ key: String, plan: String, asOf: CivilDate?, now: Int64) throws -> PlanReview {
        let catalog = try catalogs.currentForRating()
        guard let number = catalog.number(ofPlan: plan) else {
            throw ChangeRefusal.unknownPlan(plan, known: catalog.catalog.plans.map(\.key))
        }
        let day = try today(asOf, now: now)
        return try review(store.subscription(key), catalog, plan: number, takesEffect: day, asOf: day)
    }

    /// - Parameters:
    ///   - plan: the number of the plan.
    ///   - takesEffect: the day whose terms of the plan are looked at.
    func review(
        _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, plan: Int32, takesEffect: CivilDate,
        asOf day: CivilDate
    ) throws -> PlanReview {
        var moved = subscription.withoutPending.held(on: .latest)
        moved.plan = plan
        let (definition, version) = try catalog.terms(of: moved, on: max(takesEffect, moved.starts))
        let period = try catalog.openPeriod(of: subscription.terms, containing: max(day, moved.starts))?.period
        let meters = catalog.catalog.meters
        var excesses: [PlanReview.Excess] = []
        for entitlement in version.entitlements {
            guard case .limit(let limit) = entitlement.value, let period,
                let meter = meters.first(where: { $0.key == entitlement.meter })
            else { continue }
            let most = Tariff.parts(limit, places: meter.quantityPlaces)
            let (used, items) = try use(of: meter, subscription, catalog, in: period, on: day)
            guard used > most else { continue }
            excesses.append(
                PlanReview.Excess(entitlement: entitlement, meter: meter, used: used, most: most, items: items))
        }
        return PlanReview(plan: definition.key, planName: definition.name, asOf: day, excesses: excesses)
    }

    /// What is used of a meter by the end of a day, and what could be paused. What was on at once counts as it is on that day;
    /// anything else for the billing period so far.
    private func use(
        of meter: Meter, _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, in period: DateRange,
        on day: CivilDate
    ) throws -> (Int64, [PlanReview.Item]) {
        guard !meter.isRunning else {
            return (try used(subscription, catalog, meter, in: period, until: day), [])
        }
        let rated = try rated(meter, catalog)
        let count: WindowCount
        if meter.aggregate == .peak, let tomorrow = day.adding(days: 1),
            let today = DateRange(start: day, end: tomorrow)
        {
            count = try store.count(subscription, rated, in: today)
        } else {
            count = try window(subscription, catalog, meter, for: period, until: day)
        }
        return (count.quantity, try ReviewStore(connection).items(count, rated.series, of: subscription))
    }
}
