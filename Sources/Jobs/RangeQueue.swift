import Synchronization

/// Hands out ranges of customers to workers, each once.
final class RangeQueue: Sendable {
    private let ranges: Mutex<[ClosedRange<Int64>]>

    /// More ranges than workers, so that one who meets little work takes another.
    private static let rangesAWorker: Int64 = 8

    init(_ customers: ClosedRange<Int64>, workers: Int) {
        let parts = Int64(max(1, workers)) * Self.rangesAWorker
        let width = max(1, (customers.upperBound - customers.lowerBound) / parts + 1)
        var ranges: [ClosedRange<Int64>] = []
        var first = customers.lowerBound
        while first <= customers.upperBound {
            let last = min(customers.upperBound, first + (width - 1))
            ranges.append(first...last)
            first = last + 1
        }
        self.ranges = Mutex(ranges.reversed())
    }

    func next() -> ClosedRange<Int64>? {
        ranges.withLock { $0.popLast() }
    }
}
