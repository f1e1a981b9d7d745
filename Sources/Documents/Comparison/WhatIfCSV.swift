package import Billing

/// What each subscription was billed and would have been, as CSV: a row for each.
package enum WhatIfCSV {
    package static let header = CSVText.row([
        "customer", "name", "subscription", "plan", "currency", "invoices", "billed", "would_be", "difference",
        "percent",
        "not_comparable", "reason",
    ])

    /// The sums are those of its invoices that can be compared; the others are counted, with the reasons.
    package static func row(_ subscription: WhatIfSubscription) -> String {
        let (sum, currency) = (subscription.sum, subscription.currency)
        let left = subscription.invoices.count - Int(sum.invoices)
        return CSVText.row([
            subscription.customer, subscription.customerName, subscription.key, subscription.plan, currency.code,
            "\(sum.invoices)", currency.format(sum.billed), currency.format(sum.wouldBe),
            currency.format(sum.difference),
            NumberText.share(sum.difference, of: sum.billed) ?? "", "\(left)",
            subscription.obstacles.map(\.description).joined(separator: "; "),
        ])
    }
}
