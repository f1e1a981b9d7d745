import Foundation
import TestSupport
import Testing

/// Finalized invoices that are taken back and issued again: the same lines, under another number.
@Suite("Invoices issued again")
struct ReissueTests: PlaysShop {
    /// 100.00 in advance on each first of a month from 2026-01-01 on, and orders at 1.00 beyond ten; 19 % tax in Germany, where
    /// the customer is.
    private func deploy(_ books: Books, finalize: String = "at_once") throws {
        let prices = [
            "prices:", "  base: {flat: {month: 100.00}, name: Base, charged: in_advance}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00, hide_zero: true}",
        ]
        try deploy(
            books, small: prices, large: prices,
            changes: """
                invoices: {finalize: \(finalize)}
                seller: {name: Shop GmbH, address: [Hauptstr. 1, 10115 Berlin], country: DE, tax_numbers: {DE: DE136695976}}
                tax: {prices: exclusive, rates: [{country: DE, category: standard, from: 2007-01-01, percent: 19}]}
                """)
        try books.folder.write("customer,name,legal_name,country\nc,C,C AG,DE\n", to: "customers.csv")
        try nights(books, "2026-01-01")
    }

    private func reissue(_ books: Books, _ words: String..., on day: String) throws -> Program.Outcome {
        try Program.meterbook.run(
            ["invoice", "reissue"] + words
                + ["--reason", "no tax", "--by", "A. Clerk", "--as-of", day, "--database", books.database.conninfo])
    }

    private func exempt(_ books: Books, on day: String) throws {
        try books.run("customer", "details", "c", "--as-of", day, "--tax-exempt", "an embassy")
    }

    private func entries(_ books: Books) throws -> String {
        try books.sql(
            "SELECT entry, origin, issue, amount, balance, entered_on FROM meterbook.credit_entry ORDER BY entry")
    }

    @Test(
        "The next number has the lines of before with the tax of now, each number names the other, and what was paid pays it"
    )
    func reissued() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.run(
                "invoice", "payment", "s/2026-01-01", "--status", "paid", "--by", "Bank", "--as-of", "2026-01-05")
            try self.exempt(books, on: "2026-01-10")
            let before = try books.hash()
            let dry = try self.reissue(books, "s/2026-01-01", "--dry-run", on: "2026-01-11")
            #expect(dry.code == 0 && dry.output.contains("2026-000002"), "\(dry)")
            #expect(try books.hash() == before)

            let done = try self.reissue(books, "s/2026-01-01", on: "2026-01-11")
            #expect(
                done.output == """
                    Invoice       Voided       Takes its place
                    ------------  -----------  ---------------
                    s/2026-01-01  2026-000001  2026-000002

                    """, "\(done)")
            #expect(
                try books.run("invoice", "show", "s/2026-01-01") == """
                    Invoice s/2026-01-01                                                   finalized
                    Number 2026-000002                                             issued 2026-01-11
                    It takes the place of 2026-000001, on 2026-01-11 by A. Clerk: no tax
                    C (c)
                      C AG
                      DE
                    2026-01-01                                                            plan small

                      1  Base                                 2026-01-01 to 2026-01-31        100.00
                                                                             Total USD        100.00
                      with tax USD                                                            100.00
                      paid by the customer's credit                                          -100.00
                      to be paid USD                                                            0.00

                    Exempt from tax: an embassy
                    Tax number of the seller: DE136695976

                    """)
            let first = try books.run("invoice", "show", "s/2026-01-01", "--issue", "1")
            #expect(
                first.hasPrefix(
                    """
                    Invoice s/2026-01-01                                                      voided
                    Number 2026-000001                                             issued 2026-01-01
                    paid since 2026-01-05
                    Voided on 2026-01-11 by A. Clerk: no tax
                    2026-000002 of 2026-01-11 takes its place
                    C (c)

                    """), "\(first)")
            #expect(first.contains("tax DE standard 19 % on 100.00                                           19.00"))
            #expect(try books.run("invoice", "show", "s/2026-01-01", "--issue", "2").contains("Number 2026-000002"))
            // Of the 119.00 that were paid the new one needs 100.00.
            #expect(try self.entries(books) == "1|void|1|11900|11900|2026-01-11\n2|used|2|-10000|1900|2026-01-11")
            #expect(
                try books.run("invoice", "list").split(separator: "\n").filter { $0.contains("s/2026-01-01") }.map {
                    $0.split(separator: " ").suffix(3).joined(separator: " ")
                } == ["voided 100.00 USD", "finalized 100.00 USD"])
            let export = try books.run("invoice", "export").split(separator: "\n")
            #expect(export.count == 2)
            #expect(
                export.first?.contains(
                    #""status":"voided","number":"2026-000001","issued_on":"2026-01-01","replaced_by":{"number":"2026-000002","issued_on":"2026-01-11"},"net":"100.00","tax":"19.00""#
                ) == true, "\(export)")
            #expect(
                export.last?.contains(
                    #""status":"finalized","number":"2026-000002","issued_on":"2026-01-11","replaces":{"number":"2026-000001","on":"2026-01-11","reason":"no tax","by":"A. Clerk"},"net":"100.00","tax":"0.00""#
                ) == true, "\(export)")
            #expect(try books.run("invoice", "verify-chain").contains("2 numbers, each follows"))
            #expect(try books.agree())

            // Paid by credit or not, it can be paid, revised and issued again as any other.
            try books.run(
                "invoice", "payment", "s/2026-01-01", "--status", "uncollectible", "--by", "Bank", "--as-of",
                "2026-01-12")
            #expect(try books.run("invoice", "show", "s/2026-01-01", "--issue", "1").contains("paid since 2026-01-05"))
            let again = try self.reissue(books, "s/2026-01-01", "--json", on: "2026-01-13")
            #expect(
                again.output.split(whereSeparator: \.isWhitespace).joined().hasSuffix(
                    #""invoices":[{"reference":"s/2026-01-01","voided":"2026-000002","number":"2026-000003"}]}"#),
                "\(again)")
            let second = try books.run("invoice", "show", "s/2026-01-01", "--issue", "2")
            #expect(second.contains("\nuncollectible since 2026-01-12\n"), "\(second)")
            #expect(
                second.contains("takes the place of 2026-000001, on") && second.contains("2026-000003 of 2026-01-13"))
            #expect(
                try self.entries(books).hasSuffix("3|void|2|10000|11900|2026-01-13\n4|used|3|-10000|1900|2026-01-13"))
            // The nights go on as if nothing had been.
            try self.nights(books, "2026-01-14", "2026-02-01")
            #expect(
                try books.sql("SELECT period_ends, issue, label, net FROM meterbook.finalized_invoice ORDER BY number")
                    == """
                    2026-01-01|1|2026-000001|10000
                    2026-01-01|2|2026-000002|10000
                    2026-01-01|3|2026-000003|10000
                    2026-02-01|1|2026-000004|10000
                    """)
            #expect(try books.run("invoice", "verify-chain").contains("4 numbers, each follows"))
            #expect(try books.agree())
        }
    }

    @Test("What is void already gets its other number; a copy is revised and a credit note taken off the new one alone")
    func voidedBefore() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.run("customer", "details", "c", "--as-of", "2026-01-02", "--address", "Ring 1")
            try books.run(
                "invoice", "revise", "s/2026-01-01", "--reason", "moved", "--by", "b", "--as-of", "2026-01-02")
            try books.run("invoice", "void", "s/2026-01-01", "--reason", "wrong", "--by", "b", "--as-of", "2026-01-03")
            #expect(try self.reissue(books, "s/2026-01-01", on: "2026-01-04").code == 0)
            let first = try books.run("invoice", "show", "s/2026-01-01", "--issue", "1")
            #expect(first.contains("Revision 1 of 2026-000001") && first.contains("Voided on 2026-01-03 by b: wrong"))
            #expect(try !books.run("invoice", "show", "s/2026-01-01").contains("Revision"))
            try books.run("customer", "details", "c", "--as-of", "2026-01-05", "--address", "Ring 2")
            try books.run(
                "invoice", "revise", "s/2026-01-01", "--reason", "again", "--by", "b", "--as-of", "2026-01-05")
            let note = try books.run(
                "credit", "issue", "s/2026-01-01", "--line", "1=10.00", "--reason", "r", "--by", "b", "--as-of",
                "2026-01-06")
            #expect(note.contains("For invoice 2026-000002 (s/2026-01-01)"), "\(note)")
            let second = try books.run("invoice", "show", "s/2026-01-01")
            #expect(second.contains("Revision 1 of 2026-000002") && second.contains("credit note CN-2026-000001"))
            #expect(try books.run("invoice", "show", "s/2026-01-01", "--issue", "1") == first)
            #expect(try books.run("credit", "list").contains("2026-000002"))
            #expect(try books.run("invoice", "verify-chain").contains("and so do 2 revisions"))
            // A void after the last issue is one of the whole invoice again.
            let refused = try self.reissue(books, "s/2026-01-01", on: "2026-01-07")
            #expect(refused.code == 65 && refused.errors.contains("has 1 credit note"), "\(refused)")
            #expect(try books.agree())
        }
    }

    @Test(
        "Late usage is still the difference to what was billed, once, and an invoice below zero takes its credit along")
    func lateUsage() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.folder.write("account,channel,meter,day,quantity\na,x,orders,2026-01-09,30\n", to: "counts.csv")
            try self.nights(books, "2026-02-01")
            // 20 orders beyond ten.
            #expect(try self.reissue(books, "s/2026-02-01", on: "2026-02-02").code == 0)
            try books.folder.write("account,channel,meter,day,quantity\na,x,orders,2026-01-09,12\n", to: "counts.csv")
            try books.run(
                "invoice", "line", "add", "s", "--amount", "-200.00", "--text", "Goodwill", "--reason", "r", "--by",
                "b", "--as-of", "2026-02-03")
            try self.nights(books, "2026-03-01")
            // 100.00 - 18.00 - 200.00, and 19 %: -22.42 of tax.
            #expect(
                try books.sql(
                    """
                    SELECT line_kind, quantity, amount FROM meterbook.invoice_line WHERE period_ends = '2026-03-01'
                    ORDER BY line
                    """) == "flat|1|10000\nusage|0|0\ncorrection|-18|-1800\nmanual|1|-20000")
            #expect(try self.entries(books) == "1|credit_invoice|1|14042|14042|2026-03-01")
            #expect(try self.reissue(books, "s/2026-03-01", on: "2026-03-02").code == 0)
            #expect(
                try self.entries(books) == """
                    1|credit_invoice|1|14042|14042|2026-03-01
                    2|void|1|-14042|0|2026-03-02
                    3|credit_invoice|2|14042|14042|2026-03-02
                    """)
            #expect(try books.agree())
        }
    }

    @Test("A draft, a voided draft, and one of several that cannot be are refused, and nothing is written")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books, finalize: "by_hand")
            try self.nights(books, "2026-02-01", "2026-03-01")
            try books.run("invoice", "finalize", "s/2026-01-01", "--as-of", "2026-03-01")
            try books.run("invoice", "void", "s/2026-03-01", "--reason", "r", "--by", "b", "--as-of", "2026-03-01")
            let before = try books.hash()
            let draft = try self.reissue(books, "s/2026-01-01", "s/2026-02-01", on: "2026-03-02")
            #expect(draft.code == 65, "\(draft)")
            #expect(draft.errors.contains("invoice 's/2026-02-01' is a draft, which has no number yet"), "\(draft)")
            let voided = try self.reissue(books, "s/2026-03-01", on: "2026-03-02")
            #expect(voided.code == 65 && voided.errors.contains("was voided as a draft"), "\(voided)")
            #expect(try self.reissue(books, "s/2026-04-01", on: "2026-03-02").code == 64)
            #expect(try books.hash() == before)
            for (words, says) in [
                (["s/2026-01-01", "--issue", "2"], "has no issue 2: it was issued once"),
                (["s/2026-02-01", "--issue", "1"], "has no issue 1: it was never finalized"),
                (["s/2026-01-01", "--issue", "0"], "--issue takes 1, 2, 3"),
            ] {
                let shown = try Program.meterbook.run(
                    ["invoice", "show"] + words + ["--database", books.database.conninfo])
                #expect(shown.code == 64 && shown.errors.contains(says), "\(shown)")
            }
            // Where its tax cannot be told, the void is taken back as well.
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(
                catalog.replacingOccurrences(of: "from: 2007-01-01", with: "from: 2027-01-01"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            let untold = try books.hash()
            let unknown = try self.reissue(books, "s/2026-01-01", on: "2026-03-03")
            #expect(unknown.code == 65, "\(unknown)")
            #expect(try books.hash() == untold)
            #expect(try books.agree())
        }
    }

    @Test(
        "An altered, lost or moved word on an issue breaks the chain where it is, and a link that is missing is found")
    func altered() async throws {
        try await withBooks { books in
            try self.deploy(books)
            #expect(try self.reissue(books, "s/2026-01-01", on: "2026-01-04").code == 0)
            try books.run(
                "credit", "issue", "s/2026-01-01", "--line", "1=10.00", "--reason", "r", "--by", "b", "--as-of",
                "2026-01-06")
            let unlinked = [
                ("DELETE FROM meterbook.voided_invoice", "2026-000001, whose place it takes, is not void"),
                ("DELETE FROM meterbook.reissued_invoice", "nothing says why it was issued again"),
                ("DELETE FROM meterbook.finalized_invoice WHERE issue = 2", "it has a reason, and no number"),
                ("DELETE FROM meterbook.finalized_invoice WHERE issue = 1", "there is no issue 1 before it"),
            ]
            for (change, says) in unlinked {
                try Self.tampered(books, change) {
                    let found = try books.meterbook("reconcile", "--json")
                    #expect(found.code == 65 && found.output.contains(says), "\(change): \(found)")
                }
            }
            #expect(try books.agree())
            let changes = [
                ("UPDATE meterbook.reissued_invoice SET reason = 'another'", "2026-000002"),
                ("DELETE FROM meterbook.reissued_invoice", "2026-000002"),
                ("UPDATE meterbook.invoice_tax SET issue = 3 WHERE issue = 2", "2026-000002"),
                ("UPDATE meterbook.finalized_invoice SET issue = 3 WHERE issue = 2", "2026-000002"),
                ("UPDATE meterbook.credit_note SET issue = 1", "CN-2026-000001"),
            ]
            for (change, number) in changes {
                try Self.tampered(books, change) {
                    let found = try books.meterbook("invoice", "verify-chain")
                    #expect(found.code == 65 && found.output.contains(number), "\(change): \(found)")
                }
                #expect(try books.meterbook("invoice", "verify-chain").code == 0, "\(change)")
            }
        }
    }

    /// Looks at books in which somebody has changed something, and puts it back.
    private static func tampered(_ books: Books, _ change: String, _ body: () throws -> Void) throws {
        let tables = ["finalized_invoice", "invoice_tax", "voided_invoice", "reissued_invoice", "credit_note"]
        let keep = tables.map { "CREATE TABLE kept_\($0) AS SELECT * FROM meterbook.\($0);" }
        let restore = tables.map {
            "DELETE FROM meterbook.\($0); INSERT INTO meterbook.\($0) SELECT * FROM kept_\($0); DROP TABLE kept_\($0);"
        }
        try books.tamper(keep.joined(separator: "\n") + change)
        try body()
        try books.tamper(restore.joined(separator: "\n"))
    }
}
