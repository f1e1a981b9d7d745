import Foundation
import Synchronization

/// The floor: what PostgreSQL alone needs to hand out the close's input and to take in its output.
///
///     scan    COPY (SELECT the due subscriptions with their totals, as the close reads them) TO STDOUT, thrown away
///     write   COPY FROM STDIN of the very rows that the close wrote, one transaction a table
///
/// The tables that it writes have the primary keys and CHECKs of the real ones; they are not partitioned, and the rows come
/// in order of their keys: both make it lower. No rating, no update of open periods, no journal.
struct Floor {
    static let schema = "floor"

    let conninfo: String
    let rows: WrittenRows
    let asOf: String

    /// Half the customers each, when two sessions work side by side.
    let halfway: Int

    /// One session: seconds of the scan, and of the write.
    func measure() throws -> (scan: Double, write: Double) {
        let session = try open()
        let scan = try seconds { try session.discard(statement(where: "true")) }
        let write = try seconds { try rows.write(to: Self.schema, over: session) }
        return (scan, write)
    }

    /// Two sessions, each with its half: seconds until both are done.
    func measureTwo() throws -> Double {
        let sessions = [try open(), try open()]
        let halves = ["o.customer_id <= \(halfway)", "o.customer_id > \(halfway)"]
        let failure = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        let wall = seconds {
            for half in 0..<2 {
                // Each session is used by one thread, from here to the end of the group.
                nonisolated(unsafe) let session = sessions[half]
                let sql = statement(where: halves[half])
                let rows = rows
                group.enter()
                Thread {
                    defer { group.leave() }
                    do {
                        try session.discard(sql)
                        try rows.write(to: Self.schema, over: session, half: half)
                    } catch {
                        failure.withLock { $0 = error }
                    }
                }.start()
            }
            group.wait()
        }
        if let error = failure.withLock(\.self) { throw error }
        return wall
    }

    private func open() throws -> RawSession {
        let session = try RawSession(conninfo)
        // The planner takes customer and subscription to be independent, expects one row, and would look each one up or
        // sort them all. Told to walk the indexes side by side, it took less than half as long as with any other plan.
        try session.execute(
            "SET enable_nestloop = off; SET enable_hashjoin = off; SET enable_sort = off; "
                + "SET max_parallel_workers_per_gather = 0")
        return session
    }

    /// The statement of sql/3-close/read_due.sql, without the bounds of a batch.
    private func statement(where condition: String) -> String {
        """
        COPY (
            SELECT o.customer_id, o.subscription_id, o.number, o.starts, o.ends, o.counts_from,
                s.plan_id, s.anchor, s.signed_up, s.ends, s.pays_every,
                l.start AS late_from, t.meter_id, t.start, t.quantity
            FROM meterbook.open_period AS o
            JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
            LEFT JOIN (
                SELECT customer_id, subscription_id, min(start) AS start FROM meterbook.late_usage
                GROUP BY customer_id, subscription_id
            ) AS l ON l.customer_id = o.customer_id AND l.subscription_id = o.subscription_id
            LEFT JOIN meterbook.usage_total AS t
                ON t.customer_id = o.customer_id AND t.subscription_id = o.subscription_id
                AND t.start >= o.counts_from AND t.start < '\(asOf)'
            WHERE o.ends <= '\(asOf)' AND \(condition)
            ORDER BY o.customer_id, o.subscription_id
        ) TO STDOUT (FORMAT binary)
        """
    }
}
