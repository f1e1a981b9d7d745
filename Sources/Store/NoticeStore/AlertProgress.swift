package import Billing
package import Postgres
import SQL

/// How far the alerts are: from where a run goes on, and where it has come to when all its batches are done.
package struct AlertProgress {
    private let connection: Connection
    private let terms: NoticeStore.Terms
    private let catalog: RatingCatalog

    package init(_ connection: Connection, _ terms: NoticeStore.Terms, catalog: RatingCatalog) {
        self.connection = connection
        self.terms = terms
        self.catalog = catalog
    }

    /// The last pull whose totals were looked at, and the day of these alerts; nil where all are to be, because another catalog is in use, or
    /// because the terms of some version have begun or ended since: then a count may reach what it did not reach before.
    package func seen() throws -> (pull: Int64, day: CivilDate)? {
        let progress = try connection.first(
            Query(.readAlertProgress), as: Int32.self, CivilDate.self, Int64.self)
        guard let (last, day, watermark) = progress, last == catalog.id else { return nil }
        return catalog.catalog.cuts.contains { day < $0 && $0 <= terms.asOf } ? nil : (watermark, day)
    }

    /// The customers with an open period; nil where there are none.
    package func customers() throws -> ClosedRange<Int64>? {
        guard let (first, last) = try connection.first(Query(.boundOpenPeriods), as: Int64?.self, Int64?.self),
            let first, let last
        else { return nil }
        return first...last
    }

    /// Says that all are done.
    ///
    /// - Parameters:
    ///   - seen: as it was before.
    ///   - last: the last pull that has changed something, and not the last one: what changes nothing moves nothing.
    package func move(from seen: Int64?, to last: Int64?) throws {
        // Where everything was looked at, that is told also when nothing was counted.
        guard last != nil || seen == nil else { return }
        try connection.transaction {
            try connection.guardClaim(of: terms.runID)
            _ = try connection.execute(
                Query(.setAlertProgress, catalog.id, terms.asOf, max(last ?? 0, seen ?? 0)))
        }
    }
}

extension Connection {
    /// Locks the batch of a transaction. As in the close: the lock on the books hangs on another session than a batch may
    /// think.
    ///
    /// - Throws: `StoreError.claimLost`.
    func guardClaim(of run: Int64) throws {
        _ = try execute(Query(.lockBatch))
        guard try first(Query(.readClaim, run), as: Bool.self) == true else { throw StoreError.claimLost }
    }
}
