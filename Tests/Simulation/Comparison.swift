import Foundation
import Oracle

/// Holds what the program says against what the oracle says.
enum Comparison {
    /// - Parameter export: all invoices, as they are exported: one a line.
    /// - Throws: `Flaw`.
    static func invoices(of oracle: OracleBooks, in export: String) throws {
        var expected: [String: [String]] = [:]
        for (key, account) in oracle.accounts {
            for invoice in account.invoices {
                expected["\(key)/\(invoice.period.end)"] = lines(invoice, of: key, account)
            }
        }
        var found: [String: [String]] = [:]
        for text in export.split(separator: "\n") {
            guard let invoice = Exported(text) else { throw Flaw(.invoices, "no invoice: \(text)") }
            found[invoice.reference] = invoice.lines
        }
        for reference in Set(expected.keys).union(found.keys).sorted() where expected[reference] != found[reference] {
            throw Flaw(
                .invoices,
                """
                invoice \(reference)
                the oracle:
                \(expected[reference]?.map { "  \($0)" }.joined(separator: "\n") ?? "  none")
                the program:
                \(found[reference]?.map { "  \($0)" }.joined(separator: "\n") ?? "  none")
                """)
        }
    }

    private static func lines(_ invoice: Invoice, of key: String, _ account: SubscriptionAccount) -> [String] {
        invoice.lines.enumerated().map { index, line in
            "\(index + 1) \(line.kind) \(line.price) \(line.service) \(line.quantity) \(line.before) \(line.threshold) "
                + "\(line.billable) \(line.amount)"
                + (line.corrects.map { " corrects \(key)/\($0.end)#\($0.line)" } ?? "")
        } + ["total \(invoice.total)"]
    }
}

/// An invoice of the export, with numbers as digits without their points.
private struct Exported {
    let reference: String
    let lines: [String]

    init?(_ text: Substring) {
        let parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        guard let parsed, let reference = parsed["reference"] as? String,
            let lines = parsed["lines"] as? [[String: Any]], let total = Self.digits(parsed["total"])
        else { return nil }
        self.reference = reference
        var written: [String] = []
        for line in lines {
            guard let service = line["service"] as? [String: Any], let start = service["start"] as? String,
                let end = service["end"] as? String
            else { return nil }
            var fields = [
                Self.digits(line["line"]), line["kind"] as? String, line["price"] as? String, "\(start)/\(end)",
            ]
            for name in ["quantity", "counted_before", "threshold", "billable", "amount"] {
                fields.append(Self.digits(line[name]))
            }
            if let corrects = line["corrects"] as? String { fields += ["corrects", corrects] }
            written.append(fields.map { $0 ?? "?" }.joined(separator: " "))
        }
        self.lines = written + ["total \(total)"]
    }

    private static func digits(_ value: Any?) -> String? {
        guard let text = (value as? String) ?? (value as? NSNumber)?.stringValue else { return nil }
        let digits = text.filter { $0 != "." && $0 != "-" }.drop { $0 == "0" }
        return digits.isEmpty ? "0" : (text.hasPrefix("-") ? "-" : "") + digits
    }
}
