import Foundation
import Oracle
import Postgres

/// Holds what the program says against what the oracle says.
enum Comparison {
    /// - Parameter export: all invoices, as they are exported: one a line.
    /// - Throws: `Flaw`.
    static func invoices(of oracle: OracleBooks, in export: String) throws {
        var expected: [String: [String]] = [:]
        for (key, account) in oracle.accounts {
            for invoice in account.invoices {
                let reference = "\(key)/\(invoice.period.end)" + (invoice.kind == "period" ? "" : "/\(invoice.kind)")
                expected[reference] = lines(invoice, of: key, account)
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

extension Comparison {
    /// - Throws: `Flaw`.
    static func decisions(of oracle: OracleBooks, on connection: Connection) throws {
        let found = try connection.query(
            """
            SELECT concat_ws('|', s.key, d.month, d.rule, d.decided_on, p.key, d.outcome, d.reason, coalesce(t.key, ''),
                d.window_starts, array_to_string(d.counted, ','), coalesce(d.figure_sum || '/' || d.figure_months, ''),
                coalesce(c.takes_effect::text, ''), coalesce(c.status, ''), coalesce(c.settled_on::text, ''))
            FROM meterbook.decision AS d
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
            LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
            LEFT JOIN meterbook.plan_change AS c ON c.customer_id = d.customer_id
                AND c.subscription_id = d.subscription_id AND c.month = d.month
            """, as: String.self)
        var expected: [String] = []
        for (key, account) in oracle.accounts {
            for made in account.decisions {
                let fields: [String] = [
                    key, "\(made.month)", made.rule, "\(made.decidedOn)", made.plan, made.outcome, made.reason,
                    made.target ?? "", "\(made.windowStarts)", made.counted.map(String.init).joined(separator: ","),
                    made.figure.map { "\($0.sum)/\($0.count)" } ?? "", made.takesEffect.map { "\($0)" } ?? "",
                    made.status ?? "", made.settledOn.map { "\($0)" } ?? "",
                ]
                expected.append(fields.joined(separator: "|"))
            }
        }
        try compare(found, expected, .decisions)
    }

    /// - Throws: `Flaw`.
    static func notices(of oracle: OracleBooks, on connection: Connection) throws {
        let found = try connection.query(
            """
            SELECT concat_ws('|', s.key, n.kind, n.topic, n.period_starts, n.threshold, n.as_of, n.due, n.status,
                n.subject, n.body)
            FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            """, as: String.self)
        let expected = oracle.notices.notices.map { notice in
            [
                notice.subscription, notice.kind, notice.topic, "\(notice.period)", "\(notice.number)",
                "\(notice.asOf)", "\(notice.due)", notice.status, notice.subject, notice.text,
            ].joined(separator: "|")
        }
        try compare(found, expected, .notices)
    }

    private static func compare(_ found: [String], _ expected: [String], _ kind: Flaw.Kind) throws {
        let (found, expected) = (found.sorted(), expected.sorted())
        guard found != expected else { return }
        func only(_ some: [String], _ others: [String]) -> String {
            let rest = some.filter { !others.contains($0) }
            return rest.isEmpty ? "  nothing" : rest.prefix(6).map { "  \($0)" }.joined(separator: "\n")
        }
        throw Flaw(
            kind,
            "\(kind)\nthe oracle alone:\n\(only(expected, found))\nthe program alone:\n\(only(found, expected))")
    }
}
