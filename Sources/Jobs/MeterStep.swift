import Billing
import Postgres
import Store

/// Totals what no pull keeps a running sum of: every billing period that has ended, or whose readings or intervals have
/// changed since, in one quantity a meter.
struct MeterStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalog: RatingCatalog
    let meters: WindowMeters

    func run(asOf: CivilDate) throws -> RunSummary.Metering {
        let terms = MeterBatch.Terms(
            asOf: asOf, runID: runID, watermark: try CloseStore(connection).watermark(), catalog: catalog,
            meters: meters)
        var batch = try MeterBatch(connection, terms: terms)
        context.reporter.begin("metering", total: try batch.count())
        defer { context.reporter.end() }
        var tally = MeterBatch.Tally()
        // Who has more periods to come than one batch takes has his turn again when all others had theirs.
        repeat {
            tally.isPartial = false
            var place = CloseBatch.Place(before: .min)
            while true {
                try context.stop.check()
                let done = try connection.surviving(
                    again: { batch = try MeterBatch(connection, terms: terms) }, { try batch.total(after: place) })
                guard let done else { break }
                place = done.place
                tally += done.tally
                context.reporter.advance(to: tally.subscriptions)
            }
        } while tally.isPartial
        return RunSummary.Metering(
            subscriptions: tally.subscriptions, totals: tally.totals, late: tally.late, failed: tally.failed)
    }
}
