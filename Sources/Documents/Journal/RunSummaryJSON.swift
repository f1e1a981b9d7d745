package import Billing

/// What a run did, as the journal keeps it and as other programs read it.
package enum RunSummaryJSON {
    /// `meterbook.run-summary/1`, for standard output.
    package static func document(_ summary: RunSummary) -> String {
        JSONWriter.document("meterbook.run-summary/1", .pretty) { writer in
            write(summary, to: &writer)
            if let comparison = summary.comparison {
                writer.object("comparison") { ComparisonJSON.write(comparison, to: &$0) }
            }
        }
    }

    /// The same on one line, for the journal.
    package static func text(_ summary: RunSummary) -> String {
        line { write(summary, to: &$0) }
    }

    package static func text(_ pull: RunSummary.Pull) -> String {
        line { write(pull, to: &$0) }
    }

    package static func text(_ metering: RunSummary.Metering) -> String {
        line { write(metering, to: &$0) }
    }

    package static func text(_ alerting: RunSummary.Alerting) -> String {
        line { write(alerting, to: &$0) }
    }

    package static func text(_ close: RunSummary.Close) -> String {
        line { write(close, to: &$0) }
    }

    package static func text(_ deciding: RunSummary.Deciding) -> String {
        line { write(deciding, to: &$0) }
    }

    package static func text(_ finalizing: RunSummary.Finalizing) -> String {
        line { write(finalizing, to: &$0) }
    }

    package static func text(_ delivering: DeliverySummary) -> String {
        line { NoticeJSON.write(delivering, to: &$0) }
    }

    private static func line(_ members: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(.compact)
        writer.object(members)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ summary: RunSummary, to writer: inout JSONWriter) {
        writer.member("job", summary.job)
        writer.member("run", summary.runID)
        writer.member("dry_run", summary.isDryRun)
        writer.member("as_of", summary.asOf)
        writer.array("pulls", of: summary.pulls) { write($1, to: &$0) }
        if let backfill = summary.backfill { writer.object("backfill") { BackfillJSON.write(backfill, to: &$0) } }
        if let metering = summary.metering { writer.object("metering") { write(metering, to: &$0) } }
        if let alerting = summary.alerting { writer.object("alerting") { write(alerting, to: &$0) } }
        if let close = summary.close { writer.object("close") { write(close, to: &$0) } }
        if let finalizing = summary.finalizing { writer.object("finalizing") { write(finalizing, to: &$0) } }
        if let deciding = summary.deciding { writer.object("deciding") { write(deciding, to: &$0) } }
        if let delivering = summary.delivering {
            writer.object("delivering") { NoticeJSON.write(delivering, to: &$0) }
        }
        if !summary.failures.isEmpty {
            writer.array("failures", of: summary.failures) { writer, failure in
                writer.member("step", failure.step)
                writer.member("message", failure.message)
                writer.member("exit_code", Int64(failure.exitCode))
            }
        }
    }

    private static func write(_ pull: RunSummary.Pull, to writer: inout JSONWriter) {
        writer.member("source", pull.counts.source)
        writer.member("feeds", pull.counts.feeds)
        writer.member("read", pull.counts.read)
        writer.member("new", pull.counts.new)
        writer.member("changed", pull.counts.changed)
        writer.member("unchanged", pull.counts.unchanged)
        writer.member("repeated", pull.counts.repeated)
        writer.member("merged", pull.counts.merged)
        writer.member("outside", pull.counts.outside)
        writer.member("rejected", pull.counts.rejected)
        if pull.counts.isNotModified { writer.member("not_modified", true) }
        writer.member("late_totals", pull.lateTotals)
    }

    private static func write(_ metering: RunSummary.Metering, to writer: inout JSONWriter) {
        writer.member("subscriptions", metering.subscriptions)
        writer.member("totals", metering.totals)
        writer.member("late_totals", metering.late)
        writer.member("failed", metering.failed)
    }

    private static func write(_ alerting: RunSummary.Alerting, to writer: inout JSONWriter) {
        writer.member("subscriptions", alerting.subscriptions)
        writer.member("notices", alerting.notices)
        writer.member("failed", alerting.failed)
    }

    private static func write(_ finalizing: RunSummary.Finalizing, to writer: inout JSONWriter) {
        writer.member("invoices", finalizing.invoices)
        writer.member("held", finalizing.held)
    }

    private static func write(_ deciding: RunSummary.Deciding, to writer: inout JSONWriter) {
        writer.member("decided", deciding.decided)
        writer.member("up", deciding.up)
        writer.member("down", deciding.down)
        writer.member("withdrawn", deciding.withdrawn)
        writer.member("failed", deciding.failed)
    }

    private static func write(_ close: RunSummary.Close, to writer: inout JSONWriter) {
        writer.member("watermark", close.watermark)
        writer.member("subscriptions", close.subscriptions)
        writer.member("invoices", close.invoices)
        writer.member("lines", close.lines)
        writer.member("corrections", close.corrections)
        writer.member("held", close.held)
        writer.member("invoices_held", close.invoicesHeld)
        if close.flagged > 0 { writer.member("flagged", close.flagged) }
        writer.array("sums", of: close.sums) { writer, sum in
            writer.member("currency", sum.currency.code)
            writer.member("invoices", sum.invoices)
            writer.member("total", sum.currency.format(sum.total))
            writer.array("months", of: sum.months) { writer, month in
                writer.member("month", month.month)
                writer.member("invoices", month.invoices)
                writer.member("total", sum.currency.format(month.total))
            }
        }
    }
}
