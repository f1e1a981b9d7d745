package import Billing

/// An invoice for a terminal of 80 columns or a pipe.
///
///     Invoice northwind-silver/2022-03-01                                        draft
///     Northwind Traders (northwind)
///     2022-02-01 to 2022-02-28                                             plan Silver
///
///       1  Silver plan                      2022-02-01 to 2022-02-28             49.00
///       2  Orders over the limit            2022-02-01 to 2022-02-28            150.00
///          1,500 orders: 1,500 beyond 15,000 (15,000 before this period)
///                                                            Total USD          199.00
///
/// Periods show their last day (see `PeriodText`); the reference keeps the day on which the period ends.
package enum InvoiceText {
    package static func render(_ document: InvoiceDocument) -> String {
        var page = TextPage()
        writeHead(document, to: &page)
        if let description = InvoiceWording.description(of: document) { page.paragraph(description) }
        page.blank()
        let shown = document.lines.filter(\.isShown).map { AmountLine($0, of: document) }
        page.lines(shown, total: document.total, document.currency)
        if let issue = document.issue { writeTax(issue, document, to: &page) }
        write(document.gaps, to: &page)
        return page.text
    }

    /// What is charged beside the lines, or stands in them already, by rate; then what the law wants to be said.
    private static func writeTax(_ issue: InvoiceDocument.Issue, _ document: InvoiceDocument, to page: inout TextPage) {
        func money(_ minor: Int64) -> String { NumberText.money(minor, in: document.currency) }
        let isIncluded = issue.tax != 0 && issue.gross == document.total
        write(issue.taxes, as: isIncluded ? "of it tax" : "tax", in: document.currency, to: &page)
        let code = document.currency.code
        let isLowered = issue.credit != 0 || issue.gross < 0 || !issue.creditNotes.isEmpty
        if !issue.taxes.isEmpty {
            page.pair(isLowered ? "  with tax \(code)" : "  to be paid \(code)", money(issue.gross))
        }
        if issue.gross < 0 { page.pair("  to the customer's credit, for later invoices", money(issue.gross)) }
        if issue.credit > 0 { page.pair("  paid by the customer's credit", money(-issue.credit)) }
        if issue.credit < 0 { page.pair("  credit that was used and taken back", money(0 &- issue.credit)) }
        for note in issue.creditNotes {
            let rest = note.gross == note.offDue ? "" : ", of \(money(note.gross))"
            page.pair("  credit note \(note.number) of \(note.date)\(rest)", money(-note.offDue))
        }
        if isLowered { page.pair("  to be paid \(code)", money(issue.due)) }
        guard !issue.notes.isEmpty || issue.sellerNumber != nil else { return }
        page.blank()
        for note in issue.notes { page.paragraph(note) }
        if let number = issue.sellerNumber { page.paragraph("Tax number of the seller: \(number)") }
    }

    /// What was missing when it was written.
    private static func write(_ gaps: [PeriodGap], to page: inout TextPage) {
        guard !gaps.isEmpty else { return }
        page.blank()
        page.paragraph("When this was written, counts were missing:")
        for gap in gaps.prefix(mostGaps) { page.paragraph("\(gap)", indent: 2, hanging: 4) }
        if gaps.count > mostGaps { page.paragraph("and \(gaps.count - mostGaps) more, which --json has", indent: 2) }
        page.paragraph("What came later is on a later invoice.")
    }

    /// One that lacks more lacks about everything.
    private static let mostGaps = 10

    /// What is taxed, a line a rate.
    static func write(
        _ taxes: [InvoiceDocument.Tax], as word: String, in currency: Currency, to page: inout TextPage
    ) {
        for tax in taxes where tax.treatment == "taxed" {
            let place = tax.region.isEmpty ? tax.country : "\(tax.country)-\(tax.region)"
            page.pair(
                "  \(word) \(place) \(tax.category) \(tax.percent) % on \(NumberText.money(tax.net, in: currency))",
                NumberText.money(tax.tax, in: currency))
        }
    }

    /// Which invoice, whose, for when, and by which plans.
    static func writeHead(_ document: InvoiceDocument, to page: inout TextPage) {
        page.pair("Invoice \(document.reference)", document.status.rawValue)
        if let issue = document.issue { page.pair("Number \(issue.number)", "issued \(issue.date)") }
        if let reissue = document.issue?.reissue {
            page.paragraph(
                "It takes the place of \(reissue.replaces), on \(reissue.date) by \(reissue.author): \(reissue.reason)")
        }
        if let issue = document.issue, let revision = issue.revision {
            page.paragraph(
                "Revision \(revision.number) of \(issue.number), on \(revision.date) by \(revision.author): "
                    + revision.reason)
        }
        if let issue = document.issue, let day = issue.payment.since {
            page.paragraph("\(issue.payment.status.rawValue) since \(day)")
        }
        if let void = document.void { page.paragraph("Voided on \(void.date) by \(void.author): \(void.reason)") }
        if let replacement = document.issue?.replacedBy {
            page.paragraph("\(replacement.number) of \(replacement.date) takes its place")
        }
        page.paragraph("\(document.customerName) (\(document.customer))")
        if let to = document.issue?.billTo { writeBillTo(to, to: &page) }
        let plans = document.planNames
        let word = plans.count == 1 ? "plan" : "plans"
        page.pair(
            PeriodText.inclusive(document.period), plans.isEmpty ? "" : "\(word) \(plans.joined(separator: ", "))")
    }

    static func writeBillTo(_ to: InvoiceDocument.BillTo, to page: inout TextPage) {
        let city = [to.postalCode, to.city].compactMap(\.self).joined(separator: " ")
        let country = [to.region, to.country].compactMap(\.self).joined(separator: ", ")
        for line in [to.legalName].compactMap(\.self) + to.address + [city, country] where !line.isEmpty {
            page.paragraph(line, indent: 2)
        }
        if let number = to.taxNumber { page.paragraph("Tax number \(number)", indent: 2) }
        if let number = to.poNumber { page.paragraph("Order number \(number)", indent: 2) }
    }
}
