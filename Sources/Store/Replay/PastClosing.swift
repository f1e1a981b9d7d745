import Billing
import Postgres
import SQL

/// What one run has closed of one subscription: all its periods that were due, in order. Late usage is corrected on the first
/// of their invoices, so they are replayed together.
struct PastClosing {
    struct Period {
        let days: DateRange
        let number: Int32
        let catalog: Int32
        let watermark: Int64
        let engine: Int16
        /// The first slice of earlier periods that had seen late usage; nil where nothing had.
        let lateFrom: CivilDate?
    }

    let run: Int64
    private(set) var periods: [Period]

    /// By subscription, in order of time.
    static func read(
        _ connection: Connection, after place: CloseBatch.Place, upTo end: CloseBatch.Place
    ) throws -> [Int64: [PastClosing]] {
        let rows = try connection.query(
            Query(.listClosedPeriods, place.customer, place.subscription, end.customer, end.subscription),
            as: Int64.self, CivilDate.self, CivilDate.self, Int32.self, Int32.self, Int64.self, Int16.self, Int64.self,
            CivilDate?.self)
        var found: [Int64: [PastClosing]] = [:]
        var current: (subscription: Int64, closings: [PastClosing])?
        for row in rows {
            guard let days = DateRange(period: row.1, row.2) else {
                throw StoreError.inconsistent("a period runs backwards")
            }
            let period = Period(
                days: days, number: row.3, catalog: row.4, watermark: row.5,
                engine: row.6, lateFrom: row.8)
            if current?.subscription != row.0 {
                if let done = current { found[done.subscription] = done.closings }
                current = (row.0, [])
            }
            if let last = current?.closings.indices.last, current?.closings[last].run == row.7 {
                current?.closings[last].periods.append(period)
            } else {
                current?.closings.append(PastClosing(run: row.7, periods: [period]))
            }
        }
        if let done = current { found[done.subscription] = done.closings }
        return found
    }
}

extension PastSubscription {
    /// The catalog of the invoice that charged the subscription from a day on, as a run found it: that of a change on the day
    /// goes behind the period that ended on it.
    func catalog(charging day: CivilDate, before run: Int64, _ closings: [PastClosing]) -> Int32? {
        let changed = changes.last { change in
            change.row.day == day && change.settledRun.map { $0 < run } ?? false && change.invoice != nil
        }
        if let invoice = changed?.invoice { return invoice.catalog }
        return closings.first { $0.run < run && $0.periods.contains { $0.days.end == day } }?
            .periods.first { $0.days.end == day }?.catalog
    }
}
