import Billing
import Postgres
import SQL

/// A subscription as it was in any run that can be replayed.
///
/// Its end, contract and coupon are those of the first run behind that has changed them, or the present ones. Its plan and
/// rhythm follow from its changes, of which none is ever taken away: what it was at first, and the changes that the run knew.
struct PastSubscription {
    let customerID: Int64
    let subscriptionID: Int64
    let key: String
    let customer: String
    let customerName: String
    /// The ISO 4217 code of its invoices.
    let currency: String
    /// Without changes, and as it was before the first of them.
    private var first: Subscription
    /// In order; those that hold now come last.
    private var versions: [Version]
    private(set) var changes: [Change] = []
    /// In order, whatever became of them.
    var manualLines: [PastManualLine] = []

    /// Terms that are written over.
    private struct Version {
        /// The run that changed them; nil for the present ones.
        let supersededBy: Int64?
        let ends: CivilDate?
        let contract: String?
        let coupon: Subscription.Coupon?
    }

    /// A change of plan, whatever became of it.
    struct Change {
        let row: PlanChanges.Row
        let status: String
        let isDecision: Bool
        let announcedRun: Int64
        let settledRun: Int64?
        /// What its own invoice was written with; nil without one.
        let invoice: (catalog: Int32, watermark: Int64, engine: Int16)?

        /// Whether a close of this run knew of it. What a run decides it decides behind its close; what a source or a
        /// request gives up is gone before the close of its run, and what a close applies, or a decision withdraws, was
        /// there.
        func isKnown(in run: Int64) -> Bool {
            guard announcedRun < run || (announcedRun == run && !isDecision) else { return false }
            guard status == "withdrawn" || status == "preempted", let settledRun else { return true }
            return settledRun > run || (settledRun == run && status == "withdrawn")
        }
    }

    /// The subscription as a run knew it.
    func terms(in run: Int64) -> Subscription {
        var terms = first
        if let version = versions.first(where: { $0.supersededBy.map { run < $0 } ?? true }) {
            (terms.ends, terms.contract, terms.coupon) = (version.ends, version.contract, version.coupon)
        }
        terms.changes = changes.filter { $0.isKnown(in: run) }.map(\.row.change)
        return terms
    }

    /// The subscriptions behind a place up to another, in order.
    static func read(
        _ connection: Connection, after place: CloseBatch.Place, upTo end: CloseBatch.Place
    ) throws -> [PastSubscription] {
        var found: [PastSubscription] = []
        let bounds = (place.customer, place.subscription, end.customer, end.subscription)
        let rows = try connection.query(
            Query(.listPastTerms, bounds.0, bounds.1, bounds.2, bounds.3),
            as: Int64.self, Int64.self, String.self, String.self, String.self, Int32.self, CivilDate.self,
            CivilDate.self, CivilDate.self, String.self, String.self, CivilDate?.self, Int64?.self, CivilDate?.self,
            String?.self, String?.self, CivilDate?.self)
        for row in rows {
            var coupon: Subscription.Coupon?
            if let code = row.15, let from = row.16 { coupon = Subscription.Coupon(code: code, from: from) }
            let version = Version(supersededBy: row.12, ends: row.13, contract: row.14, coupon: coupon)
            if found.last?.subscriptionID == row.1 {
                found[found.count - 1].versions.append(version)
                continue
            }
            var first = Subscription(
                plan: row.5, anchor: row.6, starts: row.8, signedUp: row.7, paysEvery: try PlanChanges.cadence(row.10),
                currency: row.9, ends: nil)
            first.paidFrom = row.11
            found.append(
                PastSubscription(
                    customerID: row.0, subscriptionID: row.1, key: row.2, customer: row.3, customerName: row.4,
                    currency: row.9, first: first, versions: [version]))
        }
        let changes = try connection.query(
            Query(.listPastChanges, bounds.0, bounds.1, bounds.2, bounds.3),
            as: Int64.self, CivilDate.self, Int32.self, Int32.self, String?.self, CivilDate?.self, String?.self,
            Bool.self, String.self, String.self, Int64.self, Int64?.self, Int32?.self, Int64?.self, Int16?.self)
        let lines = try PastManualLine.read(connection, after: place, upTo: end)
        if !lines.isEmpty {
            for place in found.indices { found[place].manualLines = lines[found[place].subscriptionID] ?? [] }
        }
        guard !changes.isEmpty else { return found }
        let places = Dictionary(
            found.indices.map { (found[$0].subscriptionID, $0) }, uniquingKeysWith: { first, _ in first })
        for row in changes {
            guard let place = places[row.0] else { continue }
            var invoice: (catalog: Int32, watermark: Int64, engine: Int16)?
            if let catalog = row.12, let watermark = row.13, let engine = row.14 {
                invoice = (catalog, watermark, engine)
            }
            found[place].changes.append(
                Change(
                    row: PlanChanges.Row(
                        day: row.1, wasPlan: row.2, plan: row.3, wasPaysEvery: try row.4.map(PlanChanges.cadence),
                        wasPaidFrom: row.5, paysEvery: try row.6.map(PlanChanges.cadence),
                        isPending: row.8 == "announced", isAtOnce: row.7),
                    status: row.8, isDecision: row.9 == "decision", announcedRun: row.10, settledRun: row.11,
                    invoice: invoice))
        }
        for place in found.indices { found[place].unfold() }
        return found
    }

    /// Takes back what has taken effect until now.
    private mutating func unfold() {
        let standing = changes.filter { $0.status == "applied" || $0.status == "announced" }
        PlanChanges(standing.map(\.row)).unfold(&first)
        first.changes = []
    }
}
