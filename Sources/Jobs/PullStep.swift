import Billing
import Connectors
import Crypto
import Deployment
import Logging
import Postgres
import Store

/// Reads one source and stores what it delivers.
struct PullStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalogs: CatalogStore
    let folder: DeploymentFolder
    let source: SourceDefinition
    let window: Window
    /// The last day that has begun anywhere: a reading after it lies in the future.
    let today: CivilDate
    /// The day that the run takes for today.
    let asOf: CivilDate
    /// Whether the source has to say all that it has, also where nothing has changed since the last pull, and what it says stays
    /// landed: for somebody who compares.
    var isWhole = false
    /// Of what the pull is a chunk; nil where it stands for itself.
    var backfill: Backfill?

    /// What the chunks of a source have in common.
    struct Backfill: Sendable {
        var id: Int64
        /// Whether other sessions of the run pull chunks at the same time.
        var isShared: Bool
        var turns: SourceTurns
        var pace: HTTPPace
        /// Whether another of these sessions has failed; nil where there is none.
        var failure: Workers.Failure?
    }

    /// The days that a pull asks for; nil is no bound.
    struct Window {
        var from: CivilDate?
        var to: CivilDate?

        func contains(_ day: CivilDate) -> Bool {
            (from.map { $0 <= day } ?? true) && (to.map { day < $0 } ?? true)
        }
    }

    /// A count may be restated for so long before a pull without a window of its own looks away.
    private static let restatementDays = 45
    private static let firstDay = CivilDate(year: 1990, month: 1, day: 1) ?? .earliest

    func run() throws -> RunSummary.Pull {
        let pull = PullStore(connection, backfill: backfill?.id, isShared: backfill?.isShared ?? false)
        let window = try window(pull)
        let request = try requestDigest(window)
        let known = try isWhole ? nil : request.flatMap { try pull.lastAnswer(of: source.name, to: $0) }
        try pull.begin(
            run: runID, source: source.name, feeds: source.feeds.rawValue, from: window.from, to: window.to)
        if source.feeds == .readings || source.feeds == .intervals {
            try GapStore(connection).set(source.expectation, of: source.name, feeds: source.feeds.rawValue)
        }
        do {
            return try read(pull, window, known, request)
        } catch {
            // The first error is the one to report; the journal entry is made if the connection still allows it.
            try? pull.fail()
            throw error
        }
    }

    private func read(
        _ pull: PullStore, _ window: Window, _ known: PullStore.Answer?, _ request: [UInt8]?
    ) throws -> RunSummary.Pull {
        var connector = try connector(
            window, known: known.flatMap { HTTPValidators(entityTag: $0.entityTag, lastModified: $0.lastModified) })
        context.reporter.begin("pulling \(source.name)", total: nil)
        defer { context.reporter.end() }
        let intake = try intake(pull, window)
        let turn = try backfill?.turns.take(context.stop, unless: backfill?.failure)
        defer { turn?.end() }
        var read: Int64 = 0
        while let page = try connector.nextPage() {
            try context.stop.check()
            if let error = backfill?.failure?.first { throw error }
            for defect in page.defects { try pull.reject(Rejection(defect, origin: page.origin)) }
            read += Int64(page.rowCount + page.defects.count)
            context.log.debug(
                "page read",
                metadata: [
                    "origin": "\(page.origin)", "rows": .stringConvertible(page.rowCount),
                    "defects": .stringConvertible(page.defects.count),
                ])
            try intake.take(page)
            context.reporter.advance(to: read)
        }
        turn?.end()
        pull.counts.read = read
        let server = connector as? HTTPConnector
        // Where nothing has changed, nothing is said of any row either.
        let late = server?.isUnchanged == true ? 0 : try intake.finish(context)
        if let request, let validators = server?.validators {
            try pull.note(
                PullStore.Answer(entityTag: validators.entityTag, lastModified: validators.lastModified), to: request,
                isUnchanged: server?.isUnchanged ?? false)
        }
        let (counts, lost) = (try pull.end(), try pull.writtenByLostTries())
        return RunSummary.Pull(
            counts: RunRecord.Pull(
                id: pull.pullID, source: source.name, feeds: source.feeds.rawValue,
                status: counts.rejected > 0
                    ? RunJournal.Outcome.incomplete.rawValue : RunJournal.Outcome.succeeded.rawValue,
                read: counts.read, outside: counts.outside, new: counts.new + lost.new,
                changed: counts.changed + lost.changed,
                unchanged: max(0, counts.unchanged - lost.new - lost.changed), repeated: counts.repeated,
                merged: counts.merged,
                rejected: counts.rejected, isNotModified: server?.isUnchanged ?? false),
            lateTotals: late)
    }

    /// A database or a server is asked for days, so its window has to have two ends; a file says everything that it has.
    private func window(_ pull: PullStore) throws -> Window {
        guard source.feeds == .readings else { return window }
        if case .file = source.origin { return window }
        let last = try pull.lastWindowEnd(of: source.name)
        let tomorrow = today.adding(days: 1)
        guard case .prometheus(let origin) = source.origin else {
            return Window(
                from: window.from ?? last?.adding(days: -Self.restatementDays) ?? Self.firstDay,
                to: window.to ?? tomorrow)
        }
        // It forgets what is older than its retention, so the first pull begins no earlier than any other.
        let end = window.to.flatMap { to in tomorrow.map { min(to, $0) } } ?? tomorrow
        let latest = end?.adding(days: -1) ?? today
        return Window(from: window.from ?? min(last ?? latest, latest).adding(days: -origin.days), to: end)
    }

    /// What an answer to the same request follows from, as far as this side knows; nil where answers are not known again: of
    /// several pages the first says nothing of the others.
    ///
    /// The days that are taken in belong to it, and so does all that says what a record means.
    private func requestDigest(_ window: Window) throws -> [UInt8]? {
        guard case .http(let origin) = source.origin, origin.pages == nil else { return nil }
        let catalog = try catalogs.current().map { "\($0.id)" } ?? "none"
        let days = [window.from, window.to].map { $0?.description ?? "open" }
        let meaning = ["\(source.feeds)", "\(source.columns)", "\(origin.source)", catalog] + days
        return Array(SHA256.hash(data: Array(meaning.joined(separator: "\n").utf8)))
    }

    private func connector(_ window: Window, known: HTTPValidators?) throws -> any Connector {
        var days = (from: window.from ?? Self.firstDay, to: window.to ?? today.adding(days: 1) ?? today)
        if source.isByInstant {
            // The days are those of time zones, up to 16 hours away from a database's. What is delivered too much lies
            // outside the window, and the days at its edges are whole.
            days = (from: days.from.adding(days: -1) ?? days.from, to: days.to.adding(days: 1) ?? days.to)
        }
        let (stop, failure) = (context.stop, backfill?.failure)
        let log = context.log
        return try source.connector(
            in: folder, days: days, secrets: context.secrets, midnights: midnights, known: known,
            pace: backfill?.pace ?? HTTPPace(), isStopped: { stop.isRaised || failure?.isSet == true },
            retrying: { retry in
                log.notice(
                    "request is tried again",
                    metadata: [
                        "page": .stringConvertible(retry.page ?? 1), "tries": .stringConvertible(retry.tries),
                        "reason": "\(retry.reason)",
                        "pause_seconds": .stringConvertible(retry.pause.components.seconds),
                    ])
            })
    }

    private func midnights(_ days: [CivilDate], in zone: String) throws -> [Int64] {
        do {
            return try LookStore(connection).dayStarts(days, zone: zone)
        } catch StoreError.unknownTimeZone {
            throw JobError.unknownSourceZone(zone, source: source.name)
        }
    }

    private func intake(_ pull: PullStore, _ window: Window) throws -> any Intake {
        switch source.feeds {
        case .customers: return try CustomerIntake(pull, ImportStore.Terms(runID: runID, asOf: asOf))
        case .accounts: return try AccountIntake(pull)
        case .subscriptions:
            let catalog = try catalogs.currentForRating()
            return try SubscriptionIntake(
                pull, catalog: catalog,
                changes: ChangeStore(
                    connection,
                    ChangeStore.Terms(
                        asOf: asOf, runID: runID, catalog: catalog,
                        notices: ChangeNotices(catalog, asOf: asOf, runID: runID))),
                look: LookStore(connection), asOf: asOf)
        case .memberships: return try MembershipIntake(pull)
        case .readings:
            return try ReadingIntake(
                pull, catalogs: catalogs, window: window, today: today, asOf: asOf, byInstant: source.isByInstant,
                // Chunks that are pulled side by side write one after the other.
                sessions: backfill?.isShared == true ? nil : context.readingSessions, staysLanded: isWhole)
        case .intervals:
            return try IntervalIntake(
                pull, catalog: catalogs.currentForRating(), window: window, today: today, asOf: asOf)
        }
    }
}

/// Takes in the rows of one kind.
protocol Intake {
    func take(_ page: RawPage) throws
    /// Judges and writes what has landed; returns how many totals of closed periods have changed.
    func finish(_ context: JobContext) throws -> Int64
}

extension Rejection {
    init(_ defect: RowDefect, origin: String) {
        self.init(
            origin: origin, line: defect.line, column: defect.column, field: defect.field ?? "", reason: defect.reason,
            found: defect.found, expected: defect.expected, row: defect.rawText)
    }
}
