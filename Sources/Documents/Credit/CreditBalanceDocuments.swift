package import Billing

/// What customers have to their credit and what moved it, for people and for programs.
package enum CreditBalanceDocuments {
    /// `meterbook.credit-balance/1`
    package static func json(_ entries: [CreditEntryRecord]) -> String {
        JSONWriter.document("meterbook.credit-balance/1", .pretty) { writer in
            writer.array("entries", of: entries) { writer, entry in
                writer.member("customer", entry.customer)
                writer.member("currency", entry.currency.code)
                writer.member("entry", entry.number)
                writer.member("on", entry.date)
                writer.member("origin", entry.origin.rawValue)
                writer.member("invoice", entry.invoice)
                writer.member("credit_note", entry.creditNote)
                writer.member("amount", entry.amount, in: entry.currency)
                writer.member("balance", entry.balance, in: entry.currency)
            }
        }
    }

    /// A table of all entries; the last of a customer and currency has what there is now.
    package static func text(_ entries: [CreditEntryRecord]) -> String {
        var page = TextPage()
        guard !entries.isEmpty else {
            page.paragraph("No credit.")
            return page.text
        }
        var table = TextTable([
            .left("Customer"), .fixed("Date"), .left("What moved it"), .right("Amount"), .right("Credit"),
        ])
        for entry in entries {
            table.add(
                entry.customer, "\(entry.date)", words(entry), NumberText.money(entry.amount, in: entry.currency),
                "\(NumberText.money(entry.balance, in: entry.currency)) \(entry.currency.code)")
        }
        page.table(table)
        return page.text
    }

    private static func words(_ entry: CreditEntryRecord) -> String {
        switch entry.origin {
        case .creditInvoice: "invoice \(entry.invoice) below zero"
        case .used: "used for \(entry.invoice)"
        case .creditNote: "credit note \(entry.creditNote ?? "")"
        case .void: "\(entry.invoice) voided"
        }
    }
}
