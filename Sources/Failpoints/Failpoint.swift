import Foundation
import Synchronization

/// Places at which the program can be made to die: before and after each statement, part of a COPY, rename of a file, mail and
/// request.
///
/// Tests have it die there, and see that a rerun loses nothing and does nothing twice. They are compiled
/// into every build, so that what is tested is what runs; where nobody has armed them, passing one costs a look at a
/// flag. The settings `failpoint` and `failpoint_list` arm them, under `profile: test` alone.
package enum Failpoint {
    /// On which side of what it is called by.
    package enum Side: String, Sendable { case before, after }

    private struct Arms {
        /// The place, counted from now, at which the program dies; nil for none.
        var deadly: Int?
        /// What each place is written to; nil for nothing.
        var list: Int32?
    }

    private static let isArmed = Atomic(false)
    private static let arms = Mutex(Arms())

    /// - Parameters:
    ///   - deadly: the place, counted from 1, at which the program dies; nil for none.
    ///   - list: the file to which each place that is passed is added as a line, the deadly one as the last; nil for none.
    /// - Returns: false where that file cannot be written.
    package static func arm(deadly: Int?, list: String?) -> Bool {
        var descriptor: Int32?
        if let list {
            let opened = open(list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard opened >= 0 else { return false }
            descriptor = opened
        }
        arms.withLock { $0 = Arms(deadly: deadly, list: descriptor) }
        isArmed.store(deadly != nil || list != nil, ordering: .relaxed)
        return true
    }

    /// Goes on, or dies as by `kill -9`, wherever other threads are.
    @inline(__always)
    package static func pass(_ side: Side, _ what: @autoclosure () -> String) {
        if isArmed.load(ordering: .relaxed) { count(side, what()) }
    }

    /// Gives a file another name, with a place on each side of it.
    ///
    /// - Returns: false with `errno` set when that failed.
    package static func rename(_ fresh: String, to name: String) -> Bool {
        pass(.before, "rename of \(fresh)")
        guard Foundation.rename(fresh, name) == 0 else { return false }
        pass(.after, "rename of \(fresh)")
        return true
    }

    private static func count(_ side: Side, _ what: String) {
        arms.withLock { arms in
            if let list = arms.list {
                let line = "\(side.rawValue) \(what)\n"
                _ = line.withCString { write(list, $0, strlen($0)) }
            }
            guard let left = arms.deadly else { return }
            arms.deadly = left - 1
            if left == 1 { kill(getpid(), SIGKILL) }
        }
    }
}
