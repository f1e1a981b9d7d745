/// What a seller charges tax on, and how much: rates by country, region, category and date, as the catalog lists them.
///
/// Only these rules decide; nobody is asked over a network. A rate is that of the tax point, for which the date of the
/// invoice is taken.
package struct TaxRules: Hashable, Sendable {
    /// What the catalog's amounts are.
    package enum Prices: String, Hashable, Sendable, CaseIterable {
        /// Before tax: it is added.
        case exclusive
        /// With the tax in them: it is taken out. Who is charged none pays the same amount.
        case inclusive
    }

    package var prices: Prices
    /// In the order of the catalog.
    package var rates: [TaxRate]

    /// The category of a price that names none.
    package static let standard = "standard"
    /// The category of what is never taxed, which has no rate.
    package static let exempt = "exempt"

    package init(prices: Prices, rates: [TaxRate]) {
        self.prices = prices
        self.rates = rates
    }

    /// All categories that a price may name, each once, in the order of the catalog.
    package var categories: [String] {
        var categories: [String] = []
        for rate in rates where !categories.contains(rate.category) { categories.append(rate.category) }
        return categories + [Self.exempt]
    }

    /// The rate of a category at a place on a day: that of the region goes before that of the whole country, and of several
    /// that hold the one that began last, so that a passing rate stands in front of the usual one.
    package func rate(of category: String, at place: TaxPlace, on day: CivilDate) -> TaxRate? {
        var found: TaxRate?
        for rate in rates {
            guard rate.place.country == place.country, rate.category == category, rate.holds(on: day),
                rate.place.region == nil || rate.place.region == place.region
            else { continue }
            guard let known = found else {
                found = rate
                continue
            }
            let isNearer = rate.place.region != nil && known.place.region == nil
            let isLater = (rate.place.region == nil) == (known.place.region == nil) && rate.from > known.from
            if isNearer || isLater { found = rate }
        }
        return found
    }
}

/// What a category costs in tax at a place, over some days.
package struct TaxRate: Hashable, Sendable {
    /// Of the buyer, or of the seller where that is what counts. Without a region it holds in the whole country, wherever
    /// no rate of the region does.
    package var place: TaxPlace
    package var category: String
    /// The first day on which it holds.
    package var from: CivilDate
    /// The first day on which it no longer holds; nil until one that begins later.
    package var until: CivilDate?
    /// 19 for 19 %: 0 to 100.
    package var percent: ExactDecimal

    package init(
        place: TaxPlace, category: String = TaxRules.standard, from: CivilDate, until: CivilDate? = nil,
        percent: ExactDecimal
    ) {
        self.place = place
        self.category = category
        self.from = from
        self.until = until
        self.percent = percent
    }

    func holds(on day: CivilDate) -> Bool { from <= day && (until.map { day < $0 } ?? true) }

    /// Whether it cannot be told which of two rates holds on some day: they begin on the same one, or the earlier says that
    /// it ends and the later begins before that and outlasts it. A rate within the days of another is a passing one, and a
    /// later one without an end replaces an earlier one without an end.
    package func contradicts(_ other: TaxRate) -> Bool {
        guard place == other.place, category == other.category else { return false }
        guard from != other.from else { return true }
        let (earlier, later) = from < other.from ? (self, other) : (other, self)
        guard let end = earlier.until, later.from < end else { return false }
        return later.until.map { $0 > end } ?? true
    }
}
