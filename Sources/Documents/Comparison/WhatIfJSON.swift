package import Billing

/// What another catalog would have billed beside what was billed, as JSON: `meterbook.what-if/1`.
package enum WhatIfJSON {
    package static func render(_ report: WhatIfReport, catalog path: String) -> String {
        JSONWriter.document("meterbook.what-if/1", .pretty) { writer in
            writer.member("catalog", path)
            writer.member("from", report.from)
            writer.member("to", report.to)
            writer.member("is_complete", report.isComplete)
            writer.member("subscriptions", report.subscriptions)
            writer.member("unchanged", report.unchanged)
            writer.member("invoices", report.invoices)
            writer.member("remarks", report.remarks)
            writer.array("not_comparable", of: report.notComparable) { writer, obstacle in
                writer.member("plan", obstacle.plan)
                writer.member("currency", obstacle.currency.code)
                writer.member("reason", obstacle.reason.code)
                writer.member("detail", obstacle.reason.description)
                writer.member("subscriptions", obstacle.subscriptions)
                writer.member("invoices", obstacle.invoices)
                writer.member("billed", obstacle.currency.format(obstacle.billed))
            }
            writer.array("currencies", of: report.currencies) { writer, currency in
                writer.member("currency", currency.code)
                write(report.total(currency), currency, to: &writer)
                writer.array("plans", of: report.byPlan(currency)) { writer, group in
                    writer.member("plan", group.plan)
                    write(group.sum, currency, to: &writer)
                }
                writer.array("months", of: report.byMonth(currency)) { writer, group in
                    writer.member("month", group.month)
                    write(group.sum, currency, to: &writer)
                }
                write("rises", report.rises(currency), currency, to: &writer)
                write("falls", report.falls(currency), currency, to: &writer)
            }
        }
    }

    private static func write(_ sum: WhatIfSum, _ currency: Currency, to writer: inout JSONWriter) {
        writer.member("invoices", sum.invoices)
        writer.member("billed", currency.format(sum.billed))
        writer.member("would_be", currency.format(sum.wouldBe))
        writer.member("difference", currency.format(sum.difference))
        writer.member("percent", NumberText.share(sum.difference, of: sum.billed))
    }

    private static func write(
        _ key: StaticString, _ ranking: Ranking<WhatIfReport.Change>, _ currency: Currency, to writer: inout JSONWriter
    ) {
        writer.object(key) { writer in
            writer.member("count", ranking.count)
            writer.array("first", of: ranking.first) { writer, change in
                writer.member("subscription", change.subscription)
                writer.member("customer", change.customer)
                writer.member("plan", change.plan)
                write(change.sum, currency, to: &writer)
            }
        }
    }
}
