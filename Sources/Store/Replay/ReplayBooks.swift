package import Billing
package import Postgres
import SQL

/// What all batches of a replay have in common: the journal, the catalogs, and which invoices are asked for.
package struct ReplayBooks: Sendable {
    /// Which invoices to replay; nil is no restriction.
    package struct Scope: Sendable {
        package var customer: String?
        /// Invoices dated on or after this day …
        package var from: CivilDate?
        /// … and before this one.
        package var to: CivilDate?
        /// The only invoice, with its customer's number.
        package var only: Single?

        package struct Single: Sendable {
            package var customerID: Int64
            package var subscriptionID: Int64
            package var day: CivilDate
            package var kind: InvoiceDocument.Kind

            package init(customerID: Int64, subscriptionID: Int64, day: CivilDate, kind: InvoiceDocument.Kind) {
                self.customerID = customerID
                self.subscriptionID = subscriptionID
                self.day = day
                self.kind = kind
            }
        }

        package init(customer: String? = nil, from: CivilDate? = nil, to: CivilDate? = nil, only: Single? = nil) {
            self.customer = customer
            self.from = from
            self.to = to
            self.only = only
        }

        func contains(_ key: InvoiceKey) -> Bool {
            if let only { return key.day == only.day && key.kind == only.kind }
            return from.map { $0 <= key.day } ?? true && to.map { key.day < $0 } ?? true
        }

        /// The days in which the invoices are dated.
        var firstDay: CivilDate { only?.day ?? from ?? .earliest }
        var dayAfter: CivilDate { only.flatMap { $0.day.adding(days: 1) } ?? to ?? .latest }
    }

    /// A run of the journal.
    struct Run: Sendable {
        let asOf: CivilDate
        /// The catalogs that it could know, by number.
        let catalogs: [Int32]
    }

    /// What a close rated with.
    struct Rating: Hashable {
        let catalog: Int32
        let known: [Int32]
    }

    /// The customers to go through; nil where there is none.
    package let customers: ClosedRange<Int64>?
    package let subscriptions: Int64
    let scope: Scope
    /// What a later run writes while the replay is under way is left to the next one.
    let lastRun: Int64
    /// Until this run what is overwritten was not kept.
    let afterRun: Int64
    let runs: [Int64: Run]
    let catalogs: [Int32: RatingCatalog]
    let names: PriceNames
    /// The meters that have one quantity for each billing period, of all catalogs.
    let windowMeters: WindowMeters
    let cuts: [CivilDate]

    /// - Parameter catalogs: on the same connection.
    /// - Throws: `StoreError.unknownCustomer`.
    package init(_ connection: Connection, catalogs: CatalogStore, scope: Scope) throws {
        guard
            let limits = try connection.first(
                Query(.readReplayScope, scope.customer), as: Int64.self, Int64?.self, Int64?.self, Int64.self,
                Int64?.self)
        else { throw StoreError.inconsistent("nothing to count") }
        if let customer = scope.customer, limits.0 == 0,
            try connection.first(
                Query(.findCustomer, customer), as: Int64.self, String.self, String.self, String?.self) == nil
        {
            throw StoreError.unknownCustomer(customer)
        }
        if let only = scope.only {
            customers = only.customerID...only.customerID
            subscriptions = 1
        } else if let first = limits.1, let last = limits.2 {
            customers = first...last
            subscriptions = limits.0
        } else {
            customers = nil
            subscriptions = 0
        }
        self.scope = scope
        // Where the row is gone, nobody knows from when on everything was kept.
        (lastRun, afterRun) = (limits.3, limits.4 ?? .max)
        runs = Dictionary(
            try connection.query(Query(.listPastRuns, limits.3), as: Int64.self, CivilDate.self, [Int32].self)
                .map { ($0.0, Run(asOf: $0.1, catalogs: $0.2)) }, uniquingKeysWith: { first, _ in first })
        let all = try catalogs.all()
        self.catalogs = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        names = try PriceNames(connection, catalogs: all, meterIDs: catalogs.meterIDs())
        windowMeters = try catalogs.windowMeters()
        cuts = try catalogs.cuts()
    }

    /// Why what a run wrote cannot be replayed; nil where it can.
    func obstacle(run: Int64, catalog: Int32, engine: Int16) -> ReplayReport.Reason? {
        guard run > afterRun else { return .notKept(run: run) }
        guard runs[run] != nil else { return .unknownRun(run) }
        guard catalogs[catalog] != nil else { return .unknownCatalog(catalog) }
        guard engine == Closer.engineVersion else { return .otherEngine(engine, known: Closer.engineVersion) }
        return nil
    }
}
