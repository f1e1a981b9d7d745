package import Billing
package import Postgres
import SQL

/// The invoices that a run has written, each with the totals of those before it.
package struct RunInvoiceReader {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Hands them over by subscription key and date.
    ///
    /// - Parameter history: how many of those before it that are like it come with each.
    package func read(ofRun runID: Int64, history: Int64, _ body: (RunInvoice) throws -> Void) throws {
        var currency: Currency?
        let query = Query(.readRunInvoices, literals: ["run": .number(runID), "history": .number(history)])
        try connection.copyOut(query) { row in
            let code = try row.text(3)
            if currency?.code != code { currency = Currency(code: code) }
            guard let currency, let kind = try InvoiceDocument.Kind(rawValue: row.text(5)) else {
                throw StoreError.inconsistent("an invoice of an unknown kind or currency")
            }
            try body(
                RunInvoice(
                    subscription: row.text(0), customer: row.text(1), plan: row.text(2), currency: currency,
                    date: row.day(4), kind: kind, total: row.int64(6),
                    parts: RunInvoice.Parts(
                        recurring: row.int64(7), usage: row.int64(8), overage: row.int64(9),
                        corrections: row.int64(10), other: row.int64(11), hasRecurring: row.bool(12)),
                    isLast: row.bool(13), before: row.isNull(14) ? nil : row.int64(14), earlier: row.int64(15),
                    alike: row.isNull(16) ? [] : row.int64Array(16)))
        }
    }
}
