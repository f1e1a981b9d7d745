/// The names that a template of a catalog may use, once, for who checks it and for who fills it in.
package enum Wording {
    /// In a plan's wording, beside the key of each meter.
    package static let ofInvoice = [
        "plan", "customer", "subscription", "period_start", "period_end", "total", "currency",
    ]
    /// In a price's wording.
    package static let ofLine = [
        "plan", "quantity", "unit", "before", "threshold", "billable", "service_start", "service_end", "amount",
        "currency",
    ]
    /// What a meter has beside its text, such as `13695 orders`.
    package static let ofMeter = ["quantity", "unit", "any"]
    package static let longest = 1_000
}
