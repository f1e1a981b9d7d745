package import Billing
import Postgres
package import Store

/// Answers what people ask about the books. Reads, and never changes anything.
package struct Look {
    let connection: Connection
    let store: LookStore
    let catalogs: CatalogStore

    /// - Parameter role: who may see this as well as the auditor and billing.
    /// - Throws: `StoreError.lacksRole`, `StoreError.notMigrated`.
    package init(_ database: Database, alsoAs role: BookRole? = nil) throws {
        connection = try database.connectToLook(alsoAs: role)
        store = LookStore(connection)
        catalogs = CatalogStore(connection, parse: DeploymentFolder.parseCatalog)
    }

    /// Looks into the books as a run sees them, from within it.
    init(_ connection: Connection) {
        self.connection = connection
        store = LookStore(connection)
        catalogs = CatalogStore(connection, parse: DeploymentFolder.parseCatalog)
    }

    /// The account page of a subscription.
    ///
    /// - Parameters:
    ///   - asOf: nil for the latest day that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    package func usage(_ key: String, asOf: CivilDate?, now: Int64) throws -> UsageStatement {
        let subscription = try store.subscription(key)
        let catalog = try catalogs.currentForRating().edition(of: subscription.terms)
        let day = try today(asOf, now: now)
        let (plan, version) = try catalog.terms(of: subscription.terms, on: day)
        let allowances = try catalog.meteredPrices(of: subscription.terms, on: day).map { price in
            let totals = try store.totals(subscription, in: price.period)
            if !price.meter.isRunning {
                let window = try self.window(subscription, catalog, price.meter, for: price.period, until: day)
                let sources = window.sources.map { source in
                    UsageStatement.SourceCount(
                        account: source.account, channel: source.channel, quantity: window.share(source),
                        lastDay: source.day)
                }
                return try price.allowance(totals: totals, sources: sources, window: window)
            }
            let sources = try sources(subscription, price.usage.meterID, in: price.period, until: day)
            return try price.allowance(totals: totals, sources: sources)
        }
        return UsageStatement(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            plan: plan.key, planName: plan.name, asOf: day, currency: catalog.catalog.currency,
            period: subscription.openPeriod, allowances: allowances, entitlements: version.entitlements)
    }

    /// What a subscription may do on a day, and how much of it is used in the billing period that the day lies in.
    ///
    /// - Parameters:
    ///   - asOf: nil for the latest day that has begun in some time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    package func entitlements(_ key: String, asOf: CivilDate?, now: Int64) throws -> EntitlementStatement {
        let subscription = try store.subscription(key)
        let catalog = try catalogs.currentForRating()
        let day = try today(asOf, now: now)
        let (plan, version) = try catalog.terms(of: subscription.terms, on: day)
        let found = try catalog.openPeriod(of: subscription.terms, containing: day)?.period
        let period = found.flatMap { $0.contains(day) ? $0 : nil }
        let held = try version.entitlements.map { entitlement in
            let meter = catalog.catalog.meters.first { $0.key == entitlement.meter }
            guard let meter, let period else { return EntitlementStatement.Held(entitlement, meter: meter, use: nil) }
            let use = try used(subscription, catalog, meter, in: period, until: day)
            return EntitlementStatement.Held(entitlement, meter: meter, use: use)
        }
        return EntitlementStatement(
            subscription: subscription.key, customer: subscription.customer, customerName: subscription.customerName,
            plan: plan.key, planName: plan.name, asOf: day, period: period, entitlements: held)
    }

    /// The day that is asked for, or else the latest one that has begun in some time zone.
    func today(_ asOf: CivilDate?, now: Int64) throws -> CivilDate {
        try asOf ?? RunJournal(connection).localDates(now: now).latest
    }

    /// What any meter of the catalog comes to for a period by the end of a day. Also one that no price names: that one has
    /// no totals, so it is counted from the readings.
    func used(
        _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, _ meter: Meter, in period: DateRange,
        until day: CivilDate
    ) throws -> Int64 {
        guard meter.isRunning else {
            return try window(subscription, catalog, meter, for: period, until: day).quantity
        }
        return try sources(subscription, rated(meter, catalog).id, in: period, until: day)
            .reduce(0) { sum, source throws(BillingError) in
                let (next, overflow) = sum.addingReportingOverflow(source.quantity)
                guard !overflow else { throw BillingError.quantityOverflow(meter: meter.key) }
                return next
            }
    }

    func rated(_ meter: Meter, _ catalog: RatingCatalog) throws -> RatingMeter {
        guard let rated = catalog.meters.first(where: { $0.definition.key == meter.key }) else {
            throw StoreError.inconsistent("the meter '\(meter.key)' has no number")
        }
        return rated
    }

    /// What each channel of each account has counted in a period by the end of a day.
    private func sources(
        _ subscription: LookStore.StoredSubscription, _ meterID: Int32, in period: DateRange, until day: CivilDate
    ) throws -> [UsageStatement.SourceCount] {
        guard let tomorrow = day.adding(days: 1),
            let sofar = DateRange(start: period.start, end: min(tomorrow, period.end))
        else { return [] }
        return try store.sources(subscription, in: sofar).filter { $0.meter == meterID }.map(\.count)
    }

    /// What a meter that is no running total comes to for a period, as far as its window has gone by the end of a day.
    func window(
        _ subscription: LookStore.StoredSubscription, _ catalog: RatingCatalog, _ meter: Meter, for period: DateRange,
        until day: CivilDate
    ) throws -> WindowCount {
        guard let whole = meter.window.range(for: period), let tomorrow = day.adding(days: 1) else {
            throw BillingError.windowOutOfRange(meter: meter.key, period: period)
        }
        guard let sofar = DateRange(start: whole.start, end: min(tomorrow, whole.end)) else {
            return WindowCount(meter: meter, window: whole, quantity: 0, sources: [])
        }
        return try store.count(subscription, rated(meter, catalog), in: sofar)
    }

    /// What a monitor watches.
    ///
    /// - Parameters:
    ///   - asOf: what is due by this day waits; nil for the day that has begun in every subscription's time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    package func metrics(asOf: CivilDate?, now: Int64) throws -> BooksMetrics {
        try store.metrics(on: asOf ?? RunJournal(connection).localDates(now: now).earliest)
    }

    /// Invoices without their lines.
    package func invoices(_ filter: InvoiceStore.Filter, limit: Int64) throws -> [InvoiceDocument] {
        try invoiceStore().list(filter, limit: limit)
    }

    /// - Parameters:
    ///   - revision: which revised copy, 0 for the original; nil for the last.
    ///   - issue: which of its issues, from 1; nil for the last.
    /// - Throws: `StoreError.unknownInvoice`, `RevisionRefusal.noRevision`, `ReissueRefusal.noIssue`.
    package func invoice(
        _ reference: InvoiceReference, revision: Int32? = nil, issue: Int16? = nil
    ) throws -> InvoiceDocument {
        let invoices = try invoiceStore()
        let document = try invoices.invoice(reference, revision: revision, issue: issue).document
        if let issue, issue != document.issue?.ordinal ?? 0 {
            let last = try invoices.invoice(reference).document.issue?.ordinal ?? 0
            throw ReissueRefusal.noIssue(reference.description, issue, issues: last)
        }
        if let revision, revision != document.issue?.revision?.number ?? 0 {
            let last = try invoices.invoice(reference, issue: issue).document.issue?.revision?.number ?? 0
            throw RevisionRefusal.noRevision(reference.description, revision, revisions: last)
        }
        return document
    }

    /// Every invoice with its lines as one line of JSON, some thousand a call.
    package func export(from: CivilDate?, to: CivilDate?, _ write: ([UInt8]) throws -> Void) throws {
        try invoiceStore().exportLines(from: from, to: to, write)
    }

    /// Manual lines, by subscription and number.
    ///
    /// - Throws: `StoreError.unknownSubscription`.
    package func manualLines(_ filter: ManualLineStore.Filter, limit: Int64) throws -> [ManualLineRecord] {
        if let key = filter.subscription { _ = try store.subscription(key) }
        return try ManualLineStore(connection).list(filter, limit: limit)
    }

    /// Invoices that wait for a person.
    package func invoiceHolds(limit: Int64) throws -> [InvoiceHoldRecord] {
        try store.invoiceHolds(limit: limit)
    }

    /// Credit notes without their lines, by date and number.
    package func creditNotes(_ filter: CreditStore.Filter, limit: Int64) throws -> [CreditNoteDocument] {
        try CreditStore(connection).list(filter, limit: limit).map(\.document)
    }

    /// - Parameter number: as it is printed.
    /// - Throws: `JobError.unknownCreditNote`.
    package func creditNote(_ number: String) throws -> CreditNoteDocument {
        try CreditStore(connection).document(number: number, invoiceStore())
    }

    /// What moved customers' credits, in order.
    ///
    /// - Parameter customer: the customer's key; nil for all.
    /// - Throws: `StoreError.unknownCustomer`.
    package func creditEntries(customer: String?, limit: Int64) throws -> [CreditEntryRecord] {
        if let customer { _ = try BillingDetailStore(connection).customer(customer) }
        return try CreditStore(connection).entries(customer: customer, limit: limit)
    }

    /// How far the numbers of finalized invoices follow from each other, by series.
    package func chains() throws -> [ChainFinding] {
        try FinalizeStore(connection).verify(digest: InvoiceDigest.sha256)
    }

    /// An invoice, and why each of its lines is what it is.
    package func explain(_ reference: InvoiceReference) throws -> (InvoiceDocument, [LineExplanation]) {
        let invoices = try invoiceStore()
        let stored = try invoices.invoice(reference)
        let subscription = try store.subscription(reference.subscription)
        let explanations = try zip(stored.document.lines, stored.prices).map { line, place in
            guard let place else {
                let manual = try ManualLineStore(connection).line(line.line.manual ?? 0, of: reference.subscription)
                return LineExplanation(line: line, terms: nil, derivation: .manual(manual.line))
            }
            return LineExplanation(
                line: line,
                terms: LineExplanation.Terms(from: place.place.version.from, cohort: place.place.version.cohort),
                derivation: try derivation(of: line.line, at: place, stored, subscription, invoices))
        }
        return (stored.document, explanations)
    }

    private func derivation(
        of line: InvoiceLine, at place: PriceNames.Place, _ stored: InvoiceStore.Stored,
        _ subscription: LookStore.StoredSubscription, _ invoices: InvoiceStore
    ) throws -> LineExplanation.Derivation {
        let terms = subscription.terms
        let usage: UsagePrice
        switch place.place.price.model {
        case .flat(let flat): return .flat(try self.flat(flat, line, terms))
        case .minimum(let minimum): return .minimum(minimum)
        case .discount(let discount): return .discount(discount)
        case .usage(let price): usage = price
        }
        guard let meterID = place.meterID, let meter = place.meter else {
            throw StoreError.inconsistent("the meter of price \(line.price) stands in no catalog")
        }
        let catalog = place.catalog.catalog
        let rating = RatingUsage(
            usage, meterID: meterID, key: place.place.price.key, currency: catalog.currency,
            rounding: catalog.rounding, isRunning: meter.isRunning, places: meter.quantityPlaces)
        let period = try BillingCalendar(anchor: terms.anchor, cadence: usage.per)
            .period(containing: line.service.start)
        let share = rating.share(of: period, starts: terms.starts)
        let billed = try invoices.billed(
            stored, price: line.price, service: line.service, before: stored.document.period.end)
        let quantity = line.kind == .correction ? billed.quantity + line.quantity : line.quantity
        var readings: [LineExplanation.MonthCount] = []
        var window: WindowCount?
        if !meter.isRunning {
            guard let days = meter.window.range(for: line.service),
                let rated = place.catalog.meters.first(where: { $0.id == meterID })
            else { throw BillingError.windowOutOfRange(meter: meter.key, period: line.service) }
            window = try store.count(subscription, rated, in: days, watermark: stored.watermark)
        } else if let counted = DateRange(start: share.countsFrom, end: line.service.end) {
            readings = try invoices.readingsByMonth(
                customerID: stored.customerID, subscriptionID: stored.subscriptionID, meterID: meterID, in: counted,
                watermark: stored.watermark)
        }
        return .usage(
            LineExplanation.Usage(
                terms: usage, allowancePeriod: period, share: share, wholeAllowance: rating.allowance,
                alreadyPaid: max(0, line.threshold - share.allowance),
                readings: readings, counted: window, rounding: catalog.rounding,
                before: try rating.runningAmount(
                    RatingUsage.Count(
                        quantity: line.before, isStart: line.service.start == max(period.start, terms.starts)),
                    threshold: line.threshold, maximum: share.maximum),
                after: try rating.runningAmount(
                    .after(line.before + quantity), threshold: line.threshold, maximum: share.maximum),
                billedBefore: line.kind == .correction ? billed : nil))
    }

    private func flat(
        _ flat: FlatPrice, _ line: InvoiceLine, _ terms: Subscription
    ) throws -> LineExplanation.Flat {
        let held = terms.held(on: line.service.start)
        let whole = try held.paidPeriods.period(containing: line.service.start)
        let isPart = flat.isProrated && line.service.days < whole.days
        return LineExplanation.Flat(
            paidEvery: held.paysEvery, wholeAmount: flat.amount(every: held.paysEvery) ?? line.amount,
            partOf: isPart ? whole : nil)
    }

    func invoiceStore() throws -> InvoiceStore {
        try InvoiceStore(connection, catalogs: catalogs.all(), meterIDs: catalogs.meterIDs())
    }

    package func runs(limit: Int64) throws -> [RunRecord] { try store.runs(limit: limit) }

    package func run(_ id: Int64) throws -> RunRecord { try store.run(id) }

    package func rejections(source: String?, reason: String?, limit: Int64) throws -> [Rejection] {
        try store.rejections(source: source, reason: reason, limit: limit).map(\.rejection)
    }

    package func holds(limit: Int64) throws -> [HoldRecord] { try store.holds(limit: limit) }

    /// The latest notices first.
    package func notices(subscription: String?, status: NoticeRecord.Status?, limit: Int64) throws -> [NoticeRecord] {
        try store.notices(subscription: subscription, status: status, limit: limit)
    }

    /// Billing periods with the instants at which their days begin in a time zone of the server.
    package func periods(
        anchor: CivilDate, cadence: Cadence, alignment: Alignment, starts: CivilDate?, zone: String, from: CivilDate,
        count: Int
    ) throws -> PeriodList {
        try PeriodList(
            anchor: anchor, cadence: cadence, alignment: alignment, starts: starts, zone: zone, from: from,
            count: count, dayStarts: { try store.dayStarts($0, zone: zone) })
    }

    /// Whether the books agree with themselves.
    ///
    /// - Parameter limit: how many differences of one kind to list.
    package func reconcile(limit: Int64) throws -> Reconciliation {
        let catalog = try catalogs.current() == nil ? nil : catalogs.currentForRating()
        return try ReconcileStore(
            connection, catalog: catalog, catalogs: catalogs.all(), cuts: catalogs.cuts(), limit: limit
        ).reconcile()
    }
}

extension InvoiceStore {
    func invoice(_ reference: InvoiceReference, revision: Int32? = nil, issue: Int16? = nil) throws -> Stored {
        try invoice(
            subscription: reference.subscription, periodEnd: reference.periodEnd, kind: reference.kind,
            revision: revision, issue: issue)
    }
}

/// How people name an invoice: `SUBSCRIPTION/PERIOD-END`, or `SUBSCRIPTION/DAY/change`.
package struct InvoiceReference: Hashable, Sendable, CustomStringConvertible {
    package let subscription: String
    package let periodEnd: CivilDate
    /// Nil where it is not said: the period's invoice, or the only one of the day.
    package let kind: InvoiceDocument.Kind?

    package init(subscription: String, periodEnd: CivilDate, kind: InvoiceDocument.Kind? = nil) {
        self.subscription = subscription
        self.periodEnd = periodEnd
        self.kind = kind
    }

    /// As it is read.
    package var description: String {
        "\(subscription)/\(periodEnd)" + (kind.map { "/\($0.rawValue)" } ?? "")
    }

    /// Nil unless it ends in a slash and a day; the subscription's key may hold slashes of its own.
    package init?(_ text: String) {
        let suffix = "/\(InvoiceDocument.Kind.change.rawValue)"
        if text.hasSuffix(suffix), let named = InvoiceReference(String(text.dropLast(suffix.count))), named.kind == nil
        {
            self.init(subscription: named.subscription, periodEnd: named.periodEnd, kind: .change)
            return
        }
        guard let slash = text.lastIndex(of: "/"), slash > text.startIndex,
            let day = CivilDate(text[text.index(after: slash)...])
        else { return nil }
        self.init(subscription: String(text[..<slash]), periodEnd: day)
    }
}
