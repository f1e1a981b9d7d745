import Billing
import Connectors
import Deployment
import Store

/// Accounts: a key and a name.
final class AccountIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let fields = Feed.accounts.fields.map(\.name)

    init(_ pull: PullStore) throws {
        self.pull = pull
        store = try ImportStore(pull, .accounts)
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let key = row.key(0)
            let name = row.optionalKey(1)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let key {
                try store.land(account: key, name: name ?? key, row.origin)
            }
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply()
        return 0
    }
}

/// Customers: a key, a name, how they are reached, and their billing details.
final class CustomerIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let fields = Feed.customers.fields.map(\.name)

    init(_ pull: PullStore, _ terms: ImportStore.Terms) throws {
        self.pull = pull
        store = try ImportStore(pull, .customers(terms))
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let key = row.key(0)
            let name = row.optionalKey(1)
            let email = row.contact(2)
            let change = row.details(from: 3)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let key {
                try store.land(customer: key, name: name ?? key, email, change, row.origin)
            }
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply()
        return 0
    }
}

/// Memberships: from when until when an account counts for a subscription.
final class MembershipIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let fields = Feed.memberships.fields.map(\.name)

    init(_ pull: PullStore) throws {
        self.pull = pull
        store = try ImportStore(pull, .memberships)
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let (account, subscription) = (row.key(0), row.key(1))
            let (from, until) = (row.optionalDay(2), row.optionalDay(3))
            if let from, let until, until <= from { row.refuse(.endNotAfterStart, "until") }
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let account, let subscription {
                try store.land(account: account, subscription: subscription, from: from, until: until, row.origin)
            }
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply()
        return 0
    }
}
