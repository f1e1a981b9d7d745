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

    package static func render(_ run: RunRecord) -> String {
        var page = TextPage()
        page.pair("Run \(run.id): \(run.job) for \(run.asOf)", run.status)
        page.fact("started", InstantText.brief(run.startedAt))
        if let ended = run.endedAt {
            let duration = InstantText.duration(from: run.startedAt, to: ended)
            page.fact("ended", "\(InstantText.brief(ended)), after \(duration)")
        }
        if let code = run.exitCode { page.fact("exit code", "\(code)") }
        page.fact("program", run.programVersion)
        for failure in run.failures {
            page.blank()
            page.paragraph("Failed in \(failure)", indent: 2)
        }
        if let summary = run.summary, run.steps.isEmpty {
            page.blank()
            page.paragraph("Summary")
            writeSummary(summary, to: &page)
        }
        writeSteps(run.steps, to: &page)
        writePulls(run.pulls, to: &page)
        BackfillText.write(of: run, to: &page)
        return page.text
    }

    /// A line a member; what is no object is shown as it stands.
    private static func writeSummary(_ json: String, to page: inout TextPage) {
        guard let members = JSONScanner.members(of: json) else { return page.paragraph(json, indent: 2) }
        var table = TextTable([.left("Key"), .left("Value")], hasHeader: false)
        for member in members { table.add("\(member.key):", member.value) }
        page.table(table, indent: 2)
    }

    private static func writeSteps(_ steps: [RunRecord.Step], to page: inout TextPage) {
        guard !steps.isEmpty else { return }
        page.blank()
        page.paragraph("Steps")
        var table = TextTable([.right("#"), .left("Step"), .fixed("Status"), .right("Duration"), .left("Detail")])
        for step in steps {
            let detail = step.detail.map { json in
                JSONScanner.members(of: json)?.filter(isWorthAWord)
                    .map { "\($0.key): \(Int64($0.value).map(NumberText.grouped) ?? $0.value)" }
                    .joined(separator: ", ") ?? json
            }
            table.add(
                "\(step.number)", step.name, step.status, duration(from: step.startedAt, to: step.endedAt), detail ?? ""
            )
        }
        page.table(table, indent: 2)
    }

    /// Numbers that say something: what is nested, and what is zero, stands in the JSON. What a pull counted stands below the
    /// steps.
    private static func isWorthAWord(_ member: (key: String, value: String)) -> Bool {
        !member.value.hasPrefix("{") && !member.value.hasPrefix("[") && member.value != "0"
            && !["source", "feeds", "watermark"].contains(member.key)
    }

    /// A sentence a pull: seven counts do not stand side by side in 80 columns.
    private static func writePulls(_ pulls: [RunRecord.Pull], to page: inout TextPage) {
        guard !pulls.isEmpty else { return }
        page.blank()
        page.paragraph("Pulls")
        for pull in pulls {
            page.pair("\(pull.id)  \(pull.source), \(pull.feeds)", pull.status, indent: 2)
            guard !pull.isNotModified else {
                page.paragraph("nothing read: not changed since the pull before", indent: 6)
                continue
            }
            var counts: [(Int64, String)] = [
                (pull.new, "new"), (pull.changed, "changed"), (pull.unchanged, "unchanged"),
                (pull.repeated, "repeated"), (pull.outside, "outside the window"), (pull.rejected, "rejected"),
            ]
            // Only what comes by the instant has them.
            if pull.merged > 0 { counts.insert((pull.merged, "merged into a day"), at: 4) }
            let parts = counts.map { "\(NumberText.grouped($0.0)) \($0.1)" }.joined(separator: ", ")
            page.paragraph("\(NumberText.grouped(pull.read)) read: \(parts)", indent: 6)
        }
    }

    /// Empty while it runs: nothing here reads a clock.
    private static func duration(from start: Int64, to end: Int64?) -> String {
        end.map { InstantText.duration(from: start, to: $0) } ?? ""
    }
}
