import Billing

/// The catalogs of a run: what it rated with, and what else it knew.
struct PastCatalogs {
    let catalog: RatingCatalog
    let closer: Closer
    let windowMeters: WindowMeters

    /// - Parameter known: all that there were, also the one in use.
    init(_ catalog: RatingCatalog, known: [RatingCatalog]) {
        let earlier = known.filter { $0.id != catalog.id }
        self.catalog = catalog
        closer = Closer(catalog: catalog, earlier: earlier)
        windowMeters = WindowMeters(earlier + [catalog])
    }

    /// The billing periods whose quantities a close needs, from the one that a day lies in until the last one closed.
    func meteredPeriods(
        of terms: Subscription, meters: [RatingMeter], from day: CivilDate, until end: CivilDate
    ) throws(BillingError) -> [RatingCatalog.MeteredPeriod] {
        // All plans that it ever had are invoiced in the same periods.
        let latest = Subscription(
            plan: terms.plans.last ?? terms.plan, anchor: terms.anchor, starts: terms.starts, signedUp: terms.signedUp,
            paysEvery: .month, ends: terms.ends)
        return try catalog.meteredPeriods(of: latest, meters: meters, after: day, asOf: end, limit: .max).periods
    }
}
