import ArgumentParser
import Billing
import Documents
import Jobs

struct EligibilityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eligibility",
        abstract: "Say whether a subscription may choose a plan, and why not.",
        usage: "meterbook eligibility <subscription> --plan <plan> [<options>]",
        discussion: """
            Under the conditions of the catalog's plan version in force, each with what was found. Days are the \
            complete ones before the day of the question; a level is what stands by its end. A refusal ends with 65, \
            as a row that is rejected does, so that a script that asks goes on only where the plan may be chosen. \
            Example:

              meterbook eligibility wren --plan free --as-of 2024-01-05
            """)

    @Argument(help: "The subscription's key.")
    var subscription: String
    @Option(help: "The key of the plan that it would choose.")
    var plan: String
    @Option(help: ArgumentHelp("The day on which it would choose; without it, today.", valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let statement = try Look(database.open()).eligibility(
            subscription, plan: plan, asOf: asOf, now: Clock.now)
        try Console.document(output.json ? EligibilityJSON.render(statement) : EligibilityText.render(statement))
        if !statement.eligibility.isEligible { throw ExitStatus.badData.exitCode }
    }
}
