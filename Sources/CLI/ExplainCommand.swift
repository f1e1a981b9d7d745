import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why: each line of an invoice, or a decision on a plan.",
        usage: """
            meterbook explain <invoice> [<options>]
            meterbook explain decision <subscription> [<options>]
            """,
        discussion: "Examples:\n\n  meterbook explain northwind/2022-03-01\n  meterbook explain decision northwind",
        subcommands: [Invoice.self, Decision.self], defaultSubcommand: Invoice.self)

    struct Invoice: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invoice", abstract: "Say why each line of an invoice is what it is.",
            usage: "meterbook explain invoice <invoice> [<options>]",
            discussion: "From the readings over threshold and tiers to the rounding. Example:\n\n"
                + "  meterbook explain invoice northwind/2022-03-01")

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoice: InvoiceReference
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let (document, lines) = try Look(database.open()).explain(invoice)
            try Console.document(
                output.json
                    ? ExplanationJSON.render(lines, of: document)
                    : ExplanationText.render(lines, of: document, plain: Console.isPlain))
        }
    }

    struct Decision: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "decision", abstract: "Say why a subscription's plan changes or stays.",
            usage: "meterbook explain decision <subscription> [<options>]",
            discussion: """
                The months that counted, each account's share, the figure and the threshold, as they were known when it \
                was decided; and what came of it. Example:

                  meterbook explain decision northwind --month 2022-03-01
                """)

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(
            help: ArgumentHelp(
                "Any day of the month of the decision; without it, the latest one.", valueName: "YYYY-MM-DD"))
        var month: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let explanation = try Look(database.open()).explainDecision(subscription, month: month)
            try Console.document(
                output.json
                    ? DecisionJSON.render(explanation)
                    : DecisionText.render(explanation, plain: Console.isPlain))
        }
    }
}

struct DecisionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decision", abstract: "What was decided on plans.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the decisions on a subscription's plan, the latest first.",
            usage: "meterbook decision list <subscription> [<options>]",
            discussion: "Example:\n\n  meterbook decision list northwind")

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(help: "At most so many.")
        var limit: Int64 = 24
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let decisions = try Look(database.open()).decisions(subscription, limit: limit).map {
                DecisionText.Listed(
                    month: $0.month, rule: $0.rule, plan: $0.plan, decision: $0.decision, change: $0.change)
            }
            try Console.document(output.json ? DecisionJSON.list(decisions) : DecisionText.list(decisions))
        }
    }
}
