import Billing

/// What the journal keeps of a step, by its members.
struct StepDetail {
    private let members: [(key: String, value: String)]
    /// Without what is nested or zero.
    var numbers: [(key: String, value: Int64)] {
        members.compactMap { member in Int64(member.value).flatMap { $0 == 0 ? nil : (member.key, $0) } }
    }

    init(_ json: String?) {
        members = json.flatMap { JSONScanner.members(of: $0) } ?? []
    }

    subscript(key: String) -> String? { members.first { $0.key == key }?.value }

    /// 0 where it is not there.
    func number(_ key: String) -> Int64 { self[key].flatMap { Int64($0) } ?? 0 }
}

/// What came of a step, in words.
enum StepWords {
    static func of(_ step: RunRecord.Step) -> String {
        let detail = StepDetail(step.detail)
        switch step.status {
        case "running": return "running"
        case "failed": return "failed"
        case "abandoned": return "killed or disconnected"
        default: break
        }
        if step.name.hasPrefix("pull ") { return pull(detail) }
        let parts =
            switch step.name {
            case "close": close(detail)
            case "meter":
                [
                    count(detail, "totals", "total is new or has changed", "totals are new or have changed"),
                    count(detail, "failed", "subscription could not be metered", "subscriptions could not be metered"),
                ]
            case "alert":
                [
                    count(detail, "notices", "usage alert written", "usage alerts written"),
                    count(
                        detail, "failed", "subscription could not be looked at", "subscriptions could not be looked at"),
                ]
            case "review": [count(detail, "changes", "change looked at", "changes looked at")]
            case "finalize":
                [
                    count(detail, "invoices", "invoice finalized", "invoices finalized"),
                    count(detail, "held", "held: its tax cannot be told", "held: their tax cannot be told"),
                ]
            case "decide":
                [
                    count(detail, "decided", "plan decided on", "plans decided on"), count(detail, "up", "up", "up"),
                    count(detail, "down", "down", "down"), count(detail, "withdrawn", "withdrawn", "withdrawn"),
                    count(detail, "failed", "could not be decided on", "could not be decided on"),
                ]
            default: detail.numbers.map { "\($0.key): \(NumberText.grouped($0.value))" }
            }
        let said = parts.compactMap(\.self)
        guard said.isEmpty else { return said.joined(separator: ", ") }
        return ["meter", "alert", "review", "close", "finalize", "decide", "deliver"].contains(step.name)
            ? "nothing to do" : "done"
    }

    private static func pull(_ detail: StepDetail) -> String {
        if detail["not_modified"] == "true" { return "not changed since the pull before" }
        let kept = [
            ("new", "new"), ("changed", "changed"), ("merged", "merged into a day"), ("outside", "outside the window"),
            ("rejected", "rejected"),
        ].compactMap { key, word in count(detail, key, word, word) }
        let same = detail.number("unchanged") + detail.number("repeated")
        let read = detail.number("read")
        guard read > 0 else { return "nothing was there" }
        if detail.number("new") == read { return "\(NumberText.grouped(read)) read: all new" }
        var parts = kept
        if same > 0 { parts.append(same == read ? "all as before" : "\(NumberText.grouped(same)) as before") }
        let late = count(detail, "late_totals", "total of a closed period changed", "totals of closed periods changed")
        return "\(NumberText.grouped(read)) read: \(parts.joined(separator: ", "))" + (late.map { "; \($0)" } ?? "")
    }

    private static func close(_ detail: StepDetail) -> [String?] {
        let sums = JSONScanner.elements(of: detail["sums"] ?? "[]") ?? []
        let totals = sums.map { StepDetail($0) }.compactMap { sum -> String? in
            guard let total = sum["total"], let currency = sum["currency"] else { return nil }
            return "\(NumberText.grouped(written: total)) \(currency)"
        }
        let invoices = count(detail, "invoices", "invoice", "invoices")
        return [
            invoices.map { totals.isEmpty ? $0 : "\($0): \(totals.joined(separator: ", "))" },
            count(detail, "corrections", "line corrects earlier ones", "lines correct earlier ones"),
            count(detail, "held", "subscription held", "subscriptions held"),
            count(detail, "invoices_held", "invoice held", "invoices held"),
            count(detail, "flagged", "invoice lacks days of a source", "invoices lack days of a source"),
        ]
    }

    /// Nil for zero.
    private static func count(_ detail: StepDetail, _ key: String, _ one: String, _ other: String) -> String? {
        let number = detail.number(key)
        return number == 0 ? nil : "\(NumberText.grouped(number)) \(number == 1 ? one : other)"
    }
}

/// The commands that a run leaves to people, as they are typed.
enum RunNext {
    static func commands(after run: RunRecord) -> [String] {
        guard let story = run.story else { return [] }
        var commands: [String] = []
        // What a later run has made up for, and what a running one may still do, is nobody's work.
        if ["failed", "abandoned"].contains(run.status), story.doneBy == nil, repeatable.contains(run.job) {
            commands.append("meterbook \(run.job)")
        }
        if !story.holds(besides: run).isEmpty { commands.append("meterbook hold list") }
        var sources: [String] = []
        for pull in run.pulls where pull.rejected > 0 && !sources.contains(pull.source) { sources.append(pull.source) }
        commands += sources.map { "meterbook reject list --source \($0)" }
        for step in run.steps {
            let detail = StepDetail(step.detail)
            if step.name == "close", detail.number("flagged") > 0 { commands.append("meterbook gaps") }
            if step.name == "deliver", detail.number("dead") > 0 {
                commands.append("meterbook notice list --status dead")
            }
        }
        return commands
    }

    /// Jobs that go on from where the last run got to, without being told anything.
    private static let repeatable = ["nightly", "close", "pull"]
}
