import ArgumentParser
import Billing
import Deployment
import Jobs

extension RunCommand {
    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start", abstract: "Run a job from its file.",
            usage: "meterbook run <file> [<options>]",
            discussion: """
                The file names the steps, in their order, and says what the failure of one means for the others; \
                jobs/README.md has the format. 'nightly', 'close' and 'backfill' are jobs that need no file. Examples:

                  meterbook run jobs/nightly.yaml -d jobs/examples/connex --as-of 2022-03-01
                  meterbook run jobs/backfill.yaml --from 2022-01-01 --to 2022-03-01
                """)

        @Argument(help: "The job's file.")
        var file: String
        @OptionGroup var deployment: DeploymentOptions
        @Option(help: ArgumentHelp("The first day to pull, for a job that takes a window.", valueName: "YYYY-MM-DD"))
        var from: CivilDate?
        @Option(
            help: ArgumentHelp(
                "The first day after them, and the day until which periods have ended.", valueName: "YYYY-MM-DD"))
        var to: CivilDate?
        @OptionGroup var backfill: BackfillOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var invoices: InvoiceFileOption
        @OptionGroup var comparison: ComparisonOptions
        @OptionGroup var job: JobOptions

        func validate() throws { try comparison.check(job) }

        func run() throws {
            let definition = try DeploymentFolder.job(file)
            let settings = try database.settings(job.flags(deployment), job: (definition, file))
            let context = try backfill.context(comparison.context(invoices, job, settings))
            try finish(JobRunner(context).run(definition, settings.folder, from: from, to: to), job)
        }
    }
}
