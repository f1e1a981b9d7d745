import Billing
import Store
import Synchronization

/// What the chunks of a source have come to, and how far they are: added to by one worker after another.
final class ChunkTally: Sendable {
    private struct State {
        var counts: RunRecord.Pull
        var lateTotals: Int64 = 0
        /// Chunks done in this run.
        var chunks: Int64 = 0
        /// Rows read, also of chunks that are not done.
        var rows: Int64 = 0
    }

    private let state: Mutex<State>
    private let reporter: any Reporter

    init(_ source: String, feeds: String, reporter: any Reporter) {
        self.reporter = reporter
        state = Mutex(
            State(
                counts: RunRecord.Pull(
                    id: 0, source: source, feeds: feeds, status: RunJournal.Outcome.succeeded.rawValue, read: 0,
                    outside: 0, new: 0, changed: 0, unchanged: 0, repeated: 0, rejected: 0)))
    }

    /// A chunk is done.
    func add(_ pull: RunSummary.Pull) {
        let (chunks, rows) = state.withLock { state in
            state.counts.add(pull.counts)
            state.lateTotals += pull.lateTotals
            state.chunks += 1
            return (state.chunks, state.rows)
        }
        reporter.advance(to: chunks, rows: rows)
    }

    /// Rows more have been read.
    func read(_ rows: Int64) {
        let (chunks, all) = state.withLock { state in
            state.rows += rows
            return (state.chunks, state.rows)
        }
        reporter.advance(to: chunks, rows: all)
    }

    /// The chunks as if they had been one pull, with the number of the last.
    var pull: RunSummary.Pull {
        state.withLock { RunSummary.Pull(counts: $0.counts, lateTotals: $0.lateTotals) }
    }
}

extension RunRecord.Pull {
    fileprivate mutating func add(_ other: RunRecord.Pull) {
        id = max(id, other.id)
        read += other.read
        outside += other.outside
        new += other.new
        changed += other.changed
        unchanged += other.unchanged
        repeated += other.repeated
        merged += other.merged
        rejected += other.rejected
        if rejected > 0 { status = RunJournal.Outcome.incomplete.rawValue }
    }
}

/// Tells of a chunk's rows while they are read, and leaves the rest to whoever counts the chunks.
final class ChunkReporter: Reporter {
    private let tally: ChunkTally
    private let state = Mutex((stretches: 0, rows: Int64(0)))

    init(_ tally: ChunkTally) {
        self.tally = tally
    }

    /// The first stretch of a pull is the reading.
    func begin(_ task: String, total: Int64?) {
        state.withLock { $0.stretches += 1 }
    }

    func advance(to done: Int64) {
        let more: Int64 = state.withLock { state in
            guard state.stretches == 1 else { return 0 }
            defer { state.rows = done }
            return done - state.rows
        }
        if more > 0 { tally.read(more) }
    }

    func end() {}
}
