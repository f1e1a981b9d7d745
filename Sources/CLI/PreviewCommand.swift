import ArgumentParser
import Billing
import Documents
import Jobs

struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show the next invoice of a subscription: if it closed now, and at the present pace.",
        usage: "meterbook preview <subscription> [<options>]",
        discussion: """
            Corrections that wait are on it. At the present pace the running sums of the period grow as they have until the \
            as-of date; peaks and levels stay. Nothing is written. Example:

              meterbook preview northwind --as-of 2022-03-15
            """)

    @Argument(help: "The subscription's key.")
    var subscription: String
    @Option(help: ArgumentHelp("The last day that has been counted; without it, today.", valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let preview = try Look(database.open()).preview(subscription, asOf: asOf, now: Clock.now)
        try Console.document(output.json ? PreviewDocuments.json(preview) : PreviewDocuments.text(preview))
    }
}
