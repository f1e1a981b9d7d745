/// A plan made ready for rating, and the question which of its versions holds when.
///
/// A class, though it never changes: it is handed on for every subscription, and a structure of this size would be copied
/// each time, with a count of references for each of its lists and texts.
final class RatingPlan: Sendable {
    let key: String
    let invoiceEvery: Cadence
    let alignment: Alignment
    let trial: Cadence?
    let rounding: Rounding
    /// In ascending order of date.
    let versions: [RatingVersion]
    /// The meters of its prices that have one quantity for each billing period.
    let windowMeters: [RatingMeter]
    /// The allowance periods of its prices, each length once.
    let allowanceCadences: [Cadence]
    /// How many prices the version with the most of them has.
    let mostPrices: Int
    // What no version has need not be looked for in every period.
    let hasProratedArrears: Bool
    let hasAdvancePrices: Bool
    let hasArrearsPrices: Bool
    let hasMinimums: Bool
    let hasDiscounts: Bool

    /// Nil when the identifiers belong to another catalog.
    ///
    /// - Parameter prices: the store's identifiers, from that of the plan's first price on.
    init?(
        _ plan: Plan, of catalog: Catalog, meters: [String: RatingMeter], prices: inout IndexingIterator<[Int32]>
    ) {
        let declared = plan.versions.flatMap(\.prices)
        var numbers: [String: Int] = [:]
        for price in declared where numbers[price.key] == nil { numbers[price.key] = numbers.count }
        var windowMeters: [RatingMeter] = []
        for key in declared.compactMap(\.meter) {
            guard let meter = meters[key] else { return nil }
            if !meter.definition.isRunning, !windowMeters.contains(meter) { windowMeters.append(meter) }
        }
        var versions: [RatingVersion] = []
        for version in plan.versions {
            guard
                let rating = RatingVersion(version, of: catalog, meters: meters, numbers: numbers, prices: &prices)
            else { return nil }
            versions.append(rating)
        }
        key = plan.key
        (invoiceEvery, alignment, trial) = (plan.invoiceEvery, plan.alignment, plan.trial)
        rounding = catalog.rounding
        self.versions = versions
        self.windowMeters = windowMeters
        var cadences: [Cadence] = []
        for usage in versions.flatMap(\.usages) where !cadences.contains(usage.terms.terms.per) {
            cadences.append(usage.terms.terms.per)
        }
        allowanceCadences = cadences
        mostPrices = plan.versions.map(\.prices.count).max() ?? 0
        let flats = versions.flatMap { $0.flats.map(\.terms) }
        hasProratedArrears = flats.contains { $0.charged == .inArrears && $0.isProrated }
        hasArrearsPrices = flats.contains { $0.charged == .inArrears }
        hasAdvancePrices = flats.contains { $0.charged == .inAdvance }
        hasMinimums = versions.contains { !$0.minimums.isEmpty }
        hasDiscounts = versions.contains { !$0.discounts.isEmpty }
    }

    /// The version in force for a subscription on a day, by its index: the latest one that has taken effect and has not
    /// ended. What the subscription's contract says goes before what is said to everyone.
    func version(on day: CivilDate, for subscription: Subscription) throws(BillingError) -> Int {
        var found: Int?
        for index in versions.indices.reversed() where try versions[index].holds(on: day, for: subscription) {
            if versions[index].cohort.contract != nil || subscription.contract == nil { return index }
            found = found ?? index
        }
        guard let found else {
            throw BillingError.noVersion(plan: key, day: day, signedUp: subscription.signedUp)
        }
        return found
    }

    /// A stretch of days under one version.
    struct Part {
        let version: RatingVersion
        let days: DateRange
    }

    /// The first of the parts into which a range is divided where another version takes effect; mostly it is the whole
    /// range. Nil for an empty one. (No list of them all: this is asked of every period.)
    func firstPart(of days: DateRange, for subscription: Subscription) throws(BillingError) -> Part? {
        guard !days.isEmpty else { return nil }
        let index = try version(on: days.start, for: subscription)
        var end = days.end
        for later in versions where later.isFor(subscription) {
            let begins = try later.start(for: subscription)
            if days.start < begins, begins < end, try version(on: begins, for: subscription) != index { end = begins }
            if let ends = later.until, days.start < ends, ends < end,
                try version(on: ends, for: subscription) != index
            {
                end = ends
            }
        }
        return Part(version: versions[index], days: DateRange(ordered: days.start, end))
    }
}
