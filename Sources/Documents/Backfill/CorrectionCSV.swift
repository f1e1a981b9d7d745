package import Billing

/// The corrections that the next close will bill, as CSV: a row a line.
package enum CorrectionCSV {
    package static let header = CSVText.row([
        "customer", "subscription", "price", "from", "until", "quantity", "billable", "currency", "amount", "corrects",
    ])

    /// - Parameter price: its key, and the digits of a quantity behind the point.
    package static func row(
        subscription: String, customer: String, _ line: InvoiceLine, price: (key: String, places: Int),
        in currency: Currency
    ) -> String {
        CSVText.row([
            customer, subscription, price.key, "\(line.service.start)", "\(line.service.end)",
            NumberText.plain(line.quantity, places: price.places),
            NumberText.plain(line.billable, places: price.places),
            currency.code, currency.format(line.amount),
            line.corrects.map { "\(subscription)/\($0.periodEnd)" } ?? "",
        ])
    }
}
