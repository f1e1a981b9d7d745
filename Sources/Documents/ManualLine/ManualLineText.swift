package import Billing

/// Lines that people have added to invoices to come, for a terminal of 80 columns or a pipe.
package enum ManualLineText {
    /// One after the other: what it says and comes to, where it stands, and why it was added.
    package static func render(_ records: [ManualLineRecord]) -> String {
        TextPage.list(records, orElse: "No manual lines.") { write($1, to: &$0) }
    }

    private static func write(_ record: ManualLineRecord, to page: inout TextPage) {
        let line = record.line
        let amount = "\(NumberText.money(line.amount, in: record.currency)) \(record.currency.code)"
        page.pair("\(record.subscription) \(line.number): \(line.words.text)", amount)
        page.paragraph(state(record), indent: 4)
        if let service = line.service { page.paragraph("service \(PeriodText.inclusive(service))", indent: 4) }
        if line.words.taxCategory != TaxRules.standard {
            page.paragraph("tax category \(line.words.taxCategory)", indent: 4)
        }
        page.paragraph("added on \(line.addedOn) by \(line.author): \(line.reason)", indent: 4)
    }

    private static func state(_ record: ManualLineRecord) -> String {
        switch record.state {
        case .pending:
            "pending, for the first period that ends on \(record.line.from) or later"
        case .billed(let day): "billed on \(record.subscription)/\(day)"
        case .withdrawn(let withdrawal):
            "withdrawn on \(withdrawal.date) by \(withdrawal.author): \(withdrawal.reason)"
        }
    }
}
