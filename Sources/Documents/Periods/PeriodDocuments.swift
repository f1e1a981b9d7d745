package import Billing

/// Billing periods for a person: a line each, with the instants at which they begin and end.
package enum PeriodListText {
    package static func render(_ list: PeriodList) -> String {
        var page = TextPage()
        var basis = "anchor \(list.anchor), \(PeriodText.every(list.cadence))"
        if let starts = list.starts { basis += ", from \(starts)" }
        page.pair("Billing periods", basis)
        page.paragraph("days in \(list.zone), instants in UTC; a period ends when the day after its last one begins")
        page.blank()
        var table = TextTable([
            .right("#"), .fixed("First day"), .fixed("Last day"), .right("Days"), .fixed("Begins at"),
            .fixed("Ends at"),
        ])
        for entry in list.entries {
            table.add(
                "\(entry.number)", "\(entry.period.start)", "\(PeriodText.lastDay(of: entry.period))",
                "\(entry.period.days)", InstantText.brief(entry.startsAt), InstantText.brief(entry.endsAt))
        }
        page.table(table)
        return page.text
    }
}

/// The same for programs: `meterbook.periods/1`. Ends are the first day after a period, instants RFC 3339 in UTC.
package enum PeriodListJSON {
    package static func render(_ list: PeriodList) -> String {
        JSONWriter.document("meterbook.periods/1", .pretty) { writer in
            writer.member("anchor", list.anchor)
            writer.member("cadence", list.cadence.description)
            writer.member("align", list.alignment.rawValue)
            writer.member("starts", list.starts)
            writer.member("zone", list.zone)
            writer.array("periods", of: list.entries) { writer, entry in
                writer.member("number", entry.number)
                writer.member("start", entry.period.start)
                writer.member("end", entry.period.end)
                writer.member("days", entry.period.days)
                writer.member("starts_at", InstantText.brief(entry.startsAt))
                writer.member("ends_at", InstantText.brief(entry.endsAt))
            }
        }
    }
}
