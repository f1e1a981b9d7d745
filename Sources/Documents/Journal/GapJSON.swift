package import Billing

/// `meterbook.gaps/1`
package enum GapJSON {
    package static func render(_ report: GapReport) -> String {
        JSONWriter.document("meterbook.gaps/1", .pretty) { writer in
            writer.member("window", report.window)
            writer.member("as_of", report.asOf)
            writer.array("sources", of: report.sources) { writer, source in
                writer.member("source", source.name)
                writer.member("every", source.expectation.every.rawValue)
                writer.member("from", source.expectation.from)
                writer.member("late_days", source.expectation.lateDays)
                writer.member("stale_days", source.expectation.staleDays)
                writer.member("least_percent", source.expectation.leastPercent)
                writer.member("on_gap", source.expectation.onGap.missingDay.rawValue)
                writer.object("on_gaps") { writer in
                    let onGap = source.expectation.onGap
                    writer.member("missing_day", onGap.missingDay.rawValue)
                    writer.member("shrunk_day", onGap.shrunkDay.rawValue)
                    writer.member("unread_source", onGap.unreadSource.rawValue)
                    writer.member("missing_channel", onGap.missingChannel.rawValue)
                }
                writer.member("last_read", source.lastRead)
                writer.member("days", source.states.map(\.rawValue))
            }
            writer.array("gaps", of: report.gaps) { writer, gap in
                writer.member("kind", gap.kind.rawValue)
                writer.member("source", gap.source)
                writer.member("account", gap.channel?.account)
                writer.member("channel", gap.channel?.channel)
                writer.member("category", gap.channel.flatMap { $0.category.isEmpty ? nil : $0.category })
                writer.member("days", gap.days)
                writer.member("unit", gap.figures?.unit.rawValue)
                writer.member("found", gap.figures?.found)
                writer.member("usual", gap.figures?.usual)
            }
        }
    }
}
