import Foundation
import TestSupport
import Testing

/// Whatever is changed beneath an invoice, behind the program's back, is found, and no other invoice is named.
@Suite("Replay of altered books")
struct ReplayAlterationTests {
    /// An invoice of the books, and what can be altered of it.
    private struct Target {
        var customer: String
        var subscription: String
        var end: String
        var reference: String
        /// A reading of its period, by its key.
        var reading: String?

        var invoice: String {
            "customer_id = \(customer) AND subscription_id = \(subscription) AND period_ends = '\(end)'"
        }
    }

    /// One column of one row that is altered, or one row too many or too few; in SQL, of a target.
    private enum Alteration: CaseIterable {
        case amount, quantity, billable, before, threshold, price, kind, serviceStart, serviceEnd, lostLine, moreLine,
            movedLine, total, currency, lineCount, lostInvoice, reading, lostReading, earlierReading

        func sql(_ target: Target, by step: Int) -> String? {
            func line(_ set: String, _ kind: String = "usage") -> String {
                "UPDATE meterbook.invoice_line SET \(set) WHERE \(target.invoice) AND line_kind = '\(kind)'"
            }
            func invoice(_ set: String) -> String { "UPDATE meterbook.invoice SET \(set) WHERE \(target.invoice)" }
            switch self {
            case .amount: return line("amount = amount + \(step)", step % 2 == 0 ? "usage" : "flat")
            case .quantity: return line("quantity = quantity + \(step)")
            case .billable: return line("billable = 0", "flat")
            case .before: return line("counted_before = \(step)")
            case .threshold: return line("threshold = threshold + \(step)")
            case .price: return line("price_id = (SELECT min(price_id) FROM meterbook.price)")
            case .kind: return line("line_kind = 'minimum'")
            case .serviceStart: return line("service_starts = service_starts - \(step)")
            case .serviceEnd: return line("service_ends = service_ends + \(step)", "flat")
            case .lostLine: return "DELETE FROM meterbook.invoice_line WHERE \(target.invoice) AND line_kind = 'usage'"
            case .moreLine:
                return """
                    INSERT INTO meterbook.invoice_line (
                        customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts,
                        service_ends, quantity, counted_before, threshold, billable, amount)
                    SELECT customer_id, subscription_id, period_ends, kind, 3, line_kind, price_id, service_starts,
                        service_ends, quantity, counted_before, threshold, billable, 0
                    FROM meterbook.invoice_line WHERE \(target.invoice) AND line = 1
                    """
            case .movedLine: return line("line = line + \(step)")
            case .total: return invoice("total = total + \(step)")
            case .currency: return invoice("currency = 'EUR'")
            case .lineCount: return invoice("line_count = line_count + 1")
            case .lostInvoice: return "DELETE FROM meterbook.invoice WHERE \(target.invoice)"
            case .reading:
                return target.reading.map {
                    "UPDATE meterbook.reading SET quantity = quantity + \(step) WHERE \($0)"
                }
            case .lostReading: return target.reading.map { "DELETE FROM meterbook.reading WHERE \($0)" }
            case .earlierReading:
                // As if it had come only after the close.
                return target.reading.map { "UPDATE meterbook.reading SET pull_id = 1000000 WHERE \($0)" }
            }
        }
    }

    @Test("Each of 1,000 alterations in 1,000 invoices is found, and no other invoice is named")
    func alterations() async throws {
        let seed = SeededGenerator().seed
        try await withBooks(of: CDNOW.pulled(customers: 3_000)) { books in
            var random = SeededGenerator(seed: seed)
            try books.run("close", "--as-of", CDNOW.lastDay)
            #expect(try books.replays())

            // One invoice of a subscription, for 1,000 of them; each counts its own month alone. Every other one has a reading.
            var targets = try books.sql(
                """
                SELECT i.customer_id, i.subscription_id, i.period_ends, s.key || '/' || i.period_ends,
                    (
                        SELECT format('day = %L AND customer_id = %s AND account_id = %s', r.day, r.customer_id, r.account_id)
                        FROM meterbook.reading AS r
                        JOIN meterbook.billing_period AS b
                            ON b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id
                            AND b.ends = i.period_ends AND r.day >= b.starts AND r.day < b.ends
                        JOIN meterbook.membership AS m
                            ON m.subscription_id = i.subscription_id AND m.account_id = r.account_id
                        WHERE r.customer_id = i.customer_id AND r.quantity > 0
                        ORDER BY r.day LIMIT 1
                    )
                FROM meterbook.invoice AS i JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                WHERE i.period_ends = (
                    SELECT min(b.ends) + CASE WHEN s.subscription_id % 2 = 0 THEN interval '0' ELSE interval '2 months' END
                    FROM meterbook.billing_period AS b
                    WHERE b.customer_id = i.customer_id AND b.subscription_id = i.subscription_id)
                ORDER BY s.key
                """
            ).split(separator: "\n").map { row in
                let columns = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                return Target(
                    customer: columns[0], subscription: columns[1], end: columns[2], reference: columns[3],
                    reading: columns[4].isEmpty ? nil : columns[4])
            }
            targets.shuffle(using: &random)
            try #require(targets.count >= 1_000)

            var altered: [String: Alteration] = [:]
            var script: [String] = []
            for target in targets.prefix(1_000) {
                while altered[target.reference] == nil {
                    let alteration = Alteration.allCases.randomElement(using: &random) ?? .amount
                    // None of the first month's is without an order, so a reading taken away is always missed.
                    guard let sql = alteration.sql(target, by: Int.random(in: 1...9, using: &random)) else { continue }
                    altered[target.reference] = alteration
                    script.append(sql)
                }
            }
            #expect(Set(altered.values).count == Alteration.allCases.count)
            try books.tamper("BEGIN; \(script.joined(separator: ";\n")); COMMIT")

            let report = try JSON(books.meterbook("replay", "--all", "--json", "--limit", "10000").output)
            let found = Set(try report.list("findings").map { try $0.text("reference") })
            let missed = altered.filter { !found.contains($0.key) }
            #expect(
                missed.isEmpty, "seed \(seed): \(missed.count) not found, such as \(missed.first.map { "\($0)" } ?? "")"
            )
            let others = found.subtracting(altered.keys)
            #expect(others.isEmpty, "seed \(seed): \(others.count) others, such as \(others.first ?? "")")
            #expect(try report.number("different") == 1_000)
            #expect(try report.number("not_replayable") == 0)
        }
    }
}
