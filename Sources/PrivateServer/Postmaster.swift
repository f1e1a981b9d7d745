import Foundation

/// The server process of a cluster: finding it, starting it, and ending it.
///
/// PostgreSQL's `postmaster.pid` says who serves a cluster, but outlives a killed server, and after a reboot its number
/// may be any other process's. So a process counts as the server only while it works in the data directory, which is
/// where PostgreSQL and all its children are.
struct Postmaster: Sendable {
    var place: Location
    var user: ServerUser

    /// Recovery after a crash replays up to `max_wal_size` of log before the server is ready.
    private static let startLimit = Wait(seconds: 900)
    private static let stopLimit = Wait(seconds: 300)
    /// The children of a killed server notice within moments, but one may first finish what it does.
    private static let orphanLimit = Wait(seconds: 60)

    /// The process that serves a cluster, if any does.
    static func runningPid(data: String) -> pid_t? {
        guard let pid = namedPid(data: data), works(pid, in: data) else { return nil }
        return pid
    }

    /// Starts a server and waits until it accepts connections.
    func launch(binaries: String) throws(PrivateServerError) {
        try rotateLog()
        let logStart = Int(Files.status(place.log)?.st_size ?? 0)
        var command = user.command(binaries + "/postgres", ["-D", place.data])
        command.output = .appended(to: place.log)
        command.errors = .appended(to: place.log)
        command.newSession = true
        let server: Child
        do { server = try command.spawn() } catch { throw startFailure("\(error)") }
        try waitUntilReady(logStart: logStart) { server.ending != nil }
    }

    /// What has become of a server that someone else started.
    enum Found {
        case absent
        case answers
        /// It runs, but something that cleans /tmp took its socket away: nobody can connect, and nobody loses by a restart.
        case unreachable
    }

    /// Waits until it is plain whether there is a server to use: one may be starting, or dying.
    func settle(socket: String) throws(PrivateServerError) -> Found {
        guard let pid = Self.runningPid(data: place.data) else { return .absent }
        let data = place.data
        var found: Found?
        _ = Self.startLimit.until {
            if !Self.works(pid, in: data) {
                found = .absent
            } else if isReady {
                // A killed process is still listed for a moment: only an answer shows that it lives.
                if Files.status(socket) == nil {
                    found = .unreachable
                } else if Knock.answers(socket) {
                    found = .answers
                }
            }
            return found != nil
        }
        guard let found else { throw timedOut([pid], "accept connections") }
        return found
    }

    /// Waits until a server accepts connections, or fails once it has ended.
    func waitUntilReady(logStart: Int = 0, hasEnded: () -> Bool) throws(PrivateServerError) {
        let settled = Self.startLimit.until { isReady || hasEnded() }
        if isReady { return }
        guard settled else {
            throw timedOut([Self.namedPid(data: place.data)].compactMap { $0 }, "accept connections")
        }
        throw startFailure(Files.tail(of: log(from: logStart)))
    }

    /// Ends the server by a fast shutdown, and waits until it is gone.
    func stop() throws(PrivateServerError) {
        guard let pid = Self.runningPid(data: place.data) else { return }
        let data = place.data
        guard kill(pid, SIGINT) == 0 || errno == ESRCH else { throw .system("stop process \(pid) of", data, errno) }
        guard Self.stopLimit.until({ !Self.works(pid, in: data) }) else { throw timedOut([pid], "end") }
    }

    /// After a server was killed: waits for its children to go, which still hold its shared memory, and then removes the
    /// files that name it. PostgreSQL would refuse to start while anything runs under the number in them: a stranger, or
    /// the dead server itself, whose number is taken until its parent has asked how it ended.
    func clearAway(socket: String) throws(PrivateServerError) {
        let data = place.data
        let pidFile = data + "/postmaster.pid"
        let socketLock = socket + ".lock"
        // The second line of both is the data directory. A socket that another cluster uses stays as it is.
        let ours = [pidFile, socketLock].filter { Self.lines(of: $0).dropFirst().first == data }
        guard !ours.isEmpty else { return }
        guard Self.orphanLimit.until({ Self.processes(in: data).isEmpty }) else {
            throw timedOut(Self.processes(in: data), "end")
        }
        for file in ours { try Files.remove(file) }
    }

    // MARK: - What the system says

    /// The number in `postmaster.pid`, whoever has it now.
    private static func namedPid(data: String) -> pid_t? {
        lines(of: data + "/postmaster.pid").first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func lines(of file: String) -> [String] {
        (Files.text(file) ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether the process is alive and its working directory is the data directory. A zombie has none.
    static func works(_ pid: pid_t, in data: String) -> Bool {
        var process = stat()
        var directory = stat()
        return stat("/proc/\(pid)/cwd", &process) == 0 && stat(data, &directory) == 0
            && process.st_ino == directory.st_ino && process.st_dev == directory.st_dev
    }

    private static func processes(in data: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { works($0, in: data) }
    }

    /// Whether the server accepts connections: the eighth line of `postmaster.pid` is its state (PostgreSQL's
    /// `utils/pidfile.h`).
    private var isReady: Bool {
        guard Self.runningPid(data: place.data) != nil else { return false }
        let lines = Self.lines(of: place.data + "/postmaster.pid")
        return lines.count >= 8 && lines[7].trimmingCharacters(in: .whitespaces) == "ready"
    }

    // MARK: - The log

    /// Keeps one log before this one once it is large: a server that is started daily would otherwise fill the disk.
    private func rotateLog() throws(PrivateServerError) {
        if let size = Files.status(place.log)?.st_size, size > 16 * 1_048_576 {
            rename(place.log, place.log + ".old")
        }
        try Files.touch(place.log, owner: user)
    }

    private func log(from start: Int) -> String {
        guard let text = Files.text(place.log) else { return "" }
        return String(decoding: text.utf8.dropFirst(start), as: UTF8.self)
    }

    /// Words a failed start by what the server said last.
    func startFailure(_ tail: String) -> PrivateServerError {
        if tail.contains(PrivateServer.socketName), tail.contains("already in use") || tail.contains("already exists") {
            return .socketInUse(directory: place.socketDirectory(user: user), tail: tail)
        }
        return .startFailed(location: place.directory, log: place.log, tail: tail)
    }

    private func timedOut(_ pids: [pid_t], _ doing: String) -> PrivateServerError {
        .timedOut(location: place.directory, pids: pids, doing: doing)
    }
}

/// A wait for something that nobody tells us about: short looks, up to a limit.
private struct Wait {
    private static let step: useconds_t = 10_000
    var seconds: Int

    /// Whether the condition came true within the limit.
    func until(_ condition: () -> Bool) -> Bool {
        for _ in 0..<(seconds * 1_000_000 / Int(Self.step)) {
            if condition() { return true }
            usleep(Self.step)
        }
        return condition()
    }
}
