import Billing
import Postgres
import SQL

extension ImportStore.Kind {
    struct Statements {
        let create: Statement
        let clear: Statement
        let copy: Statement
        let analyze: Statement
        /// In their order: first what refers to nothing, then what contradicts itself, then what contradicts the store. So the
        /// verdict stays the same when the rows come again.
        let judge: [Statement]
        /// Refuses what would change periods that ended too long ago; nil for what changes none.
        var judgeRetention: Statement?
        let listRejected: Statement
        let countRepeated: Statement
    }

    var statements: Statements {
        switch self {
        case .customers:
            Statements(
                create: .createLandedCustomer, clear: .clearLandedCustomer, copy: .copyLandedCustomer,
                analyze: .analyzeLandedCustomer,
                judge: [.judgeCustomerRepeats],
                listRejected: .listRejectedCustomers, countRepeated: .countRepeatedCustomers)
        case .accounts:
            Statements(
                create: .createLandedAccount, clear: .clearLandedAccount, copy: .copyLandedAccount,
                analyze: .analyzeLandedAccount,
                judge: [.judgeAccountRepeats],
                listRejected: .listRejectedAccounts, countRepeated: .countRepeatedAccounts)
        case .subscriptions:
            Statements(
                create: .createLandedSubscription, clear: .clearLandedSubscription, copy: .copyLandedSubscription,
                analyze: .analyzeLandedSubscription,
                judge: [.judgeSubscriptionCustomers, .judgeSubscriptionRepeats, .judgeSubscriptions],
                listRejected: .listRejectedSubscriptions, countRepeated: .countRepeatedSubscriptions)
        case .memberships:
            Statements(
                create: .createLandedMembership, clear: .clearLandedMembership, copy: .copyLandedMembership,
                analyze: .analyzeLandedMembership,
                judge: [.resolveMemberships, .judgeMembershipRepeats, .judgeMemberships],
                listRejected: .listRejectedMemberships, countRepeated: .countRepeatedMemberships)
        case .intervals:
            Statements(
                create: .createLandedInterval, clear: .clearLandedInterval, copy: .copyLandedInterval,
                analyze: .analyzeLandedInterval,
                judge: [.resolveIntervals, .judgeIntervalRepeats], judgeRetention: .judgeIntervalRetention,
                listRejected: .listRejectedIntervals, countRepeated: .countRepeatedIntervals)
        }
    }

    func apply(
        _ pull: PullStore, from first: Int64, to after: Int64
    ) throws -> (taken: Int64, new: Int64, changed: Int64) {
        let connection = pull.connection
        let statement: Statement
        switch self {
        case .customers(let terms):
            try BillingDetailStore(connection).landChanges(from: first, to: after)
            return try connection.first(
                Query(.applyCustomers, first, after, terms.asOf, terms.runID), as: Int64.self, Int64.self, Int64.self)
                ?? (Int64(0), Int64(0), Int64(0))
        case .accounts: statement = .applyAccounts
        case .subscriptions:
            return try connection.first(
                Query(.applySubscriptions, first, after, pull.runID, pull.pullID), as: Int64.self, Int64.self,
                Int64.self
            ) ?? (Int64(0), Int64(0), Int64(0))
        case .memberships:
            // What ends has to end before what follows it can begin, or the exclusion constraint would object.
            let changed = try connection.execute(Query(.updateMemberships, first, after, pull.pullID))
            let (taken, new) =
                try connection.first(
                    Query(.insertMemberships, first, after, pull.pullID), as: Int64.self, Int64.self) ?? (
                    Int64(0), Int64(0)
                )
            return (taken, new, Int64(changed))
        case .intervals:
            _ = try connection.execute(Query(.registerIntervalChannels, first, after))
            return try connection.first(
                Query(.applyIntervals, first, after, pull.pullID), as: Int64.self, Int64.self, Int64.self) ?? (
                    Int64(0), Int64(0), Int64(0)
                )
        }
        return try connection.first(Query(statement, first, after), as: Int64.self, Int64.self, Int64.self) ?? (
            Int64(0), Int64(0), Int64(0)
        )
    }
}
