package import Billing
import Postgres
import SQL

extension LookStore {
    /// A decision as it is stored.
    package struct StoredDecision: Sendable {
        package let month: CivilDate
        package let rule: String
        package let decidedOn: CivilDate
        package let catalog: Int32
        package let plan: String
        package let decision: Decision
        package let windowStarts: CivilDate
        package let counted: [Int64]
        package let watermark: Int64
        package let change: DecisionExplanation.Change?
    }

    /// The decisions on a subscription, the latest first.
    ///
    /// - Parameter month: the only month; nil for all.
    package func decisions(
        _ subscription: StoredSubscription, month: CivilDate?, limit: Int64
    ) throws -> [StoredDecision] {
        try connection.query(
            Query(.listDecisions, subscription.customerID, subscription.subscriptionID, month, limit),
            as: CivilDate.self, String.self, CivilDate.self, Int32.self, String.self, String.self, String.self,
            String?.self, CivilDate.self, [Int64].self, Int64?.self, Int16?.self, Int64.self, CivilDate?.self,
            String?.self, CivilDate?.self
        ).map { row in
            guard let outcome = Decision.Outcome(rawValue: row.5), let reason = Decision.Reason(rawValue: row.6) else {
                throw StoreError.inconsistent("a decision '\(row.5)' because '\(row.6)'")
            }
            var figure: Decision.Figure?
            if let sum = row.10, let count = row.11 { figure = Decision.Figure(sum: sum, count: Int(count)) }
            var change: DecisionExplanation.Change?
            if let takesEffect = row.13, let text = row.14 {
                guard let status = DecisionExplanation.Change.Status(rawValue: text) else {
                    throw StoreError.inconsistent("a change of plan that is '\(text)'")
                }
                change = DecisionExplanation.Change(takesEffect: takesEffect, status: status, settledOn: row.15)
            }
            return StoredDecision(
                month: row.0, rule: row.1, decidedOn: row.2, catalog: row.3, plan: row.4,
                decision: Decision(outcome: outcome, reason: reason, target: row.7, figure: figure),
                windowStarts: row.8, counted: row.9, watermark: row.12, change: change)
        }
    }

    /// What each account counted by a rule's meters in each span of days for a subscription, as known at a watermark. One row
    /// an account and span in which it counted, in order.
    ///
    /// - Parameter spans: calendar months, or billing periods, in order and without a gap.
    package func countsByAccount(
        _ subscription: StoredSubscription, _ rule: RatingDecision, in spans: [DateRange], watermark: Int64
    ) throws -> [(account: String, start: CivilDate, quantity: Int64)] {
        guard let first = spans.first, let last = spans.last else { return [] }
        var rows = try connection.query(
            Query(
                .readSpansByAccount, subscription.customerID, subscription.subscriptionID, rule.running, first.start,
                last.end, watermark, spans.map { PGDate($0.start) }, spans.map { PGDate($0.end) }),
            as: String.self, CivilDate.self, Int64.self)
        if !rule.counted.isEmpty {
            let request = SpanReader.Request(subscription.customerID, subscription.subscriptionID, spans)
            let parts = try SpanReader(connection, meters: rule.counted, watermark: watermark).parts(request)
            let accounts = Dictionary(
                try connection.query(
                    Query(.listAccountKeys, Set(parts.map(\.account)).sorted()), as: Int64.self, String.self),
                uniquingKeysWith: { first, _ in first })
            rows += parts.map { (accounts[$0.account] ?? "", $0.start, $0.quantity) }
        }
        var sums: [String: [CivilDate: Int64]] = [:]
        for (account, start, quantity) in rows {
            let (sum, overflow) = (sums[account]?[start] ?? 0).addingReportingOverflow(quantity)
            guard !overflow else {
                throw BillingError.quantityOverflow(meter: rule.rule.meters.joined(separator: " + "))
            }
            sums[account, default: [:]][start] = sum
        }
        return sums.sorted { $0.key < $1.key }.flatMap { account, counts in
            counts.sorted { $0.key < $1.key }.map { (account, $0.key, $0.value) }
        }
    }
}
