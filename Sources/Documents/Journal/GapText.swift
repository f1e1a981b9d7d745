package import Billing

/// What sources have not delivered, for people: a strip of days for each source, the gaps, and what to do.
package enum GapText {
    /// - Parameter limit: at most so many gaps of channels are listed.
    package static func render(_ report: GapReport, limit: Int) -> String {
        var page = TextPage()
        guard !report.sources.isEmpty else {
            page.paragraph("No source of readings was ever read.")
            return page.text
        }
        page.paragraph("From \(report.window.start) until before \(report.window.end), as of \(report.asOf).")
        for source in report.sources { write(source, report.window, asOf: report.asOf, to: &page) }
        page.blank()
        page.paragraph("# delivered  + far less than usual  - missing  . not expected  ? may yet come")
        page.blank()
        guard !report.gaps.isEmpty else {
            let isGivenUp = report.sources.contains { $0.givenUp(asOf: report.asOf) != nil }
            page.paragraph(isGivenUp ? "Nothing is missing of what is still expected." : "Nothing is missing.")
            return page.text
        }
        write(report.gaps.filter { $0.channel == nil }, of: report, to: &page)
        write(channels: report.gaps.filter { $0.channel != nil }, limit: limit, to: &page)
        return page.text
    }

    private static func write(
        _ source: GapReport.Source, _ window: DateRange, asOf: CivilDate, to page: inout TextPage
    ) {
        page.blank()
        page.pair(source.name, source.lastRead.map { "last read on \($0)" } ?? "never read to its end")
        if let days = source.givenUp(asOf: asOf) {
            page.paragraph(
                "given up: it has not been read for \(NumberText.grouped(days)) days, and after "
                    + "\(SourceDays.givenUpAfter) it is expected no more; 'every: day' expects it for ever", indent: 2)
        }
        guard !source.states.isEmpty else { return }
        let reactions = source.expectation.onGap
        var sentence = "\(source.expectation), a missing day \(words(reactions.missingDay))"
        // What is said of the other kinds where nobody has said anything is not worth a word.
        for kind in PeriodGap.Kind.allCases where ![.show, .ignore].contains(reactions[kind]) && kind != .missingDay {
            sentence += ", \(name(kind)) \(words(reactions[kind]))"
        }
        page.paragraph(sentence, indent: 2)
        var month = window.start.startOfMonth
        var index = 0
        while index < source.states.count, let next = month.adding(months: 1),
            let day = window.start.adding(days: index)
        {
            let count = min(source.states.count - index, Int(next.daysSince1970 - day.daysSince1970))
            let margin = String(repeating: " ", count: day.components.day - 1)
            let strip = String(source.states[index..<(index + count)].map(character))
            page.line("  \(month.description.prefix(7))  \(margin)\(strip)")
            index += count
            month = next
        }
    }

    private static func words(_ onGap: Expectation.OnGap) -> String {
        switch onGap {
        case .hold: "holds what it belongs to"
        case .flag: "is flagged"
        case .show: "is shown"
        case .ignore: "is ignored"
        }
    }

    private static func name(_ kind: PeriodGap.Kind) -> String {
        switch kind {
        case .missingDay: "a missing day"
        case .shrunkDay: "one with far less than usual"
        case .unreadSource: "a time without reading it"
        case .missingChannel: "a missing channel"
        }
    }

    private static func character(_ state: SourceDays.State) -> Character {
        switch state {
        case .delivered: "#"
        case .less: "+"
        case .missing: "-"
        case .idle: "."
        case .ahead: "?"
        }
    }

    private static func write(_ gaps: [Gap], of report: GapReport, to page: inout TextPage) {
        guard !gaps.isEmpty else { return }
        var table = TextTable([.left("Source"), .fixed("Days"), .left("What")])
        for gap in gaps { table.add(gap.source, days(gap.days), what(gap)) }
        page.table(table)
        page.blank()
        page.paragraph("Pull them again:")
        let commands = PullCommands.commands(for: gaps, of: report)
        for command in commands { page.paragraph(command, indent: 2, hanging: 4) }
    }

    private static func write(channels gaps: [Gap], limit: Int, to page: inout TextPage) {
        guard !gaps.isEmpty else { return }
        if !page.text.hasSuffix("\n\n") { page.blank() }
        var table = TextTable([.left("Source"), .left("Account"), .left("Channel"), .fixed("Days"), .left("What")])
        for gap in gaps.prefix(limit) {
            guard let key = gap.channel else { continue }
            table.add(
                gap.source, key.account, key.category.isEmpty ? key.channel : "\(key.channel) (\(key.category))",
                days(gap.days), what(gap))
        }
        page.table(table)
        page.rest(of: gaps.count, beyond: limit)
        page.blank()
        page.paragraph("Ask whoever runs the channel whether it is still connected; pull the days again once it is.")
    }

    private static func days(_ days: DateRange) -> String {
        days.days == 1 ? "\(days.start)" : "\(days.start) to \(days.end.adding(days: -1) ?? days.end)"
    }

    private static func what(_ gap: Gap) -> String {
        let count = gap.days.days
        switch gap.kind {
        case .missing: return count == 1 ? "nothing came" : "nothing came, \(count) days"
        case .less:
            guard let figures = gap.figures else { return "far less than usual" }
            let unit = figures.unit == .readings ? "readings" : "counted in all"
            return "\(NumberText.grouped(figures.found)) \(unit), usually \(NumberText.grouped(figures.usual))"
        case .unread: return "was not read"
        case .channelMissing: return count == 1 ? "nothing came" : "nothing came, \(count) days"
        case .channelStale: return "nothing since"
        }
    }
}
