import Billing
import Connectors
import Deployment
import Store

/// Subscriptions, each let in only when the catalog can rate it.
final class SubscriptionIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    private let catalog: RatingCatalog
    private let timeZones: Set<String>
    private let fields = Feed.subscriptions.fields.map(\.name)

    init(_ pull: PullStore, catalog: RatingCatalog, timeZones: Set<String>) throws {
        self.pull = pull
        store = try ImportStore(pull, .subscriptions)
        self.catalog = catalog
        self.timeZones = timeZones
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            if let subscription = subscription(&row) {
                try store.land(subscription, row.origin)
            } else if let rejection = row.rejection {
                try pull.reject(rejection)
            }
        }
    }

    private enum Field {
        static let (key, customer, plan, anchor, signedUp, starts, ends) = (0, 1, 2, 3, 4, 5, 6)
        static let (cadence, currency, timeZone, trialEnds, billingDay, timeZoneFrom) = (7, 8, 9, 10, 11, 12)
        static let (contract, coupon, couponFrom) = (13, 14, 15)
    }

    private func subscription(_ row: inout RowReader) -> ImportStore.SubscriptionRow? {
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
        if let timeZone, !timeZones.contains(timeZone) { row.refuse(.invalidTimeZone, Field.timeZone) }
        if timeZone == nil, timeZoneFrom != nil { row.refuse(.missingField, Field.timeZone) }
        if [Field.anchor, Field.signedUp, Field.starts].allSatisfy({ row.isAbsent($0) }) {
            row.refuse(.missingField, Field.signedUp)
        }
        guard !row.isRefused, let key, let customer, plan != nil else { return nil }
        do {
            return ImportStore.SubscriptionRow(
                key: key, customer: customer, admission: try catalog.admit(application),
                currency: currency ?? catalog.catalog.currency.code, timeZone: timeZone, timeZoneFrom: timeZoneFrom)
        } catch {
            row.refuse(error.reason, error.field)
            return nil
        }
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply()
        return 0
    }
}
