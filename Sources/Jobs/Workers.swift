import Foundation
import Synchronization

/// Runs work on threads of its own and waits for it. Database calls block, and a blocked thread of Swift's pool is one that
/// nobody else can use.
enum Workers {
    /// - Parameter body: called once on each thread with the thread's number. When one throws, the others are left to notice
    ///   `Failure.isSet`.
    /// - Throws: the first error.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int, Failure) throws -> Void) throws {
        let failure = Failure()
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            let thread = Thread {
                defer { group.leave() }
                do { try body(number, failure) } catch { failure.set(error) }
            }
            // Swift's own default of 512 KiB for secondary threads is little for a deep stack in a debug build.
            thread.stackSize = 8 << 20
            thread.start()
        }
        group.wait()
        if let error = failure.first { throw error }
    }

    final class Failure: Sendable {
        private let error = Mutex<(any Error)?>(nil)

        var isSet: Bool { error.withLock { $0 != nil } }
        var first: (any Error)? { error.withLock(\.self) }

        func set(_ new: any Error) {
            error.withLock { if $0 == nil { $0 = new } }
        }
    }
}
