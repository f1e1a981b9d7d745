package import Billing
package import Postgres
import SQL

/// Customers, accounts, subscriptions and memberships: landed, judged as a whole, then written where they differ.
///
/// The rows of a pull are first collected in a temporary table. Only there can it be seen that two of them contradict each
/// other, whatever lies between them. What remains is applied in chunks, each a transaction; a row that says what is known
/// already is not written.
package final class ImportStore {
    private let pull: PullStore
    private var connection: Connection { pull.connection }
    private let kind: Kind
    private var buffer = CopyBuffer()
    private var place: Int64 = 0
    private var origins: [String] = []

    private static let landingBytes = 4 << 20
    private static let chunk: Int64 = 100_000

    package enum Kind: Sendable {
        case customers, accounts, subscriptions, memberships
    }

    /// Where a row came from.
    package struct Origin {
        package var file: String
        package var line: Int
        package var row: String

        package init(file: String, line: Int, row: String) {
            self.file = file
            self.line = line
            self.row = row
        }
    }

    /// A subscription as it is delivered, with the first period that Meterbook bills.
    package struct SubscriptionRow {
        package var key: String
        package var customer: String
        package var admission: RatingCatalog.Admission
        package var currency: String
        /// Nil where the source says nothing of it.
        package var timeZone: String?
        /// The first day that is counted in the zone; nil where it is the zone from the beginning on.
        package var timeZoneFrom: CivilDate?

        package init(
            key: String, customer: String, admission: RatingCatalog.Admission, currency: String, timeZone: String?,
            timeZoneFrom: CivilDate?
        ) {
            self.key = key
            self.customer = customer
            self.admission = admission
            self.currency = currency
            self.timeZone = timeZone
            self.timeZoneFrom = timeZoneFrom
        }
    }

    package init(_ pull: PullStore, _ kind: Kind) throws {
        self.pull = pull
        self.kind = kind
        _ = try pull.connection.execute(Query(kind.statements.clear))
    }

    /// The names of all time zones that the server knows.
    package static func timeZones(_ connection: Connection) throws -> Set<String> {
        Set(try connection.query(Query(.listTimeZones), as: String.self))
    }

    /// A customer or an account.
    package func land(key: String, name: String, _ origin: Origin) throws {
        begin(origin, fields: 6)
        buffer.text(key)
        buffer.text(name)
        try end()
    }

    package func land(_ row: SubscriptionRow, _ origin: Origin) throws {
        let (terms, open) = (row.admission.terms, row.admission.open)
        begin(origin, fields: 23)
        buffer.text(row.key)
        buffer.text(row.customer)
        buffer.int32(terms.plan)
        buffer.date(terms.anchor.daysSince1970)
        buffer.date(terms.signedUp.daysSince1970)
        buffer.date(terms.starts.daysSince1970)
        append(terms.ends)
        buffer.text(terms.paysEvery.description)
        buffer.text(row.currency)
        buffer.text(row.timeZone ?? "UTC")
        append(row.timeZoneFrom)
        if let open { buffer.int32(open.number) } else { buffer.null() }
        append(open?.period.end)
        append(open?.countsFrom)
        buffer.bool(row.admission.anchorIsPlans)
        buffer.bool(row.admission.startIsPlans)
        if let contract = terms.contract { buffer.text(contract) } else { buffer.null() }
        if let coupon = terms.coupon { buffer.text(coupon.code) } else { buffer.null() }
        append(terms.coupon?.from)
        try end()
    }

    /// A membership; without a first day it begins with the subscription's sign-up, anchor date or
    /// start, whichever is the earliest.
    package func land(
        account: String, subscription: String, from: CivilDate?, until: CivilDate?, _ origin: Origin
    ) throws {
        begin(origin, fields: 8)
        buffer.text(account)
        buffer.text(subscription)
        append(from)
        append(until)
        try end()
    }

    private func begin(_ origin: Origin, fields: Int) {
        if origins.last != origin.file { origins.append(origin.file) }
        place += 1
        buffer.row(fields: fields)
        buffer.int64(place)
        buffer.int32(Int32(truncatingIfNeeded: origins.count - 1))
        buffer.int64(Int64(origin.line))
        buffer.text(origin.row.storable)
    }

    private func append(_ day: CivilDate?) {
        if let day { buffer.date(day.daysSince1970) } else { buffer.null() }
    }

    private func end() throws {
        if buffer.byteCount >= Self.landingBytes { try flush() }
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        _ = try connection.copyIn(Query(kind.statements.copy), buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Judges what has landed and writes what is fit.
    package func apply() throws {
        try flush()
        let statements = kind.statements
        _ = try connection.execute(Query(statements.analyze))
        for judge in statements.judge { _ = try connection.execute(Query(judge)) }
        let rejected = try connection.query(
            Query(statements.listRejected),
            as: Int32.self, Int64.self, String.self, String.self, String.self, String.self)
        for (file, line, verdict, field, found, row) in rejected {
            guard let reason = RejectReason(rawValue: verdict) else {
                throw StoreError.inconsistent("an unknown reason '\(verdict)'")
            }
            try pull.reject(
                Rejection(
                    origin: origins[Int(file)], line: Int(line), column: 0, field: field, reason: reason, found: found,
                    expected: reason.expected, row: row))
        }
        pull.counts.repeated += try connection.first(Query(statements.countRepeated), as: Int64.self) ?? 0
        var first: Int64 = 1
        while first <= place {
            let after = first + Self.chunk
            try connection.transaction {
                let (taken, new, changed) = try kind.apply(connection, from: first, to: after)
                try pull.add(new: new, changed: changed, unchanged: taken - new - changed)
            }
            first = after
        }
    }
}

extension ImportStore.Kind {
    fileprivate struct Statements {
        let clear: Statement
        let copy: Statement
        let analyze: Statement
        /// In their order: first what refers to nothing, then what contradicts itself, then what contradicts the store. So the
        /// verdict stays the same when the rows come again.
        let judge: [Statement]
        let listRejected: Statement
        let countRepeated: Statement
    }

    fileprivate var statements: Statements {
        switch self {
        case .customers:
            Statements(
                clear: .clearLandedCustomer, copy: .copyLandedCustomer, analyze: .analyzeLandedCustomer,
                judge: [.judgeCustomerRepeats],
                listRejected: .listRejectedCustomers, countRepeated: .countRepeatedCustomers)
        case .accounts:
            Statements(
                clear: .clearLandedAccount, copy: .copyLandedAccount, analyze: .analyzeLandedAccount,
                judge: [.judgeAccountRepeats],
                listRejected: .listRejectedAccounts, countRepeated: .countRepeatedAccounts)
        case .subscriptions:
            Statements(
                clear: .clearLandedSubscription, copy: .copyLandedSubscription,
                analyze: .analyzeLandedSubscription,
                judge: [.judgeSubscriptionCustomers, .judgeSubscriptionRepeats, .judgeSubscriptions],
                listRejected: .listRejectedSubscriptions, countRepeated: .countRepeatedSubscriptions)
        case .memberships:
            Statements(
                clear: .clearLandedMembership, copy: .copyLandedMembership,
                analyze: .analyzeLandedMembership,
                judge: [.resolveMemberships, .judgeMembershipRepeats, .judgeMemberships],
                listRejected: .listRejectedMemberships, countRepeated: .countRepeatedMemberships)
        }
    }

    fileprivate func apply(
        _ connection: Connection, from first: Int64, to after: Int64
    ) throws -> (taken: Int64, new: Int64, changed: Int64) {
        let statement: Statement
        switch self {
        case .customers: statement = .applyCustomers
        case .accounts: statement = .applyAccounts
        case .subscriptions: statement = .applySubscriptions
        case .memberships:
            // What ends has to end before what follows it can begin, or the exclusion constraint would object.
            let changed = try connection.execute(Query(.updateMemberships, first, after))
            let (taken, new) =
                try connection.first(
                    Query(.insertMemberships, first, after), as: Int64.self, Int64.self) ?? (Int64(0), Int64(0))
            return (taken, new, Int64(changed))
        }
        return try connection.first(Query(statement, first, after), as: Int64.self, Int64.self, Int64.self) ?? (
            Int64(0), Int64(0), Int64(0)
        )
    }
}
