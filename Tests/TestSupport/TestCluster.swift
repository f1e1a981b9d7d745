import Foundation
import PrivateServer

/// The throwaway clusters of test processes: directories named by process, in memory where that has room for them, else in
/// /tmp. Copying a database is creating a thousand files, which takes a disk longer than all that a test does with it.
enum TestCluster {
    private static let prefix = "meterbook-test-"
    /// What all tests at a time have at most, and as much again.
    private static let room: UInt64 = 8 << 30
    private static let memory = "/dev/shm"

    private static var parent: String {
        var system = statvfs()
        guard statvfs(memory, &system) == 0, UInt64(system.f_bavail) * UInt64(system.f_frsize) >= room,
            access(memory, W_OK) == 0
        else { return "/tmp" }
        return memory
    }

    /// A cluster for this process, which its guardian removes afterwards.
    ///
    /// A fresh `initdb` takes half a second more than a copy of a prepared cluster would. It is not worth a directory in
    /// /tmp that must be kept from going stale, and from being another user's.
    static func make() throws -> (Endpoint, Lifeline) {
        let home = "\(parent)/\(prefix)\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        return try PrivateServer(home: home, durability: .throwaway).startForOurLifetime()
    }

    /// Removes the clusters of processes that are gone. Their guardians do that; this is for guardians that were killed
    /// too, and for machines that were switched off.
    static func sweep() {
        for parent in [memory, "/tmp"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
            for name in names where name.hasPrefix(prefix) {
                guard let pid = pid_t(name.dropFirst(prefix.count).prefix(while: \.isNumber)), pid > 0 else { continue }
                guard kill(pid, 0) != 0, errno == ESRCH else { continue }
                // Another user's, or being removed by its guardian at this moment: neither is ours to mend.
                try? PrivateServer(home: parent + "/" + name).destroy()
            }
        }
    }
}
