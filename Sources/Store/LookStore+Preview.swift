package import Billing
import Postgres
import SQL

extension LookStore {
    /// The first slice of closed periods that has changed since: the next invoice corrects from there on. Nil where none has.
    package func lateFrom(_ subscription: StoredSubscription) throws -> CivilDate? {
        try connection.first(
            Query(.findLateFrom, subscription.customerID, subscription.subscriptionID), as: CivilDate?.self) ?? nil
    }

    /// What closed periods have been billed from a day on.
    package func history(_ subscription: StoredSubscription, from: CivilDate, before end: CivilDate) throws
        -> ClosedHistory
    {
        try HistoryReader(connection).read(
            customerID: subscription.customerID, subscriptionID: subscription.subscriptionID, from: from, before: end)
    }
}
