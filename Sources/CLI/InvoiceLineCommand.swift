import ArgumentParser
import Billing
import Documents
import Jobs
import Store

/// Charges and credits that a person adds to an invoice to come.
struct InvoiceLineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "line", abstract: "Add charges and credits to invoices to come, list them, take them back.",
        subcommands: [Add.self, List.self, Withdraw.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a charge, or a credit, to the next invoice of a subscription.",
            usage: "meterbook invoice line add <subscription> --amount <amount> <options>",
            discussion: """
                The first period that ends on or after the day of --from takes it; the last invoice of a subscription that \
                ends takes all that is left. No discount or minimum looks at it; it is taxed by its category. Its text is \
                sealed with the invoice and outlives an erasure, so it must hold no personal data. Customers are not \
                shown the reason. Examples:

                  meterbook invoice line add acme --amount 150 --text Setup --reason r --by me
                  meterbook invoice line add acme --amount -20 --text Sorry --reason r --by me
                """)

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(parsing: .unconditional, help: "In the subscription's currency; with a hyphen before it, a credit.")
        var amount: String
        @Option(help: "The currency that is meant: refused where the subscription is billed in another.")
        var currency: String?
        @Option(help: "What the invoice says: one line, without personal data.")
        var text: String
        @Option(help: "One of the catalog's tax categories; without it, standard.")
        var taxCategory: String?
        @Option(
            help: ArgumentHelp(
                "No period that ends before this day takes it; without it, the next one does.", valueName: "YYYY-MM-DD")
        )
        var from: CivilDate?
        @Option(help: "First and last day of the service, DAY..DAY, or one DAY; without it, the period that takes it.")
        var service: ServiceDays?
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let request = ManualLineRequest(
                amount: amount, currency: currency, text: text, taxCategory: taxCategory, from: from,
                service: service?.range, reason: word.reason, author: word.by)
            let record = try JobRunner(change.context(try database.open())).addLine(request, to: subscription)
            try change.report(json: ManualLineJSON.render(record), text: ManualLineText.render([record]))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List manual lines: which are pending, which invoice has them, and why they were added.",
            usage: "meterbook invoice line list [<subscription>] [<options>]",
            discussion: "Example:\n\n  meterbook invoice line list northwind --pending")

        @Argument(help: "The subscription's key; without it, all.")
        var subscription: String?
        @Flag(help: "Only those that no invoice has taken.")
        var pending = false
        @Option(help: "At most so many.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let found = try Look(database.open()).manualLines(
                ManualLineStore.Filter(subscription: subscription, isPending: pending), limit: limit + 1)
            let shown = Array(found.prefix(Int(limit)))
            try Console.document(output.json ? ManualLineJSON.list(shown) : ManualLineText.render(shown))
            if found.count > shown.count { Console.complain("There are more; ask for them with --limit or a filter.") }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Take back a manual line that no invoice has taken.",
            usage: "meterbook invoice line withdraw <subscription> <number> <options>",
            discussion: """
                What has been billed is not taken back: add a line of the opposite sign. Example:

                  meterbook invoice line withdraw acme 1 --reason cancelled --by me
                """)

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Argument(help: "The line's number, as 'invoice line list' prints it.")
        var number: Int32
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let record = try JobRunner(change.context(try database.open())).withdrawLine(
                number, of: subscription, reason: word.reason, author: word.by)
            try change.report(json: ManualLineJSON.render(record), text: ManualLineText.render([record]))
        }
    }
}

/// Days as a person names them, the last one included: `2022-02-01..2022-02-28`, or one day.
struct ServiceDays: ExpressibleByArgument {
    let range: DateRange

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 1 || (parts.count == 3 && parts[1].isEmpty), let first = CivilDate(String(parts[0])),
            let last = CivilDate(String(parts[parts.count - 1])), let after = last.adding(days: 1),
            let range = DateRange(start: first, end: after)
        else { return nil }
        self.range = range
    }
}
