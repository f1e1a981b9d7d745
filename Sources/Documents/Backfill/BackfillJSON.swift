package import Billing

/// What a backfill has changed, for other programs and for the journal, which `run show` reads it from.
package enum BackfillJSON {
    /// The step of a run that has a statement in the journal.
    package static let step = "changes"

    /// On one line.
    package static func text(_ statement: BackfillStatement) -> String {
        var writer = JSONWriter(.compact)
        writer.object { write(statement, to: &$0) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func write(_ statement: BackfillStatement, to writer: inout JSONWriter) {
        writer.array("sources", of: statement.sources) { writer, source in
            writer.member("source", source.name)
            writer.member("chunks", source.chunks)
            writer.member("done_before", source.doneBefore)
            writer.member("by_runs", source.runs.map { "\($0)" })
        }
        writer.array("readings", of: statement.readings) { writer, readings in
            writer.member("source", readings.source)
            writer.member("month", readings.month)
            writer.member("meter", readings.meter)
            writer.member("places", readings.places)
            writer.member("new", readings.new)
            writer.member("new_quantity", "\(NumberText.plain(readings.newQuantity, places: readings.places))")
            writer.member("restated", readings.restated)
            writer.member("difference", "\(NumberText.plain(readings.difference, places: readings.places))")
        }
        writer.array("totals", of: statement.totals) { writer, totals in
            writer.member("meter", totals.meter)
            writer.member("count", totals.count)
        }
        let corrections = statement.corrections
        writer.object("corrections") { writer in
            writer.member("subscriptions", corrections.subscriptions)
            writer.member("periods", corrections.periods)
            writer.member("failed", corrections.failed)
            writer.array("sums", of: corrections.sums) { writer, sum in
                writer.member("currency", sum.currency.code)
                writer.member("subscriptions", sum.subscriptions)
                writer.member("lines", sum.lines)
                writer.member("more", sum.currency.format(sum.more))
                writer.member("less", sum.currency.format(sum.less))
                writer.member("amount", sum.currency.format(sum.amount))
            }
            writer.array("largest", of: corrections.largest) { writer, correction in
                writer.member("subscription", correction.subscription)
                writer.member("currency", correction.currency.code)
                writer.member("lines", correction.lines)
                writer.member("amount", correction.currency.format(correction.amount))
            }
        }
    }
}
