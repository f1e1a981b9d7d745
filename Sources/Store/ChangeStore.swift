package import Billing
package import Postgres
import SQL

/// Changes of plan that somebody asks for, and what they come to at once.
package struct ChangeStore {
    private let connection: Connection
    private let terms: Terms

    /// What all changes of a run have in common.
    package struct Terms: Sendable {
        package var asOf: CivilDate
        package var runID: Int64
        package var catalog: RatingCatalog
        package var notices: ChangeNotices

        package init(asOf: CivilDate, runID: Int64, catalog: RatingCatalog, notices: ChangeNotices) {
            self.asOf = asOf
            self.runID = runID
            self.catalog = catalog
            self.notices = notices
        }
    }

    /// Who asks.
    package enum Origin: String, Sendable {
        /// Somebody at the command line.
        case request
        /// A source that names another plan than before.
        case source
    }

    package init(_ connection: Connection, _ terms: Terms) {
        self.connection = connection
        self.terms = terms
    }

    // MARK: A request

    /// Looks at a request, and changes nothing.
    ///
    /// - Throws: `ChangeRefusal`.
    package func admit(_ request: ChangeRequest, of subscription: LookStore.StoredSubscription) throws -> AdmittedChange
    {
        try requireNoneWaiting(subscription)
        return try terms.catalog.admit(
            request, of: subscription.withoutPending, open: subscription.open,
            isPending: subscription.pendingChange != nil, asOf: terms.asOf)
    }

    /// What a night that was missed would have made stands: the close of the next one makes it.
    ///
    /// - Throws: `ChangeRefusal.waiting`.
    package func requireNoneWaiting(_ subscription: LookStore.StoredSubscription) throws {
        guard let day = subscription.pendingChange?.day, day <= terms.asOf,
            subscription.terms.ends.map({ day < $0 }) ?? true
        else { return }
        throw ChangeRefusal.waiting(since: day)
    }

    /// Writes an admitted change in the place of one that is pending: call it in a transaction.
    ///
    /// - Returns: the number of the change; nil where it took back the pending one.
    package func record(
        _ admitted: AdmittedChange, of subscription: LookStore.StoredSubscription, origin: Origin
    ) throws -> Int64? {
        let (customer, number) = (subscription.customerID, subscription.subscriptionID)
        try preempt(subscription)
        guard let change = admitted.change else { return nil }
        let now = subscription.withoutPending.held(on: .latest)
        let isRhythm = change.paysEvery != nil
        let id = try connection.first(
            Query(
                .insertPlanChange, customer, number, change.day, admitted.wasPlan, change.plan,
                isRhythm ? now.paysEvery.description : nil, isRhythm ? now.paidFrom : nil,
                change.paysEvery?.description, admitted.isAtOnce, origin.rawValue, terms.asOf, terms.runID),
            as: Int64.self)
        if let id, let first = admitted.beginning {
            _ = try connection.execute(
                Query(
                    .beginOnPlan, customer, number, id, terms.asOf, terms.runID, change.plan,
                    change.paysEvery?.description, first.number, first.period.start, first.period.end,
                    first.countsFrom))
        }
        if admitted.isAtOnce { try divideTotals(of: subscription, on: change.day) }
        try countForPlan(change.plan, subscription)
        return id
    }

    /// Gives up a change that is pending, with the messages of it that have not been sent.
    package func preempt(_ subscription: LookStore.StoredSubscription) throws {
        let (customers, subscriptions) = ([subscription.customerID], [subscription.subscriptionID])
        let given = try connection.execute(
            Query(.giveUpPlanChanges, customers, subscriptions, terms.asOf, terms.runID))
        guard given > 0 else { return }
        try terms.notices.retract(customers: customers, subscriptions: subscriptions, on: connection)
    }

    /// Ends a subscription, or takes its end back. What was pending for a day behind the end is given up.
    package func end(_ subscription: LookStore.StoredSubscription, on day: CivilDate?) throws {
        _ = try connection.execute(
            Query(.setEnds, subscription.customerID, subscription.subscriptionID, day, terms.runID))
        if let day, let last = subscription.terms.changes.last, last.day >= day { try preempt(subscription) }
    }

    /// Use is rated on the plan of its day, so a total may not run across the change.
    private func divideTotals(of subscription: LookStore.StoredSubscription, on day: CivilDate) throws {
        let (customer, number) = (subscription.customerID, subscription.subscriptionID)
        let cuts =
            try connection.query(Query(.listCuts), as: CivilDate.self)
            + SubscriptionCuts(connection, of: [number])[number]
        let old = try terms.catalog.slicing(of: subscription.terms, cuts: cuts)
        let start = try old.start(containing: day)
        guard start < day else { return }
        _ = try connection.execute(Query(.insertSubscriptionCut, customer, number, day))
        let isThere = try connection.query(
            Query(.listSlicesOver, customer, number, start, day), as: CivilDate.self
        ).contains(start)
        guard isThere else { return }
        var division = TotalsDivision(connection)
        try division.divide(
            customerID: customer, subscriptionID: number, from: start, old: old,
            new: terms.catalog.slicing(of: subscription.terms, cuts: cuts + [day]))
        try division.apply()
    }

    /// A plan may have quantities of whole periods that nobody has totalled for this subscription.
    private func countForPlan(_ plan: Int32, _ subscription: LookStore.StoredSubscription) throws {
        let meters = WindowMeters([terms.catalog])
        let counted = Set(meters.ofPlans(subscription.terms.plans).map(\.id))
        guard meters.ofPlan(plan).contains(where: { !counted.contains($0.id) }) else { return }
        _ = try connection.execute(
            Query(.resetSubscriptionProgress, subscription.customerID, subscription.subscriptionID))
    }

    // MARK: What it comes to at once

    /// Invoices the changes in the midst of a paid period whose day has come. One that cannot be invoiced is set aside.
    ///
    /// - Parameters:
    ///   - subscription: the only one to look at; nil for all.
    ///   - closer: rates with the catalog in use.
    ///   - watermark: the last pull that the run can see.
    package func settle(
        only subscription: LookStore.StoredSubscription? = nil, by closer: Closer, watermark: Int64
    ) throws -> CloseTally {
        let due = try connection.query(
            Query(.listChangesAtOnce, terms.asOf, subscription?.customerID, subscription?.subscriptionID),
            as: Int64.self, Int64.self, Int64.self, String.self, CivilDate.self, String.self)
        var tally = CloseTally()
        for (customer, number, change, key, day, currency) in due {
            let stored = try LookStore(connection).subscription(key)
            if let ends = stored.terms.ends, day >= ends {
                // The source has named an end before it.
                try connection.transaction { try preempt(stored) }
                continue
            }
            do {
                let settled: (lines: [InvoiceLine], total: Int64)
                guard let asked = stored.terms.changes.last(where: { $0.day == day }) else {
                    throw StoreError.inconsistent("a change of plan has no day")
                }
                let since = try closer.chargedSince(asked, of: stored.terms)
                let charging = try connection.first(
                    Query(.findChargingCatalog, customer, number, since), as: Int32.self)
                settled = try closer.settle(asked, of: stored.terms, chargedBy: charging)
                try connection.transaction {
                    try write(
                        settled, of: stored, change: change, on: day, currency: currency, closer, watermark: watermark)
                }
                _ = try connection.execute(Query(.releaseHolds, [customer], [number]))
                guard !settled.lines.isEmpty else { continue }
                tally.add(settled.total, dated: day, in: currency)
                tally.lines += Int64(settled.lines.count)
            } catch let error as BillingError {
                tally.held += 1
                _ = try connection.execute(
                    Query(.insertHold, customer, number, error.code, error.description, day, terms.runID))
            }
        }
        return tally
    }

    /// - Returns: how many invoices are held.
    private func write(
        _ settled: (lines: [InvoiceLine], total: Int64), of subscription: LookStore.StoredSubscription, change: Int64,
        on day: CivilDate, currency: String, _ closer: Closer, watermark: Int64
    ) throws -> Int64 {
        let (customer, number) = (subscription.customerID, subscription.subscriptionID)
        guard let after = day.adding(days: 1), let count = Int16(exactly: settled.lines.count) else {
            throw BillingError.tooManyLines(period: .empty(at: day))
        }
        let isInvoiced = !settled.lines.isEmpty
        let from = try closer.historyStart(of: subscription.terms, on: subscription.open?.period.start ?? day)
        let found = try connection.execute(
            Query(
                .applyChangeAtOnce, customer, number, change, terms.asOf, terms.runID, from,
                isInvoiced ? terms.catalog.id : nil, isInvoiced ? watermark : nil,
                isInvoiced ? Closer.engineVersion : nil))
        guard found == 1 else {
            throw StoreError.changedUnderneath(
                statement: Statement.applyChangeAtOnce.name, expected: 1, found: found)
        }
        guard isInvoiced else { return 0 }
        for table in ["invoice", "invoice_line"] {
            _ = try connection.query(Query(.ensureMonths, table, day, after), as: Int32.self)
        }
        _ = try connection.execute(Query(.noteDraftMonths, day, after))
        _ = try connection.execute(
            Query(.insertChangeInvoice, customer, number, day, currency, settled.total, count))
        var lines = InvoiceLineBuffer()
        for (index, line) in settled.lines.enumerated() {
            lines.append(
                line, number: index + 1, customerID: customer, subscriptionID: number, date: day, kind: "change")
        }
        _ = try connection.copyIn(Query(.copyInvoiceLine), lines.rows)
        let written = Inspection.Written(
            customerID: customer, subscriptionID: number, date: day, kind: "change", period: .empty(at: day),
            total: settled.total, currency: currency)
        return try Inspection(catalog: terms.catalog, asOf: terms.asOf, runID: terms.runID)
            .inspect([written], on: connection)
    }
}
