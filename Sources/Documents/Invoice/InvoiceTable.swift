package import Billing

/// A list of invoices, one a row; their lines are left out.
package enum InvoiceTable {
    /// `meterbook.invoice-list/1`: what an invoice's own JSON holds, without its lines.
    package static func json(_ documents: [InvoiceDocument], _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.invoice-list/1", style) { writer in
            writer.array("invoices", of: documents) { InvoiceJSON.writeHead($1, to: &$0) }
        }
    }

    /// A table, and below it the sum of each currency. A voided invoice is listed and not summed: nobody owes it.
    ///
    /// - Parameter isAll: whether these are all that were asked for, so that their sum is the total.
    package static func text(_ documents: [InvoiceDocument], isAll: Bool = true) -> String {
        var page = TextPage()
        guard !documents.isEmpty else {
            page.paragraph("No invoices.")
            return page.text
        }
        // Almost none has any, and then the column would only take room.
        let anyGaps = documents.contains { !$0.gaps.isEmpty }
        var table = TextTable(
            [.fixed("Reference"), .left("Customer"), .left("Period"), .fixed("Status")]
                + (anyGaps ? [.right("Gaps")] : []) + [.right("Total")])
        for document in documents {
            let gaps = document.gaps.isEmpty ? "" : "\(document.gaps.count)"
            table.add(
                cells: [
                    document.reference, document.customerName, PeriodText.inclusive(document.period),
                    document.status.rawValue,
                ] + (anyGaps ? [gaps] : []) + [money(document.total, document.currency)])
        }
        let counted = documents.filter { $0.status != .voided }
        for (currency, total) in totals(counted) {
            table.addFooter(
                cells: [isAll ? "Total" : "Total of these", "", "", ""] + (anyGaps ? [""] : []) + [
                    money(total, currency)
                ])
        }
        page.table(table)
        if anyGaps {
            page.blank()
            page.paragraph("Gaps: what sources had not delivered when it was written: meterbook invoice show")
        }
        if counted.count < documents.count {
            page.blank()
            page.paragraph("Voided invoices are not in the total.")
        }
        return page.text
    }

    private static func money(_ minor: some BinaryInteger, _ currency: Currency) -> String {
        "\(NumberText.money(minor, in: currency)) \(currency.code)"
    }

    /// Sums of what is listed, by currency in the order of its code. 128 bits hold any list of 64-bit totals.
    private static func totals(_ documents: [InvoiceDocument]) -> [(Currency, Int128)] {
        var sums: [Currency: Int128] = [:]
        for document in documents { sums[document.currency, default: 0] += Int128(document.total) }
        return sums.sorted { $0.key.code < $1.key.code }.map { ($0.key, $0.value) }
    }
}
