import Billing
import Foundation

/// Reads a job from the YAML that a person wrote, into a checked value. Everything that is wrong is listed, each with its
/// place.
package enum JobReader {
    /// `file` is only used in messages.
    package static func read(bytes: [UInt8], file: String) -> Result<JobDefinition, Diagnostics> {
        let reader = YAMLReader(file: file)
        return reader.result(reader.document(bytes).flatMap { JobBuilder(reader: reader).job($0) })
    }

    package static func read(text: String, file: String) -> Result<JobDefinition, Diagnostics> {
        read(bytes: Array(text.utf8), file: file)
    }
}

/// Turns a document's nodes into a job; what cannot be read is nil and has been reported.
private struct JobBuilder {
    let reader: YAMLReader

    func job(_ root: YAMLNode) -> JobDefinition? {
        guard let fields = reader.fields(root, JobFormat.document, expected: "a mapping with 'job' and 'steps'") else {
            return nil
        }
        let name = fields["job"].flatMap { reader.identifier($0, expected: "the job's name") }
        let about = fields["about"].map { reader.text($0, expected: "a sentence", limit: 200) }
        let schedule = fields["schedule"].map(schedule)
        let window: JobWindow?? = fields["window"].map { reader.word($0, .jobWindow) }
        let options = fields["options"].map(options)
        let steps = fields["steps"].flatMap { self.steps($0, takesWindow: fields.has("window")) }
        guard let name, let steps else { return nil }
        return JobDefinition(
            name: name, about: about ?? nil, schedule: schedule ?? nil, takesWindow: window == .some(.required),
            workers: options??.workers, batch: options??.batch, steps: steps)
    }

    private func schedule(_ node: YAMLNode) -> JobDefinition.Schedule? {
        guard let fields = reader.fields(node, JobFormat.schedule, expected: "a mapping with 'cron'") else {
            return nil
        }
        let cron = fields["cron"].flatMap(cron)
        let zone = fields["zone"].map(zone)
        return cron.map { JobDefinition.Schedule(cron: $0, zone: zone ?? nil) }
    }

    private func cron(_ node: YAMLNode) -> CronSchedule? {
        guard let text = reader.text(node, expected: "the five fields of a crontab") else { return nil }
        do throws(CronSchedule.Mistake) {
            return try CronSchedule(text)
        } catch {
            return reader.reject(.notASchedule(text, error), node)
        }
    }

    /// A name that no scheduler knows would keep a job from being started at all. Those of the form alone stay out first, for the
    /// text goes into files of others.
    private func zone(_ node: YAMLNode) -> String? {
        guard let text = reader.text(node, expected: "a time zone such as Europe/Berlin") else { return nil }
        let isName =
            text.utf8.first.map { (65...90).contains($0 & 0xDF) } == true
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "_+-/".unicodeScalars.contains(scalar))
            }
        return isName && TimeZone(identifier: text) != nil ? text : reader.reject(.notATimeZone(text), node)
    }

    private func options(_ node: YAMLNode) -> (workers: Int?, batch: Int?)? {
        guard let fields = reader.fields(node, JobFormat.options, expected: "a mapping of options") else { return nil }
        return (
            fields["workers"].flatMap { number($0, upTo: JobFormat.mostWorkers) },
            fields["batch"].flatMap { number($0, upTo: JobFormat.largestBatch) }
        )
    }

    private func number(_ node: YAMLNode, upTo limit: Int64) -> Int? {
        guard let number = reader.wholeNumber(node, least: 1, expected: "a whole number up to \(limit)") else {
            return nil
        }
        return number <= limit ? Int(number) : reader.reject(.numberTooLarge("\(number)", limit: limit), node)
    }

    private func steps(_ node: YAMLNode, takesWindow: Bool) -> [JobDefinition.Step]? {
        guard let items = reader.items(node, "steps", limit: JobFormat.mostSteps) else { return nil }
        var steps: [JobDefinition.Step] = []
        for item in items {
            guard let step = step(item, takesWindow: takesWindow) else { continue }
            if let last = steps.last?.work.kind, !follows(step.work.kind, last) {
                reader.add(.stepOrder(step.work.kind, after: last), at: item)
            }
            steps.append(step)
        }
        return steps
    }

    /// Several steps may pull, each a source of its own.
    private func follows(_ kind: JobDefinition.Kind, _ last: JobDefinition.Kind) -> Bool {
        let order = JobDefinition.Kind.allCases
        guard let place = order.firstIndex(of: kind), let before = order.firstIndex(of: last) else { return false }
        return place > before || (kind == .pull && last == .pull)
    }

    /// `close`, or `close: {on_failure: go_on}`.
    private func step(_ node: YAMLNode, takesWindow: Bool) -> JobDefinition.Step? {
        if case .scalar = node.content {
            let kind: JobDefinition.Kind? = reader.word(node, .step)
            guard let kind else { return nil }
            guard let work = Self.plain(kind) else { return reader.reject(.stepWithoutCarrier, node) }
            return JobDefinition.Step(work)
        }
        guard let entries = reader.entries(node, expected: "a step, such as 'close'") else { return nil }
        guard entries.count == 1, let entry = entries.first else {
            return reader.reject(.severalSteps(entries.map(\.key)), node)
        }
        guard let kind = JobDefinition.Kind(rawValue: entry.key) else {
            reader.add(.unknownWord(entry.key, .step), at: entry)
            return nil
        }
        let rules = kind == .pull ? JobFormat.pull : kind == .deliver ? JobFormat.deliver : JobFormat.step
        guard let fields = reader.fields(entry.value, rules, expected: "a mapping of what the step takes") else {
            return nil
        }
        let onFailure: JobDefinition.OnFailure?? = fields["on_failure"].map { reader.word($0, .onFailure) }
        let work: JobDefinition.Work? =
            switch kind {
            case .pull: pull(fields, takesWindow: takesWindow)
            case .deliver: deliver(fields)
            default: Self.plain(kind)
            }
        guard let work else { return nil }
        return JobDefinition.Step(work, onFailure: (onFailure ?? nil) ?? .stop)
    }

    /// Nil for a step that has to be told more.
    private static func plain(_ kind: JobDefinition.Kind) -> JobDefinition.Work? {
        switch kind {
        case .pull: .pull(source: nil)
        case .meter: .meter
        case .alert: .alert
        case .review: .review
        case .close: .close
        case .finalize: .finalize
        case .decide: .decide
        case .deliver: nil
        }
    }

    private func pull(_ fields: Fields, takesWindow: Bool) -> JobDefinition.Work? {
        let source = fields["source"].map { reader.identifier($0, expected: "the name of a source") }
        if !takesWindow, let entry = fields.entry("chunk") {
            return reader.reject(.keyOfOtherKind("chunk", belongsTo: "a job with 'window: required'"), entry.value)
        }
        let chunk = fields["chunk"].map { node in
            reader.scalar(node, expected: "how many days at a time, such as month or 10 days").flatMap { text in
                Cadence(length: text) ?? reader.reject(.unknownLength(text), node)
            }
        }
        if case .some(nil) = source { return nil }
        if case .some(nil) = chunk { return nil }
        return .pull(source: source ?? nil, chunk: chunk ?? nil)
    }

    private func deliver(_ fields: Fields) -> JobDefinition.Work? {
        let attempts = fields["attempts"].map { number($0, upTo: JobFormat.mostAttempts) }
        let from = fields["from"].map(address)
        func path(_ key: String) -> String? {
            fields[key].flatMap { reader.text($0, expected: "a path", limit: JobFormat.longestPath) }
        }
        let present = fields.present(JobFormat.carriers)
        guard present.count == 1, let carrier = present.first else {
            return reader.reject(.severalCarriers(present), fields.node)
        }
        let isWebhook = carrier == "webhook"
        if let entry = isWebhook ? fields.entry("from") : fields.entry("secret_file") {
            reader.add(.keyOfOtherKind(entry.key, belongsTo: isWebhook ? "mail" : "'webhook'"), at: entry)
            return nil
        }
        guard let target = path(carrier) else { return nil }
        switch carrier {
        case "directory":
            return .deliver(.init(carrier: .directory(target, from: from ?? nil), attempts: attempts ?? nil))
        case "sendmail":
            return .deliver(.init(carrier: .sendmail(target, from: from ?? nil), attempts: attempts ?? nil))
        default:
            let secretFile = path("secret_file")
            if fields.has("secret_file"), secretFile == nil { return nil }
            return .deliver(.init(carrier: .webhook(target, secretFile: secretFile), attempts: attempts ?? nil))
        }
    }

    private func address(_ node: YAMLNode) -> EmailAddress? {
        guard let text = reader.text(node, expected: "a mail address") else { return nil }
        return EmailAddress(text) ?? reader.reject(.notAnAddress(text), node)
    }
}

/// What `window` may say.
enum JobWindow: String, CaseIterable {
    case required
}
