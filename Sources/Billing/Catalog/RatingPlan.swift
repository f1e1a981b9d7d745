/// A plan made ready for rating, and the question which of its versions holds when.
struct RatingPlan: Sendable {
    let key: String
    let invoiceEvery: Cadence
    let alignment: Alignment
    let trial: Cadence?
    /// In ascending order of date.
    let versions: [RatingVersion]
    /// The meters of its prices that have one quantity for each billing period.
    let windowMeters: [RatingMeter]
    // What no version has need not be looked for in every period.
    let hasProratedPrices: Bool
    let hasAdvancePrices: Bool
    let hasMinimums: Bool
    let hasDiscounts: Bool

    init(
        key: String, invoiceEvery: Cadence, alignment: Alignment, trial: Cadence?, versions: [RatingVersion],
        windowMeters: [RatingMeter]
    ) {
        self.key = key
        self.invoiceEvery = invoiceEvery
        self.alignment = alignment
        self.trial = trial
        self.versions = versions
        self.windowMeters = windowMeters
        let models = versions.flatMap { $0.prices.map(\.model) }
        hasProratedPrices = models.contains { if case .flat(let flat) = $0 { flat.isProrated } else { false } }
        hasAdvancePrices = models.contains {
            if case .flat(let flat) = $0 { flat.charged == .inAdvance } else { false }
        }
        hasMinimums = models.contains { if case .minimum = $0 { true } else { false } }
        hasDiscounts = models.contains { if case .discount = $0 { true } else { false } }
    }

    /// The version in force for a subscription on a day, by its index: the latest one that has taken effect and has not
    /// ended. What the subscription's contract says goes before what is said to everyone.
    func version(on day: CivilDate, for subscription: Subscription) throws(BillingError) -> Int {
        var found: Int?
        var isOfContract = false
        for (index, version) in versions.enumerated() where version.isFor(subscription) {
            guard try version.start(for: subscription) <= day, version.until.map({ day < $0 }) ?? true else { continue }
            guard !isOfContract || version.cohort.contract != nil else { continue }
            found = index
            isOfContract = version.cohort.contract != nil
        }
        guard let found else {
            throw BillingError.noVersion(plan: key, day: day, signedUp: subscription.signedUp)
        }
        return found
    }

    /// A stretch of days under one version.
    struct Part {
        let version: RatingVersion
        var days: DateRange
    }

    /// The days of a range, divided where another version takes effect. Most ranges have one part.
    func parts(of days: DateRange, for subscription: Subscription) throws(BillingError) -> [Part] {
        var parts: [Part] = []
        var start = days.start
        while start < days.end {
            let index = try version(on: start, for: subscription)
            var end = days.end
            for later in versions where later.isFor(subscription) {
                // Both without a list of the two: this is asked of every period.
                let begins = try later.start(for: subscription)
                if start < begins, begins < end, try version(on: begins, for: subscription) != index { end = begins }
                if let ends = later.until, start < ends, ends < end,
                    try version(on: ends, for: subscription) != index
                {
                    end = ends
                }
            }
            parts.append(Part(version: versions[index], days: DateRange(ordered: start, end)))
            start = end
        }
        return parts
    }
}

struct RatingVersion: Sendable {
    let from: CivilDate
    let until: CivilDate?
    let cohort: Cohort
    let takesEffect: PlanVersion.TakesEffect
    let prices: [RatingPrice]

    func isFor(_ subscription: Subscription) -> Bool {
        cohort.contains(subscription.signedUp) && (cohort.contract == nil || cohort.contract == subscription.contract)
    }

    /// The first day on which the version holds for a subscription: its date, or the renewal after it for who was there
    /// before.
    func start(for subscription: Subscription) throws(BillingError) -> CivilDate {
        guard takesEffect == .atRenewal, subscription.signedUp < from else { return from }
        let calendar = BillingCalendar(anchor: subscription.anchor, cadence: subscription.paysEvery)
        let index = try calendar.index(containing: from)
        let boundary = try calendar.boundary(index)
        return boundary == from ? boundary : try calendar.boundary(index + 1)
    }
}
