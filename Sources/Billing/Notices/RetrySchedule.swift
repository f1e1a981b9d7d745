/// When a delivery that failed is tried again: after a minute, four, sixteen and so on, never later than a day, each time
/// somewhat earlier or later, so that what failed together does not come again together.
package struct RetrySchedule: Hashable, Sendable {
    /// After so many attempts a notice is given up.
    package var attempts: Int

    package static let standard = 8
    private static let first: Int64 = 60
    private static let factor: Int64 = 4
    private static let longest: Int64 = 86_400

    package init(attempts: Int = RetrySchedule.standard) {
        self.attempts = attempts
    }

    /// - Parameters:
    ///   - attempt: the one that has failed, from 1.
    ///   - id: what the scatter follows from: the same attempt always waits the same time.
    ///   - atLeast: seconds that the receiver has asked for; at most a day of them counts.
    ///   - now: microseconds since 1970-01-01 UTC.
    /// - Returns: the instant, in microseconds since 1970-01-01 UTC; nil where it was the last attempt.
    package func next(after attempt: Int, id: String, atLeast: Int64 = 0, now: Int64) -> Int64? {
        guard attempt < attempts else { return nil }
        var seconds = Self.first
        for _ in 1..<max(1, attempt) where seconds < Self.longest { seconds *= Self.factor }
        seconds = min(seconds, Self.longest)
        // From three quarters to five quarters of it.
        let scatter = Int64(hash(id, attempt) % 513) + 768
        let delay = max(seconds * scatter / 1_024, min(max(0, atLeast), Self.longest))
        let (instant, overflow) = now.addingReportingOverflow(delay * 1_000_000)
        return overflow ? now : instant
    }

    /// FNV-1a. Swift's own hash differs from process to process.
    private func hash(_ id: String, _ attempt: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Array(id.utf8) + [UInt8(truncatingIfNeeded: attempt)] {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash >> 32
    }
}
