import Billing
import Postgres
import SQL

/// The changes of one subscription that have taken effect or will, with what was before each.
struct PlanChanges {
    struct Row {
        let day: CivilDate
        let wasPlan: Int32
        let plan: Int32
        let wasPaysEvery: Cadence?
        let wasPaidFrom: CivilDate?
        let paysEvery: Cadence?
        let isPending: Bool
        let isAtOnce: Bool

        var change: Subscription.Change {
            Subscription.Change(day: day, plan: plan, paysEvery: paysEvery, isAtOnce: isAtOnce)
        }
    }

    private let rows: [Row]

    /// - Parameter rows: in order of time.
    init(_ rows: [Row]) {
        self.rows = rows
    }

    init(_ connection: Connection, customerID: Int64, subscriptionID: Int64) throws {
        rows = try connection.query(
            Query(.listPlanChanges, customerID, subscriptionID),
            as: CivilDate.self, Int32.self, Int32.self, String?.self, CivilDate?.self, String?.self,
            Bool.self, Bool.self
        ).map { row in
            Row(
                day: row.0, wasPlan: row.1, plan: row.2, wasPaysEvery: try row.3.map(Self.cadence),
                wasPaidFrom: row.4, paysEvery: try row.5.map(Self.cadence), isPending: row.6,
                isAtOnce: row.7)
        }
    }

    /// Turns a subscription as it is stored, with what has taken effect, into what it was at first and its changes.
    func unfold(_ subscription: inout Subscription, withPending: Bool = true) {
        let rows = withPending ? rows : rows.filter { !$0.isPending }
        guard let first = rows.first else { return }
        subscription.plan = first.wasPlan
        if let rhythm = rows.first(where: { $0.paysEvery != nil }), let was = rhythm.wasPaysEvery {
            (subscription.paysEvery, subscription.paidFrom) = (was, rhythm.wasPaidFrom)
        }
        subscription.changes = rows.map(\.change)
    }

    static func cadence(_ text: String) throws(StoreError) -> Cadence {
        guard let cadence = Cadence(text) else { throw .inconsistent("'\(text)' is no cadence") }
        return cadence
    }
}
