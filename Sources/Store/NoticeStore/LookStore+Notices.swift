package import Billing
import Postgres
import SQL

extension LookStore {
    /// The latest notices first.
    package func notices(subscription: String?, status: NoticeRecord.Status?, limit: Int64) throws -> [NoticeRecord] {
        try connection.query(
            Query(.listNotices, subscription, status?.rawValue, limit),
            as: String.self, String.self, String.self, String.self, String.self, CivilDate.self, Int32.self,
            String.self, String.self, CivilDate.self, CivilDate.self, String.self, Int32.self, PGTimestamp?.self,
            String?.self, PGTimestamp?.self, Int64.self
        ).map { row in
            guard let status = NoticeRecord.Status(rawValue: row.11) else {
                throw StoreError.inconsistent("a notice is '\(row.11)'")
            }
            return NoticeRecord(
                id: row.0, customer: row.1, subscription: row.2, kind: row.3, topic: row.4, periodStart: row.5,
                threshold: row.6, subject: row.7, text: row.8, asOf: row.9, due: row.10, status: status,
                attempts: row.12, nextAttemptAt: row.13?.microsecondsSince1970, lastError: row.14,
                deliveredAt: row.15?.microsecondsSince1970, runID: row.16)
        }
    }
}
