package import Billing
import Deployment
package import Logging
import Synchronization

/// What every job is told by its caller: nothing in a job looks at a clock, a flag or the environment by itself.
package struct JobContext: Sendable {
    package var database: Database
    package var programVersion: String
    /// The date that the run takes for today; nil for the day that has begun in every subscription's time zone.
    package var asOf: CivilDate?
    /// The present instant, in microseconds since 1970-01-01 UTC: a reading of a day that has begun nowhere is refused.
    package var now: Int64
    /// Do everything, show what it came to, and take it back.
    package var isDryRun: Bool
    /// Threads that work side by side, each with a connection; a dry run has one.
    package var workers: Int
    /// Subscriptions a transaction of the close.
    package var batchSize: Int
    /// Seconds that a run waits for a database that went away under it; 0 ends the run with the connection.
    package var patience = Setting.standardPatience
    package var reporter: any Reporter
    package var stop: StopFlag
    /// Where to put the invoices that the run writes; nil for nowhere.
    package var invoiceFile: String?
    /// Where a monitor finds what the books look like after the run; nil for nowhere.
    package var metricsFile: String?
    /// Whom to tell when a run begins and how it ended; nil for nobody.
    package var healthURL: String?
    /// How many days a job pulls at a time that is told which; nil for what its file says, or a month.
    package var chunk: Cadence?
    /// Whether such a job begins from the first day, also where one before it was interrupted.
    package var restarts = false
    /// Where to put the corrections that such a job leaves for the next close; nil for nowhere.
    package var correctionFile: String?
    /// How to compare what the run invoices with what was invoiced before; nil for not at all.
    package var comparison: ComparisonTerms?
    /// What happens, for whoever looks at it later. Messages are constants, and what is of this run is metadata: never a
    /// secret, and nothing of a customer but keys.
    package var log = Logger.silent
    /// The present instant as `now`, for how long something took. Nothing else goes by it.
    package var clock: @Sendable () -> Int64
    /// What started the program; nil where that is not known.
    package var origin: RunRecord.Origin?
    /// The environment, for the names that a sources file mentions.
    package var environment: [String: String]
    /// The secret that signs what is posted to a webhook, of a delivery that names no file with it; nil for none.
    package var noticeSecret: @Sendable () throws -> String? = { nil }

    package init(
        database: Database, programVersion: String, asOf: CivilDate?, now: Int64, isDryRun: Bool = false,
        workers: Int = Setting.standardWorkers,
        batchSize: Int = Setting.standardBatch, reporter: any Reporter, stop: StopFlag = StopFlag(),
        invoiceFile: String? = nil, environment: [String: String] = [:]
    ) {
        self.database = database
        self.programVersion = programVersion
        self.asOf = asOf
        self.now = now
        self.isDryRun = isDryRun
        self.workers = workers
        self.batchSize = batchSize
        self.reporter = reporter
        self.stop = stop
        self.invoiceFile = invoiceFile
        self.environment = environment
        clock = { now }
    }

    /// Whether somebody has said what only a job is told that takes a window.
    var isBackfill: Bool { chunk != nil || restarts || correctionFile != nil }

    /// - Throws: `JobError.unwritableFile` for a file that the run could not write at its end.
    func checkFiles() throws(JobError) {
        for path in [invoiceFile, correctionFile, comparison?.file].compactMap(\.self) { try RowFile.check(path) }
    }

    /// The secrets that a deployment names.
    var secrets: Secrets {
        let log = log
        return Secrets(environment: environment) { place in
            log.warning("everybody on this machine may read a secret", metadata: ["place": "\(place)"])
        }
    }
}

/// Who is told how far a job has come. Called from any thread.
package protocol Reporter: Sendable {
    /// A stretch of work begins; `total` is nil when nobody can know it.
    func begin(_ task: String, total: Int64?)
    /// So much of it is done.
    func advance(to done: Int64)
    /// So much of it is done, and so many rows have been read for it and for what is under way.
    func advance(to done: Int64, rows: Int64)
    func end()
}

extension Reporter {
    package func advance(to done: Int64, rows: Int64) { advance(to: done) }
}

extension Logger {
    /// Of commands that answer a person, and of tests.
    package static let silent = Logger(label: "meterbook") { _ in SwiftLogNoOpLogHandler() }
}

/// Asks the jobs to stop at the next place where nothing is half done.
package final class StopFlag: Sendable {
    private let raised = Mutex(false)

    package init() {}

    package func raise() {
        raised.withLock { $0 = true }
    }

    package var isRaised: Bool {
        raised.withLock(\.self)
    }

    /// - Throws: `JobError.interrupted` once the flag is up.
    package func check() throws(JobError) {
        if isRaised { throw .interrupted }
    }
}

/// What can go wrong in a job beyond what its parts report.
package enum JobError: Error, Sendable {
    /// A signal asked the program to stop; what was committed stays, the next run goes on from there.
    case interrupted
    case noDeployment(folder: String, file: String, reason: String)
    case invalidSources(file: String, diagnostics: [String])
    case invalidJob(diagnostics: [String])
    case unknownSource(name: String, known: [String])
    /// A source that does not feed readings cannot be compared day by day.
    case notReadings(String)
    /// The time zone of a source's days is none that PostgreSQL knows.
    case unknownSourceZone(String, source: String)
    /// The connection or the secret of a source cannot be had.
    case missingSecret(Secrets.Flaw, source: String)
    /// A source's secret cannot be sent.
    case unusableSecret(source: String)
    case emptyWindow(from: CivilDate, to: CivilDate)
    /// A job that takes the days that it pulls was not told them, or another was.
    case windowOfJob(String, isNeeded: Bool)
    /// A job that takes no window was told how to pull one.
    case notABackfill(String)
    case tooManyChunks(DateRange, Cadence)
    case unreadableFile(String, reason: String)
    case unwritableFile(String, reason: String)
    /// What notices were to be delivered by cannot be used.
    case noCarrier(String, reason: String)
    /// An invoice that was to be finalized has its number, or was voided.
    case notADraft(String, number: String?)
    /// An invoice that was to be finalized waits for somebody to release it.
    case heldInvoice(String, reasons: [String])
    /// A subscription that has ended has no next invoice.
    case noOpenPeriod(String)
    /// An invoice that was to be paid is no invoice yet.
    case notFinalized(String)
    /// An invoice that was to be released or rejected is not held.
    case notHeld(String)
    /// An invoice that was to be voided is that already.
    case voidedAlready(String)
    /// An invoice that was to be voided has credit notes.
    case creditedInvoice(String, notes: Int32)
    /// A credit note that nobody has issued.
    case unknownCreditNote(String)
    case creditRefused(String, CreditRefusal, Currency)
}

extension JobError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .interrupted:
            "stopped on request; everything committed stays, and the next run goes on from there"
        case .noDeployment(let folder, let file, let reason):
            "\(folder)/\(file): \(reason); name the folder that holds it with --deployment"
        case .invalidSources(_, let diagnostics), .invalidJob(let diagnostics):
            diagnostics.joined(separator: "\n")
        case .unknownSource(let name, let known):
            "there is no source '\(name)'; the deployment has \(known.joined(separator: ", "))"
        case .notReadings(let name):
            "source '\(name)' does not feed readings, and only those are compared day by day"
        case .unknownSourceZone(let zone, let source):
            "the 'time_zone' of source '\(source)' is '\(zone)', which the database does not know: write an IANA name such as "
                + "Europe/Berlin"
        case .missingSecret(let flaw, let source):
            "source '\(source)' takes its connection or its secret from \(flaw)"
        case .unusableSecret(let source):
            "the secret of source '\(source)' is empty, longer than 8,000 bytes, or not of visible ASCII on one line (not shown)"
        case .emptyWindow(let from, let to):
            "the window from \(from) to \(to) is empty; --to names the first day after it"
        case .windowOfJob(let job, let isNeeded):
            isNeeded
                ? "the job '\(job)' pulls the days that it is told: give --from and --to"
                : "the job '\(job)' takes no --from and --to"
        case .notABackfill(let job):
            "the job '\(job)' pulls no window, so it takes no --chunk, --restart and --corrections"
        case .tooManyChunks(let range, let size):
            "the days from \(range.start) to \(range.end) are more than \(DateRange.mostChunks) chunks of '\(size)': "
                + "take longer ones with --chunk"
        case .unwritableFile(let path, let reason): "\(path): cannot be written: \(reason)"
        case .unreadableFile(let path, let reason): "\(path): cannot be read: \(reason)"
        case .notADraft(let name, let number):
            "invoice '\(name)' is no draft: " + (number.map { "it was finalized as \($0)" } ?? "it was voided")
        case .heldInvoice(let name, let reasons):
            "invoice '\(name)' is held: \(reasons.joined(separator: "; ")). Release it first: meterbook hold release \(name)"
        case .noOpenPeriod(let key): "subscription '\(key)' has ended and been closed: no invoice is to come"
        case .notFinalized(let name):
            "invoice '\(name)' has not been finalized, so nobody owes it yet; see 'meterbook invoice finalize'"
        case .notHeld(let name): "invoice '\(name)' is not held; see 'meterbook hold list'"
        case .voidedAlready(let name): "invoice '\(name)' was voided already; see 'meterbook invoice show \(name)'"
        case .creditedInvoice(let name, let notes):
            """
            invoice '\(name)' has \(notes) credit note\(notes == 1 ? "" : "s"), so it cannot be voided: credit what is left of \
            it, meterbook credit issue \(name) --whole
            """
        case .unknownCreditNote(let number): "there is no credit note '\(number)'; see 'meterbook credit list'"
        case .creditRefused(let name, let refusal, let currency):
            "no credit note for invoice '\(name)': \(refusal.description(in: currency))"
        case .noCarrier(let what, let reason): "\(what): \(reason)"
        }
    }
}
