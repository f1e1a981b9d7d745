import Deployment
import Foundation
import Jobs
import PrivateServer
import Store

extension Settings {
    private static let namingVariables = ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGPORT"]

    /// The database, reachable: a private server is started when it exists.
    ///
    /// - Parameter create: make the private server and the database when they are missing.
    func open(create: Bool = false) throws -> Database {
        if let conninfo = try text(.database) { return Database(conninfo: conninfo) }
        let environment = ProcessInfo.processInfo.environment
        if Self.namingVariables.contains(where: { !(environment[$0] ?? "").isEmpty }) { return Database(conninfo: "") }
        let server = try privateServer
        guard !server.isOutOfReach else { throw CommandError.outOfReach(server.location) }
        guard create || server.exists else { throw CommandError.noDatabase }
        let endpoint = try server.start()
        let name = environment["PGDATABASE"].flatMap { $0.isEmpty ? nil : $0 } ?? "meterbook"
        let creator = DatabaseCreator(try Database(conninfo: endpoint.conninfo(database: "postgres")).connect())
        if create {
            try creator.create(name)
        } else if try !creator.exists(name) {
            throw CommandError.noDatabase
        }
        return Database(conninfo: endpoint.conninfo(database: name))
    }

    /// The private server's home is what the setting says, or where the system keeps such data for this user.
    var privateServer: PrivateServer {
        get throws {
            if let home = try text(.home) { return PrivateServer(home: home) }
            if getuid() == 0 { return PrivateServer(home: "/var/lib/meterbook/server") }
            let data =
                ProcessInfo.processInfo.environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
                ?? "\(NSHomeDirectory())/.local/share"
            return PrivateServer(home: "\(data)/meterbook/server")
        }
    }
}
