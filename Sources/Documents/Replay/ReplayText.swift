package import Billing

/// What a replay came to, for a person: how many invoices are equal, and of each that is not, what differs.
package enum ReplayText {
    package static func render(_ report: ReplayReport) -> String {
        var page = TextPage()
        guard report.invoices > 0 else {
            page.paragraph("No invoice to replay.")
            return page.text
        }
        page.paragraph("Invoices replayed")
        var counts = TextTable([.left("Invoices"), .right("Count")], hasHeader: false)
        counts.add("equal to the last byte", NumberText.grouped(report.equal))
        counts.add("different", NumberText.grouped(report.different))
        counts.add("not replayable", NumberText.grouped(report.notReplayable))
        page.table(counts, indent: 2)
        page.blank()
        guard !report.isEqual else {
            page.paragraph(report.invoices == 1 ? "The invoice is equal." : "All invoices are equal.")
            return page.text
        }
        for (index, finding) in report.findings.enumerated() {
            if index > 0 { page.blank() }
            write(finding, to: &page)
        }
        let rest = report.invoices - report.equal - Int64(report.findings.count)
        if rest > 0 {
            page.blank()
            page.paragraph("\(NumberText.grouped(rest)) more are not equal; ask for them with --limit.")
        }
        return page.text
    }

    private static func write(_ finding: ReplayReport.Finding, to page: inout TextPage) {
        page.paragraph(finding.reference)
        switch finding.outcome {
        case .notReplayable(let reason): page.paragraph("not replayable: \(reason)", indent: 2)
        case .different(let differences):
            for difference in differences {
                let place = difference.line.map { "line \($0), " } ?? ""
                page.paragraph("\(place)\(difference.member)", indent: 2)
                page.fact("stored", difference.stored ?? "nothing", indent: 4, labelWidth: 12)
                page.fact("recomputed", difference.recomputed ?? "nothing", indent: 4, labelWidth: 12)
            }
        }
    }
}

/// What a replay came to, as JSON: `meterbook.replay/1`.
package enum ReplayJSON {
    package static func render(_ report: ReplayReport, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.replay/1", style) { writer in
            writer.member("is_equal", report.isEqual)
            writer.member("invoices", report.invoices)
            writer.member("equal", report.equal)
            writer.member("different", report.different)
            writer.member("not_replayable", report.notReplayable)
            writer.array("findings", of: report.findings) { writer, finding in
                writer.member("reference", finding.reference)
                switch finding.outcome {
                case .notReplayable(let reason):
                    writer.member("outcome", literal: "not_replayable")
                    writer.member("reason", reason.code)
                    writer.member("detail", reason.description)
                case .different(let differences):
                    writer.member("outcome", literal: "different")
                    writer.array("differences", of: differences) { writer, difference in
                        writer.member("line", difference.line)
                        writer.member("member", difference.member)
                        writer.member("stored", difference.stored)
                        writer.member("recomputed", difference.recomputed)
                    }
                }
            }
        }
    }
}
