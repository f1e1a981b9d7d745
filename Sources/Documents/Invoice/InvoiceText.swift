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
        return page.text
    }

    /// Which invoice, whose, for when, and by which plans.
    static func writeHead(_ document: InvoiceDocument, to page: inout TextPage) {
        page.pair("Invoice \(document.reference)", document.status.rawValue)
        if let issue = document.issue { page.pair("Number \(issue.number)", "issued \(issue.date)") }
        if let void = document.void { page.paragraph("Voided on \(void.date) by \(void.author): \(void.reason)") }
        page.paragraph("\(document.customerName) (\(document.customer))")
        var plans: [String] = []
        for line in document.lines where !plans.contains(line.planName) { plans.append(line.planName) }
        let word = plans.count == 1 ? "plan" : "plans"
        page.pair(
            PeriodText.inclusive(document.period), plans.isEmpty ? "" : "\(word) \(plans.joined(separator: ", "))")
    }
}
