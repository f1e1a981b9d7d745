package import Billing

/// The journal as JSON: `meterbook.run-list/1`, and `meterbook.run/1` for one run with its steps and pulls.
package enum RunJSON {
    package static func list(_ runs: [RunRecord], _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.run-list/1", style) { writer in
            writer.array("runs", of: runs) { writeHead($1, to: &$0) }
        }
    }

    package static func render(_ run: RunRecord, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.run/1", style) { writer in
            writeHead(run, to: &writer)
            writer.array("steps", of: run.steps) { writer, step in
                writer.member("step", step.number)
                writer.member("name", step.name)
                writer.member("status", step.status)
                writeTimes(from: step.startedAt, to: step.endedAt, to: &writer)
                writer.member("detail", json: step.detail)
            }
            writer.array("pulls", of: run.pulls) { writer, pull in
                writer.member("pull", pull.id)
                writer.member("source", pull.source)
                writer.member("feeds", pull.feeds)
                writer.member("status", pull.status)
                writer.member("read", pull.read)
                writer.member("new", pull.new)
                writer.member("changed", pull.changed)
                writer.member("unchanged", pull.unchanged)
                writer.member("repeated", pull.repeated)
                writer.member("merged", pull.merged)
                writer.member("outside", pull.outside)
                writer.member("rejected", pull.rejected)
                if pull.isNotModified { writer.member("not_modified", true) }
            }
            if let story = run.story { write(story, of: run, to: &writer) }
        }
    }

    /// What is told beside the journal's own rows.
    private static func write(_ story: RunRecord.Story, of run: RunRecord, to writer: inout JSONWriter) {
        writer.member("origin", story.origin?.rawValue)
        writer.member("login", story.login)
        writer.member("usual_runs", story.usual?.runs ?? 0)
        writer.member("usual_microseconds", story.usual?.microseconds)
        writer.member("watermark", RunText.watermark(run).flatMap { Int64($0) })
        writer.member("sessions_lost", Int64(story.sessionsLost))
        writer.member("took_over", story.tookOver)
        writer.member("took_over_in", story.tookOverIn)
        writer.member("taken_over_by", story.takenOverBy)
        writer.member("done_by", story.doneBy)
        writer.member("failures", run.failures)
        writer.array("held", of: story.holds) { writer, hold in
            writer.member("what", hold.isInvoice ? "invoice" : "subscription")
            writer.member("reason", hold.reason)
            writer.member("waiting", hold.waiting)
            writer.member("new", hold.new)
            writer.member("example", hold.example)
        }
        writer.array("rejected", of: story.rejections) { writer, rejection in
            writer.member("source", rejection.source)
            writer.member("reason", rejection.reason)
            writer.member("rows", rejection.rows)
        }
        writer.member("next", RunNext.commands(after: run))
    }

    private static func writeHead(_ run: RunRecord, to writer: inout JSONWriter) {
        writer.member("run", run.id)
        writer.member("job", run.job)
        writer.member("as_of", run.asOf)
        writer.member("status", run.status)
        writer.member("exit_code", run.exitCode)
        writer.member("program_version", run.programVersion)
        writeTimes(from: run.startedAt, to: run.endedAt, to: &writer)
        writer.member("summary", json: run.summary)
    }

    /// The end and the duration are absent while it runs.
    private static func writeTimes(from start: Int64, to end: Int64?, to writer: inout JSONWriter) {
        writer.member("started_at", instant: start)
        guard let end else { return }
        writer.member("ended_at", instant: end)
        writer.member("duration_microseconds", Int128(end) - Int128(start))
    }
}
