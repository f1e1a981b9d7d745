import Billing
import Connectors
import Deployment
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
        let pull = PullStore(connection)
        let window = try window(pull)
        try pull.begin(
            run: runID, source: source.name, feeds: source.feeds.rawValue, from: window.from, to: window.to)
        do {
            return try read(pull, window)
        } catch {
            // The first error is the one to report; the journal entry is made if the connection still allows it.
            try? pull.fail()
            throw error
        }
    }

    private func read(_ pull: PullStore, _ window: Window) throws -> RunSummary.Pull {
        var connector = try connector(window)
        context.reporter.begin("pulling \(source.name)", total: nil)
        defer { context.reporter.end() }
        let intake = try intake(pull, window)
        var read: Int64 = 0
        while let page = try connector.nextPage() {
            try context.stop.check()
            for defect in page.defects { try pull.reject(Rejection(defect, origin: page.origin)) }
            read += Int64(page.rowCount + page.defects.count)
            try intake.take(page)
            context.reporter.advance(to: read)
        }
        pull.counts.read = read
        let late = try intake.finish(context)
        let counts = try pull.end()
        return RunSummary.Pull(
            counts: RunRecord.Pull(
                id: pull.pullID, source: source.name, feeds: source.feeds.rawValue,
                status: counts.rejected > 0
                    ? RunJournal.Outcome.incomplete.rawValue : RunJournal.Outcome.succeeded.rawValue,
                read: counts.read, outside: counts.outside, new: counts.new, changed: counts.changed,
                unchanged: counts.unchanged, repeated: counts.repeated, merged: counts.merged,
                rejected: counts.rejected),
            lateTotals: late)
    }

    /// A database is asked for days, so its window has to have two ends; a file says everything that it has.
    private func window(_ pull: PullStore) throws -> Window {
        guard case .postgres = source.origin, source.feeds == .readings else { return window }
        let last = try pull.lastWindowEnd(of: source.name)
        return Window(
            from: window.from ?? last?.adding(days: -Self.restatementDays) ?? Self.firstDay,
            to: window.to ?? today.adding(days: 1))
    }

    private func connector(_ window: Window) throws -> any Connector {
        var days = (from: window.from ?? Self.firstDay, to: window.to ?? today.adding(days: 1) ?? today)
        if source.isByInstant {
            // The days are those of time zones, up to 16 hours away from a database's. What is delivered too much lies
            // outside the window, and the days at its edges are whole.
            days = (from: days.from.adding(days: -1) ?? days.from, to: days.to.adding(days: 1) ?? days.to)
        }
        return try source.connector(in: folder, days: days, environment: context.environment)
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
                pull, catalogs: catalogs, window: window, today: today, asOf: asOf, byInstant: source.isByInstant)
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
