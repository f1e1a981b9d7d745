package import Billing

/// The journal for a person: which runs there were, and what one of them did.
package enum RunText {
    package static func list(_ runs: [RunRecord]) -> String {
        var page = TextPage()
        guard !runs.isEmpty else {
            page.paragraph("No runs.")
            return page.text
        }
        var table = TextTable([
            .right("Run"), .left("Job"), .fixed("As of"), .fixed("Status"), .right("Exit"), .fixed("Started"),
            .right("Duration"),
        ])
        for run in runs {
            table.add(
                "\(run.id)", run.job, "\(run.asOf)", run.status, run.exitCode.map { "\($0)" } ?? "",
                InstantText.brief(run.startedAt), duration(from: run.startedAt, to: run.endedAt))
        }
        page.table(table)
        return page.text
    }

    /// Empty while it runs: nothing here reads a clock.
    static func duration(from start: Int64, to end: Int64?) -> String {
        end.map { InstantText.duration(from: start, to: $0) } ?? ""
    }
}
