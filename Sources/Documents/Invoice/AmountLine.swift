import Billing

/// A numbered line of a page that ends in an amount, with the sentence below its name.
struct AmountLine {
    /// From 1.
    var number: Int
    var name: String
    var service: DateRange
    /// Minor units.
    var amount: Int64
    var sentence: String?
}

extension AmountLine {
    init(_ line: InvoiceDocument.Line, of document: InvoiceDocument) {
        self.init(
            number: line.number, name: line.name, service: line.line.service, amount: line.line.amount,
            sentence: InvoiceWording.sentence(of: line, in: document) ?? LineWords(line, of: document).sentence)
    }
}

extension TextPage {
    private static let indent = "  "
    private static let gap = "  "

    /// The lines of an invoice or a quote, and their total.
    mutating func lines(_ lines: [AmountLine], total: Int64, _ currency: Currency) {
        let columns = Columns(lines, total: total, currency)
        for line in lines { write(line, columns, currency) }
        if lines.isEmpty { line("\(Self.indent)no lines") }
        let label = "Total \(currency.code)"
        let total = NumberText.money(total, in: currency)
        line(label.aligned(to: columns.beforeAmount) + Self.gap + total.aligned(to: columns.amount))
    }

    /// The widths of one page's columns: what the amounts and the line numbers leave belongs to the names. The widest
    /// amount of 64 bits takes 26 columns and leaves a name 16.
    private struct Columns {
        let number: Int
        let name: Int
        let amount: Int

        init(_ lines: [AmountLine], total: Int64, _ currency: Currency) {
            let amounts = (lines.map(\.amount) + [total]).map { NumberText.money($0, in: currency).utf8.count }
            number = lines.map { "\($0.number)".utf8.count }.max() ?? 1
            amount = max(12, amounts.max() ?? 0)
            name = TextPage.width - amount - PeriodText.width - number - 2 - 3 * 2
        }

        /// Where the text of a line begins.
        var text: Int { 2 + number + 2 }

        /// What lies left of the amounts.
        var beforeAmount: Int { TextPage.width - amount - 2 }
    }

    private mutating func write(_ line: AmountLine, _ columns: Columns, _ currency: Currency) {
        let margin = String(repeating: " ", count: columns.text)
        for (index, name) in line.name.visible.wrapped(to: columns.name).enumerated() {
            guard index == 0 else {
                self.line(margin + name)
                continue
            }
            let service = PeriodText.inclusive(line.service).padded(to: PeriodText.width)
            let amount = NumberText.money(line.amount, in: currency).aligned(to: columns.amount)
            self.line(
                Self.indent + "\(line.number)".aligned(to: columns.number) + Self.gap + name.padded(to: columns.name)
                    + Self.gap + service + Self.gap + amount)
        }
        if let sentence = line.sentence { paragraph(sentence, indent: columns.text) }
    }
}
