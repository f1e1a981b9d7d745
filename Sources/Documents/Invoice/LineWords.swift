package import Billing

/// What stands below a line's name: the count that its amount follows from, in one sentence for people.
package struct LineWords {
    private let line: InvoiceLine
    private let unit: UnitName
    private let countedDays: DateRange?
    private let document: InvoiceDocument

    package init(_ line: InvoiceDocument.Line, of document: InvoiceDocument) {
        self.line = line.line
        unit = line.unit ?? UnitName(one: "unit", other: "units")
        countedDays = line.countedDays
        self.document = document
    }

    /// Nil for a flat or a manual line, which its name and amount explain.
    package var sentence: String? {
        switch line.kind {
        case .flat, .manual: nil
        case .minimum: "\(money(line.before)) used of at least \(money(line.threshold))"
        case .discount: "off \(money(line.before))"
        case .usage: line.billable > 0 ? beyond : within
        case .correction: correction
        }
    }

    /// `1,500 orders: 1,500 beyond 15,000 (15,000 before this period)`, and `1,500 orders` where nothing is included.
    private var beyond: String {
        let free = line.amount == 0 ? ", at no charge" : ""
        guard line.threshold > 0 else { return line.before == 0 ? counted + free : "\(counted)\(earlier)\(free)" }
        // What has other days than the service has no count before it either.
        let before = countedDays == nil ? earlier : ""
        return "\(counted): \(number(line.billable)) beyond \(number(line.threshold))\(before)\(free)"
    }

    /// `1,500 orders`; with the days, where they are not those of the service, `1,500 orders (2023-11-01 to 2023-11-30)`.
    private var counted: String {
        count(line.quantity) + (countedDays.map { " (\(PeriodText.inclusive($0)))" } ?? "")
    }

    private var earlier: String { " (\(number(line.before)) before \(start))" }

    /// `900 orders, all included (900 of 1,000 used)`
    private var within: String {
        let used = Int128(line.before) + Int128(line.quantity)
        guard used <= Int128(line.threshold) else {
            // Beyond the threshold without a unit of its own beyond it: nothing was counted.
            return counted + earlier
        }
        guard line.threshold > 0 else { return counted }
        let limit = number(line.threshold)
        return "\(counted), all included (\(number(used)) of \(limit) used)"
    }

    /// `corrects line 2 of northwind-silver/2022-02-10: +400 orders, -400 beyond 15,400`
    private var correction: String {
        let corrected = line.corrects.map { "corrects \(Self.name($0, of: document))" } ?? "corrects an earlier line"
        let limit = number(line.threshold)
        let quantity =
            line.quantity == 0
            ? "no change in \(unit.other)"
            : "\(NumberText.signed(line.quantity, places: unit.places)) \(unit.word(for: line.quantity))"
        guard line.threshold > 0 else { return "\(corrected): \(quantity)" }
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
