package import Billing
package import Postgres
import SQL

/// Rates what a worker's share of the subscriptions were billed for again with another catalog, batch after batch.
///
/// A batch is one snapshot, as that of a replay, and reads what a replay reads. Plans, terms and the readings stay what they
/// were, and the prices alone are others:
///
/// - each period is rated on the plans and terms that its close knew;
/// - usage is what the subscription's last close knew of it. What that corrected stands beside the invoice that it
///   corrects, so the catalog that billed everything comes to exactly what was billed; what has come since has not been
///   billed by anybody yet, and has no say;
/// - an invoice that was taken back as a whole is left out.
package final class WhatIfBatch {
    private let connection: Connection
    private let shared: WhatIfBooks
    private let size: Int

    private var books: ReplayBooks { shared.books }

    /// - Parameter size: subscriptions a batch.
    package init(_ connection: Connection, _ books: WhatIfBooks, size: Int) {
        self.connection = connection
        shared = books
        self.size = size
    }

    /// Rates the next batch behind `place`, up to a customer, and hands over every subscription of it that has an invoice
    /// which is asked for, in order.
    ///
    /// - Returns: where to go on and how many subscriptions were looked at, or nil when none was left.
    package func rate(
        after place: CloseBatch.Place, upTo lastCustomer: Int64, _ body: (WhatIfSubscription) throws -> Void
    ) throws -> (place: CloseBatch.Place, subscriptions: Int64)? {
        try connection.transaction(.repeatableRead, readOnly: true) {
            guard
                let (count, first, last) = try connection.first(
                    Query(
                        .boundReplay, place.customer, place.subscription, lastCustomer, Int64(size), nil as Int64?),
                    as: Int64.self, Int64?.self, [Int64]?.self),
                let first, let last, last.count == 2
            else { return nil }
            let batch = ReplayBatch.Bounds(
                after: place, first: first, last: CloseBatch.Place(customer: last[0], subscription: last[1]))
            let subscriptions = try PastSubscription.read(connection, after: batch.after, upTo: batch.last)
            let closings = try PastClosing.read(connection, after: batch.after, upTo: batch.last)
            // What a later run has written is left to the next what-if.
            let later = closings.flatMap { subscription, closings in
                closings.filter { $0.run > books.lastRun }.flatMap(\.periods).map {
                    InvoiceKey(subscriptionID: subscription, day: $0.days.end, kind: .period)
                }
            }
            let billed = try readBilled(batch, of: closings, without: later)
            var works: [Int64: [Work]] = [:]
            var rated: [InvoiceKey: Rated] = [:]
            for past in subscriptions {
                let known = (closings[past.subscriptionID] ?? []).filter { $0.run <= books.lastRun }
                let watermark = known.flatMap(\.periods).map(\.watermark).max() ?? 0
                works[past.subscriptionID] = known.compactMap { work(past, $0, watermark, billed, &rated) }
                for change in past.changes { settle(change, of: past, billed, &rated) }
            }
            try rate(batch, subscriptions, works, &rated)
            try hand(subscriptions, billed, rated, body)
            return (batch.last, count)
        }
    }

    // MARK: What was billed

    /// The invoices that are asked for, and what they were billed with what later ones corrected of them, in minor units.
    private func readBilled(
        _ batch: ReplayBatch.Bounds, of closings: [Int64: [PastClosing]], without later: [InvoiceKey]
    ) throws -> [InvoiceKey: Int64] {
        let voided = try connection.query(
            Query(
                .listVoidedInvoices, batch.after.customer, batch.after.subscription, batch.last.customer,
                batch.last.subscription), as: Int64.self, CivilDate.self, String.self)
        let gone = Set(
            voided.compactMap { row in
                InvoiceDocument.Kind(rawValue: row.2).map {
                    InvoiceKey(subscriptionID: row.0, day: row.1, kind: $0)
                }
            }
        ).union(later)
        var billed: [InvoiceKey: Int64] = [:]
        func add(_ amount: Int64, to key: InvoiceKey) throws {
            let (sum, overflow) = billed[key, default: 0].addingReportingOverflow(amount)
            guard !overflow else { throw BillingError.amountOverflow(price: "invoice total") }
            billed[key] = sum
        }
        try BareInvoice.read(connection, batch, dated: (books.scope.firstDay, .latest), of: closings) { key, invoice in
            guard !gone.contains(key) else { return }
            if books.scope.contains(key) { try add(0, to: key) }
            // What a person added follows from no catalog.
            for line in invoice.lines.map(\.line) where line.kind != .manual {
                // Only invoices of periods are corrected.
                let place = line.corrects.map {
                    InvoiceKey(subscriptionID: key.subscriptionID, day: $0.periodEnd, kind: .period)
                }
                // A correction comes behind what it corrects, so what is not here is not asked for.
                if billed[place ?? key] != nil { try add(line.amount, to: place ?? key) }
            }
        }
        return billed
    }

    // MARK: What it would have been

    /// An invoice as the other catalog makes it.
    private struct Rated {
        let plan: String
        let outcome: WhatIfSubscription.Outcome
    }

    /// A close of one subscription, and what it takes to do it with the other catalog.
    private struct Work {
        let closing: PastClosing
        let terms: Subscription
        var open: OpenPeriod
        /// Where the earliest allowance period begins that it has to look at.
        let from: CivilDate
        let end: CivilDate
        /// The last pull that the subscription's last close could see.
        let watermark: Int64
    }

    private func key(_ period: PastClosing.Period, _ past: PastSubscription) -> InvoiceKey {
        InvoiceKey(subscriptionID: past.subscriptionID, day: period.days.end, kind: .period)
    }

    /// The plan that was held last in a period.
    private func plan(_ period: DateRange, _ terms: Subscription) -> String {
        let day = period.isEmpty ? period.end : period.end.adding(days: -1) ?? period.end
        return shared.key(terms.held(on: day).plan)
    }

    /// Nil where nothing is asked for, or the close cannot be done with the other catalog, which is then found.
    private func work(
        _ past: PastSubscription, _ closing: PastClosing, _ watermark: Int64, _ billed: [InvoiceKey: Int64],
        _ rated: inout [InvoiceKey: Rated]
    ) -> Work? {
        guard closing.periods.contains(where: { billed[key($0, past)] != nil }), let first = closing.periods.first,
            let last = closing.periods.last
        else { return nil }
        let terms = past.terms(in: closing.run)
        var plans = DateRange(start: first.days.start, end: last.days.end).map(terms.stints)?.map(\.held.plan) ?? []
        if !terms.hasEnded(by: last.days.end) { plans.append(terms.held(on: last.days.end).plan) }
        if let obstacle = shared.obstacle(plans, in: past.currency, billedWith: first.catalog) {
            fail(closing, past, terms, obstacle, &rated)
            return nil
        }
        do throws(BillingError) {
            // One that was opened for late usage alone begins after the end.
            var unended = terms
            unended.ends = nil
            guard var open = try shared.tried.catalog.openPeriod(of: unended, number: Int(first.number)) else {
                return nil
            }
            let from = min(
                open.countsFrom, try shared.tried.closer.historyStart(of: terms, on: open.period.start))
            open.countsFrom = from
            return Work(
                closing: closing, terms: terms, open: open, from: from, end: last.days.end, watermark: watermark)
        } catch {
            fail(closing, past, terms, shared.obstacle(error), &rated)
            return nil
        }
    }

    private func fail(
        _ closing: PastClosing, _ past: PastSubscription, _ terms: Subscription,
        _ obstacle: WhatIfSubscription.Obstacle,
        _ rated: inout [InvoiceKey: Rated]
    ) {
        for period in closing.periods {
            rated[key(period, past)] = Rated(plan: plan(period.days, terms), outcome: .notComparable(obstacle))
        }
    }

    private func rate(
        _ batch: ReplayBatch.Bounds, _ subscriptions: [PastSubscription], _ works: [Int64: [Work]],
        _ rated: inout [InvoiceKey: Rated]
    ) throws {
        let all = works.values.joined()
        guard let first = all.map(\.from).min(), let end = all.map(\.end).max() else { return }
        let own = try PastUsage.cuts(connection, batch)
        let cuts = Set(books.cuts).union(shared.tried.catalog.catalog.cuts)
        var usage: [Int64: PastUsage] = [:]
        var windows = PastWindows(connection, meters: shared.tried.windowMeters.all)
        var requests: [Int64: PastWindows.Request] = [:]
        for past in subscriptions {
            guard let works = works[past.subscriptionID], let last = works.last else { continue }
            usage[past.subscriptionID] = PastUsage(
                try shared.tried.catalog.slicing(
                    of: last.terms, cuts: cuts.union(own[past.subscriptionID] ?? []).sorted()))
            let request = PastWindows.Request(
                customerID: past.customerID, subscriptionID: past.subscriptionID,
                watermark: last.watermark)
            requests[past.subscriptionID] = request
            for work in works {
                let meters = shared.tried.windowMeters.ofPlans(work.terms.plans)
                guard !meters.isEmpty,
                    let periods = try? shared.tried.meteredPeriods(
                        of: work.terms, meters: meters, from: work.from, until: work.end)
                else { continue }
                windows.ask(request, meters: meters, periods: periods)
            }
        }
        if let days = DateRange(start: first, end: end) {
            try PastUsage.read(connection, batch, days, into: &usage)
        }
        if !shared.tried.windowMeters.isEmpty { try windows.read() }
        for past in subscriptions {
            guard let works = works[past.subscriptionID], let request = requests[past.subscriptionID] else { continue }
            let windowed = try windows.totals(request)
            for work in works {
                var totals =
                    usage[past.subscriptionID]?.totals(from: work.from, to: work.end, at: request.watermark) ?? []
                totals += windowed.filter { work.from <= $0.start && $0.start < work.end }
                rate(work, of: past, totals, &rated)
            }
        }
    }

    private func rate(
        _ work: Work, of past: PastSubscription, _ totals: [SliceTotal], _ rated: inout [InvoiceKey: Rated]
    ) {
        var outcome = CloseOutcome()
        do throws(BillingError) {
            try shared.tried.closer.close(
                work.terms, open: work.open, asOf: work.end, totals: totals, into: &outcome)
        } catch {
            return fail(work.closing, past, work.terms, shared.obstacle(error), &rated)
        }
        for (index, period) in work.closing.periods.enumerated() {
            var amount = WhatIfSubscription.Outcome.notComparable(.periodMissing)
            if index < outcome.periods.count, outcome.periods[index].period == period.days {
                amount = .amount(outcome.periods[index].total)
            }
            rated[key(period, past)] = Rated(plan: plan(period.days, work.terms), outcome: amount)
        }
    }

    /// The invoice of a change at once. What is given back is what the other catalog would have charged.
    private func settle(
        _ change: PastSubscription.Change, of past: PastSubscription, _ billed: [InvoiceKey: Int64],
        _ rated: inout [InvoiceKey: Rated]
    ) {
        let key = InvoiceKey(subscriptionID: past.subscriptionID, day: change.row.day, kind: .change)
        guard let invoice = change.invoice, let run = change.settledRun, run <= books.lastRun, billed[key] != nil
        else { return }
        func found(_ outcome: WhatIfSubscription.Outcome) {
            rated[key] = Rated(plan: shared.key(change.row.plan), outcome: outcome)
        }
        let plans = [change.row.wasPlan, change.row.plan]
        if let obstacle = shared.obstacle(plans, in: past.currency, billedWith: invoice.catalog) {
            return found(.notComparable(obstacle))
        }
        let terms = past.terms(in: run)
        guard let asked = terms.changes.last(where: { $0.day == change.row.day }) else { return }
        do throws(BillingError) {
            found(.amount(try shared.tried.closer.settle(asked, of: terms).total))
        } catch {
            found(.notComparable(shared.obstacle(error)))
        }
    }

    private func hand(
        _ subscriptions: [PastSubscription], _ billed: [InvoiceKey: Int64], _ rated: [InvoiceKey: Rated],
        _ body: (WhatIfSubscription) throws -> Void
    ) throws {
        var bySubscription: [Int64: [(key: InvoiceKey, invoice: WhatIfSubscription.Invoice)]] = [:]
        for (key, amount) in billed {
            guard let rated = rated[key], shared.plan.map({ $0 == rated.plan }) ?? true else { continue }
            bySubscription[key.subscriptionID, default: []].append(
                (
                    key,
                    WhatIfSubscription.Invoice(
                        date: key.day, plan: rated.plan, billed: amount, wouldBe: rated.outcome)
                ))
        }
        for past in subscriptions {
            guard let invoices = bySubscription[past.subscriptionID] else { continue }
            guard let currency = Currency(code: past.currency) else {
                throw StoreError.inconsistent("'\(past.currency)' is no currency")
            }
            let ordered = invoices.sorted {
                ($0.key.day, $0.key.kind.rawValue) < ($1.key.day, $1.key.kind.rawValue)
            }
            try body(
                WhatIfSubscription(
                    key: past.key, customer: past.customer, customerName: past.customerName, currency: currency,
                    invoices: ordered.map(\.invoice)))
        }
    }
}
