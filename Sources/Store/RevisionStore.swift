package import Billing
package import Postgres
import SQL

/// Revised copies of finalized invoices.
package struct RevisionStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// A finalized invoice as it stands, with what it takes to revise it.
    package struct Standing: Sendable {
        package let series: Int32
        /// The number as it is printed.
        package let label: String
        package let issuedOn: CivilDate
        /// The catalog whose tax rules it has.
        package let catalog: Int32
        package let notes: [String]
        package let sellerNumber: String?
        /// By rate, as they are sealed.
        package let taxes: [String]
        /// The last revision; 0 for the original.
        package let revision: Int32
        /// The version of the details that stands on it; nil for none.
        package let detailsVersion: Int32?
        /// That of the last revision, or of the invoice.
        package let digest: [UInt8]
        /// How many revisions the series has, and the digest of the last.
        package let entries: Int64
        package let lastEntry: [UInt8]
    }

    /// Nil for a draft. Holds the series until the transaction ends.
    package func standing(_ named: FinalizeStore.Named) throws -> Standing? {
        let found = try connection.first(
            Query(.readRevised, named.customerID, named.subscriptionID, named.date, named.kind),
            as: Int32.self, String.self, CivilDate.self, Int32.self, String.self, String?.self, String?.self,
            Int32.self, Int32?.self, [UInt8].self, Int64.self, [UInt8]?.self)
        guard let row = found else { return nil }
        let notes: [String] = row.4.split(separator: "\n").map(String.init)
        let taxes: [String] = (row.6 ?? "").split(separator: "\n").map(String.init)
        return Standing(
            series: row.0, label: row.1, issuedOn: row.2, catalog: row.3, notes: notes, sellerNumber: row.5,
            taxes: taxes, revision: row.7, detailsVersion: row.8, digest: row.9, entries: row.10,
            lastEntry: row.11 ?? [])
    }

    /// The lines of an invoice, as far as tax goes by them.
    package func taxLines(_ named: FinalizeStore.Named) throws -> [TaxLine] {
        try connection.query(
            Query(.listTaxedLines, named.customerID, named.subscriptionID, named.date, named.kind),
            as: Int64.self, String?.self
        ).map { TaxLine(amount: $0.0, category: $0.1 ?? TaxRules.standard) }
    }

    /// Writes the next revision of an invoice, within the caller's transaction.
    ///
    /// - Parameter digest: SHA-256.
    package func add(
        _ revision: InvoiceRevision, details: InvoiceSeal.Issue.Details, to named: FinalizeStore.Named,
        _ standing: Standing, runID: Int64, digest: ([UInt8]) -> [UInt8]
    ) throws {
        let (entry, overflow) = standing.entries.addingReportingOverflow(1)
        guard !overflow else { throw StoreError.inconsistent("a series has no room for another revision") }
        let seal = RevisionSeal(
            customerID: named.customerID, subscriptionID: named.subscriptionID, periodEnd: named.date, kind: named.kind,
            revision: revision, details: details, entry: entry)
        let sealed = digest(seal.bytes(of: standing.digest, previous: standing.lastEntry))
        _ = try connection.execute(
            Query(
                .insertInvoiceRevision, named.customerID, named.subscriptionID, named.date, named.kind, revision.number,
                standing.series, entry, details.version, details.digest, revision.date, revision.reason,
                revision.author, sealed, runID, named.issue))
        _ = try connection.execute(Query(.advanceRevisions, standing.series, entry, sealed))
    }

    /// Follows the revisions of a series.
    ///
    /// - Parameters:
    ///   - last: how many the series says that there are.
    ///   - lastDigest: the digest that it remembers of the last.
    func verify(
        series: Int32, last: Int64, lastDigest: [UInt8], digest: @escaping ([UInt8]) -> [UInt8]
    ) throws -> (revisions: Int64, broken: ChainFinding.Break?) {
        var chain = RevisionChain(last: last, lastDigest: lastDigest, digest: digest)
        let rows = try connection.query(
            Query(.listRevisions, series),
            as: Int64.self, Int64.self, CivilDate.self, String.self, Int32.self, Int64.self, Int32.self, [UInt8].self,
            CivilDate.self, String.self, String.self, [UInt8].self, String?.self, [UInt8]?.self)
        for row in rows {
            chain.follow(
                RevisionChain.Link(
                    seal: RevisionSeal(
                        customerID: row.0, subscriptionID: row.1, periodEnd: row.2, kind: row.3,
                        revision: InvoiceRevision(number: row.4, date: row.8, reason: row.9, author: row.10),
                        details: InvoiceSeal.Issue.Details(version: row.6, digest: row.7), entry: row.5),
                    digest: row.11, label: row.12, invoiceDigest: row.13))
        }
        return chain.finding
    }
}
