import ArgumentParser
import Billing
import Documents
import Jobs
import Store

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "A customer's billing details: shown, set and erased.",
        subcommands: [Show.self, Details.self, Erase.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a customer with all versions of the billing details.",
            usage: "meterbook customer show <customer> [<options>]",
            discussion: "Example:\n\n  meterbook customer show northwind")

        @Argument(help: "The customer's key.")
        var customer: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let statement = try Look(database.open(), alsoAs: .ingest).customer(customer)
            try Console.document(output.json ? CustomerJSON.render(statement) : CustomerText.render(statement))
        }
    }

    struct Details: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "details", abstract: "Set billing details: what is named, and the rest stays.",
            usage: "meterbook customer details <customer> [--legal-name <name>] … [<options>]",
            discussion: """
                What is different becomes a new version, which future invoices take; an empty text takes a field away. A \
                source that says otherwise changes it again. Another country takes the region away. Example:

                  meterbook customer details northwind --country DE --tax-number DE123456789
                """)

        @Argument(help: "The customer's key.")
        var customer: String
        @Option(help: "The name that the law knows.")
        var legalName: String?
        @Option(help: "A line of the address; up to three, which replace all that are known.")
        var address: [String] = []
        @Option(help: "The postal code.")
        var postalCode: String?
        @Option(help: "The city.")
        var city: String?
        @Option(help: "The part of the country, by its code of ISO 3166-2, such as NY.")
        var region: String?
        @Option(help: "The country, by the two letters of ISO 3166-1, such as DE.")
        var country: String?
        @Option(help: "The tax number; in the European Union a VAT number.")
        var taxNumber: String?
        @Option(help: "The customer's number for the order.")
        var poNumber: String?
        @Option(help: "The address that notices are mailed to.")
        var email: String?
        @Option(help: "The language of documents, as a tag of BCP 47, such as de.")
        var language: String?
        @Option(help: "Why the customer pays no tax.")
        var taxExempt: String?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        private var texts: [BillingDetailChange.Name: String] {
            var texts: [BillingDetailChange.Name: String] = [:]
            texts[.legalName] = legalName
            let lines: [BillingDetailChange.Name] = [.address1, .address2, .address3]
            for (name, line) in zip(lines, address) { texts[name] = line }
            texts[.postalCode] = postalCode
            texts[.city] = city
            texts[.region] = region
            texts[.country] = country
            texts[.taxNumber] = taxNumber
            texts[.poNumber] = poNumber
            texts[.language] = language
            texts[.taxExempt] = taxExempt
            return texts
        }

        func validate() throws {
            guard address.count <= BillingDetail.mostAddressLines else {
                throw ValidationError("--address may be given three times at most.")
            }
            guard !texts.isEmpty || email != nil else {
                throw ValidationError("Name what is to be set, such as --country DE.")
            }
        }

        func run() throws {
            let words = DetailWords(texts, email: email)
            let statement = try JobRunner(change.context(try database.open())).setDetails(customer, words)
            try change.report(json: CustomerJSON.render(statement), text: CustomerText.render(statement))
        }
    }

    struct Erase: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "erase", abstract: "Erase a customer's personal data: nobody can bring it back.",
            usage: "meterbook customer erase <customer> [<options>]",
            discussion: """
                Empties the name, the mail address, and all versions of the billing details but what tax goes by: country, \
                region, whether there was a VAT number, and an exemption. No amount changes, and the digests stay; so do \
                the texts of manual lines and the reasons that people gave. Sources \
                change nothing of the customer from then on, until 'customer details' sets something. Example:

                  meterbook customer erase northwind --dry-run
                """)

        @Argument(help: "The customer's key.")
        var customer: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let statement = try JobRunner(change.context(try database.open())).erase(customer)
            try change.report(json: CustomerJSON.render(statement), text: CustomerText.render(statement))
        }
    }
}
