package import Billing

/// The invoices that a person should look at, as CSV: a row for each.
package enum OutlierCSV {
    package static let header = CSVText.row([
        "customer", "subscription", "invoice", "plan", "currency", "total", "last", "median", "factor", "reason",
    ])

    package static func row(_ outlier: Outlier) -> String {
        let (invoice, currency) = (outlier.invoice, outlier.invoice.currency)
        return CSVText.row([
            invoice.customer, invoice.subscription, invoice.reference, invoice.plan, currency.code,
            currency.format(invoice.total), invoice.before.map { currency.format($0) } ?? "",
            outlier.median.map { currency.format($0) } ?? "", ComparisonText.factor(outlier) ?? "",
            outlier.reason.rawValue,
        ])
    }
}
