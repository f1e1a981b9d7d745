package import Billing

/// Everything that is known to have been counted, day by day, and when channels were on.
package struct Tally: Sendable {
    /// One reading: what a channel of an account counted of a series on a day.
    package struct Place: Hashable, Sendable {
        package var account: String
        package var channel: String
        package var category: String
        package var series: String
        package var day: Day

        package init(account: String, channel: String, category: String, series: String, day: Day) {
            (self.account, self.channel, self.category) = (account, channel, category)
            (self.series, self.day) = (series, day)
        }
    }

    /// A stretch of time in which a channel was on; instants in minutes since 1970-01-01 UTC.
    package struct Spell: Hashable, Sendable {
        package struct Place: Hashable, Sendable {
            package var account: String
            package var channel: String
            package var series: String
            package var on: Int
        }

        package var place: Place
        package var off: Int?
        package var category: String

        package init(account: String, channel: String, category: String, series: String, on: Int, off: Int?) {
            place = Place(account: account, channel: channel, series: series, on: on)
            (self.off, self.category) = (off, category)
        }
    }

    /// From when until when an account counts for a subscription.
    package struct Membership: Hashable, Sendable {
        package var account: String
        package var subscription: String
        package var from: Day
        package var until: Day?

        package init(account: String, subscription: String, from: Day, until: Day?) {
            (self.account, self.subscription, self.from, self.until) = (account, subscription, from, until)
        }

        package func contains(_ day: Day) -> Bool { from <= day && until.map { day < $0 } ?? true }
    }

    package private(set) var readings: [Place: Int] = [:]
    package private(set) var memberships: [Membership] = []
    package private(set) var spells: [Spell.Place: Spell] = [:]

    package init() {}

    /// Who an account's use counts for on a day.
    package func holder(of account: String, on day: Day) -> String? {
        memberships.first { $0.account == account && $0.contains(day) }?.subscription
    }

    package mutating func link(_ memberships: [Membership]) { self.memberships = memberships }

    /// Takes in what a source says: of each place what was said last.
    ///
    /// - Returns: the places that say something else than before.
    package mutating func take(_ said: [Place: Int]) -> [Place] {
        var changed: [Place] = []
        for (place, quantity) in said where readings[place] != quantity {
            readings[place] = quantity
            changed.append(place)
        }
        return changed
    }

    package mutating func take(_ said: [Spell]) {
        for spell in said { spells[spell.place] = spell }
    }

    /// What counts for each subscription.
    ///
    /// - Parameter zones: of the subscriptions.
    package func counts(_ zones: [String: Zone]) -> [String: SubscriptionTally] {
        var sums: [String: [String: [Int: Int]]] = [:]
        for (place, quantity) in readings {
            guard let holder = holder(of: place.account, on: place.day) else { continue }
            sums[holder, default: [:]][place.series, default: [:]][place.day.number, default: 0] += quantity
        }
        var tallies: [String: SubscriptionTally] = [:]
        for (key, zone) in zones {
            let members = memberships.filter { $0.subscription == key }
            let accounts = Set(members.map(\.account))
            tallies[key] = SubscriptionTally(
                sums: sums[key] ?? [:], members: members, zone: zone,
                readings: readings.filter { accounts.contains($0.key.account) },
                spells: spells.values.filter { accounts.contains($0.place.account) })
        }
        return tallies
    }
}
