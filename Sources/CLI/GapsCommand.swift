import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct Gaps: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps", abstract: "Show the days that sources and channels should have delivered and have not.",
        usage: "meterbook gaps [<options>]",
        discussion: """
            What a source should deliver stands under 'expect' in the sources file; without it, a source is expected on \
            the weekdays on which it delivered before. A channel is missed on a day of its source when it was there on \
            nearly every day before. The exit code is 0 when nothing is missing, and else 65. Example:

              meterbook gaps --from 2022-02-01 --to 2022-03-01
            """)

    @Option(help: "Only this source.")
    var source: String?
    @Option(help: ArgumentHelp("The first day; without it, thirty days before the end.", valueName: "YYYY-MM-DD"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("The first day after them; without it, the as-of date.", valueName: "YYYY-MM-DD"))
    var to: CivilDate?
    @Option(help: "Of channels only those of this customer.")
    var customer: String?
    @Option(help: "At most so many gaps of channels; --json has all of them.")
    var limit: Int64 = 50
    @Option(
        help: ArgumentHelp(
            "The day for which to show it; without it, the day that has begun in every subscription's zone.",
            valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func validate() throws { try Limit.check(limit) }

    func run() throws {
        let report = try Look(database.open(), alsoAs: .ingest).gaps(
            source: source, from: from, to: to, customer: customer, asOf: asOf, now: Clock.now)
        try Console.document(output.json ? GapJSON.render(report) : GapText.render(report, limit: Int(limit)))
        if !report.gaps.isEmpty { throw ExitStatus.badData.exitCode }
    }
}
