package import Billing
package import Postgres
import SQL

/// What the decisions of a run need to know before its workers start, and the changes that are pending.
package struct DecisionStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Who has no decision this month, as a whole.
    package struct Undecided: Sendable {
        package let subscriptions: Int64
        package let customers: ClosedRange<Int64>
    }

    /// Nil when everybody has one.
    package func undecided(_ rule: RatingDecision, asOf: CivilDate) throws -> Undecided? {
        guard
            let (count, first, last) = try connection.first(
                Query(.countUndecided, asOf, rule.plans, asOf.startOfMonth), as: Int64.self, Int64?.self, Int64?.self),
            let first, let last
        else { return nil }
        return Undecided(subscriptions: count, customers: first...last)
    }

    /// The first of the month with the first reading of the rule's meters, for its first days may have been quiet; nil
    /// when there is none.
    package func countedSince(_ rule: RatingDecision) throws -> CivilDate? {
        (try connection.first(Query(.findFirstReading, rule.series), as: CivilDate?.self) ?? nil)?.startOfMonth
    }

    /// Makes room for the decisions of a month, before any worker starts: adding a partition locks its table.
    package func prepare(month: CivilDate) throws {
        guard let after = month.adding(days: 1) else { return }
        _ = try connection.query(Query(.ensureMonths, "plan_decision", month, after), as: Int32.self)
    }

    private struct Pending {
        var customerID: Int64
        var subscriptionID: Int64
        var changeID: Int64
        var plan: Int32
        var target: Int32
        var outcome: String
        var month: CivilDate
        var windowStarts: CivilDate
        var months: [CivilDate: Int64]
    }

    /// Withdraws the pending changes whose window, with what is known of it now, would no longer bring them about.
    ///
    /// - Returns: how many.
    package func withdraw(
        _ rule: RatingDecision, asOf: CivilDate, runID: Int64, notices: ChangeNotices
    ) throws -> Int64 {
        let gone = try pending(rule).filter { try !stands($0, rule) }
        guard !gone.isEmpty else { return 0 }
        let (customers, subscriptions) = (gone.map(\.customerID), gone.map(\.subscriptionID))
        return try connection.transaction {
            let withdrawn = try connection.execute(
                Query(
                    .settleChanges, customers, subscriptions, gone.map(\.changeID), "withdrawn", asOf, runID))
            try notices.tell(.changeWithdrawn, customers: customers, subscriptions: subscriptions, on: connection)
            return Int64(withdrawn)
        }
    }

    private func pending(_ rule: RatingDecision) throws -> [Pending] {
        var changes: [Pending] = []
        let rows = try connection.query(
            Query(.listPendingChanges, rule.rule.key, rule.running),
            as: Int64.self, Int64.self, Int64.self, Int32.self, Int32.self, String.self, CivilDate.self,
            CivilDate.self, CivilDate?.self, Int64?.self)
        for (customer, subscription, change, plan, target, outcome, month, starts, start, quantity) in rows {
            if changes.last?.changeID != change {
                changes.append(
                    Pending(
                        customerID: customer, subscriptionID: subscription, changeID: change, plan: plan,
                        target: target, outcome: outcome, month: month, windowStarts: starts, months: [:]))
            }
            guard let start, let quantity else { continue }
            try add(quantity, in: start.startOfMonth, to: &changes[changes.count - 1], rule)
        }
        guard !rule.counted.isEmpty else { return changes }
        let months = try MonthReader(connection, meters: rule.counted).read(
            changes.map { change in
                let window = DateRange(period: change.windowStarts, change.month)
                return MonthReader.Request(
                    change.customerID, change.subscriptionID, window ?? .empty(at: change.month))
            })
        for (index, counted) in months.enumerated() {
            guard let counted else { throw overflow(rule) }
            for (month, quantity) in counted { try add(quantity, in: month, to: &changes[index], rule) }
        }
        return changes
    }

    private func add(
        _ quantity: Int64, in month: CivilDate, to change: inout Pending, _ rule: RatingDecision
    ) throws {
        let (sum, overflows) = (change.months[month] ?? 0).addingReportingOverflow(quantity)
        guard !overflows else { throw overflow(rule) }
        change.months[month] = sum
    }

    private func overflow(_ rule: RatingDecision) -> BillingError {
        .quantityOverflow(meter: rule.rule.meters.joined(separator: " + "))
    }

    /// Whether the rule says the same of the window as when the change was announced.
    private func stands(_ change: Pending, _ rule: RatingDecision) throws -> Bool {
        guard let plan = rule.rule.ladder.first(where: { rule.number(ofPlan: $0.plan) == change.plan })?.plan else {
            return false
        }
        var counted: [Int64] = []
        var month = change.windowStarts
        while month < change.month, let next = month.adding(months: 1) {
            counted.append(change.months[month] ?? 0)
            month = next
        }
        // What stood in the way then would have kept the change from being announced.
        let again = try rule.ladder.decide(plan: plan, months: counted, history: .max, sinceChange: nil)
        return again?.outcome.rawValue == change.outcome
            && again?.target.flatMap { rule.number(ofPlan: $0) } == change.target
    }
}
