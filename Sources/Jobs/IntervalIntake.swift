import Billing
import Connectors
import Deployment
import Store

/// Intervals: when a channel was on. They are always read whole, for an old one may get its end today.
final class IntervalIntake: Intake {
    private let pull: PullStore
    private let store: ImportStore
    /// The series that peaks are counted of.
    private var series: [String: Int32] = [:]
    private let window: PullStep.Window
    private let today: CivilDate
    /// What would change a period that ended on or before this day is refused; nil for none.
    private let cutoff: CivilDate?
    private let fields = Feed.intervals.fields.map(\.name)

    init(_ pull: PullStore, catalog: RatingCatalog, window: PullStep.Window, today: CivilDate, asOf: CivilDate)
        throws
    {
        self.pull = pull
        store = try ImportStore(pull, .intervals)
        for meter in catalog.meters where meter.definition.aggregate == .peak {
            series[meter.definition.series] = meter.series
        }
        self.window = window
        self.today = today
        cutoff = catalog.catalog.invoices.cutoff(on: asOf)
    }

    func take(_ page: RawPage) throws {
        for index in 0..<page.rowCount {
            var row = RowReader(page, index, fields: fields)
            if let interval = interval(&row) {
                // A run of the past does not know what was switched on later …
                guard window.to.map({ interval.on.isBefore($0) }) ?? true else {
                    pull.counts.outside += 1
                    continue
                }
                try store.land(interval, row.origin)
            } else if let rejection = row.rejection {
                try pull.reject(rejection)
            }
        }
    }

    private func interval(_ row: inout RowReader) -> ImportStore.IntervalRow? {
        let (account, channel, meter) = (row.key(0), row.key(1), row.key(2))
        let (on, off, category) = (row.instant(3), row.optionalInstant(4), row.optionalKey(5))
        if let on, let off, on.isLocal == off.isLocal, off.microseconds < on.microseconds {
            row.refuse(.endNotAfterStart, "off")
        }
        if let tomorrow = today.adding(days: 1) {
            if let on, !on.isBefore(tomorrow) { row.refuse(.futureDay, "on") }
            if let off, !off.isBefore(tomorrow) { row.refuse(.futureDay, "off") }
        }
        if let meter, series[meter] == nil { row.refuse(.unknownMeter, "meter") }
        guard !row.isRefused, let account, let channel, let meter, let id = series[meter], let on else { return nil }
        // … nor what was switched off later: to it such a channel is on.
        let isLater = off.flatMap { off in window.to.map { !off.isBefore($0) } } ?? false
        return ImportStore.IntervalRow(
            account: account, channel: channel, meter: id, on: on, off: isLater ? nil : off, isOffLater: isLater,
            category: category ?? "")
    }

    func finish(_ context: JobContext) throws -> Int64 {
        try store.apply(retainedSince: cutoff)
        return 0
    }
}

extension WrittenInstant {
    /// Whether its day, on its own clock, lies before another one.
    fileprivate func isBefore(_ day: CivilDate) -> Bool {
        self.day.map { $0 < day } ?? false
    }
}
