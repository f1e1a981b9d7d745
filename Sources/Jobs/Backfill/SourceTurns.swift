import Foundation
import Synchronization

/// How many chunks may be read from a source at the same time: who reads has a turn, and the others wait for one.
final class SourceTurns: Sendable {
    private let free: DispatchSemaphore

    private static let glance = 0.1

    /// - Parameter count: what the source allows, 1 or more.
    init(_ count: Int) {
        free = DispatchSemaphore(value: max(1, count))
    }

    /// Waits for a turn.
    ///
    /// - Parameter failure: with it nobody needs a turn any more.
    /// - Throws: `JobError.interrupted` when the run is to stop; the error of another worker.
    func take(_ stop: StopFlag, unless failure: Workers.Failure?) throws -> Turn {
        while free.wait(timeout: .now() + Self.glance) == .timedOut {
            try stop.check()
            if let error = failure?.first { throw error }
        }
        return Turn(free)
    }

    /// Ends once, and with the last who has it.
    final class Turn: Sendable {
        private let free: DispatchSemaphore
        private let hasEnded = Mutex(false)

        fileprivate init(_ free: DispatchSemaphore) {
            self.free = free
        }

        deinit { end() }

        func end() {
            let isNews = hasEnded.withLock { hasEnded in
                defer { hasEnded = true }
                return !hasEnded
            }
            if isNews { free.signal() }
        }
    }
}
