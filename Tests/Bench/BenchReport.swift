import Foundation

/// The measurements as a table of at most 80 columns.
struct BenchReport {
    let server: BenchServer
    let runs: Int

    func machine() throws -> String {
        let settings = try server.text(
            """
            SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name)
            FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'shared_buffers', 'synchronous_commit')
            """)
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
        return """
            Machine     \(ProcessInfo.processInfo.activeProcessorCount) cores, \(fixed(memory, 1)) GiB of memory, load \(Self.load)
            PostgreSQL  \(try server.text("SHOW server_version"))
                        \(settings)
            Cluster     \(server.location), gone afterwards
            """
    }

    /// How much waits for a core, on average over the last minute.
    static var load: String {
        var load = [0.0]
        return getloadavg(&load, 1) == 1 ? fixed(load[0], 1) : "unknown"
    }

    func pull(_ result: PullBench.Result, _ poisoned: PullBench.Poisoned) -> String {
        let (copy, pull) = (median(result.copy), median(result.pull.map(\.wall)))
        let again = median(result.again.map(\.wall))
        let (log, logAgain) = (median(result.pullLog), median(result.againLog))
        let peak = Double((result.pull + result.again + [poisoned.cost]).map(\.peak).max() ?? 0) / 1_000_000
        return """
            The nightly pull of \(grouped(result.rows)) counts from a file: seconds, medians of \(runs) runs

            \(Self.row("", [""], "target"))
            \(Self.row("COPY of the readings", [fixed(copy)], ""))
            \(Self.row("Pull", [fixed(pull)], ""))
            \(Self.row("Pull again, unchanged", [fixed(again)], ""))
            \(Self.row("Pull / COPY", [Self.verdict(pull / copy) { $0 <= 2.5 }], "<= 2.5"))
            \(Self.row("Again / COPY", [Self.verdict(again / copy) { $0 <= 2 }], "<= 2"))
            \(Self.row("Log of the pull, MB", [fixed(log / 1_000_000, 1)], ""))
            \(Self.row("Log again / log", [Self.verdict(logAgain / log) { $0 < 0.1 }], "< 0.1"))
            \(Self.row("Peak memory, MB", [Self.verdict(peak, 0) { $0 < 200 }], "< 200"))

            Of \(grouped(poisoned.rows)) rows \(grouped(poisoned.bad)) were bad: each is kept with its line, all others are billed.
            That pull took \(fixed(poisoned.cost.wall)) s.

            """
    }

    func close(_ results: [CloseBench.Result]) -> String {
        var lines = ["Close of all subscriptions: seconds, medians of \(runs) runs that took turns", ""]
        // Two sizes a table fit the width.
        for start in stride(from: 0, to: results.count, by: 2) {
            let some = Array(results[start..<min(start + 2, results.count)])
            func row(_ label: String, _ target: String = "", _ cell: (CloseBench.Result) -> String) {
                lines.append(Self.row(label, some.map(cell), target))
            }
            row("Subscriptions", "target") { grouped($0.subscriptions) }
            row("Floor, one session") { fixed($0.floorSeconds) }
            row("  scan of the due totals") { fixed(median($0.scan)) }
            row("  COPY of the rows written") { fixed(median($0.write)) }
            row("Floor, two sessions") { fixed(median($0.floorOfTwo)) }
            row("Close, 2 workers") { fixed($0.closeSeconds) }
            row("Close, 1 worker") { fixed(median($0.closeByOne.map(\.wall))) }
            row("SQL script") { fixed($0.scriptSeconds) }
            row("Replay, 2 workers") { fixed(median($0.replay.map(\.wall))) }
            lines.append("")
            row("Close / floor", "<= 1.25") { Self.verdict($0.closeSeconds / $0.floorSeconds) { $0 <= 1.25 } }
            row("  1 worker / one session") { fixed(median($0.closeByOne.map(\.wall)) / $0.floorSeconds) }
            row("  2 workers / two sessions") { fixed($0.closeSeconds / median($0.floorOfTwo)) }
            row("Replay / close", "<= 1") {
                Self.verdict(median($0.replay.map(\.wall)) / $0.closeSeconds) { $0 <= 1 }
            }
            row("SQL / close", "> 1") { Self.verdict($0.scriptSeconds / $0.closeSeconds) { $0 > 1 } }
            row("Peak memory, MB", "< 200") { Self.verdict($0.peakMegabytes, 0) { $0 < 200 } }
            row("Rows written a second") {
                grouped(Int(Double($0.rowsWritten) / $0.closeSeconds) / 1000 * 1000)
            }
            row("CPU of the program, seconds") { fixed(median($0.close.map(\.cpu))) }
            lines.append("")
            for result in some {
                lines.append(
                    "\(grouped(result.subscriptions)): the fastest of \(SQLScript.all.count) scripts: \(result.scriptName)"
                )
                lines.append(
                    "  close \(range(result.close.map(\.wall)))  floor \(range(result.floor))  SQL \(range(result.script))"
                )
            }
            lines.append("")
        }
        lines += growth(results)
        if MeteredProgram.ownPeak >= results.flatMap({ $0.close + $0.closeByOne }).map(\.peak).min() ?? 0 {
            lines.append("The peak includes \(MeteredProgram.ownPeak / 1_000_000) MB of the bench's own.\n")
        }
        return lines.joined(separator: "\n")
    }

    /// By how much more than twice it takes what twice as many subscriptions take: 1 where the cost grows as they do.
    private func growth(_ results: [CloseBench.Result]) -> [String] {
        let sizes = results.sorted { $0.subscriptions < $1.subscriptions }
        guard sizes.count > 1 else { return [] }
        var lines = [Self.row("Growth a doubling", ["close", "replay", "floor"], "<= 1.05")]
        for (small, large) in zip(sizes, sizes.dropFirst()) where small.subscriptions < large.subscriptions {
            let doublings = log2(Double(large.subscriptions) / Double(small.subscriptions))
            func factor(_ seconds: (CloseBench.Result) -> Double) -> String {
                let factor = pow(seconds(large) / seconds(small), 1 / doublings) / 2
                return Self.verdict(factor) { $0 <= 1.05 }
            }
            lines.append(
                Self.row(
                    "  \(grouped(small.subscriptions)) to \(grouped(large.subscriptions))",
                    [factor(\.closeSeconds), factor { median($0.replay.map(\.wall)) }, factor(\.floorSeconds)], ""))
        }
        return lines + [""]
    }

    func history(_ result: HistoryBench.Result) -> String {
        let first = median(result.close[HistoryBench.months[0]] ?? [])
        let medians = HistoryBench.months.map { median(result.close[$0] ?? []) }
        let cells = zip(HistoryBench.months, medians).map { month, seconds in
            month == HistoryBench.months.last
                ? Self.verdict(seconds / first) { $0 <= 1.1 } : fixed(seconds / first)
        }
        return """
            The next close of \(grouped(result.subscriptions)) subscriptions, 2 workers, medians of \(result.runs) runs

            \(Self.row("Months of history", HistoryBench.months.map(String.init), "target"))
            \(Self.row("Seconds", medians.map { fixed($0) }, ""))
            \(Self.row("Ratio to 1 month", cells, "<= 1.1"))

            """
    }

    func decide(_ results: [DecideBench.Result]) -> String {
        var lines = ["Deciding on all plans: seconds, medians of \(runs) runs that took turns", ""]
        for start in stride(from: 0, to: results.count, by: 2) {
            let some = Array(results[start..<min(start + 2, results.count)])
            func row(_ label: String, _ target: String = "", _ cell: (DecideBench.Result) -> String) {
                lines.append(Self.row(label, some.map(cell), target))
            }
            row("Subscriptions", "target") { grouped($0.subscriptions) }
            row("Changes that follow") { grouped($0.changes) }
            row("Scan of the window's totals") { fixed(median($0.scan)) }
            row("COPY of the decisions") { fixed(median($0.write)) }
            row("Decide, 2 workers") { fixed(median($0.decide.map(\.wall))) }
            row("Decide, 1 worker") { fixed(median($0.decideByOne.map(\.wall))) }
            lines.append("")
            row("Decide / scan", "<= 1.5") {
                Self.verdict(median($0.decide.map(\.wall)) / median($0.scan)) { $0 <= 1.5 }
            }
            row("  / scan and COPY") { fixed(median($0.decide.map(\.wall)) / (median($0.scan) + median($0.write))) }
            row("Peak memory, MB", "< 200") {
                Self.verdict(Double(($0.decide + $0.decideByOne).map(\.peak).max() ?? 0) / 1_000_000, 0) { $0 < 200 }
            }
            row("CPU of the program, seconds") { fixed(median($0.decide.map(\.cpu))) }
            lines.append("")
            for result in some {
                lines.append(
                    "\(grouped(result.subscriptions)): decide \(range(result.decide.map(\.wall)))"
                        + "  scan \(range(result.scan))  COPY \(range(result.write))")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    static func core(_ result: CoreBench.Result) -> String {
        func cell(_ values: [Double], atLeast target: Double) -> String {
            let rate = median(values)
            return (rate >= target ? "met " : "missed ") + grouped(Int(rate) / 1000 * 1000)
        }
        return """
            The pure core on one core, without a database: medians of \(result.simple.count) runs

            \(row("A second", [""], "target"))
            \(row("Rated: flat and overage", [grouped(Int(median(result.simple)) / 1000 * 1000)], ""))
            \(row("Rated: a rich plan", [cell(result.rich, atLeast: 300_000)], ">= 300,000"))
            \(row("Quotes, catalog repeated", [cell(result.quotes, atLeast: 100_000)], ">= 100,000"))

            """
    }

    /// A line of a table: a label, up to three cells, and the target.
    private static func row(_ label: String, _ cells: [String], _ target: String) -> String {
        let left = label.padding(toLength: 28, withPad: " ", startingAt: 0)
        let middle = cells.map { cell in
            String(repeating: " ", count: max(1, 14 - cell.count)) + cell
        }.joined()
        return (left + middle + (target.isEmpty ? "" : "  \(target)"))
    }

    private static func verdict(_ value: Double, _ places: Int = 2, _ isMet: (Double) -> Bool) -> String {
        (isMet(value) ? "met " : "missed ") + fixed(value, places)
    }

    private func range(_ values: [Double]) -> String {
        "\(fixed(values.min() ?? .nan))–\(fixed(values.max() ?? .nan))"
    }
}

extension CloseBench.Result {
    fileprivate var floorSeconds: Double { median(floor) }
    fileprivate var closeSeconds: Double { median(close.map(\.wall)) }
    fileprivate var scriptSeconds: Double { median(script) }
    /// Of all runs of any kind the most.
    fileprivate var peakMegabytes: Double { Double((close + closeByOne).map(\.peak).max() ?? 0) / 1_000_000 }
}

/// A number with a fixed count of decimal places.
private func fixed(_ value: Double, _ places: Int = 2) -> String {
    String(format: "%.\(places)f", value)
}

/// A whole number with its thousands apart.
private func grouped(_ value: Int) -> String {
    value < 1000 ? String(value) : grouped(value / 1000) + "," + String(format: "%03d", value % 1000)
}
