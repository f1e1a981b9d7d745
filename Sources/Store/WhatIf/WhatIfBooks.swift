package import Billing
package import Postgres
import SQL

/// What all batches of a what-if have in common: the books as a replay reads them, and the catalog that is tried out.
package struct WhatIfBooks: Sendable {
    let books: ReplayBooks
    let tried: PastCatalogs
    /// The key of the only plan that is asked for; nil for all.
    let plan: String?
    /// The keys of all plans that were ever known, by number.
    let planKeys: [Int32: String]
    private let plans: [String: Plan]

    package var customers: ClosedRange<Int64>? { books.customers }
    package var subscriptions: Int64 { books.subscriptions }

    /// - Parameters:
    ///   - catalogs: on the same connection.
    ///   - catalog: the one to try out; it need not be stored.
    /// - Throws: `StoreError.unknownCustomer`, `StoreError.unknownPlan` and `StoreError.fixedMeter`.
    package init(
        _ connection: Connection, catalogs: CatalogStore, trying catalog: Catalog, scope: ReplayBooks.Scope,
        plan: String?
    ) throws {
        books = try ReplayBooks(connection, catalogs: catalogs, scope: scope)
        tried = PastCatalogs(try catalogs.candidate(catalog), known: [])
        let known = try catalogs.planIDs()
        if let plan, known[plan] == nil { throw StoreError.unknownPlan(plan, known: known.keys.sorted()) }
        self.plan = plan
        planKeys = Dictionary(known.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        plans = Dictionary(catalog.plans.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func key(_ plan: Int32) -> String { planKeys[plan] ?? "\(plan)" }

    /// Why the catalog cannot rate what some plans were billed; nil where it can.
    ///
    /// - Parameter billedWith: the number of the catalog that they were rated with.
    func obstacle(
        _ plans: [Int32], in currency: String, billedWith: Int32
    ) -> WhatIfSubscription.Obstacle? {
        let known = tried.catalog.catalog.currencies.map(\.code)
        guard known.contains(currency) else { return .currencyMissing(known: known) }
        for number in plans {
            let key = key(number)
            guard let plan = self.plans[key] else { return .planMissing(key) }
            let before = books.catalogs[billedWith]?.catalog.plans.first { $0.key == key }
            if let before, before.invoiceEvery != plan.invoiceEvery {
                return .otherPeriods(old: before.invoiceEvery, new: plan.invoiceEvery)
            }
        }
        return nil
    }

    /// What a rating that cannot be done comes to.
    func obstacle(_ error: BillingError) -> WhatIfSubscription.Obstacle {
        switch error {
        case .unknownPlan(let plan): .planMissing(key(plan))
        case .otherCurrency(_, let known): .currencyMissing(known: known)
        default: .failed(error)
        }
    }
}
