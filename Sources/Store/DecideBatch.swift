package import Billing
package import Postgres
import SQL

/// Decides on the plans of a worker's share of the subscriptions, batch after batch.
///
/// A batch is one transaction. What changes nothing is found and kept by the server, as blocks of decisions: see
/// `QuietTerms`. Everybody else is read with the totals of his window as a binary COPY, and decided on by the rule; these
/// decisions are written as another, with the changes that follow. Who has a decision this month is not looked at again, so
/// a rerun writes nothing and a killed run goes on where it was.
package final class DecideBatch {
    /// What all batches of a run and rule have in common.
    package struct Terms: Sendable {
        package var asOf: CivilDate
        package var runID: Int64
        package var watermark: Int64
        package var catalog: RatingCatalog
        package var rule: RatingDecision
        /// The days in which the windows of all subscriptions lie.
        package var reach: DateRange
        /// The first day of which anything is known; nil when nothing is.
        package var countedSince: CivilDate?
        /// Who stays where he is; nil where everybody has to be looked at one by one.
        package var quiet: QuietTerms?
        package var notices: ChangeNotices
        /// Subscriptions a transaction.
        package var size: Int

        package init(
            asOf: CivilDate, runID: Int64, watermark: Int64, catalog: RatingCatalog, rule: RatingDecision,
            reach: DateRange, countedSince: CivilDate?, quiet: QuietTerms?, notices: ChangeNotices, size: Int
        ) {
            self.asOf = asOf
            self.runID = runID
            self.watermark = watermark
            self.catalog = catalog
            self.rule = rule
            self.reach = reach
            self.countedSince = countedSince
            self.quiet = quiet
            self.notices = notices
            self.size = size
        }

        /// The first of the month of the decision.
        package var month: CivilDate { asOf.startOfMonth }
    }

    /// What batches have done; they add up.
    package struct Tally: Hashable, Sendable {
        package var decided: Int64 = 0
        package var up: Int64 = 0
        package var down: Int64 = 0
        /// Subscriptions that could not be decided on.
        package var failed: Int64 = 0

        package init() {}

        package static func += (left: inout Tally, right: Tally) {
            left.decided += right.decided
            left.up += right.up
            left.down += right.down
            left.failed += right.failed
        }
    }

    private let connection: Connection
    private let terms: Terms
    /// The last customer of a range of which the batch before found fewer than it would have taken.
    private var emptied: Int64?

    package init(_ connection: Connection, terms: Terms) {
        self.connection = connection
        self.terms = terms
    }

    private struct Candidate {
        var customerID: Int64
        var subscriptionID: Int64
        var subscription: Subscription
        var lastChange: CivilDate?
        var isPending: Bool
        /// When its first account was linked; nil without any.
        var linkedSince: CivilDate?
        var totals: [(start: CivilDate, quantity: Int64)]
        /// False where a sum passes 64 bits.
        var isCountable = true
    }

    /// What a batch has come to.
    private struct Output {
        var tally = Tally()
        var decisions = CopyBuffer()
        var announced: [Announced] = []
    }

    /// A change that a decision makes.
    private struct Announced {
        var customerID: Int64
        var subscriptionID: Int64
        var anchor: CivilDate
        var takesEffect: CivilDate
        var was: Int32
        var plan: Int32
        var made: MadeDecision
    }

    /// Subscriptions to be looked at one by one.
    private struct Keys {
        var customers: [Int64] = []
        var subscriptions: [Int64] = []

        /// Whether most customers between the first and the last are among them: then, as in the close, walking the indexes
        /// side by side beats looking each one up.
        var isDense: Bool {
            guard let first = customers.min(), let last = customers.max() else { return false }
            return Int64(customers.count) > (last - first) / 4
        }
    }

    /// Decides on the next batch behind `place`, up to a customer; nil when nobody is left.
    package func decide(
        after place: CloseBatch.Place, upTo lastCustomer: Int64
    ) throws -> (tally: Tally, place: CloseBatch.Place)? {
        guard emptied != lastCustomer else { return nil }
        return try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            var output = Output()
            let next =
                if let quiet = terms.quiet {
                    try keep(quiet, after: place, upTo: lastCustomer, &output.tally)
                } else {
                    try undecided(after: place, upTo: lastCustomer)
                }
            guard let (end, keys) = next else { return nil }
            // What no pull keeps a running total of is counted behind the stream, for all of them together.
            var uncounted: [Candidate] = []
            if keys.isDense { _ = try connection.execute(Query(.preferMergeJoins)) }
            try read(keys) { candidate in
                if terms.rule.counted.isEmpty { decide(candidate, &output) } else { uncounted.append(candidate) }
            }
            if keys.isDense { _ = try connection.execute(Query(.allowNestedLoops)) }
            for candidate in try counted(uncounted) { decide(candidate, &output) }
            try write(output)
            return (output.tally, end)
        }
    }

    /// The next subscriptions without a decision, all of which are looked at one by one.
    private func undecided(
        after place: CloseBatch.Place, upTo lastCustomer: Int64
    ) throws -> (end: CloseBatch.Place, keys: Keys)? {
        let row = try connection.first(
            Query(
                .boundDecisions, terms.asOf, place.customer, place.subscription, lastCustomer, Int64(terms.size),
                terms.rule.plans, terms.month, terms.runID),
            as: Bool?.self, [Int64]?.self, [Int64]?.self)
        // As in the close: the lock on the books hangs on another session.
        guard row?.0 == true else { throw StoreError.claimLost }
        let keys = Keys(customers: row?.1 ?? [], subscriptions: row?.2 ?? [])
        guard let last = zip(keys.customers, keys.subscriptions).max(by: <) else { return nil }
        if keys.customers.count < terms.size { emptied = lastCustomer }
        return (CloseBatch.Place(customer: last.0, subscription: last.1), keys)
    }

    /// How many more subscriptions a transaction takes where most of them are neither read nor written one by one.
    private static let quietBatches: Int64 = 8

    /// Keeps the decisions on the next subscriptions that change nothing; the keys are those on which the rule has to be
    /// asked.
    private func keep(
        _ quiet: QuietTerms, after place: CloseBatch.Place, upTo lastCustomer: Int64, _ tally: inout Tally
    ) throws -> (end: CloseBatch.Place, keys: Keys)? {
        let size = Int64(terms.size) * Self.quietBatches
        _ = try connection.query(Query(.joinSideBySide), as: String.self, String.self, String.self)
        let judged = try connection.query(
            Query(
                .keepQuietDecisions, terms.asOf, place.customer, place.subscription, lastCustomer,
                size, terms.runID, terms.month, quiet.plans.map(\.plan),
                quiet.plans.map(\.range.least), quiet.plans.map(\.range.most), terms.rule.running,
                quiet.boundaries.map(PGDate.init), quiet.aggregate == .mean, quiet.aggregate == .eachMonth,
                quiet.knownBy, quiet.sumsBelow, terms.rule.rule.key, Decision.Reason.holds.rawValue, terms.catalog.id,
                terms.watermark, quiet.plans.map(\.range.held), Decision.Reason.highestPlan.rawValue),
            as: Bool.self, Bool.self, Int32?.self, Int64?.self, Int64?.self, [Int64]?.self, [Int64]?.self)
        _ = try connection.query(Query(.joinFreely), as: String.self, String.self, String.self)
        guard judged.first?.0 == true else { throw StoreError.claimLost }
        var keys = Keys()
        var end: CloseBatch.Place?
        if judged.reduce(0, { $0 + Int64($1.2 ?? 0) }) < size { emptied = lastCustomer }
        for (_, isQuiet, subscriptions, customer, subscription, customers, subscribed) in judged {
            guard let subscriptions, let customer, let subscription else { continue }
            if isQuiet { tally.decided += Int64(subscriptions) }
            if end.map({ ($0.customer, $0.subscription) < (customer, subscription) }) ?? true {
                end = CloseBatch.Place(customer: customer, subscription: subscription)
            }
            keys.customers += customers ?? []
            keys.subscriptions += subscribed ?? []
        }
        return end.map { ($0, keys) }
    }

    /// Hands each subscription over as its rows arrive.
    private func read(_ keys: Keys, _ body: (Candidate) -> Void) throws {
        guard let first = keys.customers.min(), let last = keys.customers.max() else { return }
        var cadence = CadenceReader()
        let query = Query(
            keys.isDense ? .readUndecided : .lookUpUndecided,
            literals: [
                "customers": .keys(keys.customers), "subscriptions": .keys(keys.subscriptions),
                "first_customer": .number(first), "last_customer": .number(last),
                "meters": .numbers(terms.rule.running), "window_starts": .day(terms.reach.start),
                "window_ends": .day(terms.reach.end),
            ])
        try connection.copyOut(query) { row in
            var subscription = Subscription(
                plan: try row.int32(2), anchor: try row.day(3), starts: try row.day(4), signedUp: try row.day(5),
                paysEvery: try cadence.read(row.text(7)), currency: try row.text(8),
                ends: row.isNull(6) ? nil : try row.day(6), contract: row.isNull(9) ? nil : try row.text(9))
            if !row.isNull(15) { subscription.paidFrom = try row.day(15) }
            body(
                Candidate(
                    customerID: try row.int64(0), subscriptionID: try row.int64(1), subscription: subscription,
                    lastChange: row.isNull(10) ? nil : try row.day(10), isPending: try row.bool(11),
                    linkedSince: row.isNull(12) ? nil : try row.day(12),
                    totals: row.isNull(13) ? [] : try totals(row.int64Array(13), row.int64Array(14))))
        }
    }

    /// - Parameter days: since 1970-01-01.
    private func totals(_ days: [Int64], _ quantities: [Int64]) throws -> [(start: CivilDate, quantity: Int64)] {
        try zip(days, quantities).map { day, quantity in
            guard let start = Int32(exactly: day).flatMap({ CivilDate(daysSince1970: $0) }) else {
                throw StoreError.inconsistent("a date outside the years 1 to 9999")
            }
            return (start, quantity)
        }
    }

    /// Adds the counts of the meters that no pull keeps a running total of.
    private func counted(_ candidates: [Candidate]) throws -> [Candidate] {
        guard !terms.rule.counted.isEmpty else { return candidates }
        let counts = try SpanReader(connection, meters: terms.rule.counted).read(
            candidates.map { candidate in
                // Whose boundaries leave the years 1 to 9999 is not decided on: see decide.
                let spans = try? terms.rule.spans(before: terms.asOf, anchor: candidate.subscription.anchor)
                return SpanReader.Request(candidate.customerID, candidate.subscriptionID, spans ?? [])
            })
        return zip(candidates, counts).map { candidate, counts in
            var candidate = candidate
            candidate.totals += counts ?? []
            candidate.isCountable = counts != nil
            return candidate
        }
    }

    /// Who cannot be decided on is counted, and does not keep the others from it.
    private func decide(_ candidate: Candidate, _ output: inout Output) {
        guard candidate.isCountable else {
            output.tally.failed += 1
            return
        }
        let made: MadeDecision?
        do throws(BillingError) {
            made = try terms.catalog.decide(
                terms.rule, for: candidate.subscription, on: terms.asOf, totals: candidate.totals,
                countedSince: candidate.linkedSince.flatMap { linked in
                    terms.countedSince.map { max(linked, $0) }
                }, lastChange: candidate.lastChange, isPending: candidate.isPending)
        } catch {
            output.tally.failed += 1
            return
        }
        guard let made else { return }
        output.tally.decided += 1
        let target = made.decision.target.flatMap { terms.rule.number(ofPlan: $0) }
        append(made, candidate, target, to: &output.decisions)
        guard let takesEffect = made.takesEffect, let target else { return }
        if made.decision.outcome == .up { output.tally.up += 1 } else { output.tally.down += 1 }
        output.announced.append(
            Announced(
                customerID: candidate.customerID, subscriptionID: candidate.subscriptionID,
                anchor: candidate.subscription.anchor, takesEffect: takesEffect, was: candidate.subscription.plan,
                plan: target, made: made))
    }

    private func append(
        _ made: MadeDecision, _ candidate: Candidate, _ target: Int32?, to decisions: inout CopyBuffer
    ) {
        decisions.row(fields: 16)
        decisions.int64(candidate.customerID)
        decisions.int64(candidate.subscriptionID)
        decisions.date(terms.month.daysSince1970)
        decisions.text(terms.rule.rule.key)
        decisions.date(terms.asOf.daysSince1970)
        decisions.int32(terms.catalog.id)
        decisions.int32(candidate.subscription.plan)
        decisions.text(made.decision.outcome.rawValue)
        decisions.text(made.decision.reason.rawValue)
        if let target { decisions.int32(target) } else { decisions.null() }
        decisions.date(made.windowStarts.daysSince1970)
        decisions.int64Array(made.counted)
        if let figure = made.decision.figure {
            decisions.int64(figure.sum)
            decisions.int16(Int16(clamping: figure.count))
        } else {
            decisions.null()
            decisions.null()
        }
        decisions.int64(terms.watermark)
        decisions.int64(terms.runID)
    }

    private func write(_ output: Output) throws {
        let (decisions, announced) = (output.decisions, output.announced)
        if !decisions.isEmpty {
            let written = try connection.copyIn(Query(.copyPlanDecision), decisions)
            guard written == decisions.rowCount else {
                throw StoreError.changedUnderneath(
                    statement: Statement.copyPlanDecision.name, expected: decisions.rowCount, found: written)
            }
        }
        guard !announced.isEmpty else { return }
        let (customers, subscriptions) = (announced.map(\.customerID), announced.map(\.subscriptionID))
        _ = try connection.execute(
            Query(
                .announceChanges, customers, subscriptions, announced.map { PGDate($0.takesEffect) },
                announced.map(\.was), announced.map(\.plan), terms.rule.rule.key, terms.month, terms.asOf,
                terms.runID))
        let parties = try ChangeNotices.parties(customers, subscriptions, on: connection)
        try terms.notices.announce(
            zip(announced, parties).compactMap { change($0, of: $1) }, on: connection)
    }

    /// What the customer is told, from what has just been written.
    private func change(
        _ announced: Announced, of party: (subscription: String, customerName: String)
    ) -> ChangeNotices.Change? {
        guard let wasPlan = terms.rule.key(ofPlan: announced.was), let plan = terms.rule.key(ofPlan: announced.plan)
        else { return nil }
        return ChangeNotices.Change(
            customerID: announced.customerID, subscriptionID: announced.subscriptionID,
            subscription: party.subscription, customerName: party.customerName, wasPlan: wasPlan, plan: plan,
            rule: terms.rule.rule.key, month: terms.month, takesEffect: announced.takesEffect,
            windowStarts: announced.made.windowStarts, counted: announced.made.counted,
            figure: announced.made.decision.figure, outcome: announced.made.decision.outcome,
            anchor: announced.anchor)
    }
}
