package import Billing
import Postgres
import SQL

extension LookStore {
    /// What a monitor watches.
    ///
    /// - Parameter day: what is due by then waits.
    package func metrics(on day: CivilDate) throws -> BooksMetrics {
        guard
            let waiting = try connection.first(
                Query(.countWaiting, day), as: Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
        else { throw StoreError.inconsistent("nothing was counted") }
        var metrics = BooksMetrics(
            due: waiting.0, heldSubscriptions: waiting.1, heldInvoices: waiting.2, noticesDue: waiting.3,
            noticesDead: waiting.4)
        metrics.jobs = try connection.query(
            Query(.readJobMetrics), as: String.self, Int16?.self, PGTimestamp.self, PGTimestamp.self,
            PGTimestamp?.self, PGTimestamp?.self
        ).map { row in
            BooksMetrics.Job(
                name: row.0, exitCode: row.1, startedAt: row.2.microsecondsSince1970,
                endedAt: row.3.microsecondsSince1970, succeededAt: row.4?.microsecondsSince1970,
                doneAt: row.5?.microsecondsSince1970)
        }
        metrics.sources = try connection.query(
            Query(.readSourceMetrics), as: String.self, String.self, Int64.self, Int64.self, Int64.self, Int64.self,
            Int64.self, Int64.self, Int64.self, PGTimestamp?.self
        ).map { row in
            BooksMetrics.Source(
                name: row.0, feeds: row.1,
                rows: [
                    .init("new", row.2), .init("changed", row.3), .init("unchanged", row.4), .init("repeated", row.5),
                    .init("merged", row.6), .init("outside", row.7), .init("rejected", row.8),
                ], readAt: row.9?.microsecondsSince1970)
        }
        return metrics
    }
}
