package import Billing

/// A quote as JSON, `meterbook.quote/1`; in a batch one a line, and each with the number of the line that it answers.
package enum QuoteJSON {
    private static let schema: StaticString = "meterbook.quote/1"

    package static func render(_ quote: Quote, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document(schema, style) { write(quote, to: &$0) }
    }

    /// Appends the answer to line `line` of a batch, with its line feed.
    package static func line(_ quote: Quote, answering line: Int, into bytes: inout [UInt8]) {
        JSONWriter.append(schema, .compact, to: &bytes) { writer in
            writer.member("line", line)
            write(quote, to: &writer)
        }
    }

    /// What is wrong with a case of a batch.
    package struct Failure: Hashable, Sendable {
        /// The stable word for it.
        package var code: String
        /// Where in the case: `use.orders`; empty for the line itself.
        package var place: String
        package var found: String
        package var expected: String
        package var hint: String?

        package init(code: String, place: String, found: String, expected: String, hint: String?) {
            self.code = code
            self.place = place
            self.found = found
            self.expected = expected
            self.hint = hint
        }
    }

    /// Appends the answer to a line that could not be quoted.
    package static func line(_ failure: Failure, answering line: Int, into bytes: inout [UInt8]) {
        JSONWriter.append(schema, .compact, to: &bytes) { writer in
            writer.member("line", line)
            writer.object("error") { writer in
                writer.member("code", failure.code)
                writer.member("at", failure.place.isEmpty ? nil : failure.place)
                writer.member("found", failure.found)
                writer.member("expected", failure.expected)
                writer.member("hint", failure.hint)
            }
        }
    }

    private static func write(_ quote: Quote, to writer: inout JSONWriter) {
        writer.member("catalog", quote.catalog)
        writer.member("plan", quote.plan)
        writer.member("plan_name", quote.planName)
        writer.member("version", quote.versionFrom)
        writer.member("contract", quote.contract)
        writer.member("coupon", quote.coupon)
        writer.member("invoice_every", quote.invoiceEvery.description)
        writer.member("pays_every", quote.paysEvery.description)
        writer.array("use", of: quote.use) { writer, use in
            writer.member("meter", use.meter)
            writer.member("quantity", use.quantity)
        }
        writer.member("period", quote.invoice.period)
        writer.member("currency", quote.invoice.currency.code)
        writer.array("lines", of: quote.invoice.lines) { writer, line in
            InvoiceJSON.write(line, of: quote.invoice, to: &writer)
        }
        writer.member("total", quote.invoice.total, in: quote.invoice.currency)
        if let paid = quote.paid { writer.object("paid_period") { write(paid, to: &$0) } }
    }

    private static func write(_ paid: Quote.PaidPeriod, to writer: inout JSONWriter) {
        let currency = paid.sum.currency
        writer.member("period", paid.sum.period)
        writer.member("billing_periods", paid.billingPeriods)
        writer.array("lines", of: paid.sum.lines.enumerated()) { writer, entry in
            let line = entry.element
            writer.member("line", line.number)
            writer.member("plan", line.plan)
            writer.member("price", line.price)
            writer.member("name", line.name)
            writer.member("service", line.line.service)
            writer.member("quantity", line.line.quantity)
            writer.member("billable", line.line.billable)
            writer.member("amount", line.line.amount, in: currency)
            writer.member("due", paid.dueLater.first { $0.line == entry.offset }?.due)
            writer.member("meter", line.meter)
        }
        writer.member("total", paid.sum.total, in: currency)
    }
}
