package import Billing
package import Postgres
import SQL

/// Replays the invoices of a worker's share of the subscriptions, batch after batch.
///
/// A batch is one snapshot: it reads what some subscriptions were in every run that invoiced them and every reading that was
/// ever known in the days that count, has the close's own functions rate each close again, and hands each invoice over as it
/// is stored and as it comes out. It writes nothing and claims nothing, so it may run beside a close. Memory holds one batch.
package final class ReplayBatch {
    /// What became of an invoice.
    package enum Replayed {
        case equal
        /// - Parameter lineCount: how many lines the stored one says that it has.
        case different(stored: InvoiceDocument, lineCount: Int, recomputed: InvoiceDocument)
        /// It should be there.
        case missing(InvoiceDocument)
        /// Nothing says why it is there.
        case unexpected(InvoiceDocument)
        /// What is stored cannot be read, or what it was rated from cannot be rated any more.
        case broken(reference: String, stored: String?, recomputed: String?)
        case notReplayable(reference: String, ReplayReport.Reason)
    }

    /// What comes out of the past.
    enum Recomputed {
        case invoice(BareInvoice)
        /// It cannot be rated.
        case failed(String)
        case notReplayable(ReplayReport.Reason)
        /// It was written after the replay began.
        case later
    }

    private let connection: Connection
    private let books: ReplayBooks
    private let size: Int
    /// By what they rate with: a run after another mostly has the same.
    private var closers: [ReplayBooks.Rating: PastCatalogs] = [:]

    /// - Parameter size: subscriptions a batch.
    package init(_ connection: Connection, _ books: ReplayBooks, size: Int) {
        self.connection = connection
        self.books = books
        self.size = size
    }

    /// Replays the next batch behind `place`, up to a customer, and hands over every invoice of it that is asked for.
    ///
    /// - Returns: where to go on and how many subscriptions were looked at, or nil when none was left.
    package func replay(
        after place: CloseBatch.Place, upTo lastCustomer: Int64, _ body: (Replayed) -> Void
    ) throws -> (place: CloseBatch.Place, subscriptions: Int64)? {
        try connection.transaction(.repeatableRead, readOnly: true) {
            let only = books.scope.only
            guard
                let (count, first, last) = try connection.first(
                    Query(
                        .boundReplay, place.customer, place.subscription, lastCustomer, Int64(size),
                        only?.subscriptionID), as: Int64.self, Int64?.self, [Int64]?.self),
                let first, let last, last.count == 2
            else { return nil }
            // Of one alone nothing is read that stands before it.
            let start = only.map { CloseBatch.Place(customer: $0.customerID, subscription: $0.subscriptionID - 1) }
            let batch = Bounds(
                after: start ?? place, first: first, last: CloseBatch.Place(customer: last[0], subscription: last[1]))
            let subscriptions = try PastSubscription.read(connection, after: batch.after, upTo: batch.last)
            let byID = Dictionary(
                subscriptions.map { ($0.subscriptionID, $0) }, uniquingKeysWith: { first, _ in first })
            let closings = try PastClosing.read(connection, after: batch.after, upTo: batch.last)
            var expected = try recompute(batch, subscriptions, closings)
            // Until the end of the transaction.
            _ = try connection.query(Query(.joinSideBySide), as: String.self, String.self, String.self)
            try BareInvoice.read(
                connection, batch, dated: (books.scope.firstDay, books.scope.dayAfter), of: closings
            ) { key, stored in
                guard books.scope.contains(key), let past = byID[key.subscriptionID] else { return }
                if let found = compare(stored, expected.removeValue(forKey: key), key, past) { body(found) }
            }
            for (key, recomputed) in expected {
                guard let past = byID[key.subscriptionID] else { continue }
                if let found = compare(nil, recomputed, key, past) { body(found) }
            }
            return (batch.last, count)
        }
    }

    /// The subscriptions of a batch.
    struct Bounds {
        /// The one before the first.
        let after: CloseBatch.Place
        /// The customer of the first.
        let first: Int64
        let last: CloseBatch.Place
    }

    /// - Parameters:
    ///   - stored: nil where there is none.
    ///   - recomputed: nil where nothing says that there should be one.
    /// - Returns: nil for what is not asked for.
    private func compare(
        _ stored: BareInvoice?, _ recomputed: Recomputed?, _ key: InvoiceKey, _ past: PastSubscription
    ) -> Replayed? {
        let reference = key.kind.reference(past.key, key.day)
        do {
            switch (stored, recomputed) {
            case (_, .later), (nil, nil): return nil
            case (_, .notReplayable(let reason)): return .notReplayable(reference: reference, reason)
            case (_, .failed(let reason)):
                return .broken(reference: reference, stored: stored?.summary, recomputed: reason)
            case (let stored?, .invoice(let recomputed)):
                if stored.isEqual(to: recomputed) { return .equal }
                return .different(
                    stored: try stored.document(key.kind, of: past, books.names), lineCount: stored.lineCount,
                    recomputed: try recomputed.document(key.kind, of: past, books.names))
            case (nil, .invoice(let recomputed)):
                return .missing(try recomputed.document(key.kind, of: past, books.names))
            case (let stored?, nil): return .unexpected(try stored.document(key.kind, of: past, books.names))
            }
        } catch {
            return .broken(reference: reference, stored: "\(error)", recomputed: nil)
        }
    }

    // MARK: What comes out

    /// A close of one subscription by one run, and what it takes to do it again. (By reference: it is handed on several times
    /// for each of many subscriptions, and a copy of it is one of all that it holds.)
    private final class Work {
        let past: PastSubscription
        let closing: PastClosing
        let closer: PastCatalogs
        let terms: Subscription
        let open: OpenPeriod
        let asOf: CivilDate

        init(
            _ past: PastSubscription, _ closing: PastClosing, _ closer: PastCatalogs, _ terms: Subscription,
            open: OpenPeriod, asOf: CivilDate
        ) {
            (self.past, self.closing, self.closer, self.terms) = (past, closing, closer, terms)
            (self.open, self.asOf) = (open, asOf)
        }

        /// Where the earliest allowance period begins that it has to look at.
        var from: CivilDate { open.countsFrom }
    }

    private func recompute(
        _ batch: Bounds, _ subscriptions: [PastSubscription], _ closings: [Int64: [PastClosing]]
    ) throws -> [InvoiceKey: Recomputed] {
        var found: [InvoiceKey: Recomputed] = [:]
        var works: [Work] = []
        for past in subscriptions {
            let closings = closings[past.subscriptionID] ?? []
            for closing in closings where closing.periods.contains(where: { isAskedFor($0, past) }) {
                do throws(BillingError) {
                    if let work = try work(past, closing, &found) { works.append(work) }
                } catch {
                    fail(closing, past, error, &found)
                }
            }
            for change in past.changes { replay(change, of: past, closings, &found) }
        }
        guard !works.isEmpty else { return found }
        let usage = try readUsage(batch, works)
        let windows = try readWindows(works)
        for work in works {
            do {
                try replay(work, usage[work.past.subscriptionID], windows, &found)
            } catch let error as BillingError {
                fail(work.closing, work.past, error, &found)
            }
        }
        return found
    }

    private func isAskedFor(_ period: PastClosing.Period, _ past: PastSubscription) -> Bool {
        books.scope.contains(key(period, past))
    }

    private func key(_ period: PastClosing.Period, _ past: PastSubscription) -> InvoiceKey {
        InvoiceKey(subscriptionID: past.subscriptionID, day: period.days.end, kind: .period)
    }

    private func fail(
        _ closing: PastClosing, _ past: PastSubscription, _ error: BillingError, _ found: inout [InvoiceKey: Recomputed]
    ) {
        for period in closing.periods where isAskedFor(period, past) {
            found[key(period, past)] = .failed(error.description)
        }
    }

    /// Nil where the close cannot be done again, which is then found.
    private func work(
        _ past: PastSubscription, _ closing: PastClosing, _ found: inout [InvoiceKey: Recomputed]
    ) throws(BillingError) -> Work? {
        guard let first = closing.periods.first else { return nil }
        if closing.run > books.lastRun {
            for period in closing.periods { found[key(period, past)] = .later }
            return nil
        }
        for period in closing.periods {
            guard let reason = books.obstacle(run: closing.run, catalog: period.catalog, engine: period.engine)
            else { continue }
            for period in closing.periods where isAskedFor(period, past) {
                found[key(period, past)] = .notReplayable(reason)
            }
            return nil
        }
        guard let run = books.runs[closing.run], let closer = catalogs(first.catalog, run) else { return nil }
        let terms = past.terms(in: closing.run)
        // One that was opened for late usage alone begins after the end.
        var unended = terms
        unended.ends = nil
        guard var open = try closer.catalog.openPeriod(of: unended, number: Int(first.number)) else { return nil }
        open.countsFrom = min(
            open.countsFrom, try closer.closer.historyStart(of: terms, on: first.lateFrom ?? open.period.start))
        return Work(past, closing, closer, terms, open: open, asOf: run.asOf)
    }

    private func catalogs(_ catalog: Int32, _ run: ReplayBooks.Run) -> PastCatalogs? {
        let rating = ReplayBooks.Rating(catalog: catalog, known: run.catalogs)
        if let known = closers[rating] { return known }
        guard let current = books.catalogs[catalog] else { return nil }
        let made = PastCatalogs(current, known: run.catalogs.compactMap { books.catalogs[$0] })
        closers[rating] = made
        return made
    }

    /// What was ever known of the running meters, by subscription.
    private func readUsage(_ batch: Bounds, _ works: [Work]) throws -> [Int64: PastUsage] {
        var (first, last) = (CivilDate.latest, CivilDate.earliest)
        for work in works {
            first = min(first, work.from)
            if let end = work.closing.periods.last?.days.end { last = max(last, end) }
        }
        guard let days = DateRange(start: first, end: last) else { return [:] }
        let own = try PastUsage.cuts(connection, batch)
        var usage: [Int64: PastUsage] = [:]
        usage.reserveCapacity(works.count)
        for work in works where usage.index(forKey: work.past.subscriptionID) == nil {
            let cuts = own[work.past.subscriptionID].map { books.cuts + $0 } ?? books.cuts
            usage[work.past.subscriptionID] = PastUsage(
                try work.closer.catalog.slicing(of: work.terms, cuts: cuts))
        }
        try PastUsage.read(connection, batch, days, into: &usage)
        return usage
    }

    /// What the meters count that have one quantity for each billing period, as it was known at each watermark.
    private func readWindows(_ works: [Work]) throws -> PastWindows {
        var windows = PastWindows(connection, meters: books.windowMeters.all)
        guard !books.windowMeters.isEmpty else { return windows }
        for work in works {
            let meters = work.closer.windowMeters.ofPlans(work.terms.plans)
            // They could be told when it was closed.
            guard !meters.isEmpty, let last = work.closing.periods.last,
                let periods = try? work.closer.meteredPeriods(
                    of: work.terms, meters: meters, from: work.from, until: last.days.end)
            else { continue }
            windows.ask(
                PastWindows.Request(
                    customerID: work.past.customerID, subscriptionID: work.past.subscriptionID,
                    watermark: last.watermark), meters: meters, periods: periods)
        }
        try windows.read()
        return windows
    }

    private func replay(
        _ work: Work, _ usage: PastUsage?, _ windows: PastWindows, _ found: inout [InvoiceKey: Recomputed]
    ) throws {
        let (past, closing) = (work.past, work.closing)
        guard let first = closing.periods.first, let last = closing.periods.last else { return }
        var totals = usage?.totals(from: work.from, to: last.days.end, at: first.watermark) ?? []
        totals += try windows.totals(
            PastWindows.Request(
                customerID: past.customerID, subscriptionID: past.subscriptionID, watermark: last.watermark))
        var history: ClosedHistory?
        if first.lateFrom != nil {
            history = try HistoryReader(connection).read(
                customerID: past.customerID, subscriptionID: past.subscriptionID, from: work.from,
                before: first.days.end)
        }
        var outcome = CloseOutcome()
        try work.closer.closer.close(
            work.terms, open: work.open, asOf: work.asOf, totals: totals, history: history,
            manual: past.manualLines(in: closing), into: &outcome)
        for (index, period) in closing.periods.enumerated() where isAskedFor(period, past) {
            guard index < outcome.periods.count else {
                found[key(period, past)] = .failed(
                    "the subscription has no such period: it ends on \(work.terms.ends?.description ?? "no day")")
                continue
            }
            let closed = outcome.periods[index]
            found[key(period, past)] = .invoice(
                recomputed(
                    of: past, closed.period, lines: outcome.lines[closed.lines], total: closed.total))
        }
    }

    /// The invoice of a change at once.
    private func replay(
        _ change: PastSubscription.Change, of past: PastSubscription, _ closings: [PastClosing],
        _ found: inout [InvoiceKey: Recomputed]
    ) {
        let key = InvoiceKey(subscriptionID: past.subscriptionID, day: change.row.day, kind: .change)
        guard let invoice = change.invoice, let number = change.settledRun, books.scope.contains(key) else { return }
        if number > books.lastRun {
            found[key] = .later
            return
        }
        if let reason = books.obstacle(run: number, catalog: invoice.catalog, engine: invoice.engine) {
            found[key] = .notReplayable(reason)
            return
        }
        let terms = past.terms(in: number)
        guard let run = books.runs[number], let catalogs = catalogs(invoice.catalog, run),
            let asked = terms.changes.last(where: { $0.day == change.row.day })
        else {
            found[key] = .failed("no change of plan is known on \(change.row.day)")
            return
        }
        do {
            let since = try catalogs.closer.chargedSince(asked, of: terms)
            let settled = try catalogs.closer.settle(
                asked, of: terms, chargedBy: past.catalog(charging: since, before: number, closings))
            found[key] = .invoice(
                recomputed(
                    of: past, .empty(at: change.row.day), lines: settled.lines[...], total: settled.total))
        } catch {
            found[key] = .failed("\(error)")
        }
    }

    private func recomputed(
        of past: PastSubscription, _ period: DateRange, lines: ArraySlice<InvoiceLine>, total: Int64
    ) -> BareInvoice {
        BareInvoice(
            period: period, currency: past.currency, total: total, lineCount: lines.count,
            lines: lines.enumerated().map { BareInvoice.Line(number: $0 + 1, line: $1) })
    }
}
