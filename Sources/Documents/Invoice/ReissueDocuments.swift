package import Billing

/// Which numbers took the place of which.
package enum ReissueDocuments {
    /// `meterbook.reissue/1`
    package static func json(_ reissued: [ReissuedInvoice]) -> String {
        JSONWriter.document("meterbook.reissue/1", .pretty) { writer in
            writer.array("invoices", of: reissued) { writer, invoice in
                writer.member("reference", invoice.invoice)
                writer.member("voided", invoice.voided)
                writer.member("number", invoice.number)
            }
        }
    }

    package static func text(_ reissued: [ReissuedInvoice]) -> String {
        var page = TextPage()
        var table = TextTable([.fixed("Invoice"), .fixed("Voided"), .fixed("Takes its place")])
        for invoice in reissued { table.add(invoice.invoice, invoice.voided, invoice.number) }
        page.table(table)
        return page.text
    }
}
