import TestSupport

/// A second opinion on what is owed: counts day by day, prices unit by unit, and shares no line with the program.
struct Oracle {
    struct Subscription {
        var key: String
        var customer: String
        var plan: String
        var anchor: Day
        var signedUp: Day
        var starts: Day
        /// It pays for so many months at once.
        var paysEvery: Int
    }

    struct Membership {
        var account: String
        var subscription: String
        var from: Day
        var until: Day?
    }

    struct Reading: Hashable {
        var account: String
        var channel: String
        var meter: String
        var day: Day
    }

    /// What a part of a period, under one version of the plan, costs for one price.
    struct Part: Hashable {
        var subscription: String
        var price: String
        var start: Day
        var end: Day
    }

    struct Rated: Hashable {
        var quantity = 0
        var before = 0
        var threshold = 0
        var billable = 0
        /// Minor units.
        var amount = 0
    }

    let vendor: Vendor
    let subscriptions: [Subscription]
    let memberships: [Membership]
    /// The days that can have readings.
    let days: ClosedRange<Int>

    /// The periods of a subscription that ended on or before a day, all from its first billed day on.
    func closed(_ subscription: Subscription, asOf: Day) -> [(start: Day, end: Day)] {
        var periods: [(start: Day, end: Day)] = []
        for number in 0... {
            let start = subscription.anchor.later(months: number)
            let end = subscription.anchor.later(months: number + 1)
            if end > asOf { break }
            if start >= subscription.starts { periods.append((start, end)) }
        }
        return periods
    }

    /// Day by day, what each subscription used of each meter, by `SUBSCRIPTION meter`.
    func usage(_ readings: [Reading: Int]) -> [String: [Int]] {
        let byAccount = Dictionary(grouping: memberships, by: \.account)
        var usage: [String: [Int]] = [:]
        for (reading, quantity) in readings {
            for membership in byAccount[reading.account] ?? []
            where membership.from <= reading.day && membership.until.map({ reading.day < $0 }) ?? true {
                usage["\(membership.subscription) \(reading.meter)", default: Array(repeating: 0, count: days.count)][
                    reading.day.number - days.lowerBound] += quantity
            }
        }
        return usage
    }

    /// What the meteredPrices of a period come to, given the usage.
    func rate(
        _ subscription: Subscription, _ period: (start: Day, end: Day), _ usage: [String: [Int]]
    ) throws -> [Part: Rated] {
        var parts: [Part: Rated] = [:]
        var start = period.start
        while start < period.end {
            let version = try version(of: subscription, on: start)
            // The part goes on for as long as the same version is in force.
            var end = start + 1
            while end < period.end, try self.version(of: subscription, on: end).from == version.from { end = end + 1 }
            for metered in version.meteredPrices {
                let part = Part(subscription: subscription.key, price: metered.key, start: start, end: end)
                parts[part] = rate(subscription, part, metered, version, usage)
            }
            start = end
        }
        return parts
    }

    private func rate(
        _ subscription: Subscription, _ part: Part, _ metered: Vendor.Metered, _ version: Vendor.Version,
        _ usage: [String: [Int]]
    ) -> Rated {
        func count(_ from: Day, _ to: Day) -> Int {
            guard let counts = usage["\(subscription.key) \(metered.meter)"] else { return 0 }
            var sum = 0
            for day in from.number..<max(from.number, to.number) where days.contains(day) {
                sum += counts[day - days.lowerBound]
            }
            return sum
        }
        var number = 0
        while subscription.anchor.later(months: (number + 1) * metered.months) <= part.start { number += 1 }
        let start = subscription.anchor.later(months: number * metered.months)
        let end = subscription.anchor.later(months: (number + 1) * metered.months)
        var rated = Rated(
            quantity: count(part.start, part.end), before: count(start, part.start), threshold: metered.allowance)
        if metered.alreadyPaid, start < version.from, version.from < end {
            rated.threshold = max(metered.allowance, count(start, version.from))
        }
        let overBefore = max(0, rated.before - rated.threshold)
        let overAfter = max(0, rated.before + rated.quantity - rated.threshold)
        rated.billable = overAfter - overBefore
        rated.amount = cost(overAfter, metered) - cost(overBefore, metered)
        return rated
    }

    /// What so many units beyond the allowance cost, unit by unit, rounded once.
    private func cost(_ units: Int, _ metered: Vendor.Metered) -> Int {
        guard !metered.tiers.isEmpty else { return 0 }
        var exact = 0
        var tier = 0
        for unit in 0..<units {
            while let upTo = metered.tiers[tier].upTo, unit >= upTo { tier += 1 }
            exact += metered.tiers[tier].price
        }
        // Ten-thousandths of the major unit, and minor units of which there are 1, 100 or 1000 in it.
        let one = 10_000 / vendor.minorUnits
        let (whole, rest) = (exact / one, exact % one)
        switch vendor.rounding {
        case .down: return whole
        case .half_away_from_zero: return rest * 2 >= one ? whole + 1 : whole
        case .half_to_even: return rest * 2 > one || (rest * 2 == one && whole % 2 == 1) ? whole + 1 : whole
        }
    }

    /// The flat amount on the invoice of a period: what is paid for at once is charged when it ends, on the terms of its
    /// first day.
    func flat(_ subscription: Subscription, _ period: (start: Day, end: Day)) throws -> Int? {
        for number in 1... {
            let end = subscription.anchor.later(months: number * subscription.paysEvery)
            if end > period.end { return nil }
            if end == period.end {
                let start = subscription.anchor.later(months: (number - 1) * subscription.paysEvery)
                // The first stretch begins with the first billed day.
                return try version(of: subscription, on: max(start, subscription.starts)).flat[subscription.paysEvery]
            }
        }
        return nil
    }

    /// The version in force: of those that have begun and are for the cohort, the one that began last.
    private func version(of subscription: Subscription, on day: Day) throws -> Vendor.Version {
        let versions = vendor.plans.first { $0.key == subscription.plan }?.versions ?? []
        let found = versions.filter { $0.from <= day && $0.isFor(subscription.signedUp) }.max { $0.from < $1.from }
        guard let found else { throw TestFailure("no version of \(subscription.plan) on \(day)") }
        return found
    }
}
