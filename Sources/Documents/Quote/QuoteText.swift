package import Billing

/// A quote for a terminal of 80 columns or a pipe.
///
///     Quote from catalog connex                     plan Silver, version of 2022-02-01
///     2022-02-01 to 2022-02-28                           invoiced and paid every month
///
///       1  Silver plan                      2022-02-01 to 2022-02-28             49.00
///       2  Orders over the limit            2022-02-01 to 2022-02-28            300.00
///          15,000 orders: 3,000 beyond 12,000 (0 before this period)
///                                                            Total USD          349.00
package enum QuoteText {
    package static func render(_ quote: Quote) -> String {
        var page = TextPage()
        page.pair("Quote from catalog \(quote.catalog)", "plan \(quote.planName), version of \(quote.versionFrom)")
        let invoiced = PeriodText.every(quote.invoiceEvery)
        page.pair(
            PeriodText.inclusive(quote.invoice.period),
            quote.paid == nil
                ? "invoiced and paid \(invoiced)" : "invoiced \(invoiced), paid \(PeriodText.every(quote.paysEvery))")
        let named = [quote.contract.map { "contract \($0)" }, quote.coupon.map { "coupon \($0)" }].compactMap(\.self)
        if !named.isEmpty { page.paragraph(named.joined(separator: ", ")) }
        page.blank()
        page.lines(
            quote.invoice.lines.filter(\.isShown).map { AmountLine($0, of: quote.invoice) }, total: quote.invoice.total,
            quote.invoice.currency)
        let priced = Set((quote.paid?.sum.lines ?? quote.invoice.lines).compactMap(\.meter))
        for use in quote.use where !priced.contains(use.meter) {
            page.paragraph("Not priced by this plan: \(NumberText.grouped(use.quantity)) of \(use.meter).")
        }
        if let paid = quote.paid { write(paid, to: &page) }
        return page.text
    }

    private static func write(_ paid: Quote.PaidPeriod, to page: inout TextPage) {
        let currency = paid.sum.currency
        for later in paid.dueLater where paid.sum.lines.indices.contains(later.line) {
            let line = paid.sum.lines[later.line]
            page.paragraph(
                "Not on this invoice: \(line.name), \(NumberText.money(line.line.amount, in: currency)), "
                    + "due on \(later.due).")
        }
        page.blank()
        page.paragraph(
            "\(PeriodText.inclusive(paid.sum.period)): all \(paid.billingPeriods) invoices of the paid period, "
                + "with this use on each")
        page.blank()
        page.lines(
            paid.sum.lines.map { line in
                AmountLine(
                    number: line.number, name: line.name, service: line.line.service, amount: line.line.amount,
                    sentence: sentence(line, of: paid.sum))
            }, total: paid.sum.total, currency)
    }

    /// The billing periods of a usage line each have their own count and threshold, so only their sums are shown.
    private static func sentence(_ line: InvoiceDocument.Line, of document: InvoiceDocument) -> String? {
        guard line.line.kind == .usage else { return LineWords(line, of: document).sentence }
        let (billed, places) = (line.line, line.unit?.places ?? 0)
        let unit = line.unit?.word(for: billed.quantity) ?? "units"
        let counted = "\(NumberText.grouped(billed.quantity, places: places)) \(unit)"
        guard billed.billable != billed.quantity else { return counted }
        return "\(counted): \(NumberText.grouped(billed.billable, places: places)) beyond the allowance"
    }
}
