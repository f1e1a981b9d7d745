package import Billing
package import Postgres
import SQL

/// The journal of a pull, and the rows that it refuses.
package final class PullStore {
    package let connection: Connection
    package private(set) var pullID: Int64 = 0
    /// The run that pulls.
    private(set) var runID: Int64 = 0
    private(set) var source = ""
    private var window: (from: CivilDate?, to: CivilDate?) = (nil, nil)
    private var rejections = CopyBuffer()
    /// Rejections are written out before so many are held in memory.
    private static let mostRejections = 5_000

    /// What became of the rows that a source delivered.
    package struct Counts: Hashable, Sendable {
        package var read: Int64 = 0
        package var outside: Int64 = 0
        package var new: Int64 = 0
        package var changed: Int64 = 0
        package var unchanged: Int64 = 0
        package var repeated: Int64 = 0
        /// Those by the instant beyond the first of their day: together they are one reading.
        package var merged: Int64 = 0
        package var rejected: Int64 = 0

        package init() {}
    }

    package var counts = Counts()
    /// The backfill whose chunk this pull is; nil for none.
    private let backfill: Int64?
    /// Whether other sessions of the run pull at the same time.
    private let isShared: Bool

    package init(_ connection: Connection, backfill: Int64? = nil, isShared: Bool = false) {
        self.connection = connection
        self.backfill = backfill
        self.isShared = isShared
    }

    /// A transaction in which nobody else of the run writes: chunks that are pulled side by side have totals in common, and
    /// new months and channels. So there is one order of locks, and no two sessions wait for each other.
    ///
    /// - Throws: `StoreError.claimLost` when another run has taken the books over.
    func alone<R>(_ body: () throws -> R) throws -> R {
        guard isShared else { return try body() }
        return try connection.transaction {
            try enter()
            return try body()
        }
    }

    /// What a transaction that writes readings begins with.
    func enter() throws { try claim.enter(connection) }

    /// What a session has to know that writes for the pull.
    struct Claim: Sendable {
        let pullID: Int64
        fileprivate let runID: Int64
        fileprivate let isShared: Bool

        func enter(_ connection: Connection) throws {
            _ = try connection.execute(Query(.lockBatch))
            guard isShared else { return }
            _ = try connection.execute(Query(.lockReadings))
            // The lock on the books hangs on another session. When that one is lost, the next run takes over.
            guard try connection.first(Query(.readClaim, runID), as: Bool.self) == true else {
                throw StoreError.claimLost
            }
        }

        /// Counts what a transaction has written, and in it: so the journal is right also after a kill.
        func count(_ written: LandedReadings.Written, _ connection: Connection) throws {
            let isOurs = try connection.execute(
                Query(.addPullCounts, pullID, written.new, written.changed, written.unchanged))
            // As in the close: the lock on the books may hang on another session.
            guard isOurs == 1 else { throw StoreError.claimLost }
        }
    }

    var claim: Claim { Claim(pullID: pullID, runID: runID, isShared: isShared) }

    /// Where the window of a source's next pull begins when nobody says so: some days before the end of its last one, or
    /// nil when it was never pulled.
    package func lastWindowEnd(of source: String) throws -> CivilDate? {
        try connection.first(Query(.readLastWindow, source), as: CivilDate?.self) ?? nil
    }

    /// By what a server can tell whether its answer has changed since.
    package struct Answer: Hashable, Sendable {
        package var entityTag: String?
        package var lastModified: String?

        package init(entityTag: String?, lastModified: String?) {
            self.entityTag = entityTag
            self.lastModified = lastModified
        }
    }

    /// The answer whose rows a source's last pull has all taken in, if it was to this request; nil when there is none. One
    /// from before that pull says nothing any more: what it brought may have been restated since.
    ///
    /// To be asked before `begin`.
    package func lastAnswer(of source: String, to request: [UInt8]) throws -> Answer? {
        try connection.query(Query(.readLastAnswer, source, request), as: String?.self, String?.self).first.map {
            Answer(entityTag: $0.0, lastModified: $0.1)
        }
    }

    /// Keeps the validators of the answer that this pull has read, or that it has found unchanged. They count once the pull
    /// has ended without a rejected row.
    package func note(_ answer: Answer, to request: [UInt8], isUnchanged: Bool) throws {
        _ = try connection.execute(
            Query(.noteAnswer, pullID, request, answer.entityTag, answer.lastModified, isUnchanged))
    }

    package func begin(run: Int64, source: String, feeds: String, from: CivilDate?, to: CivilDate?) throws {
        guard let id = try connection.first(Query(.beginPull, run, source, feeds, from, to), as: Int64.self) else {
            throw StoreError.inconsistent("a pull got no number")
        }
        if let backfill { _ = try connection.execute(Query(.noteBackfillPull, id, backfill)) }
        (pullID, runID) = (id, run)
        self.source = source
        window = (from, to)
        counts = Counts()
        rejections.removeAll(keepingCapacity: true)
    }

    /// Counts a row that is not taken in and keeps it for a person.
    package func reject(_ rejection: Rejection) throws {
        counts.rejected += 1
        rejections.row(fields: 8)
        rejections.text(rejection.origin)
        rejections.int64(Int64(rejection.line))
        rejections.text(rejection.reason.rawValue)
        rejections.int32(Int32(clamping: rejection.column))
        rejections.text(rejection.field)
        rejections.text(rejection.found.storable)
        rejections.text(rejection.expected)
        rejections.text(rejection.row.storable)
        if rejections.rowCount >= Self.mostRejections { try writeRejections() }
    }

    private func writeRejections() throws {
        guard !rejections.isEmpty else { return }
        try connection.makeRoom(.createLandedRejection)
        try connection.transaction {
            if isShared { try enter() }
            _ = try connection.execute(Query(.clearLandedRejection))
            _ = try connection.copyIn(Query(.copyLandedRejection), rejections)
            if let backfill {
                let known = try connection.execute(Query(.dropKnownRejections, backfill, pullID, source))
                counts.rejected -= Int64(known)
                counts.repeated += Int64(known)
            }
            _ = try connection.execute(Query(.insertRejectedRows, source, pullID))
        }
        rejections.removeAll(keepingCapacity: true)
    }

    /// Adds what a chunk stored, in the chunk's own transaction: so the journal is right also after a kill.
    func add(new: Int64, changed: Int64, unchanged: Int64) throws {
        _ = try connection.execute(Query(.addPullCounts, pullID, new, changed, unchanged))
        note(new: new, changed: changed, unchanged: unchanged)
    }

    /// Counts what chunks have stored that have told the journal so by themselves.
    func note(new: Int64, changed: Int64, unchanged: Int64) {
        counts.new += new
        counts.changed += changed
        counts.unchanged += unchanged
    }

    package func end() throws -> Counts {
        try writeRejections()
        try alone { try end(counts.rejected > 0 ? .incomplete : .succeeded) }
        return counts
    }

    /// What earlier tries of this pull had written when they lost their sessions: new in this run, though this one has found it
    /// there.
    package func writtenByLostTries() throws -> (new: Int64, changed: Int64) {
        try connection.first(
            Query(.countLostTries, runID, source, window.from, window.to, pullID), as: Int64.self, Int64.self
        )
        .map { (new: $0.0, changed: $0.1) } ?? (new: 0, changed: 0)
    }

    /// Journals that the source could not be read to its end; what was stored stays counted.
    package func fail() throws {
        try end(.failed)
    }

    private func end(_ outcome: RunJournal.Outcome) throws {
        _ = try connection.execute(
            Query(
                .endPull, pullID, outcome.rawValue, counts.read, counts.outside, counts.repeated, counts.merged,
                counts.rejected))
    }
}

extension String {
    /// PostgreSQL's text holds no NUL; in a row that was refused for one it is shown by its symbol.
    var storable: String {
        utf8.contains(0) ? String(unicodeScalars.map { $0.value == 0 ? "\u{2400}" : Character($0) }) : self
    }
}
