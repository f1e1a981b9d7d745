/// The plans, meters and prices of one vendor as a person wrote them down: a value, already checked.
///
/// A catalog says what is sold; it holds no identifier of the store. `RatingCatalog` is the same thing made ready for
/// rating.
package struct Catalog: Hashable, Sendable {
    /// The vendor's short name.
    package var name: String
    package var currency: Currency
    /// How amounts are rounded to minor units.
    package var rounding: Rounding
    package var meters: [Meter]
    package var plans: [Plan]

    package init(name: String, currency: Currency, rounding: Rounding, meters: [Meter], plans: [Plan]) {
        self.name = name
        self.currency = currency
        self.rounding = rounding
        self.meters = meters
        self.plans = plans
    }
}

/// Something that a customer can subscribe to.
package struct Plan: Hashable, Sendable {
    package var key: String
    package var name: String
    /// How often an invoice is written; also the length of the billing period.
    package var invoiceEvery: Cadence
    /// Ascending by date; versions of one date have cohorts that do not meet.
    package var versions: [PlanVersion]

    package init(key: String, name: String, invoiceEvery: Cadence, versions: [PlanVersion]) {
        self.key = key
        self.name = name
        self.invoiceEvery = invoiceEvery
        self.versions = versions
    }

    /// The version in force on a day for who signed up on a day: the latest one that has begun and whose cohort matches.
    package func version(on day: CivilDate, signedUp: CivilDate) -> PlanVersion? {
        versions.last { $0.from <= day && $0.cohort.contains(signedUp) }
    }
}

/// A plan's terms from a date, for a cohort.
package struct PlanVersion: Hashable, Sendable {
    /// The first day on which the terms hold.
    package var from: CivilDate
    package var cohort: Cohort
    package var prices: [Price]
    package var entitlements: [Entitlement]

    package init(from: CivilDate, cohort: Cohort, prices: [Price], entitlements: [Entitlement]) {
        self.from = from
        self.cohort = cohort
        self.prices = prices
        self.entitlements = entitlements
    }
}

/// The subscriptions that a version is for, by their sign-up date: `[from, before)`, each side open when nil.
package struct Cohort: Hashable, Sendable {
    package var from: CivilDate?
    package var before: CivilDate?

    package static let everyone = Cohort(from: nil, before: nil)

    package init(from: CivilDate?, before: CivilDate?) {
        self.from = from
        self.before = before
    }

    package func contains(_ signedUp: CivilDate) -> Bool {
        (from.map { $0 <= signedUp } ?? true) && (before.map { signedUp < $0 } ?? true)
    }

    /// True when some sign-up date belongs to both.
    package func meets(_ other: Cohort) -> Bool {
        let start = max(from ?? .earliest, other.from ?? .earliest)
        guard let end = [before, other.before].compactMap(\.self).min() else { return true }
        return start < end
    }
}

/// What a plan lets its holder do, beyond what is priced: a limit, a switch or a word.
package struct Entitlement: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case limit(Int64)
        case unlimited
        case flag(Bool)
        case text(String)
    }

    package var key: String
    package var name: String
    package var value: Value

    package init(key: String, name: String, value: Value) {
        self.key = key
        self.name = name
        self.value = value
    }
}
