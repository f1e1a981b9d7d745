package import Billing
import Documents
import Postgres
package import Store
import Synchronization

/// Recomputes invoices from the readings as they were known when each was made, and compares every byte with what is stored.
///
/// It reads and never changes anything, claims nothing, and may run beside any job.
package struct Replay {
    private let context: JobContext
    /// Findings that are kept.
    private let limit: Int

    package init(_ context: JobContext, limit: Int) {
        self.context = context
        self.limit = limit
    }

    /// Replays one invoice.
    ///
    /// - Throws: `StoreError.unknownInvoice` where there is none and none should be.
    package func replay(_ reference: InvoiceReference) throws -> ReplayReport {
        let connection = try context.database.connectToLook()
        let subscription = try LookStore(connection).subscription(reference.subscription)
        // As everywhere, the period's invoice goes before that of a change on its day.
        for kind in reference.kind.map({ [$0] }) ?? [.period, .change] {
            let only = ReplayBooks.Scope.Single(
                customerID: subscription.customerID, subscriptionID: subscription.subscriptionID,
                day: reference.periodEnd, kind: kind)
            let report = try replay(ReplayBooks.Scope(only: only), on: connection)
            if report.invoices > 0 { return report }
        }
        throw StoreError.unknownInvoice(reference.description)
    }

    /// Replays all invoices of a scope in one pass.
    package func replayAll(_ scope: ReplayBooks.Scope) throws -> ReplayReport {
        if let from = scope.from, let to = scope.to, to <= from { throw JobError.emptyWindow(from: from, to: to) }
        return try replay(scope, on: context.database.connectToLook())
    }

    private func replay(_ scope: ReplayBooks.Scope, on connection: Connection) throws -> ReplayReport {
        let books = try connection.transaction(.repeatableRead, readOnly: true) {
            try ReplayBooks(
                connection, catalogs: CatalogStore(connection, parse: DeploymentFolder.parseCatalog), scope: scope)
        }
        let limit = limit
        let all = Mutex((report: ReplayReport(limit: limit), subscriptions: Int64(0)))
        guard let customers = books.customers else { return all.withLock(\.report) }
        let reporter = context.reporter
        reporter.begin("replaying", total: books.subscriptions)
        defer { reporter.end() }
        let size = context.batchSize
        try context.forEachBatch(of: customers, on: connection) { connection in
            let batch = ReplayBatch(connection, books, size: size)
            return { place, lastCustomer in
                var report = ReplayReport(limit: limit)
                let done = try batch.replay(after: place, upTo: lastCustomer) { invoice in
                    Self.add(invoice, to: &report)
                }
                guard let done else { return nil }
                reporter.advance(
                    to: all.withLock { all in
                        all.report.add(report)
                        all.subscriptions += done.subscriptions
                        return all.subscriptions
                    })
                return done.place
            }
        }
        return all.withLock(\.report)
    }

    private static func add(
        _ invoice: ReplayBatch.Replayed, to report: inout ReplayReport
    ) {
        func different(_ reference: String, _ differences: [ReplayReport.Difference]) {
            report.add(ReplayReport.Finding(reference: reference, outcome: .different(differences)))
        }
        switch invoice {
        case .equal: report.addEqual()
        case .different(let stored, let lineCount, let recomputed):
            different(
                stored.reference,
                InvoiceComparison.differences(stored: stored, lineCount: lineCount, recomputed: recomputed))
        case .missing(let document):
            different(document.reference, [InvoiceComparison.whole(stored: nil, recomputed: document)])
        case .unexpected(let document):
            different(document.reference, [InvoiceComparison.whole(stored: document, recomputed: nil)])
        case .broken(let reference, let stored, let recomputed):
            different(
                reference, [ReplayReport.Difference(member: "invoice", stored: stored, recomputed: recomputed)])
        case .notReplayable(let reference, let reason):
            report.add(ReplayReport.Finding(reference: reference, outcome: .notReplayable(reason)))
        }
    }
}
