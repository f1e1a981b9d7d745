package import Billing
package import Postgres
import SQL

/// Compares what came in with what is stored, what is stored with what was totalled, and that with what was billed.
package struct ReconcileStore {
    let connection: Connection
    let catalog: RatingCatalog?
    /// The meters that have one quantity for each billing period.
    let meters: WindowMeters
    /// The same by the catalog that a period was closed with.
    let metersByCatalog: [Int32: WindowMeters]
    private let cuts: [CivilDate]
    /// Differences of one kind that are listed.
    let limit: Int64

    /// - Parameters:
    ///   - catalog: the one in use.
    ///   - catalogs: every one that was ever applied.
    package init(
        _ connection: Connection, catalog: RatingCatalog?, catalogs: [RatingCatalog], cuts: [CivilDate], limit: Int64
    ) {
        self.connection = connection
        self.catalog = catalog
        meters = WindowMeters(catalogs)
        metersByCatalog = Dictionary(catalogs.map { ($0.id, WindowMeters([$0])) }) { first, _ in first }
        self.cuts = cuts
        self.limit = limit
    }

    /// Everything in one snapshot.
    package func reconcile() throws -> Reconciliation {
        try connection.transaction(.repeatableRead, readOnly: true) {
            guard
                let rows = try connection.first(
                    Query(.countReadings),
                    as: Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
                    Int64.self, Int64.self, Int64.self, Int64.self)
            else { throw StoreError.inconsistent("nothing to count") }
            let meters = try connection.query(
                Query(.sumUsage),
                as: String.self, Bool.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
                Int64.self, Int64.self
            ).map { row in
                Reconciliation.MeterBalance(
                    meter: row.0, isRunning: row.1, total: row.2, billed: row.3, included: row.4, open: row.5,
                    late: row.6, beforeStart: row.7, afterEnd: row.8, unpriced: row.9)
            }
            var reconciliation = Reconciliation(
                rowsRead: rows.2, rowsNew: rows.0, rowsChanged: rows.1, rowsRejected: rows.3, rowsOther: rows.4,
                readings: rows.5, superseded: rows.7, quantity: rows.6, meters: meters,
                lateTotals: try connection.first(Query(.countLateUsage), as: Int64.self) ?? 0, differences: [])
            reconciliation.differences = try differences(in: reconciliation)
            for (check, stored, pulled) in [
                ("intervals_stored", rows.8, rows.10), ("intervals_restated", rows.9, rows.11),
            ] where stored != pulled {
                reconciliation.differences.append(
                    Reconciliation.Difference(
                        check: check, subject: "all intervals",
                        detail: "rows of all pulls, and intervals kept: \(pulled) and \(stored)"))
            }
            return reconciliation
        }
    }

    private func differences(in books: Reconciliation) throws -> [Reconciliation.Difference] {
        var found: [Reconciliation.Difference] = []
        func expect(_ check: String, _ subject: String, _ left: Int64, _ right: Int64, _ words: String) {
            guard left != right else { return }
            found.append(
                Reconciliation.Difference(check: check, subject: subject, detail: "\(words): \(left) and \(right)"))
        }
        expect(
            "readings_stored", "all readings", books.rowsNew, books.readings,
            "new rows of all pulls, and readings stored")
        expect(
            "readings_restated", "all readings", books.rowsChanged, books.superseded,
            "restated rows of all pulls, and superseded readings")
        expect(
            "readings_totalled", "all readings", books.quantity,
            books.meters.filter(\.isRunning).reduce(0) { $0 &+ $1.total },
            "the sum of the readings, and of the totals kept")
        for meter in books.meters {
            let parts = [
                meter.billed, meter.included, meter.open, meter.late, meter.beforeStart, meter.afterEnd, meter.unpriced,
            ].reduce(0, &+)
            expect("usage_billed", meter.meter, meter.total, parts, "the total, and what became of it")
            if meter.late != 0, books.lateTotals == 0 {
                expect(
                    "late_usage", meter.meter, meter.late, 0, "unbilled changes of closed periods, and known late usage"
                )
            }
        }
        found += try compareTotals()
        found += try compareWindowTotals()
        let checks: [Statement] = [
            .usageNotBilled, .linesNotSummingToTotal, .lineWithoutInvoice, .periodWithoutInvoice, .overlappingPeriod,
            .numberGap, .finalizedWithoutInvoice, .taxNotSumming, .creditAboveInvoice, .creditNotAddingUp,
            .reissueNotLinked, .manualLineNotBilledOnce, .decidedTwice,
            .belongsToNobody,
        ]
        for check in checks {
            found += try connection.query(Query(check, limit), as: String.self, String.self)
                .map { Reconciliation.Difference(check: check.name, subject: $0.0, detail: $0.1) }
        }
        return found
    }

    /// Cuts the readings into slices anew and compares their sums with the totals kept. Both come as one ordered stream, so
    /// memory holds one slice.
    private func compareTotals() throws -> [Reconciliation.Difference] {
        guard let catalog else { return [] }
        var found: [Reconciliation.Difference] = []
        var slice: Slice?
        var slicing: (subscription: Int64, slicing: Slicing)?
        let own = try SubscriptionCuts(connection)
        func finish() {
            guard let slice, slice.recomputed != slice.kept ?? 0, found.count < limit else { return }
            found.append(
                Reconciliation.Difference(
                    check: "totals_kept", subject: "\(slice.subscription) from \(slice.start)",
                    detail: "readings add up to \(slice.recomputed), the total kept is "
                        + (slice.kept.map(String.init) ?? "missing")))
        }
        try connection.copyOut(Query(.compareTotals, literals: [:])) { row in
            let (subscription, meter, day) = (try row.int64(1), try row.int32(5), try row.day(6))
            if slicing?.subscription != subscription {
                let terms = Subscription(
                    plan: try row.int32(3), anchor: try row.day(4), starts: try row.day(9), signedUp: try row.day(4),
                    paysEvery: .month, ends: nil)
                slicing = (subscription, try catalog.slicing(of: terms, cuts: cuts + own[subscription]))
            }
            let isTotal = try row.bool(7)
            let start = try isTotal ? day : slicing?.slicing.start(containing: day) ?? day
            if slice?.id != subscription || slice?.meter != meter || slice?.start != start {
                finish()
                slice = Slice(
                    id: subscription, subscription: try row.text(2), meter: meter, start: start, kept: nil,
                    recomputed: 0)
            }
            if isTotal { slice?.kept = try row.int64(8) } else { slice?.recomputed &+= try row.int64(8) }
        }
        finish()
        return found
    }

    private struct Slice {
        let id: Int64
        let subscription: String
        let meter: Int32
        let start: CivilDate
        var kept: Int64?
        var recomputed: Int64
    }
}
