/// What came of recomputing invoices from the readings as they were known when each was made.
package struct ReplayReport: Hashable, Sendable {
    /// Invoices that were looked at: the sum of the three below.
    package private(set) var invoices: Int64 = 0
    /// Those whose recomputed bytes are the stored ones.
    package private(set) var equal: Int64 = 0
    package private(set) var different: Int64 = 0
    /// Those of which too little is known. They are never equal.
    package private(set) var notReplayable: Int64 = 0
    /// Of those that are not equal the first ones by their references: all of them, or as many as were asked for.
    package private(set) var findings: [Finding] = []
    private let limit: Int

    /// An invoice that is not equal.
    package struct Finding: Hashable, Sendable {
        package var reference: String
        package var outcome: Outcome

        package init(reference: String, outcome: Outcome) {
            self.reference = reference
            self.outcome = outcome
        }
    }

    package enum Outcome: Hashable, Sendable {
        case different([Difference])
        case notReplayable(Reason)
    }

    /// One member of the invoice's export that differs.
    package struct Difference: Hashable, Sendable {
        /// The number of the line that it stands in; nil for the head.
        package var line: Int?
        /// Its name in the export. `line` and `invoice` stand for a whole one that is missing on one side.
        package var member: String
        /// As the export writes it; nil where it is missing.
        package var stored: String?
        package var recomputed: String?

        package init(line: Int? = nil, member: String, stored: String?, recomputed: String?) {
            self.line = line
            self.member = member
            self.stored = stored
            self.recomputed = recomputed
        }
    }

    /// Why an invoice cannot be replayed.
    package enum Reason: Hashable, Sendable {
        /// The run that wrote it came before what it rests on was kept.
        case notKept(run: Int64)
        /// It was rated by rules that this program does not have.
        case otherEngine(Int16, known: Int16)
        /// The journal has no such run.
        case unknownRun(Int64)
        /// There is no such catalog.
        case unknownCatalog(Int32)

        /// A stable word for it.
        package var code: String {
            switch self {
            case .notKept: "not_kept"
            case .otherEngine: "other_engine"
            case .unknownRun: "unknown_run"
            case .unknownCatalog: "unknown_catalog"
            }
        }
    }

    /// - Parameter limit: how many findings to keep.
    package init(limit: Int) {
        self.limit = limit
    }

    package var isEqual: Bool { equal == invoices }

    package mutating func addEqual() {
        invoices += 1
        equal += 1
    }

    package mutating func add(_ finding: Finding) {
        invoices += 1
        switch finding.outcome {
        case .different: different += 1
        case .notReplayable: notReplayable += 1
        }
        findings.append(finding)
        // Sorted now and then, so that what is kept is the same whatever the order in which workers come.
        if findings.count >= 2 * limit { trim() }
    }

    package mutating func add(_ other: ReplayReport) {
        invoices += other.invoices
        equal += other.equal
        different += other.different
        notReplayable += other.notReplayable
        findings += other.findings
        trim()
    }

    private mutating func trim() {
        findings.sort { $0.reference < $1.reference }
        if findings.count > limit { findings.removeLast(findings.count - limit) }
    }
}

extension ReplayReport.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notKept(let run):
            "run \(run) came before the books kept what later runs overwrite; it cannot be known what it saw"
        case .otherEngine(let found, let known):
            "it was rated by engine \(found), and this program has engine \(known); replay it with the program of its time"
        case .unknownRun(let run): "the journal has no run \(run); run 'meterbook reconcile'"
        case .unknownCatalog(let id): "there is no catalog \(id); run 'meterbook reconcile'"
        }
    }
}
