import Foundation
import PrivateServer

/// `meterbook`, run as a process of its own, with what the kernel says that it used.
struct MeteredProgram {
    /// What one run took.
    struct Cost {
        var wall: Double
        /// User and system time, of the program alone: the server's is not in it.
        var cpu: Double
        /// The most memory that was resident at a time, in bytes.
        var peak: Int
    }

    private let path: String

    /// The program that was built together with the bench: it lies beside it.
    init() throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        path = (own as NSString).deletingLastPathComponent + "/meterbook"
        guard access(path, X_OK) == 0 else {
            throw BenchError("\(path) is missing: swift build -c release --product meterbook makes it")
        }
    }

    /// Runs it to its end. What it prints is dropped; what it complains about is shown.
    ///
    /// The kernel counts the bench's own memory in, as it stands when the program is started: so the bench keeps no row in
    /// memory.
    @discardableResult
    func run(_ arguments: String...) throws -> Cost { try run(arguments) }

    /// - Parameter code: with which it has to end.
    @discardableResult
    func run(_ arguments: [String], expecting code: Int32 = 0) throws -> Cost {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var settings = Command.plain.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var pid: pid_t = 0
        var status: Int32 = 0
        var usage = rusage()
        let clock = ContinuousClock()
        let start = clock.now
        let failure = posix_spawn(&pid, path, &actions, nil, &words, &settings)
        guard failure == 0 else { throw BenchError("\(path): \(String(cString: strerror(failure)))") }
        while wait4(pid, &status, 0, &usage) != pid {
            guard errno == EINTR else { throw BenchError("wait4: \(String(cString: strerror(errno)))") }
        }
        let wall = (clock.now - start) / .seconds(1)
        guard status == code << 8 else {
            throw BenchError("meterbook \(arguments.first ?? "") failed (status \(status))")
        }
        return Cost(
            wall: wall, cpu: usage.ru_utime.seconds + usage.ru_stime.seconds, peak: usage.ru_maxrss * 1024)
    }

    /// The most memory that this process has had resident, in bytes.
    static var ownPeak: Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}

extension timeval {
    fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1_000_000 }
}
