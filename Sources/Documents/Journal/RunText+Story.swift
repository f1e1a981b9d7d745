package import Billing

/// What one run did, as whoever is on call wants to read it in the morning: how it ended, what each step came to, what waits
/// for people, and the commands for it. Short where all is well.
extension RunText {
    package static func render(_ run: RunRecord) -> String {
        var page = TextPage()
        page.pair("Run \(run.id): \(run.job) for \(run.asOf)", status(run.status))
        writeFacts(run, to: &page)
        if let summary = run.summary, run.steps.isEmpty {
            page.blank()
            page.paragraph("Summary")
            writeSummary(summary, to: &page)
        }
        writeSteps(run.steps, to: &page)
        BackfillText.write(of: run, to: &page)
        for failure in run.failures {
            page.blank()
            page.paragraph("Failed in \(failure)")
        }
        if let story = run.story {
            write(story.holds(besides: run), to: &page)
            write(story.rejections, of: run, to: &page)
        }
        let commands = RunNext.commands(after: run)
        if !commands.isEmpty {
            page.blank()
            page.paragraph("What is left to do")
            for command in commands { page.paragraph(command, indent: 2, hanging: 4) }
        }
        return page.text
    }

    private static func status(_ word: String) -> String { word == "abandoned" ? "killed or disconnected" : word }

    private static func writeFacts(_ run: RunRecord, to page: inout TextPage) {
        let story = run.story ?? RunRecord.Story()
        let by = story.origin.map { " by \(words($0))" } ?? ""
        page.fact("started", InstantText.brief(run.startedAt) + by + (story.login.map { ", as \($0)" } ?? ""))
        if let ended = run.endedAt {
            var took = InstantText.duration(from: run.startedAt, to: ended)
            if let usual = story.usual {
                let median = InstantText.duration(from: 0, to: usual.microseconds)
                took += usual.runs == 1 ? ", the run before it \(median)" : ", usually \(median) (\(usual.runs) runs)"
            }
            page.fact("took", took)
        }
        if let code = run.exitCode, code != 0 { page.fact("exit code", "\(code)") }
        page.fact("program", run.programVersion)
        if let watermark = watermark(run) { page.fact("watermark", "pull \(watermark)") }
        if let earlier = story.tookOver {
            let place = story.tookOverIn.map { " in the step '\($0)'" } ?? ""
            page.fact("took over", "from run \(earlier), which was killed or disconnected\(place)")
        }
        if let later = story.takenOverBy { page.fact("taken over", "by run \(later)") }
        if story.sessionsLost > 0 {
            let times = story.sessionsLost == 1 ? "once" : "\(story.sessionsLost) times"
            page.fact("connection", "lost \(times), and the run went on")
        }
        if let done = story.doneBy, ["failed", "abandoned"].contains(run.status) {
            page.fact("made up for", "by run \(done)")
        }
    }

    private static func words(_ origin: RunRecord.Origin) -> String {
        switch origin {
        case .terminal: "a person at a terminal"
        case .cron: "cron"
        case .systemd: "systemd"
        case .kubernetes: "Kubernetes"
        case .program: "another program"
        }
    }

    /// The last pull that the close could see; nil of a run that closed nothing.
    static func watermark(_ run: RunRecord) -> String? {
        run.steps.lazy.filter { $0.name == "close" }.compactMap { StepDetail($0.detail)["watermark"] }.last
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
        var table = TextTable([.left("Step"), .fixed("Begun"), .right("Took"), .left("What came of it")])
        for step in steps {
            let begun = InstantText.brief(step.startedAt).dropLast().suffix(8)
            table.add(step.name, String(begun), duration(from: step.startedAt, to: step.endedAt), StepWords.of(step))
        }
        page.table(table)
    }

    private static func write(_ holds: [RunRecord.Story.Held], to page: inout TextPage) {
        guard !holds.isEmpty else { return }
        page.blank()
        var table = TextTable([
            .left("Waits now"), .left("Reason"), .right("How many"), .right("New"), .left("For example"),
        ])
        for hold in holds {
            table.add(
                hold.isInvoice ? "invoices" : "subscriptions", hold.reason, NumberText.grouped(hold.waiting),
                NumberText.grouped(hold.new), hold.example)
        }
        page.table(table)
    }

    private static func write(
        _ rejections: [RunRecord.Story.Rejected], of run: RunRecord, to page: inout TextPage
    ) {
        let rejected = run.pulls.reduce(0) { $0 + $1.rejected }
        guard rejected > 0 else { return }
        page.blank()
        let known = rejected - rejections.reduce(0) { $0 + $1.rows }
        if !rejections.isEmpty {
            var table = TextTable([.left("Rejected by"), .left("Reason"), .right("Rows")])
            for rejection in rejections {
                table.add(rejection.source, rejection.reason, NumberText.grouped(rejection.rows))
            }
            page.table(table)
        }
        if known > 0 {
            page.paragraph(
                "\(NumberText.grouped(known)) rejected row\(known == 1 ? " was" : "s were") known from runs before.")
        }
    }
}

extension RunRecord.Story {
    /// What is worth a word behind a run: after a close everything that waits, after another job what that has set aside.
    func holds(besides run: RunRecord) -> [Held] {
        run.steps.contains { ["close", "finalize"].contains($0.name) } ? holds : holds.filter { $0.new > 0 }
    }
}
