package import Billing

/// What a change of plan costs as JSON, `meterbook.plan-change/1`.
package enum PlanChangeJSON {
    /// - Parameter catalog: the catalog's name.
    package static func render(
        _ change: PlanChange, catalog: String, _ style: JSONWriter.Style = .pretty
    ) throws(BillingError) -> String {
        let totals = (
            now: try PlanChange.total(change.now), later: try PlanChange.total(change.later),
            next: try PlanChange.total(change.next)
        )
        return JSONWriter.document("meterbook.plan-change/1", style) { writer in
            writer.member("catalog", catalog)
            writer.member("from", change.from.key)
            writer.member("to", change.to.key)
            writer.member("version", change.versionFrom)
            writer.member("on", change.on)
            writer.member("period", change.period)
            writer.member("pays_every", change.paysEvery.description)
            writer.member("currency", change.currency.code)
            write("at_once", change.now, totals.now, due: change.on, change.currency, to: &writer)
            write("at_period_end", change.later, totals.later, due: change.period.end, change.currency, to: &writer)
            write("next_invoice", change.next, totals.next, due: change.period.end, change.currency, to: &writer)
            writer.array("not_prorated", of: change.untouched) { writer, price in
                writer.member("plan", price.plan)
                writer.member("price", price.price)
                writer.member("name", price.name)
            }
        }
    }

    private static func write(
        _ key: StaticString, _ lines: [PlanChange.Line], _ total: Int64, due: CivilDate, _ currency: Currency,
        to writer: inout JSONWriter
    ) {
        writer.object(key) { writer in
            writer.member("due", due)
            writer.array("lines", of: lines) { writer, line in
                writer.member("kind", line.kind.rawValue)
                writer.member("plan", line.plan)
                writer.member("price", line.price)
                writer.member("name", line.name)
                writer.member("service", line.service)
                writer.member("whole_amount", line.wholeAmount, in: currency)
                writer.member("whole_days", line.wholeDays)
                writer.member("amount", line.amount, in: currency)
            }
            writer.member("total", total, in: currency)
        }
    }
}
