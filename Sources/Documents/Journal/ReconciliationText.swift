package import Billing

/// Whether the books agree, for a person: what came in, where each meter's usage has gone, and whatever does not add up.
package enum ReconciliationText {
    package static func render(_ books: Reconciliation) -> String {
        var page = TextPage()
        page.paragraph("Rows of readings pulled")
        page.table(
            counts([
                ("read", books.rowsRead), ("new", books.rowsNew), ("changed", books.rowsChanged),
                ("rejected", books.rowsRejected),
                ("unchanged, repeated, merged or outside the window", books.rowsOther),
            ]), indent: 2)
        page.blank()
        page.paragraph("Readings")
        page.table(
            counts([
                ("stored", books.readings), ("restated, the old ones kept", books.superseded),
                ("sum of those in running totals", books.quantity),
                ("totals changed after their close, for the next one", books.lateTotals),
            ]), indent: 2)
        page.blank()
        page.paragraph("Where the usage has gone")
        writeMeters(books.meters, to: &page)
        page.blank()
        writeDifferences(books.differences, to: &page)
        return page.text
    }

    private static func counts(_ rows: [(label: String, count: Int64)]) -> TextTable {
        var table = TextTable([.left("Rows"), .right("Count")], hasHeader: false)
        for row in rows { table.add(row.label, NumberText.grouped(row.count)) }
        return table
    }

    private static func writeMeters(_ meters: [Reconciliation.MeterBalance], to page: inout TextPage) {
        guard !meters.isEmpty else { return page.paragraph("no meter has been read", indent: 2) }
        // A meter a block: nine columns of counts would not stand side by side.
        for meter in meters {
            var table = TextTable([.left("Part"), .right("Count")], hasHeader: false)
            table.add("\(meter.meter), total", NumberText.grouped(meter.total))
            let parts: [(String, Int64)] = [
                ("on invoices, beyond allowances", meter.billed), ("on invoices, within allowances", meter.included),
                ("in periods not closed yet", meter.open), ("late, for the next close", meter.late),
                ("before the first billed day", meter.beforeStart), ("after the subscription's end", meter.afterEnd),
                ("closed, without a price", meter.unpriced),
            ]
            for (label, count) in parts { table.add("  \(label)", NumberText.grouped(count)) }
            page.table(table, indent: 2)
        }
    }

    private static func writeDifferences(_ differences: [Reconciliation.Difference], to page: inout TextPage) {
        guard !differences.isEmpty else { return page.paragraph("The books agree.") }
        page.paragraph(
            differences.count == 1 ? "1 difference" : "\(NumberText.grouped(differences.count)) differences")
        var table = TextTable([.left("Check"), .left("Subject"), .left("Detail")])
        for difference in differences { table.add(difference.check, difference.subject, difference.detail) }
        page.table(table, indent: 2)
    }
}

/// Whether the books agree, as JSON: `meterbook.reconciliation/1`.
package enum ReconciliationJSON {
    package static func render(_ books: Reconciliation, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.reconciliation/1", style) { writer in
            writer.member("agrees", books.differences.isEmpty)
            writer.object("rows") { writer in
                writer.member("read", books.rowsRead)
                writer.member("new", books.rowsNew)
                writer.member("changed", books.rowsChanged)
                writer.member("rejected", books.rowsRejected)
                writer.member("other", books.rowsOther)
            }
            writer.object("readings") { writer in
                writer.member("stored", books.readings)
                writer.member("superseded", books.superseded)
                writer.member("quantity", books.quantity)
            }
            writer.member("late_totals", books.lateTotals)
            writer.array("meters", of: books.meters) { writer, meter in
                writer.member("meter", meter.meter)
                writer.member("total", meter.total)
                writer.member("billed", meter.billed)
                writer.member("included", meter.included)
                writer.member("open", meter.open)
                writer.member("late", meter.late)
                writer.member("before_start", meter.beforeStart)
                writer.member("after_end", meter.afterEnd)
                writer.member("unpriced", meter.unpriced)
            }
            writer.array("differences", of: books.differences) { writer, difference in
                writer.member("check", difference.check)
                writer.member("subject", difference.subject)
                writer.member("detail", difference.detail)
            }
        }
    }
}
