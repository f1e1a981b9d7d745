import Billing

/// The commands that pull again what sources lack: one for days that follow each other, and for all sources at once where all
/// lack the same.
enum PullCommands {
    /// - Parameter gaps: of sources as a whole.
    static func commands(for gaps: [Gap], of report: GapReport) -> [String] {
        var commands: [String] = []
        var shared: [DateRange: [String]] = [:]
        var bySource: [(source: String, runs: [DateRange])] = []
        for source in report.sources {
            let own = gaps.filter { $0.source == source.name && $0.kind != .unread }
            let runs = joined(own.map(\.days), idle: { isIdle($0, of: source, in: report.window) })
            for run in runs { shared[run, default: []].append(source.name) }
            bySource.append((source.name, runs))
        }
        let isOfAll = { (run: DateRange) in report.sources.count > 1 && shared[run]?.count == report.sources.count }
        for run in shared.keys.filter(isOfAll).sorted(by: { $0.start < $1.start }) {
            commands.append("meterbook pull --from \(run.start) --to \(run.end)")
        }
        for (source, runs) in bySource {
            for run in runs where !isOfAll(run) {
                commands.append("meterbook pull --source \(source) --from \(run.start) --to \(run.end)")
            }
            if gaps.contains(where: { $0.source == source && $0.kind == .unread }) {
                commands.append("meterbook pull --source \(source)")
            }
        }
        return commands
    }

    /// Runs of days, in order. Days between two of them on which nobody expects anything make no two commands of it.
    private static func joined(_ days: [DateRange], idle: (DateRange) -> Bool) -> [DateRange] {
        var runs: [DateRange] = []
        for next in days.sorted(by: { $0.start < $1.start }) {
            guard let last = runs.last else {
                runs.append(next)
                continue
            }
            let between = DateRange(start: last.end, end: next.start)
            guard between.map(idle) ?? true, let both = DateRange(start: last.start, end: max(last.end, next.end))
            else {
                runs.append(next)
                continue
            }
            runs[runs.count - 1] = both
        }
        return runs
    }

    private static func isIdle(_ days: DateRange, of source: GapReport.Source, in window: DateRange) -> Bool {
        (0..<days.days).allSatisfy { offset in
            let index = Int(days.start.daysSince1970) + offset - Int(window.start.daysSince1970)
            return source.states.indices.contains(index) && source.states[index] == .idle
        }
    }
}
