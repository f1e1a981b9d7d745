import Billing
import Testing

// Short words for the values that the tests of this target are made of.

/// A day from its text. A typing mistake in a test fails that test.
func day(_ text: String) -> CivilDate {
    guard let day = CivilDate(text) else {
        Issue.record("'\(text)' is no day")
        return .earliest
    }
    return day
}

/// The days from one until before the other.
func range(_ start: String, _ end: String) throws -> DateRange {
    try #require(DateRange(start: day(start), end: day(end)))
}

func currency(_ code: String) throws -> Currency {
    try #require(Currency(code: code))
}

/// One tier for all units, in major units: `"0.10"`.
func rate(_ unitPrice: String) throws -> Rate {
    .unit(try ExactDecimal(parsing: unitPrice))
}

/// Tiers as they stand in a catalog: the last unit of each, nil for the open one, and its price.
func rate(_ tiers: [(upTo: Int64?, unitPrice: String)]) throws -> Rate {
    Rate(
        .graduated(try tiers.map { Rate.Tier(upTo: $0.upTo, unitPrice: try ExactDecimal(parsing: $0.unitPrice)) }))
}

func usage(
    _ allowance: Int64, per: Cadence, _ rate: Rate?, alreadyPaid: Bool = false, meter: String = "orders"
) -> Price {
    Price(
        key: "\(meter)_over", name: "Beyond the allowance",
        model: .usage(
            UsagePrice(meter: meter, allowance: allowance, per: per, rate: rate, alreadyPaid: alreadyPaid)))
}

/// A flat price in minor units by cadence.
func flat(_ amounts: [(Cadence, Int64)]) -> Price {
    Price(
        key: "base", name: "Base",
        model: .flat(FlatPrice(amounts: amounts.map { FlatPrice.Amount(cadence: $0.0, minor: $0.1) })))
}

func version(from: String, signedUpFrom: String? = nil, before: String? = nil, _ prices: [Price]) -> PlanVersion {
    PlanVersion(
        from: day(from), cohort: Cohort(from: signedUpFrom.map(day), before: before.map(day)), prices: prices,
        entitlements: [])
}

/// A catalog of one plan, number 1. The meter `orders` has number 1 and `labels` number 2; the prices are numbered from
/// 1 in the order in which they stand.
func catalog(
    id: Int32 = 1, every: Cadence = .month, in code: String = "USD", rounding: Rounding = .halfAwayFromZero,
    firstPrice: Int32 = 1, align: Alignment = .anniversary, trial: Cadence? = nil, _ versions: [PlanVersion]
) throws -> RatingCatalog {
    let unit = UnitName(one: "one", other: "many")
    let value = Catalog(
        name: "test", currency: try currency(code), rounding: rounding,
        meters: ["orders", "labels"].map { Meter(key: $0, name: $0, aggregate: .sum, unit: unit) },
        plans: [
            Plan(
                key: "silver", name: "Silver", invoiceEvery: every, alignment: align, trial: trial, versions: versions)
        ])
    let prices = value.pricesInOrder.indices.map { firstPrice + Int32($0) }
    return try #require(
        RatingCatalog(
            id: id, catalog: value,
            identifiers: RatingCatalog.Identifiers(
                plans: ["silver": 1], meters: ["orders": 1, "labels": 2], prices: prices)))
}

func subscription(
    anchor: String, starts: String? = nil, signedUp: String? = nil, paysEvery: Cadence = .month, ends: String? = nil
) -> Subscription {
    Subscription(
        plan: 1, anchor: day(anchor), starts: day(starts ?? anchor), signedUp: day(signedUp ?? anchor),
        paysEvery: paysEvery, ends: ends.map(day))
}
