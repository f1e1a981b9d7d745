package import Postgres
import SQL

/// Makes the database of a private server; on anybody else's server that is for its owner to do.
package struct DatabaseCreator {
    private let connection: Connection

    /// - Parameter connection: to any database of the server.
    package init(_ connection: Connection) {
        self.connection = connection
    }

    package func exists(_ name: String) throws -> Bool {
        try connection.first(Query(.findDatabase, name), as: Bool.self) ?? false
    }

    /// Creates the database unless it is there.
    package func create(_ name: String) throws {
        guard try !exists(name) else { return }
        do {
            _ = try connection.execute(Query(.createDatabase, literals: ["name": .name(name)]))
        } catch PostgresError.server("42P04", _, _) {
            // Another process was faster, which is as good.
        } catch PostgresError.server(.uniqueViolation, _, _) {
        }
    }
}
