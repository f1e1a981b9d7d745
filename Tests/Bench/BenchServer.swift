import Foundation
import Postgres
import PrivateServer

/// The bench's own cluster, as durable as the one that holds data, gone with this process however that ends.
final class BenchServer {
    let location: String
    private let endpoint: Endpoint
    private let lifeline: Lifeline

    init() throws {
        // On a disk: /tmp is memory on many systems.
        let server = PrivateServer(home: "/var/tmp/meterbook-bench-\(getpid())", durability: .durable)
        (endpoint, lifeline) = try server.startForOurLifetime()
        location = server.location
        // Its visits fall where they like. The bench vacuums and analyzes what it has made before it measures.
        try run("ALTER SYSTEM SET autovacuum = off;\nSELECT pg_reload_conf()")
    }

    func end() { lifeline.end() }

    func conninfo(_ database: String) -> String { endpoint.conninfo(database: database) }

    func connect(_ database: String = "postgres") throws -> Connection {
        try Connection(conninfo: conninfo(database))
    }

    func run(_ sql: String, on database: String = "postgres") throws {
        let connection = try connect(database)
        // Statements that refuse to run in a transaction come one by one.
        for statement in sql.split(separator: ";\n") {
            try connection.executeScript(name: "bench", String(statement))
        }
    }

    func number(_ sql: String, on database: String) throws -> Int {
        try connect(database).first(Query(name: "bench", text: sql), as: Int64.self).map(Int.init) ?? 0
    }

    func text(_ sql: String, on database: String = "postgres") throws -> String {
        try connect(database).first(Query(name: "bench", text: sql), as: String.self) ?? ""
    }

    /// A database like another one, which nobody may be using.
    func clone(_ template: String, as name: String) throws {
        try run(
            """
            DROP DATABASE IF EXISTS \(name) WITH (FORCE);
            CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY file_copy
            """)
    }

    func drop(_ name: String) throws {
        try run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Gives work a fresh clone, with nothing left for the server to write behind its back.
    func onClone<R>(of template: String, prepare: String = "", _ work: (String) throws -> R) throws -> R {
        let name = "clone"
        try clone(template, as: name)
        if !prepare.isEmpty { try run(prepare, on: name) }
        try run("CHECKPOINT")
        defer { try? drop(name) }
        return try work(name)
    }
}
