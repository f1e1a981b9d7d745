import ArgumentParser
import Billing
import Foundation
import Jobs
import PrivateServer
import Store

/// Which database the books are in.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "A libpq URI or connection text; without it the environment (PGHOST …), or the private server.")
    var database: String?

    private static let namingVariables = ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGPORT"]

    /// Whether the database is on the private server of this user.
    private var isPrivate: Bool {
        database == nil
            && !Self.namingVariables.contains { !(ProcessInfo.processInfo.environment[$0] ?? "").isEmpty }
    }

    /// The database, reachable: a private server is started when it exists.
    ///
    /// - Parameter create: make the private server and the database when they are missing.
    func open(create: Bool = false) throws -> Database {
        guard isPrivate else { return Database(conninfo: database ?? "") }
        let server = Self.privateServer
        guard create || server.exists else { throw CommandError.noDatabase }
        let endpoint = try server.start()
        let environment = ProcessInfo.processInfo.environment
        let name = environment["PGDATABASE"].flatMap { $0.isEmpty ? nil : $0 } ?? "meterbook"
        let creator = DatabaseCreator(try Database(conninfo: endpoint.conninfo(database: "postgres")).connect())
        if create {
            try creator.create(name)
        } else if try !creator.exists(name) {
            throw CommandError.noDatabase
        }
        return Database(conninfo: endpoint.conninfo(database: name))
    }

    /// The private server's home is METERBOOK_HOME, or where the system keeps such data for this user.
    static var privateServer: PrivateServer {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["METERBOOK_HOME"], !home.isEmpty { return PrivateServer(home: home) }
        if getuid() == 0 { return PrivateServer(home: "/var/lib/meterbook/server") }
        let data =
            environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(NSHomeDirectory())/.local/share"
        return PrivateServer(home: "\(data)/meterbook/server")
    }
}

struct DeploymentOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "The folder with catalog.yaml and sources.yaml.")
    var deployment = "."

    var folder: DeploymentFolder { DeploymentFolder(path: deployment) }
}

struct JSONOption: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
}

/// What all jobs have in common.
struct JobOptions: ParsableArguments {
    @Option(
        help: "The date that the run takes for today; without it, the day that has begun in every subscription's zone.")
    var asOf: CivilDate?

    @Flag(help: "Do everything, show what it came to, and take it back.")
    var dryRun = false

    @Option(help: "Workers that close side by side; without it, as many as the job says, or 2.")
    var workers: Int?

    @Option(help: "Subscriptions a transaction; without it, as many as the job says, or 5000.")
    var batch: Int?

    @Option(help: "Seconds to wait for a database that goes away in mid-run; 0 ends the run.")
    var patience = JobContext.defaultPatience

    @Flag(help: "Show no progress bar.")
    var noProgress = false

    @Option(help: "After the run write metrics for Prometheus to this file; see 'metrics'.")
    var metrics: String?

    @Option(
        help:
            "Tell this URL when the run begins (/start) and how it ended (/EXIT-CODE); also METERBOOK_HEALTH_URL, which no list of processes shows."
    )
    var healthURL: String?

    @Flag(help: "Print nothing where nothing waits for a person.")
    var quiet = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...64).contains(workers ?? 1) else { throw ValidationError("--workers takes a number from 1 to 64.") }
        if let health {
            let parts = URLComponents(string: health)
            guard ["http", "https"].contains(parts?.scheme), parts?.host?.isEmpty == false, parts?.query == nil else {
                throw ValidationError("--health-url takes http(s)://HOST/PATH, without a query.")
            }
        }
        guard (0...86_400).contains(patience) else {
            throw ValidationError("--patience takes a number of seconds from 0 to 86400.")
        }
        guard (1...100_000).contains(batch ?? 1) else {
            throw ValidationError("--batch takes a number from 1 to 100000.")
        }
    }

    private var health: String? {
        healthURL ?? ProcessInfo.processInfo.environment["METERBOOK_HEALTH_URL"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The only place where the program asks for the time.
    static var now: Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }

    func context(_ database: Database) -> JobContext {
        let stop = StopFlag()
        Signals.raise(stop)
        let showsProgress = !noProgress && Console.isErrorTerminal
        var context = JobContext(
            database: database, programVersion: Meterbook.version, asOf: asOf, now: Self.now,
            isDryRun: dryRun, workers: workers ?? JobContext.defaultWorkers,
            batchSize: batch ?? JobContext.defaultBatchSize,
            reporter: showsProgress ? ProgressBar() : Silence(), stop: stop,
            environment: ProcessInfo.processInfo.environment)
        context.patience = patience
        context.metricsFile = metrics
        context.healthURL = health
        return context
    }
}

extension JobContext {
    /// Of a job that is done in a moment and shows no progress.
    static func brief(_ database: Database, asOf: CivilDate?, isDryRun: Bool) -> JobContext {
        JobContext(
            database: database, programVersion: Meterbook.version, asOf: asOf, now: JobOptions.now, isDryRun: isDryRun,
            reporter: Silence())
    }
}

extension CivilDate: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }

    public var defaultValueDescription: String { description }
}
