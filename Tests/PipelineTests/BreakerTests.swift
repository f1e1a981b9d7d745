import TestSupport
import Testing

/// Drafts that look wrong wait for a person; the others are finalized.
@Suite("Held invoices")
struct BreakerTests: PlaysShop {
    private static let version = [
        "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
        "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    private func deploy(_ books: Books, hold: String) throws {
        try deploy(
            books, small: Self.version, large: Self.version,
            changes: "invoices: {finalize: at_once, hold: \(hold)}")
    }

    /// Counts of the 10th of months, from January on.
    private func counts(_ books: Books, _ quantities: Int...) throws {
        try count(books, quantities.enumerated().map { "2026-0\($0 + 1)-10,\($1)" })
    }

    private func reasons(_ books: Books) throws -> String {
        try books.sql(
            "SELECT period_ends, reason, subject, figure, bound, status FROM meterbook.invoice_hold ORDER BY 1, 2")
    }

    @Test("A jump is held with its figure, the others are finalized, and it gets the next number when it is released")
    func jump() async throws {
        try await withBooks { books in
            try self.deploy(books, hold: "{jump: 3, least: 20}")
            try self.counts(books, 5, 6, 7, 22, 5)
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            let night = try books.meterbook("nightly", "--as-of", "2026-05-01", "--deployment", books.folder.path)
            #expect(night.code == 65)
            #expect(night.output.contains("1 invoice waits for a person: meterbook hold list"), "\(night.output)")
            // The median of 5, 6 and 7 is 6; three times that is 18.
            #expect(try self.reasons(books) == "2026-05-01|usage_jump|orders|22|6|held")
            let list = try books.run("hold", "list")
            #expect(
                list == """
                    invoice s/2026-05-01                                           usage_jump, run 6
                        22 orders, more than 3 times the median of the 3 periods before, 6

                    """, "\(list)")
            try self.nights(books, "2026-06-01")
            #expect(try self.labels(books) == ["1", "2", "3", "4", "held", "5"])
            let refused = try books.meterbook("invoice", "finalize", "s/2026-05-01", "--as-of", "2026-06-02")
            #expect(refused.code == 65)
            #expect(
                refused.errors.contains("Release it first: meterbook hold release s/2026-05-01"), "\(refused.errors)")
            try books.run("hold", "release", "s/2026-05-01", "--by", "A. Clerk", "--as-of", "2026-06-02")
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
            try self.nights(books, "2026-06-02")
            #expect(try self.labels(books) == ["1", "2", "3", "4", "6", "5"])
            let again = try books.meterbook(
                "hold", "release", "s/2026-05-01", "--by", "A. Clerk", "--as-of", "2026-06-02")
            #expect(again.code == 65)
            #expect(again.errors.contains("is not held"), "\(again.errors)")
        }
    }

    /// The numbers of the invoices in order of their dates.
    private func labels(_ books: Books) throws -> [String] {
        try books.sql(
            """
            SELECT coalesce(f.number::text, 'held') FROM meterbook.invoice AS i
            LEFT JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
            ORDER BY i.period_ends
            """
        ).split(separator: "\n").map(String.init)
    }

    @Test(
        "No use, a stale channel, a source that was not read, and an invoice over the cap: four reasons, four figures")
    func reasons() async throws {
        try await withBooks { books in
            try self.deploy(books, hold: "{silence: yes, stale: 20 days, missing_pull: yes, above: 45.00}")
            let counts = ["2026-01-10,5", "2026-02-10,6", "2026-03-10,7", "2026-06-02,3"]
            try self.count(books, counts)
            // Of January to March the last reading is of the 10th: 21, 18 and 21 days before the end.
            for night in ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"] {
                _ = try books.meterbook("nightly", "--as-of", night, "--deployment", books.folder.path)
            }
            // The close of July is made without reading anything again: of May nothing was counted either, so June has
            // use where the period before had none.
            try self.count(books, counts + ["2026-06-20,30"])
            _ = try books.meterbook("pull", "--as-of", "2026-06-25", "--deployment", books.folder.path)
            _ = try books.meterbook("close", "--as-of", "2026-07-01")
            #expect(
                try self.reasons(books) == """
                    2026-02-01|stale_usage||21|20|held
                    2026-04-01|stale_usage||21|20|held
                    2026-05-01|no_usage|orders|0|5|held
                    2026-07-01|above_cap||5300|4500|held
                    2026-07-01|missing_pull|counts|6|0|held
                    """)
        }
    }

    @Test("A rejected invoice is voided and never gets a number; of several invoices all are rejected or none")
    func rejected() async throws {
        try await withBooks { books in
            try self.deploy(books, hold: "{above: 29.99}")
            for night in ["2026-01-01", "2026-02-01"] {
                _ = try books.meterbook("nightly", "--as-of", night, "--deployment", books.folder.path)
            }
            let reject = ["hold", "reject", "--reason", "test orders", "--by", "A. Clerk", "--as-of", "2026-02-02"]
            let mixed = try Program.meterbook.run(
                reject + ["s/2026-02-01", "s/2026-03-01", "--database", books.conninfo(for: reject)])
            #expect(mixed.code == 64)
            #expect(try self.reasons(books).contains("2026-02-01|above_cap||3000|2999|held"))
            try Program.meterbook.run(reject + ["s/2026-02-01", "--database", books.conninfo(for: reject)])
            #expect(
                try self.reasons(books)
                    == "2026-01-01|above_cap||3000|2999|held\n2026-02-01|above_cap||3000|2999|rejected")
            #expect(
                try books.run("invoice", "show", "s/2026-02-01").contains(
                    "Voided on 2026-02-02 by A. Clerk: test orders"))
            try books.run("invoice", "void", "s/2026-01-01", "--reason", "r", "--by", "b", "--as-of", "2026-02-03")
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
            try books.run("invoice", "finalize", "--all", "--as-of", "2026-02-03")
            #expect(try books.sql("SELECT count(*) FROM meterbook.finalized_invoice") == "0")
        }
    }

    @Test("The cap is that of the invoice's currency, and the invoice of a change of plan has it too")
    func currencies() async throws {
        try await withBooks { books in
            func version(_ usd: String, _ jpy: String) -> [String] {
                [
                    "prices:",
                    "  base: {flat: {month: {USD: \(usd), JPY: \(jpy)}}, name: Base, charged: in_advance, prorated: yes}",
                ]
            }
            try self.deploy(
                books, small: version("30.00", "3000"), large: version("90.00", "9000"),
                changes: "invoices: {hold: {above: {USD: 50.00, JPY: 2999}}}", currency: "[USD, JPY]")
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer,currency\ns,small,2026-01-01,month,c,USD\n"
                    + "j,small,2026-01-01,month,c,JPY\n", to: "subscriptions.csv")
            _ = try books.meterbook("nightly", "--as-of", "2026-01-01", "--deployment", books.folder.path)
            // 30 of 31 days: 58.06 more; not above 50.00 less what is given back is 87.10 - 29.03.
            try self.change(books, to: "large", at: "now", on: "2026-01-02")
            #expect(
                try books.sql(
                    """
                    SELECT s.key, h.period_ends, h.kind, h.figure, h.bound FROM meterbook.invoice_hold AS h
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id) ORDER BY 2
                    """) == "j|2026-01-01|period|3000|2999\ns|2026-01-02|change|5807|5000")
        }
    }
}
