import Billing
import Postgres
import SQL

extension CatalogStore {
    /// Makes the meters of a catalog known, with the keys that their readings come under.
    ///
    /// How a meter counts is fixed as soon as something was counted: totals that were made in one way cannot be told from
    /// those of another. Who wants to count differently gives the meter another key, and says with `of` what it reads.
    ///
    /// - Throws: `StoreError.fixedMeter`.
    func settleMeters(of catalog: Catalog) throws {
        for (id, meter) in try requireMeters(of: catalog) {
            _ = try connection.execute(Query(.setRunningMeter, id, meter.isRunning))
        }
        let keys = catalog.meters.map(\.key)
        let series = catalog.meters.map(\.series).filter { !keys.contains($0) }
        _ = try connection.execute(
            Query(
                .insertMeters, keys + Set(series).sorted(),
                catalog.meters.map(\.isRunning) + Set(series).map { _ in false }))
    }

    /// The known meters that the catalog counts otherwise than they were, as long as nothing was counted.
    ///
    /// - Throws: `StoreError.fixedMeter`.
    @discardableResult
    func requireMeters(of catalog: Catalog) throws -> [(id: Int32, meter: Meter)] {
        let ids = try meterIDs()
        let running = try runningMeters()
        let earlier = try all().flatMap(\.meters)
        var changed: [(id: Int32, meter: Meter)] = []
        for meter in catalog.meters {
            guard let id = ids[meter.key] else { continue }
            let differs = earlier.contains { $0.id == id && !$0.definition.countsAs(meter) }
            guard differs || running.contains(id) != meter.isRunning else { continue }
            let (isTotalled, isRead) =
                try connection.first(Query(.findMeterUse, id), as: Bool.self, Bool.self) ?? (false, false)
            // Readings that came before anybody kept their running total would be missing in it.
            guard !isTotalled, !(isRead && meter.isRunning) else { throw StoreError.fixedMeter(meter.key) }
            changed.append((id, meter))
        }
        return changed
    }

    /// What sources deliver that holds until the next reading for some meter, also for one that no price names.
    package func levelSeries() throws -> [Int32] {
        try connection.query(Query(.listLevelMeters), as: Int32.self)
    }

    /// Where a meter of a new catalog lets readings hold until the next one, the ones that came before can be found too.
    func keepLevels(_ catalog: RatingCatalog) throws {
        let carried = Set(catalog.meters.filter(\.definition.carriesLevels).map(\.series)).sorted()
        guard !carried.isEmpty else { return }
        let new = try connection.query(Query(.carryLevels, carried), as: Int32.self)
        if !new.isEmpty { _ = try connection.execute(Query(.fillMonthReadings, new)) }
    }
}
