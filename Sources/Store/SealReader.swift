import Billing
import Postgres

/// Reads invoices with their lines as they are sealed: their figures alone, in the order of the rows.
enum SealReader {
    /// One invoice after the other.
    ///
    /// - Parameters:
    ///   - words: the column of a manual line's tax category; behind it come its number and its text, and then which of the
    ///     invoice's issues it is.
    ///   - head: what else is read of an invoice's first row.
    ///   - line: what else is read of each line's row.
    static func stream<Head>(
        _ connection: Connection, _ query: Query, words: Int, _ head: (borrowing CopyRow) throws -> Head,
        line addition: (borrowing CopyRow) throws -> Void = { _ in },
        _ body: (InvoiceSeal.Invoice, Head) throws -> Void
    ) throws {
        var current: (invoice: InvoiceSeal.Invoice, head: Head)?
        try connection.copyOut(query) { row in
            let (customerID, subscriptionID) = (try row.int64(0), try row.int64(1))
            let (day, kind, issue) = (try row.day(2), try row.text(3), try row.int16(words + 3))
            let isSame = current.map {
                $0.invoice.customerID == customerID && $0.invoice.subscriptionID == subscriptionID
                    && $0.invoice.periodEnd == day && $0.invoice.kind == kind && $0.invoice.issue == issue
            }
            if isSame != true {
                if let done = current { try body(done.invoice, done.head) }
                current = (
                    InvoiceSeal.Invoice(
                        customerID: customerID, subscriptionID: subscriptionID, periodEnd: day, kind: kind,
                        issue: issue,
                        currency: try row.text(4), total: try row.int64(5), lineCount: try row.int16(6),
                        cause: try cause(row)), try head(row)
                )
            }
            guard let line = try line(row, words: words) else { return }
            current?.invoice.lines.append(line)
            try addition(row)
        }
        if let done = current { try body(done.invoice, done.head) }
    }

    private static func cause(_ row: borrowing CopyRow) throws -> InvoiceSeal.Invoice.Cause? {
        guard !row.isNull(7), !row.isNull(8), !row.isNull(9), !row.isNull(10) else { return nil }
        return InvoiceSeal.Invoice.Cause(
            starts: try row.day(7), catalog: try row.int32(8), watermark: try row.int64(9), engine: try row.int16(10))
    }

    private static func line(_ row: borrowing CopyRow, words: Int) throws -> InvoiceSeal.Invoice.Line? {
        guard !row.isNull(11) else { return nil }
        guard let kind = InvoiceLine.Kind(label: try row.text(12)) else {
            throw StoreError.inconsistent("a line of kind '\(try row.text(12))'")
        }
        guard let service = DateRange(start: try row.day(14), end: try row.day(15)) else {
            throw StoreError.inconsistent("a period is empty")
        }
        return InvoiceSeal.Invoice.Line(
            number: try row.int16(11),
            line: InvoiceLine(
                kind: kind, price: row.isNull(13) ? 0 : try row.int32(13), service: service,
                quantity: try row.int64(16),
                before: try row.int64(17), threshold: try row.int64(18), billable: try row.int64(19),
                amount: try row.int64(20),
                corrects: row.isNull(21) || row.isNull(22)
                    ? nil : LineReference(periodEnd: try row.day(21), line: try row.int16(22)),
                manual: row.isNull(words + 1) ? nil : try row.int32(words + 1)),
            words: row.isNull(words + 2)
                ? nil : ManualLine.Words(text: try row.text(words + 2), taxCategory: try row.text(words)))
    }
}
