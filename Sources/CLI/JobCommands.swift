import ArgumentParser
import Billing
import Deployment
import Documents
import Jobs

struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Read the sources and store what they deliver.",
        usage: "meterbook pull [<options>]",
        discussion: """
            Rows that cannot be taken in are kept with their reason (see 'meterbook reject list'); all others are stored, \
            and the exit code is 65. Pulling again changes nothing that has not changed. Example:

              meterbook pull --deployment jobs/examples/connex --source orders
            """)

    @OptionGroup var deployment: DeploymentOptions
    @Option(help: "The only source to read.")
    var source: String?
    @Option(help: ArgumentHelp("The first day to take.", valueName: "YYYY-MM-DD"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("The first day after them.", valueName: "YYYY-MM-DD"))
    var to: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var job: JobOptions

    func run() throws {
        let settings = try database.settings(job.flags(deployment))
        try finish(
            JobRunner(job.context(settings)).pull(settings.folder, source: source, from: from, to: to), job)
    }
}

struct Decide: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Decide on the plans for which the catalog has rules, once a month.",
        usage: "meterbook decide [<options>]",
        discussion: """
            The complete calendar months before the as-of date are compared with each plan's threshold. A change is \
            announced and takes effect where the next period that is paid for begins; one whose reason restated counts \
            have taken away is withdrawn. Each decision is kept, also when nothing changes. Example:

              meterbook decide --as-of 2022-03-24 --dry-run
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var job: JobOptions

    func run() throws {
        try finish(JobRunner(job.context(database.settings(job.work.flags))).decide(), job)
    }
}

struct Nightly: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly", abstract: "Pull all sources, close what is due, decide on plans: the job for cron.",
        usage: "meterbook nightly [<options>]",
        discussion: "Running it twice changes nothing; a night that was missed is made up for. Example:\n\n"
            + "  meterbook nightly --deployment jobs/examples/connex --as-of 2022-03-01")

    @OptionGroup var deployment: DeploymentOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var file: InvoiceFileOption
    @OptionGroup var comparison: ComparisonOptions
    @OptionGroup var job: JobOptions

    func validate() throws { try comparison.check(job) }

    func run() throws {
        let settings = try database.settings(job.flags(deployment))
        try finish(JobRunner(comparison.context(file, job, settings)).run(.nightly, settings.folder), job)
    }
}

struct Backfill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Pull past days again, say what that changed, and close what ended until then.",
        usage: "meterbook backfill --from <from> --to <to> [<options>]",
        discussion: """
            The days are pulled in chunks of a calendar month, or as --chunk says; a source that says everything it has is \
            read once. What was interrupted goes on behind the last chunk that was done when the same command is given \
            again; --restart asks for everything. In the end stands which readings and totals are new or restated, and which \
            corrections the next close will bill; with --dry-run nothing is kept of it. Examples:

              meterbook backfill -d jobs/examples/cdnow --from 1997-01-01 --to 1998-07-01
              meterbook backfill --from 2022-01-01 --to 2024-01-01 --chunk quarter --dry-run
            """)

    @OptionGroup var deployment: DeploymentOptions
    @Option(help: ArgumentHelp("The first day to pull.", valueName: "YYYY-MM-DD"))
    var from: CivilDate
    @Option(
        help: ArgumentHelp(
            "The first day after them, and the day until which periods have ended.", valueName: "YYYY-MM-DD"))
    var to: CivilDate
    @OptionGroup var backfill: BackfillOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var file: InvoiceFileOption
    @OptionGroup var comparison: ComparisonOptions
    @OptionGroup var job: JobOptions

    func validate() throws { try comparison.check(job) }

    func run() throws {
        let settings = try database.settings(job.flags(deployment))
        let context = try backfill.context(comparison.context(file, job, settings))
        try finish(JobRunner(context).run(.backfill, settings.folder, from: from, to: to), job)
    }
}

/// How past days are pulled.
struct BackfillOptions: ParsableArguments {
    @Option(help: "So many days at a time: week, month, quarter, year, '10 days' …; without it a month.")
    var chunk: ChunkLength?
    @Flag(help: "Ask for all days, also for those that an interrupted run has done.")
    var restart = false
    @Option(
        help: "Write the corrections that the next close will bill to this file, as CSV; also those of a dry run.",
        completion: .file(extensions: ["csv"]))
    var corrections: String?

    func context(_ context: JobContext) -> JobContext {
        var context = context
        context.chunk = chunk?.cadence
        context.restarts = restart
        context.correctionFile = corrections
        return context
    }
}

/// A number of days or months in the words of the catalog.
struct ChunkLength: ExpressibleByArgument {
    let cadence: Cadence

    init?(argument: String) {
        guard let cadence = Cadence(length: argument) else { return nil }
        self.cadence = cadence
    }
}

/// Where a job that invoices puts what it writes.
struct InvoiceFileOption: ParsableArguments {
    @Option(help: "Write the run's invoices to this file, one JSON document a line; also those of a dry run.")
    var invoices: String?

    func context(_ job: JobOptions, _ settings: Settings) throws -> JobContext {
        var context = try job.context(settings)
        context.invoiceFile = invoices
        return context
    }
}

/// Prints what a run did; ends with 65 when something was set aside for a person.
func finish(_ result: @autoclosure () throws -> RunSummary, _ job: JobOptions) throws {
    let started = Clock.now
    let summary: RunSummary
    do {
        summary = try result()
    } catch  where LineLogHandler.hasToldError {
        // The log has said what ended the run.
        throw ExitStatus.ofAny(error).exitCode
    }
    let tenths = (Clock.now - started) / 100_000
    if job.quiet, summary.status == .ok { return }
    try Console.document(
        job.json
            ? RunSummaryJSON.document(summary)
            : RunSummaryText.text(summary, seconds: "\(tenths / 10).\(tenths % 10)"))
    if summary.status != .ok { throw summary.status.exitCode }
}
