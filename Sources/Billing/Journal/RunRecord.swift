/// What the journal says of one run.
package struct RunRecord: Hashable, Sendable {
    package var id: Int64
    package var job: String
    package var asOf: CivilDate
    package var status: String
    package var exitCode: Int16?
    package var programVersion: String
    /// Microseconds since 1970-01-01 UTC, by the server's clock.
    package var startedAt: Int64
    package var endedAt: Int64?
    /// JSON.
    package var summary: String?
    /// Which steps failed, and why, in the words in which people were told.
    package var failures: [String]
    package var steps: [Step]
    package var pulls: [Pull]
    /// Nil in a list.
    package var story: Story?

    package struct Step: Hashable, Sendable {
        package var number: Int16
        package var name: String
        package var status: String
        /// JSON.
        package var detail: String?
        package var startedAt: Int64
        package var endedAt: Int64?

        package init(
            number: Int16, name: String, status: String, detail: String?, startedAt: Int64, endedAt: Int64?
        ) {
            self.number = number
            self.name = name
            self.status = status
            self.detail = detail
            self.startedAt = startedAt
            self.endedAt = endedAt
        }
    }

    /// What one source delivered in the run, and what became of its rows.
    package struct Pull: Hashable, Sendable {
        package var id: Int64
        package var source: String
        package var feeds: String
        package var status: String
        package var read: Int64
        package var outside: Int64
        package var new: Int64
        package var changed: Int64
        package var unchanged: Int64
        package var repeated: Int64
        /// Rows by the instant beyond one for each reading.
        package var merged: Int64
        package var rejected: Int64
        /// Whether the source said that nothing had changed since the pull before, so that nothing was read.
        package var isNotModified: Bool

        package init(
            id: Int64, source: String, feeds: String, status: String, read: Int64, outside: Int64, new: Int64,
            changed: Int64, unchanged: Int64, repeated: Int64, merged: Int64 = 0, rejected: Int64,
            isNotModified: Bool = false
        ) {
            self.id = id
            self.source = source
            self.feeds = feeds
            self.status = status
            self.read = read
            self.outside = outside
            self.new = new
            self.changed = changed
            self.unchanged = unchanged
            self.repeated = repeated
            self.merged = merged
            self.rejected = rejected
            self.isNotModified = isNotModified
        }
    }

    package init(
        id: Int64, job: String, asOf: CivilDate, status: String, exitCode: Int16?, programVersion: String,
        startedAt: Int64, endedAt: Int64?, summary: String?, failures: [String] = [], steps: [Step],
        pulls: [Pull]
    ) {
        self.id = id
        self.job = job
        self.asOf = asOf
        self.status = status
        self.exitCode = exitCode
        self.programVersion = programVersion
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.summary = summary
        self.failures = failures
        self.steps = steps
        self.pulls = pulls
    }
}
