import Billing
import Postgres
import SQL

/// The rows that a batch of a close writes, collected in the form in which they are sent.
struct CloseOutput {
    private let terms: CloseBatch.Terms
    /// Nil where no invoice has to be looked at.
    private let inspection: Inspection?
    private var periods = CopyBuffer()
    private var invoices = CopyBuffer()
    private var lines = InvoiceLineBuffer()
    private var gaps = CopyBuffer()

    private var advanced = Advanced()
    private var ended = Numbers()
    private var settled = Numbers()
    private var changed = Numbers()
    private var passed = Numbers()
    private var passedUntil: [PGDate?] = []
    /// The invoices, where they are to be looked at.
    private var written: [Inspection.Written] = []
    private var held: [(due: DueSubscription, error: BillingError)] = []

    /// Column by column, as the statement takes them.
    private struct Advanced {
        var customers: [Int64] = []
        var subscriptions: [Int64] = []
        var was: [PGDate] = []
        var numbers: [Int32] = []
        var starts: [PGDate] = []
        var ends: [PGDate] = []
        var countsFrom: [PGDate] = []
    }

    /// Subscriptions, as statements take them.
    private struct Numbers {
        var customers: [Int64] = []
        var subscriptions: [Int64] = []

        var isEmpty: Bool { customers.isEmpty }

        mutating func append(_ due: DueSubscription) {
            customers.append(due.customerID)
            subscriptions.append(due.subscriptionID)
        }

        mutating func removeAll() {
            customers.removeAll(keepingCapacity: true)
            subscriptions.removeAll(keepingCapacity: true)
        }
    }

    init(terms: CloseBatch.Terms) {
        self.terms = terms
        inspection = terms.inspection
    }

    mutating func removeAll() {
        periods.removeAll(keepingCapacity: true)
        invoices.removeAll(keepingCapacity: true)
        lines.removeAll()
        gaps.removeAll(keepingCapacity: true)
        advanced.customers.removeAll(keepingCapacity: true)
        advanced.subscriptions.removeAll(keepingCapacity: true)
        advanced.was.removeAll(keepingCapacity: true)
        advanced.numbers.removeAll(keepingCapacity: true)
        advanced.starts.removeAll(keepingCapacity: true)
        advanced.ends.removeAll(keepingCapacity: true)
        advanced.countsFrom.removeAll(keepingCapacity: true)
        ended.removeAll()
        settled.removeAll()
        changed.removeAll()
        passed.removeAll()
        passedUntil.removeAll()
        written.removeAll(keepingCapacity: true)
        held.removeAll()
    }

    mutating func append(_ due: DueSubscription, _ outcome: CloseOutcome) {
        for closed in outcome.periods {
            periods.row(fields: 10)
            periods.int64(due.customerID)
            periods.int64(due.subscriptionID)
            periods.date(closed.period.end.daysSince1970)
            periods.date(closed.period.start.daysSince1970)
            periods.int32(closed.number)
            periods.int32(terms.catalogID)
            periods.int64(terms.watermark)
            periods.int16(terms.engine)
            periods.int64(terms.runID)
            if let day = due.lateFrom { periods.date(day.daysSince1970) } else { periods.null() }

            invoices.row(fields: 7)
            invoices.int64(due.customerID)
            invoices.int64(due.subscriptionID)
            invoices.date(closed.period.end.daysSince1970)
            invoices.text("period")
            invoices.text(due.currency)
            invoices.int64(closed.total)
            invoices.int16(Int16(truncatingIfNeeded: closed.lines.count))

            if inspection != nil {
                written.append(
                    Inspection.Written(
                        customerID: due.customerID, subscriptionID: due.subscriptionID, date: closed.period.end,
                        kind: "period", period: closed.period, total: closed.total, currency: due.currency))
            }

            for index in closed.lines {
                lines.append(
                    outcome.lines[index], number: index - closed.lines.lowerBound + 1, customerID: due.customerID,
                    subscriptionID: due.subscriptionID, date: closed.period.end, kind: "period")
            }
        }
        settleChange(of: due, outcome)
        if let next = outcome.next {
            advanced.customers.append(due.customerID)
            advanced.subscriptions.append(due.subscriptionID)
            advanced.was.append(PGDate(due.open.period.end))
            advanced.numbers.append(next.number)
            advanced.starts.append(PGDate(next.period.start))
            advanced.ends.append(PGDate(next.period.end))
            advanced.countsFrom.append(PGDate(next.countsFrom))
        } else {
            ended.append(due)
        }
    }

    /// Something that a source had not delivered of an invoice's period.
    struct Mark {
        /// The place of the period in the outcome.
        let period: Int
        let gap: PeriodGap
        let channel: CloseGaps.Channel?
    }

    /// Writes marks beside invoices that have been appended.
    ///
    /// - Returns: how many invoices have any.
    mutating func mark(_ due: DueSubscription, _ outcome: CloseOutcome, _ marks: [Mark]) -> Int64 {
        var places: [Int: Int16] = [:]
        for mark in marks {
            let place = places[mark.period, default: 0]
            // More than a person will ever read; and the first ones say enough.
            guard place < Int16.max else { continue }
            places[mark.period] = place + 1
            gaps.row(fields: 12)
            gaps.int64(due.customerID)
            gaps.int64(due.subscriptionID)
            gaps.date(outcome.periods[mark.period].period.end.daysSince1970)
            gaps.text("period")
            gaps.int16(place + 1)
            gaps.text(mark.gap.kind.rawValue)
            gaps.text(mark.gap.source)
            if let channel = mark.channel {
                gaps.int64(channel.accountID)
                gaps.int32(channel.channelID)
            } else {
                gaps.null()
                gaps.null()
            }
            gaps.date(mark.gap.days.start.daysSince1970)
            gaps.date(mark.gap.lastDay.daysSince1970)
            gaps.int32(Int32(clamping: mark.gap.count))
        }
        return Int64(places.count)
    }

    /// A change that the open period has passed has taken effect, also where the end has been passed with it; one that lies
    /// behind the end never will.
    private mutating func settleChange(of due: DueSubscription, _ outcome: CloseOutcome) {
        if due.isDivided {
            passed.append(due)
            passedUntil.append(outcome.next.map { PGDate(firstDayOfPay(due, $0.period.start)) })
        }
        guard due.hasPendingChange, let change = due.terms.changes.last else { return }
        let isPassed =
            if let next = outcome.next { change.day <= next.period.start } else {
                due.terms.ends.map { change.day < $0 } ?? false
            }
        if isPassed { changed.append(due) }
    }

    /// Where the paid period around a day began: what is paid in arrears is charged for all of it, on the plan of each part.
    private func firstDayOfPay(_ due: DueSubscription, _ day: CivilDate) -> CivilDate {
        (try? due.terms.held(on: day).paidPeriods.period(containing: day).start) ?? day
    }

    /// The subscription's late usage has been billed.
    mutating func settle(_ due: DueSubscription) {
        guard !held.contains(where: { $0.due.subscriptionID == due.subscriptionID }) else { return }
        settled.append(due)
    }

    mutating func hold(_ due: DueSubscription, _ error: BillingError) {
        held.append((due, error))
    }

    /// Writes everything, within the caller's transaction.
    ///
    /// - Returns: how many of the invoices are held.
    func write(to connection: Connection) throws -> Int64 {
        try copy(periods, .copyBillingPeriod, to: connection)
        try copy(invoices, .copyInvoice, to: connection)
        try copy(lines.rows, .copyInvoiceLine, to: connection)
        try copy(lines.manualRows, .copyManualInvoiceLine, to: connection)
        try copy(gaps, .copyInvoiceGap, to: connection)
        if !advanced.customers.isEmpty {
            let found = try connection.execute(
                Query(
                    .advanceOpenPeriods, advanced.customers, advanced.subscriptions, advanced.was, advanced.numbers,
                    advanced.starts, advanced.ends, advanced.countsFrom))
            try expect(.advanceOpenPeriods, advanced.customers.count, found)
        }
        // Before what is still pending of those that have ended is given up.
        if !changed.isEmpty {
            let found = try connection.execute(
                Query(.applyPlanChanges, changed.customers, changed.subscriptions, terms.asOf, terms.runID))
            try expect(.applyPlanChanges, changed.customers.count, found)
            try terms.notices.tell(
                .changeApplied, customers: changed.customers, subscriptions: changed.subscriptions, on: connection)
        }
        if !ended.isEmpty {
            let found = try connection.execute(Query(.endOpenPeriods, ended.customers, ended.subscriptions))
            try expect(.endOpenPeriods, ended.customers.count, found)
            try giveUpChanges(on: connection)
        }
        if !passed.isEmpty {
            _ = try connection.execute(
                Query(.passChangesAtOnce, passed.customers, passed.subscriptions, passedUntil))
        }
        if !settled.isEmpty {
            _ = try connection.execute(
                Query(.settleLateUsage, settled.customers, settled.subscriptions, terms.watermark))
        }
        if terms.anyHolds {
            _ = try connection.execute(
                Query(
                    .releaseHolds, advanced.customers + ended.customers, advanced.subscriptions + ended.subscriptions))
        }
        for (due, error) in held {
            _ = try connection.execute(
                Query(
                    .insertHold, due.customerID, due.subscriptionID, error.code, error.description,
                    due.open.period.end, terms.runID))
        }
        return try inspection?.inspect(written, on: connection) ?? 0
    }

    /// Who has ended will not live to see what was pending, also where its day has not come yet.
    private func giveUpChanges(on connection: Connection) throws {
        let given = try connection.execute(
            Query(.giveUpPlanChanges, ended.customers, ended.subscriptions, terms.asOf, terms.runID))
        guard given > 0 else { return }
        try terms.notices.retract(customers: ended.customers, subscriptions: ended.subscriptions, on: connection)
    }

    private func copy(_ buffer: CopyBuffer, _ statement: Statement, to connection: Connection) throws {
        guard !buffer.isEmpty else { return }
        try expect(statement, buffer.rowCount, connection.copyIn(Query(statement), buffer))
    }

    private func expect(_ statement: Statement, _ expected: Int, _ found: Int) throws(StoreError) {
        guard expected == found else {
            throw .changedUnderneath(statement: statement.name, expected: expected, found: found)
        }
    }
}
