import Foundation
import Synchronization

/// A terminal for a program to find on its standard streams.
package struct Terminal: Sendable {
    package enum Streams: Sendable {
        /// Input, output and errors, as at a prompt.
        case all
        /// Errors alone, as with output sent to a file.
        case errors
    }

    package var columns: Int
    package var rows: Int
    package var streams: Streams

    package init(columns: Int = 80, rows: Int = 24, streams: Streams = .all) {
        self.columns = columns
        self.rows = rows
        self.streams = streams
    }
}

/// A pseudo-terminal, and what a program writes to it.
final class Screen: Sendable {
    /// The descriptor that the program gets.
    let programSide: Int32
    private let ourSide: Int32
    private let received = Mutex<[UInt8]>([])
    private let done = DispatchSemaphore(value: 0)

    init(_ terminal: Terminal) throws {
        var ours: Int32 = -1
        var programs: Int32 = -1
        var size = winsize()
        size.ws_col = UInt16(clamping: terminal.columns)
        size.ws_row = UInt16(clamping: terminal.rows)
        guard openpty(&ours, &programs, nil, nil, &size) == 0 else {
            throw TestFailure("openpty: \(String(cString: strerror(errno)))")
        }
        _ = fcntl(ours, F_SETFD, FD_CLOEXEC)
        _ = fcntl(programs, F_SETFD, FD_CLOEXEC)
        ourSide = ours
        programSide = programs
    }

    /// Begins to read; to be called once the program has its side.
    ///
    /// Our copy of that side is closed, so that reading ends (with EIO) when the program's last process has gone.
    func watch() {
        close(programSide)
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(ourSide, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                received.withLock { $0 += buffer[..<count] }
            }
            close(ourSide)
            done.signal()
        }
    }

    var text: String { String(decoding: received.withLock { $0 }, as: UTF8.self) }

    /// Everything that was written, once nobody can write any more.
    func finish() -> String {
        done.wait()
        done.signal()
        return text
    }
}
