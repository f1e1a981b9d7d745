package import Billing

/// Everything that the oracle knows, night after night.
package struct OracleBooks: Sendable {
    package private(set) var catalogs: [Catalog] = []
    package internal(set) var accounts: [String: SubscriptionAccount] = [:]
    var tally = Tally()
    package internal(set) var notices = NoticeBook()

    package init() {}

    /// What the sources say on one night: of customers and accounts all that is known, of counts what is in the files.
    package struct Delivery: Sendable {
        package var applications: [Application] = []
        package var memberships: [Tally.Membership] = []
        package var counts: [Tally.Place: Int] = [:]
        package var spells: [Tally.Spell] = []

        package init() {}
    }

    package mutating func apply(_ catalog: Catalog) {
        if catalogs.last != catalog { catalogs.append(catalog) }
    }

    package mutating func pull(_ delivery: Delivery) throws {
        guard let catalog = catalogs.last else { throw Puzzle("no catalog") }
        for row in delivery.applications where accounts[row.key] == nil {
            let holding = try Holding(row, catalog)
            accounts[row.key] = try SubscriptionAccount(
                holding, Sold(catalog, number: catalogs.count - 1, in: holding.currency))
        }
        tally.link(delivery.memberships)
        tally.take(delivery.spells)
        for place in tally.take(delivery.counts) {
            guard let holder = tally.holder(of: place.account, on: place.day) else { continue }
            // Of what no sum is kept, the night's totals tell.
            let isSummed = catalogs.contains { catalog in
                catalog.meters.contains { $0.series == place.series && $0.isPlainSum }
            }
            if isSummed { accounts[holder]?.noteChange(on: place.day) }
        }
    }

    /// Tells who has reached a share of an allowance.
    package mutating func alert(asOf: Day) throws {
        guard let catalog = catalogs.last else { return }
        let counts = tally.counts(accounts.mapValues(\.holding.zone))
        for (key, account) in accounts.sorted(by: { $0.key < $1.key }) {
            let sold = Sold(catalog, number: catalogs.count - 1, in: account.holding.currency)
            for alert in try account.alerts(on: asOf, sold, counts[key] ?? .none) {
                notices.post(
                    .alert, to: account, topic: alert.topic, period: alert.period, number: alert.percent, alert.values,
                    catalog, asOf: asOf)
            }
        }
    }

    /// Closes what has ended on or before a day.
    package mutating func close(asOf: Day) throws {
        let counts = tally.counts(accounts.mapValues(\.holding.zone))
        for (key, counts) in counts {
            try accounts[key]?.settleAtOnce(catalogs, asOf: asOf)
            accounts[key]?.meter(catalogs, counts)
            try accounts[key]?.close(asOf: asOf, catalogs, counts)
        }
        applyChanges(asOf: asOf)
    }
}

extension SubscriptionAccount {
    /// Takes note that a count of a day is another one.
    mutating func noteChange(on day: Day) {
        if let open {
            if open.start > holding.starts, day < open.start { isLate = true }
        } else if closed.contains(where: { day < $0.period.end && !holding.isOver(on: $0.period.start) }) {
            isLate = true
        }
    }
}
