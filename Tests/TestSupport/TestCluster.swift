import Foundation
import PrivateServer

/// The throwaway clusters of test processes: directories in /tmp, named by process.
enum TestCluster {
    private static let prefix = "meterbook-test-"

    /// A cluster for this process, which its guardian removes afterwards.
    ///
    /// A fresh `initdb` takes half a second more than a copy of a prepared cluster would. It is not worth a directory in
    /// /tmp that must be kept from going stale, and from being another user's.
    static func make() throws -> (Endpoint, Lifeline) {
        let home = "/tmp/\(prefix)\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        return try PrivateServer(home: home, durability: .throwaway).startForOurLifetime()
    }

    /// Removes the clusters of processes that are gone. Their guardians do that; this is for guardians that were killed
    /// too, and for machines that were switched off.
    static func sweep() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let pid = pid_t(name.dropFirst(prefix.count).prefix(while: \.isNumber)), pid > 0 else { continue }
            guard kill(pid, 0) != 0, errno == ESRCH else { continue }
            // Another user's, or being removed by its guardian at this moment: neither is ours to mend.
            try? PrivateServer(home: "/tmp/" + name).destroy()
        }
    }
}
