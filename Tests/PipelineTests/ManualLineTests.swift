import TestSupport
import Testing

/// Charges and credits that a person adds to invoices to come, from the command line to the last document.
@Suite("Manual lines on invoices")
struct ManualLineTests: PlaysShop {
    /// A German seller at 19 % and 7 %; 30.00 a month in advance, orders at 1.00 beyond ten; numbers by the as-of date.
    private func deploy(_ books: Books, off: Bool = false, finalize: Bool = true) throws {
        let version = [
            "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
        ]
        try deploy(
            books, small: version + (off ? ["  off: {discount: {percent: 10}, name: Off}"] : []), large: version,
            changes: """
                invoices: {finalize: \(finalize ? "at_once" : "by_hand")}
                seller: {name: Shop GmbH, address: [Hauptstr. 1, 10115 Berlin], country: DE, tax_numbers: {DE: DE136695976}}
                tax:
                  prices: exclusive
                  rates:
                    - {country: DE, category: standard, from: 2007-01-01, percent: 19}
                    - {country: DE, category: reduced, from: 1983-07-01, percent: 7}
                """)
        try books.folder.write("customer,name,country\nc,C,DE\n", to: "customers.csv")
    }

    @discardableResult
    private func add(
        _ books: Books, _ amount: String, _ text: String, on day: String, _ more: String...
    ) throws -> Program.Outcome {
        try Program.meterbook.run(
            [
                "invoice", "line", "add", "s", "--amount", amount, "--text", text, "--reason", "order 4711", "--by",
                "A. Clerk", "--as-of", day, "--database", books.database.conninfo,
            ] + more)
    }

    /// `2026-02-01 12300`: totals in cents, by date.
    private func totals(_ books: Books) throws -> [String] {
        try books.sql("SELECT period_ends || ' ' || total FROM meterbook.invoice ORDER BY period_ends")
            .split(separator: "\n").map(String.init)
    }

    @Test("A charge and a credit stand on the right invoices once, taxed by their categories, sealed and explained")
    func billed() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            let added = try self.add(
                books, "150.00", "Onboarding workshop", on: "2026-01-15", "--tax-category", "reduced", "--service",
                "2026-01-12..2026-01-13")
            #expect(
                added.output == """
                    s 1: Onboarding workshop                                              150.00 USD
                        pending, for the first period that ends on 2026-02-01 or later
                        service 2026-01-12 to 2026-01-13
                        tax category reduced
                        added on 2026-01-15 by A. Clerk: order 4711

                    """, "\(added.output)\(added.errors)")
            try self.add(books, "-20.00", "Goodwill", on: "2026-01-15", "--from", "2026-02-02")
            for _ in 0..<2 { try self.nights(books, "2026-02-01", "2026-03-01") }
            // 30.00; 30.00 + 150.00; 30.00 - 20.00.
            #expect(try self.totals(books) == ["2026-01-01 3000", "2026-02-01 18000", "2026-03-01 1000"])
            // 30.00 × 19 % = 5.70 and 150.00 × 7 % = 10.50; 10.00 × 19 % = 1.90.
            #expect(
                try books.sql(
                    """
                    SELECT period_ends, category, net, tax FROM meterbook.invoice_tax WHERE period_ends > '2026-01-01' AND net <> 0
                    ORDER BY 1, 2
                    """) == """
                        2026-02-01|reduced|15000|1050
                        2026-02-01|standard|3000|570
                        2026-03-01|standard|1000|190
                        """)
            let shown = try books.run("invoice", "show", "s/2026-02-01")
            #expect(
                shown.contains(
                    "  3  Onboarding workshop                  2026-01-12 to 2026-01-13        150.00\n"), "\(shown)")
            #expect(shown.contains("plan small\n"), "\(shown)")
            let export = try books.run("invoice", "export")
            #expect(
                export.contains(
                    #"{"line":3,"kind":"manual","manual_line":2,"tax_category":"standard","name":"Goodwill","service":{"#
                        + #""start":"2026-02-01","end":"2026-03-01"},"quantity":1,"counted_before":0,"threshold":0,"#
                        + #""billable":1,"amount":"-20.00"}"#), "\(export)")
            let why = try books.run("explain", "s/2026-02-01")
            #expect(
                why.hasSuffix(
                    """
                    Line 3: Onboarding workshop                                           150.00 USD
                      service        2026-01-12 to 2026-01-13
                      added          a charge, by A. Clerk on 2026-01-15, as manual line 1
                      reason         order 4711
                      tax            category reduced

                    """), "\(why)")
            let derivation = try JSON(books.run("explain", "s/2026-03-01", "--json")).list("lines")[2]
                .object("derivation")
            #expect(try (derivation.text("reason"), derivation.text("by")) == ("order 4711", "A. Clerk"))
            #expect(try books.run("invoice", "verify-chain").contains("3 numbers, each follows"))
            #expect(try books.agree())

            // Neither its words nor its category can be altered without a trace.
            for change in ["wording = 'Workshop'", "tax_category = 'standard'"] {
                try books.tamper("UPDATE meterbook.manual_line SET \(change) WHERE number = 1")
                let chain = try books.meterbook("invoice", "verify-chain")
                #expect(chain.code == 65 && chain.output.contains("1 number sound, then 2026-000002 is not what"))
                try books.tamper(
                    """
                    UPDATE meterbook.manual_line SET wording = 'Onboarding workshop', tax_category = 'reduced'
                    WHERE number = 1
                    """)
            }
            #expect(try books.run("invoice", "verify-chain").contains("3 numbers, each follows"))
        }
    }

    @Test("Months of catch-up in one run write the invoices that every night would have written")
    func catchUp() async throws {
        var written: [String] = []
        for days in [["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"], ["2026-05-01"]] {
            let found = try await withBooks { books in
                try self.deploy(books)
                try self.nights(books, "2026-01-01")
                try self.add(books, "150.00", "Workshop", on: "2026-01-15")
                try self.add(books, "-200.00", "Goodwill", on: "2026-01-15", "--from", "2026-02-15")
                try self.add(books, "5.00", "Copies", on: "2026-01-15", "--from", "2026-04-01")
                try self.add(books, "7.00", "Later", on: "2026-01-15", "--from", "2026-05-02")
                let before = try books.hash()
                try books.job("nightly", "--as-of", "2026-05-01", "--dry-run")
                #expect(try books.hash() == before)
                for day in days { try self.nights(books, day) }
                #expect(try books.agree())
                let pending = try books.run("invoice", "line", "list", "s", "--pending")
                #expect(pending.hasPrefix("s 4: Later ") && pending.split(separator: "\n").count == 3, "\(pending)")
                #expect(
                    try self.totals(books) == [
                        "2026-01-01 3000", "2026-02-01 18000", "2026-03-01 -17000", "2026-04-01 3500",
                        "2026-05-01 3000",
                    ])
                return try books.run("invoice", "export")
            }
            written.append(found)
        }
        #expect(written[0] == written[1])
    }

    @Test("What is withdrawn is on no invoice, and what is billed is not withdrawn but answered")
    func withdrawn() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try self.add(books, "150.00", "Workshop", on: "2026-01-15")
            try self.add(books, "10.00", "Copies", on: "2026-01-15")
            func withdraw(_ number: String, _ more: String...) throws -> Program.Outcome {
                try Program.meterbook.run(
                    [
                        "invoice", "line", "withdraw", "s", number, "--reason", "cancelled", "--by", "B", "--as-of",
                        "2026-01-20", "--database", books.database.conninfo,
                    ] + more)
            }
            let before = try books.hash()
            #expect(try withdraw("1", "--dry-run").output.contains("withdrawn on 2026-01-20 by B: cancelled"))
            let dry = try self.add(books, "1.00", "Copy", on: "2026-01-15", "--dry-run", "--json")
            #expect(try JSON(dry.output).number("number") == 3)
            #expect(try books.hash() == before)
            let listed = try JSON(books.run("invoice", "line", "list", "--json")).list("lines")
            #expect(try listed.map { try $0.text("status") } == ["pending", "pending"])
            #expect(try withdraw("1").code == 0)
            let again = try withdraw("1")
            #expect(again.code == 65 && again.errors.contains("was withdrawn on 2026-01-20 (line_withdrawn)"))
            try self.nights(books, "2026-02-01")
            #expect(try self.totals(books) == ["2026-01-01 3000", "2026-02-01 4000"])
            let late = try withdraw("2")
            #expect(late.code == 65, "\(late.errors)")
            #expect(
                late.errors.contains(
                    "manual line 2 stands on invoice 's/2026-02-01' already; add a line of the opposite sign"),
                "\(late.errors)")
            #expect(try withdraw("3").code == 64)
            #expect(
                try books.run("invoice", "line", "list", "s").contains(
                    "s 2: Copies                                                            10.00 USD\n    billed on s/2026-02-01\n"
                ))
            #expect(try books.agree())
        }
    }

    @Test("What cannot be billed is refused with its code, and nothing is written")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            let before = try books.hash()
            let wrong: [(amount: String, text: String, more: [String], code: Int32, says: String)] = [
                ("1.005", "Work", [], 64, "too_many_places"), ("0", "Work", [], 64, "zero_amount"),
                ("ten", "Work", [], 64, "not_an_amount"), ("92233720368547758.08", "Work", [], 64, "amount_overflow"),
                ("1", " ", [], 64, "not_a_line"), ("1", "Work", ["--currency", "EUR"], 64, "other_currency"),
                ("1", "Work", ["--tax-category", "luxury"], 64, "standard, reduced, exempt (unknown_tax_category)"),
                ("1", "Work", ["--service", "2026-02-02..2026-02-01"], 64, "--service"),
                ("1", "Work", ["--service", "2026-02-01...2026-02-02"], 64, "--service"),
            ]
            for row in wrong {
                let outcome = try Program.meterbook.run(
                    [
                        "invoice", "line", "add", "s", "--amount", row.amount, "--text", row.text, "--reason", "r",
                        "--by", "b", "--as-of", "2026-01-15", "--database", books.database.conninfo,
                    ] + row.more)
                #expect(outcome.code == row.code, "\(row): \(outcome.errors)")
                #expect(outcome.errors.contains(row.says), "\(row): \(outcome.errors)")
            }
            let unknown = try books.meterbook(
                "invoice", "line", "add", "x", "--amount", "1", "--text", "Work", "--reason", "r", "--by", "b",
                "--as-of",
                "2026-01-15")
            #expect(unknown.code == 64 && unknown.errors.contains("there is no subscription 'x'"))
            // A run that fails is journaled; nothing else is written.
            func rest(_ hash: [String: String]) -> [String: String] {
                hash.filter { $0.key != "run" && $0.key != "run_step" }
            }
            #expect(try rest(books.hash()) == rest(before))
            #expect(try books.sql("SELECT count(*) FROM meterbook.manual_line") == "0")
        }
    }

    @Test("The last invoice takes what is left, and after it a line is refused")
    func ended() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try self.nights(books, "2026-01-01")
            try self.add(books, "-12.00", "Farewell", on: "2026-01-15", "--from", "2027-01-01")
            try books.run("subscription", "cancel", "s", "--as-of", "2026-01-20")
            try self.nights(books, "2026-02-01", "2026-03-01")
            #expect(try self.totals(books) == ["2026-01-01 3000", "2026-02-01 -1200"])
            let late = try self.add(books, "1.00", "Late", on: "2026-03-02")
            #expect(late.code == 65 && late.errors.contains("(no_invoice_to_come)"), "\(late.errors)")
            #expect(try books.agree())
        }
    }

    @Test("Discounts do not look at a manual line, a preview shows it, and late usage is corrected past it")
    func apart() async throws {
        try await withBooks { books in
            try self.deploy(books, off: true)
            try self.nights(books, "2026-01-01")
            try self.add(books, "100.00", "Workshop", on: "2026-01-15")
            try self.count(books, "2026-01-10,15")
            try self.nights(books, "2026-01-16")
            let preview = try books.run("preview", "s", "--as-of", "2026-01-16")
            #expect(preview.contains("  3  Workshop  ") || preview.contains("  4  Workshop  "), "\(preview)")
            try self.nights(books, "2026-02-01")
            // 30.00 + 5 orders of 1.00 - 10 % of 35.00 + 100.00; before it 30.00 - 10 %.
            #expect(try self.totals(books) == ["2026-01-01 2700", "2026-02-01 13150"])
            try self.count(books, "2026-01-10,25")
            try self.nights(books, "2026-02-10", "2026-03-01")
            // 30.00 - 10 %, and 10 late orders with their part of the discount.
            #expect(try self.totals(books).last == "2026-03-01 3600")
            #expect(try books.agree())
        }
    }

    @Test("A lost, doubled or altered line is found by reconciling and by replaying")
    func altered() async throws {
        try await withBooks { books in
            try self.deploy(books, finalize: false)
            try self.nights(books, "2026-01-01")
            try self.add(books, "10.00", "Workshop", on: "2026-01-15")
            try self.nights(books, "2026-02-01", "2026-03-01")
            #expect(try books.agree())
            let line = "FROM meterbook.invoice_line WHERE manual_line = 1"
            let alterations: [(change: String, back: String, says: String)] = [
                (
                    """
                    INSERT INTO meterbook.invoice_line SELECT customer_id, subscription_id, '2026-03-01', kind, line, line_kind,
                        price_id, service_starts, service_ends, quantity, counted_before, threshold, billable, amount, NULL,
                        NULL, manual_line \(line)
                    """, "DELETE \(line) AND period_ends = '2026-03-01'",
                    "s line 1 is billed 2 times, first on 2026-02-01"
                ),
                (
                    "UPDATE meterbook.invoice_line SET amount = 1100 WHERE manual_line = 1",
                    "UPDATE meterbook.invoice_line SET amount = 1000 WHERE manual_line = 1",
                    "s line 1 is billed as 1100 on 2026-02-01, and was added as 1000"
                ),
                (
                    """
                    INSERT INTO meterbook.withdrawn_manual_line
                    SELECT customer_id, subscription_id, number, '2026-01-16', 'r', 'a', run_id FROM meterbook.manual_line
                    """, "DELETE FROM meterbook.withdrawn_manual_line",
                    "s line 1 is billed on 2026-02-01, and was withdrawn"
                ),
                (
                    "CREATE TABLE kept AS SELECT * \(line); DELETE \(line)",
                    "INSERT INTO meterbook.invoice_line SELECT * FROM kept",
                    "s line 1 was to be billed from 2026-02-01 on, and is on no invoice"
                ),
            ]
            for alteration in alterations {
                try books.tamper(alteration.change)
                let found = try books.meterbook("reconcile")
                let words = found.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(found.code == 65 && words.contains(alteration.says), "\(found.output)")
                #expect(try books.meterbook("replay", "--all").code == 65, "\(alteration.says)")
                try books.tamper(alteration.back)
                #expect(try books.agree())
            }
        }
    }
}
