import Billing
import Postgres
import Store

/// Changes of one subscription that somebody asks for: another plan, another rhythm, its end.
struct ChangeStep {
    let connection: Connection
    let runID: Int64
    let catalog: RatingCatalog
    let catalogs: [RatingCatalog]
    let asOf: CivilDate

    private var store: ChangeStore {
        ChangeStore(
            connection,
            ChangeStore.Terms(
                asOf: asOf, runID: runID, catalog: catalog,
                notices: ChangeNotices(catalog, asOf: asOf, runID: runID)))
    }

    /// Another plan or rhythm. What is at once is invoiced at once.
    ///
    /// - Parameter plan: nil for the present one.
    func change(
        _ key: String, plan: String?, paysEvery: Cadence?, day: ChangeRequest.Day?
    ) throws -> RequestedChange {
        let look = Look(connection)
        let subscription = try look.store.subscription(key)
        let present = catalog.definition(ofPlan: subscription.withoutPending.held(on: .latest).plan)?.key ?? ""
        let request = ChangeRequest(plan: plan ?? present, paysEvery: paysEvery, day: day)
        let admitted = try ChangeAdmission(store: store, look: look.store, catalog: catalog, asOf: asOf)
            .admit(request, of: subscription)
        var review: PlanReview?
        let changed = try connection.transaction {
            let id = try store.record(admitted, of: subscription, origin: .request)
            let changed = try look.store.subscription(key)
            if let id, let change = admitted.change {
                let found = try look.review(
                    changed, catalog, plan: change.plan, takesEffect: change.day, asOf: asOf)
                try ReviewStore(connection).write(found, of: id, changed)
                review = found
            }
            return changed
        }
        var tally = CloseTally()
        if let change = admitted.change, admitted.isAtOnce, change.day <= asOf {
            let watermark = try CloseStore(connection).watermark()
            tally = try store.settle(
                only: changed, by: Closer(catalog: catalog, earlier: catalogs), watermark: watermark)
        }
        return RequestedChange(
            subscription: key, wasPlan: catalog.definition(ofPlan: admitted.wasPlan)?.name ?? "",
            plan: admitted.change.flatMap { catalog.definition(ofPlan: $0.plan)?.name },
            paysEvery: admitted.change?.paysEvery, takesEffect: admitted.change?.day, isAtOnce: admitted.isAtOnce,
            isInvoiced: tally.invoices > 0, isHeld: tally.held > 0, review: review)
    }

    /// The end, where a period begins that is not paid for any more. Nothing is given back.
    func cancel(_ key: String, on day: CivilDate?) throws -> SubscriptionStatement {
        let (subscription, open) = try goingOn(key)
        try store.requireNoneWaiting(subscription)
        let now = subscription.withoutPending.held(on: asOf)
        let end: CivilDate
        if asOf < now.starts, now.signedUp < now.starts, day.map({ $0 <= now.starts }) ?? true {
            // Whoever leaves before he is billed is never billed.
            end = max(day ?? now.starts, now.signedUp.adding(days: 1) ?? now.starts)
        } else {
            end = try day ?? now.renewal(from: max(asOf, open.period.end))
            // The open period is billed whole, so an end in it comes with its own.
            guard end > open.period.start, end > now.starts else {
                throw ChangeRefusal.closed(day: end, openSince: open.period.start)
            }
        }
        return try self.end(subscription, on: end)
    }

    /// Takes back an end that has not come.
    func reactivate(_ key: String) throws -> SubscriptionStatement {
        let (subscription, _) = try goingOn(key)
        guard subscription.terms.ends != nil else { throw ChangeRefusal.goesOn }
        return try self.end(subscription, on: nil)
    }

    /// A subscription with a period that its end can still be about, and that period.
    private func goingOn(_ key: String) throws -> (LookStore.StoredSubscription, OpenPeriod) {
        let subscription = try LookStore(connection).subscription(key)
        guard let open = subscription.open, !subscription.terms.hasEnded(by: open.period.start) else {
            throw ChangeRefusal.ended(on: subscription.terms.ends ?? asOf)
        }
        return (subscription, open)
    }

    private func end(
        _ subscription: LookStore.StoredSubscription, on day: CivilDate?
    ) throws -> SubscriptionStatement {
        try connection.transaction { try store.end(subscription, on: day) }
        let look = Look(connection)
        return try look.statement(look.store.subscription(subscription.key), catalog, on: asOf)
    }
}
