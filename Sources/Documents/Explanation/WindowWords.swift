import Billing

/// What the quantity of one billing period is made of, in words.
enum WindowWords {
    static func write(_ count: WindowCount, _ unit: UnitName, to page: inout TextPage) {
        let quantity = NumberText.grouped(count.quantity, places: unit.places)
        page.fact("counted", "\(quantity) \(unit.word(for: count.quantity)): \(rule(count))")
        guard !count.sources.isEmpty else { return page.fact("from", "nothing was counted") }
        page.fact("from", "what was known when the invoice was written")
        let isPeak = count.meter.aggregate == .peak
        let hasCategory = count.sources.contains { !$0.category.isEmpty }
        var columns: [TextTable.Column] = [.left("Account"), .left("Channel")]
        if hasCategory { columns.append(.left("Category")) }
        columns.append(isPeak ? .fixed("On together at") : .fixed("Day"))
        if !isPeak { columns.append(.right(count.meter.aggregate == .mean ? "Over the days" : "Counted")) }
        var table = TextTable(columns)
        for source in count.sources {
            var row = [source.account, source.channel]
            if hasCategory { row.append(source.category) }
            row.append(source.instant ?? "\(source.day)")
            if !isPeak { row.append(NumberText.grouped(source.quantity, places: unit.places)) }
            table.add(cells: row)
        }
        page.table(table, indent: 4)
    }

    private static func rule(_ count: WindowCount) -> String {
        let days = PeriodText.inclusive(count.window)
        let each = count.meter.pool == .perAccount ? ", each account for itself and added up" : ""
        switch count.meter.aggregate {
        case .sum: return "all of \(days)"
        case .max: return "the most of one day of \(days)\(each)"
        case .latest: return "what stood on \(PeriodText.lastDay(of: count.window))"
        case .unique: return "channels that counted anything in \(days)\(each)"
        case .mean: return "the mean of \(days), \(count.window.days) days"
        case .peak: return "the most on at one time in \(days)\(each)"
        }
    }
}
