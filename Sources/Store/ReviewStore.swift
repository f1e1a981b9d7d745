package import Billing
package import Postgres
import SQL

/// What the plan that a subscription changes to does not allow, kept as rows that the vendor's product reads.
package struct ReviewStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// A change that has not taken effect.
    package struct Pending: Sendable {
        package let changeID: Int64
        package let subscription: String
        package let plan: Int32
        package let takesEffect: CivilDate
    }

    /// - Parameter plans: those whose limits somebody counts.
    package func pending(to plans: [Int32]) throws -> [Pending] {
        try connection.query(
            Query(.listChangesToReview, plans),
            as: Int64.self, String.self, Int32.self, CivilDate.self
        ).map { Pending(changeID: $0.0, subscription: $0.1, plan: $0.2, takesEffect: $0.3) }
    }

    /// Replaces what was known of a change.
    package func write(
        _ review: PlanReview, of change: Int64, _ subscription: LookStore.StoredSubscription
    ) throws {
        let (customer, number) = (subscription.customerID, subscription.subscriptionID)
        try connection.transaction {
            _ = try connection.execute(Query(.clearReview, customer, number, change))
            for excess in review.excesses {
                _ = try connection.execute(
                    Query(
                        .insertExcess, customer, number, change, excess.entitlement.key, review.asOf, excess.used,
                        excess.most, Int16(clamping: excess.meter.quantityPlaces)))
                _ = try connection.execute(
                    Query(
                        .insertPauses, customer, number, change, excess.entitlement.key, excess.pauses.map(\.accountID),
                        excess.pauses.map(\.channelID), excess.pauses.map { PGDate($0.since) },
                        excess.pauses.map(\.quantity)))
            }
        }
    }

    /// What contributes to a count, each with the day from which on it does.
    package func items(_ count: WindowCount, _ series: Int32, of subscription: LookStore.StoredSubscription) throws
        -> [PlanReview.Item]
    {
        let rows = try connection.query(
            Query(
                .listSourcesSince, subscription.customerID, series, count.sources.map(\.account),
                count.sources.map(\.channel), count.sources.map(\.category), count.window.start, count.window.end,
                subscription.timeZone),
            as: String.self, String.self, String.self, Int64.self, Int32.self, CivilDate.self)
        return rows.compactMap { row in
            guard
                let source = count.sources.first(where: {
                    $0.account == row.0 && $0.channel == row.1 && $0.category == row.2
                })
            else { return nil }
            return PlanReview.Item(
                account: row.0, accountID: row.3, channel: row.1, channelID: row.4, since: row.5,
                quantity: count.share(source))
        }
    }
}

extension LookStore {
    /// Everything that ever became of a subscription's plan, in order.
    package func changes(of subscription: StoredSubscription) throws -> [SubscriptionStatement.Change] {
        try connection.query(
            Query(.listSubscriptionChanges, subscription.customerID, subscription.subscriptionID),
            as: Int64.self, CivilDate.self, String.self, String.self, String?.self, String?.self, String.self,
            String?.self, String.self, CivilDate.self, CivilDate?.self, Bool.self
        ).map { row in
            SubscriptionStatement.Change(
                takesEffect: row.1, wasPlan: row.2, plan: row.3, wasPaysEvery: row.4.flatMap { Cadence($0) },
                paysEvery: row.5.flatMap { Cadence($0) }, origin: row.6, rule: row.7, status: row.8, announcedOn: row.9,
                settledOn: row.10, isInvoiced: row.11)
        }
    }
}
