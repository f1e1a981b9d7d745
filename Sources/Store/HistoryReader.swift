import Billing
import Postgres
import SQL

/// Reads what was closed and billed for a subscription before one of its periods: what corrections are differences to.
struct HistoryReader {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// - Parameters:
    ///   - from: the start of the allowance period of the earliest late usage.
    ///   - end: that of the period whose invoice holds the corrections.
    func read(
        customerID: Int64, subscriptionID: Int64, from: CivilDate, before end: CivilDate
    ) throws -> ClosedHistory {
        let periods = try connection.query(
            Query(.readClosedPeriods, customerID, subscriptionID, from, end),
            as: CivilDate.self, CivilDate.self, Int32.self
        ).map { ClosedHistory.Period(period: try range($0.0, $0.1), catalog: $0.2) }
        let billed = try connection.query(
            Query(.readBilled, customerID, subscriptionID, from, end),
            as: Int32.self, CivilDate.self, CivilDate.self, Int64.self, Int64.self, Int64.self, CivilDate?.self,
            Int16?.self
        ).map { row in
            guard let periodEnd = row.6, let line = row.7 else {
                throw StoreError.inconsistent("a correction corrects nothing")
            }
            return ClosedHistory.Billed(
                price: row.0, service: try range(row.1, row.2), quantity: row.3, billable: row.4, amount: row.5,
                original: LineReference(periodEnd: periodEnd, line: line))
        }
        return ClosedHistory(periods: periods, billed: billed)
    }

    private func range(_ start: CivilDate, _ end: CivilDate) throws(StoreError) -> DateRange {
        guard let range = DateRange(start: start, end: end) else { throw .inconsistent("a period is empty") }
        return range
    }
}
