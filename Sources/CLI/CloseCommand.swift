import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct Close: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Rate every period that has ended and write its invoice.",
        usage: """
            meterbook close [<options>]
            meterbook close --dry-run --catalog <file> [<options>]
            """,
        discussion: """
            Due is what ended on or before the as-of date and is not closed. A dry run also says what it comes to by \
            plan, beside the period before, and lists the invoices that differ most from those before. Examples:

              meterbook close --as-of 2022-03-01 --dry-run
              meterbook close --as-of 2022-03-01 --dry-run --csv outliers.csv

            With --catalog it closes nothing, and says what that catalog would have billed for the periods that are \
            closed already, beside what was billed. Only the prices are others: each day keeps the plan that was held on \
            it, also where the catalog would have decided on another, and usage is what the subscription's last invoice \
            knew. Corrections stand with the invoice that they correct, voided invoices are left out, and amounts are \
            before tax. Without --from and --to it looks at all that was billed. Invoices that the catalog cannot rate \
            are named, and the exit code is 65: of a plan that it lacks, in a currency that it does not sell in, or of a \
            plan that it invoices in other periods. Examples:

              meterbook close --dry-run --catalog new.yaml --from 2022-01-01
              meterbook close --dry-run --catalog new.yaml --csv customers.csv
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var file: InvoiceFileOption
    @OptionGroup var comparison: ComparisonOptions
    @OptionGroup(title: "What if") var whatIf: WhatIfOptions
    @OptionGroup var job: JobOptions

    func validate() throws {
        try comparison.check(job)
        try whatIf.check(job, comparison, file)
    }

    func run() throws {
        let settings = try database.settings(job.work.flags)
        guard let path = whatIf.catalog else {
            return try finish(JobRunner(comparison.context(file, job, settings)).close(), job)
        }
        let (catalog, _) = try CatalogFile.read(path)
        let report = try WhatIf(whatIf.context(job, settings), limit: Int(comparison.limit)).compare(
            catalog, scope: whatIf.scope, plan: whatIf.plan, file: comparison.csv)
        try Console.document(
            job.json ? WhatIfJSON.render(report, catalog: path) : WhatIfText.render(report, catalog: path))
        if !report.isComplete { throw ExitStatus.badData.exitCode }
    }
}

/// Which past invoices a catalog is tried out on.
struct WhatIfOptions: ParsableArguments {
    @Option(
        help:
            "With --dry-run: what this catalog would have billed for closed periods; --csv then writes every subscription.",
        completion: .file(extensions: ["yaml", "yml"]))
    var catalog: String?
    @Option(help: ArgumentHelp("Only invoices dated on or after this day …", valueName: "YYYY-MM-DD"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("… and before this one.", valueName: "YYYY-MM-DD"))
    var to: CivilDate?
    @Option(help: "Only invoices on this plan.")
    var plan: String?
    @Option(help: "Only this customer's.")
    var customer: String?

    /// Subscriptions a snapshot: all that was ever known of them is held at once.
    private static let batch = 1_000

    var scope: ReplayBooks.Scope { ReplayBooks.Scope(customer: customer, from: from, to: to) }

    func check(_ job: JobOptions, _ comparison: ComparisonOptions, _ file: InvoiceFileOption) throws {
        guard catalog != nil else {
            if from != nil || to != nil || plan != nil || customer != nil {
                throw ValidationError("--from, --to, --plan and --customer go with --catalog.")
            }
            return
        }
        guard job.dryRun else {
            throw ValidationError("--catalog goes with --dry-run: what a close bills by is the catalog in use.")
        }
        if file.invoices != nil || comparison.summary != nil || job.asOf != nil {
            throw ValidationError("--catalog looks at closed periods; --as-of, --invoices and --summary are for a run.")
        }
    }

    func context(_ job: JobOptions, _ settings: Settings) throws -> JobContext {
        var context = try job.context(settings)
        // It writes nothing that would have to be taken back on one connection.
        context.isDryRun = false
        context.batchSize = min(context.batchSize, Self.batch)
        return context
    }
}
