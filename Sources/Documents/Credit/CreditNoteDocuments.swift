package import Billing

/// Credit notes, for people and for programs.
package enum CreditNoteDocuments {
    // MARK: One

    /// `meterbook.credit-note/1`. Amounts are positive: they are taken off.
    package static func json(_ note: CreditNoteDocument) -> String {
        JSONWriter.document("meterbook.credit-note/1", .pretty) { writer in
            writeHead(note, to: &writer)
            writer.member("seller_tax_number", note.sellerNumber)
            InvoiceJSON.write(note.taxes, in: note.currency, to: &writer)
            writer.array("lines", of: note.lines) { writer, line in
                writer.member("line", line.number)
                writer.member("name", line.name)
                writer.member("amount", line.amount, in: note.currency)
            }
        }
    }

    private static func writeHead(_ note: CreditNoteDocument, to writer: inout JSONWriter) {
        writer.member("number", note.number)
        writer.member("issued_on", note.date)
        writer.member("invoice", note.invoice)
        writer.member("invoice_number", note.invoiceNumber)
        writer.member("customer", note.customer)
        writer.member("customer_name", note.customerName)
        writer.member("reason", note.reason)
        writer.member("by", note.author)
        writer.member("currency", note.currency.code)
        writer.member("net", note.net, in: note.currency)
        writer.member("tax", note.tax, in: note.currency)
        writer.member("gross", note.gross, in: note.currency)
        writer.member("off_due", note.offDue, in: note.currency)
        writer.member("carried", note.carried, in: note.currency)
        writer.member("refunded", note.refunded, in: note.currency)
    }

    /// A page of 80 columns.
    package static func text(_ note: CreditNoteDocument) -> String {
        var page = TextPage()
        func money(_ minor: Int64) -> String { NumberText.money(minor, in: note.currency) }
        page.pair("Credit note \(note.number)", "issued \(note.date)")
        page.paragraph("For invoice \(note.invoiceNumber) (\(note.invoice))")
        page.paragraph("\(note.customerName) (\(note.customer))")
        if let to = note.billTo { InvoiceText.writeBillTo(to, to: &page) }
        page.paragraph("By \(note.author): \(note.reason)")
        page.blank()
        for line in note.lines {
            page.pair("  line \(line.number)" + (line.name.map { "  \($0)" } ?? ""), money(line.amount))
        }
        InvoiceText.write(note.taxes, as: "tax", in: note.currency, to: &page)
        page.pair("  credited \(note.currency.code)", money(note.gross))
        page.blank()
        if note.offDue > 0 { page.pair("  off what the invoice asks for", money(note.offDue)) }
        if note.carried > 0 { page.pair("  to the customer's credit, for later invoices", money(note.carried)) }
        if note.refunded > 0 { page.pair("  paid back", money(note.refunded)) }
        if let number = note.sellerNumber { page.paragraph("Tax number of the seller: \(number)") }
        return page.text
    }

    // MARK: A list

    /// `meterbook.credit-note-list/1`: what a credit note's own JSON holds, without lines and rates.
    package static func json(_ notes: [CreditNoteDocument]) -> String {
        JSONWriter.document("meterbook.credit-note-list/1", .pretty) { writer in
            writer.array("credit_notes", of: notes) { writeHead($1, to: &$0) }
        }
    }

    package static func text(_ notes: [CreditNoteDocument]) -> String {
        var page = TextPage()
        guard !notes.isEmpty else {
            page.paragraph("No credit notes.")
            return page.text
        }
        var table = TextTable([
            .fixed("Number"), .fixed("Date"), .fixed("Invoice"), .left("Customer"), .right("Credited"),
        ])
        for note in notes {
            table.add(
                note.number, "\(note.date)", note.invoiceNumber, note.customerName,
                "\(NumberText.money(note.gross, in: note.currency)) \(note.currency.code)")
        }
        page.table(table)
        return page.text
    }
}
