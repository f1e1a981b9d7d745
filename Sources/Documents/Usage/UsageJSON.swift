package import Billing

/// What a customer sees of his account, as JSON: `meterbook.usage/1`.
package enum UsageJSON {
    package static func render(_ usage: UsageStatement, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.usage/1", style) { writer in
            writer.member("subscription", usage.subscription)
            writer.member("customer", usage.customer)
            writer.member("customer_name", usage.customerName)
            writer.member("plan", usage.plan)
            writer.member("plan_name", usage.planName)
            writer.member("as_of", usage.asOf)
            writer.member("currency", usage.currency.code)
            writer.member("period", usage.period)
            writer.array("allowances", of: usage.allowances) { write($1, usage.currency, to: &$0) }
            writer.array("entitlements", of: usage.entitlements) { write($1, to: &$0) }
        }
    }

    private static func write(
        _ allowance: UsageStatement.Allowance, _ currency: Currency, to writer: inout JSONWriter
    ) {
        let places = allowance.unit.places
        writer.member("price", allowance.price)
        writer.member("name", allowance.name)
        writer.member("meter", allowance.meter)
        writer.object("unit") { writer in
            writer.member("one", allowance.unit.one)
            writer.member("other", allowance.unit.other)
        }
        writer.member("allowance", allowance.allowance, places: places)
        writer.member("period", allowance.period)
        writer.member("resets_on", allowance.period.end)
        if let days = allowance.countedDays { writer.member("counted_days", days) }
        writer.member("counted", allowance.counted, places: places)
        writer.member("threshold", allowance.threshold, places: places)
        writer.member("already_paid", allowance.alreadyPaid, places: places)
        writer.member("left", allowance.left, places: places)
        writer.member("over", allowance.over, places: places)
        // Absent where nothing is sold beyond the allowance.
        writer.member("over_amount", allowance.overAmount, in: currency)
        // Absent where the terms hold for the whole period.
        if let day = allowance.chargedFrom { writer.member("charged_from", day) }
        writer.array("sources", of: allowance.sources) { writer, source in
            writer.member("account", source.account)
            writer.member("channel", source.channel)
            writer.member("quantity", source.quantity, places: places)
            writer.member("last_day", source.lastDay)
        }
    }

    /// The kind says what the value is: a number, a truth value, a text, or none for something unlimited.
    static func write(_ entitlement: Entitlement, to writer: inout JSONWriter) {
        writer.member("key", entitlement.key)
        writer.member("name", entitlement.name)
        switch entitlement.value {
        case .limit(let limit):
            writer.member("kind", literal: "limit")
            writer.member("value", limit)
        case .unlimited:
            writer.member("kind", literal: "unlimited")
        case .flag(let flag):
            writer.member("kind", literal: "flag")
            writer.member("value", flag)
        case .text(let text):
            writer.member("kind", literal: "text")
            writer.member("value", text)
        }
    }
}
