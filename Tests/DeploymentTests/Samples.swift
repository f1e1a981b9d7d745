import Billing
import Deployment
import Testing

/// Small documents with one changing part, so that a test shows only what it is about.
enum Samples {
    static let meters = "meters: {orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}}"

    static func head(_ text: String) -> String {
        "\(text)\nplans: {basic: {name: Basic, invoice: month, versions: [{from: 2020-01-01, prices: {}}]}}"
    }

    static func meter(_ text: String) -> String { head("catalog: shop\ncurrency: USD\nmeters: {orders: \(text)}") }

    static func prices(_ text: String, currency: String = "USD", invoice: String = "month") -> String {
        """
        catalog: shop
        currency: \(currency)
        \(meters)
        plans:
          basic:
            name: Basic
            invoice: \(invoice)
            versions:
              - from: 2020-01-01
                prices:
                  \(text)
        """
    }

    static func flat(_ text: String, currency: String = "USD", invoice: String = "month") -> String {
        prices("base: {name: Base, flat: \(text)}", currency: currency, invoice: invoice)
    }

    static func usage(_ text: String, allowance: String = "100", per: String = "year") -> String {
        prices("extra: {usage: orders, name: Extra, allowance: \(allowance), per: \(per), \(text)}")
    }

    /// A usage price on a meter that has one quantity a period.
    static func peak(_ text: String) -> String {
        prices("extra: {usage: carts, name: Extra, \(text)}").replacing(
            meters, with: "meters: {carts: {name: Carts, aggregate: peak, unit: {one: cart, other: carts}}}")
    }

    /// A source that is a server.
    static func server(_ text: String) -> String { source("feeds: readings, http: 'https://a.example/', \(text)") }

    static func address(_ text: String) -> String { source("feeds: readings, http: \(text)") }

    static func prometheus(_ text: String) -> String {
        source("feeds: readings, prometheus: 'https://a.example', query: up, time_zone: UTC, \(text)")
    }

    static func alerts(_ text: String) -> String { usage("unit_price: 1, alerts: \(text)") }

    static func notices(_ text: String) -> String { head("catalog: shop\ncurrency: USD\nnotices: \(text)") }

    static func invoices(_ text: String) -> String { head("catalog: shop\ncurrency: USD\ninvoices: \(text)") }

    static func tiers(_ text: String) -> String { usage("tiers: [\(text)]") }

    static func versions(_ text: String) -> String {
        """
        catalog: shop
        currency: USD
        plans:
          basic:
            name: Basic
            invoice: month
            versions: \(text)
        """
    }

    static func cohort(_ text: String) -> String {
        versions("[{from: 2020-01-01, prices: {}, signed_up: \(text)}]")
    }

    static func entitlement(_ text: String) -> String {
        versions("[{from: 2020-01-01, prices: {}, entitlements: {seats: \(text)}}]").replacing(
            "plans:", with: "\(meters)\nplans:")
    }

    static func condition(_ text: String) -> String { conditions("{orders: \(text)}") }

    static func conditions(_ text: String) -> String {
        versions("[{from: 2020-01-01, prices: {}, eligible: \(text)}]").replacing(
            "plans:",
            with: """
                meters:
                  orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}, window: previous_month}
                  products: {name: Products, aggregate: latest, unit: {one: product, other: products}}
                plans:
                """)
    }

    static let rule = rule()

    static func rule(
        meters: String = "[orders]", window: String = "3 months", aggregate: String = "mean",
        ladder: String = "{basic: 1000, pro: unlimited}"
    ) -> String {
        "name: D, meters: \(meters), window: \(window), aggregate: \(aggregate), ladder: \(ladder)"
    }

    static func decision(_ text: String) -> String { decisions("{average: \(text)}") }

    static func decisions(_ text: String) -> String {
        func plan(_ invoice: String) -> String {
            "{name: P, invoice: \(invoice), versions: [{from: 2020-01-01, prices: {}}]}"
        }
        return """
            catalog: shop
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
              sales: {name: Sales, aggregate: sum, unit: {one: unit, other: units}, places: 2}
              carts: {name: Carts, aggregate: peak, unit: {one: cart, other: carts}}
            plans:
              basic: \(plan("month"))
              pro: \(plan("month"))
              gold: \(plan("month"))
              yearly: \(plan("year"))
              long: \(plan("year"))
            decisions: \(text)
            """
    }

    static func source(_ text: String) -> String { "sources:\n  orders: {\(text)}" }

    static func readings(_ columns: String) -> String {
        source("feeds: readings, file: orders.csv, columns: {\(columns)}")
    }
}

/// A document with one mistake; a hand-set `▸` marks the place that the message has to name.
struct Mistake: CustomTestStringConvertible, Sendable {
    let code: String
    let text: String
    let line: Int
    let column: Int

    init(_ code: String, _ marked: String) {
        self.code = code
        let before = marked.split(separator: "▸", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        line = lines.count
        column = (lines.last?.unicodeScalars.count ?? 0) + 1
        text = marked.replacing("▸", with: "")
    }

    var testDescription: String { "\(code): \(text.split(separator: "\n").last ?? "")" }

    func matches(_ diagnostics: [Diagnostic]) -> Bool {
        diagnostics.map(\.code) == [code] && diagnostics.map(\.line) == [line]
            && diagnostics.map(\.column) == [column]
    }
}

func problems(_ text: String) -> [Diagnostic] {
    switch CatalogReader.read(text: text, file: "catalog.yaml") {
    case .success: []
    case .failure(let diagnostics): diagnostics.all
    }
}

func sourceProblems(_ text: String) -> [Diagnostic] {
    switch SourcesReader.read(text: text, file: "sources.yaml") {
    case .success: []
    case .failure(let diagnostics): diagnostics.all
    }
}
