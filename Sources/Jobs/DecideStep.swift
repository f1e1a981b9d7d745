import Billing
import Postgres
import Store
import Synchronization

/// Decides on every plan for which the catalog has a rule, once a month, and withdraws what restated counts have taken the
/// reason from.
struct DecideStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalogs: CatalogStore
    let catalog: RatingCatalog

    func run(asOf: CivilDate) throws -> RunSummary.Deciding {
        let watermark = try CloseStore(connection).watermark()
        let notices = ChangeNotices(catalog, asOf: asOf, runID: runID)
        var deciding = RunSummary.Deciding()
        for rule in catalog.decisions {
            deciding.withdrawn += try connection.surviving {
                try DecisionStore(connection).withdraw(
                    rule, of: catalog, earlier: catalogs.all, asOf: asOf, runID: runID, notices: notices)
            }
            try connection.surviving { try notices.remind(rule.rule, days: rule.rule.reminders, on: connection) }
            // Sources may need some days to complete a month.
            guard asOf.components.day >= rule.rule.day, let reach = rule.reach(before: asOf) else { continue }
            let tally = try connection.surviving {
                try decide(rule, asOf: asOf, watermark: watermark, reach: reach, notices: notices)
            }
            deciding.decided += tally.decided
            deciding.up += tally.up
            deciding.down += tally.down
            deciding.failed += tally.failed
        }
        return deciding
    }

    private func decide(
        _ rule: RatingDecision, asOf: CivilDate, watermark: Int64, reach: DateRange, notices: ChangeNotices
    ) throws -> DecideBatch.Tally {
        let store = DecisionStore(connection)
        guard let undecided = try store.undecided(rule, asOf: asOf) else { return DecideBatch.Tally() }
        let countedSince = try store.countedSince(rule)
        let quiet = undecided.isDense ? try rule.quietTerms(on: asOf, countedSince: countedSince) : nil
        let terms = DecideBatch.Terms(
            asOf: asOf, runID: runID, watermark: watermark, catalog: catalog, rule: rule, reach: reach,
            countedSince: countedSince, quiet: quiet, notices: notices, size: context.batchSize)
        try store.prepare(month: terms.month)
        let tally = Mutex(DecideBatch.Tally())
        let reporter = context.reporter
        reporter.begin("deciding", total: undecided.subscriptions)
        defer { reporter.end() }
        try context.forEachBatch(of: undecided.customers, on: connection) { connection in
            let batch = DecideBatch(connection, terms: terms)
            return { place, lastCustomer in
                guard let done = try batch.decide(after: place, upTo: lastCustomer) else { return nil }
                let all = tally.withLock { tally in
                    tally += done.tally
                    return tally.decided + tally.failed
                }
                reporter.advance(to: all)
                return done.place
            }
        }
        return tally.withLock(\.self)
    }
}
