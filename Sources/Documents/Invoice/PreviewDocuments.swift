package import Billing

/// What the open period would be billed, for people and for programs.
package enum PreviewDocuments {
    /// `meterbook.preview/1`
    package static func json(_ preview: InvoicePreview) -> String {
        JSONWriter.document("meterbook.preview/1", .pretty) { writer in
            writer.member("as_of", preview.asOf)
            writer.member("customer_credit", preview.credit, in: preview.present.currency)
            writer.object("present") { InvoiceJSON.write(preview.present, to: &$0) }
            if let forecast = preview.forecast { writer.object("forecast") { InvoiceJSON.write(forecast, to: &$0) } }
        }
    }

    /// The invoice as it would be written now, then what it will come to at the present pace.
    package static func text(_ preview: InvoicePreview) -> String {
        var page = TextPage()
        let present = preview.present
        page.pair("Preview of \(present.reference)", "counted until \(preview.asOf)")
        page.paragraph("\(present.customerName) (\(present.customer))")
        page.paragraph(PeriodText.inclusive(present.period))
        page.blank()
        let shown = present.lines.filter(\.isShown).map { AmountLine($0, of: present) }
        page.lines(shown, total: present.total, present.currency)
        if preview.credit != 0 {
            page.pair(
                "  the customer's credit, which is used when it is finalized",
                NumberText.money(preview.credit, in: present.currency))
        }
        guard let forecast = preview.forecast else { return page.text }
        page.blank()
        page.pair(
            "At this pace the invoice comes to \(present.currency.code)",
            NumberText.money(forecast.total, in: present.currency))
        for line in forecast.lines where line.line.kind == .usage && line.isShown {
            let now = present.lines.first { $0.line.price == line.line.price && $0.line.service == line.line.service }
            guard now?.line.quantity != line.line.quantity, let unit = line.unit else { continue }
            page.pair(
                "  \(line.name): \(NumberText.grouped(line.line.quantity, places: unit.places)) "
                    + unit.word(for: line.line.quantity),
                NumberText.money(line.line.amount, in: present.currency))
        }
        return page.text
    }
}
