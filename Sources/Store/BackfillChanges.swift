package import Billing
package import Postgres
import SQL

/// What backfills of a run have changed in the books, by what is stored.
package struct BackfillChanges {
    private let connection: Connection
    /// Those of the backfills, and those that what follows from them may have been journaled with.
    private let pulls: (own: [Int64], ofRuns: [Int64])

    /// - Parameter run: the one that is under way.
    package init(_ connection: Connection, backfills: [Int64], run: Int64) throws {
        self.connection = connection
        guard
            let pulls = try connection.first(
                Query(.listBackfillPulls, backfills, run), as: [Int64].self, [Int64].self)
        else { throw StoreError.inconsistent("no answer to which pulls there are") }
        self.pulls = (pulls.0, pulls.1)
    }

    /// What was new or restated, against what was known before the first of the pulls.
    ///
    /// - Parameter places: the decimal places of a meter's quantities.
    package func readings(
        in window: DateRange, places: (_ meter: Int32) -> Int
    ) throws -> [BackfillStatement.Readings] {
        try connection.query(
            Query(.listBackfillReadings, pulls.own, window.start, window.end),
            as: String.self, CivilDate.self, Int32.self, String.self, Int64.self, String.self, Int64.self, String.self
        ).map { source, month, meterID, meter, new, newQuantity, restated, difference in
            guard let newQuantity = Int128(newQuantity), let difference = Int128(difference) else {
                throw StoreError.inconsistent("a sum of readings is no whole number")
            }
            return BackfillStatement.Readings(
                source: source, month: month, meter: meter, places: places(meterID), new: new,
                newQuantity: newQuantity, restated: restated, difference: difference)
        }
    }

    /// How many totals are new or have changed.
    package func totals(from day: CivilDate) throws -> [BackfillStatement.Totals] {
        try connection.query(
            Query(.listBackfillTotals, pulls.ofRuns, day), as: String.self, Int64.self
        ).map { BackfillStatement.Totals(meter: $0.0, count: $0.1) }
    }

    /// Subscriptions of whose closed periods totals have changed, and these periods.
    package func late() throws -> (subscriptions: Int64, periods: Int64) {
        try connection.first(Query(.countBackfillLate, pulls.ofRuns), as: Int64.self, Int64.self) ?? (0, 0)
    }

    /// One of these subscriptions.
    package struct LateSubscription: Sendable {
        package var place: CloseBatch.Place
        package var key: String
        /// The number of its last closed period; nil for none.
        package var lastNumber: Int32?
    }

    /// The next of them behind a place, in order.
    package func lateSubscriptions(after place: CloseBatch.Place, limit: Int64) throws -> [LateSubscription] {
        try connection.query(
            Query(.listBackfillLate, pulls.ofRuns, place.customer, place.subscription, limit),
            as: Int64.self, Int64.self, String.self, Int32?.self
        ).map {
            LateSubscription(
                place: CloseBatch.Place(customer: $0.0, subscription: $0.1), key: $0.2, lastNumber: $0.3)
        }
    }
}
