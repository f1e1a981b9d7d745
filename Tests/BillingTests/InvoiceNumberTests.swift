import Billing
import Testing

@Suite("Invoice numbers")
struct InvoiceNumberTests {
    @Test(
        "A number is put into its pattern with at least so many digits",
        arguments: [
            ("INV-{{year}}-{{number}}", 6, 7, "INV-2026-000007"), ("{{number}}", 1, 7, "7"),
            ("{{number}}", 3, 12345, "12345"), ("A {{number}}/{{year}}", 4, 42, "A 0042/2026"),
            ("{{year}}{{number}}", 6, 7, "2026000007"),
        ])
    func labels(pattern: String, digits: Int, number: Int64, expected: String) throws {
        #expect(try InvoiceNumbering(pattern, digits: digits).label(number, year: 2026) == expected)
    }

    @Test("Only a pattern with the year begins anew each year")
    func restarts() throws {
        #expect(try InvoiceNumbering("R{{year}}-{{number}}", digits: 1).restartsYearly)
        #expect(try !InvoiceNumbering("R-{{number}}", digits: 1).restartsYearly)
        #expect(InvoiceNumbering.standard.label(1, year: 2026) == "2026-000001")
    }

    @Test(
        "A pattern by which two invoices could have one number, or that cannot be printed everywhere, is refused",
        arguments: [
            ("INV", InvoiceNumbering.Flaw.number), ("{{number}}{{number}}", .number), ("", .number),
            ("{{year}}{{year}}-{{number}}", .year), ("№{{number}}", .character("№")), ("{{ number }}", .number),
            ("{{number}}{{x}}", .character("{")), ("a\u{7}{{number}}", .character("\u{7}")),
            ("{{number}}|", .character("|")),
        ])
    func flaws(pattern: String, flaw: InvoiceNumbering.Flaw) {
        #expect(throws: flaw) { try InvoiceNumbering(pattern, digits: 6) }
    }

    @Test(
        "When a draft is finalized is said in the words that are read back",
        arguments: ["at_once", "by_hand", "1 day", "5 days", "366 days"])
    func finalization(text: String) {
        #expect(InvoiceTerms.Finalization(text)?.description == text)
    }

    @Test(
        "Anything else says nothing",
        arguments: ["", "0 days", "367 days", "1 days", "2 day", "-1 days", "5", "5  days", "now", "٣ days"])
    func noFinalization(text: String) {
        #expect(InvoiceTerms.Finalization(text) == nil)
    }
}
