package import Billing

/// What a customer sees of his account: the plan, what is counted, what is left, and where the count came from.
package enum UsageText {
    private static let barWidth = 30

    /// - Parameter plain: ASCII only, for terminals that show nothing else; names stay as they are.
    package static func render(_ usage: UsageStatement, plain: Bool = false) -> String {
        var page = TextPage()
        page.pair("Usage of \(usage.subscription)", "on \(usage.asOf)")
        page.paragraph("\(usage.customerName) (\(usage.customer))")
        let period = usage.period.map { "open period \(PeriodText.inclusive($0))" } ?? "ended, no open period"
        page.pair("plan \(usage.planName)", period)
        var shown: Set<String> = []
        for allowance in usage.allowances {
            page.blank()
            write(allowance, usage.currency, plain: plain, to: &page)
            // Two prices that go by one meter have the same sources.
            if shown.insert(allowance.meter).inserted { writeSources(of: allowance, to: &page) }
        }
        if !usage.entitlements.isEmpty {
            page.blank()
            page.paragraph("Entitlements")
            var table = TextTable([.left("Entitlement"), .left("Value")], hasHeader: false)
            for entitlement in usage.entitlements { table.add(entitlement.name, words(entitlement.value)) }
            page.table(table, indent: 2)
        }
        return page.text
    }

    private static func write(
        _ allowance: UsageStatement.Allowance, _ currency: Currency, plain: Bool, to page: inout TextPage
    ) {
        func number(_ quantity: Int64) -> String { NumberText.grouped(quantity, places: allowance.unit.places) }
        func count(_ quantity: Int64) -> String {
            "\(number(quantity)) \(allowance.unit.word(for: quantity))"
        }
        page.pair(allowance.name, PeriodText.inclusive(allowance.period))
        // What was counted before is charged on the terms of then.
        let since = allowance.chargedFrom.map { " since \($0)" } ?? ""
        guard allowance.threshold > 0 else {
            let cost = allowance.overAmount.map { ": \(NumberText.money($0, in: currency)) \(currency.code)" } ?? ""
            if allowance.chargedFrom == nil {
                page.fact("counted", count(allowance.counted) + cost)
            } else {
                page.fact("counted", count(allowance.counted))
                page.fact("charged", "\(count(allowance.over))\(since)\(cost)")
            }
            writeDays(of: allowance, to: &page)
            return
        }
        let bar = bar(counted: allowance.counted, threshold: allowance.threshold, plain: plain)
        let (counted, threshold) = (number(allowance.counted), number(allowance.threshold))
        page.paragraph("\(bar)  \(counted) of \(threshold)", indent: 2, hanging: 2)
        page.fact("counted", count(allowance.counted))
        page.fact("included", count(allowance.allowance))
        if allowance.alreadyPaid > 0 {
            page.fact("already paid", "\(count(allowance.alreadyPaid)) more")
        }
        page.fact("left", count(allowance.left))
        if allowance.over > 0 {
            let cost =
                allowance.overAmount.map { "\(NumberText.money($0, in: currency)) \(currency.code)" }
                ?? "nothing is sold beyond the limit: counted, not charged"
            page.fact("over", "\(count(allowance.over))\(since): \(cost)")
        }
        writeDays(of: allowance, to: &page)
    }

    private static func writeDays(of allowance: UsageStatement.Allowance, to page: inout TextPage) {
        if let days = allowance.countedDays { page.fact("days", PeriodText.inclusive(days)) }
        page.fact("resets on", "\(allowance.period.end)")
    }

    /// Where a count came from.
    private static func writeSources(of allowance: UsageStatement.Allowance, to page: inout TextPage) {
        guard !allowance.sources.isEmpty else { return }
        var table = TextTable([.left("Account"), .left("Channel"), .right("Counted"), .fixed("Last day")])
        for source in allowance.sources {
            let quantity = NumberText.grouped(source.quantity, places: allowance.unit.places)
            table.add(source.account, source.channel, quantity, "\(source.lastDay)")
        }
        page.blank()
        page.table(table, indent: 2)
    }

    /// A picture of a count within its threshold. Rounded down, so that a full bar means that nothing is left; the first
    /// unit already shows.
    package static func bar(counted: Int64, threshold: Int64, plain: Bool) -> String {
        let cells: Int
        if counted >= threshold {
            cells = barWidth
        } else if counted <= 0 {
            cells = 0
        } else {
            cells = max(1, Int(Int128(counted) * Int128(barWidth) / Int128(threshold)))
        }
        let (full, empty) = plain ? ("#", ".") : ("█", "░")
        let picture = String(repeating: full, count: cells) + String(repeating: empty, count: barWidth - cells)
        return plain ? "[\(picture)]" : picture
    }

    /// `5,000`, `unlimited`, `yes`, or the text itself.
    static func words(_ value: Entitlement.Value) -> String {
        switch value {
        case .limit(let limit): NumberText.grouped(limit)
        case .unlimited: "unlimited"
        case .flag(let flag): flag ? "yes" : "no"
        case .text(let text): text
        }
    }
}
