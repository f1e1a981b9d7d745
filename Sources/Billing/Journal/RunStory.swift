extension RunRecord {
    /// What starts a program.
    package enum Origin: String, Hashable, Sendable, CaseIterable {
        /// A person who sees what it prints.
        case terminal
        case cron
        case systemd
        case kubernetes
        /// Anything else.
        case program
    }

    /// How a run came about, how it compares with others, and what it left: what stands beside its steps.
    package struct Story: Hashable, Sendable {
        /// Nil of a run before this was kept, as `login`.
        package var origin: Origin?
        /// The role that it logged in with.
        package var login: String?
        /// How often its connection was lost, and it went on with another.
        package var sessionsLost: Int
        /// The run before it, where that was killed or lost the books, and the step that it was in.
        package var tookOver: Int64?
        package var tookOverIn: String?
        /// Of an abandoned run the one that took over.
        package var takenOverBy: Int64?
        /// The first later run of the same job that came to its end.
        package var doneBy: Int64?
        /// Nil for the first run of its job.
        package var usual: Usual?
        /// What waits now, of what this run or one before it has set aside; the most frequent reason first.
        package var holds: [Held]
        /// The rows that this run was the first to reject, by source, the most frequent reason first.
        package var rejections: [Rejected]

        /// How long the runs of the job before it took.
        package struct Usual: Hashable, Sendable {
            /// How many they are; at most `RunRecord.Story.mostRuns`.
            package var runs: Int64
            /// Their median.
            package var microseconds: Int64

            package init(runs: Int64, microseconds: Int64) {
                self.runs = runs
                self.microseconds = microseconds
            }
        }

        /// A reason for which something waits.
        package struct Held: Hashable, Sendable {
            /// Whether it is invoices that wait, which are written, or subscriptions that are not billed.
            package var isInvoice: Bool
            package var reason: String
            package var waiting: Int64
            /// Of them those that this run has set aside.
            package var new: Int64
            /// One of them, as `SUBSCRIPTION/PERIOD-END`.
            package var example: String

            package init(isInvoice: Bool, reason: String, waiting: Int64, new: Int64, example: String) {
                self.isInvoice = isInvoice
                self.reason = reason
                self.waiting = waiting
                self.new = new
                self.example = example
            }
        }

        package struct Rejected: Hashable, Sendable {
            package var source: String
            package var reason: String
            package var rows: Int64

            package init(source: String, reason: String, rows: Int64) {
                self.source = source
                self.reason = reason
                self.rows = rows
            }
        }

        /// More runs before it tell nothing more of what is usual.
        package static let mostRuns: Int64 = 10

        package init(
            origin: Origin? = nil, login: String? = nil, sessionsLost: Int = 0, tookOver: Int64? = nil,
            tookOverIn: String? = nil, takenOverBy: Int64? = nil, doneBy: Int64? = nil, usual: Usual? = nil,
            holds: [Held] = [], rejections: [Rejected] = []
        ) {
            self.origin = origin
            self.login = login
            self.sessionsLost = sessionsLost
            self.tookOver = tookOver
            self.tookOverIn = tookOverIn
            self.takenOverBy = takenOverBy
            self.doneBy = doneBy
            self.usual = usual
            self.holds = holds
            self.rejections = rejections
        }
    }
}
