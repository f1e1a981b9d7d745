package import Billing

/// An invoice as JSON, `meterbook.invoice/1`. It holds what was billed and nothing of when or by which run, so that two
/// runs that bill the same write the same bytes.
package enum InvoiceJSON {
    private static let schema: StaticString = "meterbook.invoice/1"

    /// Appends the invoice as one line of NDJSON, with its line feed. Nothing is allocated but what the buffer grows by.
    package static func line(_ document: InvoiceDocument, into bytes: inout [UInt8]) {
        JSONWriter.append(schema, .compact, to: &bytes) { write(document, to: &$0) }
    }

    /// The invoice as a document of its own.
    package static func render(_ document: InvoiceDocument, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document(schema, style) { write(document, to: &$0) }
    }

    static func write(_ document: InvoiceDocument, to writer: inout JSONWriter) {
        writeHead(document, to: &writer)
        writer.array("lines", of: document.lines) { writer, line in
            write(line, of: document, to: &writer)
        }
    }

    /// Everything but the lines: what a list of invoices shows too.
    static func writeHead(_ document: InvoiceDocument, to writer: inout JSONWriter) {
        writer.member(
            "reference", referenceTo: document.subscription, periodEnd: document.period.end,
            isChange: document.kind == .change)
        switch document.kind {
        case .period: writer.member("kind", literal: "period")
        case .change: writer.member("kind", literal: "change")
        }
        writer.member("customer", document.customer)
        writer.member("customer_name", document.customerName)
        writer.member("subscription", document.subscription)
        writer.member("period", document.period)
        writer.member("status", document.status.rawValue)
        if let issue = document.issue {
            writer.member("number", issue.number)
            writer.member("issued_on", issue.date)
            write(issue, in: document.currency, to: &writer)
        }
        if let void = document.void {
            writer.object("void") { writer in
                writer.member("on", void.date)
                writer.member("reason", void.reason)
                writer.member("by", void.author)
            }
        }
        writer.member("currency", document.currency.code)
        writer.member("total", document.total, in: document.currency)
        writer.member("description", InvoiceWording.description(of: document))
        if !document.gaps.isEmpty { write(document.gaps, to: &writer) }
    }

    /// What sources lacked of the period, as the member `gaps`.
    static func write(_ gaps: [PeriodGap], to writer: inout JSONWriter) {
        writer.array("gaps", of: gaps) { writer, gap in
            writer.member("gap", gap.kind.rawValue)
            writer.member("source", gap.source)
            writer.member("account", gap.channel?.account)
            writer.member("channel", gap.channel?.channel)
            writer.member("category", gap.channel.flatMap { $0.category.isEmpty ? nil : $0.category })
            writer.member("first_day", gap.days.start)
            writer.member("last_day", gap.lastDay)
            writer.member("days", Int64(gap.count))
        }
    }

    /// What it comes to with tax, and whom it is for.
    private static func write(
        _ issue: InvoiceDocument.Issue, in currency: Currency, to writer: inout JSONWriter
    ) {
        if let revision = issue.revision {
            writer.object("revision") { writer in
                writer.member("number", revision.number)
                writer.member("on", revision.date)
                writer.member("reason", revision.reason)
                writer.member("by", revision.author)
            }
        }
        if let reissue = issue.reissue {
            writer.object("replaces") { writer in
                writer.member("number", reissue.replaces)
                writer.member("on", reissue.date)
                writer.member("reason", reissue.reason)
                writer.member("by", reissue.author)
            }
        }
        if let replacement = issue.replacedBy {
            writer.object("replaced_by") { writer in
                writer.member("number", replacement.number)
                writer.member("issued_on", replacement.date)
            }
        }
        writer.member("net", issue.net, in: currency)
        writer.member("tax", issue.tax, in: currency)
        writer.member("gross", issue.gross, in: currency)
        if !issue.taxes.isEmpty { write(issue.taxes, in: currency, to: &writer) }
        if !issue.notes.isEmpty { writer.member("tax_notes", issue.notes) }
        writer.member("seller_tax_number", issue.sellerNumber)
        if issue.credit != 0 || issue.gross < 0 || !issue.creditNotes.isEmpty {
            writer.member("due", issue.due, in: currency)
        }
        if issue.credit != 0 { writer.member("credit_used", issue.credit, in: currency) }
        if !issue.creditNotes.isEmpty {
            writer.array("credit_notes", of: issue.creditNotes) { writer, note in
                writer.member("number", note.number)
                writer.member("issued_on", note.date)
                writer.member("gross", note.gross, in: currency)
            }
        }
        writer.object("payment") { writer in
            writer.member("status", issue.payment.status.rawValue)
            writer.member("since", issue.payment.since)
        }
        guard let to = issue.billTo else { return }
        writer.object("bill_to") { writer in
            writer.member("version", to.version)
            writer.member("legal_name", to.legalName)
            if !to.address.isEmpty { writer.member("address", to.address) }
            writer.member("postal_code", to.postalCode)
            writer.member("city", to.city)
            writer.member("region", to.region)
            writer.member("country", to.country)
            writer.member("tax_number", to.taxNumber)
            writer.member("po_number", to.poNumber)
        }
    }

    /// The subtotals by rate, as the member `taxes`.
    static func write(_ taxes: [InvoiceDocument.Tax], in currency: Currency, to writer: inout JSONWriter) {
        writer.array("taxes", of: taxes) { writer, tax in
            writer.member("treatment", tax.treatment)
            if !tax.country.isEmpty { writer.member("country", tax.country) }
            if !tax.region.isEmpty { writer.member("region", tax.region) }
            writer.member("category", tax.category)
            writer.member("percent", tax.percent)
            writer.member("net", tax.net, in: currency)
            writer.member("tax", tax.tax, in: currency)
        }
    }

    /// The members of one line. A flat line has the same members as a metered one, so that lines load into one table; a manual
    /// one has its number and tax category in the place of plan and price.
    static func write(_ line: InvoiceDocument.Line, of document: InvoiceDocument, to writer: inout JSONWriter) {
        let billed = line.line
        let places = line.unit?.places ?? 0
        writer.member("line", line.number)
        switch billed.kind {
        case .flat: writer.member("kind", literal: "flat")
        case .usage: writer.member("kind", literal: "usage")
        case .correction: writer.member("kind", literal: "correction")
        case .minimum: writer.member("kind", literal: "minimum")
        case .discount: writer.member("kind", literal: "discount")
        case .manual: writer.member("kind", literal: "manual")
        }
        if let manual = billed.manual {
            writer.member("manual_line", manual)
            writer.member("tax_category", line.taxCategory)
        } else {
            writer.member("plan", line.plan)
            writer.member("price", line.price)
        }
        writer.member("name", line.name)
        writer.member("service", billed.service)
        writer.member("quantity", billed.quantity, places: places)
        writer.member("counted_before", billed.before, places: places)
        writer.member("threshold", billed.threshold, places: places)
        writer.member("billable", billed.billable, places: places)
        writer.member("amount", billed.amount, in: document.currency)
        writer.member("description", InvoiceWording.sentence(of: line, in: document))
        if let corrects = billed.corrects {
            writer.member(
                "corrects", referenceTo: document.subscription, periodEnd: corrects.periodEnd, line: corrects.line)
        }
        writer.member("meter", line.meter)
        if let days = line.countedDays { writer.member("counted_days", days) }
    }
}
