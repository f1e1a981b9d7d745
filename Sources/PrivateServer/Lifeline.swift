import Foundation
import Synchronization

extension PrivateServer {
    /// Creates a cluster and serves it for as long as this process, or the returned ``Lifeline``, lives. Then the server
    /// ends and the cluster is removed, however this process ends: also by SIGKILL.
    ///
    /// The cluster must not exist. Nobody else may start or stop it.
    package func startForOurLifetime() throws(PrivateServerError) -> (endpoint: Endpoint, lifeline: Lifeline) {
        let place = place
        let user = try ServerUser.running(in: place)
        try place.prepare(user: user)
        let lock = try FileLock(place.lock, owner: user)
        defer { lock.release() }
        try create(at: place, user: user, lock: lock)
        let sockets = try place.prepareSocketDirectory(user: user)
        let binaries = try matchingBinaries(data: place.data)
        try writeSettings(at: place, binaries: binaries, socketDirectory: sockets, user: user)
        try Files.touch(place.log, owner: user)

        let guardian = user.command(
            "/bin/sh",
            ["-c", Lifeline.script, "sh", binaries + "/postgres", place.data, place.log, place.directory, sockets])
        let postmaster = Postmaster(place: place, user: user)
        let lifeline: Lifeline
        do { lifeline = try Lifeline(guardian) } catch { throw postmaster.startFailure("\(error)") }
        do {
            try postmaster.waitUntilReady { lifeline.isCut }
        } catch {
            // The guardian has removed the log by now, and has passed on its end.
            let said = Files.tail(of: lifeline.end().errorText)
            throw said.isEmpty ? error : postmaster.startFailure(said)
        }
        return (Endpoint(host: sockets, port: Self.port, user: Self.superuser), lifeline)
    }
}

/// What keeps a throwaway server alive: our end of a connection to a guardian shell.
///
/// The guardian sits in a session of its own, so that neither Ctrl-C nor the end of a process group reaches it, and waits
/// for the connection to close. The kernel closes it when we die, which no handler of ours could promise.
package final class Lifeline: Sendable {
    private let ours: Mutex<Int32?>
    private let guardian: Child

    /// Arguments: postgres, its data directory, its log, and the directories to remove. An immediate shutdown is enough
    /// for data that nobody wants. Removing is tried again, for whoever sweeps away what dead processes left may be putting
    /// his lock there at this moment.
    static let script = """
        exec 3<&0
        "$1" -D "$2" >>"$3" 2>&1 3<&- &
        server=$!
        (read -r _ <&3; kill -QUIT $server) 2>/dev/null &
        wait $server
        kill $! 2>/dev/null
        tail -n 8 "$3" >&2
        tries=20
        until rm -rf -- "$4" "$5" 2>/dev/null || [ $((tries -= 1)) -eq 0 ]; do :; done
        """

    init(_ guardian: Command) throws(Command.SpawnError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw Command.SpawnError(executable: guardian.executable, code: errno)
        }
        defer { close(ends[1]) }
        var guardian = guardian
        guardian.inputDescriptor = ends[1]
        guardian.newSession = true
        ours = Mutex(ends[0])
        do {
            self.guardian = try guardian.spawn()
        } catch {
            close(ends[0])
            throw error
        }
    }

    deinit { ours.withLock { if let open = $0 { close(open) } } }

    /// Whether the server has ended already.
    var isCut: Bool { guardian.ending != nil }

    /// Ends the server, and returns when its data are gone.
    @discardableResult
    package func end() -> Command.Result {
        ours.withLock {
            if let open = $0 { close(open) }
            $0 = nil
        }
        return guardian.wait()
    }
}
