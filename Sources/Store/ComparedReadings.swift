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
    ///   - rows: in the order of their keys.
    ///   - days: theirs, in their order.
    ///   - customers: from the first to the last of theirs.
    ///   - committed: called after each chunk with its number of readings.
    func write(
        _ rows: [ReadingStore.Row], _ days: [LandedReadings.Day], of customers: ClosedRange<Int64>,
        committed: (Int64) throws -> Void
    ) throws -> LandedReadings.Written {
        var written = LandedReadings.Written()
        var rest = rows[...]
        for chunk in LandedReadings.chunks(of: days) {
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

    private func write(
        _ rows: ArraySlice<ReadingStore.Row>, from first: CivilDate, to end: CivilDate, _ customers: ClosedRange<Int64>
    ) throws -> LandedReadings.Written {
        try connection.transaction {
            try pull.enter(connection)
            let difference = try compare(rows, from: first, to: end, customers)
            var written = LandedReadings.Written(
                new: Int64(difference.newCount), changed: Int64(difference.restated.count),
                unchanged: Int64(rows.count - difference.newCount - difference.restated.count))
            if difference.newCount > 0 { _ = try connection.copyIn(Query(.copyReading), difference.new) }
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
        /// As `meterbook.reading` takes them.
        var new = CopyBuffer()
        var newCount = 0
        var restated: [Restated] = []
        var changes = ChangedSlices()
    }

    /// So many known ones are looked at for one that has come.
    private static let mostKnown = 4
    private static let fewKnown = 1_000

    private func compare(
        _ rows: ArraySlice<ReadingStore.Row>, from first: CivilDate, to end: CivilDate, _ customers: ClosedRange<Int64>
    ) throws -> Difference {
        var difference = Difference()
        var next = rows.startIndex
        var known = 0
        func add(_ row: ReadingStore.Row) {
            difference.new.row(fields: 7)
            difference.new.date(row.day.daysSince1970)
            difference.new.int64(row.customerID)
            difference.new.int64(row.accountID)
            difference.new.int32(row.channelID)
            difference.new.int32(row.meterID)
            difference.new.int64(row.quantity)
            difference.new.int64(pull.pullID)
            difference.newCount += 1
            difference.changes.add(row, Int128(row.quantity))
        }
        let query = Query(
            .readKnownReadings,
            literals: [
                "first_day": .day(first), "end": .day(end), "first_customer": .number(customers.lowerBound),
                "last_customer": .number(customers.upperBound),
            ])
        let most = rows.count * Self.mostKnown + Self.fewKnown
        try connection.copyOut(query) { fields in
            known += 1
            guard known <= most else { throw Unfit() }
            let key = ReadingKey(
                day: try fields.day(0), customerID: try fields.int64(1), accountID: try fields.int64(2),
                channelID: try fields.int32(3), meterID: try fields.int32(4))
            while next < rows.endIndex, ReadingKey(rows[next]) < key {
                add(rows[next])
                next += 1
            }
            guard next < rows.endIndex, ReadingKey(rows[next]) == key else { return }
            let (row, quantity) = (rows[next], try fields.int64(5))
            next += 1
            guard row.quantity != quantity else { return }
            difference.restated.append(Restated(row: row, known: quantity, knownPull: try fields.int64(6)))
            difference.changes.add(row, Int128(row.quantity) - Int128(quantity))
        }
        for row in rows[next...] { add(row) }
        return difference
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
        _ rows: ArraySlice<ReadingStore.Row>, _ days: [LandedReadings.Day], _ customers: ClosedRange<Int64>
    ) throws -> LandedReadings.Written {
        let landed = LandedReadings(connection)
        try landed.clear()
        var buffer = CopyBuffer()
        for (number, row) in rows.enumerated() {
            // Of rows that are fit nobody asks where they stood.
            buffer.reading(row, at: LandedPlaces.Place(number: Int64(number) + 1, file: 0))
            guard buffer.byteCount >= CopyBuffer.landedBytes else { continue }
            try landed.land(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
        try landed.land(buffer)
        let judged = try landed.judge(mayRepeat: false, retainedSince: nil, days: days)
        return try landed.write(judged.days, of: customers, for: pull, WindowSeries([])) { _ in }
    }
}
