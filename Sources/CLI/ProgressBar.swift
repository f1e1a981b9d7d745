import Foundation
import Jobs
import Synchronization

/// A line on the terminal that says how far the work is, how fast it goes and how long it will take.
///
/// It is drawn on standard error, a few times a second at most, and wiped when the work is done: what stays on the screen
/// are results.
final class ProgressBar: Reporter {
    private struct State {
        var task = ""
        var total: Int64?
        var started: TimeInterval = 0
        var drawn: TimeInterval = 0
    }

    private let state = Mutex(State())
    private static let interval = 0.1
    private static let width = 28
    private static let narrow = 16

    private static var now: TimeInterval { ProcessInfo.processInfo.systemUptime }

    func begin(_ task: String, total: Int64?) {
        state.withLock { state in
            let started = state.task == task ? state.started : Self.now
            state = State(task: task, total: total, started: started, drawn: state.task == task ? state.drawn : 0)
        }
    }

    func advance(to done: Int64) {
        draw { Self.line($0.task, done, of: $0.total, seconds: $1) }
    }

    func advance(to done: Int64, rows: Int64) {
        draw { Self.line($0.task, chunks: done, of: $0.total ?? 0, rows: rows, seconds: $1) }
    }

    private func draw(_ line: (State, TimeInterval) -> String) {
        let line: String? = state.withLock { state in
            let now = Self.now
            guard now - state.drawn >= Self.interval else { return nil }
            state.drawn = now
            return line(state, now - state.started)
        }
        if let line { FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8)) }
    }

    func end() {
        state.withLock { $0 = State() }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    /// Takes the line away for something else to be written; the next advance draws it again.
    func makeRoom() {
        let isDrawn = state.withLock { state in
            defer { state.drawn = 0 }
            return state.drawn > 0
        }
        if isDrawn { Console.complain(bytes: Array("\r\u{1B}[K".utf8)) }
    }

    /// At most 79 columns, for a task of up to 24.
    static func line(_ task: String, _ done: Int64, of total: Int64?, seconds: TimeInterval) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let name = String(task.prefix(24))
        guard let total, total > 0 else { return "\(name)  \(done)  \(Int(rate))/s" }
        let share = min(1, Double(done) / Double(total))
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let left = rate > 0 ? Int((Double(total - done) / rate).rounded(.up)) : 0
        return "\(name) [\(bar)] \(Int(share * 100))%  \(Int(rate))/s  \(time(left)) left"
    }

    /// At most 79 columns, for a task of up to 24: the rate is that of rows, and the time left that of chunks, of which each
    /// counts alike.
    static func line(_ task: String, chunks done: Int64, of total: Int64, rows: Int64, seconds: TimeInterval) -> String
    {
        let rate = seconds > 0 ? Int(Double(rows) / seconds) : 0
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
        let filled = Int(share * Double(narrow))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: narrow - filled)
        let left = done > 0 ? "  \(time(Int((seconds * Double(total - done) / Double(done)).rounded(.up)))) left" : ""
        return "\(task.prefix(24)) [\(bar)] \(done)/\(total)  \(rate) rows/s\(left)"
    }

    private static func time(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds))s"
        case ..<3_600: "\(seconds / 60)m\(seconds % 60)s"
        default: "\(seconds / 3_600)h\(seconds % 3_600 / 60)m"
        }
    }
}

/// For pipes and cron.
struct Silence: Reporter {
    func begin(_ task: String, total: Int64?) {}
    func advance(to done: Int64) {}
    func end() {}
}
