import Foundation
package import Postgres

/// A thread with a session of its own, which does what it is given, in that order.
///
/// A connection stays on its thread, so it is the work that comes to it. What is given blocks once so much is waiting, so
/// that a fast giver does not fill the memory. After something has failed nothing more is done: what waits and what comes
/// later fails as well.
package final class SessionThread: Sendable {
    private let queue = Queue()

    /// - Parameter connect: called on the thread.
    package init(connect: @escaping @Sendable () throws -> Connection) {
        let queue = queue
        let thread = Thread {
            do {
                let connection = try connect()
                while let work = queue.next() { work(connection) }
                connection.close()
            } catch {
                queue.fail(error)
                while queue.next() != nil {}
            }
            queue.leave()
        }
        // As in the jobs' workers: Swift's own default is little for a deep stack in a debug build.
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits for what is being done, so that nothing of it goes on behind the giver's back; what waits is dropped.
    deinit { queue.end() }

    /// Gives the thread something to do. It is not waited for; see ``Answer/value()``.
    @discardableResult
    package func perform<R: Sendable>(_ work: @escaping @Sendable (Connection) throws -> R) -> Answer<R> {
        let answer = Answer<R>(queue)
        // Not the thread itself: the last of its owners to let it go must be somebody else.
        queue.add { [queue] connection in
            do {
                answer.set(try work(connection))
            } catch {
                queue.fail(error)
            }
        }
        return answer
    }

    /// What a piece of work comes to.
    package final class Answer<R: Sendable>: @unchecked Sendable {
        private let queue: Queue
        /// Guarded by the queue's condition.
        private var result: R?

        fileprivate init(_ queue: Queue) { self.queue = queue }

        fileprivate func set(_ value: R) { queue.guarded { result = value } }

        /// Waits for it.
        ///
        /// - Throws: what the work threw, or the first failure before it.
        package func value() throws -> R { try queue.wait { result } }
    }

    /// Sendable unchecked: all that changes is guarded by the condition.
    fileprivate final class Queue: @unchecked Sendable {
        private let condition = NSCondition()
        private var waiting: [(Connection) -> Void] = []
        private var failure: (any Error)?
        private var isEnded = false
        private var isLeft = false
        private static let mostWaiting = 4

        func guarded(_ change: () -> Void) {
            condition.lock()
            defer { condition.unlock() }
            change()
            condition.broadcast()
        }

        func add(_ work: @escaping (Connection) -> Void) {
            condition.lock()
            defer { condition.unlock() }
            while waiting.count >= Self.mostWaiting, failure == nil { condition.wait() }
            if failure == nil { waiting.append(work) }
            condition.broadcast()
        }

        /// The next piece of work; nil once there will be none.
        func next() -> ((Connection) -> Void)? {
            condition.lock()
            defer { condition.unlock() }
            while waiting.isEmpty, !isEnded { condition.wait() }
            guard !isEnded else { return nil }
            condition.broadcast()
            return waiting.removeFirst()
        }

        func fail(_ error: any Error) {
            guarded {
                if failure == nil { failure = error }
                waiting.removeAll()
            }
        }

        func end() {
            condition.lock()
            defer { condition.unlock() }
            isEnded = true
            condition.broadcast()
            while !isLeft { condition.wait() }
        }

        func leave() { guarded { isLeft = true } }

        func wait<R>(for result: () -> R?) throws -> R {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let value = result() { return value }
                if let failure { throw failure }
                condition.wait()
            }
        }
    }
}
