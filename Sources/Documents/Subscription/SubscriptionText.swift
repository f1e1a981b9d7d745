package import Billing

/// A subscription, a change of its plan, and what another plan would not allow, for a terminal of 80 columns or a pipe.
package enum SubscriptionText {
    package static func render(_ statement: SubscriptionStatement) -> String {
        var page = TextPage()
        page.pair("Subscription \(statement.subscription)", "on \(statement.asOf)")
        page.paragraph("\(statement.customerName) (\(statement.customer))")
        page.pair(
            "plan \(statement.planName), paid \(PeriodText.every(statement.paysEvery)) in \(statement.currency)",
            statement.period.map { "billing period \(PeriodText.inclusive($0))" } ?? "no billing period")
        page.blank()
        page.fact("billed", "from \(statement.starts), anchor date \(statement.anchor)")
        if let ends = statement.ends {
            page.fact("ends", "on \(ends): no period begins from then on")
        } else if let renewal = statement.renewal {
            page.fact("renewal", "on \(renewal)")
        }
        if !statement.changes.isEmpty {
            page.blank()
            page.table(table(statement.changes))
        }
        if let review = statement.review, !review.excesses.isEmpty {
            page.blank()
            write(review, to: &page)
        }
        return page.text
    }

    private static func table(_ changes: [SubscriptionStatement.Change]) -> TextTable {
        var table = TextTable([
            .fixed("From"), .left("Change"), .left("Asked by"), .left("Status"), .fixed("Since"),
        ])
        for change in changes {
            var words = change.plan == change.wasPlan ? "" : "\(change.wasPlan) to \(change.plan)"
            if let was = change.wasPaysEvery, let every = change.paysEvery {
                words += (words.isEmpty ? "" : "; ") + "paid \(PeriodText.every(was)) to \(PeriodText.every(every))"
            }
            let origin = change.rule.map { "rule \($0)" } ?? change.origin
            let status = change.isPending ? "pending" : change.status
            table.add(
                "\(change.takesEffect)", words, origin, change.isInvoiced ? "\(status), invoiced" : status,
                "\(change.settledOn ?? change.announcedOn)")
        }
        return table
    }

    package static func render(_ change: RequestedChange) -> String {
        var page = TextPage()
        guard let plan = change.plan, let day = change.takesEffect else {
            page.paragraph(
                "\(change.subscription) stays on plan \(change.wasPlan): the pending change has been taken back.")
            return page.text
        }
        let isSame = plan == change.wasPlan
        var words =
            isSame
            ? "\(change.subscription) stays on plan \(plan)"
            : "\(change.subscription) changes from plan \(change.wasPlan) to \(plan) on \(day)"
        if let every = change.paysEvery {
            words +=
                isSame ? " and pays \(PeriodText.every(every)) from \(day) on" : " and pays \(PeriodText.every(every))"
        }
        page.paragraph(words + ".")
        if change.isHeld {
            page.paragraph("It could not be invoiced: see 'meterbook hold list'.")
        } else if change.isInvoiced {
            page.paragraph("Credit and charge: 'meterbook invoice show \(change.subscription)/\(day)/change'.")
        } else if change.isAtOnce {
            page.paragraph("Credit and charge are invoiced on that day.")
        } else {
            page.paragraph("Nothing is invoiced until then.")
        }
        if let review = change.review, !review.excesses.isEmpty {
            page.blank()
            write(review, to: &page)
        }
        return page.text
    }

    package static func render(_ review: PlanReview) -> String {
        var page = TextPage()
        page.pair("Plan \(review.planName)", "on \(review.asOf)")
        page.blank()
        if review.excesses.isEmpty {
            page.paragraph("Everything that is used and counted fits into the plan.")
        } else {
            write(review, to: &page)
        }
        return page.text
    }

    private static func write(_ review: PlanReview, to page: inout TextPage) {
        page.paragraph("Beyond the limits of plan \(review.planName)")
        page.blank()
        var limits = TextTable([.left("Entitlement"), .right("Limit"), .right("Use"), .right("Excess")])
        for excess in review.excesses {
            let places = excess.meter.quantityPlaces
            limits.add(
                excess.entitlement.name, NumberText.grouped(excess.most, places: places),
                NumberText.grouped(excess.used, places: places),
                NumberText.grouped(excess.used - excess.most, places: places))
        }
        page.table(limits)
        guard review.excesses.contains(where: { !$0.pauses.isEmpty }) else { return }
        page.blank()
        page.paragraph("To be paused, the newest first")
        page.blank()
        var pauses = TextTable([
            .left("Entitlement"), .left("Account"), .left("Channel"), .fixed("Since"), .right("Use"),
        ])
        for excess in review.excesses {
            for item in excess.pauses {
                pauses.add(
                    excess.entitlement.name, item.account, item.channel, "\(item.since)",
                    NumberText.grouped(item.quantity, places: excess.meter.quantityPlaces))
            }
        }
        page.table(pauses)
    }
}
