package import Billing

/// What a run did, for the person or the log that reads it the next morning.
package enum RunSummaryText {
    /// More months than these are summed up in one row: a backfill of decades stays readable.
    private static let mostMonths = 36

    /// - Parameter seconds: how long the run took, by the caller's clock.
    package static func text(_ summary: RunSummary, seconds: String? = nil) -> String {
        var page = TextPage()
        page.pair(
            summary.runID.map { "Run \($0): \(summary.job)" } ?? "Dry run: \(summary.job); nothing was kept",
            "as of \(summary.asOf)")
        if !summary.pulls.isEmpty {
            page.blank()
            page.table(pulls(summary.pulls))
            for pull in summary.pulls where pull.counts.isNotModified {
                page.paragraph("\(pull.counts.source) has not changed since the pull before: nothing was read.")
            }
            let late = summary.pulls.reduce(summary.metering?.late ?? 0) { $0 + $1.lateTotals }
            // A statement of what changed says more of it.
            if late > 0, summary.backfill == nil {
                page.paragraph(
                    "\(NumberText.grouped(late)) \(late == 1 ? "total" : "totals") of closed periods changed; the next close "
                        + "bills the difference.")
            }
            if summary.pulls.contains(where: { $0.counts.rejected > 0 }) {
                page.paragraph("Rejected rows are kept with their reasons: meterbook reject list")
            }
        }
        if let metering = summary.metering, metering.subscriptions + metering.failed > 0 {
            page.blank()
            page.paragraph(
                "Metered \(NumberText.grouped(metering.subscriptions)) subscription\(metering.subscriptions == 1 ? "" : "s"): "
                    + "\(NumberText.grouped(metering.totals)) totals are new or have changed.")
            if metering.failed > 0 {
                page.paragraph("\(NumberText.grouped(metering.failed)) subscriptions could not be metered.")
            }
        }
        if let alerting = summary.alerting, alerting.notices + alerting.failed > 0 {
            page.blank()
            if alerting.notices > 0 {
                page.paragraph(
                    "\(NumberText.grouped(alerting.notices)) usage alert\(alerting.notices == 1 ? "" : "s") written: "
                        + "meterbook notice list")
            }
            if alerting.failed > 0 {
                page.paragraph(
                    "\(NumberText.grouped(alerting.failed)) subscriptions could not be looked at for alerts.")
            }
        }
        if let backfill = summary.backfill {
            page.blank()
            BackfillText.write(backfill, isDryRun: summary.isDryRun, to: &page)
        }
        if let close = summary.close {
            page.blank()
            write(close, to: &page)
        }
        if summary.job == "finalize", summary.finalizing == RunSummary.Finalizing() {
            page.blank()
            page.paragraph("No draft was waiting.")
        }
        if let finalizing = summary.finalizing, finalizing.held > 0 {
            page.blank()
            page.paragraph(
                "The tax of \(NumberText.grouped(finalizing.held)) invoice\(finalizing.held == 1 ? "" : "s") cannot be told: "
                    + "meterbook hold list")
        }
        if let finalizing = summary.finalizing, finalizing.invoices > 0 {
            page.blank()
            let plural = finalizing.invoices == 1 ? "" : "s"
            page.paragraph("Finalized \(NumberText.grouped(finalizing.invoices)) invoice\(plural).")
        }
        if let deciding = summary.deciding, deciding != RunSummary.Deciding() { write(deciding, to: &page) }
        if let delivering = summary.delivering, delivering != DeliverySummary() {
            page.blank()
            NoticeText.write(delivering, to: &page)
        }
        for failure in summary.failures {
            page.blank()
            page.paragraph("The step '\(failure.step)' failed, and the others went on: \(failure.message)")
        }
        if let comparison = summary.comparison { ComparisonText.write(comparison, to: &page) }
        if let seconds {
            page.blank()
            page.paragraph("Done in \(seconds) s.")
        }
        return page.text
    }

    private static func pulls(_ pulls: [RunSummary.Pull]) -> TextTable {
        // Only what comes by the instant is merged into readings of days.
        let merges = pulls.contains { $0.counts.merged > 0 }
        var table = TextTable(
            [.left("Source"), .right("Read"), .right("New"), .right("Changed"), .right("Same")]
                + (merges ? [.right("Merged")] : []) + [.right("Outside"), .right("Rejected")])
        for pull in pulls {
            let counts = pull.counts
            let numbers =
                [counts.read, counts.new, counts.changed, counts.unchanged + counts.repeated]
                + (merges ? [counts.merged] : []) + [counts.outside, counts.rejected]
            table.add(cells: [counts.source] + numbers.map(NumberText.grouped))
        }
        return table
    }

    private static func write(_ deciding: RunSummary.Deciding, to page: inout TextPage) {
        page.blank()
        if deciding.decided > 0 {
            page.paragraph(
                "Decided on \(NumberText.grouped(deciding.decided)) plan\(deciding.decided == 1 ? "" : "s"): "
                    + "\(NumberText.grouped(deciding.up)) will go up, \(NumberText.grouped(deciding.down)) down.")
        }
        if deciding.withdrawn > 0 {
            page.paragraph(
                "\(NumberText.grouped(deciding.withdrawn)) announced change\(deciding.withdrawn == 1 ? " was" : "s were") "
                    + "withdrawn: restated counts took the reason away.")
        }
        if deciding.failed > 0 {
            page.paragraph("\(NumberText.grouped(deciding.failed)) subscriptions could not be decided on.")
        }
    }

    private static func write(_ close: RunSummary.Close, to page: inout TextPage) {
        guard close.invoices > 0 || close.held > 0 else {
            page.paragraph("Nothing was due.")
            return
        }
        for sum in close.sums { write(sum, to: &page) }
        if close.corrections > 0 {
            page.paragraph("\(NumberText.grouped(close.corrections)) lines correct earlier ones.")
        }
        if close.held > 0 {
            page.paragraph("\(NumberText.grouped(close.held)) subscriptions are held: meterbook hold list")
        }
        if close.invoicesHeld > 0 {
            let words = close.invoicesHeld == 1 ? "invoice waits" : "invoices wait"
            page.paragraph("\(NumberText.grouped(close.invoicesHeld)) \(words) for a person: meterbook hold list")
        }
        if close.flagged > 0 {
            let words = close.flagged == 1 ? "invoice lacks" : "invoices lack"
            page.paragraph("\(NumberText.grouped(close.flagged)) \(words) days of a source: meterbook gaps")
        }
    }

    private static func write(_ sum: RunSummary.Sum, to page: inout TextPage) {
        let (code, total) = (sum.currency.code, NumberText.money(sum.total, in: sum.currency))
        guard sum.months.count <= mostMonths else {
            page.paragraph("\(NumberText.grouped(sum.invoices)) invoices, \(total) \(code) in all.")
            return
        }
        var table = TextTable([.left("Periods that ended in"), .right("Invoices"), .right("Total \(code)")])
        for month in sum.months {
            table.add(
                String(month.month.description.prefix(7)), NumberText.grouped(month.invoices),
                NumberText.money(month.total, in: sum.currency))
        }
        table.addFooter("All", NumberText.grouped(sum.invoices), total)
        page.table(table)
    }
}
