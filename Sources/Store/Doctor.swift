package import Postgres
import SQL

/// Looks at everything that has to be right before a night can go well.
package struct Doctor {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    package struct Finding: Sendable {
        package enum Verdict: String, Sendable {
            case ok
            /// Works, but should be looked at.
            case warning
            /// Runs will fail.
            case problem
        }

        package let check: String
        package let verdict: Verdict
        package let detail: String

        package init(check: String, verdict: Verdict, detail: String) {
            self.check = check
            self.verdict = verdict
            self.detail = detail
        }
    }

    /// The oldest server that the statements have been tried on.
    private static let oldestServer: Int32 = 150_000
    /// Clocks further apart than this make the journal hard to read.
    private static let clockTolerance: Int64 = 5_000_000

    /// - Parameter now: the program's own clock, in microseconds since 1970-01-01 UTC.
    package func examine(now: Int64) throws -> [Finding] {
        guard
            let server = try connection.first(
                Query(.readServer),
                as: Int32.self, String.self, String.self, PGTimestamp.self, String.self, Bool.self, Bool.self,
                Bool.self,
                String.self, Int32.self, Int64.self, Bool.self, Bool.self, Bool.self)
        else { throw StoreError.inconsistent("the server says nothing about itself") }
        var findings: [Finding] = []
        func note(_ check: String, _ verdict: Finding.Verdict, _ detail: String) {
            findings.append(Finding(check: check, verdict: verdict, detail: detail))
        }
        let (version, database, role) = (server.0, server.1, server.2)
        note(
            "server", version >= Self.oldestServer ? .ok : .problem,
            "PostgreSQL \(version / 10_000).\(version % 10_000), database \(database), role \(role)"
                + (version >= Self.oldestServer ? "" : "; at least 15 is needed"))
        note("encoding", server.4 == "UTF8" ? .ok : .problem, server.4 + (server.4 == "UTF8" ? "" : "; UTF8 is needed"))
        note("writable", server.13 ? .problem : .ok, server.13 ? "a standby: it takes no writes" : "takes writes")
        let durable = server.5 && server.6
        note(
            "durability", durable ? .ok : .warning,
            durable
                ? "fsync and full_page_writes are on" : "fsync or full_page_writes is off: a power cut loses the books")
        note("checksums", server.7 ? .ok : .warning, server.7 ? "on" : "off: damage on disk goes unnoticed")
        note(
            "commit", server.8 == "off" ? .warning : .ok,
            "synchronous_commit is \(server.8)"
                + (server.8 == "off" ? ": the last moments before a crash are lost" : ""))
        note("connections", server.9 >= 10 ? .ok : .warning, "max_connections is \(server.9)")
        let apart = abs(server.3.microsecondsSince1970 - now)
        note(
            "clock", apart <= Self.clockTolerance ? .ok : .warning,
            "the server's clock and this machine's are \(apart / 1_000_000) s apart")
        note(
            "temporary tables", server.12 ? .ok : .problem,
            server.12 ? "allowed" : "not allowed: GRANT TEMPORARY ON DATABASE to the role")
        let membership = try Membership(connection)
        let (roles, mayLook) = Self.examine(membership)
        findings += mayLook ? try examineSchema(mayCreate: server.11) : []
        findings += roles
        note("size", .ok, "\(server.10 / (1 << 20)) MiB in this database")
        return findings
    }

    private func examineSchema(mayCreate: Bool) throws -> [Finding] {
        do {
            let states = try Migrator(connection).status()
            let missing = states.filter { $0.appliedAt == nil }
            guard missing.isEmpty else {
                let words = "\(missing.count) of \(states.count) migrations missing; run 'meterbook migrate'"
                return [
                    Finding(check: "schema", verdict: .problem, detail: words),
                    Finding(
                        check: "privileges", verdict: mayCreate ? .ok : .problem,
                        detail: mayCreate ? "may create the schema" : "may not create a schema in this database"),
                ]
            }
            return [
                Finding(check: "schema", verdict: .ok, detail: "all \(states.count) migrations applied, none edited")
            ]
        } catch let error as StoreError {
            return [Finding(check: "schema", verdict: .problem, detail: error.description)]
        }
    }

    /// What the roles let the login do: all of the night's work, a part of it, or nothing.
    ///
    /// - Returns: with whether it may see the tables at all.
    private static func examine(_ membership: Membership) -> (findings: [Finding], mayLook: Bool) {
        guard membership.isGuarded else { return ([], true) }
        guard membership.missing.isEmpty else {
            let names = membership.missing.map(\.rawValue).joined(separator: ", ")
            let words = "\(names) is missing on the server; an administrator runs CREATE ROLE for each, and then GRANT"
            return ([Finding(check: "roles", verdict: .problem, detail: words)], true)
        }
        let held = BookRole.allCases.filter(membership.held.contains)
        let names = held.isEmpty ? "none" : held.map(\.rawValue).joined(separator: ", ")
        let lacking = membership.lacking([.ingest, .billing])
        guard !lacking.isEmpty else { return ([Finding(check: "roles", verdict: .ok, detail: names)], true) }
        let mayLook = !membership.held.isDisjoint(with: [.ingest, .billing, .auditor])
        let words = "\(names); for the whole night's work an administrator runs: \(membership.remedy(lacking))"
        return ([Finding(check: "roles", verdict: mayLook ? .warning : .problem, detail: words)], mayLook)
    }
}
