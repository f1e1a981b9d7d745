import Billing
import Documents
import Testing

@Suite("Wording")
struct WordingTests {
    /// The quantities of ChannelDock's example, from its page on the invoice amount.
    private let counts: [(meter: String, unit: UnitName, quantity: Int64)] = [
        ("orders", UnitName(one: "order", other: "orders"), 13_695),
        ("channels", UnitName(one: "sales channel", other: "sales channels"), 3),
        ("feeds", UnitName(one: "feed connected", other: "feeds connected"), 0),
        ("employees", UnitName(one: "employee account", other: "employee accounts"), 5),
        ("printnode", UnitName(one: "PrintNode connection", other: "PrintNode connections"), 1),
    ]

    private func invoice(_ wording: String?, hidesZero: Bool = false, line: String? = nil) throws -> InvoiceDocument {
        let period = try Fixture.range("2023-11-01", "2023-12-01")
        let lines = counts.enumerated().map { index, count in
            InvoiceDocument.Line(
                number: index + 1,
                line: InvoiceLine(
                    kind: .usage, price: 1, service: period, quantity: count.quantity, before: 0, threshold: 0,
                    billable: count.quantity, amount: count.quantity, corrects: nil),
                plan: "pro", planName: "Pro", price: count.meter, name: count.meter, meter: count.meter,
                unit: count.unit, wording: line, hidesZero: hidesZero)
        }
        return InvoiceDocument(
            customer: "c", customerName: "A & <B>", subscription: "s", period: period,
            currency: try Fixture.currency("EUR"), total: 13_704, lines: lines, wording: wording)
    }

    /// The description as one line, as it stands in the JSON.
    private func description(_ wording: String) throws -> String? {
        let json = InvoiceJSON.render(try invoice(wording), .compact)
        return json.firstMatch(of: /"description":"([^"]*)"/).map { String($0.1) }
    }

    @Test("An invoice says what it is based on, zeros included, singular and plural right")
    func sentence() throws {
        let wording = "based on {{orders}}, {{channels}}, {{feeds}}, {{employees}} and {{printnode}}"
        #expect(
            try description(wording)
                == "based on 13695 orders, 3 sales channels, 0 feeds connected, 5 employee accounts and 1 PrintNode connection"
        )
        let text = InvoiceText.render(try invoice(wording))
        #expect(text.contains("based on 13695 orders, 3 sales channels, 0 feeds connected"))
    }

    @Test("What two prices charge of one meter is counted once, and what another stretch of days counted is added")
    func sharedMeter() throws {
        var document = try invoice("{{orders}}")
        var (twice, later) = (document.lines[0], document.lines[0])
        twice.price = "processing"
        later.line.service = try Fixture.range("2023-12-01", "2023-12-15")
        later.line.quantity = 305
        document.lines += [twice, later]
        #expect(InvoiceText.render(document).contains("\n14000 orders\n"))
    }

    @Test("A template can leave a zero out, and take quantity and word apart")
    func parts() throws {
        #expect(try description("{{channels.quantity}}/{{channels.unit}}") == "3/sales channels")
        #expect(
            try description("{{orders}}{{#feeds.any}}, {{feeds}}{{/feeds.any}}{{^feeds.any}}, no feeds{{/feeds.any}}")
                == "13695 orders, no feeds")
    }

    @Test("Names are text, not HTML")
    func escaping() throws {
        #expect(try description("{{customer}} {{{customer}}}") == "A & <B> A & <B>")
    }

    @Test("A line of zero is hidden from customers where the catalog says so, and never from other systems")
    func zeros() throws {
        let shown = InvoiceText.render(try invoice(nil))
        #expect(shown.contains("  3  feeds"))
        let hidden = InvoiceText.render(try invoice(nil, hidesZero: true))
        #expect(!hidden.contains("feeds") && hidden.contains("  4  employees"))
        #expect(InvoiceJSON.render(try invoice(nil, hidesZero: true), .compact).contains(#""price":"feeds""#))
    }

    @Test("A price's own wording stands in the place of the sentence below its line")
    func line() throws {
        let text = InvoiceText.render(try invoice(nil, line: "{{quantity}} {{unit}} at {{amount}} {{currency}}"))
        #expect(text.contains("5 employee accounts at 0.05 EUR"))
        #expect(text.contains("1 PrintNode connection at 0.01 EUR"))
        #expect(!text.contains("beyond"))
    }
}
