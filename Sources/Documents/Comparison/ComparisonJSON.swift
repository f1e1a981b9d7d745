import Billing

/// What a run has invoiced beside what came before, as a member of its summary.
enum ComparisonJSON {
    static func write(_ comparison: RunComparison, to writer: inout JSONWriter) {
        writer.object("outlier_rule") { writer in
            writer.member("factor", comparison.rule.factor)
            writer.member("amount", comparison.rule.least)
            writer.member("history", comparison.rule.history)
        }
        writer.array("currencies", of: comparison.inCurrencies) { writer, currency in
            writer.member("currency", currency.code)
            write(comparison.total(currency), currency, to: &writer)
            writer.array("plans", of: comparison.byPlan(currency)) { writer, group in
                writer.member("plan", group.plan)
                write(group.sum, currency, to: &writer)
            }
            let outliers = comparison.outliers(currency)
            writer.object("outliers") { writer in
                writer.member("count", outliers.count)
                writer.array("first", of: outliers.first) { writer, outlier in
                    write(outlier, currency, to: &writer)
                }
            }
        }
    }

    private static func write(_ sum: RunComparison.PlanSum, _ currency: Currency, to writer: inout JSONWriter) {
        writer.member("subscriptions", sum.subscriptions)
        writer.member("invoices", sum.invoices)
        writer.member("first_invoices", sum.first)
        writer.member("recurring", currency.format(sum.recurring))
        writer.member("usage", currency.format(sum.usage))
        writer.member("overage", currency.format(sum.overage))
        writer.member("corrections", currency.format(sum.corrections))
        writer.member("other", currency.format(sum.other))
        writer.member("total", currency.format(sum.total))
        writer.member("before", currency.format(sum.before))
        writer.member("difference", currency.format(sum.difference))
        writer.member("percent", NumberText.share(sum.difference, of: sum.before))
    }

    private static func write(_ outlier: Outlier, _ currency: Currency, to writer: inout JSONWriter) {
        let invoice = outlier.invoice
        writer.member("invoice", invoice.reference)
        writer.member("subscription", invoice.subscription)
        writer.member("customer", invoice.customer)
        writer.member("plan", invoice.plan)
        writer.member("reason", outlier.reason.rawValue)
        writer.member("total", currency.format(invoice.total))
        writer.member("last", invoice.before.map { currency.format($0) })
        writer.member("median", outlier.median.map { currency.format($0) })
        writer.member("factor", ComparisonText.factor(outlier))
    }
}
