import ArgumentParser
import Billing
import Deployment
import Documents
import Foundation
import Jobs
import Store

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Recompute invoices from what was known when they were made.",
        usage: """
            meterbook replay <invoice> [<options>]
            meterbook replay --all [--from <from>] [--to <to>] [<options>]
            """,
        discussion: """
            Each invoice is rated again from the readings, memberships and terms as its close knew them, with the catalog \
            of its time, and every byte of its export is compared. Exits with 65 unless all are equal. Nothing is written, \
            and it may run beside a close. Examples:

              meterbook replay northwind/2022-03-01
              meterbook replay --all --from 2022-01-01 --to 2023-01-01
            """)

    @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
    var invoice: InvoiceReference?
    @Flag(help: "Replay all invoices.")
    var all = false
    @Option(help: ArgumentHelp("Only invoices dated on or after this day …", valueName: "YYYY-MM-DD"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("… and before this one.", valueName: "YYYY-MM-DD"))
    var to: CivilDate?
    @Option(help: "Only this customer's.")
    var customer: String?
    @Option(help: "List at most so many invoices that are not equal.")
    var limit: Int64 = 100
    @Option(help: "Workers that replay side by side. (default: 2)")
    var workers: Int?
    @Flag(help: "Show no progress bar.")
    var noProgress = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    /// Subscriptions a snapshot: all that was ever known of them is held at once.
    private static let batch = 2_500

    func validate() throws {
        try Limit.check(limit)
        try Settings.check(flags)
        if invoice == nil, !all { throw ValidationError("Name an invoice, or ask for --all.") }
        guard invoice != nil else { return }
        if all { throw ValidationError("Name an invoice, or ask for --all: not both.") }
        if from != nil || to != nil || customer != nil {
            throw ValidationError("--from, --to and --customer go with --all.")
        }
    }

    private var flags: Settings.Flags {
        Settings.flags((.workers, workers), (.progress, noProgress ? "no" : nil))
    }

    func run() throws {
        let settings = try database.settings(flags)
        let stop = StopFlag()
        Signals.raise(stop)
        let replay = Replay(
            JobContext(
                database: try settings.open(), programVersion: Meterbook.version, asOf: nil, now: Clock.now,
                workers: try settings.number(.workers), batchSize: Self.batch,
                reporter: try settings.progressBar ?? Silence(),
                stop: stop),
            limit: Int(limit))
        let report =
            try invoice.map(replay.replay)
            ?? replay.replayAll(ReplayBooks.Scope(customer: customer, from: from, to: to))
        try Console.document(output.json ? ReplayJSON.render(report) : ReplayText.render(report))
        if !report.isEqual { throw ExitStatus.badData.exitCode }
    }
}
