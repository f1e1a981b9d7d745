import TestSupport
import Testing

/// A source that is read again says what is otherwise than in the books, and nothing is stored.
@Suite("Reconciling a source")
struct SourceComparisonTests: PlaysShop {
    private static let version = [
        "prices:", "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    private func reconcile(_ books: Books, _ more: String...) throws -> Program.Outcome {
        let words =
            ["reconcile", "--source", "counts", "--from", "2026-01-01", "--to", "2026-01-05", "--as-of", "2026-02-02"]
            + more
        return try Program.meterbook.run(
            words + ["--deployment", books.folder.path, "--database", books.conninfo(for: words)])
    }

    @Test("New, changed and gone readings stand with old, new and difference, and with the invoices of their days")
    func differences() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.version, large: Self.version)
            try self.count(books, "2026-01-01,5", "2026-01-02,6", "2026-01-03,7", "2026-01-20,8")
            try self.nights(books, "2026-01-01", "2026-02-01")
            let equal = try self.reconcile(books)
            #expect(equal.code == 0, "\(equal.output) \(equal.errors)")
            #expect(
                equal.output == """
                    counts, from 2026-01-01 until before 2026-01-05               nothing was stored
                    3 readings are the same.
                    The source and the books agree.

                    """, "\(equal.output)")

            // The 2nd is restated by +4, the 3rd is gone, the 4th is new; the 20th lies outside the window.
            try self.count(books, "2026-01-01,5", "2026-01-02,10", "2026-01-04,2", "2026-01-20,80")
            let before = try books.hash(journal: true)
            let found = try self.reconcile(books)
            #expect(found.code == 65)
            #expect(
                found.output == """
                    counts, from 2026-01-01 until before 2026-01-05               nothing was stored
                    1 reading is the same.

                    Meter   New  Changed  Gone  Difference
                    ------  ---  -------  ----  ----------
                    orders    1        1     1          -1

                    Day         Account  Channel  Meter   Books  Source  Difference
                    ----------  -------  -------  ------  -----  ------  ----------
                    2026-01-02  a        x        orders      6      10           4
                    2026-01-03  a        x        orders      7    none          -7
                    2026-01-04  a        x        orders   none       2           2

                    Invoices of these days, which the next ones would correct:
                      s/2026-02-01                                                             draft

                    Take in what is new and changed; what is gone stays in the books until the
                    source says 0:
                      meterbook pull --source counts --from 2026-01-01 --to 2026-01-05

                    """, "\(found.output)")
            #expect(try books.hash(journal: true) == before)
            let json = try JSON(self.reconcile(books, "--json").output)
            #expect(try json.number("same") == 1)
            #expect(try json.list("differences").map { try $0.text("kind") } == ["changed", "gone", "new"])

            try books.run("invoice", "finalize", "--all", "--as-of", "2026-02-01")
            #expect(try self.reconcile(books).output.contains("finalized"))
        }
    }
}
