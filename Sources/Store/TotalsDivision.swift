package import Billing
import Postgres
import SQL

/// Divides usage totals that run across a day on which they are to begin anew: their parts are added up again from the
/// readings. Cuts are never taken back, so a sum over any range that could be asked for before stays what it was.
struct TotalsDivision {
    private let connection: Connection
    private var slices = CopyBuffer()
    private(set) var count = 0

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Divides the total that begins on `start` into its parts.
    ///
    /// - Parameters:
    ///   - old: the slicing until now, by which the total ends.
    ///   - new: the one from now on.
    mutating func divide(
        customerID: Int64, subscriptionID: Int64, from start: CivilDate, old: Slicing, new: Slicing
    ) throws {
        var part = start
        var day = start
        while let next = day.adding(days: 1) {
            day = next
            let isEnd = try old.start(containing: day) != start
            if try isEnd || new.start(containing: day) == day {
                slices.row(fields: 4)
                slices.int64(customerID)
                slices.int64(subscriptionID)
                slices.date(part.daysSince1970)
                slices.date(day.daysSince1970)
                part = day
                count += 1
            }
            if isEnd { break }
        }
    }

    /// Adds the parts up, within the caller's transaction.
    func apply() throws {
        guard !slices.isEmpty else { return }
        try connection.makeRoom(.createLandedSlice)
        _ = try connection.execute(Query(.clearLandedSlice))
        _ = try connection.copyIn(Query(.copyLandedSlice), slices)
        _ = try connection.execute(Query(.divideTotals))
    }
}

/// The days on which the totals of single subscriptions begin anew, because their plan changed there.
package struct SubscriptionCuts: Sendable {
    private let days: [Int64: [CivilDate]]

    /// - Parameter subscriptions: nil for all.
    init(_ connection: Connection, of subscriptions: [Int64]? = nil) throws {
        days = Dictionary(
            grouping: try connection.query(
                Query(.listSubscriptionCuts, subscriptions), as: Int64.self, CivilDate.self), by: \.0
        ).mapValues { $0.map(\.1) }
    }

    package subscript(subscription: Int64) -> [CivilDate] { days[subscription] ?? [] }
}
