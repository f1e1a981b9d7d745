import Billing
import Postgres
import SQL

extension LookStore {
    /// How a run came about, how it compares with others, and what it left. Who may not see what is held, sees none.
    func story(of run: RunRecord) throws -> RunRecord.Story {
        guard
            let row = try connection.first(
                Query(.readRunStory, run.id, RunRecord.Story.mostRuns),
                as: String?.self, String?.self, Int32.self, Int64?.self, String?.self, Int64?.self, Int64?.self,
                Int64.self, Int64?.self, Bool.self)
        else { throw StoreError.unknownRun(run.id) }
        var story = RunRecord.Story(
            origin: row.0.flatMap(RunRecord.Origin.init), login: row.1, sessionsLost: Int(row.2), tookOver: row.3,
            tookOverIn: row.4, takenOverBy: row.5, doneBy: row.6,
            usual: row.8.map { RunRecord.Story.Usual(runs: row.7, microseconds: $0) })
        if row.9 {
            story.holds = try connection.query(
                Query(.listRunHolds, run.id), as: String.self, String.self, Int64.self, Int64.self, [String].self
            ).map { hold in
                RunRecord.Story.Held(
                    isInvoice: hold.0 == "invoice", reason: hold.1, waiting: hold.2, new: hold.3,
                    example: hold.4.joined(separator: "/"))
            }
        }
        if run.pulls.contains(where: { $0.rejected > 0 }) {
            story.rejections = try connection.query(
                Query(.listRunRejections, run.id), as: String.self, String.self, Int64.self
            ).map { RunRecord.Story.Rejected(source: $0.0, reason: $0.1, rows: $0.2) }
        }
        return story
    }
}
