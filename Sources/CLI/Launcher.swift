import Billing
import Foundation

/// What started the program, for the journal.
enum Launcher {
    static var origin: RunRecord.Origin {
        let environment = ProcessInfo.processInfo.environment
        if isatty(STDIN_FILENO) == 1 || isatty(STDERR_FILENO) == 1 { return .terminal }
        if environment["KUBERNETES_SERVICE_HOST"] != nil { return .kubernetes }
        // cron may itself be a unit of systemd, whose variables its jobs then have: so it is asked for first.
        if parents.contains(where: { ["cron", "crond", "anacron", "supercronic"].contains($0) }) { return .cron }
        return environment["INVOCATION_ID"] != nil ? .systemd : .program
    }

    /// The names of the programs above this one, the nearest first; where there is no /proc, none.
    private static var parents: [String] {
        var names: [String] = []
        var process = getppid()
        // cron, its shell, the job's shell and a wrapper: further up it was not cron that started this.
        while process > 1, names.count < 5, let (name, parent) = status(of: process) {
            names.append(name)
            process = parent
        }
        return names
    }

    private static func status(of process: Int32) -> (name: String, parent: Int32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        func value(_ key: String) -> String? {
            text.split(separator: "\n").first { $0.hasPrefix("\(key):") }
                .map { $0.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces) }
        }
        guard let name = value("Name"), let parent = value("PPid").flatMap({ Int32($0) }) else { return nil }
        return (name, parent)
    }
}
