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
                let gaps = document.gaps(of: explanation.line)
                if !gaps.isEmpty { InvoiceJSON.write(gaps, to: &writer) }
                if let terms = explanation.terms {
                    writer.object("terms") { writer in
                        writer.member("version_from", terms.from)
                        writer.member("signed_up_from", terms.cohort.from)
                        writer.member("signed_up_before", terms.cohort.before)
                        writer.member("contract", terms.cohort.contract)
                    }
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
        case .flat(let flat):
            writer.member("kind", literal: "flat")
            writer.member("paid_every", flat.paidEvery.description)
            writer.member("whole_amount", flat.wholeAmount, in: currency)
            if let whole = flat.partOf { writer.member("part_of", whole) }
        case .usage(let usage):
            writer.member("kind", literal: "usage")
            write(usage, currency, places, to: &writer)
        case .minimum(let minimum):
            writer.member("kind", literal: "minimum")
            writer.member("minimum", minimum.amount, in: currency)
            writer.member("per", minimum.per.description)
            writer.array("on", of: minimum.on) { $0.member("price", $1) }
        case .discount(let discount):
            writer.member("kind", literal: "discount")
            switch discount.effect {
            case .percent(let percent): writer.member("percent", percent.description)
            case .amount(let minor): writer.member("amount_off", minor, in: currency)
            }
            writer.member("order", discount.order.rawValue)
            writer.member("terms", discount.description)
        case .manual(let manual):
            writer.member("kind", literal: "manual")
            writer.member("reason", manual.reason)
            writer.member("by", manual.author)
            writer.member("added_on", manual.addedOn)
            writer.member("from", manual.from)
        }
    }

    private static func write(
        _ usage: LineExplanation.Usage, _ currency: Currency, _ places: Int, to writer: inout JSONWriter
    ) {
        writer.object("allowance") { writer in
            writer.member("quantity", usage.terms.allowance)
            writer.member("per", usage.terms.per.description)
            writer.member("period", usage.allowancePeriod)
            if let days = usage.share.days {
                writer.object("part") { writer in
                    writer.member("from", usage.share.countsFrom)
                    writer.member("days", days)
                    writer.member("quantity", usage.share.allowance, places: places)
                }
            }
            writer.member("already_paid", usage.alreadyPaid, places: places)
        }
        // Absent where nothing is sold beyond the allowance.
        if let rate = usage.terms.rate {
            writer.object("rate") { write(rate, currency, to: &$0) }
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
        writer.array("shares", of: running.shares) { writer, share in
            switch share.kind {
            case .units(let quantity, let beyond, let unitPrice):
                writer.member("beyond", beyond, places: places)
                writer.member("quantity", quantity, places: places)
                writer.member("unit_price", exact: unitPrice.exact, in: currency)
            case .fee(let beyond, let amount):
                writer.member("beyond", beyond, places: places)
                writer.member("fee", exact: amount.exact, in: currency)
            case .packages(let count, let size, let price):
                writer.member("packages", count)
                writer.member("size", size, places: places)
                writer.member("price", exact: price.exact, in: currency)
            }
            writer.member("exact", exact: share.exact, in: currency)
        }
        writer.member("exact", exact: running.exact ?? ExactDecimal.zero.exact, in: currency)
        // What the maximum cuts off shows as a difference of the two.
        if running.uncapped != running.minor { writer.member("uncapped", running.uncapped, in: currency) }
        writer.member("amount", running.minor, in: currency)
    }

    private static func write(_ rate: Rate, _ currency: Currency, to writer: inout JSONWriter) {
        switch rate.model {
        case .graduated(let tiers):
            writer.member("model", literal: "graduated")
            write(tiers, currency, to: &writer)
        case .volume(let tiers):
            writer.member("model", literal: "volume")
            write(tiers, currency, to: &writer)
        case .stairStep(let steps):
            writer.member("model", literal: "stair_step")
            writer.array("steps", of: steps) { writer, step in
                writer.member("up_to", step.upTo)
                writer.member("amount", exact: step.amount.exact, in: currency)
            }
        case .package(let size, let price):
            writer.member("model", literal: "package")
            writer.member("size", size)
            writer.member("price", exact: price.exact, in: currency)
        case .percentage(let percentage):
            writer.member("model", literal: "percentage")
            writer.member("percent", percentage.percent.description)
            writer.member("fixed", exact: percentage.fixed.exact, in: currency)
        }
        if rate.chargesZero { writer.member("charge_zero", true) }
    }

    private static func write(_ tiers: [Rate.Tier], _ currency: Currency, to writer: inout JSONWriter) {
        writer.array("tiers", of: tiers) { writer, tier in
            writer.member("up_to", tier.upTo)
            writer.member("unit_price", exact: tier.unitPrice.exact, in: currency)
            if tier.flat != .zero { writer.member("flat", exact: tier.flat.exact, in: currency) }
        }
    }

    /// A calendar month as `2022-02`.
    static func name(of month: CivilDate) -> String {
        String(month.description.prefix(7))
    }
}
