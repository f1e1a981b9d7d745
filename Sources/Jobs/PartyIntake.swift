import Billing
import Connectors
import Deployment
import Store

/// Customers and accounts: a key and a name.
final class PartyIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let fields: [String]

    init(_ pull: PullStore, _ kind: ImportStore.Kind) throws {
        self.pull = pull
        store = try ImportStore(pull, kind)
        fields = (kind == .customers ? Feed.customers : .accounts).fields.map(\.name)
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            let key = row.key(0)
            let name = row.optionalKey(1)
            if let rejection = row.rejection {
                try pull.reject(rejection)
            } else if let key {
                try store.land(key: key, name: name ?? key, row.origin)
            }
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply()
        return 0
    }
}

/// Subscriptions, each let in only when the catalog can rate it.
final class SubscriptionIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let catalog: RatingCatalog
    private let timeZones: Set<String>
    private let fields = Feed.subscriptions.fields.map(\.name)

    init(_ pull: PullStore, catalog: RatingCatalog, timeZones: Set<String>) throws {
        self.pull = pull
        store = try ImportStore(pull, .subscriptions)
        self.catalog = catalog
        self.timeZones = timeZones
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            if let subscription = subscription(&row) {
                try store.land(subscription, row.origin)
            } else if let rejection = row.rejection {
                try pull.reject(rejection)
            }
        }
    }

    private func subscription(_ row: inout RowReader) -> ImportStore.SubscriptionRow? {
        let (key, customer, plan, anchor) = (row.key(0), row.key(1), row.key(2), row.day(3))
        let (signedUp, starts, ends) = (row.optionalDay(4), row.optionalDay(5), row.optionalDay(6))
        let (cadenceText, currency, timeZone) = (row.optionalKey(7), row.optionalKey(8), row.optionalKey(9))
        let cadence = cadenceText.flatMap(Cadence.init)
        if cadenceText != nil, cadence == nil { row.refuse(.invalidCadence, "cadence") }
        if let currency, Currency(code: currency) == nil { row.refuse(.invalidCurrency, "currency") }
        if let timeZone, !timeZones.contains(timeZone) { row.refuse(.invalidTimeZone, "time_zone") }
        guard !row.isRefused, let key, let customer, let plan, let anchor else { return nil }
        let application = RatingCatalog.Application(
            plan: plan, anchor: anchor, signedUp: signedUp ?? anchor, starts: starts ?? anchor, ends: ends,
            paysEvery: cadence, currency: currency)
        do {
            let (terms, open) = try catalog.admit(application)
            return ImportStore.SubscriptionRow(
                key: key, customer: customer, terms: terms, starts: application.starts,
                currency: catalog.catalog.currency.code, timeZone: timeZone ?? "UTC", open: open)
        } catch {
            row.refuse(error.reason, error.field)
            return nil
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
