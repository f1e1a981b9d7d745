package import Billing
package import Postgres
import SQL

/// What people ask about: subscriptions and their usage, runs, rejected rows, held subscriptions.
package struct LookStore {
    let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// A subscription as it is stored.
    package struct StoredSubscription: Sendable {
        package let customerID: Int64
        package let subscriptionID: Int64
        package let key: String
        package let customer: String
        package let customerName: String
        package var terms: Subscription
        /// As the terms, without a change that has not taken effect.
        package var withoutPending: Subscription
        /// The zone whose days are counted, by its IANA name.
        package let timeZone: String
        package let open: OpenPeriod?

        /// The change that has not taken effect.
        package var pendingChange: Subscription.Change? {
            terms.changes.count > withoutPending.changes.count ? terms.changes.last : nil
        }

        /// The period that the subscription is in; nil after its end, also while a period is open for late usage.
        package var openPeriod: DateRange? {
            open.flatMap { terms.hasEnded(by: $0.period.start) ? nil : $0.period }
        }
    }

    /// - Throws: `StoreError.unknownSubscription`.
    package func subscription(_ key: String) throws -> StoredSubscription {
        guard
            let row = try connection.first(
                Query(.findSubscription, key),
                as: Int64.self, Int64.self, String.self, String.self, String.self, Int32.self, CivilDate.self,
                CivilDate.self, CivilDate.self, CivilDate?.self, String.self, String.self, String.self, Int32?.self,
                CivilDate?.self, CivilDate?.self, CivilDate?.self, String?.self, String?.self, CivilDate?.self,
                CivilDate?.self)
        else { throw StoreError.unknownSubscription(key) }
        guard let cadence = Cadence(row.10) else { throw StoreError.inconsistent("'\(row.10)' is no cadence") }
        var coupon: Subscription.Coupon?
        if let code = row.18, let from = row.19 { coupon = Subscription.Coupon(code: code, from: from) }
        var open: OpenPeriod?
        if let number = row.13, let start = row.14, let end = row.15, let countsFrom = row.16,
            let period = DateRange(period: start, end)
        {
            open = OpenPeriod(number: number, period: period, countsFrom: countsFrom)
        }
        var terms = Subscription(
            plan: row.5, anchor: row.6, starts: row.8, signedUp: row.7, paysEvery: cadence,
            currency: row.11, ends: row.9, contract: row.17, coupon: coupon)
        terms.paidFrom = row.20
        let changes = try PlanChanges(connection, customerID: row.0, subscriptionID: row.1)
        var withoutPending = terms
        changes.unfold(&withoutPending, withPending: false)
        changes.unfold(&terms)
        return StoredSubscription(
            customerID: row.0, subscriptionID: row.1, key: row.2, customer: row.3, customerName: row.4,
            terms: terms, withoutPending: withoutPending,
            timeZone: row.12, open: open)
    }

    /// The totals of a subscription's slices in a range.
    package func totals(_ subscription: StoredSubscription, in range: DateRange) throws -> [SliceTotal] {
        try connection.query(
            Query(.readTotals, subscription.customerID, subscription.subscriptionID, range.start, range.end),
            as: Int32.self, CivilDate.self, Int64.self
        ).map { SliceTotal(meter: $0.0, start: $0.1, quantity: $0.2) }
    }

    /// What each channel of each account counted in a range, with the meter's number.
    package func sources(
        _ subscription: StoredSubscription, in range: DateRange
    ) throws -> [(meter: Int32, count: UsageStatement.SourceCount)] {
        try connection.query(
            Query(.readUsage, subscription.customerID, subscription.subscriptionID, range.start, range.end),
            as: String.self, String.self, Int32.self, Int64.self, CivilDate.self
        ).map { row in
            (row.2, UsageStatement.SourceCount(account: row.0, channel: row.1, quantity: row.3, lastDay: row.4))
        }
    }

    /// The latest runs first, without steps and pulls.
    package func runs(limit: Int64) throws -> [RunRecord] {
        try runs(Query(.listRuns, limit))
    }

    /// One run with its steps and pulls.
    ///
    /// - Throws: `StoreError.unknownRun`.
    package func run(_ id: Int64) throws -> RunRecord {
        guard var run = try runs(Query(.readRun, id)).first else { throw StoreError.unknownRun(id) }
        run.steps = try connection.query(
            Query(.listRunSteps, id),
            as: Int16.self, String.self, String.self, String?.self, PGTimestamp.self, PGTimestamp?.self
        ).map { row in
            RunRecord.Step(
                number: row.0, name: row.1, status: row.2, detail: row.3, startedAt: row.4.microsecondsSince1970,
                endedAt: row.5?.microsecondsSince1970)
        }
        run.pulls = try connection.query(
            Query(.listRunPulls, id),
            as: Int64.self, String.self, String.self, String.self, Int64.self, Int64.self, Int64.self, Int64.self,
            Int64.self, Int64.self, Int64.self, Int64.self, Bool.self
        ).map { row in
            RunRecord.Pull(
                id: row.0, source: row.1, feeds: row.2, status: row.3, read: row.4, outside: row.5, new: row.6,
                changed: row.7, unchanged: row.8, repeated: row.9, merged: row.10, rejected: row.11,
                isNotModified: row.12)
        }
        run.story = try story(of: run)
        return run
    }

    private func runs(_ query: Query) throws -> [RunRecord] {
        try connection.query(
            query,
            as: Int64.self, String.self, CivilDate.self, String.self, Int16?.self, String.self, PGTimestamp.self,
            PGTimestamp?.self, String?.self, [String].self
        ).map { row in
            RunRecord(
                id: row.0, job: row.1, asOf: row.2, status: row.3, exitCode: row.4, programVersion: row.5,
                startedAt: row.6.microsecondsSince1970, endedAt: row.7?.microsecondsSince1970, summary: row.8,
                failures: row.9, steps: [], pulls: [])
        }
    }

    /// Rejected rows by source, file and line, with the name of their source.
    package func rejections(
        source: String?, reason: String?, limit: Int64
    ) throws -> [(source: String, rejection: Rejection)] {
        try connection.query(
            Query(.listRejectedRows, source, reason, limit),
            as: String.self, String.self, Int64.self, Int32.self, String.self, String.self, String.self, String.self,
            String.self, Int64.self
        ).map { row in
            guard let reason = RejectReason(rawValue: row.5) else {
                throw StoreError.inconsistent("an unknown reason '\(row.5)'")
            }
            return (
                row.0,
                Rejection(
                    origin: row.1, line: Int(row.2), column: Int(row.3), field: row.4, reason: reason, found: row.6,
                    expected: row.7, row: row.8)
            )
        }
    }

    /// The first instants of local days, in microseconds since 1970-01-01 UTC, in the order of the days.
    ///
    /// - Throws: `StoreError.unknownTimeZone`.
    package func dayStarts(_ days: [CivilDate], zone: String) throws -> [Int64] {
        guard try ImportStore.timeZones(connection).contains(zone) else { throw StoreError.unknownTimeZone(zone) }
        return try connection.query(Query(.listDayStarts, days.map(PGDate.init), zone), as: PGTimestamp.self)
            .map(\.microsecondsSince1970)
    }

    /// The subscriptions that closes have set aside.
    package func invoiceHolds(limit: Int64) throws -> [InvoiceHoldRecord] {
        try connection.query(
            Query(.listInvoiceHolds, limit), as: String.self, CivilDate.self, String.self, String.self, String.self,
            PGNumeric.self, PGNumeric.self, String.self, CivilDate.self, Int64.self
        ).map { row in
            InvoiceHoldRecord(
                invoice: "\(row.0)/\(row.1)" + (row.2 == "period" ? "" : "/\(row.2)"), reason: row.3, subject: row.4,
                figure: "\(row.5)", bound: "\(row.6)", detail: row.7, heldOn: row.8, runID: row.9)
        }
    }

    package func holds(limit: Int64) throws -> [HoldRecord] {
        try connection.query(
            Query(.listHolds, limit), as: String.self, CivilDate.self, String.self, String.self, Int64.self
        ).map { HoldRecord(subscription: $0.0, periodEnd: $0.1, reason: $0.2, detail: $0.3, runID: $0.4) }
    }
}
