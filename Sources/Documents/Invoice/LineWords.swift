package import Billing

/// What stands below a line's name: the count that its amount follows from, in one sentence for people.
package struct LineWords {
    private let line: InvoiceLine
    private let unit: UnitName
    private let document: InvoiceDocument

    package init(_ line: InvoiceDocument.Line, of document: InvoiceDocument) {
        self.line = line.line
        unit = line.unit ?? UnitName(one: "unit", other: "units")
        self.document = document
    }

    /// Nil for a flat line, which its name and amount explain.
    package var sentence: String? {
        switch line.kind {
        case .flat: nil
        case .minimum: "\(money(line.before)) used of at least \(money(line.threshold))"
        case .discount: "off \(money(line.before))"
        case .usage: line.billable > 0 ? beyond : within
        case .correction: correction
        }
    }

    /// `1,500 orders: 1,500 beyond 15,000 (15,000 before this period)`
    private var beyond: String {
        let free = line.amount == 0 ? ", at no charge" : ""
        return """
            \(count(line.quantity)): \(number(line.billable)) beyond \(number(line.threshold)) \
            (\(number(line.before)) before \(start))\(free)
            """
    }

    /// `900 orders, all included (900 of 1,000 used)`
    private var within: String {
        let used = Int128(line.before) + Int128(line.quantity)
        guard used <= Int128(line.threshold) else {
            // Beyond the threshold without a unit of its own beyond it: nothing was counted.
            return "\(count(line.quantity)) (\(number(line.before)) before \(start))"
        }
        let limit = number(line.threshold)
        return "\(count(line.quantity)), all included (\(number(used)) of \(limit) used)"
    }

    /// `corrects line 2 of northwind-silver/2022-02-10: +400 orders, -400 beyond 15,400`
    private var correction: String {
        let corrected = line.corrects.map { "corrects \(Self.name($0, of: document))" } ?? "corrects an earlier line"
        let limit = number(line.threshold)
        let quantity =
            line.quantity == 0
            ? "no change in \(unit.other)"
            : "\(NumberText.signed(line.quantity, places: unit.places)) \(unit.word(for: line.quantity))"
        let billable =
            line.billable == 0
            ? "no change beyond \(limit)" : "\(NumberText.signed(line.billable, places: unit.places)) beyond \(limit)"
        return "\(corrected): \(quantity), \(billable)"
    }

    /// `line 2 of northwind-silver/2022-02-10`
    static func name(_ reference: LineReference, of document: InvoiceDocument) -> String {
        "line \(reference.line) of \(document.subscription)/\(reference.periodEnd)"
    }

    private func money(_ minor: Int64) -> String {
        NumberText.money(minor, in: document.currency)
    }

    private func number(_ quantity: some BinaryInteger) -> String {
        NumberText.grouped(quantity, places: unit.places)
    }

    private func count(_ quantity: Int64) -> String {
        "\(number(quantity)) \(unit.word(for: quantity))"
    }

    /// A service period may be a part of the invoice's period, or lie before it.
    private var start: String {
        line.service == document.period ? "this period" : "\(line.service.start)"
    }
}
