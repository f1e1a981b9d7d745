import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct InvoiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoice", abstract: "List, show, export, finalize, revise, void and reissue invoices.",
        subcommands: [
            List.self, Show.self, Export.self, InvoiceLineCommand.self, Finalize.self, Payment.self, Revise.self,
            Void.self, Reissue.self, VerifyChain.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List invoices by subscription and period.",
            usage: "meterbook invoice list [<options>]",
            discussion: "Example:\n\n  meterbook invoice list --subscription northwind --from 2022-01-01")

        @Option(help: "Only this customer's.")
        var customer: String?
        @Option(help: "Only this subscription's.")
        var subscription: String?
        @Option(help: ArgumentHelp("Only periods that ended on or after this day …", valueName: "YYYY-MM-DD"))
        var from: CivilDate?
        @Option(help: ArgumentHelp("… and before this one.", valueName: "YYYY-MM-DD"))
        var to: CivilDate?
        @Option(help: "At most so many.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let filter = InvoiceStore.Filter(customer: customer, subscription: subscription, from: from, to: to)
            // One more than asked for tells whether there are more.
            let found = try Look(database.open()).invoices(filter, limit: limit + 1)
            let shown = Array(found.prefix(Int(limit)))
            let isAll = found.count == shown.count
            try Console.document(output.json ? InvoiceTable.json(shown) : InvoiceTable.text(shown, isAll: isAll))
            if !isAll { Console.complain("There are more; ask for them with --limit or a filter.") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one invoice with its lines.",
            usage: "meterbook invoice show <invoice> [<options>]",
            discussion: "Example:\n\n  meterbook invoice show northwind/2022-03-01")

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoice: InvoiceReference
        @Option(help: "Which revised copy, 0 for the original; without it, the last one.")
        var revision: Int32?
        @Option(help: "Which issue of one that was issued again, from 1; without it, the last one.")
        var issue: Int16?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws {
            if let revision, revision < 0 { throw ValidationError("--revision takes 0, 1, 2 …") }
            if let issue, issue < 1 { throw ValidationError("--issue takes 1, 2, 3 …") }
        }

        func run() throws {
            let document = try Look(database.open()).invoice(invoice, revision: revision, issue: issue)
            try Console.document(output.json ? InvoiceJSON.render(document) : InvoiceText.render(document))
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write invoices as JSON, one a line, by subscription and period.",
            usage: "meterbook invoice export [<options>]",
            discussion: "The same invoices are always the same bytes. Example:\n\n"
                + "  meterbook invoice export --from 2022-01-01 > invoices.ndjson")

        @Option(help: ArgumentHelp("Only periods that ended on or after this day …", valueName: "YYYY-MM-DD"))
        var from: CivilDate?
        @Option(help: ArgumentHelp("… and before this one.", valueName: "YYYY-MM-DD"))
        var to: CivilDate?
        @OptionGroup var database: DatabaseOptions

        func run() throws { try Look(database.open()).export(from: from, to: to, Console.write) }
    }

    struct Finalize: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "finalize", abstract: "Give drafts their numbers; from then on nothing of them changes.",
            usage: "meterbook invoice finalize (<invoice> ... | --all) [<options>]",
            discussion: """
                What the catalog says under 'invoices' is finalized by every close; this is for what it leaves to a person. \
                The invoices are dated by the as-of date, and never before the number before theirs. Examples:

                  meterbook invoice finalize northwind/2022-03-01
                  meterbook invoice finalize --all --until 2022-02-28 --dry-run
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoices: [InvoiceReference] = []
        @Flag(help: "All drafts.")
        var all = false
        @Option(
            help: ArgumentHelp(
                "With --all: only those dated on or before this day; without it, the as-of date.",
                valueName: "YYYY-MM-DD"))
        var until: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var job: JobOptions

        func validate() throws {
            guard all != !invoices.isEmpty else {
                throw ValidationError("Name the invoices to finalize, or give --all.")
            }
            guard all || until == nil else { throw ValidationError("--until goes with --all.") }
        }

        func run() throws {
            try finish(
                JobRunner(job.context(database.settings(job.work.flags))).finalize(all ? nil : invoices, until: until),
                job)
        }
    }

    struct Payment: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "payment", abstract: "Say what became of finalized invoices: paid, unpaid or uncollectible.",
            usage: "meterbook invoice payment <invoice> ... --status <status> --by <name> ...",
            discussion: """
                What the invoice is does not change; every entry is kept, and the last one holds. Example:

                  meterbook invoice payment northwind/2022-03-01 --status paid --by Bank
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoices: [InvoiceReference]
        @Option(help: "paid, unpaid or uncollectible.")
        var status: InvoiceDocument.Payment.Status
        @Option(help: ArgumentHelp("The day of it; without it, the as-of date.", valueName: "YYYY-MM-DD"))
        var since: CivilDate?
        @Option(help: "A reference of the payment, or a reason.")
        var note: String?
        @Option(help: "Who says so.")
        var by: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var judgement: JudgementOptions

        func validate() throws {
            if let note { try JudgementOptions.check(note, "--note") }
            try JudgementOptions.check(by, "--by")
        }

        func run() throws {
            let news = try JobRunner(judgement.context(try database.open())).record(
                status, of: invoices, since: since, note: note, author: by)
            try judgement.report(news, "recorded as \(status.rawValue)")
        }
    }

    struct Void: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "void", abstract: "Take invoices back as a whole; their numbers stay theirs.",
            usage: "meterbook invoice void <invoice> ... --reason <reason> --by <name> ...",
            discussion: """
                Nobody owes a voided invoice. What it billed counts as billed all the same: late usage is still the difference \
                to it. 'invoice reissue' issues it again. Example:

                  meterbook invoice void northwind/2022-03-01 --reason 'billed twice' --by 'A. Clerk' --dry-run
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoices: [InvoiceReference]
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var judgement: JudgementOptions

        func run() throws {
            try JobRunner(judgement.context(try database.open())).void(invoices, reason: word.reason, author: word.by)
            try judgement.report(invoices.count, "voided")
        }
    }

    struct Revise: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revise",
            abstract: "Write a revised copy of a finalized invoice with the billing details of now.",
            usage: "meterbook invoice revise <invoice> --reason <reason> --by <name> ...",
            discussion: """
                Number, date, lines, amounts and tax stay, and the original is kept: 'invoice show --revision 0' prints it. \
                Where the new details would change the tax, 'invoice reissue' it. Example:

                  meterbook invoice revise northwind/2022-03-01 --reason moved --by me
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoice: InvoiceReference
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let document = try JobRunner(change.context(try database.open())).revise(
                invoice, reason: word.reason, author: word.by)
            try change.report(json: InvoiceJSON.render(document), text: InvoiceText.render(document))
        }
    }

    struct VerifyChain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify-chain",
            abstract: "Follow the numbers of finalized invoices, and find the first that was tampered with.",
            usage: "meterbook invoice verify-chain [<options>]",
            discussion: """
                Each finalized invoice has a digest of its figures and of the digest before it in its series. Exits with 65 when \
                one was altered, is missing, or was put in. Example:

                  meterbook invoice verify-chain
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let findings = try Look(database.open()).chains()
            try Console.document(output.json ? ChainDocuments.json(findings) : ChainDocuments.text(findings))
            if findings.contains(where: { $0.broken != nil }) { throw ExitStatus.badData.exitCode }
        }
    }
}

extension InvoiceReference: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }
}

extension InvoiceDocument.Payment.Status: ExpressibleByArgument {}
