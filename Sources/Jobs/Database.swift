package import Postgres
import Store

/// Which database the books are in. Every thread opens a connection of its own.
package struct Database: Sendable {
    /// libpq connection text; empty for what the environment says.
    private let conninfo: String

    package init(conninfo: String) {
        self.conninfo = conninfo
    }

    package func connect() throws -> Connection {
        try Connection(conninfo: conninfo, applicationName: "meterbook", compiles: false)
    }

    /// A connection for a task on the books: the login has the roles for it, and the schema is that of this program.
    ///
    /// - Throws: `StoreError.lacksRole`, `StoreError.notMigrated`.
    func connect(for task: String, as roles: [BookRole]) throws -> Connection {
        let connection = try connect()
        try Membership(connection).require(roles, for: task)
        try Migrator(connection).requireCurrent()
        return connection
    }

    /// A connection for a look at the books, by a login with any of the roles that may see them.
    ///
    /// - Parameter role: one more of them.
    /// - Throws: `StoreError.lacksRole`, `StoreError.notMigrated`.
    func connectToLook(alsoAs role: BookRole? = nil) throws -> Connection {
        let connection = try connect()
        let roles: [BookRole] = [.auditor, .billing] + [role].compactMap(\.self)
        try Membership(connection).requireAny(of: roles, for: "a look at the books")
        try Migrator(connection).requireCurrent()
        return connection
    }
}
