import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct CreditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credit", abstract: "Credit notes, and what customers have to their credit.",
        subcommands: [Issue.self, List.self, Show.self, Balance.self])

    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "issue", abstract: "Issue a credit note, which lowers a finalized invoice.",
            usage: "meterbook credit issue <invoice> (--whole | --line <line> ...) ...",
            discussion: """
                It takes off the tax that was charged with it, at the rates of the invoice. It first lowers what is owed of the \
                invoice. What was paid already goes to the customer's credit, which the next invoices use, or with --refunded \
                back to the customer. The reason stands on it. What was counted and billed stands: late usage is still the \
                difference to it. Examples:

                  meterbook credit issue northwind/2022-03-01 --whole --reason unused --by me
                  meterbook credit issue northwind/2022-03-01 --line 2=12.50 --reason r --by me
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoice: InvoiceReference
        @Flag(help: "All that is left of the invoice.")
        var whole = false
        @Option(
            name: .customLong("line"),
            help: "A line of the invoice, and how much is taken off it: 2=12.50; 2 for all that is left of it.")
        var lines: [CreditWords.Part] = []
        @Flag(help: "What was paid already is paid back; without it, it is kept for later invoices.")
        var refunded = false
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption
        @OptionGroup var judgement: JudgementOptions

        func validate() throws {
            guard whole != !lines.isEmpty else {
                throw ValidationError("Give --whole, or --line for what is taken off.")
            }
        }

        func run() throws {
            let note = try JobRunner(judgement.context(try database.open())).credit(
                invoice, CreditWords(parts: lines, isRefunded: refunded, reason: word.reason, author: word.by))
            try Console.document(output.json ? CreditNoteDocuments.json(note) : CreditNoteDocuments.text(note))
            if judgement.dryRun, !output.json { try Console.document("\nDry run: it has not been issued.\n") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List credit notes by date and number.",
            usage: "meterbook credit list [<options>]",
            discussion: "Example:\n\n  meterbook credit list --customer northwind")

        @Option(help: "Only this customer's.")
        var customer: String?
        @Option(help: "Only those of this subscription's invoices.")
        var subscription: String?
        @Option(help: "At most so many.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let filter = CreditStore.Filter(customer: customer, subscription: subscription)
            let found = try Look(database.open()).creditNotes(filter, limit: limit + 1)
            let shown = Array(found.prefix(Int(limit)))
            try Console.document(output.json ? CreditNoteDocuments.json(shown) : CreditNoteDocuments.text(shown))
            if found.count > shown.count { Console.complain("There are more; ask for them with --limit or a filter.") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one credit note with its lines.",
            usage: "meterbook credit show <number> [<options>]",
            discussion: "Example:\n\n  meterbook credit show CN-2022-000001")

        @Argument(help: "Its number, as 'credit list' prints it.")
        var number: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let note = try Look(database.open()).creditNote(number)
            try Console.document(output.json ? CreditNoteDocuments.json(note) : CreditNoteDocuments.text(note))
        }
    }

    struct Balance: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "balance", abstract: "Show what customers have to their credit, and what moved it.",
            usage: "meterbook credit balance [<customer>] [<options>]",
            discussion: "Example:\n\n  meterbook credit balance northwind")

        @Argument(help: "The customer's key; without it, those of all.")
        var customer: String?
        @Option(help: "At most so many entries.")
        var limit: Int64 = 1000
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let found = try Look(database.open()).creditEntries(customer: customer, limit: limit + 1)
            let shown = Array(found.prefix(Int(limit)))
            try Console.document(output.json ? CreditBalanceDocuments.json(shown) : CreditBalanceDocuments.text(shown))
            if found.count > shown.count {
                Console.complain("There are more; ask for them with --limit or a customer.")
            }
        }
    }
}

extension CreditWords.Part: ExpressibleByArgument {
    /// `2`, or `2=12.50`
    public init?(argument: String) {
        let words = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let line = words.first.flatMap({ Int16($0) }), line > 0 else { return nil }
        guard words.count == 2 else {
            self.init(line: line, amount: nil)
            return
        }
        guard let amount = try? ExactDecimal(parsing: words[1]) else { return nil }
        self.init(line: line, amount: amount)
    }
}
