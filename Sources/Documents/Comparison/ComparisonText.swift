import Billing

/// What a run has invoiced beside what came before, for a person: by plan, and what to look at.
enum ComparisonText {
    static func write(_ comparison: RunComparison, to page: inout TextPage) {
        for currency in comparison.inCurrencies {
            let (plans, total) = (comparison.byPlan(currency), comparison.total(currency))
            page.blank()
            var sums = TextTable([
                .left("Plan"), .right("Subscr."), .right("Invoices"), .right("First"), .right("Total \(currency.code)"),
                .right("Before"), .right("Change"), .right("%"),
            ])
            for (plan, sum) in plans { sums.add(cells: [plan] + cells(sum, currency)) }
            if plans.count > 1 { sums.addFooter(cells: ["All"] + cells(total, currency)) }
            page.table(sums)
            page.blank()
            var parts = TextTable([
                .left("Plan"), .right("Recurring"), .right("Usage"), .right("Overage"), .right("Corrections"),
                .right("Other"),
            ])
            for (plan, sum) in plans { parts.add(cells: [plan] + self.parts(sum, currency)) }
            if plans.count > 1 { parts.addFooter(cells: ["All"] + self.parts(total, currency)) }
            page.table(parts)
            write(comparison.outliers(currency), comparison.rule, currency, to: &page)
        }
    }

    private static func cells(_ sum: RunComparison.PlanSum, _ currency: Currency) -> [String] {
        [
            NumberText.grouped(sum.subscriptions), NumberText.grouped(sum.invoices), NumberText.grouped(sum.first),
            NumberText.money(sum.total, in: currency), NumberText.money(sum.before, in: currency),
            NumberText.signedMoney(sum.difference, in: currency),
            NumberText.percent(sum.difference, of: sum.before) ?? "-",
        ]
    }

    private static func parts(_ sum: RunComparison.PlanSum, _ currency: Currency) -> [String] {
        [sum.recurring, sum.usage, sum.overage, sum.corrections, sum.other].map { NumberText.money($0, in: currency) }
    }

    private static func write(
        _ outliers: Ranking<Outlier>, _ rule: OutlierRule, _ currency: Currency, to page: inout TextPage
    ) {
        page.blank()
        let bound = NumberText.money(Int128(rule.least) * Int128(currency.minorUnits), in: currency)
        let words =
            "over \(rule.factor) times or under 1/\(rule.factor) of the median of up to \(rule.history) "
            + "like it, new, missing or a credit, and \(bound) \(currency.code) or more apart"
        guard outliers.count > 0 else {
            page.paragraph("No outliers (\(words)).")
            return
        }
        page.paragraph("\(NumberText.grouped(outliers.count)) outlier\(outliers.count == 1 ? "" : "s"): \(words).")
        var table = TextTable([
            .left("Invoice"), .left("Why"), .right("Total \(currency.code)"), .right("Last"), .right("Median"),
            .right("Times"),
        ])
        for outlier in outliers.first {
            table.add(
                outlier.invoice.reference, outlier.reason.rawValue,
                NumberText.money(outlier.invoice.total, in: currency),
                outlier.invoice.before.map { NumberText.money($0, in: currency) } ?? "-",
                outlier.median.map { NumberText.money($0, in: currency) } ?? "-", factor(outlier) ?? "-")
        }
        page.table(table)
        if outliers.rest > 0 { page.paragraph("and \(NumberText.grouped(outliers.rest)) more") }
    }

    /// How many times the median, to one place.
    static func factor(_ outlier: Outlier) -> String? {
        outlier.tenths.map { "\($0 / 10).\($0 % 10)" }
    }
}
