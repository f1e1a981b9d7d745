import Billing
import Postgres
import SQL

/// Customers' credits as a transaction moves them: read once, kept in memory, and written with `write`.
struct CreditBooks {
    private struct Key: Hashable {
        let customerID: Int64
        let currency: String
    }

    /// The invoice that moves it.
    struct Cause {
        var customerID: Int64
        var subscriptionID: Int64
        var date: CivilDate
        var kind: String
        /// Which of its issues.
        var issue: Int16
        /// Which of its credit notes; nil where none does.
        var note: Int32?

        init(customerID: Int64, subscriptionID: Int64, date: CivilDate, kind: String, issue: Int16) {
            self.customerID = customerID
            self.subscriptionID = subscriptionID
            self.date = date
            self.kind = kind
            self.issue = issue
        }

        init(_ named: FinalizeStore.Named, note: Int32? = nil) {
            self.init(
                customerID: named.customerID, subscriptionID: named.subscriptionID, date: named.date, kind: named.kind,
                issue: named.issue)
            self.note = note
        }
    }

    private var balances: [Key: CreditBalance]
    private var entries:
        [(entry: CreditBalance.Entry, origin: CreditEntryRecord.Origin, currency: String, cause: Cause)] = []

    init(_ connection: Connection, customers: [Int64]) throws {
        let rows = try connection.query(
            Query(.readCreditBalances, customers), as: Int64.self, String.self, Int32.self, Int64.self)
        balances = Dictionary(
            rows.map { (Key(customerID: $0.0, currency: $0.1), CreditBalance(entries: $0.2, amount: $0.3)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// An invoice that is finalized.
    ///
    /// - Returns: what of the credit pays for it, in minor units; below zero what it asks for on top.
    /// - Throws: `BillingError.creditOverflow`.
    mutating func settle(gross: Int64, _ currency: String, _ cause: Cause) throws(BillingError) -> Int64 {
        let key = Key(customerID: cause.customerID, currency: currency)
        var balance = balances[key] ?? CreditBalance()
        guard let entry = try balance.settle(gross: gross) else { return 0 }
        balances[key] = balance
        entries.append((entry, gross < 0 ? .creditInvoice : .used, currency, cause))
        // The entry of a balance cannot be the least number of 64 bits: it was added up from zero.
        return gross < 0 ? 0 : -entry.amount
    }

    /// - Parameter amount: minor units; negative for what is taken away.
    /// - Throws: `BillingError.creditOverflow`.
    mutating func move(
        _ amount: Int64, _ currency: String, _ origin: CreditEntryRecord.Origin, _ cause: Cause
    ) throws(BillingError) {
        let key = Key(customerID: cause.customerID, currency: currency)
        var balance = balances[key] ?? CreditBalance()
        guard let entry = try balance.move(amount) else { return }
        balances[key] = balance
        entries.append((entry, origin, currency, cause))
    }

    func write(_ connection: Connection, on day: CivilDate, runID: Int64) throws {
        guard !entries.isEmpty else { return }
        let causes = entries.map(\.cause)
        let written = try connection.execute(
            Query(
                .insertCreditEntries, causes.map(\.customerID), entries.map(\.currency), entries.map(\.entry.number),
                entries.map(\.entry.amount), entries.map(\.entry.balance), entries.map(\.origin.rawValue),
                causes.map(\.subscriptionID), causes.map { PGDate($0.date) }, causes.map(\.kind),
                causes.map { $0.note ?? 0 }, day, runID, causes.map(\.issue)))
        guard written == entries.count else {
            throw StoreError.changedUnderneath(
                statement: Statement.insertCreditEntries.name, expected: entries.count, found: written)
        }
    }
}
