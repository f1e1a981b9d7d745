package import Billing
package import Postgres
import SQL

/// Closes a worker's share of the due subscriptions, batch after batch.
///
/// A batch is one transaction: it reads some thousand due subscriptions with their totals as one binary COPY, has each
/// rated while the rows stream in, and writes periods, invoices and lines as three binary COPYs. What stays in memory is
/// one batch, so it does not grow with the number of customers; what a killed run leaves is whole batches, and the next
/// run goes on behind them, because a closed subscription is no longer due.
package final class CloseBatch {
    /// Rates one subscription; a `BillingError` sets it aside.
    package typealias Rate = (DueSubscription, [SliceTotal], ClosedHistory?, inout CloseOutcome) throws(BillingError) ->
        Void

    /// What all batches of a run have in common.
    package struct Terms: Sendable {
        package var asOf: CivilDate
        package var runID: Int64
        package var watermark: Int64
        /// What new periods are rated with.
        package var catalog: RatingCatalog
        package var engine: Int16
        /// Whether some subscriptions are held, so that closing them has to release them.
        package var anyHolds: Bool
        /// Whether some subscriptions have manual lines that are pending, so that they have to be read.
        package var anyManualLines: Bool
        package var notices: ChangeNotices
        /// What sources lack; empty when nothing is missing, and then nobody is asked who is fed by what.
        package var gaps: CloseGaps
        /// What the plans count.
        let meters: PlanMeters
        /// Subscriptions a transaction.
        package var size: Int

        var catalogID: Int32 { catalog.id }

        /// Nil where no invoice has to be looked at.
        var inspection: Inspection? {
            catalog.catalog.invoices.hold == nil ? nil : Inspection(catalog: catalog, asOf: asOf, runID: runID)
        }

        package init(
            asOf: CivilDate, runID: Int64, watermark: Int64, catalog: RatingCatalog, engine: Int16, anyHolds: Bool,
            anyManualLines: Bool = false, notices: ChangeNotices, gaps: CloseGaps = CloseGaps(), size: Int
        ) {
            self.asOf = asOf
            self.runID = runID
            self.watermark = watermark
            self.catalog = catalog
            self.engine = engine
            self.anyHolds = anyHolds
            self.anyManualLines = anyManualLines
            self.notices = notices
            self.gaps = gaps
            meters = PlanMeters(catalog)
            self.size = size
        }
    }

    /// The last subscription of the batch before.
    package struct Place: Sendable {
        package var customer: Int64
        package var subscription: Int64

        package init(before customer: Int64) {
            self.customer = customer
            subscription = Int64.min
        }

        init(customer: Int64, subscription: Int64) {
            self.customer = customer
            self.subscription = subscription
        }
    }

    private let connection: Connection
    private let terms: Terms
    /// Where the earliest allowance period begins that a subscription's late usage can change.
    private let historyStart: (DueSubscription, CivilDate) throws(BillingError) -> CivilDate
    private let rate: Rate
    private var output: CloseOutput
    private var outcome = CloseOutcome()
    private var tally = CloseTally()
    /// Of the subscriptions of the batch.
    private var manualLines: [Int64: [ManualLine]] = [:]
    /// Those of them that are fed by sources with gaps.
    private var fed: [Int64: [CloseGaps.Lack]] = [:]

    package init(
        _ connection: Connection, terms: Terms,
        historyStart: @escaping (DueSubscription, CivilDate) throws(BillingError) -> CivilDate, rate: @escaping Rate
    ) {
        self.connection = connection
        self.terms = terms
        self.historyStart = historyStart
        self.rate = rate
        output = CloseOutput(terms: terms)
    }

    /// Closes the next batch behind `place`, up to a customer.
    ///
    /// - Returns: what it did and where to go on, or nil when nothing was due any more.
    package func close(after place: Place, upTo lastCustomer: Int64) throws -> (tally: CloseTally, place: Place)? {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            guard
                let (count, first, last, key, firstDay, isOurs) = try connection.first(
                    Query(
                        .boundBatch, terms.asOf, place.customer, place.subscription, lastCustomer, Int64(terms.size),
                        terms.runID),
                    as: Int64.self, Int64?.self, Int64?.self, [Int64]?.self, CivilDate?.self, Bool?.self)
            else { return nil }
            // The lock on the books hangs on another session. When that one is lost, the next run takes over.
            guard isOurs == true else { throw StoreError.claimLost }
            guard let first, let last, let key, key.count == 2, let firstDay else { return nil }
            output.removeAll()
            tally = CloseTally()
            if terms.anyManualLines {
                manualLines = try ManualLineStore(connection).pending(ofCustomers: first...last)
            }
            if !terms.gaps.ofSources.isEmpty {
                fed = try GapStore(connection).fed(
                    by: terms.gaps.ofSources, customers: first...last, asOf: terms.asOf, meters: terms.meters)
            }
            // Where most subscriptions of the range are due, walking three indexes side by side beats looking each one up;
            // the planner cannot know, for it takes the conditions on the range to be independent of each other.
            let isDense = count > (last - first) / 4
            if isDense { _ = try connection.execute(Query(.preferMergeJoins)) }
            let deferred = try stream(
                Query(
                    .readDue,
                    literals: [
                        "as_of": .day(terms.asOf), "after_customer": .number(place.customer),
                        "after_subscription": .number(place.subscription), "first_customer": .number(first),
                        "last_customer": .number(last), "last_subscription": .number(key[1]),
                        "first_day": .day(firstDay),
                    ]))
            if isDense { _ = try connection.execute(Query(.allowNestedLoops)) }
            for due in deferred { try closeFurtherBack(due) }
            tally.invoicesHeld = try output.write(to: connection)
            return (tally, Place(customer: key[0], subscription: key[1]))
        }
    }

    /// Rates the subscriptions as their rows arrive, and returns those that need more than the stream holds.
    private func stream(_ query: Query) throws -> [DueSubscription] {
        var deferred: [DueSubscription] = []
        var current: DueSubscription?
        var totals: [SliceTotal] = []
        var cadence = CadenceReader()
        try connection.copyOut(query) { row in
            let subscriptionID = try row.int64(1)
            if current?.subscriptionID != subscriptionID {
                if let done = current { try finish(done, totals, &deferred) }
                totals.removeAll(keepingCapacity: true)
                current = try due(row, &cadence)
            }
            if !row.isNull(12) {
                totals.append(
                    SliceTotal(meter: try row.int32(12), start: try row.day(13), quantity: try row.int64(14)))
            }
        }
        if let done = current { try finish(done, totals, &deferred) }
        return deferred
    }

    private func finish(_ due: DueSubscription, _ totals: [SliceTotal], _ deferred: inout [DueSubscription]) throws {
        // With a change behind it a period may count from further back than the open one asked for.
        if due.lateFrom != nil || due.isDivided || due.terms.changes.contains(where: { $0.day < terms.asOf }) {
            deferred.append(due)
        } else {
            try close(due, totals, history: nil)
        }
    }

    private func due(_ row: borrowing CopyRow, _ cadence: inout CadenceReader) throws -> DueSubscription {
        guard let period = DateRange(period: try row.day(3), try row.day(4)) else {
            throw StoreError.inconsistent("an open period runs backwards")
        }
        let currency = try row.text(20)
        var subscription = Subscription(
            plan: try row.int32(6), anchor: try row.day(7), starts: try row.day(15), signedUp: try row.day(8),
            paysEvery: try cadence.read(row.text(10)), currency: currency, ends: row.isNull(9) ? nil : try row.day(9),
            contract: row.isNull(16) ? nil : try row.text(16),
            coupon: row.isNull(17) ? nil : Subscription.Coupon(code: try row.text(17), from: try row.day(18)))
        if !row.isNull(24) { subscription.paidFrom = try row.day(24) }
        if !row.isNull(21) {
            subscription.changes = [
                Subscription.Change(
                    day: try row.day(21), plan: try row.int32(22),
                    paysEvery: row.isNull(23) ? nil : try cadence.read(row.text(23)))
            ]
        }
        let subscriptionID = try row.int64(1)
        return DueSubscription(
            customerID: try row.int64(0), subscriptionID: subscriptionID, terms: subscription, currency: currency,
            open: OpenPeriod(number: try row.int32(2), period: period, countsFrom: try row.day(5)),
            lateFrom: row.isNull(11) ? nil : try row.day(11), isMetered: try row.bool(19),
            hasPendingChange: row.isNull(25) ? false : try row.bool(25),
            isDivided: row.isNull(26) ? false : try row.bool(26),
            isUnsettled: row.isNull(27) ? false : try row.bool(27),
            manual: manualLines.isEmpty ? [] : manualLines[subscriptionID] ?? [])
    }

    /// Reads what the stream leaves out: all changes of plan, and what was counted since the allowance period began that the
    /// earliest late day, or the open period, lies in; with late usage also what was billed since.
    private func closeFurtherBack(_ due: DueSubscription) throws {
        var due = due
        try PlanChanges(connection, customerID: due.customerID, subscriptionID: due.subscriptionID)
            .unfold(&due.terms)
        // What could not be invoiced at once has been set aside with its reason, and its period waits with it.
        guard !due.isUnsettled else { return }
        let from: CivilDate
        do {
            from = min(due.open.countsFrom, try historyStart(due, due.lateFrom ?? due.open.period.start))
        } catch {
            return try hold(due, error)
        }
        let totals = try connection.query(
            Query(.readTotals, due.customerID, due.subscriptionID, from, terms.asOf),
            as: Int32.self, CivilDate.self, Int64.self
        ).map { SliceTotal(meter: $0.0, start: $0.1, quantity: $0.2) }
        guard due.lateFrom != nil else {
            due.open.countsFrom = from
            return try close(due, totals, history: nil)
        }
        let history = try HistoryReader(connection).read(
            customerID: due.customerID, subscriptionID: due.subscriptionID, from: from, before: due.open.period.end)
        try close(due, totals, history: history)
        output.settle(due)
    }

    private func close(_ due: DueSubscription, _ totals: [SliceTotal], history: ClosedHistory?) throws {
        do throws(BillingError) {
            try rate(due, totals, history, &outcome)
        } catch {
            return try hold(due, error)
        }
        let gaps = self.gaps(due)
        if let error = gaps.error { return try hold(due, error) }
        guard outcome.checkInvariants() else {
            throw StoreError.inconsistent("lines that do not sum to their invoice's total")
        }
        output.append(due, outcome)
        tally.flagged += output.mark(due, outcome, gaps.marks)
        tally.subscriptions += 1
        tally.lines += Int64(outcome.lines.count)
        for closed in outcome.periods { tally.add(closed.total, dated: closed.period.end, in: due.currency) }
        if history != nil { tally.corrections += Int64(outcome.lines.count { $0.kind == .correction }) }
    }

    /// What sources and channels lack of the periods that have just been rated: the reason why they are not billed, or else the
    /// marks that their invoices get, each with the place of its period.
    private func gaps(_ due: DueSubscription) -> (error: BillingError?, marks: [CloseOutput.Mark]) {
        guard !terms.gaps.isEmpty else { return (nil, []) }
        let lacking = (fed[due.subscriptionID] ?? []) + (terms.gaps.ofChannels[due.subscriptionID] ?? [])
        guard !lacking.isEmpty else { return (nil, []) }
        var marks: [CloseOutput.Mark] = []
        var held: [(gap: PeriodGap, period: DateRange)] = []
        for (number, closed) in outcome.periods.enumerated() {
            for lack in lacking {
                guard let gap = lack.part.gap(in: closed.period) else { continue }
                if lack.part.isHeld, !lack.isReleased {
                    held.append((gap, closed.period))
                } else {
                    marks.append(CloseOutput.Mark(period: number, gap: gap, channel: lack.part.channel))
                }
            }
        }
        return (held.first.map { .gap($0.gap, more: held.count - 1, period: $0.period) }, marks)
    }

    /// One customer that cannot be billed does not keep the others from being billed.
    private func hold(_ due: DueSubscription, _ error: BillingError) throws {
        tally.held += 1
        output.hold(due, error)
    }
}

/// Cadences come as words, and almost always as the same one as in the row before.
struct CadenceReader {
    private var word = ""
    private var cadence = Cadence.month

    mutating func read(_ text: String) throws(StoreError) -> Cadence {
        if text != word {
            guard let read = Cadence(text) else { throw .inconsistent("'\(text)' is no cadence") }
            (word, cadence) = (text, read)
        }
        return cadence
    }
}

extension CopyRow {
    /// A date column as a day; a date outside the years 1 to 9999 is an error.
    func day(_ index: Int) throws -> CivilDate {
        guard let day = CivilDate(daysSince1970: try date(index).daysSince1970) else {
            throw StoreError.inconsistent("a date outside the years 1 to 9999")
        }
        return day
    }
}
