package import Billing
package import Postgres
import SQL

/// Customers, accounts, subscriptions, memberships and intervals: landed, judged as a whole, then written where they differ.
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
        /// With the run for which billing details are written.
        case customers(Terms)
        case accounts, subscriptions, memberships, intervals
    }

    /// A run, and the day that it takes for today.
    package struct Terms: Sendable {
        package var runID: Int64
        package var asOf: CivilDate

        package init(runID: Int64, asOf: CivilDate) {
            self.runID = runID
            self.asOf = asOf
        }
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
        /// The number of the plan and the rhythm that the source names: those of the admission unless it asks for others.
        package var saidPlan: Int32
        package var saidPaysEvery: Cadence
        package var changeAt: ChangeRequest.Day?

        package init(
            key: String, customer: String, admission: RatingCatalog.Admission, currency: String, timeZone: String?,
            timeZoneFrom: CivilDate?, saidPlan: Int32, saidPaysEvery: Cadence, changeAt: ChangeRequest.Day?
        ) {
            self.saidPlan = saidPlan
            self.saidPaysEvery = saidPaysEvery
            self.changeAt = changeAt
            self.key = key
            self.customer = customer
            self.admission = admission
            self.currency = currency
            self.timeZone = timeZone
            self.timeZoneFrom = timeZoneFrom
        }
    }

    /// When a channel was on, as it is delivered.
    package struct IntervalRow {
        package var account: String
        package var channel: String
        package var meter: Int32
        package var on: WrittenInstant
        package var off: WrittenInstant?
        /// Whether it has an end that lies behind what the run may know.
        package var isOffLater: Bool
        package var category: String

        package init(
            account: String, channel: String, meter: Int32, on: WrittenInstant, off: WrittenInstant?, isOffLater: Bool,
            category: String
        ) {
            self.account = account
            self.channel = channel
            self.meter = meter
            self.on = on
            self.off = off
            self.isOffLater = isOffLater
            self.category = category
        }
    }

    package init(_ pull: PullStore, _ kind: Kind) throws {
        self.pull = pull
        self.kind = kind
        try pull.connection.makeRoom(kind.statements.create)
        _ = try pull.connection.execute(Query(kind.statements.clear))
    }

    /// A subscription that is known, and what its source said of it last.
    package struct Known: Sendable {
        /// The key of its plan.
        package let plan: String
        package let paysEvery: Cadence?
        /// What the source named, which has not heard of other changes.
        package let heardPlan: String
        /// Its number, also where no catalog in use has it any more.
        package let heardPlanNumber: Int32
        package let heardPaysEvery: Cadence?
        package let anchor: CivilDate
        package let starts: CivilDate
        /// Where its days were counted at first.
        package let timeZone: String
    }

    /// By their keys.
    package func knownSubscriptions(_ keys: [String]) throws -> [String: Known] {
        Dictionary(
            try connection.query(
                Query(.listKnownSubscriptions, keys),
                as: String.self, String.self, String.self, String.self, Int32.self, String.self, CivilDate.self,
                CivilDate.self, String.self
            ).map { row in
                (
                    row.0,
                    Known(
                        plan: row.1, paysEvery: Cadence(row.2), heardPlan: row.3, heardPlanNumber: row.4,
                        heardPaysEvery: Cadence(row.5), anchor: row.6, starts: row.7, timeZone: row.8)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What a source says of a subscription's plan that it did not say before.
    package struct SaidChange: Sendable {
        let place: Int64
        package let subscription: String
        /// Nil where it says the same as before.
        package let plan: Int32?
        package let paysEvery: Cadence?
        package let day: ChangeRequest.Day?
        /// The end that the subscription has by the same row; nil for none.
        package let ends: CivilDate?
    }

    /// Who looks at such changes and writes those that are fit, each in the transaction of its row.
    package struct ChangeIntake {
        /// Why one cannot be carried out; nil where it can.
        let refusal: (SaidChange) throws -> ChangeRefusal?
        let record: (SaidChange) throws -> Void

        package init(
            refusal: @escaping (SaidChange) throws -> ChangeRefusal?, record: @escaping (SaidChange) throws -> Void
        ) {
            self.refusal = refusal
            self.record = record
        }
    }

    /// The names of all time zones that the server knows.
    package static func timeZones(_ connection: Connection) throws -> Set<String> {
        Set(try connection.query(Query(.listTimeZones), as: String.self))
    }

    /// What a row says of a customer's mail address.
    package enum Contact: Sendable {
        case unsaid
        /// There is none: a known one is forgotten.
        case none
        case email(EmailAddress)
    }

    /// - Parameter change: what the row says of the billing details, beside the address.
    package func land(
        customer: String, name: String, _ contact: Contact, _ change: BillingDetailChange, _ origin: Origin
    ) throws {
        begin(origin, fields: 20)
        buffer.text(customer)
        buffer.text(name)
        var said = change.said
        switch contact {
        case .unsaid:
            buffer.bool(false)
            buffer.null()
        case .none:
            said.insert(.email)
            buffer.bool(true)
            buffer.null()
        case .email(let address):
            said.insert(.email)
            buffer.bool(true)
            buffer.text(address.text)
        }
        buffer.int32(said.rawValue)
        for text in change.detail.columns.withoutEmail { buffer.append(text) }
        try end()
    }

    package func land(account: String, name: String, _ origin: Origin) throws {
        begin(origin, fields: 6)
        buffer.text(account)
        buffer.text(name)
        try end()
    }

    package func land(_ row: SubscriptionRow, _ origin: Origin) throws {
        let (terms, open) = (row.admission.terms, row.admission.open)
        begin(origin, fields: 26)
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
        buffer.int32(row.saidPlan)
        buffer.text(row.saidPaysEvery.description)
        if let day = row.changeAt { buffer.text(day.text) } else { buffer.null() }
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

    package func land(_ row: IntervalRow, _ origin: Origin) throws {
        begin(origin, fields: 13)
        buffer.text(row.account)
        buffer.text(row.channel)
        buffer.int32(row.meter)
        buffer.timestamp(microsecondsSince1970: row.on.microseconds)
        buffer.bool(row.on.isLocal)
        if let off = row.off { buffer.timestamp(microsecondsSince1970: off.microseconds) } else { buffer.null() }
        buffer.bool(row.off?.isLocal ?? false)
        buffer.bool(row.isOffLater)
        buffer.text(row.category)
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

    /// Refuses the rows whose change of plan cannot be carried out.
    ///
    /// - Returns: those that can, in the order of their rows.
    private func judge(_ intake: ChangeIntake) throws -> [SaidChange] {
        let said = try connection.query(
            Query(.listSaidChanges), as: Int64.self, String.self, Int32?.self, String?.self, String?.self,
            CivilDate?.self
        ).map { row in
            SaidChange(
                place: row.0, subscription: row.1, plan: row.2, paysEvery: row.3.flatMap { Cadence($0) },
                day: row.4.flatMap { ChangeRequest.Day($0) }, ends: row.5)
        }
        return try said.filter { change in
            guard let refusal = try intake.refusal(change) else { return true }
            _ = try connection.execute(
                Query(
                    .refuseLandedSubscription, change.place, RejectReason.changeRefused.rawValue, "plan",
                    refusal.description))
            return false
        }
    }

    /// Judges what has landed and writes what is fit.
    ///
    /// - Parameter cutoff: an interval that would change a period that ended on or before this day is refused; nil for none.
    package func apply(changes intake: ChangeIntake? = nil, retainedSince cutoff: CivilDate? = nil) throws {
        try flush()
        let statements = kind.statements
        _ = try connection.execute(Query(statements.analyze))
        for judge in statements.judge { _ = try connection.execute(Query(judge)) }
        if let cutoff, let judge = statements.judgeRetention { _ = try connection.execute(Query(judge, cutoff)) }
        let changes = try intake.map(judge) ?? []
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
                for change in changes where first <= change.place && change.place < after {
                    try intake?.record(change)
                }
                let (taken, new, changed) = try kind.apply(pull, from: first, to: after)
                try pull.add(new: new, changed: changed, unchanged: taken - new - changed)
            }
            first = after
        }
    }
}
