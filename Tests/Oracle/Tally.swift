package import Billing

/// Everything that is known to have been counted, day by day.
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

    /// From when until when an account counts for a subscription.
    package struct Membership: Hashable, Sendable {
        package var account: String
        package var subscription: String
        package var from: Day?
        package var until: Day?

        package init(account: String, subscription: String, from: Day?, until: Day?) {
            (self.account, self.subscription, self.from, self.until) = (account, subscription, from, until)
        }

        package func contains(_ day: Day) -> Bool {
            from.map { $0 <= day } ?? true && until.map { day < $0 } ?? true
        }
    }

    package private(set) var readings: [Place: Int] = [:]
    package private(set) var memberships: [Membership] = []

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

    /// What counts for each subscription.
    package func countsBySubscription() -> [String: SubscriptionTally] {
        var sums: [String: [String: [Int: Int]]] = [:]
        for (place, quantity) in readings {
            guard let holder = holder(of: place.account, on: place.day) else { continue }
            sums[holder, default: [:]][place.series, default: [:]][place.day.number, default: 0] += quantity
        }
        return sums.mapValues { SubscriptionTally(sums: $0) }
    }
}

/// What counts for one subscription.
package struct SubscriptionTally: Counted {
    /// By series and day.
    fileprivate let sums: [String: [Int: Int]]

    static let none = SubscriptionTally(sums: [:])

    package func count(_ meter: Meter, _ days: Span) -> Int {
        guard let sums = sums[meter.key] else { return 0 }
        var sum = 0
        var day = days.start
        while day < days.end {
            sum += sums[day.number] ?? 0
            day = day + 1
        }
        return sum
    }

    package func quantity(_ meter: Meter, of period: Span) -> Int { 0 }
}
