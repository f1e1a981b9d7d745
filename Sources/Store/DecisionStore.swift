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

        /// Whether they are so many of the customers between the first and the last that going through all of them is worth
        /// it.
        package var isDense: Bool { subscriptions > (customers.upperBound - customers.lowerBound) / 20 }
    }

    /// Nil when everybody has one.
    package func undecided(_ rule: RatingDecision, asOf: CivilDate) throws -> Undecided? {
        let month = asOf.startOfMonth
        let isBegun = try connection.first(Query(.findMonthDecision, month), as: Bool.self) ?? false
        let count =
            isBegun ? Query(.countUndecided, asOf, rule.plans, month) : Query(.countSubject, asOf, rule.plans)
        guard let (count, first, last) = try connection.first(count, as: Int64.self, Int64?.self, Int64?.self),
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
        for table in ["plan_decision", "decision_block"] {
            _ = try connection.query(Query(.ensureMonths, table, month, after), as: Int32.self)
        }
    }

    /// A change with the window that it was announced for.
    private struct Pending {
        var customerID: Int64
        var subscriptionID: Int64
        var changeID: Int64
        var plan: Int32
        var target: Int32
        var outcome: String
        /// The months, or periods, that counted.
        var spans: [DateRange]
        var counted: [Int64]
    }

    /// Withdraws the pending changes whose window, with what is known of it now, would no longer bring them about.
    ///
    /// - Parameter earlier: all catalogs. One that has been applied since counts as it says, but over the days that the
    ///   decision looked at.
    /// - Returns: how many.
    package func withdraw(
        _ rule: RatingDecision, of catalog: RatingCatalog, earlier: () throws -> [RatingCatalog], asOf: CivilDate,
        runID: Int64, notices: ChangeNotices
    ) throws -> Int64 {
        let gone = try pending(rule, of: catalog, earlier).filter { try !stands($0, rule) }
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

    private func pending(
        _ rule: RatingDecision, of catalog: RatingCatalog, _ earlier: () throws -> [RatingCatalog]
    ) throws -> [Pending] {
        var changes: [Pending] = []
        var made = [catalog.id: rule]
        let rows = try connection.query(
            Query(.listPendingChanges, rule.rule.key, rule.running),
            as: Int64.self, Int64.self, Int64.self, Int32.self, Int32.self, String.self, Int32.self, CivilDate.self,
            CivilDate.self, Int32.self, CivilDate?.self, Int64?.self)
        for row in rows {
            if changes.last?.changeID != row.2 {
                if made[row.6] == nil {
                    made[row.6] = try earlier().first { $0.id == row.6 }?
                        .decisions.first { $0.rule.key == rule.rule.key }
                }
                guard let made = made[row.6] else {
                    throw StoreError.inconsistent("the rule '\(rule.rule.key)' stands in no catalog")
                }
                let spans = try made.spans(from: row.8, count: Int(row.9), anchor: row.7)
                changes.append(
                    Pending(
                        customerID: row.0, subscriptionID: row.1, changeID: row.2, plan: row.3, target: row.4,
                        outcome: row.5, spans: spans, counted: Array(repeating: 0, count: spans.count)))
            }
            guard let start = row.10, let quantity = row.11 else { continue }
            try add(quantity, on: start, to: &changes[changes.count - 1], rule)
        }
        guard !rule.counted.isEmpty else { return changes }
        let counts = try SpanReader(connection, meters: rule.counted).read(
            changes.map { SpanReader.Request($0.customerID, $0.subscriptionID, $0.spans) })
        for (index, counts) in counts.enumerated() {
            guard let counts else { throw overflow(rule) }
            for (start, quantity) in counts { try add(quantity, on: start, to: &changes[index], rule) }
        }
        return changes
    }

    /// - Parameter day: the first of a slice, which lies within one span or outside of all.
    private func add(
        _ quantity: Int64, on day: CivilDate, to change: inout Pending, _ rule: RatingDecision
    ) throws {
        guard let index = change.spans.firstIndex(where: { $0.contains(day) }) else { return }
        let (sum, overflows) = change.counted[index].addingReportingOverflow(quantity)
        guard !overflows else { throw overflow(rule) }
        change.counted[index] = sum
    }

    private func overflow(_ rule: RatingDecision) -> BillingError {
        .quantityOverflow(meter: rule.rule.meters.joined(separator: " + "))
    }

    /// Whether the rule says the same of the window as when the change was announced.
    private func stands(_ change: Pending, _ rule: RatingDecision) throws -> Bool {
        guard let plan = rule.rule.ladder.first(where: { rule.number(ofPlan: $0.plan) == change.plan })?.plan else {
            return false
        }
        // What stood in the way then would have kept the change from being announced.
        let again = try rule.ladder.decide(plan: plan, counted: change.counted, history: .max, sinceChange: nil)
        return again?.outcome.rawValue == change.outcome
            && again?.target.flatMap { rule.number(ofPlan: $0) } == change.target
    }
}
