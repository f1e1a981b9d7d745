/// The plans that the core is measured with, and cases for a batch of quotes.
enum CoreCatalog {
    /// The day on which the rich plan's second version takes effect.
    static let change = "2022-01-15"

    /// A flat price and one overage.
    static let simple = catalog(
        plan: """
            {"name": "Simple", "invoice": "month", "versions": [{"from": "2020-01-01", "prices": \
            {"base": {"flat": {"month": 49.00}, "name": "Base"}, \
            "orders": {"usage": "orders", "name": "Orders", "allowance": 1000, "unit_price": 0.10}}}]}
            """)

    /// Two versions of a plan with most of what a catalog can say.
    static let rich = catalog(
        plan: """
            {"name": "Rich", "invoice": "month", "versions": [{"from": "2020-01-01", "prices": \(prices("0.10"))}, \
            {"from": "\(change)", "prices": \(prices("0.12"))}]}
            """)

    /// One case a line, each with the whole catalog.
    static func cases(_ count: Int) -> String {
        var text = ""
        for number in 0..<count {
            text += #"{"catalog": \#(simple), "plan": "plan", "use": {"orders": \#(number % 3_000)}}"#
            text += "\n"
        }
        return text
    }

    private static func prices(_ unitPrice: String) -> String {
        """
        {"base": {"flat": {"month": 99.00}, "name": "Base", "charged": "in_advance", "prorated": "yes"}, \
        "orders": {"usage": "orders", "name": "Orders", "allowance": 1000, "maximum": 150.00, \
        "tiers": [{"up_to": 500, "unit_price": \(unitPrice)}, {"from": 500, "unit_price": 0.05}]}, \
        "labels": {"usage": "labels", "name": "Labels", \
        "volume": [{"up_to": 100, "unit_price": 0.50}, {"from": 100, "unit_price": 0.30}]}, \
        "scans": {"usage": "scans", "name": "Scans", "package": {"size": 100, "price": 2.00}}, \
        "least": {"minimum": 300.00, "name": "Minimum", "on": ["orders", "labels", "scans"]}, \
        "loyal": {"discount": {"percent": 10}, "name": "Discount"}}
        """
    }

    private static func catalog(plan: String) -> String {
        let meters = ["orders", "labels", "scans"].map { key in
            #""\#(key)": {"name": "\#(key)", "aggregate": "sum", "unit": {"one": "one", "other": "many"}}"#
        }
        return """
            {"catalog": "bench", "currency": "USD", "meters": {\(meters.joined(separator: ", "))}, \
            "plans": {"plan": \(plan)}}
            """
    }
}
