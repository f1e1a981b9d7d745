package import Billing
import Postgres
import SQL

/// Counts of instants: landed, cleared of repeats, and added up to the readings of their local days.
///
/// Only here can be seen what a day comes to: its counts may stand anywhere in the files of a pull.
package final class CountStore {
    private let pull: PullStore
    private var connection: Connection { pull.connection }
    private let series: [Series]
    private var places = LandedPlaces()
    private var rows = CopyBuffer()

    /// What sources deliver under one key.
    package struct Series: Sendable {
        package var meterID: Int32
        package var rule: Meter.DayRule
        /// The most that a day's reading may be, in smallest parts.
        package var most: Int64

        package init(meterID: Int32, rule: Meter.DayRule, most: Int64) {
            self.meterID = meterID
            self.rule = rule
            self.most = most
        }
    }

    package init(_ pull: PullStore, series: [Series]) throws {
        self.pull = pull
        self.series = series
        try pull.connection.makeRoom(.createLandedCount)
        _ = try pull.connection.execute(Query(.clearLandedCount))
    }

    /// The file of a count, by the number that its row has; a reading that was totalled has that of its first count.
    func origin(_ file: Int32) -> String { places.origin(file) }

    /// - Parameters:
    ///   - row: with the local day, and the quantity of the instant.
    ///   - at: the instant, in microseconds since 1970-01-01 UTC.
    package func land(_ row: ReadingStore.Row, at: Int64, origin: String) throws {
        rows.reading(row, at: places.next(in: origin), counted: at)
        if rows.byteCount >= CopyBuffer.landedBytes { try send() }
    }

    private func send() throws {
        guard !rows.isEmpty else { return }
        _ = try connection.copyIn(Query(.copyLandedCount), rows)
        rows.removeAll(keepingCapacity: true)
    }

    /// Makes landed readings of what has landed here.
    func total() throws {
        try send()
        _ = try connection.execute(Query(.analyzeLandedCount))
        let added = series.filter { $0.rule == .total }
        let repeats = try connection.execute(Query(.judgeCountRepeats))
        let excess = try connection.execute(Query(.judgeCountTotals, added.map(\.meterID), added.map(\.most)))
        let unfit = repeats + excess
        if unfit > 0 { try reject() }
        let readings = try connection.execute(
            Query(.totalCounts, series.filter { $0.rule == .last }.map(\.meterID)))
        pull.counts.merged += places.count - Int64(unfit + readings)
    }

    private func reject() throws {
        pull.counts.repeated += try connection.first(Query(.countRepeatedCounts), as: Int64.self) ?? 0
        let rejected = try connection.query(
            Query(.listRejectedCounts),
            as: Int32.self, Int64.self, String.self, String.self, String.self, String.self, String.self, Int64.self,
            String.self)
        for (file, line, verdict, account, channel, meter, at, quantity, found) in rejected {
            guard let reason = RejectReason(rawValue: verdict) else {
                throw StoreError.inconsistent("an unknown reason '\(verdict)'")
            }
            try pull.reject(
                Rejection(
                    origin: places.origin(file), line: Int(line), column: 0, field: "quantity", reason: reason,
                    found: found, expected: reason.expected, row: "\(account),\(channel),\(meter),\(at),\(quantity)"))
        }
    }
}
