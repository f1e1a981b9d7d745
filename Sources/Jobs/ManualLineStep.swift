import Billing
import Postgres
import Store

/// Lines that a person adds to the next invoice of a subscription, or takes back before it is written.
struct ManualLineStep {
    let connection: Connection
    let runID: Int64
    let catalog: Catalog
    let asOf: CivilDate

    private var store: ManualLineStore { ManualLineStore(connection) }

    /// - Throws: `ManualLineRefusal`, `StoreError.unknownSubscription`.
    func add(_ request: ManualLineRequest, to key: String) throws -> ManualLineRecord {
        let subscription = try LookStore(connection).subscription(key)
        let currency = try subscription.terms.currency.map { code in
            guard let currency = Currency(code: code) else { throw StoreError.inconsistent("'\(code)' is no currency") }
            return currency
        }
        let line = try request.admitted(
            of: key, in: currency ?? catalog.currency, open: subscription.open, tax: catalog.tax, asOf: asOf)
        return try connection.transaction {
            try store.line(store.add(line, to: subscription, runID: runID), of: key)
        }
    }

    /// - Throws: `ManualLineRefusal`, `StoreError.unknownSubscription`.
    func withdraw(_ number: Int32, of key: String, reason: String, author: String) throws -> ManualLineRecord {
        let subscription = try LookStore(connection).subscription(key)
        switch try store.line(number, of: key).state {
        case .pending: break
        case .billed(let day): throw ManualLineRefusal.billed(number, invoice: "\(key)/\(day)")
        case .withdrawn(let withdrawal):
            throw ManualLineRefusal.withdrawnAlready(number, subscription: key, on: withdrawal.date)
        }
        return try connection.transaction {
            try store.withdraw(
                number, of: subscription,
                ManualLineRecord.Withdrawal(date: asOf, reason: reason, author: author), runID: runID)
            return try store.line(number, of: key)
        }
    }
}
