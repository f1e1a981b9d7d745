package import Billing

/// Why each line of an invoice is what it is, from the readings to the rounding, for a person who doubts it.
///
/// Every amount here was computed by Billing. The room subtracts in two places only to show a sum that Billing has
/// made (`after − before`), and says so in plain words when it is not what the invoice says.
package enum ExplanationText {
    /// - Parameters:
    ///   - explanations: of lines of `document`, in their order.
    ///   - plain: ASCII only, for terminals that show nothing else; names stay as they are.
    package static func render(
        _ explanations: [LineExplanation], of document: InvoiceDocument, plain: Bool = false
    ) -> String {
        var page = TextPage()
        InvoiceText.writeHead(document, to: &page)
        for explanation in explanations {
            page.blank()
            write(explanation, of: document, plain: plain, to: &page)
        }
        return page.text
    }

    private static func write(
        _ explanation: LineExplanation, of document: InvoiceDocument, plain: Bool, to page: inout TextPage
    ) {
        let line = explanation.line
        let amount = NumberText.money(line.line.amount, in: document.currency)
        page.pair("Line \(line.number): \(line.name)", "\(amount) \(document.currency.code)")
        page.fact("service", PeriodText.inclusive(line.line.service))
        if let terms = explanation.terms {
            page.fact("terms", "plan \(line.planName), version of \(terms.from)\(cohort(terms.cohort))")
        }
        switch explanation.derivation {
        case .flat(let flat):
            let whole = NumberText.money(flat.wholeAmount, in: document.currency)
            page.fact("price", "\(whole) \(PeriodText.once(flat.paidEvery)), paid \(PeriodText.every(flat.paidEvery))")
            if let period = flat.partOf {
                page.fact(
                    "part",
                    "\(line.line.service.days) of the \(period.days) days of \(PeriodText.inclusive(period)): \(amount)"
                        + (line.line.amount < 0 ? ", which had been paid" : "")
                )
            }
        case .usage(let usage):
            let words = UsageWords(usage, explanation, document, times: plain ? "x" : "×")
            words.write(to: &page)
            for gap in document.gaps(of: line) { page.fact("lacking", "when it was billed, \(gap)") }
        case .minimum(let minimum):
            let cost = NumberText.money(line.line.before, in: document.currency)
            page.fact(
                "minimum",
                "\(NumberText.money(minimum.amount, in: document.currency)) \(PeriodText.once(minimum.per)) for "
                    + minimum.on.joined(separator: " and "))
            page.fact("cost", "\(cost) without it, as rated at the end of the allowance period")
        case .discount(let discount):
            page.fact("discount", words(discount, document.currency))
            page.fact("off", "\(NumberText.money(line.line.before, in: document.currency)) of the lines that it is for")
        case .manual(let manual):
            let what = manual.amount < 0 ? "a credit" : "a charge"
            page.fact("added", "\(what), by \(manual.author) on \(manual.addedOn), as manual line \(manual.number)")
            page.fact("reason", manual.reason)
            page.fact("tax", "category \(manual.words.taxCategory)")
        }
    }

    /// `20%`, or `5.00 each billing period`, and where it stands to a maximum.
    private static func words(_ discount: Discount, _ currency: Currency) -> String {
        let effect =
            switch discount.effect {
            case .percent(let percent): "\(percent)%"
            case .amount(let minor): "\(NumberText.money(minor, in: currency)) each billing period"
            }
        return discount.order == .beforeMaximum ? "\(effect), before the maximum is applied" : effect
    }

    private static func cohort(_ cohort: Cohort) -> String {
        let contract = cohort.contract.map { ", contract \($0)" } ?? ""
        return contract + dates(cohort)
    }

    private static func dates(_ cohort: Cohort) -> String {
        switch (cohort.from, cohort.before) {
        case (nil, nil): ""
        case (let from?, nil): ", for sign-ups from \(from)"
        case (nil, let before?): ", for sign-ups before \(before)"
        case (let from?, let before?): ", for sign-ups from \(from) and before \(before)"
        }
    }
}

/// The derivation of one usage line in words.
private struct UsageWords {
    private let usage: LineExplanation.Usage
    private let explanation: LineExplanation
    private let line: InvoiceLine
    private let document: InvoiceDocument
    private let unit: UnitName
    private let times: String

    init(
        _ usage: LineExplanation.Usage, _ explanation: LineExplanation, _ document: InvoiceDocument, times: String
    ) {
        self.usage = usage
        self.explanation = explanation
        line = explanation.line.line
        self.document = document
        unit = explanation.line.unit ?? UnitName(one: "unit", other: "units")
        self.times = times
    }

    func write(to page: inout TextPage) {
        if line.threshold > 0 {
            page.fact(
                "allowance",
                "\(count(allowance)) \(PeriodText.once(usage.terms.per)); this allowance period is "
                    + PeriodText.inclusive(usage.allowancePeriod))
            if let days = usage.share.days {
                page.fact(
                    "part",
                    "\(days) of its \(usage.allowancePeriod.days) days, from \(usage.share.countsFrom) on: "
                        + count(usage.share.allowance))
            }
            page.fact("threshold", threshold)
        } else {
            let count = usage.counted == nil ? "; the count began on \(usage.allowancePeriod.start)" : ""
            page.fact("allowance", "none\(count)")
        }
        if let counted = usage.counted {
            WindowWords.write(counted, unit, to: &page)
        } else {
            writeReadings(to: &page)
        }
        // One quantity for the whole period has none before it.
        if usage.counted == nil { write("before", usage.before, until: line.service.start, to: &page) }
        let label = usage.counted == nil ? "after" : "cost"
        write(label, usage.after, until: usage.counted == nil ? line.service.end : nil, to: &page)
        if usage.terms.rate == nil {
            page.fact("rate", "nothing is sold beyond the limit: counted, not charged")
        }
        if let billed = usage.billedBefore {
            writeCorrection(billed, to: &page)
        } else {
            let (after, before) = (money(usage.after.minor), money(usage.before.minor))
            page.fact("amount", usage.counted == nil ? "\(after) - \(before) = \(money(now))" : money(now))
        }
        if let mismatch { page.fact("not explained", mismatch) }
    }

    private var threshold: String {
        let threshold = count(line.threshold)
        guard usage.alreadyPaid > 0 else {
            return usage.share.days == nil ? "\(threshold): the allowance" : "\(threshold): that part of the allowance"
        }
        return """
            \(threshold): the allowance is \(number(usage.share.allowance)), and \
            \(number(line.threshold)) had been counted when the version\(version) took effect, which are \
            already paid
            """
    }

    private var version: String { explanation.terms.map { " of \($0.from)" } ?? "" }

    /// Month by month, with the count as it ran up.
    private func writeReadings(to page: inout TextPage) {
        guard !usage.readings.isEmpty else { return page.fact("readings", "none") }
        page.fact("readings", "as they were known when the invoice was written")
        var table = TextTable([
            .fixed("Month"), .right("Readings"), .right("Counted"), .right("Running count"),
        ])
        var running: Int128 = 0
        for month in usage.readings {
            running += Int128(month.quantity)
            table.add(
                ExplanationJSON.name(of: month.month), NumberText.grouped(month.readings),
                number(month.quantity), number(running))
        }
        page.table(table, indent: 4)
    }

    /// The count at one end of the service period and what it costs, tier by tier.
    private func write(
        _ label: String, _ running: RatingUsage.RunningAmount, until day: CivilDate?, to page: inout TextPage
    ) {
        let beyond = line.threshold > 0 ? ", \(number(running.over)) beyond the threshold" : ""
        let until = day.map { " counted before \($0)" } ?? ""
        page.fact(label, "\(count(running.count))\(until)\(beyond): \(money(running.minor))")
        let isDivided = running.shares.count { if case .units = $0.kind { true } else { false } } > 1
        for share in running.shares {
            page.paragraph("\(words(share, isDivided: isDivided)) = \(exact(share.exact))", indent: 17)
        }
        guard let sum = running.exact else { return }
        if running.shares.count > 1 { page.paragraph("together \(exact(sum))", indent: 17) }
        // Said only where it changed something.
        let uncapped = money(running.uncapped)
        if exact(sum) != uncapped { page.paragraph("rounded \(rounding) to \(uncapped)", indent: 17) }
        if running.uncapped != running.minor {
            page.paragraph("at most \(money(running.minor)): the maximum", indent: 17)
        }
    }

    /// `1,500 orders × 0.10`; with several tiers `first 1,000 orders × 0.10` and `next 500 orders (1,001 to 1,500) × 0.05`;
    /// `fee`; `13 packages of 100 orders × 2.00`.
    private func words(_ share: Tariff.Share, isDivided: Bool) -> String {
        switch share.kind {
        case .units(let quantity, let beyond, let unitPrice):
            "\(units(quantity, beyond: beyond, isDivided: isDivided)) \(times) \(price(unitPrice))"
        case .fee(let beyond, _):
            beyond > 0 ? "\(fee) beyond \(number(beyond))" : fee
        case .packages(let packages, let size, let price):
            """
            \(NumberText.grouped(packages)) package\(packages == 1 ? "" : "s") of \(count(size)) \(times) \
            \(exact(price.exact))
            """
        }
    }

    /// A step has one amount for every quantity up to its bound; elsewhere a fee goes with a price of the units.
    private var fee: String {
        if case .stairStep = usage.terms.rate?.model { "step" } else { "fee" }
    }

    private func units(_ quantity: Int64, beyond: Int64, isDivided: Bool) -> String {
        guard isDivided else { return count(quantity) }
        guard beyond > 0 else { return "first \(count(quantity))" }
        // Only whole units can be numbered.
        guard unit.places == 0 else { return "next \(count(quantity)) (beyond \(number(beyond)))" }
        let last = number(beyond + quantity)
        return "next \(count(quantity)) (\(quantity == 1 ? last : "\(number(beyond + 1)) to \(last)"))"
    }

    private func price(_ unitPrice: ExactDecimal) -> String {
        if case .percentage = usage.terms.rate?.model { "\(unitPrice)%" } else { exact(unitPrice.exact) }
    }

    private var rounding: String {
        switch usage.rounding {
        case .halfAwayFromZero: "half away from zero"
        case .halfToEven: "half to even"
        case .down: "down"
        }
    }

    private func writeCorrection(_ billed: LineExplanation.Billed, to page: inout TextPage) {
        page.fact("corrects", line.corrects.map { LineWords.name($0, of: document) } ?? "an earlier line")
        var table = TextTable([
            .left(""), .right("Counted"), .right("Beyond"), .right("Amount \(document.currency.code)"),
        ])
        table.add(
            "billed so far", number(billed.quantity), number(billed.billable),
            money(billed.amount))
        table.add(
            "now", number(Int128(usage.after.count) - Int128(usage.before.count)),
            number(Int128(usage.after.over) - Int128(usage.before.over)), money(now))
        table.addFooter(
            "difference", NumberText.signed(line.quantity, places: unit.places),
            NumberText.signed(line.billable, places: unit.places), money(line.amount))
        page.table(table, indent: 4)
    }

    /// What the service period costs by the two running amounts.
    private var now: Int128 { Int128(usage.after.minor) - Int128(usage.before.minor) }

    /// An explanation that does not add up must not look as if it did.
    private var mismatch: String? {
        let derived = now - Int128(usage.billedBefore?.amount ?? 0)
        guard derived != Int128(line.amount) else { return nil }
        return """
            these readings and terms give \(money(derived)), and the invoice says \(money(line.amount)); \
            run 'meterbook replay'
            """
    }

    /// The terms' allowance in the parts in which quantities are counted.
    private var allowance: Int64 { usage.wholeAllowance }

    private func number(_ quantity: some BinaryInteger) -> String {
        NumberText.grouped(quantity, places: unit.places)
    }

    private func count(_ quantity: Int64) -> String {
        "\(number(quantity)) \(unit.word(for: quantity))"
    }

    private func money(_ minor: some BinaryInteger) -> String {
        NumberText.money(minor, in: document.currency)
    }

    private func exact(_ amount: ExactAmount) -> String {
        NumberText.exact(amount, in: document.currency)
    }
}
