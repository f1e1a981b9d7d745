import Foundation
import Synchronization

/// A running child process, or one that has ended and whose output is still to be read.
///
/// Any thread may wait and any thread may send a signal: a signal is sent only while the process is unreaped, so it can
/// never hit a stranger that was given the same number.
package final class Child: Sendable {
    package let pid: Int32
    private let output: Int32?
    private let errors: Int32?
    private let ended = Mutex<Command.Ending?>(nil)

    init(pid: pid_t, output: Int32?, errors: Int32?) {
        self.pid = pid
        self.output = output
        self.errors = errors
    }

    deinit {
        if let output { close(output) }
        if let errors { close(errors) }
    }

    /// Blocks until the child has ended.
    @discardableResult
    package func wait() -> Command.Result {
        var info = siginfo_t()
        // WNOWAIT leaves the child unreaped, so that the lock need not be held while we block.
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return Command.Result(
            ending: reap(WEXITED) ?? .exit(-1), output: outputSoFar, errors: errorsSoFar)
    }

    /// How the child ended, or nil while it runs.
    package var ending: Command.Ending? { reap(WEXITED | WNOHANG) }

    /// Sends a signal, unless the child has ended.
    package func send(_ signal: Int32) {
        ended.withLock { if $0 == nil { kill(pid, signal) } }
    }

    /// What the child has written to a captured standard output until now.
    package var outputSoFar: [UInt8] { output.map(Files.contents(of:)) ?? [] }
    /// What the child has written to a captured standard error until now.
    package var errorsSoFar: [UInt8] { errors.map(Files.contents(of:)) ?? [] }

    private func reap(_ options: Int32) -> Command.Ending? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            let found = waitpid(pid, &status, options & WNOHANG)
            if found == pid {
                let signal = status & 0x7f
                ended = signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
            } else if found == -1, errno == ECHILD {
                // Someone ignores SIGCHLD, and the kernel kept no status for us.
                ended = .exit(-1)
            }
            return ended
        }
    }
}
