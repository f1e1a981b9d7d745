import TestSupport
import Testing

/// Revised copies of finalized invoices: other billing details under the same number.
@Suite("Revised copies")
struct RevisionTests: PlaysShop {
    /// A German seller at 19 %, and a customer in Berlin who pays 100.00 on 2026-01-01 and on each first of a month.
    private func deploy(_ books: Books, finalize: String = "at_once") throws {
        let flat = ["prices:", "  base: {flat: {month: 100.00}, name: Base, charged: in_advance}"]
        try deploy(
            books, small: flat, large: flat,
            changes: """
                invoices: {finalize: \(finalize)}
                seller: {name: Shop GmbH, address: [Hauptstr. 1, 10115 Berlin], country: DE, tax_numbers: {DE: DE136695976}}
                tax: {prices: exclusive, rates: [{country: DE, category: standard, from: 2007-01-01, percent: 19}]}
                """)
        try books.folder.write(
            "customer,name,legal_name,address_1,postal_code,city,country\nc,C,C AG,Ring 5,80331,Muenchen,DE\n",
            to: "customers.csv")
        try nights(books, "2026-01-01")
    }

    private func revise(
        _ books: Books, _ invoice: String = "s/2026-01-01", on day: String, _ more: String...
    ) throws -> Program.Outcome {
        try Program.meterbook.run(
            [
                "invoice", "revise", invoice, "--reason", "moved", "--by", "A. Clerk", "--as-of", day, "--database",
                books.database.conninfo,
            ] + more)
    }

    private func details(_ books: Books, on day: String, _ words: String...) throws {
        _ = try Program.meterbook.run(
            ["customer", "details", "c", "--as-of", day, "--database", books.database.conninfo] + words)
    }

    @Test("A revision has the details of now and all else of the original, which is kept")
    func revised() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let original = try books.run("invoice", "show", "s/2026-01-01")
            #expect(original.contains("  C AG\n  Ring 5\n"))
            try self.details(books, on: "2026-01-10", "--address", "Allee 7", "--po-number", "PO-9")
            let before = try books.hash()
            let dry = try self.revise(books, on: "2026-01-11", "--dry-run")
            #expect(dry.code == 0 && dry.output.contains("  Allee 7\n"), "\(dry.errors)")
            #expect(try books.hash() == before)
            #expect(try books.run("invoice", "show", "s/2026-01-01") == original)

            let revised = try self.revise(books, on: "2026-01-11")
            #expect(
                revised.output == """
                    Invoice s/2026-01-01                                                   finalized
                    Number 2026-000001                                             issued 2026-01-01
                    Revision 1 of 2026-000001, on 2026-01-11 by A. Clerk: moved
                    C (c)
                      C AG
                      Allee 7
                      80331 Muenchen
                      DE
                      Order number PO-9
                    2026-01-01                                                            plan small

                      1  Base                                 2026-01-01 to 2026-01-31        100.00
                                                                             Total USD        100.00
                      tax DE standard 19 % on 100.00                                           19.00
                      to be paid USD                                                          119.00

                    Tax number of the seller: DE136695976

                    """, "\(revised.output)\(revised.errors)")
            try self.details(books, on: "2026-01-20", "--legal-name", "D AG")
            #expect(
                try self.revise(books, on: "2026-01-21").output.contains("Revision 2 of 2026-000001, on 2026-01-21"))
            #expect(try books.run("invoice", "show", "s/2026-01-01").contains("  D AG\n  Allee 7\n"))
            #expect(try books.run("invoice", "show", "s/2026-01-01", "--revision", "0") == original)
            #expect(try books.run("invoice", "show", "s/2026-01-01", "--revision", "1") == revised.output)
            let export = try books.run("invoice", "export")
            #expect(
                export.contains(
                    #""revision":{"number":2,"on":"2026-01-21","reason":"moved","by":"A. Clerk"},"net":"100.00""#),
                "\(export)")
            #expect(export.contains(#""bill_to":{"version":3,"legal_name":"D AG""#), "\(export)")
            let none = try books.meterbook("invoice", "show", "s/2026-01-01", "--revision", "3")
            #expect(none.code == 64 && none.errors.contains("has no revision 3, only 0 to 2"), "\(none.errors)")
            #expect(try books.meterbook("invoice", "show", "s/2026-01-01", "--revision", "-1").code == 64)
            #expect(
                try books.run("invoice", "verify-chain").split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    .hasSuffix("1 number, each follows from the one before, and so do 2 revisions."))

            // Erased details are gone from every copy, and nothing breaks by it.
            try books.run("customer", "erase", "c", "--as-of", "2026-02-02")
            for revision in ["0", "1", "2"] {
                let shown = try books.run("invoice", "show", "s/2026-01-01", "--revision", revision)
                #expect(!shown.contains("AG") && !shown.contains("Allee") && shown.contains("119.00"), "\(shown)")
            }
            #expect(try books.run("invoice", "verify-chain").contains("and so do 2 revisions"))
            let erased = try self.revise(books, on: "2026-02-03")
            #expect(erased.code == 65 && erased.errors.contains("(details_erased)"), "\(erased.errors)")
            try self.details(books, on: "2026-02-04", "--legal-name", "E AG", "--country", "DE")
            #expect(try self.revise(books, on: "2026-02-05").output.contains("Revision 3 of 2026-000001"))
            #expect(try books.run("invoice", "verify-chain").contains("and so do 3 revisions"))
            #expect(try books.agree())
        }
    }

    @Test("Nothing new, a draft, a voided invoice and another tax are refused, and nothing is written")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books, finalize: "by_hand")
            func expect(_ code: String, _ words: String, on day: String) throws {
                let before = try books.hash()
                let outcome = try self.revise(books, on: day)
                #expect(outcome.code == 65, "\(code): \(outcome.errors)\(outcome.output)")
                #expect(outcome.errors.contains("(\(code))") && outcome.errors.contains(words), "\(outcome.errors)")
                #expect(try books.hash() == before)
            }
            try expect("invoice_draft", "is a draft", on: "2026-01-02")
            try books.run("invoice", "finalize", "s/2026-01-01", "--as-of", "2026-01-02")
            try expect("details_unchanged", "meterbook customer details", on: "2026-01-03")
            // A mail address stands on no invoice.
            try self.details(books, on: "2026-01-04", "--email", "c@c.example")
            try expect("details_unchanged", "meterbook customer details", on: "2026-01-05")
            try self.details(books, on: "2026-01-06", "--country", "CH")
            try expect("tax_changed", "meterbook invoice reissue", on: "2026-01-07")
            try self.details(books, on: "2026-01-08", "--country", "AT")
            // Austria is taxed at the seller's rate: another country, and the same tax.
            #expect(try self.revise(books, on: "2026-01-09").code == 0)
            try self.details(books, on: "2026-01-10", "--tax-exempt", "an embassy")
            try expect("tax_changed", "would be taxed otherwise", on: "2026-01-11")
            try books.run("invoice", "void", "s/2026-01-01", "--reason", "r", "--by", "b", "--as-of", "2026-01-12")
            try expect("invoice_voided", "was voided", on: "2026-01-13")
            #expect(try self.revise(books, "s/2026-01-02", on: "2026-01-13").code == 64)
            #expect(try books.agree())
        }
    }

    @Test("An altered, lost, moved or added revision is found, the last one too")
    func altered() async throws {
        try await withBooks { books in
            try self.deploy(books)
            for (address, day) in [("A 1", "2026-01-10"), ("B 2", "2026-01-11"), ("C 3", "2026-01-12")] {
                try self.details(books, on: day, "--address", address)
                #expect(try self.revise(books, on: day).code == 0)
            }
            try books.tamper("CREATE TABLE kept AS SELECT * FROM meterbook.invoice_revision")
            let table = "meterbook.invoice_revision"
            let changes: [(change: String, says: String)] = [
                (
                    "UPDATE \(table) SET reason = 'x' WHERE revision = 2",
                    "revision 2 of 2026-000001 is not what was written"
                ),
                (
                    "UPDATE \(table) SET author = 'x' WHERE revision = 1",
                    "revision 1 of 2026-000001 is not what was written"
                ),
                (
                    "UPDATE \(table) SET revised_on = '2026-01-13' WHERE revision = 3",
                    "revision 3 of 2026-000001 is not"
                ),
                ("UPDATE \(table) SET details_version = 1 WHERE revision = 2", "revision 2 of 2026-000001 is not what"),
                ("DELETE FROM \(table) WHERE revision = 1", "a revision is missing"),
                ("DELETE FROM \(table) WHERE revision = 3", "a revision is missing"),
                ("DELETE FROM \(table)", "a revision is missing"),
                (
                    """
                    INSERT INTO \(table) SELECT customer_id, subscription_id, period_ends, kind, 4, series_id, 3, details_version,
                        details_digest, revised_on, reason, author, digest, run_id FROM kept WHERE revision = 3
                    """, "revision 4 of 2026-000001 was put in"
                ),
                (
                    """
                    DELETE FROM \(table) WHERE revision = 3;
                    UPDATE meterbook.invoice_series SET revisions = 2
                    """, "the series remembers other revisions than there are"
                ),
                (
                    "UPDATE \(table) SET period_ends = '2026-02-01' WHERE revision = 2",
                    "a revision 2 of an invoice without a number"
                ),
            ]
            for (change, says) in changes {
                try books.tamper(change)
                let chain = try books.meterbook("invoice", "verify-chain")
                let words = chain.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(chain.code == 65 && words.contains(says), "\(change): \(chain.output)")
                #expect(
                    try JSON(books.meterbook("invoice", "verify-chain", "--json").output).list("series")[0].flag(
                        "is_sound") == false)
                try books.tamper(
                    """
                    DELETE FROM \(table);
                    INSERT INTO \(table) SELECT * FROM kept;
                    UPDATE meterbook.invoice_series SET revisions = 3
                    """)
                #expect(try books.meterbook("invoice", "verify-chain").code == 0)
            }
            // A trigger refuses it to whoever does not switch it off.
            for change in ["UPDATE \(table) SET reason = 'x'", "DELETE FROM \(table)", "TRUNCATE \(table)"] {
                let error = #expect(throws: (any Error).self) { try books.sql(change) }
                #expect("\(error.map { "\($0)" } ?? "")".contains("are only added"), "\(change)")
            }
        }
    }
}
