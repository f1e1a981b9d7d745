import Billing
import Postgres
import SQL

/// Readings that all fit into memory, each key once: there they are compared with what is known, and from there written
/// where they differ, with the totals, in one transaction a chunk.
///
/// What comes from many sources is compared with what all of them have delivered. Where that is far more than the readings
/// themselves, they are landed, so that the database looks for each; see ``LandedReadings``.
struct ComparedReadings {
    let connection: Connection
    let pull: PullStore.Claim

    /// What cannot be done in memory after all.
    private struct Unfit: Error {}

    init(_ connection: Connection, for pull: PullStore.Claim) {
        self.connection = connection
        self.pull = pull
    }

    /// - Parameters:
    ///   - readings: in the order of their keys.
    ///   - committed: called after each chunk with its number of readings.
    func write(_ readings: GatheredReadings, committed: (Int64) throws -> Void) throws -> LandedReadings.Written {
        var written = LandedReadings.Written()
        guard let customers = readings.customers else { return written }
        var rest = readings.elements[...]
        for chunk in LandedReadings.chunks(of: readings.tally.days).flatMap(Self.alike) {
            let count = chunk.reduce(0) { $0 + $1.readings }
            guard let first = chunk.first?.day, let end = chunk.last?.day.adding(days: 1) else { continue }
            let taken = rest.prefix(Int(count))
            rest = rest.dropFirst(taken.count)
            do {
                written += try write(taken, from: first, to: end, customers)
            } catch is Unfit {
                written += try land(taken, chunk, customers)
            }
            try committed(count)
        }
        return written
    }

    /// Divides days where much stands beside little: what is known is read from the first day to the last, and the few that are
    /// restated of a day long ago should not cost all that lies between.
    private static func alike(_ days: [LandedReadings.Day]) -> [[LandedReadings.Day]] {
        days.reduce(into: []) { groups, day in
            if let last = groups.last?.last, isAlike(last, day) {
                groups[groups.count - 1].append(day)
            } else {
                groups.append([day])
            }
        }
    }

    private static func isAlike(_ earlier: LandedReadings.Day, _ later: LandedReadings.Day) -> Bool {
        let (less, more) = (min(earlier.readings, later.readings), max(earlier.readings, later.readings))
        guard more > fewKnown else { return true }
        return more / less <= Int64(mostKnown) && Int(later.day.daysSince1970 - earlier.day.daysSince1970) <= mostKnown
    }

    private func write(
        _ elements: ArraySlice<GatheredReadings.Element>, from first: CivilDate, to end: CivilDate,
        _ customers: ClosedRange<Int64>
    ) throws -> LandedReadings.Written {
        try connection.transaction {
            try pull.enter(connection)
            let difference = try compare(elements, from: first, to: end, customers)
            var written = LandedReadings.Written(
                new: Int64(difference.newCount), changed: Int64(difference.restated.count),
                unchanged: Int64(elements.count - difference.newCount - difference.restated.count))
            try add(elements, difference)
            if !difference.restated.isEmpty { try restate(difference.restated, from: first, to: end) }
            // A sum that leaves its type is the database's to refuse.
            guard let changes = difference.changes.inOrder else { throw Unfit() }
            if !changes.isEmpty {
                let landed = LandedReadings(connection)
                try landed.land(changes)
                written.late = try landed.applyChanges(from: first, to: end, of: customers, for: pull)
            }
            try pull.count(written, connection)
            return written
        }
    }

    // MARK: - Comparing

    /// A reading that differs from what is known of it.
    private struct Restated {
        var row: ReadingStore.Row
        var known: Int64
        var knownPull: Int64
    }

    private struct Difference {
        /// Of each reading, in their order, whether nothing is known of it.
        var isNew: [Bool] = []
        var newCount = 0
        var restated: [Restated] = []
        var changes = ChangedSlices()
    }

    /// So many known ones are looked at for one that has come.
    private static let mostKnown = 4
    private static let fewKnown = 1_000

    private func compare(
        _ elements: ArraySlice<GatheredReadings.Element>, from first: CivilDate, to end: CivilDate,
        _ customers: ClosedRange<Int64>
    ) throws -> Difference {
        var difference = Difference()
        var next = elements.startIndex
        var known = 0
        difference.isNew.reserveCapacity(elements.count)
        func add(_ row: ReadingStore.Row) {
            difference.isNew.append(true)
            difference.newCount += 1
            difference.changes.add(row, Int128(row.quantity))
        }
        let query = Query(
            .readKnownReadings,
            literals: [
                "first_day": .day(first), "end": .day(end), "first_customer": .number(customers.lowerBound),
                "last_customer": .number(customers.upperBound),
            ])
        let most = elements.count * Self.mostKnown + Self.fewKnown
        try connection.copyOut(query) { fields in
            known += 1
            guard known <= most else { throw Unfit() }
            let key = ReadingKey(
                day: try fields.day(0), customerID: try fields.int64(1), accountID: try fields.int64(2),
                channelID: try fields.int32(3), meterID: try fields.int32(4))
            while next < elements.endIndex, ReadingKey(elements[next].row) < key {
                add(elements[next].row)
                next += 1
            }
            guard next < elements.endIndex, ReadingKey(elements[next].row) == key else { return }
            let (row, quantity) = (elements[next].row, try fields.int64(5))
            next += 1
            difference.isNew.append(false)
            guard row.quantity != quantity else { return }
            difference.restated.append(Restated(row: row, known: quantity, knownPull: try fields.int64(6)))
            difference.changes.add(row, Int128(row.quantity) - Int128(quantity))
        }
        for element in elements[next...] { add(element.row) }
        return difference
    }

    private func add(_ elements: ArraySlice<GatheredReadings.Element>, _ difference: Difference) throws {
        guard difference.newCount > 0 else { return }
        _ = try connection.copyIn(Query(.copyReading)) { buffer in
            for ((row, _), isNew) in zip(elements, difference.isNew) where isNew {
                buffer.row(fields: 7)
                buffer.date(row.day.daysSince1970)
                buffer.int64(row.customerID)
                buffer.int64(row.accountID)
                buffer.int32(row.channelID)
                buffer.int32(row.meterID)
                buffer.int64(row.quantity)
                buffer.int64(pull.pullID)
            }
        }
    }

    private func restate(_ readings: [Restated], from first: CivilDate, to end: CivilDate) throws {
        _ = try connection.execute(
            Query(
                .restateReadings, readings.map { PGDate($0.row.day) }, readings.map(\.row.customerID),
                readings.map(\.row.accountID), readings.map(\.row.channelID), readings.map(\.row.meterID),
                readings.map(\.row.quantity), readings.map(\.known), readings.map(\.knownPull), pull.pullID, first, end)
        )
    }

    // MARK: - Where the database has to look

    private func land(
        _ elements: ArraySlice<GatheredReadings.Element>, _ days: [LandedReadings.Day], _ customers: ClosedRange<Int64>
    ) throws -> LandedReadings.Written {
        let landed = LandedReadings(connection)
        try landed.clear()
        _ = try connection.copyIn(Query(.copyLandedReading)) { buffer in
            for (row, place) in elements { buffer.reading(row, at: place) }
        }
        let judged = try landed.judge(mayRepeat: false, retainedSince: nil, days: days)
        return try landed.write(judged.days, of: customers, for: pull, WindowSeries([])) { _ in }
    }
}
