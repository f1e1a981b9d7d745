package import Billing
package import Postgres
import SQL

/// Tells customers of changes of their plans that decisions bring about: in the transaction in which a change is announced,
/// withdrawn or applied, and once more as its day comes nearer.
package struct ChangeNotices: Sendable {
    /// A change to be told of, with what it was decided by.
    package struct Change: Sendable {
        package let customerID: Int64
        package let subscriptionID: Int64
        package let subscription: String
        package let customerName: String
        package let wasPlan: String
        package let plan: String
        package let rule: String
        /// The month of the decision.
        package let month: CivilDate
        package let takesEffect: CivilDate
        package let windowStarts: CivilDate
        package let counted: [Int64]
        /// Nil where nothing was compared.
        package let figure: Decision.Figure?
        package let outcome: Decision.Outcome
        /// Of the subscription: billing periods follow from it.
        package let anchor: CivilDate
    }

    package let terms: NoticeStore.Terms
    /// The values that a template may name.
    private let values: @Sendable (NoticeKind, Change) -> [String: String]
    private let word: @Sendable (NoticeDraft) -> NoticeTemplate

    package init(
        terms: NoticeStore.Terms, values: @escaping @Sendable (NoticeKind, Change) -> [String: String],
        word: @escaping @Sendable (NoticeDraft) -> NoticeTemplate
    ) {
        self.terms = terms
        self.values = values
        self.word = word
    }

    /// Posts a notice to each of these subscriptions of its latest change; call it in the transaction of the cause.
    ///
    /// - Parameter number: tells apart several reminders.
    func tell(
        _ kind: NoticeKind, customers: [Int64], subscriptions: [Int64], number: Int32 = 0, on connection: Connection
    ) throws {
        guard !customers.isEmpty else { return }
        let statuses =
            switch kind {
            case .changeWithdrawn: ["withdrawn"]
            case .changeApplied: ["applied"]
            default: ["announced"]
            }
        let store = NoticeStore(connection)
        let changes = try changes(customers, subscriptions, statuses, connection)
        if kind == .changeWithdrawn || kind == .changeApplied {
            for change in changes {
                // What has not been sent yet speaks of something that is no longer to come.
                try store.withdraw(
                    kind == .changeApplied ? [.changeReminder] : [.changeAnnounced, .changeReminder],
                    customerID: change.customerID, subscriptionID: change.subscriptionID, topic: change.rule,
                    periodStart: change.month)
            }
        }
        try store.post(try store.unknown(drafts(kind, changes, number)).map { (draft: $0, words: word($0)) }, terms)
    }

    /// Posts a notice of each of these new changes; call it in the transaction that announces them.
    func announce(_ changes: [Change], on connection: Connection) throws {
        // Hardly any of them is known: they are all worded at once.
        let drafts = drafts(.changeAnnounced, changes)
        try NoticeStore(connection).post(drafts.map { (draft: $0, words: word($0)) }, terms)
    }

    /// The keys of subscriptions and the names of their customers, in the order of the lists.
    static func parties(
        _ customers: [Int64], _ subscriptions: [Int64], on connection: Connection
    ) throws -> [(subscription: String, customerName: String)] {
        let parties = try connection.query(
            Query(.nameParties, customers, subscriptions), as: String.self, String.self)
        guard parties.count == customers.count else {
            throw StoreError.changedUnderneath(
                statement: Statement.nameParties.name, expected: customers.count, found: parties.count)
        }
        return parties.map { ($0.0, $0.1) }
    }

    private func drafts(_ kind: NoticeKind, _ changes: [Change], _ number: Int32 = 0) -> [NoticeDraft] {
        changes.map { change in
            NoticeDraft(
                customerID: change.customerID, subscriptionID: change.subscriptionID, kind: kind, topic: change.rule,
                periodStart: change.month, threshold: number, values: values(kind, change))
        }
    }

    /// Takes back what has not been sent yet of changes that something else came before: call it in the transaction in which
    /// they are given up.
    func retract(customers: [Int64], subscriptions: [Int64], on connection: Connection) throws {
        let store = NoticeStore(connection)
        for change in try changes(customers, subscriptions, ["preempted"], connection) {
            try store.withdraw(
                [.changeAnnounced, .changeReminder], customerID: change.customerID,
                subscriptionID: change.subscriptionID, topic: change.rule, periodStart: change.month)
        }
    }

    private func changes(
        _ customers: [Int64], _ subscriptions: [Int64], _ statuses: [String], _ connection: Connection
    ) throws -> [Change] {
        try connection.query(
            Query(.listChangesToTell, customers, subscriptions, statuses),
            as: Int64.self, Int64.self, String.self, String.self, String.self, String.self, String.self,
            CivilDate.self, CivilDate.self, CivilDate.self, [Int64].self, Int64?.self, Int16?.self, String.self,
            CivilDate.self
        ).map { row in
            guard let outcome = Decision.Outcome(rawValue: row.13) else {
                throw StoreError.inconsistent("a decision '\(row.13)'")
            }
            var figure: Decision.Figure?
            if let sum = row.11, let count = row.12 { figure = Decision.Figure(sum: sum, count: Int(count)) }
            return Change(
                customerID: row.0, subscriptionID: row.1, subscription: row.2, customerName: row.3, wasPlan: row.4,
                plan: row.5, rule: row.6, month: row.7, takesEffect: row.8, windowStarts: row.9, counted: row.10,
                figure: figure, outcome: outcome, anchor: row.14)
        }
    }

    /// Reminds of the pending changes of a rule that take effect within so many days: each once a reminder.
    ///
    /// - Parameter days: before the change, as the rule lists them.
    package func remind(_ rule: DecisionRule, days: [Int], on connection: Connection) throws {
        for (index, count) in days.enumerated() {
            try connection.transaction {
                let coming = try connection.query(
                    Query(.listChangesToCome, rule.key, terms.asOf, Int32(clamping: count)), as: Int64.self, Int64.self)
                try tell(
                    .changeReminder, customers: coming.map(\.0), subscriptions: coming.map(\.1),
                    number: Int32(clamping: index + 1), on: connection)
            }
        }
    }
}
