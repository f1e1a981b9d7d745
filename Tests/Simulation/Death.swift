import Foundation
import Store
package import Synchronization
package import TestSupport

/// Runs that die at failpoints: the program as its users start it, ended as by `kill -9` where its count of places is full.
package final class Death: Sendable {
    /// How many runs died, by what they were about to do or had just done.
    package let toll = Mutex<[String: Int]>([:])

    package init() {}

    /// - Throws: `Flaw` where the run fails by itself.
    func die(of place: Int, _ words: [String], _ folder: TemporaryDirectory, _ conninfo: String) throws {
        let list = folder.path + "/failpoints"
        try? FileManager.default.removeItem(atPath: list)
        let needsFolder = words.first != "close"
        let outcome = try outlast {
            try Program.meterbook.run(
                words + ["--database", conninfo] + (needsFolder ? ["--deployment", folder.path] : []),
                environment: [
                    "METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT": "\(place)", "METERBOOK_FAILPOINT_LIST": list,
                ])
        } until: {
            $0.code != 75
        }
        // One that passes fewer places has come to its end.
        if outcome.code == 0 { return }
        guard outcome.signal == SIGKILL else {
            throw Flaw(.death, "\(words) at \(place): \(outcome.code ?? -1) \(outcome.errors)\(outcome.output)")
        }
        let passed = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
        toll.withLock { $0[Self.kind(passed.last ?? ""), default: 0] += 1 }
    }

    /// A name without what differs from world to world.
    private static func kind(_ place: Substring) -> String {
        let words = place.split(separator: " ")
        return (words.dropLast().last == "of" && words.dropFirst().first == "rename" ? words.dropLast() : words[...])
            .joined(separator: " ")
    }

    /// Does something that a killed run may be in the way of, until the server has noticed that it is gone.
    func outlast<R>(_ body: () throws -> R, until isDone: (R) -> Bool = { _ in true }) throws -> R {
        for _ in 0..<1_000 {
            do {
                let result = try body()
                if isDone(result) { return result }
            } catch StoreError.busy {}
        }
        return try body()
    }
}

extension World.Night {
    /// How its runs are started.
    var terms: [String] { ["--as-of", "\(day)", "--workers", "\(workers)", "--batch", "\(batch)"] }
}
