package import Billing
package import Postgres
import SQL

/// What a close needs to know before its workers start.
package struct CloseStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Which subscriptions are due, as a whole.
    package struct Due: Sendable {
        package let subscriptions: Int64
        package let customers: ClosedRange<Int64>
        /// The earliest end of a due period.
        package let firstEnd: CivilDate
        /// The earliest start of one.
        package let firstStart: CivilDate
    }

    /// Opens one more period for every subscription that was closed to its end and has seen late usage since, so that an
    /// invoice can hold the corrections.
    package func reopenEnded(_ catalog: RatingCatalog) throws {
        let ended = try connection.query(
            Query(.listEndedLate), as: Int64.self, Int64.self, Int32.self, CivilDate.self, CivilDate.self,
            CivilDate.self,
            Int32.self)
        guard !ended.isEmpty else { return }
        let periods = try ended.map { row in
            try Self.reopened(
                Subscription(plan: row.2, anchor: row.3, starts: row.5, signedUp: row.4, paysEvery: .month, ends: nil),
                behind: row.6, catalog)
        }
        _ = try connection.execute(
            Query(
                .reopenPeriods, ended.map(\.0), ended.map(\.1), periods.map(\.number),
                periods.map { PGDate($0.period.start) }, periods.map { PGDate($0.period.end) },
                periods.map { PGDate($0.countsFrom) }))
    }

    /// The period that is opened for late usage behind the last one of a subscription.
    ///
    /// - Parameters:
    ///   - plan: what it holds, and since when.
    ///   - number: that of the last period.
    package static func reopened(
        _ plan: Subscription, behind number: Int32, _ catalog: RatingCatalog
    ) throws -> OpenPeriod {
        // Without its end, for this period begins after it.
        let terms = Subscription(
            plan: plan.plan, anchor: plan.anchor, starts: plan.starts, signedUp: plan.signedUp, paysEvery: .month,
            ends: nil)
        guard let next = try catalog.openPeriod(of: terms, number: Int(number) + 1) else {
            throw StoreError.inconsistent("a subscription without an end has no next period")
        }
        return next
    }

    /// Nil when nothing is due on that date.
    package func due(asOf: CivilDate) throws -> Due? {
        guard
            let (count, first, last, end, start) = try connection.first(
                Query(.countDue, asOf), as: Int64.self, Int64?.self, Int64?.self, CivilDate?.self, CivilDate?.self),
            let first, let last, let end, let start
        else { return nil }
        return Due(subscriptions: count, customers: first...last, firstEnd: end, firstStart: start)
    }

    /// The last pull that this close can see.
    package func watermark() throws -> Int64 {
        try connection.first(Query(.readWatermark), as: Int64.self) ?? 0
    }

    package func holds() throws -> Int64 {
        try connection.first(Query(.countHolds), as: Int64.self) ?? 0
    }

    /// Whether people have added lines that this close may have to take.
    package func hasManualLines(_ due: Due, asOf: CivilDate) throws -> Bool {
        try connection.first(Query(.findPendingLines, asOf, due.firstStart), as: Bool.self) ?? false
    }

    /// Makes room for what the close will write, before any worker starts: adding a partition locks its table.
    package func prepare(_ due: Due, asOf: CivilDate) throws {
        guard let after = asOf.adding(days: 1) else { return }
        for table in ["billing_period", "invoice", "invoice_line"] {
            _ = try connection.query(Query(.ensureMonths, table, due.firstEnd, after), as: Int32.self)
        }
        _ = try connection.execute(Query(.noteDraftMonths, due.firstEnd, after))
    }
}

/// What batches have done; they add up.
package struct CloseTally: Hashable, Sendable {
    package var subscriptions: Int64 = 0
    package var invoices: Int64 = 0
    package var lines: Int64 = 0
    package var corrections: Int64 = 0
    package var held: Int64 = 0
    /// Invoices that were written and wait for a person.
    package var invoicesHeld: Int64 = 0
    /// Invoices that were written although a source had not delivered all days of their periods.
    package var flagged: Int64 = 0
    /// The invoices by currency, in no order.
    package var sums: [Sum] = []

    /// The invoices in one currency.
    package struct Sum: Hashable, Sendable {
        /// Of ISO 4217.
        package var currency: String
        package var invoices: Int64 = 0
        /// Minor units; wider than any one invoice.
        package var total: Int128 = 0
        /// The invoices by the month in which their period ended, in no order: a few, however many subscriptions there
        /// are.
        package var months: [RunSummary.Month] = []

        fileprivate mutating func add(_ month: RunSummary.Month) {
            invoices += month.invoices
            total += month.total
            if let index = months.lastIndex(where: { $0.month == month.month }) {
                months[index].invoices += month.invoices
                months[index].total += month.total
            } else {
                months.append(month)
            }
        }
    }

    package init() {}

    package static func += (left: inout CloseTally, right: CloseTally) {
        left.subscriptions += right.subscriptions
        left.invoices += right.invoices
        left.lines += right.lines
        left.corrections += right.corrections
        left.held += right.held
        left.invoicesHeld += right.invoicesHeld
        left.flagged += right.flagged
        for sum in right.sums {
            let index = left.index(of: sum.currency)
            for month in sum.months { left.sums[index].add(month) }
        }
    }

    /// - Parameter total: of an invoice, in minor units.
    mutating func add(_ total: Int64, dated day: CivilDate, in currency: String) {
        invoices += 1
        sums[index(of: currency)].add(RunSummary.Month(month: day.startOfMonth, invoices: 1, total: Int128(total)))
    }

    private mutating func index(of currency: String) -> Int {
        if let index = sums.firstIndex(where: { $0.currency == currency }) { return index }
        sums.append(Sum(currency: currency))
        return sums.count - 1
    }
}

/// A subscription whose open period is due, as it was read.
package struct DueSubscription: Sendable {
    package var customerID: Int64
    package var subscriptionID: Int64
    package var terms: Subscription
    /// The ISO 4217 code of its invoices.
    package var currency: String
    package var open: OpenPeriod
    /// The first slice of closed periods that has seen late usage; nil when there is none.
    package var lateFrom: CivilDate?
    /// Whether the quantities of all its due periods have been totalled.
    package var isMetered: Bool
    /// Whether the last of its changes of plan has been announced and not taken effect.
    package var hasPendingChange: Bool
    /// Whether one of its changes fell into the midst of a paid period.
    package var isDivided: Bool
    /// Whether that one could not be invoiced.
    package var isUnsettled: Bool
    /// What people have added and no invoice has taken, in order.
    package var manual: [ManualLine] = []
}
