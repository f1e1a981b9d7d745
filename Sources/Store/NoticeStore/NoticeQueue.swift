package import Billing
package import Postgres
import SQL

/// What is to be delivered, notice by notice.
///
/// Each is claimed, sent and marked in one short transaction with a lock on its row: a second deliverer passes it by, and
/// one that is killed leaves it as it was. So a message may be sent twice, and never not at all.
package final class NoticeQueue {
    private let connection: Connection
    private let terms: Terms
    private var place: (due: CivilDate, number: Int64) = (.earliest, 0)

    package struct Terms: Sendable {
        /// The day that the delivery takes for today.
        package var day: CivilDate
        package var needsAddress: Bool
        package var oneADay: Bool

        package init(day: CivilDate, needsAddress: Bool, oneADay: Bool) {
            self.day = day
            self.needsAddress = needsAddress
            self.oneADay = oneADay
        }
    }

    /// What becomes of a notice.
    package enum Outcome: Sendable, Hashable {
        case delivered
        /// To be tried again from an instant on, in microseconds since 1970-01-01 UTC.
        case retry(at: Int64, reason: String)
        case dead(reason: String)
    }

    package init(_ connection: Connection, _ terms: Terms) {
        self.connection = connection
        self.terms = terms
    }

    /// Delivers the next notice; nil when there is none any more in this pass.
    ///
    /// - Parameters:
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    ///   - deliver: gets the notice, and how often it was tried before.
    package func next(
        now: Int64, _ deliver: (OutgoingNotice, _ attempts: Int) throws -> Outcome
    ) throws -> Outcome? {
        try connection.transaction {
            guard let claimed = try claim(now) else { return nil }
            let outcome = try deliver(claimed.notice, claimed.attempts)
            let (customer, id) = (claimed.customer, claimed.notice.id)
            switch outcome {
            case .delivered:
                _ = try connection.execute(
                    Query(
                        .markNoticeDelivered, customer, id, PGTimestamp(microsecondsSince1970: now), terms.day))
            case .retry(let instant, let reason):
                _ = try connection.execute(
                    Query(
                        .markNoticeFailed, customer, id, storable(reason), PGTimestamp(microsecondsSince1970: instant)))
            case .dead(let reason):
                _ = try connection.execute(
                    Query(.markNoticeFailed, customer, id, storable(reason), PGTimestamp?.none))
            }
            return outcome
        }
    }

    /// Has notices delivered after all that were given up, as if they had never been tried.
    ///
    /// - Parameters:
    ///   - ids: nil for all.
    ///   - subscription: its key; nil for all.
    /// - Returns: how many.
    package static func revive(_ ids: [String]?, subscription: String?, on connection: Connection) throws -> Int {
        try connection.execute(Query(.reviveNotices, ids, subscription))
    }

    /// What is due and still pending.
    package func waiting() throws -> (all: Int64, withoutAddress: Int64) {
        try connection.first(
            Query(.countWaitingNotices, terms.day, terms.needsAddress), as: Int64.self, Int64.self) ?? (0, 0)
    }

    private func claim(_ now: Int64) throws -> (customer: Int64, notice: OutgoingNotice, attempts: Int)? {
        guard
            let row = try connection.first(
                Query(
                    .claimNotice, terms.day, place.due, place.number,
                    PGTimestamp(microsecondsSince1970: now), terms.needsAddress, terms.oneADay),
                as: Int64.self, String.self, CivilDate.self, Int64.self, String.self, String.self, CivilDate.self,
                Int32.self, String.self, String.self, CivilDate.self, Int32.self, String.self, String.self, String.self,
                String?.self)
        else { return nil }
        place = (row.2, row.3)
        let notice = OutgoingNotice(
            id: row.1, kind: row.4, topic: row.5, periodStart: row.6, threshold: row.7, subject: row.8, text: row.9,
            asOf: row.10, customer: row.12, customerName: row.13, subscription: row.14, email: row.15)
        return (row.0, notice, Int(row.11))
    }

    /// At most 500 characters on one line: what another program says has no bounds of its own.
    private func storable(_ reason: String) -> String {
        let line = reason.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }
        return String(line.joined().storable.unicodeScalars.prefix(500))
    }
}
