import Billing
import Postgres
import Store
import Synchronization

/// Closes everything that is due: workers take ranges of customers, and each streams its share batch by batch.
struct CloseStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalogs: CatalogStore

    func run(asOf: CivilDate) throws -> RunSummary.Close {
        let store = CloseStore(connection)
        let catalog = try catalogs.currentForRating()
        let cuts = Set(try catalogs.cuts())
        if let missing = catalog.catalog.cuts.first(where: { !cuts.contains($0) }) {
            throw StoreError.missingCut(day: missing)
        }
        let watermark = try store.watermark()
        let closer = Closer(catalog: catalog, earlier: try catalogs.all())
        let notices = ChangeNotices(catalog, asOf: asOf, runID: runID)
        // What has been changed at once is invoiced at once, and divides the period that is closed later.
        let settled = try ChangeStore(
            connection, ChangeStore.Terms(asOf: asOf, runID: runID, catalog: catalog, notices: notices)
        ).settle(by: closer, watermark: watermark)
        try store.reopenEnded(catalog)
        guard let due = try store.due(asOf: asOf) else { return try summary(settled, watermark) }
        try store.prepare(due, asOf: asOf)
        let terms = CloseBatch.Terms(
            asOf: asOf, runID: runID, watermark: watermark, catalog: catalog,
            engine: Closer.engineVersion, anyHolds: try store.holds() > 0,
            anyManualLines: try store.hasManualLines(due, asOf: asOf),
            notices: notices,
            gaps: try GapStore(connection).beforeClose(from: due.firstStart, asOf: asOf, catalog: catalog),
            size: context.batchSize)
        let tally = Mutex(settled)
        let reporter = context.reporter
        reporter.begin("closing", total: due.subscriptions)
        defer { reporter.end() }
        try context.forEachBatch(of: due.customers, on: connection) { connection in
            let batch = CloseBatch(
                connection, terms: terms,
                historyStart: { due, day throws(BillingError) in
                    try closer.historyStart(of: due.terms, on: day)
                },
                rate: { due, totals, history, outcome throws(BillingError) in
                    // The opening counts nothing, and on its day nothing else is due.
                    let isOpening = due.open.period.isEmpty && due.open.period.end == asOf
                    if !due.isMetered, !isOpening, due.terms.plans.contains(where: closer.needsMetering) {
                        throw BillingError.notMetered(period: due.open.period)
                    }
                    try closer.close(
                        due.terms, open: due.open, asOf: asOf, totals: totals, history: history, manual: due.manual,
                        into: &outcome)
                })
            return { place, lastCustomer in
                guard let done = try batch.close(after: place, upTo: lastCustomer) else { return nil }
                let all = tally.withLock { tally in
                    tally += done.tally
                    return tally.subscriptions + tally.held
                }
                reporter.advance(to: all)
                return done.place
            }
        }
        return try summary(tally.withLock(\.self), watermark)
    }

    private func summary(_ tally: CloseTally, _ watermark: Int64) throws -> RunSummary.Close {
        RunSummary.Close(
            watermark: watermark, subscriptions: tally.subscriptions, invoices: tally.invoices, lines: tally.lines,
            corrections: tally.corrections, held: tally.held, invoicesHeld: tally.invoicesHeld, flagged: tally.flagged,
            sums: try tally.sums.sorted { $0.currency < $1.currency }.map { sum in
                guard let currency = Currency(code: sum.currency) else {
                    throw StoreError.inconsistent("'\(sum.currency)' is no currency")
                }
                return RunSummary.Sum(
                    currency: currency, invoices: sum.invoices, total: sum.total,
                    months: sum.months.sorted { $0.month < $1.month })
            })
    }
}
