import Postgres
import Store
import Synchronization

/// Hands out ranges of customers to workers, each once.
final class RangeQueue: Sendable {
    private let ranges: Mutex<[ClosedRange<Int64>]>

    init(_ customers: ClosedRange<Int64>, parts: Int) {
        let width = max(1, (customers.upperBound - customers.lowerBound) / Int64(max(1, parts)) + 1)
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

extension JobContext {
    /// More ranges than workers, so that one who meets little work takes another.
    private static let rangesAWorker = 8
    /// So many customers are done before a second session is open. No more, for they are one transaction: where there was
    /// no room for years of theirs, a rerun needs as much room at once.
    private static let few = 200

    /// Goes through customers batch by batch: on the run's own connection when it has one worker, and else on one for each.
    /// A few, if they are no more than a batch, go over the run's own: to open a session takes longer than they do.
    ///
    /// - Parameter makeBatch: called once a session. What it returns does the next batch behind a place, up to a customer, and
    ///   returns the place where it ended; nil when nothing was left. A range begins at a place before all of its customers;
    ///   in a session that takes the place of a lost one, it begins where the last batch ended.
    func forEachBatch(
        of customers: ClosedRange<Int64>, on connection: Connection,
        _ makeBatch:
            @escaping @Sendable (Connection) throws -> (
                (CloseBatch.Place, Int64) throws -> CloseBatch.Place?
            )
    ) throws {
        let areFew = customers.upperBound - customers.lowerBound < Int64(min(batchSize, Self.few))
        let workers = isDryRun || areFew ? 1 : workers
        let queue = RangeQueue(customers, parts: areFew ? 1 : workers * Self.rangesAWorker)
        let stop = stop
        @Sendable func work(on connection: Connection, stopIf failed: () -> Bool) throws {
            var batch = try connection.surviving { try makeBatch(connection) }
            while let range = queue.next() {
                var place = CloseBatch.Place(before: range.lowerBound)
                while !failed() {
                    try stop.check()
                    let next = try connection.surviving(
                        again: { batch = try makeBatch(connection) }, { try batch(place, range.upperBound) })
                    guard let next else { break }
                    place = next
                }
            }
        }
        guard workers > 1 else { return try work(on: connection, stopIf: { false }) }
        try Workers.run(workers) { _, failure in
            try work(on: connectWorker(), stopIf: { failure.isSet })
        }
    }
}
