import ArgumentParser
import Billing
import Documents
import Jobs

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "What a monitor watches, in the text format of Prometheus.",
        usage: "meterbook metrics [<options>]",
        discussion: """
            How the last run of each job ended and when one last succeeded, when each source was last read and what became of \
            its rows, and what waits. Jobs write the same to a file with --metrics, for the textfile collector of the node \
            exporter; jobs/monitoring has rules for alerts and a dashboard. Example:

              meterbook nightly --metrics /var/lib/node_exporter/meterbook.prom
            """)

    @Option(
        help: ArgumentHelp(
            "What is due by this day waits; without it, the day that has begun in every subscription's zone.",
            valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try Console.document(MetricsText.text(Look(database.open()).metrics(asOf: asOf, now: Clock.now)))
    }
}
