package import Billing

/// What a change of plan costs, for a terminal of 80 columns or a pipe.
///
///     Change of plan on 2022-04-11                                    Basic to Plus
///     2022-04-01 to 2022-04-30, 20 of 30 days left                    paid every month
///
///     At once
///
///       1  Basic                            2022-04-11 to 2022-04-30            -66.67
///          credit: 20/30 of 100.00
///       2  Plus                             2022-04-11 to 2022-04-30            106.67
///          charge: 20/30 of 160.00
///                                                            Total USD           40.00
package enum PlanChangeText {
    package static func render(_ change: PlanChange) throws(BillingError) -> String {
        var page = TextPage()
        let left = change.on.daysSince1970.distance(to: change.period.end.daysSince1970)
        page.pair("Change of plan on \(change.on)", "\(change.from.name) to \(change.to.name)")
        page.pair(
            "\(PeriodText.inclusive(change.period)), \(left) of \(change.period.days) days left",
            "paid \(PeriodText.every(change.paysEvery))")
        if !change.now.isEmpty || change.later.isEmpty {
            page.blank()
            page.paragraph("At once")
            page.blank()
            try write(change.now, of: change, to: &page)
        }
        if !change.later.isEmpty {
            page.blank()
            page.paragraph("With the invoice of \(change.period.end)")
            page.blank()
            try write(change.later, of: change, to: &page)
        }
        page.blank()
        page.paragraph("The invoice of \(change.period.end), before use, minimums and discounts")
        page.blank()
        try write(change.next, of: change, to: &page)
        if !change.untouched.isEmpty { page.blank() }
        for price in change.untouched {
            page.paragraph(
                price.isNew
                    ? "\(price.name) is not prorated: not charged for the rest of the period."
                    : "\(price.name) is not prorated: charged for the whole period.")
        }
        return page.text
    }

    private static func write(
        _ lines: [PlanChange.Line], of change: PlanChange, to page: inout TextPage
    ) throws(BillingError) {
        page.lines(
            lines.enumerated().map { index, line in
                AmountLine(
                    number: index + 1, name: line.name, service: line.service, amount: line.amount,
                    sentence: sentence(line, change.currency))
            }, total: try PlanChange.total(lines), change.currency)
    }

    private static func sentence(_ line: PlanChange.Line, _ currency: Currency) -> String? {
        guard line.kind != .whole else { return nil }
        let whole = NumberText.money(line.wholeAmount, in: currency)
        return "\(line.kind.rawValue): \(line.service.days)/\(line.wholeDays) of \(whole)"
    }
}
