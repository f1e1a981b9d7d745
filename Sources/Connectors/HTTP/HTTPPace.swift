import Dispatch
import Synchronization

/// The rate of requests to one source, kept over all who ask it at the same time.
///
/// The pauses before requests follow one another, so no two requests begin closer together than the rate has it, whoever
/// sends them. Nothing here reads a clock.
package final class HTTPPace: Sendable {
    private let turn = DispatchSemaphore(value: 1)
    private let hasAsked = Mutex(false)

    package init() {}

    /// Waits until the next request may begin: the first one at once.
    ///
    /// - Parameter isStopped: asked several times a second.
    /// - Returns: false when it was stopped.
    package func wait(perSecond: Int, isStopped: () -> Bool) -> Bool {
        while turn.wait(timeout: .now() + HTTPCaller.glance) == .timedOut {
            if isStopped() { return false }
        }
        defer { turn.signal() }
        let isFirst = hasAsked.withLock { hasAsked in
            defer { hasAsked = true }
            return !hasAsked
        }
        let rate = Int64(max(1, perSecond))
        return isFirst || HTTPCaller.pause(.milliseconds((1_000 + rate - 1) / rate), isStopped: isStopped)
    }
}
