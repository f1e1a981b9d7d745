import Billing
import Postgres
import SQL

/// The readings that have landed in a session: there they are judged, and from there written where they differ from what is
/// known, with the totals, in one transaction a chunk.
struct LandedReadings {
    let connection: Connection

    /// Readings a transaction, as far as whole days allow it.
    private static let chunk: Int64 = 250_000
    /// So many are written together whatever months they are of: they cost less than a transaction for each of these.
    private static let few: Int64 = 2_000

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Makes room for them.
    ///
    /// - Parameter many: whether the session is for them alone.
    func prepare(many: Bool) throws {
        if many { _ = try connection.execute(Query(.keepLanded)) }
        try connection.makeRoom(.createLandedReading)
        try clear()
    }

    func clear() throws {
        _ = try connection.execute(Query(.clearLandedReading))
    }

    func land(_ rows: CopyBuffer) throws {
        guard !rows.isEmpty else { return }
        _ = try connection.copyIn(Query(.copyLandedReading), rows)
    }

    /// What is to be written, and what is not.
    struct Judged: Sendable {
        var repeated: Int64 = 0
        var refused: [Refused] = []
        var days: [Day] = []
    }

    struct Refused: Sendable {
        var reason: RejectReason
        var file: Int32
        var line: Int64
        var account: String
        var channel: String
        var meter: String
        var day: CivilDate
        var quantity: Int64
    }

    /// A day that has landed.
    struct Day: Sendable {
        var day: CivilDate
        var readings: Int64
        /// The sum of all of them; no bigint, which it may leave.
        var quantity: Int128
    }

    /// - Parameters:
    ///   - mayRepeat: whether a key may have landed twice.
    ///   - cutoff: what would change a period that ended on or before this day is refused; nil for none.
    ///   - days: those of all that has landed, where they were counted on the way.
    func judge(mayRepeat: Bool, retainedSince cutoff: CivilDate?, days: [Day]?) throws -> Judged {
        var judged = Judged()
        try connection.transaction {
            _ = try connection.execute(Query(.sampleLittle))
            _ = try connection.execute(Query(.analyzeLandedReading))
        }
        if mayRepeat, try connection.execute(Query(.judgeReadingRepeats)) > 0 {
            judged.repeated = try connection.first(Query(.countRepeatedReadings), as: Int64.self) ?? 0
            judged.refused += try refused(.conflictingDuplicate)
        }
        if let cutoff, try connection.execute(Query(.judgeReadingRetention, cutoff)) > 0 {
            judged.refused += try refused(.beyondRetention)
        }
        if let days, judged.refused.isEmpty, judged.repeated == 0 {
            judged.days = days
            return judged
        }
        judged.days = try connection.query(Query(.countLandedDays), as: CivilDate.self, Int64.self, String.self).map {
            guard let quantity = Int128($0.2) else { throw StoreError.inconsistent("a sum that is no number") }
            return Day(day: $0.0, readings: $0.1, quantity: quantity)
        }
        return judged
    }

    private func refused(_ reason: RejectReason) throws -> [Refused] {
        try connection.query(
            Query(.listRefusedReadings, reason.rawValue),
            as: Int32.self, Int64.self, String.self, String.self, String.self, CivilDate.self, Int64.self
        ).map {
            Refused(
                reason: reason, file: $0.0, line: $0.1, account: $0.2, channel: $0.3, meter: $0.4, day: $0.5,
                quantity: $0.6)
        }
    }

    /// What chunks have done; they add up.
    struct Written: Sendable {
        var new: Int64 = 0
        var changed: Int64 = 0
        var unchanged: Int64 = 0
        /// Totals of closed periods that have changed.
        var late: Int64 = 0

        static func += (left: inout Written, right: Written) {
            left.new += right.new
            left.changed += right.changed
            left.unchanged += right.unchanged
            left.late += right.late
        }
    }

    /// Writes what was judged fit.
    ///
    /// - Parameters:
    ///   - days: those that have landed, in their order.
    ///   - customers: from the first to the last whose readings have.
    ///   - committed: called after each chunk with its number of readings.
    func write(
        _ days: [Day], of customers: ClosedRange<Int64>, for pull: PullStore.Claim, _ series: WindowSeries,
        committed: (Int64) throws -> Void
    ) throws -> Written {
        var written = Written()
        for chunk in Self.joined(Self.chunks(of: days)) {
            written += try write(chunk, customers, pull, series)
            try committed(chunk.reduce(0) { $0 + $1.readings })
        }
        return written
    }

    /// What is written in one transaction: whole days of one month, so that it touches one partition.
    static func chunks(of days: [Day]) -> [[Day]] {
        var chunks: [[Day]] = []
        var count: Int64 = 0
        for day in days {
            count += day.readings
            if let last = chunks.last?.last, last.day.startOfMonth == day.day.startOfMonth, count <= chunk {
                chunks[chunks.count - 1].append(day)
            } else {
                chunks.append([day])
                count = day.readings
            }
        }
        return chunks
    }

    /// Puts months together of which only a few readings have come.
    static func joined(_ chunks: [[Day]]) -> [[Day]] {
        var count: Int64 = 0
        return chunks.reduce(into: []) { joined, chunk in
            let readings = chunk.reduce(0) { $0 + $1.readings }
            count += readings
            if !joined.isEmpty, count <= few {
                joined[joined.count - 1] += chunk
            } else {
                joined.append(chunk)
                count = readings
            }
        }
    }

    private func write(_ chunk: [Day], _ customers: ClosedRange<Int64>, _ pull: PullStore.Claim, _ series: WindowSeries)
        throws -> Written
    {
        guard let from = chunk.first?.day, let to = chunk.last?.day.adding(days: 1) else { return Written() }
        let count = chunk.reduce(Int64(0)) { $0 + $1.readings }
        return try connection.transaction {
            try pull.enter(connection)
            _ = try connection.execute(Query(.clearLandedChange))
            let (new, changed) =
                try connection.first(
                    Query(
                        .applyReadings, from, to, pull.pullID, series.all, series.carried, customers.lowerBound,
                        customers.upperBound), as: Int64.self, Int64.self)
                ?? (Int64(0), Int64(0))
            let late = try applyChanges(from: from, to: to, of: customers, for: pull)
            let written = Written(new: new, changed: changed, unchanged: count - new - changed, late: late)
            try pull.count(written, connection)
            return written
        }
    }

    /// Lands what readings change of the totals, in the place of what has landed of it before.
    func land(_ changes: [(change: ChangedSlices.Change, quantity: Int64)]) throws {
        _ = try connection.execute(Query(.clearLandedChange))
        _ = try connection.copyIn(Query(.copyLandedChange)) { buffer in
            for (change, quantity) in changes {
                buffer.row(fields: 5)
                buffer.int64(change.customerID)
                buffer.int64(change.subscriptionID)
                buffer.int32(change.meterID)
                buffer.date(change.start.daysSince1970)
                buffer.int64(quantity)
            }
        }
    }

    /// Brings the totals up to what has landed of their changes.
    ///
    /// - Returns: how many totals of closed periods have changed.
    func applyChanges(
        from first: CivilDate, to end: CivilDate, of customers: ClosedRange<Int64>, for pull: PullStore.Claim
    ) throws -> Int64 {
        try connection.first(
            Query(.applyChanges, first, end, pull.pullID, customers.lowerBound, customers.upperBound), as: Int64.self)
            ?? 0
    }
}
