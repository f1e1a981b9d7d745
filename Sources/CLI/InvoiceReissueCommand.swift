import ArgumentParser
import Billing
import Documents
import Jobs

extension InvoiceCommand {
    struct Reissue: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reissue", abstract: "Void finalized invoices, and issue them again under other numbers.",
            usage: "meterbook invoice reissue <invoice> ... --reason <reason> --by <name> ...",
            discussion: """
                What is billed stays, line for line; number, date, tax and billing details are those of now. It is for what a \
                revised copy cannot do: details by which other tax is due. What the customer has paid goes to his credit, \
                which pays the new one. An invoice that is void already only gets its other number; 'invoice show --issue 1' \
                prints the first. Examples:

                  meterbook invoice reissue northwind/2022-03-01 --reason 'VAT number' --by me
                  meterbook invoice reissue northwind/2022-03-01 --reason typo --by me --dry-run
                """)

        @Argument(help: "SUBSCRIPTION/PERIOD-END, as 'invoice list' prints it.")
        var invoices: [InvoiceReference]
        @OptionGroup var word: WordOptions
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let reissued = try JobRunner(change.context(try database.open())).reissue(
                invoices, reason: word.reason, author: word.by)
            try change.report(json: ReissueDocuments.json(reissued), text: ReissueDocuments.text(reissued))
        }
    }
}
