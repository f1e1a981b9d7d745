/// Where a server accepts connections, in libpq's words.
package struct Endpoint: Sendable, Equatable {
    /// A socket directory, or a host name.
    package var host: String
    package var port: Int
    package var user: String

    package init(host: String, port: Int, user: String) {
        self.host = host
        self.port = port
        self.user = user
    }

    /// A libpq connection string for a database of the server, with every value quoted.
    package func conninfo(database: String) -> String {
        "host=\(Self.quoted(host)) port=\(port) user=\(Self.quoted(user)) dbname=\(Self.quoted(database))"
    }

    private static func quoted(_ value: String) -> String {
        let escaped = value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "'" + String(escaped) + "'"
    }
}
