import Billing
import Postgres

/// Lines of invoices in the form in which they are sent.
struct InvoiceLineBuffer {
    private(set) var rows = CopyBuffer()

    mutating func removeAll() { rows.removeAll(keepingCapacity: true) }

    /// - Parameter kind: of the invoice.
    mutating func append(
        _ line: InvoiceLine, number: Int, customerID: Int64, subscriptionID: Int64, date: CivilDate, kind: String
    ) {
        rows.row(fields: 16)
        rows.int64(customerID)
        rows.int64(subscriptionID)
        rows.date(date.daysSince1970)
        rows.text(kind)
        rows.int16(Int16(truncatingIfNeeded: number))
        rows.text(line.kind.label)
        rows.int32(line.price)
        rows.date(line.service.start.daysSince1970)
        rows.date(line.service.end.daysSince1970)
        rows.int64(line.quantity)
        rows.int64(line.before)
        rows.int64(line.threshold)
        rows.int64(line.billable)
        rows.int64(line.amount)
        if let corrects = line.corrects {
            rows.date(corrects.periodEnd.daysSince1970)
            rows.int16(corrects.line)
        } else {
            rows.null()
            rows.null()
        }
    }
}
