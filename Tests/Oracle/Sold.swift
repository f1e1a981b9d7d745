package import Billing

/// What a catalog sells in one currency, and which of its terms hold when.
package struct Sold: Sendable {
    package let catalog: Catalog
    /// Which of the catalogs that were ever applied it is.
    package let number: Int

    package init(_ catalog: Catalog, number: Int, in currency: String) {
        self.catalog = catalog.editions.first { $0.currency.code == currency } ?? catalog
        self.number = number
    }

    package func plan(_ key: String) throws -> Plan {
        guard let plan = catalog.plans.first(where: { $0.key == key }) else { throw Puzzle("no plan \(key)") }
        return plan
    }

    package func meter(_ key: String) throws -> Meter {
        guard let meter = catalog.meters.first(where: { $0.key == key }) else { throw Puzzle("no meter \(key)") }
        return meter
    }

    /// The first day on which a version may hold for a subscription.
    package func start(of version: PlanVersion, for holding: Holding) -> Day {
        let from = Day(version.from)
        guard version.takesEffect == .atRenewal, holding.signedUp < from else { return from }
        var day = from
        while holding.payments.period(of: day).start != day { day = day + 1 }
        return day
    }

    /// Which version of its plan holds for a subscription on a day: the last one that has begun, and under a contract the
    /// last one of that contract.
    package func version(for holding: Holding, on day: Day) throws -> Int {
        let versions = try plan(holding.plan).versions
        func last(_ contract: String?) -> Int? {
            versions.indices.last { index in
                let version = versions[index]
                let cohort = version.cohort
                return cohort.contract == contract
                    && cohort.from.map { Day($0) <= holding.signedUp } ?? true
                    && cohort.before.map { holding.signedUp < Day($0) } ?? true
                    && start(of: version, for: holding) <= day
                    && version.until.map { day < Day($0) } ?? true
            }
        }
        if let contract = holding.contract, let found = last(contract) { return found }
        guard let found = last(nil) else { throw Puzzle("no version of \(holding.plan) on \(day)") }
        return found
    }

    /// The runs of days on each of which one version holds.
    package func parts(of span: Span, for holding: Holding) throws -> [(days: Span, version: Int)] {
        var parts: [(days: Span, version: Int)] = []
        var day = span.start
        while day < span.end {
            let version = try version(for: holding, on: day)
            var end = day + 1
            while end < span.end, try self.version(for: holding, on: end) == version { end = end + 1 }
            parts.append((Span(day, end), version))
            day = end
        }
        return parts
    }
}

/// Something that the oracle has no answer to: the world is none that the program could be asked about.
package struct Puzzle: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
