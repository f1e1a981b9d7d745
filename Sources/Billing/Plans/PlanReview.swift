/// What a subscription uses beyond the limits of another plan, and what is to be paused so that it keeps them: the newest
/// first (APPSeCONNECT: "Flows that exceed the limit after downgrade will be automatically paused").
package struct PlanReview: Hashable, Sendable {
    package var plan: String
    package var planName: String
    /// The day that was looked at.
    package var asOf: CivilDate
    /// In the order of the catalog; empty where everything fits.
    package var excesses: [Excess]

    /// A limit that is exceeded. Quantities are in the smallest parts of the meter's unit.
    package struct Excess: Hashable, Sendable {
        package var entitlement: Entitlement
        package var meter: Meter
        package var used: Int64
        package var most: Int64
        /// The newest first; empty where nothing can be paused, since the meter counts what has happened.
        package var pauses: [Item]

        package init(entitlement: Entitlement, meter: Meter, used: Int64, most: Int64, items: [Item]) {
            self.entitlement = entitlement
            self.meter = meter
            self.used = used
            self.most = most
            pauses = Self.newest(of: items, covering: used - most)
        }

        /// The newest items that together use so much; of the same day the last by account and channel.
        private static func newest(of items: [Item], covering excess: Int64) -> [Item] {
            var rest = excess
            var pauses: [Item] = []
            let ordered = items.filter { $0.quantity > 0 }.sorted {
                ($1.since, $1.account, $1.channel) < ($0.since, $0.account, $0.channel)
            }
            for item in ordered where rest > 0 {
                pauses.append(item)
                rest -= min(rest, item.quantity)
            }
            return pauses
        }
    }

    /// One channel of one account, as a meter counts it.
    package struct Item: Hashable, Sendable {
        package var account: String
        package var accountID: Int64
        package var channel: String
        package var channelID: Int32
        /// The day on which it was first counted, or connected.
        package var since: CivilDate
        package var quantity: Int64

        package init(
            account: String, accountID: Int64, channel: String, channelID: Int32, since: CivilDate, quantity: Int64
        ) {
            self.account = account
            self.accountID = accountID
            self.channel = channel
            self.channelID = channelID
            self.since = since
            self.quantity = quantity
        }
    }

    package init(plan: String, planName: String, asOf: CivilDate, excesses: [Excess]) {
        self.plan = plan
        self.planName = planName
        self.asOf = asOf
        self.excesses = excesses
    }
}

extension RatingCatalog {
    /// The plans with a limit that some meter counts, by number.
    package var limitedPlans: [Int32] {
        plans.compactMap { id, rating in
            let plan = catalog.plans.first { $0.key == rating.key }
            let isLimited = plan?.versions.contains { $0.entitlements.contains { $0.isCountedLimit } } ?? false
            return isLimited ? id : nil
        }.sorted()
    }
}

extension Entitlement {
    /// Whether it is a number that some meter counts the use of.
    package var isCountedLimit: Bool {
        guard case .limit = value else { return false }
        return meter != nil
    }
}
