import Billing
import Postgres

/// Lines of invoices in the form in which they are sent.
struct InvoiceLineBuffer {
    private(set) var rows = CopyBuffer()
    /// Those that people have added: few, and so no other row has to say that it is none.
    private(set) var manualRows = CopyBuffer()

    mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        manualRows.removeAll(keepingCapacity: true)
    }

    /// - Parameter kind: of the invoice.
    mutating func append(
        _ line: InvoiceLine, number: Int, customerID: Int64, subscriptionID: Int64, date: CivilDate, kind: String
    ) {
        if let manual = line.manual {
            return append(
                line, manual, number: number, customerID: customerID, subscriptionID: subscriptionID, date: date,
                kind: kind)
        }
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
    private mutating func append(
        _ line: InvoiceLine, _ manual: Int32, number: Int, customerID: Int64, subscriptionID: Int64, date: CivilDate,
        kind: String
    ) {
        manualRows.row(fields: 14)
        manualRows.int64(customerID)
        manualRows.int64(subscriptionID)
        manualRows.date(date.daysSince1970)
        manualRows.text(kind)
        manualRows.int16(Int16(truncatingIfNeeded: number))
        manualRows.text(line.kind.label)
        manualRows.date(line.service.start.daysSince1970)
        manualRows.date(line.service.end.daysSince1970)
        manualRows.int64(line.quantity)
        manualRows.int64(line.before)
        manualRows.int64(line.threshold)
        manualRows.int64(line.billable)
        manualRows.int64(line.amount)
        manualRows.int32(manual)
    }
}
