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
    private static let indent = "  "
    private static let gap = "  "

    package static func render(_ document: InvoiceDocument) -> String {
        var page = TextPage()
        writeHead(document, to: &page)
        if let description = InvoiceWording.description(of: document) { page.paragraph(description) }
        page.blank()
        let columns = Columns(document)
        for line in document.lines where line.isShown { write(line, of: document, columns, to: &page) }
        if document.lines.isEmpty { page.line("\(indent)no lines") }
        let label = "Total \(document.currency.code)"
        let total = NumberText.money(document.total, in: document.currency)
        page.line(label.aligned(to: columns.beforeAmount) + gap + total.aligned(to: columns.amount))
        return page.text
    }

    /// Which invoice, whose, for when, and by which plans.
    static func writeHead(_ document: InvoiceDocument, to page: inout TextPage) {
        page.pair("Invoice \(document.reference)", document.status)
        page.paragraph("\(document.customerName) (\(document.customer))")
        var plans: [String] = []
        for line in document.lines where !plans.contains(line.planName) { plans.append(line.planName) }
        let word = plans.count == 1 ? "plan" : "plans"
        page.pair(
            PeriodText.inclusive(document.period), plans.isEmpty ? "" : "\(word) \(plans.joined(separator: ", "))")
    }

    /// The widths of one invoice's columns: what the amounts and the line numbers leave belongs to the names. The widest
    /// amount of 64 bits takes 26 columns and leaves a name 16.
    private struct Columns {
        let number: Int
        let name: Int
        let amount: Int

        init(_ document: InvoiceDocument) {
            let numbers = document.lines.map { "\($0.number)".utf8.count }
            let amounts = (document.lines.map(\.line.amount) + [document.total]).map {
                NumberText.money($0, in: document.currency).utf8.count
            }
            number = numbers.max() ?? 1
            amount = max(12, amounts.max() ?? 0)
            name = TextPage.width - amount - PeriodText.width - number - 2 - 3 * 2
        }

        /// Where the text of a line begins.
        var text: Int { 2 + number + 2 }

        /// What lies left of the amounts.
        var beforeAmount: Int { TextPage.width - amount - 2 }
    }

    private static func write(
        _ line: InvoiceDocument.Line, of document: InvoiceDocument, _ columns: Columns, to page: inout TextPage
    ) {
        let margin = String(repeating: " ", count: columns.text)
        for (index, name) in line.name.visible.wrapped(to: columns.name).enumerated() {
            guard index == 0 else {
                page.line(margin + name)
                continue
            }
            let service = PeriodText.inclusive(line.line.service).padded(to: PeriodText.width)
            let amount = NumberText.money(line.line.amount, in: document.currency).aligned(to: columns.amount)
            page.line(
                indent + "\(line.number)".aligned(to: columns.number) + gap + name.padded(to: columns.name) + gap
                    + service
                    + gap + amount)
        }
        if let sentence = InvoiceWording.sentence(of: line, in: document) ?? LineWords(line, of: document).sentence {
            page.paragraph(sentence, indent: columns.text)
        }
    }
}
