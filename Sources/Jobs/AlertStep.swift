import Billing
import Documents
import Postgres
import Store

/// Tells who has reached a share of an allowance: once for each subscription, price, allowance period and percentage.
///
/// It stands behind the step that totals and before the close, so that a period's last night still counts.
struct AlertStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalog: RatingCatalog

    func run(asOf: CivilDate) throws -> RunSummary.Alerting {
        let terms = catalog.catalog.notices
        let vendor = catalog.catalog.name
        let plans = Dictionary(catalog.catalog.plans.map { ($0.key, $0.name) }) { first, _ in first }
        let batch = try AlertBatch(
            connection,
            terms: AlertBatch.Terms(
                notices: NoticeStore.Terms(vendor: vendor, asOf: asOf, oneADay: terms.oneADay, runID: runID),
                catalog: catalog, size: context.batchSize),
            decide: { [catalog] alerted throws(BillingError) in
                let alerts = try catalog.edition(of: alerted.terms).alerts(
                    of: alerted.terms, open: alerted.open, asOf: asOf, totals: alerted.totals)
                return alerts.map { alert in
                    NoticeDraft(
                        customerID: alerted.customerID, subscriptionID: alerted.subscriptionID, kind: .usageAlert,
                        topic: alert.topic, periodStart: alert.period.start, threshold: alert.percent,
                        values: NoticeWording.values(
                            alert, vendor: vendor, customer: alerted.customerName, subscription: alerted.key,
                            plan: plans[alert.plan] ?? alert.plan, asOf: asOf))
                }
            },
            word: { NoticeWording.words($0, terms) })
        context.reporter.begin("alerting", total: try batch.begin())
        defer { context.reporter.end() }
        var tally = AlertBatch.Tally()
        var place = CloseBatch.Place(before: .min)
        while true {
            try context.stop.check()
            guard let done = try batch.post(after: place) else { break }
            place = done.place
            tally += done.tally
            context.reporter.advance(to: tally.subscriptions)
        }
        try batch.end()
        return RunSummary.Alerting(
            subscriptions: tally.subscriptions, notices: tally.notices, failed: tally.failed)
    }
}
