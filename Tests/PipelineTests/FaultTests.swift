import Foundation
import Postgres
import PrivateServer
import TestSupport
import Testing

/// What the server does to a run, on a real one: it ends its sessions, dies, comes back, has no room.
@Suite("Faults of the server")
struct FaultTests {
    private static let customers = 400
    private static let asOf = CDNOW.lastDay

    /// What the run said on standard error when it lost its connection, and when it had it back.
    private static let lost = "connection lost, waiting"
    private static let back = "database is back, going on"

    @Test(
        "A close whose sessions are ended a hundred times in the midst of a COPY writes what an undisturbed one writes")
    func copyTerminated() async throws {
        let customers = 3_000
        try await withBooks(of: CDNOW.pulled(customers: customers)) { reference in
            let undisturbed = try reference.json("close", "--as-of", Self.asOf)
            let expected = try reference.exportDigest()
            try Books.copy(of: CDNOW.pulled(customers: customers)) { books in
                let watch = try Connection(conninfo: books.database.conninfo)
                let closed: Query = "SELECT count(*) FROM meterbook.open_period WHERE ends > '\(raw: Self.asOf)'"
                let end: Query = """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'meterbook' AND state = 'active'
                        AND query LIKE '%COPY meterbook.%FROM STDIN%' LIMIT 1
                    """
                let running = try books.start(
                    "close", "--as-of", Self.asOf, "--batch", "10", "--workers", "1", "--json")
                var (ended, seen) = (0, Int64(-1))
                while ended < 100, running.isRunning {
                    guard try watch.first(end, as: Bool.self) == true else { continue }
                    ended += 1
                    // Another batch for the next one: whoever loses four sessions over the same has to give up.
                    _ = try running.waitUntil {
                        let now = try watch.first(closed, as: Int64.self) ?? 0
                        defer { seen = max(seen, now) }
                        return now > seen
                    }
                }
                let outcome = running.wait()
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(ended == 100, "the close was over after \(ended)")
                #expect(outcome.errors.contains(Self.lost) && outcome.errors.contains(Self.back))
                #expect(try books.exportDigest() == expected)
                #expect(try books.meterbook("reconcile").code == 0)
                // What it says that it did is what was done, although it did some of it twice.
                let close = try Books.object(outcome.output)["close"] as? NSDictionary
                #expect(close == undisturbed["close"] as? NSDictionary)
                #expect(try books.runs().filter { $0.hasPrefix("close") } == ["close succeeded"])
            }
        }
    }

    /// Books on a server of their own, which may be killed.
    private struct OwnBooks {
        let server: PrivateServer
        let conninfo: String

        init(home: String, tablespace: String? = nil) throws {
            server = PrivateServer(home: home, durability: .durable)
            let endpoint = try server.start()
            let space = tablespace.map { "TABLESPACE \($0)" } ?? ""
            try Connection(conninfo: endpoint.conninfo(database: "postgres")).executeScript(
                name: "books", "CREATE DATABASE books \(space)")
            conninfo = endpoint.conninfo(database: "books")
            try run("migrate")
        }

        func start(_ arguments: [String]) throws -> RunningProgram {
            try Program.meterbook.start(arguments + ["--database", conninfo])
        }

        @discardableResult
        func run(_ arguments: String...) throws -> String {
            let outcome = try start(arguments).wait()
            guard outcome.code == 0 else { throw TestFailure("\(arguments): \(outcome.errors)\(outcome.output)") }
            return outcome.output
        }

        /// Kills the server as a machine that loses its power would, as far as one process can tell.
        func killServer() throws {
            let file = "\(server.location)/data/postmaster.pid"
            let number = try String(contentsOfFile: file, encoding: .utf8).prefix { $0.isNumber }
            let pid = try #require(pid_t(number))
            kill(pid, SIGKILL)
        }

        func sql(_ text: String) throws -> String {
            try Connection(conninfo: conninfo).query(Query(name: "test", text: text), as: String?.self)
                .map { $0 ?? "" }.joined(separator: "\n")
        }
    }

    /// The months of CDNOW behind the first, each on the day on which it can be billed.
    private static let months = (1...18).map { month in
        let (year, number) = (1997 + month / 12, month % 12 + 1)
        return "\(year)-\(number < 10 ? "0" : "")\(number)-02"
    }

    @Test(
        "Of a server killed twenty times in the midst of months, and started again, the runs take no notice but for a line"
    )
    func killedServer() async throws {
        let folder = try CDNOW.deployment(customers: Self.customers)
        try await withBooks(of: CDNOW.pulled(customers: Self.customers)) { reference in
            for month in Self.months { try reference.run("close", "--as-of", month) }
            let expected = try reference.exportDigest()
            let home = try TemporaryDirectory()
            let books = try OwnBooks(home: home.path)
            defer { try? books.server.destroy() }
            try books.run("catalog", "apply", "\(folder.path)/catalog.yaml")
            for source in ["customers", "subscriptions", "accounts", "memberships"] {
                try books.run("pull", "--deployment", folder.path, "--source", source)
            }
            var random = SeededGenerator()
            var survived = 0
            let pull = ["pull", "--deployment", folder.path, "--source", "orders"]
            let works =
                [pull, pull] + Self.months.map { ["close", "--as-of", $0, "--batch", "10"] }
            for work in works {
                let running = try books.start(work)
                // It is killed at any moment behind the run's beginning, some of them behind its end.
                _ = running.waitUntil {
                    (try? books.sql("SELECT 1::text FROM meterbook.run WHERE status = 'running'")) == "1"
                }
                usleep(UInt32.random(in: 0..<60_000, using: &random))
                try books.killServer()
                _ = try books.server.start()
                let outcome = running.wait()
                #expect(outcome.code == 0, "\(work): \(outcome.errors)")
                if outcome.errors.contains(Self.back) { survived += 1 }
            }
            #expect(survived >= 8, "only \(survived) of 20 kills met a run")
            print("\(survived) of 20 kills met a run")
            let export = "\(home.path)/export"
            let dump = try Program(path: "/bin/sh").run(
                [
                    "-c", "\"$0\" invoice export --database \"$1\" > \"$2\" && sha256sum < \"$2\"",
                    Program.meterbook.path, books.conninfo, export,
                ])
            #expect(dump.output == expected, "\(dump.errors)")
            #expect(try books.start(["reconcile"]).wait().code == 0)
        }
    }

    @Test(
        "With no room left a run says so with 69 and stores nothing by halves; with more room the next one completes it",
        .enabled(if: Mount.isAllowed, "a file system of a few megabytes can be mounted by root alone"))
    func diskFull() async throws {
        let folder = try CDNOW.deployment(customers: 4_000)
        try await withBooks(of: CDNOW.withoutReadings(customers: 4_000)) { reference in
            try reference.run("pull", "--deployment", folder.path, "--source", "orders")
            try reference.run("close", "--as-of", Self.asOf)
            let expected = try reference.exportDigest()
            let home = try TemporaryDirectory()
            let mount = try Mount(megabytes: 30)
            defer { mount.end() }
            let server = PrivateServer(home: "\(home.path)/server", durability: .durable)
            defer { try? server.destroy() }
            let endpoint = try server.start()
            try Connection(conninfo: endpoint.conninfo(database: "postgres")).executeScript(
                name: "tablespace", "CREATE TABLESPACE small LOCATION '\(mount.path)'")
            let books = try OwnBooks(home: "\(home.path)/server", tablespace: "small")
            try books.run("catalog", "apply", "\(folder.path)/catalog.yaml")
            var full = 0
            let sources = ["customers", "subscriptions", "accounts", "memberships", "orders"]
            let works =
                sources.map { ["pull", "--deployment", folder.path, "--source", $0] } + [
                    ["close", "--as-of", Self.asOf]
                ]
            for work in works {
                var outcome = try books.start(work).wait()
                while outcome.code == 69, full < 40 {
                    full += 1
                    #expect(outcome.errors.contains("disk_full"), "\(outcome.errors)")
                    #expect(try books.start(["reconcile"]).wait().code == 0)
                    try mount.grow(megabytes: 30 + full * 4)
                    outcome = try books.start(work).wait()
                }
                #expect(outcome.code == 0, "\(work): \(outcome.errors)")
            }
            #expect(full >= 2, "the room was enough \(full)")
            let dump = try Program(path: "/bin/sh").run(
                [
                    "-c", "\"$0\" invoice export --database \"$1\" > \"$2\" && sha256sum < \"$2\"",
                    Program.meterbook.path, books.conninfo, "\(home.path)/export",
                ])
            #expect(dump.output == expected, "\(dump.errors)")
        }
    }

    @Test("Where nobody answers at the start a run ends with 69 at once: there is nothing yet to wait for")
    func refusedAtStart() throws {
        let home = try TemporaryDirectory()
        let outcome = try Program.meterbook.run(
            ["close", "--as-of", Self.asOf, "--database", "host=\(home.path) dbname=books"])
        #expect(outcome.code == 69)
        #expect(outcome.errors.hasPrefix("meterbook: cannot connect"), "\(outcome.errors)")
        #expect(!outcome.errors.contains(Self.lost) && outcome.output.isEmpty)
    }
}

/// A file system of a few megabytes, for the server that root's tests run as `postgres`.
private struct Mount {
    /// Whether this process may mount anything.
    static let isAllowed: Bool = {
        guard getuid() == 0, let mount = try? Mount(megabytes: 1) else { return false }
        mount.end()
        return true
    }()

    let path = "/tmp/meterbook-small-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

    init(megabytes: Int) throws {
        guard let user = getpwnam("postgres") else { throw TestFailure("there is no user postgres") }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        do {
            try Self.command(
                "mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0700,uid=\(user.pointee.pw_uid)", "tmpfs", path)
        } catch {
            rmdir(path)
            throw error
        }
    }

    func grow(megabytes: Int) throws {
        try Self.command("mount", "-o", "remount,size=\(megabytes)m", path)
    }

    func end() {
        try? Self.command("umount", "-l", path)
        rmdir(path)
    }

    private static func command(_ arguments: String...) throws {
        let outcome = try Program(path: "/usr/bin/env").run(arguments)
        guard outcome.code == 0 else { throw TestFailure("\(arguments.joined(separator: " ")): \(outcome.errors)") }
    }
}
