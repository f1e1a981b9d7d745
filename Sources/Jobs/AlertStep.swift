import Billing
import Documents
import Postgres
import Store
import Synchronization

/// Tells who has reached a share of an allowance: once for each subscription, price, allowance period and percentage.
///
/// It stands behind the step that totals and before the close, so that a period's last night still counts. Workers take
/// ranges of customers; how far the alerts are moves on when all of them are done.
struct AlertStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalog: RatingCatalog

    func run(asOf: CivilDate) throws -> RunSummary.Alerting {
        let definitions = catalog.catalog
        let notices = NoticeStore.Terms(
            vendor: definitions.name, asOf: asOf, oneADay: definitions.notices.oneADay, runID: runID)
        let progress = AlertProgress(connection, notices, catalog: catalog)
        let seen = try progress.seen()
        var tally = AlertBatch.Tally()
        if let customers = try progress.customers() {
            tally = try look(
                at: customers,
                AlertBatch.Terms(notices: notices, catalog: catalog, seen: seen, size: context.batchSize))
        }
        try connection.surviving { try progress.move(from: seen?.pull, to: tally.watermark) }
        return RunSummary.Alerting(
            subscriptions: tally.subscriptions, notices: tally.notices, failed: tally.failed)
    }

    private func look(at customers: ClosedRange<Int64>, _ terms: AlertBatch.Terms) throws -> AlertBatch.Tally {
        let definitions = catalog.catalog
        let plans = Dictionary(definitions.plans.map { ($0.key, $0.name) }) { first, _ in first }
        let tally = Mutex(AlertBatch.Tally())
        let reporter = context.reporter
        // Who is to be looked at is found range by range.
        reporter.begin("alerting", total: nil)
        defer { reporter.end() }
        try context.forEachBatch(of: customers, on: connection) { [catalog] connection in
            let batch = try AlertBatch(
                connection, terms: terms,
                decide: { alerted throws(BillingError) in
                    try Self.drafts(of: alerted, catalog, plans, asOf: terms.notices.asOf)
                },
                word: { NoticeWording.words($0, definitions.notices) })
            var begun: Int64?
            return { place, lastCustomer in
                if begun != lastCustomer {
                    let found = try batch.begin(place.customer...lastCustomer)
                    begun = lastCustomer
                    tally.withLock { $0 += found }
                }
                guard let done = try batch.post(after: place) else { return nil }
                let all = tally.withLock { tally in
                    tally += done.tally
                    return tally.subscriptions
                }
                reporter.advance(to: all)
                return done.place
            }
        }
        return tally.withLock(\.self)
    }

    private static func drafts(
        of alerted: AlertBatch.Alerted, _ catalog: RatingCatalog, _ plans: [String: String], asOf: CivilDate
    ) throws(BillingError) -> [NoticeDraft] {
        let alerts = try catalog.edition(of: alerted.terms).alerts(
            of: alerted.terms, open: alerted.open, asOf: asOf, totals: alerted.totals)
        return alerts.map { alert in
            NoticeDraft(
                customerID: alerted.customerID, subscriptionID: alerted.subscriptionID, kind: .usageAlert,
                topic: alert.topic, periodStart: alert.period.start, threshold: alert.percent,
                values: NoticeWording.values(
                    alert, vendor: catalog.catalog.name, customer: alerted.customerName, subscription: alerted.key,
                    plan: plans[alert.plan] ?? alert.plan, asOf: asOf))
        }
    }
}
