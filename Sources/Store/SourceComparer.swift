package import Billing
package import Postgres
import SQL

/// Compares what a pull has just read with what the books had before it: within the transaction that is taken back.
package struct SourceComparer {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// - Parameter pullID: the pull that read the source again.
    package func differences(
        ofPull pullID: Int64, source: String, in window: DateRange
    ) throws -> [SourceComparison.Difference] {
        try connection.query(
            Query(.listSourceDifferences, pullID, source, window.start, window.end),
            as: CivilDate.self, String.self, String.self, String.self, String.self, Int64?.self, Int64?.self
        ).map { row in
            SourceComparison.Difference(
                day: row.0, key: Gap.ChannelKey(account: row.1, channel: row.2, category: row.3), meter: row.4,
                was: row.5, now: row.6)
        }
    }

    /// The invoices in whose periods these lie.
    package func invoices(touchedBy differences: [SourceComparison.Difference]) throws -> [SourceComparison.Invoice] {
        guard !differences.isEmpty else { return [] }
        return try connection.query(
            Query(.listTouchedInvoices, differences.map { PGDate($0.day) }, differences.map(\.key.account)),
            as: String.self, CivilDate.self, String.self, String.self
        ).map { SourceComparison.Invoice(name: "\($0.0)/\($0.1)", status: $0.3) }
    }
}
