import Billing
import Mustache
import Synchronization

/// Fills the templates of a catalog with what an invoice holds. A template was checked when its catalog was applied; one
/// that cannot be read any more is shown as it is written.
enum InvoiceWording {
    /// What an invoice says of itself: `based on 13695 orders, 3 sales channels and 0 feeds connected`.
    static func description(of document: InvoiceDocument) -> String? {
        document.wording.map { template in
            var values: [String: Any] = [
                "plan": document.planNames.first ?? "", "customer": document.customerName,
                "subscription": document.subscription, "period_start": "\(document.period.start)",
                "period_end": "\(document.period.end)", "total": document.currency.format(document.total),
                "currency": document.currency.code,
            ]
            for (meter, counted) in counts(document) { values[meter] = counted }
            return render(template, values)
        }
    }

    /// What stands below a line's name; nil where the catalog says nothing.
    static func sentence(of line: InvoiceDocument.Line, in document: InvoiceDocument) -> String? {
        line.wording.map { template in
            let billed = line.line
            let unit = line.unit?.word(for: billed.quantity) ?? ""
            func plain(_ quantity: Int64) -> String { NumberText.plain(quantity, places: line.unit?.places ?? 0) }
            return render(
                template,
                [
                    "plan": line.planName, "quantity": plain(billed.quantity), "unit": unit,
                    "before": plain(billed.before), "threshold": plain(billed.threshold),
                    "billable": plain(billed.billable),
                    "service_start": "\(billed.service.start)", "service_end": "\(billed.service.end)",
                    "amount": document.currency.format(billed.amount), "currency": document.currency.code,
                ])
        }
    }

    /// What the invoice counted of each meter; what it corrects was counted before. Where two prices go by one meter, they
    /// charge the same units of a service period, which were counted once.
    private static func counts(_ document: InvoiceDocument) -> [String: Counted] {
        var counts: [String: Counted] = [:]
        var counted: [String: Set<DateRange>] = [:]
        for line in document.lines where line.line.kind == .usage {
            guard let meter = line.meter, let unit = line.unit,
                counted[meter, default: []].insert(line.line.service).inserted
            else { continue }
            counts[meter, default: Counted(0, unit)].add(line.line.quantity)
        }
        return counts
    }

    /// In a template `{{orders}}`, `{{orders.quantity}}`, `{{orders.unit}}` and `{{#orders.any}}…{{/orders.any}}`.
    private struct Counted: MustacheParent, CustomStringConvertible {
        private var sum: Int64
        private let name: UnitName

        init(_ quantity: Int64, _ name: UnitName) {
            sum = quantity
            self.name = name
        }

        mutating func add(_ quantity: Int64) {
            // What an invoice holds was summed before without an overflow, part by part; a text may not crash on it.
            sum = sum.addingReportingOverflow(quantity).overflow ? .max : sum + quantity
        }

        var description: String { "\(NumberText.plain(sum, places: name.places)) \(name.word(for: sum))" }

        func child(named part: String) -> Any? {
            switch part {
            case "quantity": NumberText.plain(sum, places: name.places)
            case "unit": name.word(for: sum)
            case "any": sum != 0
            default: nil
            }
        }
    }

    private static let parsed = Mutex<[String: MustacheTemplate]>([:])
    /// More templates than any catalogs have.
    private static let mostParsed = 10_000

    private static func render(_ template: String, _ values: [String: Any]) -> String {
        let ready = parsed.withLock { parsed -> MustacheTemplate? in
            if let known = parsed[template] { return known }
            // Text, not HTML: nothing is escaped here.
            guard let read = try? MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template) else { return nil }
            if parsed.count >= mostParsed { parsed.removeAll() }
            parsed[template] = read
            return read
        }
        return ready?.render(values) ?? template
    }
}
