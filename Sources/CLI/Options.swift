import ArgumentParser
import Billing
import Deployment
import Foundation
import Jobs

/// Which configuration file holds.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help:
            "The configuration file; without it METERBOOK_CONFIG, or meterbook.yaml in the deployment's folder, or /etc/meterbook/meterbook.yaml.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    /// What holds for a command without other flags.
    var settings: Settings { get throws { try Settings.read(file: config, flags: [:]) } }
}

/// Which database the books are in.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "A libpq URI or connection text; without it the environment (PGHOST …), or the private server.")
    var database: String?
    @OptionGroup var configuration: ConfigurationOptions

    private var flags: Settings.Flags { Settings.flags((.database, database)) }

    func validate() throws { try Settings.check(flags) }

    /// - Parameters:
    ///   - flags: those of the command's other options.
    ///   - job: the options of a job's file, and how the file is called.
    func settings(
        _ more: Settings.Flags = [:], job: (definition: JobDefinition, file: String)? = nil
    ) throws -> Settings {
        try Settings.read(file: configuration.config, flags: flags.merging(more) { $1 }, job: job)
    }

    /// The database, reachable: a private server is started when it exists.
    ///
    /// - Parameter create: make the private server and the database when they are missing.
    func open(create: Bool = false) throws -> Database { try settings().open(create: create) }
}

struct DeploymentOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The folder with catalog.yaml and sources.yaml. (default: .)")
    var deployment: String?

    var flags: Settings.Flags { Settings.flags((.deployment, deployment)) }

    func validate() throws { try Settings.check(flags) }
}

struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
}

/// What all jobs have in common.
struct JobOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The date that the run takes for today; without it, the day that has begun in every subscription's zone.",
            valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?

    @Flag(help: "Do everything, show what it came to, and take it back.")
    var dryRun = false

    @OptionGroup var work: WorkOptions

    @Flag(help: "Print nothing where nothing waits for a person.")
    var quiet = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws { try AsOf.check(asOf) }

    func flags(_ deployment: DeploymentOptions) -> Settings.Flags { work.flags.merging(deployment.flags) { $1 } }

    func context(_ settings: Settings) throws -> JobContext {
        let database = try settings.open()
        let bar = try settings.progressBar
        let stop = StopFlag()
        Signals.raise(stop)
        var context = JobContext(
            database: database, programVersion: Meterbook.version, asOf: asOf, now: Clock.now,
            isDryRun: dryRun, workers: try settings.number(.workers), batchSize: try settings.number(.batch),
            reporter: bar ?? Silence(), stop: stop,
            environment: ProcessInfo.processInfo.environment)
        context.log = try settings.logger(besides: bar)
        context.clock = { Clock.now }
        context.origin = Launcher.origin
        context.patience = try settings.number(.patience)
        context.metricsFile = try settings.text(.metrics)
        context.healthURL = try settings.text(.healthURL)
        context.noticeSecret = { try settings.text(.noticeSecret) }
        return context
    }
}

/// How a job works, and who hears of it: what an installation sets once.
struct WorkOptions: ParsableArguments {
    @Option(help: "Workers that work side by side; without it, as many as the job says, or 2.")
    var workers: Int?

    @Option(help: "Subscriptions a transaction; without it, as many as the job says, or 5000.")
    var batch: Int?

    @Option(help: "Seconds to wait for a database that goes away in mid-run; without it 60; 0 ends the run.")
    var patience: Int?

    @Flag(help: "Show no progress bar.")
    var noProgress = false

    @Option(help: "After the run write metrics for Prometheus to this file; see 'metrics'.")
    var metrics: String?

    @Option(
        help:
            "Tell this URL when the run begins (/start) and how it ended (/EXIT-CODE); better by METERBOOK_HEALTH_URL or its _FILE, which no list of processes shows."
    )
    var healthURL: String?

    @OptionGroup var log: LogOptions

    var flags: Settings.Flags {
        Settings.flags(
            (.workers, workers), (.batch, batch), (.patience, patience), (.progress, noProgress ? "no" : nil),
            (.metrics, metrics),
            (.healthURL, healthURL)
        ).merging(log.flags) { $1 }
    }

    func validate() throws { try Settings.check(flags) }
}

extension JobContext {
    /// Of a job that is done in a moment and shows no progress.
    static func brief(_ database: Database, asOf: CivilDate?, isDryRun: Bool) -> JobContext {
        var context = JobContext(
            database: database, programVersion: Meterbook.version, asOf: asOf, now: Clock.now, isDryRun: isDryRun,
            reporter: Silence())
        context.origin = Launcher.origin
        return context
    }
}

extension CivilDate: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }

    public var defaultValueDescription: String { description }
}
