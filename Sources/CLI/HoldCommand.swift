import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "What a close has set aside for a person.",
        subcommands: [List.self, Release.self, Reject.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List held subscriptions and invoices with the reasons.",
            usage: "meterbook hold list [<options>]",
            discussion: """
                A subscription that could not be billed is tried again by the next close. An invoice that looks wrong stays a \
                draft until somebody releases or rejects it. Example:

                  meterbook hold list --json
                """)

        @Option(help: "At most so many of each.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let look = try Look(database.open())
            let (holds, invoices) = (try look.holds(limit: limit), try look.invoiceHolds(limit: limit))
            try Console.document(output.json ? HoldList.json(holds, invoices) : HoldList.text(holds, invoices))
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Let held invoices go: they are right as they are.",
            usage: "meterbook hold release <invoice> ... --by <name> [<options>]",
            discussion: """
                They are finalized as the catalog says, and not held again. A period that waits for days of a source is \
                billed by the next close without them; what comes later is corrected on the invoice after it. Example:

                  meterbook hold release northwind/2022-03-01 --by 'A. Clerk' --dry-run
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'hold list' prints it.")
        var invoices: [InvoiceReference]
        @Option(help: "Why, for whoever reads the books later.")
        var note: String?
        @Option(help: "Who has looked at them.")
        var by: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var judgement: JudgementOptions

        func validate() throws {
            if let note { try JudgementOptions.check(note, "--note") }
            try JudgementOptions.check(by, "--by")
        }

        func run() throws {
            try JobRunner(judgement.context(try database.open())).settle(
                invoices, as: .released, note: note, author: by)
            try judgement.report(invoices.count, "released")
        }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reject", abstract: "Void held invoices: they are wrong.",
            usage: "meterbook hold reject <invoice> ... --reason <reason> --by <name> ...",
            discussion: """
                They never get a number. Example:

                  meterbook hold reject northwind/2022-03-01 --reason 'test orders' --by 'A. Clerk' --dry-run
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'hold list' prints it.")
        var invoices: [InvoiceReference]
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var judgement: JudgementOptions

        func run() throws {
            try JobRunner(judgement.context(try database.open())).settle(
                invoices, as: .rejected, note: word.reason, author: word.by)
            try judgement.report(invoices.count, "rejected")
        }
    }
}

/// Why something is done to the books, and who does it: kept with it for ever.
struct WordOptions: ParsableArguments {
    @Option(help: "Why, for whoever reads the books later.")
    var reason: String
    @Option(help: "Who does it.")
    var by: String

    func validate() throws {
        try JudgementOptions.check(reason, "--reason")
        try JudgementOptions.check(by, "--by")
    }
}

/// What a person's word on invoices has in common.
struct JudgementOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The date that the run takes for today; without it, the day that has begun in every subscription's zone.",
            valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @Flag(help: "Do everything, show what it came to, and take it back.")
    var dryRun = false

    static func check(_ text: String, _ option: String) throws {
        guard (1...500).contains(text.count), !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { throw ValidationError("\(option) takes one line of 1 to 500 characters.") }
    }

    func validate() throws { try AsOf.check(asOf) }

    func context(_ database: Database) -> JobContext {
        .brief(database, asOf: asOf, isDryRun: dryRun)
    }

    /// - Parameter done: a participle, such as voided.
    func report(_ count: Int, _ done: String) throws {
        let invoices = "\(count) invoice\(count == 1 ? "" : "s")"
        try Console.document(dryRun ? "\(invoices) would be \(done).\n" : "\(invoices) \(done).\n")
    }
}
