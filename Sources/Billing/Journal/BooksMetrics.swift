/// What a monitor watches of the books: how the jobs ended, how fresh the sources are, and what waits.
package struct BooksMetrics: Hashable, Sendable {
    /// By the job's name.
    package var jobs: [Job] = []
    /// By the source's name.
    package var sources: [Source] = []
    /// Subscriptions whose period has ended and was not closed.
    package var due: Int64
    package var heldSubscriptions: Int64
    package var heldInvoices: Int64
    package var noticesDue: Int64
    /// Notices that were given up.
    package var noticesDead: Int64

    package init(
        due: Int64, heldSubscriptions: Int64, heldInvoices: Int64, noticesDue: Int64, noticesDead: Int64
    ) {
        self.due = due
        self.heldSubscriptions = heldSubscriptions
        self.heldInvoices = heldInvoices
        self.noticesDue = noticesDue
        self.noticesDead = noticesDead
    }

    /// Instants are microseconds since 1970-01-01 UTC.
    package struct Job: Hashable, Sendable {
        package var name: String
        /// Of the last run; nil for one that was killed.
        package var exitCode: Int16?
        package var startedAt: Int64
        package var endedAt: Int64
        /// When a run last ended with 0; nil for never.
        package var succeededAt: Int64?
        /// When a run last ended with 0 or 65: all was done that could be.
        package var doneAt: Int64?

        package init(
            name: String, exitCode: Int16?, startedAt: Int64, endedAt: Int64, succeededAt: Int64?, doneAt: Int64?
        ) {
            self.name = name
            self.exitCode = exitCode
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.succeededAt = succeededAt
            self.doneAt = doneAt
        }
    }

    package struct Source: Hashable, Sendable {
        package var name: String
        package var feeds: String
        /// Of the last pull, by what became of them: `new`, `changed` …
        package var rows: [Rows]
        /// When a run began that read it to its end; nil for never.
        package var readAt: Int64?

        package init(name: String, feeds: String, rows: [Rows], readAt: Int64?) {
            self.name = name
            self.feeds = feeds
            self.rows = rows
            self.readAt = readAt
        }
    }

    package struct Rows: Hashable, Sendable {
        package var outcome: String
        package var count: Int64

        package init(_ outcome: String, _ count: Int64) {
            self.outcome = outcome
            self.count = count
        }
    }
}
