package import Postgres

/// Which database the books are in. Every thread opens a connection of its own.
package struct Database: Sendable {
    /// libpq connection text; empty for what the environment says.
    private let conninfo: String

    package init(conninfo: String) {
        self.conninfo = conninfo
    }

    package func connect() throws -> Connection {
        try Connection(conninfo: conninfo, applicationName: "meterbook")
    }
}
