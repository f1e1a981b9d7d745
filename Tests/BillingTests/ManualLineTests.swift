import Billing
import Testing

/// What people add to invoices to come.
@Suite("Manual lines")
struct ManualLineTests {
    private func manual(
        _ number: Int32, _ amount: Int64, from: String, service: DateRange? = nil
    ) -> ManualLine {
        ManualLine(
            number: number, amount: amount, words: ManualLine.Words(text: "Workshop", taxCategory: "standard"),
            from: day(from), service: service, reason: "order", author: "A. Clerk", addedOn: day(from))
    }

    private func line(_ number: Int32, _ amount: Int64, _ start: String, _ end: String) throws -> InvoiceLine {
        InvoiceLine(
            kind: .manual, price: 0, service: try range(start, end), quantity: 1, before: 0, threshold: 0, billable: 1,
            amount: amount, corrects: nil, manual: number)
    }

    private func outcome(
        _ holder: Subscription, asOf: String, _ manual: [ManualLine]
    ) throws -> CloseOutcome {
        let ready = try catalog([version(from: "2015-01-01", [flat([(.month, 20_00)])])])
        let open = try #require(try ready.openPeriod(of: holder, number: 0))
        var outcome = CloseOutcome()
        try Closer(catalog: ready).close(
            holder, open: open, asOf: day(asOf), totals: [], manual: manual, into: &outcome)
        #expect(outcome.checkInvariants())
        return outcome
    }

    @Test("The first period that ends on or after its day takes a line, once, last on the invoice")
    func firstPeriod() throws {
        let workshop = try range("2021-07-01", "2021-07-03")
        let outcome = try outcome(
            subscription(anchor: "2021-06-10"), asOf: "2021-10-10",
            [
                manual(1, 150_00, from: "2021-08-10", service: workshop), manual(2, -5_00, from: "2021-08-11"),
                manual(4, 1_00, from: "2021-07-11"), manual(5, 7_00, from: "2021-10-11"),
            ])
        // 20.00; 20.00 + 150.00 + 1.00; 20.00 - 5.00; 20.00.
        #expect(outcome.periods.map(\.total) == [20_00, 171_00, 15_00, 20_00])
        #expect(
            outcome.lines.filter { $0.kind == .manual } == [
                try line(1, 150_00, "2021-07-01", "2021-07-03"), try line(4, 1_00, "2021-07-10", "2021-08-10"),
                try line(2, -5_00, "2021-08-10", "2021-09-10"),
            ])
        #expect(outcome.lines.map(\.kind) == [.flat, .flat, .manual, .manual, .flat, .manual, .flat])
    }

    @Test("The last period of a subscription takes all that is left")
    func lastPeriod() throws {
        let holder = subscription(anchor: "2021-06-10", ends: "2021-08-10")
        let outcome = try outcome(
            holder, asOf: "2021-12-31", [manual(1, -50_00, from: "2021-07-10"), manual(2, 9_00, from: "2022-06-10")])
        #expect(outcome.next == nil)
        #expect(outcome.periods.map(\.total) == [-30_00, 29_00])
    }

    @Test("A line that does not fit the invoice's total is refused and not wrapped")
    func overflow() throws {
        #expect(throws: BillingError.amountOverflow(price: "invoice total")) {
            try outcome(subscription(anchor: "2021-06-10"), asOf: "2021-07-10", [manual(1, .max, from: "2021-07-10")])
        }
    }

    private func admit(
        _ amount: String, in code: String = "USD", currency said: String? = nil, text: String = "Workshop",
        category: String? = nil, tax: TaxRules? = nil, from: String? = nil, isOpen: Bool = true
    ) throws -> ManualLine {
        let open = OpenPeriod(number: 3, period: try range("2022-02-01", "2022-03-01"), countsFrom: day("2022-02-01"))
        return try ManualLineRequest(
            amount: amount, currency: said, text: text, taxCategory: category, from: from.map(day), reason: "r",
            author: "a"
        ).admitted(
            of: "northwind", in: try currency(code), open: isOpen ? open : nil, tax: tax, asOf: day("2022-02-10"))
    }

    @Test("An amount is read in the currency's own places, to the last of 64 bits")
    func amounts() throws {
        let read: [(text: String, code: String, minor: Int64)] = [
            ("150.00", "USD", 15_000), ("-20", "USD", -2_000), ("0.1", "USD", 10), ("0.100", "USD", 10),
            ("-1.234", "KWD", -1_234), ("500", "JPY", 500), ("92233720368547758.07", "USD", .max),
            ("-92233720368547758.07", "USD", -Int64.max),
        ]
        for (text, code, minor) in read { #expect(try admit(text, in: code).amount == minor, "\(text) \(code)") }
    }

    @Test("What cannot be billed is refused by its first reason, in words that say what to do")
    func refusals() throws {
        let (usd, jpy) = (try currency("USD"), try currency("JPY"))
        let rules = TaxRules(
            prices: .exclusive,
            rates: [
                TaxRate(
                    place: TaxPlace(country: try #require(Country(code: "DE"))), category: "reduced",
                    from: day("2020-01-01"), percent: try ExactDecimal(parsing: "7"))
            ])
        func refusal(_ body: () throws -> ManualLine) -> ManualLineRefusal? {
            do {
                _ = try body()
                return nil
            } catch {
                return error as? ManualLineRefusal
            }
        }
        for text in ["", "-", "--1", "1,50", "1e3", "+5", "01.00", ".5", "5.", "1 000", "NaN"] {
            #expect(refusal { try admit(text) } == .notAnAmount(text))
        }
        #expect(refusal { try admit("1.005") } == .tooManyPlaces("1.005", currency: usd))
        #expect(refusal { try admit("1.5", in: "JPY") } == .tooManyPlaces("1.5", currency: jpy))
        #expect(refusal { try admit("1.0000000000001") } == .tooManyPlaces("1.0000000000001", currency: usd))
        #expect(refusal { try admit("92233720368547758.08") } == .tooLarge("92233720368547758.08", currency: usd))
        #expect(refusal { try admit("-0.00") } == .zero)
        #expect(
            refusal { try admit("1", currency: "EUR") }
                == .otherCurrency("EUR", subscription: "northwind", currency: "USD"))
        for text in ["", "  ", "two\nlines", String(repeating: "x", count: 201)] {
            #expect(refusal { try admit("1", text: text) } == .notALine(text))
        }
        #expect(
            refusal { try admit("1", category: "luxury", tax: rules) }
                == .unknownTaxCategory("luxury", known: ["reduced", "exempt"]))
        #expect(refusal { try admit("1", category: "reduced") } == .unknownTaxCategory("reduced", known: ["standard"]))
        #expect(refusal { try admit("1", isOpen: false) } == .noInvoiceToCome("northwind"))
        // Wrong in all ways: the first of the order.
        #expect(
            refusal { try admit("x", currency: "EUR", text: "", category: "x", isOpen: false) }
                == .otherCurrency("EUR", subscription: "northwind", currency: "USD"))
        #expect(
            ManualLineRefusal.tooManyPlaces("1.005", currency: usd).description
                == "--amount: found '1.005', but USD has 2 places after the point; give the exact amount (too_many_places)"
        )
    }

    @Test("No line waits for a period that was closed when it was added")
    func from() throws {
        #expect(try admit("1").from == day("2022-03-01"))
        #expect(try admit("1", from: "2021-01-01").from == day("2022-03-01"))
        #expect(try admit("1", from: "2022-03-02").from == day("2022-03-02"))
    }

    @Test("What a manual line says is sealed behind it, and an invoice without one has the bytes that it always had")
    func seal() throws {
        var invoice = InvoiceSeal.Invoice(
            customerID: 12, subscriptionID: 34, periodEnd: day("2022-03-01"), kind: "period", currency: "USD",
            total: 2_900, lineCount: 2,
            cause: InvoiceSeal.Invoice.Cause(starts: day("2022-02-01"), catalog: 1, watermark: 17, engine: 1))
        let flat = InvoiceLine(
            kind: .flat, price: 3, service: try range("2022-03-01", "2022-04-01"), quantity: 1, before: 0, threshold: 0,
            billable: 1, amount: 4_900, corrects: nil)
        let issue = InvoiceSeal.Issue(
            number: 7, label: "INV-7", date: day("2022-03-01"), net: 2_900, tax: 0, gross: 2_900, taxes: [], notes: [],
            sellerNumber: nil, details: nil, catalog: 2)
        var seal = InvoiceSeal()
        func text() -> String { String(decoding: seal.bytes(of: invoice, issue, previous: [0xAB]), as: UTF8.self) }
        let head = """
            meterbook.seal/1
            number|7|INV-7|2022-03-01
            invoice|12|34|2022-03-01|period|USD|2900|2
            cause|2022-02-01|1|17|1
            line|1|flat|3|2022-03-01|2022-04-01|1|0|0|1|4900||

            """
        let tail = "issue|2900|0|2900||2||\nbefore|ab\n"
        invoice.lines = [InvoiceSeal.Invoice.Line(number: 1, line: flat)]
        #expect(text() == head + tail)
        invoice.lines.append(
            InvoiceSeal.Invoice.Line(
                number: 2, line: try line(6, -2_000, "2022-02-01", "2022-03-01"),
                words: ManualLine.Words(text: "Goodwill | May", taxCategory: "reduced")))
        #expect(
            text() == head + "line|2|manual||2022-02-01|2022-03-01|1|0|0|1|-2000||\nmanual|6|reduced|Goodwill | May\n"
                + tail)
    }
}
