import Billing
import Postgres
import SQL

/// What the running meters of a subscription have ever been known to count in some days, slice by slice: so it can be told
/// what was known at any watermark.
struct PastUsage {
    /// What readings of one slice add up to that came with one pull and went with another.
    private struct Part {
        let meter: Int32
        let start: CivilDate
        let broughtBy: Int64
        let supersededBy: Int64
        var quantity: Int64
    }

    /// Readings of a meter: of each its day since 1970-01-01, its quantity, the pull that brought it and the one that superseded
    /// it.
    struct Readings {
        let days: [Int64]
        let quantities: [Int64]
        let pulls: [Int64]
        let superseded: [Int64]
    }

    private let slicing: Slicing
    private var parts: [Part] = []

    /// - Parameter slicing: as the totals were kept, so that every sum which the close took is one of whole slices.
    init(_ slicing: Slicing) {
        self.slicing = slicing
    }

    mutating func add(_ meter: Int32, _ readings: Readings) throws {
        let days = readings.days
        guard
            [readings.quantities.count, readings.pulls.count, readings.superseded.count].allSatisfy({ $0 == days.count }
            )
        else { throw StoreError.inconsistent("a reading has no day, quantity or pull") }
        var latest: (number: Int64, start: CivilDate)?
        for index in days.indices {
            let start: CivilDate
            if let latest, latest.number == days[index] {
                start = latest.start
            } else {
                guard let day = Int32(exactly: days[index]).flatMap({ CivilDate(daysSince1970: $0) }) else {
                    throw StoreError.inconsistent("a date outside the years 1 to 9999")
                }
                start = try slicing.start(containing: day)
                latest = (days[index], start)
            }
            add(
                Part(
                    meter: meter, start: start, broughtBy: readings.pulls[index],
                    supersededBy: readings.superseded[index], quantity: readings.quantities[index]))
        }
    }

    /// Readings come in the order of their days, so most go with the one before them. What cannot be added up is found by who
    /// rates it, and by nobody else.
    private mutating func add(_ part: Part) {
        if let last = parts.indices.last, parts[last].meter == part.meter, parts[last].start == part.start,
            parts[last].broughtBy == part.broughtBy, parts[last].supersededBy == part.supersededBy
        {
            let (sum, overflow) = parts[last].quantity.addingReportingOverflow(part.quantity)
            if !overflow {
                parts[last].quantity = sum
                return
            }
        }
        parts.append(part)
    }

    /// The totals of the slices from a day until before another, as they were known at a watermark. A slice may come in
    /// several.
    func totals(from start: CivilDate, to end: CivilDate, at watermark: Int64) -> [SliceTotal] {
        var totals: [SliceTotal] = []
        for part in parts
        where start <= part.start && part.start < end && part.broughtBy <= watermark && watermark < part.supersededBy {
            totals.append(SliceTotal(meter: part.meter, start: part.start, quantity: part.quantity))
        }
        return totals
    }
}

extension PastUsage {
    /// The days on which the totals of single subscriptions of a batch begin anew.
    static func cuts(_ connection: Connection, _ batch: ReplayBatch.Bounds) throws -> [Int64: [CivilDate]] {
        Dictionary(
            grouping: try connection.query(
                Query(
                    .listBatchCuts, batch.after.customer, batch.after.subscription, batch.last.customer,
                    batch.last.subscription), as: Int64.self, CivilDate.self), by: \.0
        ).mapValues { $0.map(\.1) }
    }

    /// Reads every reading of a batch that was ever known in some days.
    static func read(
        _ connection: Connection, _ batch: ReplayBatch.Bounds, _ days: DateRange, into usage: inout [Int64: PastUsage]
    ) throws {
        let query = Query(
            .readPastReadings,
            literals: [
                "first_customer": .number(batch.first), "after_customer": .number(batch.after.customer),
                "after_subscription": .number(batch.after.subscription),
                "last_customer": .number(batch.last.customer),
                "last_subscription": .number(batch.last.subscription), "first_day": .day(days.start),
                "days": .number(Int64(days.days)),
            ])
        try connection.copyOut(query) { row in
            try usage[row.int64(1)]?.add(
                row.int32(2),
                PastUsage.Readings(
                    days: row.int64Array(3), quantities: row.int64Array(4), pulls: row.int64Array(5),
                    superseded: row.int64Array(6)))
        }
    }
}
