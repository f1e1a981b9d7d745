import TestSupport
import Testing

/// Credit notes, and the credit of a customer that is carried from invoice to invoice.
@Suite("Credit")
struct CreditTests: PlaysShop {
    /// 30.00 in advance, and orders at 1.00 beyond ten; 19 % tax in Germany, where the customer is.
    private func deploy(_ books: Books, invoices: String = "{finalize: at_once}", taxed: Bool = false) throws {
        let prices = [
            "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
        ]
        let tax = """

            seller: {name: Shop, address: [Ring 1], country: DE, tax_numbers: {DE: DE136695976}}
            tax: {prices: exclusive, rates: [{country: DE, category: standard, from: 2007-01-01, percent: 19}]}
            """
        try deploy(books, small: prices, large: prices, changes: "invoices: \(invoices)" + (taxed ? tax : ""))
        if taxed { try books.folder.write("customer,country\nc,DE\n", to: "customers.csv") }
    }

    private func credit(_ books: Books, _ invoice: String, _ words: String..., on day: String) throws -> Program.Outcome
    {
        try Program.meterbook.run(
            ["credit", "issue", invoice] + words
                + [
                    "--reason", "counted twice", "--by", "A. Clerk", "--as-of", day, "--database",
                    books.database.conninfo,
                ]
        )
    }

    private func notes(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT n.label, n.issued_on, n.period_ends, n.net, n.tax, n.gross, n.off_due, n.carried, n.refunded
            FROM meterbook.credit_note AS n ORDER BY n.number
            """)
    }

    private func entries(_ books: Books) throws -> String {
        try books.sql(
            "SELECT entry, origin, period_ends, amount, balance, entered_on FROM meterbook.credit_entry ORDER BY entry")
    }

    @Test("A credit note takes amount and tax off an unpaid invoice, with a number of its own")
    func unpaid() async throws {
        try await withBooks { books in
            try self.deploy(books, taxed: true)
            try self.nights(books, "2026-01-01")
            let dry = try self.credit(books, "s/2026-01-01", "--whole", "--dry-run", on: "2026-01-05")
            #expect(dry.output.hasSuffix("\nDry run: it has not been issued.\n"), "\(dry)")
            #expect(try self.notes(books) == "")
            let part = try self.credit(books, "s/2026-01-01", "--line", "1=10.00", on: "2026-01-05")
            #expect(
                part.output == """
                    Credit note CN-2026-000001                                     issued 2026-01-05
                    For invoice 2026-000001 (s/2026-01-01)
                    c (c)
                      DE
                    By A. Clerk: counted twice

                      line 1  Base                                                             10.00
                      tax DE standard 19 % on 10.00                                             1.90
                      credited USD                                                             11.90

                      off what the invoice asks for                                            11.90
                    Tax number of the seller: DE136695976

                    """, "\(part)")
            #expect(try self.credit(books, "s/2026-01-01", "--whole", on: "2026-01-06").code == 0)
            #expect(
                try self.notes(books) == """
                    CN-2026-000001|2026-01-05|2026-01-01|1000|190|1190|1190|0|0
                    CN-2026-000002|2026-01-06|2026-01-01|2000|380|2380|2380|0|0
                    """)
            #expect(try self.entries(books) == "")
            let shown = try books.run("invoice", "show", "s/2026-01-01")
            #expect(
                shown.contains(
                    """
                      with tax USD                                                             35.70
                      credit note CN-2026-000001 of 2026-01-05                                -11.90
                      credit note CN-2026-000002 of 2026-01-06                                -23.80
                      to be paid USD                                                            0.00

                    """), "\(shown)")
            let export = try books.run("invoice", "export")
            #expect(
                export.contains(
                    #""due":"0.00","credit_notes":[{"number":"CN-2026-000001","issued_on":"2026-01-05","gross":"11.90"},"#
                ),
                "\(export)")
            let nothing = try self.credit(books, "s/2026-01-01", "--whole", on: "2026-01-07")
            #expect(nothing.code == 65)
            #expect(nothing.errors.contains("has no amount that was not credited before"), "\(nothing.errors)")
            #expect(
                try books.run("invoice", "verify-chain") == """
                    shop CN-{{year}}-{{number}} of 2026: 2 numbers, each follows from the one
                    before.
                    shop {{year}}-{{number}} of 2026: 1 number, each follows from the one before.

                    """)
            #expect(try books.agree())
        }
    }

    @Test("What was paid goes to the customer's credit, which the next invoices use, or back to him")
    func paid() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try books.run(
                "invoice", "payment", "s/2026-01-01", "--status", "paid", "--by", "Bank", "--as-of", "2026-01-02")
            #expect(try self.credit(books, "s/2026-01-01", "--line", "1=25", on: "2026-01-05").code == 0)
            #expect(try self.credit(books, "s/2026-01-01", "--whole", "--refunded", on: "2026-01-05").code == 0)
            #expect(
                try self.notes(books) == """
                    CN-2026-000001|2026-01-05|2026-01-01|2500|0|2500|0|2500|0
                    CN-2026-000002|2026-01-05|2026-01-01|500|0|500|0|0|500
                    """)
            let preview = try books.run("preview", "s", "--as-of", "2026-01-20")
            #expect(
                preview.contains(
                    "  the customer's credit, which is used when it is finalized                25.00\n"), "\(preview)")
            #expect(
                try books.run("preview", "s", "--as-of", "2026-01-20", "--json").contains(
                    #""customer_credit": "25.00""#))
            try self.nights(books, "2026-02-01", "2026-03-01")
            #expect(
                try self.entries(books) == """
                    1|credit_note|2026-01-01|2500|2500|2026-01-05
                    2|used|2026-02-01|-2500|0|2026-02-01
                    """)
            let shown = try books.run("invoice", "show", "s/2026-02-01")
            #expect(
                shown.hasSuffix(
                    """
                                                                       Total USD         30.00
                      paid by the customer's credit                                           -25.00
                      to be paid USD                                                            5.00

                    """), "\(shown)")
            #expect(
                try books.run("credit", "balance", "c") == """
                    Customer  Date        What moved it               Amount     Credit
                    --------  ----------  --------------------------  ------  ---------
                    c         2026-01-05  credit note CN-2026-000001   25.00  25.00 USD
                    c         2026-02-01  used for s/2026-02-01       -25.00   0.00 USD

                    """)
            #expect(
                try books.sql(
                    """
                    SELECT number, invoice_number, gross, carried, refunded_minor FROM reporting.credit_note
                    ORDER BY number
                    """) == "CN-2026-000001|2026-000001|25.00|25.00|0\nCN-2026-000002|2026-000001|5.00|0.00|500")
            #expect(
                try books.sql("SELECT entry, customer, credit_note, amount, balance_minor FROM reporting.credit_entry")
                    == "1|c|CN-2026-000001|25.00|2500\n2|c||-25.00|0")
            #expect(try books.meterbook("credit", "balance", "nobody").code == 64)
            #expect(try books.agree())
        }
    }

    @Test("An invoice below zero is carried forward, and used up by the invoices after it")
    func belowZero() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.count(books, "2026-01-10,110")
            try self.nights(books, "2026-01-01", "2026-02-01")
            // A hundred orders too many were charged at 1.00; the invoice of March has 30.00 less 100.00.
            try self.count(books, "2026-01-10,10")
            try self.nights(books, "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01")
            #expect(
                try books.sql(
                    "SELECT period_ends, gross FROM meterbook.finalized_invoice ORDER BY period_ends"
                ) == """
                    2026-01-01|3000
                    2026-02-01|13000
                    2026-03-01|-7000
                    2026-04-01|3000
                    2026-05-01|3000
                    2026-06-01|3000
                    """)
            #expect(
                try self.entries(books) == """
                    1|credit_invoice|2026-03-01|7000|7000|2026-03-01
                    2|used|2026-04-01|-3000|4000|2026-04-01
                    3|used|2026-05-01|-3000|1000|2026-05-01
                    4|used|2026-06-01|-1000|0|2026-06-01
                    """)
            #expect(
                try books.run("invoice", "show", "s/2026-03-01").contains(
                    "  to the customer's credit, for later invoices                            -70.00\n"))
            // The invoice below zero is taken back: its credit was used, and the next one asks for it.
            try books.run(
                "invoice", "void", "s/2026-03-01", "--reason", "wrong", "--by", "A. Clerk", "--as-of", "2026-06-02")
            try self.nights(books, "2026-07-01")
            #expect(
                try self.entries(books).split(separator: "\n").suffix(2) == [
                    "5|void|2026-03-01|-7000|-7000|2026-06-02", "6|used|2026-07-01|7000|0|2026-07-01",
                ])
            #expect(
                try books.run("invoice", "show", "s/2026-07-01").hasSuffix(
                    """
                      credit that was used and taken back                                      70.00
                      to be paid USD                                                          100.00

                    """))
            #expect(try books.agree())
        }
    }

    @Test("A voided invoice gives back the credit that it used and what was paid")
    func voided() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try books.run(
                "invoice", "payment", "s/2026-01-01", "--status", "paid", "--by", "Bank", "--as-of", "2026-01-02")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=12", on: "2026-01-05")
            try self.nights(books, "2026-02-01")
            try books.run(
                "invoice", "payment", "s/2026-02-01", "--status", "paid", "--by", "Bank", "--as-of", "2026-02-02")
            try books.run(
                "invoice", "void", "s/2026-02-01", "--reason", "wrong", "--by", "A. Clerk", "--as-of", "2026-02-03")
            // 12.00 of it came from the credit and 18.00 from the customer.
            #expect(try self.entries(books).hasSuffix("\n3|void|2026-02-01|3000|3000|2026-02-03"))
            let void = try books.meterbook(
                "invoice", "void", "s/2026-01-01", "--reason", "wrong", "--by", "A. Clerk", "--as-of", "2026-02-03")
            #expect(void.code == 65)
            #expect(
                void.errors.contains("has 1 credit note, so it cannot be voided") && void.errors.contains("--whole"),
                "\(void.errors)")
            #expect(try books.sql("SELECT count(*) FROM meterbook.voided_invoice") == "1")
            let voided = try self.credit(books, "s/2026-02-01", "--whole", on: "2026-02-04")
            #expect(voided.code == 65 && voided.errors.contains("was voided"), "\(voided)")
            #expect(try books.agree())
        }
    }

    @Test("Drafts, unknown invoices and amounts that are none are refused, and use no number")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: by_hand}")
            try self.nights(books, "2026-01-01")
            let draft = try self.credit(books, "s/2026-01-01", "--whole", on: "2026-01-05")
            #expect(draft.code == 65 && draft.errors.contains("is a draft"), "\(draft)")
            try books.run("invoice", "finalize", "--all", "--as-of", "2026-01-05")
            for words in ["0=5", "1=", "1=-5", "1=1e3", "x", "1=5=6", "99999"] {
                #expect(
                    try self.credit(books, "s/2026-01-01", "--line", words, on: "2026-01-05").code == 64, "\(words)")
            }
            for (words, reason) in [
                ("2", "there is no line 2; the invoice has 1"), ("1=30.01", "what is left of the line is 30.00"),
                ("1=0", "0.00 cannot be credited"), ("1=0.001", "0.001 is no amount in USD, which has 2 places"),
                ("1=999999999999999999", "999999999999999999 is no amount in USD"),
            ] {
                let outcome = try self.credit(books, "s/2026-01-01", "--line", words, on: "2026-01-05")
                #expect(outcome.code == 65 && outcome.errors.contains(reason), "\(words): \(outcome)")
            }
            #expect(try self.credit(books, "s/2026-09-01", "--whole", on: "2026-01-05").code == 64)
            #expect(try self.credit(books, "s/2026-01-01", on: "2026-01-05").code == 64)
            #expect(try self.credit(books, "s/2026-01-01", "--whole", "--line", "1", on: "2026-01-05").code == 64)
            #expect(try books.meterbook("credit", "show", "CN-1").code == 64)
            #expect(try books.run("credit", "list") == "No credit notes.\n")
            #expect(try books.sql("SELECT count(*) FROM meterbook.invoice_series") == "1")
            #expect(try self.credit(books, "s/2026-01-01", "--line", "1=0.01", on: "2026-01-05").code == 0)
            #expect(
                try books.run("credit", "list") == """
                    Number          Date        Invoice      Customer  Credited
                    --------------  ----------  -----------  --------  --------
                    CN-2026-000001  2026-01-05  2026-000001  c         0.01 USD

                    """)
            #expect(try books.run("credit", "show", "CN-2026-000001").contains("  line 1  Base"))
        }
    }

    @Test("A credit note does not move the date of an invoice that a later night finalizes for an earlier day")
    func datesApart() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=1", on: "2026-02-03")
            try self.nights(books, "2026-02-04")
            #expect(
                try books.sql("SELECT issued_on FROM meterbook.finalized_invoice ORDER BY number")
                    == "2026-01-01\n2026-02-01")
        }
    }

    @Test("With one pattern credit notes and invoices share a series without a gap")
    func sharedSeries() async throws {
        try await withBooks { books in
            try self.deploy(
                books, invoices: "{finalize: at_once, number: 'D{{number}}', credit_number: 'D{{number}}', digits: 2}")
            try self.nights(books, "2026-01-01")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=1", on: "2026-01-05")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=2", on: "2026-01-05")
            try self.nights(books, "2026-02-01")
            _ = try self.credit(books, "s/2026-02-01", "--line", "1=3", on: "2026-02-05")
            #expect(
                try books.sql(
                    """
                    SELECT label FROM meterbook.finalized_invoice UNION ALL SELECT label FROM meterbook.credit_note
                    ORDER BY label
                    """) == "D01\nD02\nD03\nD04\nD05")
            #expect(
                try books.run("invoice", "verify-chain")
                    == "shop D{{number}}: 5 numbers, each follows from the one before.\n")
            #expect(try books.agree())
        }
    }

    @Test(
        "A credit note that was altered, lost or put in is found, and nobody may change one",
        arguments: [
            (
                "UPDATE meterbook.credit_note SET reason = 'nothing' WHERE number = 2",
                "CN-2026-000002 is not\nwhat was finalized"
            ),
            (
                "UPDATE meterbook.credit_note SET carried = 1, off_due = off_due - 1 WHERE number = 1",
                "CN-2026-000001 is not\nwhat was finalized"
            ),
            (
                "UPDATE meterbook.credit_note_line SET amount = amount - 1 WHERE entry = 1",
                "CN-2026-000001 is not\nwhat was finalized"
            ),
            (
                "UPDATE meterbook.credit_note_tax SET tax = tax - 1, net = net + 1 WHERE entry = 2",
                "CN-2026-000002 is not\nwhat was finalized"
            ),
            ("DELETE FROM meterbook.credit_note WHERE number = 1", "number 1"),
            ("DELETE FROM meterbook.credit_note WHERE number = 2", "number 2"),
        ])
    func tampering(statement: String, finding: String) async throws {
        try await withBooks { books in
            try self.deploy(books, taxed: true)
            try self.nights(books, "2026-01-01")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=1", on: "2026-01-05")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=2", on: "2026-01-05")
            let refused = #expect(throws: TestFailure.self) { try books.sql(statement) }
            #expect(try #require(refused).description.contains("are only added"))
            try books.tamper(statement)
            let chain = try books.meterbook("invoice", "verify-chain")
            #expect(chain.code == 65 && chain.output.contains(finding), "\(chain)")
        }
    }

    @Test("Credit that no document bears out is found by reconcile")
    func unsound() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try books.run(
                "invoice", "payment", "s/2026-01-01", "--status", "paid", "--by", "Bank", "--as-of", "2026-01-02")
            _ = try self.credit(books, "s/2026-01-01", "--line", "1=12", on: "2026-01-05")
            try books.tamper("UPDATE meterbook.credit_entry SET balance = balance + 1")
            let first = try books.meterbook("reconcile")
            #expect(first.code == 65 && first.output.contains("credit_not_adding_up"), "\(first)")
            try books.tamper("UPDATE meterbook.credit_entry SET amount = amount + 1")
            let second = try books.meterbook("reconcile").output
            #expect(second.contains("credit_note of 1201, balance 1201"), "\(second)")
            try books.tamper("UPDATE meterbook.credit_note_line SET amount = 3001")
            #expect(try books.meterbook("reconcile").output.contains("credited 3001 of 3000"))
        }
    }
}
