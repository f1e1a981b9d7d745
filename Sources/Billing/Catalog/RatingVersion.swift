/// A plan version made ready for rating: its prices by kind, each kind in the order of the catalog, which is the order of
/// the lines on an invoice.
///
/// A class like `RatingPlan`, and for the same reason.
final class RatingVersion: Sendable {
    let from: CivilDate
    let until: CivilDate?
    let cohort: Cohort
    let takesEffect: PlanVersion.TakesEffect
    let flats: [RatingPrice<FlatPrice>]
    let usages: [RatingPrice<RatingUsage>]
    let minimums: [RatingPrice<RatingMinimum>]
    /// In the order in which they are applied.
    let discounts: [RatingPrice<RatingDiscount>]

    /// Nil when the identifiers belong to another catalog.
    ///
    /// - Parameters:
    ///   - numbers: the plan's numbers of its price keys.
    ///   - prices: the store's identifiers, from that of the version's first price on.
    init?(
        _ version: PlanVersion, of catalog: Catalog, meters: [String: RatingMeter], numbers: [String: Int],
        prices: inout IndexingIterator<[Int32]>
    ) {
        var flats: [RatingPrice<FlatPrice>] = []
        var usages: [RatingPrice<RatingUsage>] = []
        var minimums: [RatingPrice<RatingMinimum>] = []
        var discounts: [RatingPrice<RatingDiscount>] = []
        for price in version.prices {
            guard let id = prices.next(), let number = numbers[price.key] else { return nil }
            func rating<Terms>(_ terms: Terms) -> RatingPrice<Terms> {
                RatingPrice(id: id, key: price.key, number: number, terms: terms)
            }
            switch price.model {
            case .flat(let flat): flats.append(rating(flat))
            case .usage(let usage):
                guard let meter = meters[usage.meter] else { return nil }
                usages.append(
                    rating(
                        RatingUsage(
                            usage, meterID: meter.id, key: price.key, currency: catalog.currency,
                            rounding: catalog.rounding, isRunning: meter.definition.isRunning,
                            places: meter.definition.quantityPlaces)))
            case .minimum(let minimum):
                minimums.append(
                    rating(
                        RatingMinimum(
                            amount: minimum.amount, on: minimum.on.compactMap { numbers[$0] },
                            isProrated: minimum.isProrated)))
            case .discount(let discount):
                discounts.append(
                    rating(RatingDiscount(terms: discount, on: discount.on?.compactMap { numbers[$0] })))
            }
        }
        (from, until, cohort, takesEffect) = (version.from, version.until, version.cohort, version.takesEffect)
        (self.flats, self.usages, self.minimums) = (flats, usages, minimums)
        self.discounts =
            discounts.filter { $0.terms.terms.order == .beforeMaximum }
            + discounts.filter { $0.terms.terms.order == .afterMaximum }
    }

    /// The key of one of its prices, for messages.
    func priceKey(_ id: Int32) -> String? {
        flats.first { $0.id == id }?.key ?? usages.first { $0.id == id }?.key
            ?? minimums.first { $0.id == id }?.key ?? discounts.first { $0.id == id }?.key
    }

    func isFor(_ subscription: Subscription) -> Bool {
        cohort.contains(subscription.signedUp) && (cohort.contract == nil || cohort.contract == subscription.contract)
    }

    /// Whether its terms are in force for a subscription on a day, as long as no later version's are.
    func holds(on day: CivilDate, for subscription: Subscription) throws(BillingError) -> Bool {
        guard isFor(subscription), try start(for: subscription) <= day else { return false }
        guard let until else { return true }
        return day < until
    }

    /// The first day on which the version holds for a subscription: its date, or the renewal after it for who was there
    /// before.
    func start(for subscription: Subscription) throws(BillingError) -> CivilDate {
        guard takesEffect == .atRenewal, subscription.signedUp < from else { return from }
        let calendar = subscription.paidPeriods
        let index = try calendar.index(containing: from)
        let boundary = try calendar.boundary(index)
        return boundary == from ? boundary : try calendar.boundary(index + 1)
    }
}

/// A price of one kind, with the store's identifier.
struct RatingPrice<Terms: Sendable>: Sendable {
    let id: Int32
    let key: String
    /// The plan's number of the key. A key has the same one in every version, so what a minimum or a discount names is
    /// found without a look at text.
    let number: Int
    let terms: Terms
}

/// A minimum whose prices are named by their numbers.
struct RatingMinimum: Sendable {
    /// Minor units for each allowance period.
    let amount: Int64
    let on: [Int]
    let isProrated: Bool

    /// What the allowance period costs at least; where it is prorated, the part of it that the subscription has, which
    /// begins late or ends early.
    func amount(of period: DateRange, from starts: CivilDate, until end: CivilDate, rounding: Rounding) -> Int64 {
        guard isProrated, let part = DateRange(start: max(period.start, starts), end: min(period.end, end)),
            let proration = Proration(amount, days: period.days, rounding: rounding)
        else { return amount }
        return proration.first(part.days)
    }
}

/// A discount whose prices are named by their numbers.
struct RatingDiscount: Sendable {
    let terms: Discount
    /// Nil for all.
    private let on: [Int]?

    init(terms: Discount, on: [Int]?) {
        self.terms = terms
        self.on = on
    }

    func isOn(_ price: Int) -> Bool { on?.contains(price) ?? true }
}
