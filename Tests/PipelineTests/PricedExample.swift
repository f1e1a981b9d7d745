import Testing

/// A vendor's example, played until the last night, and another catalog for it.
struct PricedExample: Sendable, CustomTestStringConvertible {
    let vendor: String
    let nights: [String]
    /// What stands in the place of what.
    let prices: [String: String]
    var options: [String] = []
    /// The difference of each plan.
    let differences: [String]

    var testDescription: String { vendor }

    static let all = [
        // 10.00 more on four invoices of four subscriptions; nobody is moved to a plan that another threshold asks for.
        PricedExample(
            vendor: "a2x", nights: ["2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"],
            prices: ["month: 49.00": "month: 59.00", "orders-1000: 1000": "orders-1000: 100"],
            differences: ["orders-1000 160.00", "orders-2000 0.00"]),
        // 0.01 more for 1,250 transactions of Monsoon and 2,001 of Alder.
        PricedExample(
            vendor: "appseconnect",
            nights: ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-04-11", "2026-06-01", "2026-07-01"],
            prices: ["unit_price: 0.02": "unit_price: 0.03"], options: ["--plan", "standard"],
            differences: ["standard 32.51"]),
        // October's 9,000 and November's 13,695 orders lie in that step, December's 21,400 and January's 1,960 do not.
        PricedExample(
            vendor: "channeldock", nights: ["2023-11-15", "2023-12-15", "2024-01-15", "2024-02-15"],
            prices: ["amount: 60.00": "amount: 70.00"], options: ["--customer", "candlewick"],
            differences: ["standard 20.00"]),
        // 0.02 less for 6,000 orders in a year that had 15,000 paid already.
        PricedExample(
            vendor: "connex", nights: ["2022-02-01", "2022-04-01", "2022-06-01"],
            prices: ["unit_price: 0.10": "unit_price: 0.08"], options: ["--customer", "northwind"],
            differences: ["silver -120.00"]),
        // 27 Standard carts in two periods of eight subscriptions, 5.00 more each.
        PricedExample(
            vendor: "extensiv", nights: ["2021-02-10", "2021-02-28", "2021-03-01", "2021-03-31"],
            prices: ["unit_price: 50.00": "unit_price: 55.00"],
            differences: ["integration-manager 135.00", "master-each 0.00", "master-together 0.00"]),
    ]
}
