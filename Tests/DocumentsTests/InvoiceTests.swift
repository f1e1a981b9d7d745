import Billing
import Foundation
import Testing

import Documents

@Suite("Invoices")
struct InvoiceTests {
    @Test("An invoice is one line of JSON, its schema first")
    func line() throws {
        var bytes: [UInt8] = Array("before\n".utf8)
        InvoiceJSON.line(try Fixture.february(), into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == "before\n"
                + #"""
                {"schema":"meterbook.invoice/1","reference":"northwind-silver/2022-03-01","kind":"period","customer":"northwind",\#
                "customer_name":"Northwind Traders","subscription":"northwind-silver",\#
                "period":{"start":"2022-02-01","end":"2022-03-01"},"status":"draft","currency":"USD",\#
                "total":"199.00","lines":[{"line":1,"kind":"flat","plan":"silver","price":"base",\#
                "name":"Silver plan","service":{"start":"2022-02-01","end":"2022-03-01"},"quantity":1,\#
                "counted_before":0,"threshold":0,"billable":1,"amount":"49.00"},\#
                {"line":2,"kind":"usage","plan":"silver","price":"orders","name":"Orders over the limit",\#
                "service":{"start":"2022-02-01","end":"2022-03-01"},"quantity":1500,"counted_before":15000,\#
                "threshold":15000,"billable":1500,"amount":"150.00","meter":"orders"}]}

                """#)
    }

    @Test("A correction names the line that it corrects")
    func corrects() throws {
        var invoice = try Fixture.february()
        invoice.lines = [try Self.correction(2, quantity: 400, billable: -400, amount: -4_000)]
        let lines = try #require(try parse(InvoiceJSON.render(invoice))["lines"] as? [[String: Any]])
        #expect(lines[0]["kind"] as? String == "correction")
        #expect(lines[0]["corrects"] as? String == "northwind-silver/2022-02-10#2")
        #expect(lines[0]["quantity"] as? Int == 400 && lines[0]["billable"] as? Int == -400)
        #expect(lines[0]["amount"] as? String == "-40.00")
    }

    @Test("Pretty and compact JSON say the same")
    func styles() throws {
        let invoice = try Fixture.february()
        let pretty = try parse(InvoiceJSON.render(invoice, .pretty)) as NSDictionary
        #expect(pretty == (try parse(InvoiceJSON.render(invoice, .compact)) as NSDictionary))
        #expect(InvoiceJSON.render(invoice).hasPrefix("{\n  \"schema\": \"meterbook.invoice/1\",\n  \"reference\": "))
    }

    @Test("An invoice in text shows the last day, its amounts at the right edge, and what each count means")
    func text() throws {
        #expect(
            InvoiceText.render(try Fixture.february()) == """
                Invoice northwind-silver/2022-03-01                                        draft
                Northwind Traders (northwind)
                2022-02-01 to 2022-02-28                                             plan Silver

                  1  Silver plan                          2022-02-01 to 2022-02-28         49.00
                  2  Orders over the limit                2022-02-01 to 2022-02-28        150.00
                     1,500 orders: 1,500 beyond 15,000 (15,000 before this period)
                                                                         Total USD        199.00

                """)
    }

    @Test("Places and signs follow the currency", arguments: [("JPY", "19,900"), ("KWD", "19.900"), ("EUR", "199.00")])
    func places(code: String, total: String) throws {
        let last = InvoiceText.render(try Fixture.february(code)).split(separator: "\n").last
        #expect(last?.hasSuffix("Total \(code)" + total.aligned(to: 14)) == true)
    }

    private static func correction(
        _ number: Int, quantity: Int64, billable: Int64, amount: Int64
    ) throws -> InvoiceDocument.Line {
        Fixture.line(
            number, .correction, "Orders over the limit", try Fixture.range("2022-02-01", "2022-02-10"),
            quantity: quantity,
            before: 15_000, threshold: 15_400, billable: billable, amount: amount,
            corrects: LineReference(periodEnd: try Fixture.day("2022-02-10"), line: 2))
    }

    private func sentence(_ line: InvoiceDocument.Line) throws -> String? {
        LineWords(line, of: try Fixture.february()).sentence
    }

    @Test("The sentence below a line says what was counted against what")
    func sentences() throws {
        let period = try Fixture.range("2022-02-01", "2022-03-01")
        let part = try Fixture.range("2022-02-10", "2022-03-01")
        func usage(
            _ quantity: Int64, before: Int64, threshold: Int64, billable: Int64, amount: Int64, _ service: DateRange
        ) throws -> String? {
            try sentence(
                Fixture.line(
                    1, .usage, "Orders", service, quantity: quantity, before: before, threshold: threshold,
                    billable: billable, amount: amount))
        }
        #expect(
            try usage(900, before: 0, threshold: 1_000, billable: 0, amount: 0, period)
                == "900 orders, all included (900 of 1,000 used)")
        #expect(
            try usage(1, before: 999, threshold: 1_000, billable: 0, amount: 0, period)
                == "1 order, all included (1,000 of 1,000 used)")
        #expect(
            try usage(6_000, before: 12_000, threshold: 15_000, billable: 3_000, amount: 30_000, part)
                == "6,000 orders: 3,000 beyond 15,000 (12,000 before 2022-02-10)")
        #expect(
            try usage(10, before: 60_000, threshold: 60_000, billable: 10, amount: 0, period)
                == "10 orders: 10 beyond 60,000 (60,000 before this period), at no charge")
        #expect(
            try usage(0, before: 70_000, threshold: 60_000, billable: 0, amount: 0, period)
                == "0 orders (70,000 before this period)")
        #expect(try sentence(Fixture.line(1, .flat, "Silver plan", period, amount: 4_900)) == nil)
    }

    @Test("A correction says which line it corrects and by how much the count changed")
    func correctionSentences() throws {
        let corrected = "corrects line 2 of northwind-silver/2022-02-10: "
        #expect(
            try sentence(Self.correction(1, quantity: 400, billable: -400, amount: -4_000))
                == corrected + "+400 orders, -400 beyond 15,400")
        #expect(
            try sentence(Self.correction(1, quantity: 0, billable: -1_400, amount: -14_000))
                == corrected + "no change in orders, -1,400 beyond 15,400")
        #expect(
            try sentence(Self.correction(1, quantity: -1, billable: 0, amount: 0))
                == corrected + "-1 order, no change beyond 15,400")
    }

    @Test("A long name is wrapped beside its amount, not cut")
    func longName() throws {
        var invoice = try Fixture.february()
        invoice.lines[1].name = "Orders over the limit that the plan includes in each year of the subscription"
        #expect(
            InvoiceText.render(invoice).contains(
                """
                  2  Orders over the limit that the plan  2022-02-01 to 2022-02-28        150.00
                     includes in each year of the
                     subscription
                     1,500 orders: 1,500 beyond 15,000 (15,000 before this period)

                """))
    }

    @Test("An invoice fits 80 columns and reads back from JSON, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        for currency in ["USD", "JPY", "KWD"] {
            var invoice = try Fixture.february(currency)
            (invoice.customer, invoice.customerName, invoice.subscription) = (text, text, text)
            invoice.total = .min
            let day = try Fixture.day("2022-03-05")
            invoice.issue = InvoiceDocument.Issue(
                number: text, date: day, net: .min, tax: .max, gross: .min,
                taxes: [try #require(InvoiceDocument.Tax(sealed: "1|taxed|DE||standard|19|\(Int64.max)|\(Int64.min)"))],
                notes: [text], sellerNumber: text,
                billTo: InvoiceDocument.BillTo(
                    version: 1, legalName: text, address: [text, text], postalCode: text, city: text, region: text,
                    country: text, taxNumber: text, poNumber: text))
            invoice.void = InvoiceDocument.Void(date: day, reason: text, author: text)
            let unit = UnitName(one: text, other: text)
            let service = try Fixture.range("2022-02-01", "2022-02-10")
            invoice.lines = [
                Fixture.line(1, .flat, text, service, amount: .max, plan: text),
                Fixture.line(
                    32_767, .usage, text, service, quantity: .max, before: .max, threshold: .max, billable: .max,
                    amount: .min, plan: text, unit: unit),
                Fixture.line(
                    3, .correction, text, service, quantity: .min, before: .max, threshold: .max, billable: .min,
                    amount: .min, corrects: LineReference(periodEnd: service.end, line: .max), unit: unit),
                Fixture.line(
                    4, .usage, text, service, quantity: .max, before: .max, threshold: .max, billable: 0, amount: 0),
            ]
            expectReadable(InvoiceText.render(invoice), text)
            expectReadable(InvoiceTable.text([invoice, invoice]), text)
            let json = try parse(InvoiceJSON.render(invoice, .compact))
            #expect((json["customer_name"] as? String).map { Array($0.utf8) } == Array(text.utf8))
            #expect(try parse(InvoiceTable.json([invoice]))["schema"] as? String == "meterbook.invoice-list/1")
        }
    }

    @Test(
        "Where nothing is included, a line says its count alone, with what was counted before it in the allowance period",
        arguments: [
            (0, 0, 0, "0 orders"), (0, 7, 70, "7 orders"), (0, 7, 0, "7 orders, at no charge"),
            (5, 7, 70, "7 orders (5 before this period)"), (5, 0, 0, "0 orders (5 before this period)"),
        ])
    func noAllowance(_ before: Int64, _ quantity: Int64, _ amount: Int64, _ sentence: String) throws {
        var invoice = try Fixture.february()
        invoice.lines = [
            Fixture.line(
                1, .usage, "Orders", invoice.period, quantity: quantity, before: before, billable: quantity,
                amount: amount)
        ]
        #expect(InvoiceText.render(invoice).contains("\n     \(sentence)\n"), "\(InvoiceText.render(invoice))")
    }

    @Test("A count of other days than the service's says them")
    func countedDays() throws {
        var invoice = try Fixture.february()
        invoice.lines[1].countedDays = try Fixture.range("2022-01-01", "2022-02-01")
        invoice.lines[1].line.before = 0
        invoice.lines[1].line.billable = 500
        invoice.lines[1].line.threshold = 1_000
        #expect(
            InvoiceText.render(invoice).contains("\n     1,500 orders (2022-01-01 to 2022-01-31): 500 beyond 1,000\n"))
        let json = try parse(InvoiceJSON.render(invoice))
        let lines = try #require(json["lines"] as? [[String: Any]])
        #expect(lines[1]["counted_days"] as? [String: String] == ["start": "2022-01-01", "end": "2022-02-01"])
        #expect(lines[0]["counted_days"] == nil)
    }

    @Test("A list of invoices sums each currency, and leaves voided ones out of the sum")
    func list() throws {
        var (small, yen, voided) = (try Fixture.february(), try Fixture.february("JPY"), try Fixture.february())
        (small.subscription, small.customerName, small.total) = ("a", "A", -4_950)
        (yen.subscription, yen.customerName) = ("b", "B")
        (voided.subscription, voided.customerName) = ("c", "C")
        voided.void = InvoiceDocument.Void(date: try Fixture.day("2022-03-05"), reason: "wrong", author: "A")
        var other = small
        (other.subscription, other.total) = ("d", 150_000)
        #expect(
            InvoiceTable.text([small, yen, voided, other]) == """
                Reference     Customer  Period                    Status         Total
                ------------  --------  ------------------------  ------  ------------
                a/2022-03-01  A         2022-02-01 to 2022-02-28  draft     -49.50 USD
                b/2022-03-01  B         2022-02-01 to 2022-02-28  draft     19,900 JPY
                c/2022-03-01  C         2022-02-01 to 2022-02-28  voided    199.00 USD
                d/2022-03-01  A         2022-02-01 to 2022-02-28  draft   1,500.00 USD
                ------------  --------  ------------------------  ------  ------------
                Total                                                       19,900 JPY
                Total                                                     1,450.50 USD

                Voided invoices are not in the total.

                """)
        #expect(InvoiceTable.text([]) == "No invoices.\n")
        #expect(InvoiceTable.json([], .compact) == #"{"schema":"meterbook.invoice-list/1","invoices":[]}"# + "\n")
    }

    @Test("A list in JSON has what an invoice has, without its lines")
    func listJSON() throws {
        let list = try parse(InvoiceTable.json([Fixture.february()]))
        let invoices = try #require(list["invoices"] as? [[String: Any]])
        #expect(
            Set(invoices[0].keys) == [
                "reference", "kind", "customer", "customer_name", "subscription", "period", "status", "currency",
                "total",
            ])
    }
}
