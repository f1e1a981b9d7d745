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
        }
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
