package import Billing

/// Why each line of an invoice is what it is, as JSON: `meterbook.explanation/1`. Each line has what it has in the
/// invoice's own JSON, then its terms and its derivation.
package enum ExplanationJSON {
    package static func render(
        _ explanations: [LineExplanation], of document: InvoiceDocument, _ style: JSONWriter.Style = .pretty
    ) -> String {
        JSONWriter.document("meterbook.explanation/1", style) { writer in
            InvoiceJSON.writeHead(document, to: &writer)
            writer.array("lines", of: explanations) { writer, explanation in
                InvoiceJSON.write(explanation.line, of: document, to: &writer)
                writer.object("terms") { writer in
                    writer.member("version_from", explanation.versionFrom)
                    writer.member("signed_up_from", explanation.cohort.from)
                    writer.member("signed_up_before", explanation.cohort.before)
                }
                writer.object("derivation") {
                    write(explanation.derivation, document.currency, explanation.line.unit?.places ?? 0, to: &$0)
                }
            }
        }
    }

    private static func write(
        _ derivation: LineExplanation.Derivation, _ currency: Currency, _ places: Int, to writer: inout JSONWriter
    ) {
        switch derivation {
        case .flat(let cadence):
            writer.member("kind", literal: "flat")
            writer.member("paid_every", cadence.description)
        case .usage(let usage):
            writer.member("kind", literal: "usage")
            write(usage, currency, places, to: &writer)
        }
    }

    private static func write(
        _ usage: LineExplanation.Usage, _ currency: Currency, _ places: Int, to writer: inout JSONWriter
    ) {
        writer.object("allowance") { writer in
            writer.member("quantity", usage.terms.allowance)
            writer.member("per", usage.terms.per.description)
            writer.member("period", usage.allowancePeriod)
            writer.member("already_paid", usage.alreadyPaid, places: places)
        }
        // Absent where nothing is sold beyond the allowance.
        if let rate = usage.terms.rate {
            writer.array("rate", of: rate.tiers) { writer, tier in
                writer.member("up_to", tier.upTo)
                writer.member("unit_price", exact: tier.unitPrice.units, in: currency)
            }
        }
        writer.member("rounding", usage.rounding.rawValue)
        var running: Int128 = 0
        writer.array("readings", of: usage.readings) { writer, month in
            running += Int128(month.quantity)
            writer.member("month", name(of: month.month))
            writer.member("readings", month.readings)
            writer.member("quantity", month.quantity, places: places)
            writer.member("running", running, places: places)
        }
        if let counted = usage.counted { writer.object("counted") { write(counted, places, to: &$0) } }
        writer.object("before") { write(usage.before, currency, places, to: &$0) }
        writer.object("after") { write(usage.after, currency, places, to: &$0) }
        if let billed = usage.billedBefore {
            writer.object("billed_before") { writer in
                writer.member("quantity", billed.quantity, places: places)
                writer.member("billable", billed.billable, places: places)
                writer.member("amount", billed.amount, in: currency)
            }
        }
    }

    private static func write(_ counted: WindowCount, _ places: Int, to writer: inout JSONWriter) {
        writer.member("aggregate", counted.meter.aggregate.rawValue)
        writer.member("pool", counted.meter.pool.rawValue)
        writer.member("window", counted.window)
        writer.member("quantity", counted.quantity, places: places)
        writer.array("sources", of: counted.sources) { writer, source in
            writer.member("account", source.account)
            writer.member("channel", source.channel)
            writer.member("category", source.category)
            writer.member("quantity", source.quantity, places: places)
            writer.member("day", source.day)
            writer.member("local_time", source.instant)
        }
    }

    private static func write(
        _ running: RatingUsage.RunningAmount, _ currency: Currency, _ places: Int, to writer: inout JSONWriter
    ) {
        writer.member("count", running.count, places: places)
        writer.member("over", running.over, places: places)
        writer.array("tiers", of: running.shares) { writer, share in
            writer.member("first", share.first, places: places)
            writer.member("last", share.last, places: places)
            writer.member("quantity", share.quantity, places: places)
            writer.member("unit_price", exact: share.unitPrice.units, in: currency)
            writer.member("exact", exact: share.exact, in: currency)
        }
        writer.member("exact", exact: running.exact, in: currency)
        writer.member("amount", running.minor, in: currency)
    }

    /// A calendar month as `2022-02`.
    static func name(of month: CivilDate) -> String {
        String(month.description.prefix(7))
    }
}
