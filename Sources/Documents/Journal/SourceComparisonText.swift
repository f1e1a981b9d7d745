package import Billing

/// What a source says now of past days, beside what the books have.
package enum SourceComparisonText {
    /// - Parameter limit: at most so many readings and invoices are listed.
    package static func render(_ comparison: SourceComparison, limit: Int) -> String {
        var page = TextPage()
        let (source, window) = (comparison.source, comparison.window)
        page.pair("\(source), from \(window.start) until before \(window.end)", "nothing was stored")
        page.paragraph(
            "\(NumberText.grouped(comparison.same)) \(comparison.same == 1 ? "reading is" : "readings are") the same.")
        if comparison.rejected > 0 {
            page.paragraph(
                "\(NumberText.grouped(comparison.rejected)) rows could not be taken in; readings that they were of count as gone."
            )
        }
        guard !comparison.differences.isEmpty else {
            if comparison.isEqual { page.paragraph("The source and the books agree.") }
            return page.text
        }
        page.blank()
        var sums = TextTable([.left("Meter"), .right("New"), .right("Changed"), .right("Gone"), .right("Difference")])
        for sum in comparison.sums {
            sums.add(sum.meter, "\(sum.new)", "\(sum.changed)", "\(sum.gone)", "\(sum.delta)")
        }
        page.table(sums)
        page.blank()
        var table = TextTable([
            .fixed("Day"), .left("Account"), .left("Channel"), .left("Meter"), .right("Books"), .right("Source"),
            .right("Difference"),
        ])
        for difference in comparison.differences.prefix(limit) {
            let key = difference.key
            table.add(
                "\(difference.day)", key.account,
                key.category.isEmpty ? key.channel : "\(key.channel) (\(key.category))",
                difference.meter, difference.was.map { "\($0)" } ?? "none", difference.now.map { "\($0)" } ?? "none",
                "\(difference.delta)")
        }
        page.table(table)
        page.rest(of: comparison.differences.count, beyond: limit)
        page.blank()
        if comparison.invoices.isEmpty {
            page.paragraph("No invoice has counted these days.")
        } else {
            page.paragraph("Invoices of these days, which the next ones would correct:")
            for invoice in comparison.invoices.prefix(limit) { page.pair(invoice.name, invoice.status, indent: 2) }
            page.rest(of: comparison.invoices.count, beyond: limit)
        }
        page.blank()
        page.paragraph("Take in what is new and changed; what is gone stays in the books until the source says 0:")
        page.paragraph(
            "meterbook pull --source \(source) --from \(window.start) --to \(window.end)", indent: 2, hanging: 4)
        return page.text
    }

    /// `meterbook.source-comparison/1`
    package static func json(_ comparison: SourceComparison) -> String {
        JSONWriter.document("meterbook.source-comparison/1", .pretty) { writer in
            writer.member("source", comparison.source)
            writer.member("window", comparison.window)
            writer.member("same", comparison.same)
            writer.member("rejected", comparison.rejected)
            writer.array("meters", of: comparison.sums) { writer, sum in
                writer.member("meter", sum.meter)
                writer.member("new", sum.new)
                writer.member("changed", sum.changed)
                writer.member("gone", sum.gone)
                writer.member("difference", "\(sum.delta)")
            }
            writer.array("differences", of: comparison.differences) { writer, difference in
                writer.member("kind", difference.kind.rawValue)
                writer.member("day", difference.day)
                writer.member("account", difference.key.account)
                writer.member("channel", difference.key.channel)
                writer.member("category", difference.key.category.isEmpty ? nil : difference.key.category)
                writer.member("meter", difference.meter)
                writer.member("books", difference.was)
                writer.member("source", difference.now)
            }
            writer.array("invoices", of: comparison.invoices) { writer, invoice in
                writer.member("invoice", invoice.name)
                writer.member("status", invoice.status)
            }
        }
    }
}
