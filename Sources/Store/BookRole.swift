package import Postgres
import SQL

/// A group role of the server: what a login has to be a member of to do something with the books.
///
/// The roles and what each may do are made by a migration, and sql/README.md tells them; here stands only which of them a task
/// takes, so that a login that lacks one is told before anything is done.
package enum BookRole: String, Sendable, CaseIterable {
    /// Owns the schema: migrates it, and applies catalogs.
    case owner = "meterbook_owner"
    /// Reads sources, imports customers and subscriptions, meters.
    case ingest = "meterbook_ingest"
    /// Closes, finalizes, decides, notifies.
    case billing = "meterbook_billing"
    /// Reads the schema `reporting`.
    case reporting = "meterbook_reporting"
    /// Reads everything.
    case auditor = "meterbook_auditor"
}

/// Which roles the login of a connection is a member of.
package struct Membership: Sendable, Equatable {
    /// The login's name.
    package let login: String
    /// What it is a member of, with what that is a member of: everything for a superuser.
    package let held: Set<BookRole>
    /// What the server does not have.
    package let missing: [BookRole]
    /// Whether the schema is of this database and has the roles; false before the migration that makes them.
    package let isGuarded: Bool
    private let remedies: [String: String]

    package init(_ connection: Connection) throws {
        let rows = try connection.query(
            Query(.listRoles, BookRole.allCases.map(\.rawValue)), as: String.self, String.self, Bool.self, Bool.self,
            String.self, Bool.self)
        guard let first = rows.first else { throw StoreError.inconsistent("the server says nothing about roles") }
        login = first.1
        isGuarded = first.5
        remedies = Dictionary(rows.map { ($0.0, $0.4) }) { $1 }
        held = Set(rows.filter(\.3).compactMap { BookRole(rawValue: $0.0) })
        missing = rows.filter { !$0.2 }.compactMap { BookRole(rawValue: $0.0) }
    }

    /// What the login lacks of these roles. The owner of the schema needs no other.
    package func lacking(_ roles: [BookRole]) -> [BookRole] {
        held.contains(.owner) ? [] : roles.filter { !held.contains($0) }
    }

    /// - Parameter task: what the login is about to do, as in `meterbook close`.
    /// - Throws: `StoreError.lacksRole` unless the login has all these roles.
    package func require(_ roles: [BookRole], for task: String) throws(StoreError) {
        let lacking = lacking(roles)
        guard isGuarded, !lacking.isEmpty else { return }
        throw .lacksRole(login: login, task: task, lacking: lacking, remedy: remedy(lacking))
    }

    /// - Throws: `StoreError.lacksRole` with the first of the roles, unless the login has one of them.
    package func requireAny(of roles: [BookRole], for task: String) throws(StoreError) {
        guard isGuarded, lacking(roles).count == roles.count, let first = roles.first else { return }
        throw .lacksRole(login: login, task: task, lacking: [first], remedy: remedy([first]))
    }

    /// What an administrator types so that the login has them.
    package func remedy(_ roles: [BookRole]) -> String {
        roles.compactMap { remedies[$0.rawValue] }.joined(separator: " ")
    }
}
