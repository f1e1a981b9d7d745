import Billing
import Postgres
import SQL

/// An invoice of a batch.
struct InvoiceKey: Hashable {
    var subscriptionID: Int64
    /// The end of its period, or the day of its change.
    var day: CivilDate
    var kind: InvoiceDocument.Kind
}

/// An invoice by the store's numbers, as it is stored or as it was recomputed: what its export is made of.
struct BareInvoice {
    var period: DateRange
    /// The ISO 4217 code.
    var currency: String
    /// Minor units.
    var total: Int64
    /// How many lines it says that it has.
    var lineCount: Int
    var lines: [Line]

    struct Line: Equatable {
        /// From 1.
        var number: Int
        var line: InvoiceLine
    }

    /// Whether the exports of both are the same bytes: a document is a function of these values and of the catalogs, which
    /// never change. (The opposite is not true: two catalogs may have a price of one key.) What does not follow from rating,
    /// such as the number, is no part of it.
    func isEqual(to other: BareInvoice) -> Bool {
        total == other.total && lineCount == other.lineCount && period == other.period && currency == other.currency
            && lines == other.lines
    }

    /// For who can say no more.
    var summary: String { "\(currency) " + (Currency(code: currency)?.format(total) ?? "\(total)") }

    /// The invoice with its names.
    ///
    /// - Throws: `StoreError.inconsistent` where a line has a price that there is not.
    func document(_ kind: InvoiceDocument.Kind, of past: PastSubscription, _ names: PriceNames) throws
        -> InvoiceDocument
    {
        guard let currency = Currency(code: currency) else {
            throw StoreError.inconsistent("'\(currency)' is no currency")
        }
        return InvoiceDocument(
            kind: kind, customer: past.customer, customerName: past.customerName, subscription: past.key,
            period: period, currency: currency, total: total,
            lines: try lines.map { numbered in
                try names.document(
                    numbered.line, number: numbered.number, in: currency, words: past.words(of: numbered.line))
            }, wording: try names.wording(of: lines.map(\.line), in: currency))
    }
}

extension BareInvoice {
    /// Hands over the stored invoices of a batch, one at a time. One without a closed period is that of a change, or should
    /// not be there.
    static func read(
        _ connection: Connection, _ batch: ReplayBatch.Bounds, dated days: (first: CivilDate, after: CivilDate),
        of closings: [Int64: [PastClosing]], _ body: (InvoiceKey, BareInvoice) throws -> Void
    ) throws {
        var current: (key: InvoiceKey, invoice: BareInvoice)?
        // Both come in order of time.
        var periods: ArraySlice<PastClosing.Period> = []
        let query = Query(
            .readStoredInvoices,
            literals: [
                "after_customer": .number(batch.after.customer),
                "after_subscription": .number(batch.after.subscription),
                "last_customer": .number(batch.last.customer),
                "last_subscription": .number(batch.last.subscription), "first_end": .day(days.first),
                "last_end": .day(days.after),
            ])
        func hand() throws {
            guard var (key, invoice) = current else { return }
            current = nil
            // Mostly they come in order, but to ask for it would have the server sort them.
            if zip(invoice.lines, invoice.lines.dropFirst()).contains(where: { $0.number > $1.number }) {
                invoice.lines.sort { $0.number < $1.number }
            }
            try body(key, invoice)
        }
        var latest: Int64?
        try connection.copyOut(query) { row in
            let (subscription, day) = (try row.int64(0), try row.day(1))
            let kind = try InvoiceDocument.Kind(rawValue: row.text(2))
            guard let kind else { throw StoreError.inconsistent("an invoice of an unknown kind") }
            let key = InvoiceKey(subscriptionID: subscription, day: day, kind: kind)
            if current?.key != key {
                try hand()
                if latest != subscription {
                    latest = subscription
                    periods = (closings[subscription] ?? []).flatMap(\.periods)[...]
                }
                while let period = periods.first, period.days.end < day { periods.removeFirst() }
                let closed = kind == .period && periods.first?.days.end == day ? periods.first?.days : nil
                current = (
                    key,
                    BareInvoice(
                        period: closed ?? .empty(at: day), currency: try row.text(3), total: try row.int64(4),
                        lineCount: Int(try row.int16(5)), lines: [])
                )
            }
            if !row.isNull(6) { current?.invoice.lines.append(try line(row)) }
        }
        try hand()
    }

    private static func line(_ row: borrowing CopyRow) throws -> Line {
        guard let kind = InvoiceLine.Kind(label: try row.text(7)),
            let service = DateRange(start: try row.day(9), end: try row.day(10))
        else { throw StoreError.inconsistent("a line of an unknown kind, or without a day") }
        return Line(
            number: Int(try row.int16(6)),
            line: InvoiceLine(
                kind: kind, price: row.isNull(8) ? 0 : try row.int32(8), service: service, quantity: try row.int64(11),
                before: try row.int64(12), threshold: try row.int64(13), billable: try row.int64(14),
                amount: try row.int64(15),
                corrects: row.isNull(16) ? nil : LineReference(periodEnd: try row.day(16), line: try row.int16(17)),
                manual: row.isNull(18) ? nil : try row.int32(18)))
    }
}
