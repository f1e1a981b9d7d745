package import Billing
package import Postgres
import SQL

/// The outbox: notices are posted in the transaction of their cause, and withdrawn when the cause is gone.
///
/// A step posts whatever it finds, also what it has found before: the cause is the key, and what is known already is left
/// as it is. Only a run that holds the books posts, so nobody else does at the same time.
package struct NoticeStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// What all notices of a run have in common.
    package struct Terms: Sendable {
        /// The catalog's name: with it the same key of two vendors is not the same message.
        package var vendor: String
        package var asOf: CivilDate
        package var oneADay: Bool
        package var runID: Int64

        package init(vendor: String, asOf: CivilDate, oneADay: Bool, runID: Int64) {
            self.vendor = vendor
            self.asOf = asOf
            self.oneADay = oneADay
            self.runID = runID
        }
    }

    /// The drafts whose cause no notice has, in their order: nothing else has to be worded.
    package func unknown(_ drafts: [NoticeDraft]) throws -> [NoticeDraft] {
        guard !drafts.isEmpty else { return [] }
        return try connection.query(
            Query(
                .listUnknownCauses, drafts.map(\.customerID), drafts.map(\.subscriptionID),
                drafts.map(\.kind.rawValue), drafts.map(\.topic), drafts.map { PGDate($0.periodStart) },
                drafts.map(\.threshold)),
            as: Int64.self
        ).compactMap { Int(exactly: $0) }.filter { drafts.indices.contains($0 - 1) }.map { drafts[$0 - 1] }
    }

    /// Writes notices in their order; call it in the transaction of their cause.
    ///
    /// - Parameter notices: the drafts with their words. A subject has one line.
    /// - Returns: how many were new.
    @discardableResult
    package func post(_ notices: [(draft: NoticeDraft, words: NoticeTemplate)], _ terms: Terms) throws -> Int {
        guard !notices.isEmpty else { return 0 }
        let drafts = notices.map(\.draft)
        return try connection.execute(
            Query(
                .insertNotices, drafts.map(\.customerID), drafts.map(\.subscriptionID), drafts.map(\.kind.rawValue),
                drafts.map(\.topic), drafts.map { PGDate($0.periodStart) }, drafts.map(\.threshold),
                notices.map(\.words.subject), notices.map(\.words.text), terms.vendor, terms.asOf,
                Int32(terms.oneADay ? 1 : 0), terms.runID))
    }

    /// Takes back what has not been delivered; what has been delivered stays.
    ///
    /// - Parameter periodStart: nil for any.
    /// - Returns: how many were withdrawn.
    @discardableResult
    package func withdraw(
        _ kinds: [NoticeKind], customerID: Int64, subscriptionID: Int64, topic: String, periodStart: CivilDate? = nil
    ) throws -> Int {
        try connection.execute(
            Query(.withdrawNotices, customerID, subscriptionID, kinds.map(\.rawValue), topic, periodStart))
    }
}
