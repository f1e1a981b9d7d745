package import Billing
import Postgres
import SQL

extension CatalogStore {
    /// A catalog that nobody has applied, ready for rating beside those that are stored. What they have no number for gets one
    /// below zero, which nothing stored has.
    ///
    /// - Throws: `StoreError.fixedMeter` where it counts otherwise than what was counted: its sums would not be those of the
    ///   readings at hand.
    package func candidate(_ catalog: Catalog) throws -> RatingCatalog {
        try requireMeters(of: catalog)
        var (plans, meters) = (try planIDs(), try meterIDs())
        for (place, plan) in catalog.plans.enumerated() where plans[plan.key] == nil {
            plans[plan.key] = -1 - Int32(clamping: place)
        }
        let names = catalog.meters.flatMap { [$0.key, $0.series] }
        for (place, name) in names.enumerated() where meters[name] == nil { meters[name] = -1 - Int32(clamping: place) }
        let prices = catalog.pricesInOrder.indices.map { -1 - Int32(clamping: $0) }
        let identifiers = RatingCatalog.Identifiers(plans: plans, meters: meters, prices: prices)
        guard let rating = RatingCatalog(id: Self.candidateID, catalog: catalog, identifiers: identifiers) else {
            throw StoreError.inconsistent("a catalog without an identifier for one of its parts")
        }
        return rating
    }

    private static let candidateID: Int32 = -1

    /// The meters of a catalog that no source has ever delivered anything for: they count 0.
    package func unknownMeters(of catalog: Catalog) throws -> [String] {
        let known = try meterIDs()
        return catalog.meters.filter { known[$0.series] == nil }.map(\.key)
    }
}

extension CatalogStore {
    /// The first day behind the dates of all invoices; nil where there is none.
    package func dayAfterInvoices() throws -> CivilDate? {
        try connection.first(Query(.findDayAfterInvoices), as: CivilDate?.self) ?? nil
    }
}
