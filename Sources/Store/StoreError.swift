package import Billing

/// What the store cannot do, and what its user can do about it.
package enum StoreError: Error, Sendable {
    /// The schema is missing or older than the program.
    case notMigrated(missing: [String])
    /// The schema has migrations that this program does not know.
    case newerSchema(version: String)
    /// A migration file is not what was applied.
    case editedMigration(file: String)
    /// A migration that was applied is gone, or a new one stands before it.
    case misplacedMigration(file: String)
    case malformedMigration(file: String, reason: String)
    /// The server does not let this login apply a migration; the words are the server's, or the migration's own.
    case refusedMigration(file: String, reason: String, hint: String?)
    /// The login is not a member of the roles that a task takes.
    case lacksRole(login: String, task: String, lacking: [BookRole], remedy: String)
    /// Another run holds the lock.
    case busy
    /// The session that held the lock is gone, and another run has taken the books over.
    case claimLost
    case noCatalog
    /// The stored catalog cannot be read by this program.
    case unreadableCatalog(id: Int32, reason: String)
    /// A new catalog leaves out a plan that subscriptions hold.
    case planInUse(plan: String, subscriptions: Int64)
    /// A new catalog changes what the periods of subscriptions rest on.
    case fixedInCatalog(what: String, plan: String, old: String, new: String, subscriptions: Int64)
    /// A new catalog counts a meter in another way than what was counted.
    case fixedMeter(String)
    /// A date that separates two prices divides no usage totals.
    case missingCut(day: CivilDate)
    /// Rows were changed by somebody else while a batch was computed.
    case changedUnderneath(statement: String, expected: Int, found: Int)
    /// The database holds something that its constraints forbid.
    case inconsistent(String)
    case unknownCustomer(String)
    case unknownSubscription(String)
    /// The catalog in use has no such plan.
    case unknownPlan(String, known: [String])
    case unknownInvoice(String)
    case unknownRun(Int64)
    case unknownTimeZone(String)
    /// Nothing was decided on the subscription, in this month or ever.
    case noDecision(subscription: String, month: CivilDate?)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notMigrated(let missing):
            "the database lacks \(missing.count) migration(s) of this program (\(missing.joined(separator: ", "))); run 'meterbook migrate'"
        case .newerSchema(let version):
            "the database has migration \(version), which this program does not know; use the newer program"
        case .editedMigration(let file):
            """
            migration \(file) has been edited since it was applied to this database; \
            put the file back as it was and write a new migration
            """
        case .misplacedMigration(let file):
            "migration \(file) stands out of order: give a new migration a later time than all that are applied"
        case .malformedMigration(let file, let reason):
            "migration \(file): \(reason)"
        case .refusedMigration(let file, let reason, let hint):
            "migration \(file) was not applied: \(reason)\(hint.map { "; \($0)" } ?? "")"
        case .lacksRole(let login, let task, let lacking, let remedy):
            """
            the login '\(login)' may not do this: \(task) takes \(lacking.map(\.rawValue).joined(separator: " and ")). \
            An administrator of the database runs: \(remedy)
            """
        case .busy:
            "another run is working on this database; this one has changed nothing"
        case .claimLost:
            "the connection that held the books was lost, and another run has taken over; what was committed stays"
        case .noCatalog:
            "no catalog has been applied to this database; run 'meterbook catalog apply FILE'"
        case .unreadableCatalog(let id, let reason):
            "catalog \(id) of this database cannot be read by this program: \(reason)"
        case .planInUse(let plan, let subscriptions):
            "the catalog leaves out plan '\(plan)', which \(subscriptions) subscription(s) hold; put it back"
        case .fixedInCatalog(let what, let plan, let old, let new, let subscriptions):
            """
            the catalog changes the \(what) of plan '\(plan)' from \(old) to \(new), but \(subscriptions) subscription(s) \
            hold it; give the new terms to a plan of their own
            """
        case .fixedMeter(let meter):
            """
            the catalog changes how meter '\(meter)' counts, but it has counted already; give the new one another key, \
            and name with 'of' the readings that it counts
            """
        case .missingCut(let day):
            "usage totals are not divided on \(day), where a plan version takes effect; apply the catalog again"
        case .changedUnderneath(let statement, let expected, let found):
            """
            \(statement) met \(found) rows instead of \(expected): another session has changed the books; \
            the batch was rolled back, run again
            """
        case .inconsistent(let detail):
            "the database is inconsistent: \(detail); run 'meterbook reconcile'"
        case .unknownCustomer(let key):
            "there is no customer '\(key)'"
        case .unknownSubscription(let key):
            "there is no subscription '\(key)'"
        case .unknownPlan(let key, let known):
            "there is no plan '\(key)' in the catalog; it has \(known.map { "'\($0)'" }.joined(separator: ", "))"
        case .unknownInvoice(let name):
            "there is no invoice '\(name)'; an invoice is named SUBSCRIPTION/PERIOD-END, see 'meterbook invoice list'"
        case .noDecision(let subscription, let month):
            """
            no decision on '\(subscription)'\(month.map { " in \($0.description.prefix(7))" } ?? ""); \
            'meterbook decision list' shows those that were made
            """
        case .unknownRun(let id):
            "there is no run \(id); see 'meterbook run list'"
        case .unknownTimeZone(let name):
            "there is no time zone '\(name)' on the server; expected an IANA name such as America/New_York"
        }
    }
}
