package import Billing
package import Postgres
import SQL

/// Finds the alerts of subscriptions whose totals have changed, batch after batch.
///
/// What has changed is found range by range, by the pulls that the totals name, and lies in a temporary table of the worker's
/// own session. A batch is one transaction: it reads some thousand of these subscriptions with their totals as one binary
/// COPY, has each decided while the rows stream in, and posts what nobody has been told. So the work follows what has
/// changed, memory holds one batch, and a killed run leaves whole ones. The watermark moves on when all are done
/// (`AlertProgress`); until then the next run looks at the same subscriptions again, and writes nothing that is written.
package final class AlertBatch {
    /// What a subscription has reached; a `BillingError` leaves it for the next run.
    package typealias Decide = (Alerted) throws(BillingError) -> [NoticeDraft]
    package typealias Word = (NoticeDraft) -> NoticeTemplate

    /// What all batches of a run have in common.
    package struct Terms: Sendable {
        package var notices: NoticeStore.Terms
        package var catalog: RatingCatalog
        /// The last pull whose totals were looked at, and the day of these alerts; nil where all are to be.
        package var seen: (pull: Int64, day: CivilDate)?
        /// Subscriptions a transaction.
        package var size: Int

        package init(
            notices: NoticeStore.Terms, catalog: RatingCatalog, seen: (pull: Int64, day: CivilDate)?, size: Int
        ) {
            self.notices = notices
            self.catalog = catalog
            self.seen = seen
            self.size = size
        }
    }

    /// A subscription to look at.
    package struct Alerted: Sendable {
        package var customerID: Int64
        package var subscriptionID: Int64
        package var key: String
        package var customerName: String
        package var terms: Subscription
        package var open: OpenPeriod
        package var totals: [SliceTotal]
    }

    /// What batches have done; they add up.
    package struct Tally: Hashable, Sendable {
        package var subscriptions: Int64 = 0
        package var notices: Int64 = 0
        package var failed: Int64 = 0
        /// The last pull that has changed something; nil where none has.
        package var watermark: Int64?

        package init() {}

        package static func += (left: inout Tally, right: Tally) {
            left.subscriptions += right.subscriptions
            left.notices += right.notices
            left.failed += right.failed
            left.watermark = right.watermark.map { max($0, left.watermark ?? $0) } ?? left.watermark
        }
    }

    private let connection: Connection
    private let terms: Terms
    private let decide: Decide
    private let word: Word
    private let meters: Set<Int32>

    package init(
        _ connection: Connection, terms: Terms, decide: @escaping Decide, word: @escaping Word
    ) throws {
        self.connection = connection
        self.terms = terms
        self.decide = decide
        self.word = word
        meters = Set(terms.catalog.alertedMeters)
        try connection.makeRoom(.createLandedAlert)
    }

    /// Finds the subscriptions to look at among a range of customers, in the place of those of the range before.
    ///
    /// - Returns: the last pull that has changed something, as a tally.
    package func begin(_ customers: ClosedRange<Int64>) throws -> Tally {
        _ = try connection.execute(Query(.clearLandedAlert))
        var tally = Tally()
        guard
            let (found, last) = try connection.first(
                Query(
                    .landAlerts, terms.catalog.alertedPlans, meters.sorted(), terms.catalog.alertedWindowMeters,
                    terms.seen?.pull ?? -1, terms.notices.asOf, customers.lowerBound, customers.upperBound,
                    terms.catalog.renewedPlans, terms.seen?.day ?? terms.notices.asOf),
                as: Int64.self, Int64?.self)
        else { return tally }
        if found > 0 { _ = try connection.execute(Query(.analyzeLandedAlert)) }
        tally.watermark = last
        return tally
    }

    /// Looks at the next batch behind `place` in the range that was begun last; nil when there was none.
    package func post(after place: CloseBatch.Place) throws -> (tally: Tally, place: CloseBatch.Place)? {
        try connection.transaction {
            try connection.guardClaim(of: terms.notices.runID)
            let asOf = terms.notices.asOf
            let countsFrom = terms.catalog.alertsCountFrom(asOf: asOf)
            guard
                let (first, last, firstDay) = try connection.first(
                    Query(.boundAlerts, place.customer, place.subscription, Int64(terms.size), asOf, countsFrom),
                    as: Int64?.self, [Int64]?.self, CivilDate?.self),
                let first, let last, last.count == 2, let firstDay
            else { return nil }
            var tally = Tally()
            var drafts: [NoticeDraft] = []
            var again: (customers: [Int64], subscriptions: [Int64]) = ([], [])
            let query = Query(
                .readAlerts,
                literals: [
                    "after_customer": .number(place.customer), "after_subscription": .number(place.subscription),
                    "first_customer": .number(first), "last_customer": .number(last[0]),
                    "last_subscription": .number(last[1]), "first_day": .day(firstDay),
                    "as_of": .day(asOf), "changed_from": .day(countsFrom),
                ])
            try stream(query) { alerted in
                tally.subscriptions += 1
                // What was counted of a day to come changes no total when that day has come.
                var isDueAgain =
                    asOf < alerted.open.period.start
                    || alerted.totals.contains { $0.start > asOf && self.meters.contains($0.meter) }
                do throws(BillingError) {
                    drafts += try self.decide(alerted)
                } catch {
                    tally.failed += 1
                    isDueAgain = true
                }
                if isDueAgain {
                    again.customers.append(alerted.customerID)
                    again.subscriptions.append(alerted.subscriptionID)
                }
            }
            let store = NoticeStore(connection)
            let new = try store.unknown(drafts).map { (draft: $0, words: word($0)) }
            tally.notices += Int64(try store.post(new, terms.notices))
            _ = try connection.execute(
                Query(
                    .replaceAlertsDue, place.customer, place.subscription, last[0], last[1], again.customers,
                    again.subscriptions))
            return (tally, CloseBatch.Place(customer: last[0], subscription: last[1]))
        }
    }

    private func stream(_ query: Query, _ body: (Alerted) throws -> Void) throws {
        var current: Alerted?
        try connection.copyOut(query) { row in
            let subscriptionID = try row.int64(1)
            if current?.subscriptionID != subscriptionID {
                if let done = current { try body(done) }
                current = try alerted(row)
            }
            if !row.isNull(16) {
                current?.totals.append(
                    SliceTotal(meter: try row.int32(16), start: try row.day(17), quantity: try row.int64(18)))
            }
        }
        if let done = current { try body(done) }
    }

    /// Reads `2026-04-01 7`, or `2026-04-01 7 30 days` where it is paid in another rhythm from then on.
    private static func change(_ text: Substring) throws -> Subscription.Change {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, let day = CivilDate(words[0]), let plan = Int32(words[1]) else {
            throw StoreError.inconsistent("'\(text)' is no change of plan")
        }
        return Subscription.Change(
            day: day, plan: plan, paysEvery: words.count == 3 ? try PlanChanges.cadence(String(words[2])) : nil)
    }

    private func alerted(_ row: borrowing CopyRow) throws -> Alerted {
        guard let period = DateRange(period: try row.day(3), try row.day(4)) else {
            throw StoreError.inconsistent("an open period runs backwards")
        }
        var subscription = Subscription(
            plan: try row.int32(6), anchor: try row.day(7), starts: try row.day(9), signedUp: try row.day(8),
            paysEvery: try PlanChanges.cadence(row.text(11)), currency: try row.text(12),
            ends: row.isNull(10) ? nil : try row.day(10),
            contract: row.isNull(13) ? nil : try row.text(13))
        subscription.paidFrom = row.isNull(21) ? nil : try row.day(21)
        if !row.isNull(19) {
            subscription.plan = try row.int32(19)
            subscription.changes = try row.text(20).split(separator: ",").map(Self.change)
            if !row.isNull(22) {
                subscription.paysEvery = try PlanChanges.cadence(row.text(22))
                subscription.paidFrom = row.isNull(23) ? nil : try row.day(23)
            }
        }
        return Alerted(
            customerID: try row.int64(0), subscriptionID: try row.int64(1), key: try row.text(14),
            customerName: try row.text(15), terms: subscription,
            open: OpenPeriod(number: try row.int32(2), period: period, countsFrom: try row.day(5)), totals: [])
    }
}
