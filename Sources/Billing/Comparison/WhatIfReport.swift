/// What another catalog would have billed for past periods, beside what was billed: sums that do not grow with the number of
/// customers.
package struct WhatIfReport: Sendable {
    /// What was looked at: invoices dated from a day until before another; nil for no bound.
    package var from: CivilDate?
    package var to: CivilDate?
    /// What a reader of the sums has to know of the catalog, in words.
    package var remarks: [String]
    /// Invoices that were looked at, and whose they are.
    package private(set) var invoices: Int64 = 0
    package private(set) var subscriptions: Int64 = 0
    /// Of the subscriptions those that would have been billed as much as they were.
    package private(set) var unchanged: Int64 = 0
    private var sums: [Place: WhatIfSum] = [:]
    private var changes: [String: (rises: Ranking<Change>, falls: Ranking<Change>)] = [:]
    private var obstacles: [ObstaclePlace: Obstacle] = [:]
    private let limit: Int

    /// Where a sum belongs.
    package struct Place: Hashable, Sendable {
        package var currency: Currency
        /// The key of the plan.
        package var plan: String
        /// The first of the month.
        package var month: CivilDate
    }

    /// A subscription that would have been billed another sum.
    package struct Change: Hashable, Sendable {
        package let subscription: String
        package let customer: String
        package let plan: String
        package let sum: WhatIfSum
    }

    /// Invoices that the catalog cannot rate.
    package struct Obstacle: Hashable, Sendable {
        package let currency: Currency
        package let plan: String
        /// The first one that was met; others of one code differ in days at most.
        package let reason: WhatIfSubscription.Obstacle
        package fileprivate(set) var subscriptions: Int64 = 0
        package fileprivate(set) var invoices: Int64 = 0
        /// What they were billed, in minor units.
        package fileprivate(set) var billed: Int128 = 0
    }

    private struct ObstaclePlace: Hashable {
        let currency: String
        let plan: String
        let code: String
    }

    /// - Parameter limit: how many rises and falls are kept of each currency.
    package init(from: CivilDate? = nil, to: CivilDate? = nil, remarks: [String] = [], limit: Int) {
        self.from = from
        self.to = to
        self.remarks = remarks
        self.limit = limit
    }

    /// Whether everything could be compared.
    package var isComplete: Bool { obstacles.isEmpty }

    /// In order of their codes.
    package var currencies: [Currency] {
        Set(sums.keys.map(\.currency)).sorted { $0.code < $1.code }
    }

    package func byPlan(_ currency: Currency) -> [(plan: String, sum: WhatIfSum)] {
        grouped(currency, \.plan).map { (plan: $0, sum: $1) }
    }

    package func byMonth(_ currency: Currency) -> [(month: CivilDate, sum: WhatIfSum)] {
        grouped(currency, \.month).map { (month: $0, sum: $1) }
    }

    package func total(_ currency: Currency) -> WhatIfSum {
        var total = WhatIfSum()
        for (place, sum) in sums where place.currency == currency { total.add(sum) }
        return total
    }

    /// Who would have paid more, the largest difference first.
    package func rises(_ currency: Currency) -> Ranking<Change> {
        changes[currency.code]?.rises ?? Ranking(limit: limit)
    }

    /// Who would have paid less, the largest difference first.
    package func falls(_ currency: Currency) -> Ranking<Change> {
        changes[currency.code]?.falls ?? Ranking(limit: limit)
    }

    /// By plan, currency and code.
    package var notComparable: [Obstacle] {
        obstacles.sorted { ($0.key.plan, $0.key.currency, $0.key.code) < ($1.key.plan, $1.key.currency, $1.key.code) }
            .map(\.value)
    }

    package mutating func add(_ subscription: WhatIfSubscription) {
        let currency = subscription.currency
        subscriptions += 1
        invoices += Int64(subscription.invoices.count)
        var met: Set<ObstaclePlace> = []
        for invoice in subscription.invoices {
            switch invoice.wouldBe {
            case .amount(let amount):
                let place = Place(currency: currency, plan: invoice.plan, month: invoice.date.startOfMonth)
                sums[place, default: WhatIfSum()].add(billed: invoice.billed, wouldBe: amount)
            case .notComparable(let reason):
                let place = ObstaclePlace(currency: currency.code, plan: invoice.plan, code: reason.code)
                var obstacle =
                    obstacles[place] ?? Obstacle(currency: currency, plan: invoice.plan, reason: reason)
                obstacle.invoices += 1
                obstacle.billed += Int128(invoice.billed)
                if met.insert(place).inserted { obstacle.subscriptions += 1 }
                obstacles[place] = obstacle
            }
        }
        let sum = subscription.sum
        guard sum.invoices > 0 else { return }
        guard sum.difference != 0 else {
            unchanged += 1
            return
        }
        let change = Change(
            subscription: subscription.key, customer: subscription.customer, plan: subscription.plan, sum: sum)
        var kept = changes[currency.code] ?? (Ranking(limit: limit), Ranking(limit: limit))
        if sum.difference > 0 { kept.rises.offer(change) } else { kept.falls.offer(change) }
        changes[currency.code] = kept
    }

    /// Adds what another worker has found.
    package mutating func add(_ other: WhatIfReport) {
        subscriptions += other.subscriptions
        invoices += other.invoices
        unchanged += other.unchanged
        for (place, sum) in other.sums { sums[place, default: WhatIfSum()].add(sum) }
        for (place, found) in other.obstacles {
            guard var known = obstacles[place] else {
                obstacles[place] = found
                continue
            }
            known.subscriptions += found.subscriptions
            known.invoices += found.invoices
            known.billed += found.billed
            obstacles[place] = known
        }
        for (code, found) in other.changes {
            var kept = changes[code] ?? (Ranking(limit: limit), Ranking(limit: limit))
            kept.rises.add(found.rises)
            kept.falls.add(found.falls)
            changes[code] = kept
        }
    }

    private func grouped<Key: Hashable & Comparable>(
        _ currency: Currency, _ key: KeyPath<Place, Key>
    ) -> [(Key, WhatIfSum)] {
        var groups: [Key: WhatIfSum] = [:]
        for (place, sum) in sums where place.currency == currency {
            groups[place[keyPath: key], default: WhatIfSum()].add(sum)
        }
        return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension WhatIfReport.Change: Comparable {
    /// The larger difference first, and then by key, so that the order is one.
    package static func < (one: Self, other: Self) -> Bool {
        let (left, right) = (one.sum.difference.magnitude, other.sum.difference.magnitude)
        return left == right ? one.subscription < other.subscription : left > right
    }
}
