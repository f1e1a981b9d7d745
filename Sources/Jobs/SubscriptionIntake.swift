import Billing
import Connectors
import Deployment
import Store

/// Subscriptions, each let in only when the catalog can rate it.
final class SubscriptionIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let catalog: RatingCatalog
    /// What the server knows; nil until a row names one that its subscription has not had, for the server reads a thousand
    /// files to tell.
    private var timeZones: Set<String>?
    private let changes: ChangeStore
    private let look: LookStore
    private let asOf: CivilDate
    private let fields = Feed.subscriptions.fields.map(\.name)

    /// - Parameter changes: carries out what the rows say of known subscriptions' plans.
    init(
        _ pull: PullStore, catalog: RatingCatalog, changes: ChangeStore, look: LookStore, asOf: CivilDate
    ) throws {
        self.pull = pull
        self.changes = changes
        self.look = look
        self.asOf = asOf
        store = try ImportStore(pull, .subscriptions)
        self.catalog = catalog
    }

    func take(_ page: RawPage) throws {
        let keys = (0..<page.rowCount).compactMap { index in
            var row = RowReader(page, index, fields: fields)
            return row.key(Field.key)
        }
        let known = try store.knownSubscriptions(keys)
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            if let subscription = try subscription(&row, known) {
                try store.land(subscription, row.origin)
            } else if let rejection = row.rejection {
                try pull.reject(rejection)
            }
        }
    }

    private enum Field {
        static let (key, customer, plan, anchor, signedUp, starts, ends) = (0, 1, 2, 3, 4, 5, 6)
        static let (cadence, currency, timeZone, trialEnds, billingDay, timeZoneFrom) = (7, 8, 9, 10, 11, 12)
        static let (contract, coupon, couponFrom, changeAt) = (13, 14, 15, 16)
    }

    private func isKnown(_ timeZone: String) throws -> Bool {
        let known = try timeZones ?? ImportStore.timeZones(pull.connection)
        timeZones = known
        return known.contains(timeZone)
    }

    private func subscription(
        _ row: inout RowReader, _ known: [String: ImportStore.Known]
    ) throws -> ImportStore.SubscriptionRow? {
        let (key, customer, plan) = (row.key(Field.key), row.key(Field.customer), row.key(Field.plan))
        let (cadenceText, currency) = (row.optionalKey(Field.cadence), row.optionalKey(Field.currency))
        let (timeZone, timeZoneFrom) = (row.optionalKey(Field.timeZone), row.optionalDay(Field.timeZoneFrom))
        let cadence = cadenceText.flatMap { Cadence($0) }
        var application = RatingCatalog.Application(
            plan: plan ?? "", anchor: row.optionalDay(Field.anchor), signedUp: row.optionalDay(Field.signedUp),
            starts: row.optionalDay(Field.starts), ends: row.optionalDay(Field.ends),
            trialEnds: row.optionalDay(Field.trialEnds), billingDay: row.optionalDayOfMonth(Field.billingDay))
        application.paysEvery = cadence
        application.currency = currency
        application.contract = row.optionalKey(Field.contract)
        let (coupon, couponFrom) = (row.optionalKey(Field.coupon), row.optionalDay(Field.couponFrom))
        if coupon == nil, couponFrom != nil { row.refuse(.missingField, Field.coupon) }
        application.coupon = coupon
        application.couponFrom = couponFrom
        if cadenceText != nil, cadence == nil { row.refuse(.invalidCadence, Field.cadence) }
        if let currency, Currency(code: currency) == nil { row.refuse(.invalidCurrency, Field.currency) }
        if let timeZone, key.flatMap({ known[$0]?.timeZone }) != timeZone, try !isKnown(timeZone) {
            row.refuse(.invalidTimeZone, Field.timeZone)
        }
        if timeZone == nil, timeZoneFrom != nil { row.refuse(.missingField, Field.timeZone) }
        if [Field.anchor, Field.signedUp, Field.starts].allSatisfy({ row.isAbsent($0) }) {
            row.refuse(.missingField, Field.signedUp)
        }
        let changeText = row.optionalKey(Field.changeAt)
        let changeAt = changeText.flatMap { ChangeRequest.Day($0) }
        if changeText != nil, changeAt == nil { row.refuse(.invalidChangeDay, Field.changeAt) }
        guard !row.isRefused, let key, let customer, let plan else { return nil }
        let isHeard = known[key]?.heardPlan == plan
        let number = isHeard ? known[key]?.heardPlanNumber : catalog.number(ofPlan: plan)
        // A source that names no rhythm means that of the plan; where the plan is gone from the catalog, what it meant before.
        let saidCadence =
            cadence ?? number.flatMap { catalog.definition(ofPlan: $0)?.invoiceEvery } ?? known[key]?.heardPaysEvery
        application.anchorIsKnown = known[key].map { $0.anchor == application.anchor } ?? false
        if let known = known[key], number != nil {
            // Another plan is a change with a day of its own: everything else is looked at on the present one.
            (application.plan, application.paysEvery) = (known.plan, known.paysEvery)
        }
        do {
            var admission = try catalog.admit(application)
            if let known = known[key] {
                rest(&admission, on: [known.heardPlanNumber, number].compactMap(\.self), application)
                // From the start on means from its own one, which may not be that of somebody who begins on the plan today.
                if couponFrom == nil { admission.terms.coupon?.from = known.starts }
            }
            return ImportStore.SubscriptionRow(
                key: key, customer: customer, admission: admission,
                currency: currency ?? catalog.catalog.currency.code, timeZone: timeZone, timeZoneFrom: timeZoneFrom,
                saidPlan: number ?? admission.terms.plan,
                saidPaysEvery: saidCadence ?? admission.terms.paysEvery, changeAt: changeAt)
        } catch {
            row.refuse(error.reason, error.field)
            return nil
        }
    }

    /// Dates that a row leaves out may rest on the trial or the alignment of a plan that the source named, and that the
    /// subscription has left since.
    private func rest(
        _ admission: inout RatingCatalog.Admission, on plans: [Int32], _ application: RatingCatalog.Application
    ) {
        let plans = plans.compactMap { catalog.definition(ofPlan: $0) }
        if application.starts == nil, application.trialEnds == nil, plans.contains(where: { $0.trial != nil }) {
            admission.startIsPlans = true
        }
        if application.anchor == nil, application.billingDay == nil,
            admission.startIsPlans || plans.contains(where: { $0.alignment == .calendar })
        {
            admission.anchorIsPlans = true
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply(
            changes: ImportStore.ChangeIntake(
                refusal: { try self.refusal(of: $0) },
                record: { change in
                    let subscription = try self.look.subscription(change.subscription)
                    guard let admitted = try self.admitted(change, subscription) else { return }
                    _ = try self.changes.record(admitted, of: subscription, origin: .source)
                }))
        return 0
    }

    private func refusal(of change: ImportStore.SaidChange) throws -> ChangeRefusal? {
        do {
            _ = try admitted(change, look.subscription(change.subscription))
            return nil
        } catch let refusal as ChangeRefusal {
            return refusal
        } catch let error as BillingError {
            return .billing(error)
        }
    }

    /// Nil where the source has only heard of what the subscription is already.
    private func admitted(
        _ change: ImportStore.SaidChange, _ subscription: LookStore.StoredSubscription
    ) throws -> AdmittedChange? {
        var subscription = subscription
        (subscription.terms.ends, subscription.withoutPending.ends) = (change.ends, change.ends)
        // Where only the day is another one, what is pending is meant.
        let isSame = change.plan == nil && change.paysEvery == nil
        let asked = (isSame ? subscription.terms : subscription.withoutPending).held(on: .latest)
        let number = change.plan ?? asked.plan
        guard let plan = catalog.definition(ofPlan: number)?.key else {
            throw ChangeRefusal.unknownPlan("\(number)", known: catalog.catalog.plans.map(\.key))
        }
        do {
            return try ChangeAdmission(store: changes, look: look, catalog: catalog, asOf: asOf).admit(
                ChangeRequest(plan: plan, paysEvery: change.paysEvery ?? asked.paysEvery, day: change.day),
                of: subscription)
        } catch ChangeRefusal.noChange {
            return nil
        }
    }
}
