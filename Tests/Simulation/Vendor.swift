package import Oracle

/// A catalog in pieces that can be taken out: each price is a line of its own.
package struct Vendor: Sendable {
    var currencies: [Currency]
    var rounding: String
    var meters: [Meter]
    var plans: [Plan]
    /// Whole keys of the catalog, with their lines.
    var rules: [String] = []
    /// Whether a subscription gets at most one message a day.
    var tellsOnceADay = false

    struct Currency: Sendable {
        var code: String
        /// The places of its minor unit.
        var places: Int
    }

    struct Meter: Sendable {
        var key: String
        /// `aggregate: sum, places: 2`, and so on.
        var terms: String
        var series: String
        var places: Int
        var isPlainSum: Bool
    }

    struct Plan: Sendable {
        var key: String
        var invoice: String
        /// Keys beside the versions, such as `trial: 14 days`.
        var options: [String] = []
        var versions: [Version]
    }

    struct Version: Sendable {
        var from: Day
        /// Keys beside the prices, such as `contract: acme`.
        var options: [String] = []
        var prices: [Price]
    }

    struct Price: Sendable {
        var key: String
        var terms: String
        /// For the names of what a discount or a minimum is on.
        var isUsage: Bool
        var per: String?
    }

    /// Words of its own for every message, that name all there is to name.
    private var notices: String {
        let common = "{{vendor}} {{customer}} {{subscription}} {{plan}} {{day}}"
        let alert =
            "{{percent}} of {{meter}} ({{price}}): {{counted}}/{{threshold}} {{unit}}, {{left}} left, {{over}} over"
        let change = "{{new_plan}} on {{effective}}: {{reason}} {{#up}}higher{{/up}}{{#down}}lower{{/down}}"
        var text = "notices:\n" + (tellsOnceADay ? "  one_a_day: yes\n" : "")
        text +=
            "  usage_alert: {subject: \"\(alert)\", text: \"\(common), {{period_start}} {{period_end}} {{last_day}}\"}\n"
        for kind in ["announced", "reminder", "withdrawn", "applied"] {
            text += "  change_\(kind): {subject: \"\(kind) \(change)\", text: \"\(common)\"}\n"
        }
        return text
    }

    /// The catalog as its file has it.
    package var yaml: String {
        var text = "catalog: simulated\n"
        let codes = currencies.map(\.code)
        text += "currency: " + (codes.count == 1 ? codes[0] : "[" + codes.joined(separator: ", ") + "]") + "\n"
        text += "rounding: \(rounding)\n"
        text += meters.isEmpty ? "meters: {}\n" : "meters:\n"
        for meter in meters {
            text += "  \(meter.key): {name: The \(meter.key), \(meter.terms), unit: {one: unit, other: units}}\n"
        }
        for rule in rules { text += rule }
        text += notices
        text += "plans:\n"
        for plan in plans {
            text += "  \(plan.key):\n    name: The \(plan.key)\n    invoice: \(plan.invoice)\n"
            for option in plan.options { text += "    \(option)\n" }
            text += "    versions:\n"
            for version in plan.versions {
                text += "      - from: \(version.from)\n"
                for option in version.options { text += "        \(option)\n" }
                text += version.prices.isEmpty ? "        prices: {}\n" : "        prices:\n"
                for price in version.prices { text += "          \(price.key): {\(price.terms)}\n" }
            }
        }
        return text
    }
}
