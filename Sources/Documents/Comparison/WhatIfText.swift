package import Billing

/// What another catalog would have billed beside what was billed, for a person: the sums by plan and month, then who would
/// have paid most more and most less.
package enum WhatIfText {
    /// - Parameter path: the file of the catalog.
    package static func render(_ report: WhatIfReport, catalog path: String) -> String {
        var page = TextPage()
        page.paragraph("What if: \(path); nothing was kept")
        page.paragraph(
            "\(NumberText.grouped(report.invoices)) invoice\(report.invoices == 1 ? "" : "s") of "
                + "\(NumberText.grouped(report.subscriptions)) subscription\(report.subscriptions == 1 ? "" : "s")\(days(report)), "
                + "on the plans and with the usage that they were billed for; before tax.")
        for remark in report.remarks { page.paragraph("Note: \(remark)", hanging: 2) }
        let obstacles = report.notComparable
        if !obstacles.isEmpty {
            page.blank()
            page.paragraph("Not compared, and in no sum below")
            for obstacle in obstacles {
                page.paragraph(
                    "\(obstacle.plan): \(obstacle.reason). Billed \(NumberText.money(obstacle.billed, in: obstacle.currency)) "
                        + "\(obstacle.currency.code) on \(NumberText.grouped(obstacle.invoices)) "
                        + "invoice\(obstacle.invoices == 1 ? "" : "s") of \(NumberText.grouped(obstacle.subscriptions)) "
                        + "subscription\(obstacle.subscriptions == 1 ? "" : "s").", indent: 2, hanging: 2)
            }
        }
        for currency in report.currencies { write(report, currency, to: &page) }
        return page.text
    }

    private static func days(_ report: WhatIfReport) -> String {
        switch (report.from, report.to) {
        case (let from?, let to?): " dated from \(from) until before \(to)"
        case (let from?, nil): " dated on or after \(from)"
        case (nil, let to?): " dated before \(to)"
        case (nil, nil): ""
        }
    }

    private static func write(_ report: WhatIfReport, _ currency: Currency, to page: inout TextPage) {
        let total = report.total(currency)
        let (plans, months) = (report.byPlan(currency), report.byMonth(currency))
        page.blank()
        var table = sums("Plan", currency)
        for (plan, sum) in plans { table.add(cells: [plan] + cells(sum, currency)) }
        if plans.count > 1 { table.addFooter(cells: ["All"] + cells(total, currency)) }
        page.table(table)
        page.blank()
        table = sums("Dated in", currency)
        for (month, sum) in months { table.add(cells: [String(month.description.prefix(7))] + cells(sum, currency)) }
        page.table(table)
        write("Largest rises", report.rises(currency), currency, to: &page)
        write("Largest falls", report.falls(currency), currency, to: &page)
        if total.difference == 0, report.rises(currency).count == 0, report.falls(currency).count == 0 {
            page.blank()
            page.paragraph("Nobody would have paid anything else in \(currency.code).")
        }
    }

    private static func sums(_ title: String, _ currency: Currency) -> TextTable {
        TextTable([
            .left(title), .right("Invoices"), .right("Billed \(currency.code)"), .right("Would be"),
            .right("Difference"), .right("%"),
        ])
    }

    private static func cells(_ sum: WhatIfSum, _ currency: Currency) -> [String] {
        [NumberText.grouped(sum.invoices)] + amounts(sum, currency)
    }

    private static func amounts(_ sum: WhatIfSum, _ currency: Currency) -> [String] {
        [
            NumberText.money(sum.billed, in: currency), NumberText.money(sum.wouldBe, in: currency),
            NumberText.signedMoney(sum.difference, in: currency),
            NumberText.percent(sum.difference, of: sum.billed) ?? "-",
        ]
    }

    private static func write(
        _ title: String, _ ranking: Ranking<WhatIfReport.Change>, _ currency: Currency, to page: inout TextPage
    ) {
        guard ranking.count > 0 else { return }
        page.blank()
        page.paragraph("\(title), of \(NumberText.grouped(ranking.count))")
        guard !ranking.first.isEmpty else { return }
        var table = TextTable([
            .left("Subscription"), .left("Plan"), .right("Billed \(currency.code)"), .right("Would be"),
            .right("Difference"), .right("%"),
        ])
        for change in ranking.first {
            table.add(cells: [change.subscription, change.plan] + amounts(change.sum, currency))
        }
        page.table(table)
        if ranking.rest > 0 { page.paragraph("and \(NumberText.grouped(ranking.rest)) more") }
    }
}
