package import Billing
package import Postgres
import SQL

/// What people have added to invoices to come, and took back.
package struct ManualLineStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// What no invoice has taken, by subscription, in order.
    func pending(ofCustomers customers: ClosedRange<Int64>) throws -> [Int64: [ManualLine]] {
        try pending(customers, only: nil)
    }

    /// What no invoice of a subscription has taken, in order.
    package func pending(of subscription: LookStore.StoredSubscription) throws -> [ManualLine] {
        let customer = subscription.customerID
        return try pending(customer...customer, only: subscription.subscriptionID)[subscription.subscriptionID] ?? []
    }

    private func pending(_ customers: ClosedRange<Int64>, only: Int64?) throws -> [Int64: [ManualLine]] {
        var found: [Int64: [ManualLine]] = [:]
        let rows = try connection.query(
            Query(.readPendingLines, customers.lowerBound, customers.upperBound, only),
            as: Int64.self, Int32.self, Int64.self, String.self, String.self, CivilDate.self, CivilDate?.self,
            CivilDate?.self, String.self, String.self, CivilDate.self)
        for row in rows {
            found[row.0, default: []].append(
                Self.line(
                    number: row.1, amount: row.2, text: row.3, taxCategory: row.4, from: row.5, service: (row.6, row.7),
                    reason: row.8, author: row.9, addedOn: row.10))
        }
        return found
    }

    /// Which manual lines to list; nil is no restriction.
    package struct Filter: Sendable {
        package var subscription: String?
        package var number: Int32?
        package var isPending: Bool

        package init(subscription: String? = nil, number: Int32? = nil, isPending: Bool = false) {
            self.subscription = subscription
            self.number = number
            self.isPending = isPending
        }
    }

    /// By subscription and number.
    package func list(_ filter: Filter, limit: Int64) throws -> [ManualLineRecord] {
        try connection.query(
            Query(.listManualLines, filter.subscription, filter.number, filter.isPending, limit),
            as: String.self, String.self, Int32.self, Int64.self, String.self, String.self, CivilDate.self,
            CivilDate?.self, CivilDate?.self, String.self, String.self, CivilDate.self, CivilDate?.self,
            CivilDate?.self, String?.self, String?.self
        ).map { row in
            guard let currency = Currency(code: row.1) else {
                throw StoreError.inconsistent("'\(row.1)' is no currency")
            }
            var state = ManualLineRecord.State.pending
            if let day = row.12 {
                state = .billed(on: day)
            } else if let day = row.13, let reason = row.14, let author = row.15 {
                state = .withdrawn(ManualLineRecord.Withdrawal(date: day, reason: reason, author: author))
            }
            return ManualLineRecord(
                subscription: row.0, currency: currency,
                line: Self.line(
                    number: row.2, amount: row.3, text: row.4, taxCategory: row.5, from: row.6, service: (row.7, row.8),
                    reason: row.9, author: row.10, addedOn: row.11), state: state)
        }
    }

    /// - Throws: `ManualLineRefusal.unknownLine`.
    package func line(_ number: Int32, of subscription: String) throws -> ManualLineRecord {
        guard let found = try list(Filter(subscription: subscription, number: number), limit: 1).first else {
            throw ManualLineRefusal.unknownLine(number, subscription: subscription)
        }
        return found
    }

    /// - Parameter line: its number is given here.
    /// - Returns: the number.
    package func add(_ line: ManualLine, to subscription: LookStore.StoredSubscription, runID: Int64) throws -> Int32 {
        let number = try connection.first(
            Query(
                .insertManualLine, subscription.customerID, subscription.subscriptionID, line.amount, line.words.text,
                line.words.taxCategory, line.from, line.service?.start, line.service?.end, line.reason, line.author,
                line.addedOn, runID), as: Int32.self)
        guard let number else { throw StoreError.inconsistent("a manual line without a number") }
        return number
    }

    package func withdraw(
        _ number: Int32, of subscription: LookStore.StoredSubscription, _ withdrawal: ManualLineRecord.Withdrawal,
        runID: Int64
    ) throws {
        _ = try connection.execute(
            Query(
                .withdrawManualLine, subscription.customerID, subscription.subscriptionID, number, withdrawal.date,
                withdrawal.reason, withdrawal.author, runID))
    }

    static func line(
        number: Int32, amount: Int64, text: String, taxCategory: String, from: CivilDate,
        service: (start: CivilDate?, end: CivilDate?), reason: String, author: String, addedOn: CivilDate
    ) -> ManualLine {
        var days: DateRange?
        if let start = service.start, let end = service.end { days = DateRange(start: start, end: end) }
        return ManualLine(
            number: number, amount: amount, words: ManualLine.Words(text: text, taxCategory: taxCategory), from: from,
            service: days, reason: reason, author: author, addedOn: addedOn)
    }
}
