package import Billing
package import Postgres
import SQL

/// Gives numbers to drafts, batch after batch, and chains them to the ones before.
///
/// A batch is one transaction. It first waits until no other session gives numbers, then reads the drafts of one date in the
/// order of their customers, and writes a row for each with its number and digest; the counter moves with it. So what is
/// rolled back leaves no gap, and what is killed has given nothing away.
package final class FinalizeBatch {
    /// What all batches of a run have in common.
    package struct Terms: Sendable {
        /// Who numbers: the catalog's name.
        package var issuer: String
        package var numbering: InvoiceNumbering
        package var runID: Int64
        /// Subscriptions a transaction.
        package var size: Int
        /// SHA-256.
        package var digest: @Sendable ([UInt8]) -> [UInt8]

        package init(
            issuer: String, numbering: InvoiceNumbering, runID: Int64, size: Int,
            digest: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            self.issuer = issuer
            self.numbering = numbering
            self.runID = runID
            self.size = size
            self.digest = digest
        }
    }

    private let connection: Connection
    private let terms: Terms
    private var seal = InvoiceSeal()

    package init(_ connection: Connection, terms: Terms) {
        self.connection = connection
        self.terms = terms
    }

    /// Finalizes the next drafts of a date behind a place.
    ///
    /// - Parameter issuedOn: the date that they get, unless the number before theirs has a later one.
    /// - Returns: how many, and where to go on; nil when none was left.
    package func finalize(
        dated day: CivilDate, issuedOn: CivilDate, after place: CloseBatch.Place
    ) throws -> (invoices: Int64, place: CloseBatch.Place)? {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            _ = try connection.execute(Query(.lockNumbers))
            guard
                let (count, first, last, isOurs) = try connection.first(
                    Query(.boundDrafts, day, place.customer, place.subscription, Int64(terms.size), terms.runID),
                    as: Int64.self, Int64?.self, [Int64]?.self, Bool?.self)
            else { return nil }
            // As in the close: the lock on the books hangs on another session.
            guard isOurs == true else { throw StoreError.claimLost }
            guard count > 0, let first, let last, last.count == 2 else { return nil }
            let end = CloseBatch.Place(customer: last[0], subscription: last[1])
            let drafts = try read(dated: day, after: place, from: first, upTo: end)
            try number(drafts, issuedOn: issuedOn)
            return (Int64(drafts.count), end)
        }
    }

    /// Finalizes one draft.
    ///
    /// - Returns: whether it was one.
    package func finalize(
        customerID: Int64, subscriptionID: Int64, dated day: CivilDate, kind: String, issuedOn: CivilDate
    ) throws -> Bool {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            _ = try connection.execute(Query(.lockNumbers))
            let drafts = try read(
                dated: day, after: CloseBatch.Place(customer: customerID, subscription: subscriptionID - 1),
                from: customerID, upTo: CloseBatch.Place(customer: customerID, subscription: subscriptionID)
            ).filter { $0.kind == kind }
            try number(drafts, issuedOn: issuedOn)
            return !drafts.isEmpty
        }
    }

    private func read(
        dated day: CivilDate, after place: CloseBatch.Place, from first: Int64, upTo end: CloseBatch.Place
    ) throws -> [InvoiceSeal.Invoice] {
        try SealReader.read(
            connection,
            Query(
                .readDrafts,
                literals: [
                    "day": .day(day), "after_customer": .number(place.customer),
                    "after_subscription": .number(place.subscription), "first_customer": .number(first),
                    "last_customer": .number(end.customer), "last_subscription": .number(end.subscription),
                ]))
    }

    /// Gives numbers to drafts in their order, and writes them down.
    private func number(_ drafts: [InvoiceSeal.Invoice], issuedOn: CivilDate) throws {
        guard !drafts.isEmpty else { return }
        let last = try connection.first(Query(.readLastIssue, terms.issuer), as: CivilDate?.self) ?? nil
        let issuedOn = max(issuedOn, last ?? issuedOn)
        var series = try lockSeries(year: issuedOn.components.year)
        var rows = CopyBuffer()
        for draft in drafts {
            let (next, overflow) = series.number.addingReportingOverflow(1)
            guard !overflow else { throw StoreError.inconsistent("a series of invoice numbers is used up") }
            let label = terms.numbering.label(next, year: issuedOn.components.year)
            let digest = terms.digest(
                seal.bytes(of: draft, number: next, label: label, issuedOn: issuedOn, previous: series.digest))
            (series.number, series.digest) = (next, digest)
            rows.row(fields: 10)
            rows.int64(draft.customerID)
            rows.int64(draft.subscriptionID)
            rows.date(draft.periodEnd.daysSince1970)
            rows.text(draft.kind)
            rows.int32(series.id)
            rows.int64(next)
            rows.text(label)
            rows.date(issuedOn.daysSince1970)
            rows.bytes(digest)
            rows.int64(terms.runID)
        }
        let written = try connection.copyIn(Query(.copyFinalizedInvoice), rows)
        guard written == drafts.count else {
            throw StoreError.changedUnderneath(
                statement: Statement.copyFinalizedInvoice.name, expected: drafts.count, found: written)
        }
        _ = try connection.execute(
            Query(.advanceSeries, series.id, series.number, PGDate(issuedOn), series.digest))
    }

    private func lockSeries(year: Int) throws -> (id: Int32, number: Int64, digest: [UInt8]) {
        let numbering = terms.numbering
        guard
            let (id, number, _, digest) = try connection.first(
                Query(
                    .lockSeries, terms.issuer, numbering.pattern, Int16(clamping: numbering.digits),
                    numbering.restartsYearly ? Int16(clamping: year) : nil),
                as: Int32.self, Int64.self, CivilDate?.self, [UInt8]?.self)
        else { throw StoreError.inconsistent("a series of invoice numbers cannot be made") }
        return (id, number, digest ?? [])
    }
}
