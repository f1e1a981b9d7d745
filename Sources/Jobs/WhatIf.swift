package import Billing
import Documents
import Foundation
import Postgres
package import Store
import Synchronization

/// What a catalog that nobody has applied would have billed for past periods, beside what was billed.
///
/// It reads and never changes anything, claims nothing, and may run beside any job.
package struct WhatIf {
    private let context: JobContext
    /// Rises and falls that are kept of each currency.
    private let limit: Int

    package init(_ context: JobContext, limit: Int) {
        self.context = context
        self.limit = limit
    }

    /// - Parameters:
    ///   - plan: the key of the only plan to look at; nil for all.
    ///   - path: the file that every subscription is written to; nil for none.
    /// - Throws: `JobError.emptyWindow`, `JobError.unwritableFile`, `StoreError.unknownCustomer`, `StoreError.unknownPlan`,
    ///   and `StoreError.fixedMeter` for a catalog that counts otherwise than what was counted.
    package func compare(
        _ catalog: Catalog, scope: ReplayBooks.Scope, plan: String?, file path: String?
    ) throws -> WhatIfReport {
        if let from = scope.from, let to = scope.to, to <= from { throw JobError.emptyWindow(from: from, to: to) }
        let connection = try context.database.connect()
        try Migrator(connection).requireCurrent()
        let (books, remarks) = try connection.transaction(.repeatableRead, readOnly: true) {
            let store = CatalogStore(connection, parse: DeploymentFolder.parseCatalog)
            return (
                try WhatIfBooks(connection, catalogs: store, trying: catalog, scope: scope, plan: plan),
                try findRemarks(catalog, store, scope)
            )
        }
        let empty = WhatIfReport(from: scope.from, to: scope.to, remarks: remarks, limit: limit)
        guard let path else { return try compare(books, empty, on: connection, context: context) { _ in } }
        // One worker meets the customers in their order, and so do two runs write the same file.
        var single = context
        single.workers = 1
        let file = try RowFile(path)
        try file.write(WhatIfCSV.header)
        let report = try compare(books, empty, on: connection, context: single) { subscription in
            try file.write(WhatIfCSV.row(subscription))
        }
        try file.finish()
        return report
    }

    private func compare(
        _ books: WhatIfBooks, _ empty: WhatIfReport, on connection: Connection, context: JobContext,
        _ body: @escaping @Sendable (WhatIfSubscription) throws -> Void
    ) throws -> WhatIfReport {
        let all = Mutex((report: empty, subscriptions: Int64(0)))
        guard let customers = books.customers else { return empty }
        let (reporter, size, limit) = (context.reporter, context.batchSize, limit)
        reporter.begin("rating", total: books.subscriptions)
        defer { reporter.end() }
        try context.forEachBatch(of: customers, on: connection) { connection in
            let batch = WhatIfBatch(connection, books, size: size)
            return { place, lastCustomer in
                var report = WhatIfReport(limit: limit)
                let done = try batch.rate(after: place, upTo: lastCustomer) { subscription in
                    report.add(subscription)
                    try body(subscription)
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

    /// What a reader of the sums has to know: changes that do not stand in them, and counts that are not what they were.
    private func findRemarks(_ catalog: Catalog, _ store: CatalogStore, _ scope: ReplayBooks.Scope) throws -> [String] {
        let old = try store.current().map { try DeploymentFolder.parseCatalog($0.document) }
        let after = try scope.to ?? store.dayAfterInvoices()
        let changes = CatalogDiff.between(old: old, new: catalog)
        let silent = changes.filter { $0.comesAfter(after) }.map {
            "not in the figures, for it takes effect later: \($0)"
        }
        let counts = changes.filter(\.changesAllowancePeriod).map { "allowances are counted over other periods: \($0)" }
        let added = changes.filter(\.addsPlan).map { "\($0); nobody was on it" }
        let unread = try store.unknownMeters(of: catalog).map {
            "meter \($0): nothing was ever read for it, so it counts 0"
        }
        return counts + added + unread + silent
    }
}
