import Foundation
import Oracle

extension World {
    /// Writes the world into a folder, a folder a night, with the commands that play it.
    ///
    /// - Returns: the same as text, and where the folder is.
    package func written(because flaw: Flaw?) throws -> String {
        let folder = FileManager.default.temporaryDirectory.path + "/meterbook-simulation-\(seed)"
        try? FileManager.default.removeItem(atPath: folder)
        var (script, story) = ("meterbook migrate\n", "")
        var (last, lastNight) = ([String: String](), Day?.none)
        for night in nights {
            var files = files(on: night, since: lastNight)
            files["catalog.yaml"] = vendor(on: night.day)?.yaml
            let place = "\(folder)/\(night.day)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for (name, text) in files.sorted(by: { $0.key < $1.key }) {
                try text.write(toFile: "\(place)/\(name)", atomically: false, encoding: .utf8)
                if last[name] != text { story += "--- \(night.day)/\(name)\n\(text)" }
            }
            var commands =
                last["catalog.yaml"] == files["catalog.yaml"]
                ? "" : "meterbook catalog apply \(night.day)/catalog.yaml\n"
            commands += self.commands(of: night)
            story += "--- commands\n" + commands
            script += commands
            (last, lastNight) = (files, night.day)
        }
        try script.write(toFile: "\(folder)/commands", atomically: false, encoding: .utf8)
        let difference = flaw.map { $0.description + "\n" } ?? ""
        try difference.write(toFile: "\(folder)/difference", atomically: false, encoding: .utf8)
        return "\(story)\(difference)The files and commands are in \(folder)"
    }

    /// The words of a backfill of all that any source has.
    func backfill(_ night: Night) -> [String] {
        ["backfill", "--from", "\(firstDelivered ?? night.day)", "--to", "\(night.day + 1)", "--chunk", night.chunk]
    }

    private func commands(of night: Night) -> String {
        let terms = night.terms.joined(separator: " ")
        let folder = "--deployment \(night.day)"
        var commands = ""
        let before = nights.last { $0.day < night.day }?.day
        for event in events where event.day <= night.day && before.map({ event.day > $0 }) ?? true {
            commands += event.command + "\n"
        }
        switch night.kind {
        case .nightly: commands += "meterbook nightly \(folder) \(terms)\n"
        case .pullAndClose: commands += "meterbook pull \(folder) \(terms)\nmeterbook close \(terms)\n"
        case .backfill:
            let backfill = backfill(night).map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
            commands += "meterbook \(backfill) \(folder) \(terms)\n"
        }
        if night.isRepeated { commands += "# and all of it again\n" }
        if !night.diesAt.isEmpty {
            commands += "# each with METERBOOK_PROFILE=test and METERBOOK_FAILPOINT=N before, N \(night.diesAt)\n"
        }
        if let reports = night.isStoppedAfter {
            commands += "# asked to stop at its report \(reports), and run again\n"
        }
        return commands
    }
}

extension World.Event {
    /// As it is typed.
    var command: String {
        let words: String
        switch request {
        case .change(let plan, let every, let when):
            let day =
                switch when {
                case nil: ""
                case .now: " --at now"
                case .renewal: " --at renewal"
                case .on(let day): " --at \(day)"
                }
            words =
                "change \(subscription)" + (plan.map { " --plan \($0)" } ?? "")
                + (every.map { " --cadence '\($0)'" } ?? "") + day
        case .cancel(let day): words = "cancel \(subscription)" + (day.map { " --at \($0)" } ?? "")
        case .reactivate: words = "reactivate \(subscription)"
        }
        return "meterbook subscription \(words) --as-of \(day)"
    }
}
