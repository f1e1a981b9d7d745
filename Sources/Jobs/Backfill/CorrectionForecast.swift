import Billing
import Documents
import Postgres
import Store

/// What the next close will correct of the subscriptions whose closed periods backfills have touched: computed by what the
/// close computes it by, one subscription after the other. Nothing is written, and memory holds some hundred of them.
struct CorrectionForecast {
    let context: JobContext
    let connection: Connection
    let changes: BackfillChanges
    let catalogs: CatalogStore

    private static let batch: Int64 = 500

    func run() throws -> BackfillStatement.Corrections {
        var corrections = BackfillStatement.Corrections()
        (corrections.subscriptions, corrections.periods) = try changes.late()
        let file = try context.correctionFile.map { try RowFile($0) }
        let all = try catalogs.all()
        var prices = PriceWords(all)
        try file?.write(CorrectionCSV.header)
        if corrections.subscriptions > 0 {
            let catalog = try catalogs.currentForRating()
            let closer = Closer(catalog: catalog, earlier: all)
            context.reporter.begin("rating corrections", total: corrections.subscriptions)
            defer { context.reporter.end() }
            var done: Int64 = 0
            var place = CloseBatch.Place(before: .min)
            while true {
                try context.stop.check()
                let batch = try changes.lateSubscriptions(after: place, limit: Self.batch)
                guard let last = batch.last else { break }
                for late in batch {
                    try add(late, closer, catalog, to: &corrections) { subscription, currency, line in
                        try file?.write(
                            CorrectionCSV.row(
                                subscription: late.key, customer: subscription.customer, line,
                                price: prices[line.price], in: currency))
                    }
                    done += 1
                    context.reporter.advance(to: done)
                }
                place = last.place
            }
        }
        try file?.finish()
        return corrections
    }

    private func add(
        _ late: BackfillChanges.LateSubscription, _ closer: Closer, _ catalog: RatingCatalog,
        to corrections: inout BackfillStatement.Corrections,
        _ write: (LookStore.StoredSubscription, Currency, InvoiceLine) throws -> Void
    ) throws {
        let subscription = try LookStore(connection).subscription(late.key)
        guard let currency = subscription.terms.currency.flatMap({ Currency(code: $0) }) else {
            throw StoreError.inconsistent("a subscription without a currency")
        }
        let lines: [InvoiceLine]
        do {
            lines = try self.lines(subscription, behind: late.lastNumber, closer, catalog)
        } catch is BillingError {
            // As in the close: one subscription does not keep the others from being told.
            corrections.failed += 1
            return
        }
        for line in lines { try write(subscription, currency, line) }
        corrections.add(
            BackfillStatement.Correction(
                subscription: late.key, currency: currency, lines: lines.count,
                amount: lines.reduce(0) { $0 + Int128($1.amount) }))
    }

    /// - Parameter number: that of its last closed period.
    private func lines(
        _ subscription: LookStore.StoredSubscription, behind number: Int32?, _ closer: Closer,
        _ catalog: RatingCatalog
    ) throws -> [InvoiceLine] {
        let look = LookStore(connection)
        let reopened =
            try subscription.open ?? number.map { try CloseStore.reopened(subscription.terms, behind: $0, catalog) }
        guard let open = reopened, let late = try look.lateFrom(subscription) else { return [] }
        let from = try min(open.countsFrom, closer.historyStart(of: subscription.terms, on: late))
        let totals = try DateRange(start: from, end: open.period.end).map { try look.totals(subscription, in: $0) }
        let history = try look.history(subscription, from: from, before: open.period.end)
        return try closer.corrections(of: subscription.terms, history: history, totals: totals ?? [])
    }
}

/// The words of prices, by the store's numbers.
private struct PriceWords {
    private let catalogs: [RatingCatalog]
    private var known: [Int32: (key: String, places: Int)] = [:]

    init(_ catalogs: [RatingCatalog]) {
        self.catalogs = catalogs
    }

    subscript(price: Int32) -> (key: String, places: Int) {
        mutating get {
            if let words = known[price] { return words }
            let words = catalogs.lazy.compactMap { $0.priceWords(price) }.first ?? ("\(price)", 0)
            known[price] = words
            return words
        }
    }
}
