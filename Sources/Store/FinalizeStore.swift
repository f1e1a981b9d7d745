package import Billing
package import Postgres
import SQL

/// Drafts that wait for their numbers, and the chains of those that have one.
package struct FinalizeStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// A date of drafts.
    package struct Day: Hashable, Sendable {
        package let day: CivilDate
        /// Those that wait for nobody.
        package let drafts: Int64
    }

    /// The dates of drafts before a day, in order. Months without any, held ones included, are struck out on the way.
    package func draftDays(before end: CivilDate) throws -> [Day] {
        var found: [Day] = []
        for month in try connection.query(Query(.listDraftMonths), as: CivilDate.self) {
            guard let after = month.adding(months: 1) else { continue }
            let days = try connection.query(Query(.listDraftDays, month, after), as: CivilDate.self, Int64.self)
            if days.isEmpty { _ = try connection.execute(Query(.strikeDraftMonth, month)) }
            found += days.map { Day(day: $0.0, drafts: $0.1) }.filter { $0.day < end && $0.drafts > 0 }
        }
        return found
    }

    /// Makes room for what is about to be finalized, before any batch: adding a partition locks its table.
    package func prepare(_ days: [Day]) throws {
        guard let first = days.first?.day, let end = days.last?.day.adding(days: 1) else { return }
        _ = try connection.query(Query(.ensureMonths, "finalized_invoice", first, end), as: Int32.self)
        _ = try connection.query(Query(.ensureMonths, "invoice_tax", first, end), as: Int32.self)
    }

    package func prepare(day: CivilDate) throws {
        try prepare([Day(day: day, drafts: 1)])
    }

    /// Takes an invoice back as a whole.
    ///
    /// - Returns: false where it was voided already.
    package func void(
        _ named: Named, asOf: CivilDate, reason: String, author: String, runID: Int64
    ) throws -> Bool {
        // What is voided waits for nobody any more.
        try settle(named, as: .rejected, asOf: asOf, author: author, note: reason, runID: runID)
        let written = try connection.execute(
            Query(
                .voidInvoice, named.customerID, named.subscriptionID, named.date, named.kind, named.issue, asOf, reason,
                author,
                runID))
        return written == 1
    }

    /// Says what became of a finalized invoice.
    ///
    /// - Returns: false where that was known.
    package func record(
        _ payment: InvoiceDocument.Payment.Status, of named: Named, since: CivilDate,
        author: String, note: String?, runID: Int64
    ) throws -> Bool {
        try connection.execute(
            Query(
                .recordPayment, named.customerID, named.subscriptionID, named.date, named.kind, named.issue,
                payment.rawValue, since,
                author, note, runID)) == 1
    }

    /// What becomes of a held invoice.
    package enum Settlement: String, Sendable {
        case released, rejected
    }

    /// - Parameter note: nil for none.
    /// - Returns: for how many reasons it was held.
    @discardableResult
    package func settle(
        _ named: Named, as settlement: Settlement, asOf: CivilDate, author: String, note: String?, runID: Int64
    ) throws -> Int {
        try connection.execute(
            Query(
                .settleInvoiceHold, named.customerID, named.subscriptionID, named.date, named.kind, settlement.rawValue,
                asOf,
                author, note, runID))
    }

    /// Lets the period of a subscription go that is held for missing days, so that the next close bills it without them.
    ///
    /// - Returns: whether it was held for that.
    package func releaseGap(
        subscription: String, periodEnd: CivilDate, asOf: CivilDate, author: String, note: String?, runID: Int64
    ) throws -> Bool {
        try connection.execute(Query(.releaseGap, subscription, periodEnd, asOf, author, note, runID)) == 1
    }

    /// Why an invoice is held, in words.
    package func reasons(_ named: Named) throws -> [String] {
        try connection.query(
            Query(.listReasons, named.customerID, named.subscriptionID, named.date, named.kind), as: String.self)
    }

    private func issue(_ row: borrowing CopyRow) throws -> InvoiceSeal.Issue {
        let notes = try row.text(31)
        return InvoiceSeal.Issue(
            number: try row.int64(23), label: try row.text(24), date: try row.day(25), net: try row.int64(28),
            tax: try row.int64(29), gross: try row.int64(30),
            taxes: row.isNull(36) ? [] : try row.text(36).split(separator: "\n").map(String.init),
            notes: notes.isEmpty ? [] : notes.split(separator: "\n").map(String.init),
            sellerNumber: row.isNull(32) ? nil : try row.text(32),
            details: row.isNull(33) || row.isNull(34)
                ? nil : InvoiceSeal.Issue.Details(version: try row.int32(33), digest: try row.bytes(34)),
            catalog: try row.int32(35), credit: try row.int64(41),
            reissue: row.isNull(42) || row.isNull(43) || row.isNull(44)
                ? nil
                : InvoiceSeal.Issue.Reissue(
                    replaces: try row.text(42), reason: try row.text(43), author: try row.text(44)))
    }

    /// An invoice that somebody named.
    package struct Named: Sendable {
        package let customerID: Int64
        package let subscriptionID: Int64
        package let date: CivilDate
        package let kind: String
        /// Which of its issues stands, from 1; 1 for a draft.
        package let issue: Int16
        /// Nil for a draft.
        package let label: String?
        package let isVoided: Bool
    }

    /// - Parameter kind: nil for that of the period, or where there is none for any other of the day.
    /// - Throws: `StoreError.unknownInvoice`.
    package func find(
        subscription: String, dated day: CivilDate, kind: InvoiceDocument.Kind?
    ) throws -> Named {
        guard
            let (customerID, subscriptionID, found, label, isVoided, issue) = try connection.first(
                Query(.findInvoice, subscription, day, kind?.rawValue), as: Int64.self, Int64.self, String.self,
                String?.self, Bool.self, Int16.self)
        else { throw StoreError.unknownInvoice("\(subscription)/\(day)" + (kind.map { "/\($0.rawValue)" } ?? "")) }
        return Named(
            customerID: customerID, subscriptionID: subscriptionID, date: day, kind: found, issue: issue, label: label,
            isVoided: isVoided)
    }

    /// Follows the chains of all series from their first number on.
    ///
    /// - Parameter digest: SHA-256.
    package func verify(digest: @escaping ([UInt8]) -> [UInt8]) throws -> [ChainFinding] {
        try connection.transaction(.repeatableRead) {
            try connection.query(
                Query(.listSeries), as: Int32.self, String.self, String.self, Int16.self, Int16?.self, Int64.self,
                CivilDate?.self, [UInt8]?.self, Int64.self, [UInt8]?.self
            ).map { row in
                var chain = InvoiceChain(last: row.5, lastDigest: row.7 ?? [], digest: digest)
                var notes = try CreditStore(connection).chain(ofSeries: row.0)[...]
                func follow(notesBefore number: Int64) {
                    while let next = notes.first, next.note.number < number {
                        chain.follow(next.note, digest: next.digest)
                        notes = notes.dropFirst()
                    }
                }
                try SealReader.stream(
                    connection, Query(.readChain, literals: ["series": .number(Int64(row.0))]), words: 37,
                    { row in
                        InvoiceChain.Link(
                            issue: try issue(row), digest: try row.bytes(26), isStored: try row.bool(27))
                    }
                ) { invoice, link in
                    follow(notesBefore: link.issue.number)
                    chain.follow(invoice, link)
                }
                follow(notesBefore: .max)
                var finding = chain.finding(series: row.2, year: row.4.map(Int.init), issuer: row.1)
                guard finding.broken == nil else { return finding }
                (finding.revisions, finding.broken) = try RevisionStore(connection).verify(
                    series: row.0, last: row.8, lastDigest: row.9 ?? [], digest: digest)
                return finding
            }
        }
    }
}
