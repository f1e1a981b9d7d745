import Foundation
import PrivateServer
import Synchronization
import TestSupport
import Testing

@Suite("The private server")
struct LifeTests {
    @Test("is created, started, stopped and started again, and keeps its data")
    func life() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let server = scratch.server()
            #expect(!server.exists && !server.isRunning)
            try server.stop()

            let endpoint = try server.start()
            #expect(server.exists && server.isRunning)
            try ask(endpoint, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (27)")
            #expect(try server.start() == endpoint, "the second start finds the server of the first")

            try server.stop()
            #expect(server.exists && !server.isRunning)
            #expect(try ask(server.start(), "SELECT n FROM kept") == "27")

            try server.destroy()
            #expect(!server.exists && !FileManager.default.fileExists(atPath: server.location))
            try server.destroy()
        }
    }

    @Test("is one server for all who start it at the same time")
    func race() async throws {
        let scratch = try Scratch()
        let endpoints = try await withThrowingTaskGroup(of: (Endpoint, String).self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onOwnThread {
                        let endpoint = try scratch.server().start()
                        return (endpoint, try ask(endpoint, "SELECT pg_postmaster_start_time()"))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(endpoints.map(\.0.host)).count == 1)
        #expect(Set(endpoints.map(\.1)).count == 1)
    }

    @Test("is removed with its lifeline, also when somebody puts a file there meanwhile, up to ten times")
    func lifeline() async throws {
        // Where test runs have theirs: the server's user may remove it from there.
        let server = PrivateServer(home: "/tmp/meterbook-test-\(getpid())-lifeline", durability: .throwaway)
        let (_, lifeline) = try await onOwnThread { try server.startForOurLifetime() }
        let location = server.location
        // As a sweep does that takes the cluster for one that nobody removes.
        let times = Atomic(0)
        let isOver = Atomic(false)
        async let placing: Void = onOwnThread {
            while times.load(ordering: .relaxed) < 10, !isOver.load(ordering: .relaxed) {
                let file = open(location + "/swept", O_CREAT | O_EXCL | O_WRONLY, 0o600)
                guard file >= 0 else { continue }
                close(file)
                times.add(1, ordering: .relaxed)
            }
        }
        // The first one is there before the cluster goes.
        #expect(try await onOwnThread { eventually { times.load(ordering: .relaxed) > 0 } })
        _ = try await onOwnThread { lifeline.end() }
        isOver.store(true, ordering: .relaxed)
        try await placing
        #expect(!FileManager.default.fileExists(atPath: location))
    }

    @Test("starts again after it was killed, and has lost nothing that was committed")
    func killed() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let server = PrivateServer(home: scratch.home)
            try ask(server.start(), "CREATE TABLE kept AS SELECT 1 AS n")
            let old = try postmaster(at: server.location)
            kill(old, SIGKILL)
            #expect(try ask(server.start(), "SELECT n FROM kept") == "1")
            #expect(try postmaster(at: server.location) != old)
        }
    }

    @Test("starts although its old number belongs to another process now")
    func reusedNumber() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let server = scratch.server()
            _ = try server.start()
            let file = server.location + "/data/postmaster.pid"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            try server.stop()
            let stale = (["\(getppid())"] + lines.dropFirst().map(String.init)).joined(separator: "\n")
            try stale.write(toFile: file, atomically: false, encoding: .utf8)
            #expect(!server.isRunning)
            #expect(try ask(server.start(), "SELECT 1") == "1")
        }
    }

    @Test("works in a deep directory, and with spaces, quotes and commas in the path")
    func strangePaths() async throws {
        try await onOwnThread {
            let deep = String(repeating: "deep/", count: 30) + "home"
            for path in [deep, "it's, \"a\" $HOME \\ path/home"] {
                let scratch = try Scratch(below: path)
                let endpoint = try scratch.server().start()
                #expect(endpoint.host.utf8.count <= 107 - "/.s.PGSQL.5432".utf8.count)
                #expect(try ask(endpoint, "SELECT 1") == "1", "\(path)")
                try scratch.server().destroy()
                #expect(!FileManager.default.fileExists(atPath: endpoint.host))
            }
        }
    }

    @Test("goes elsewhere when its user cannot reach the directory", .enabled(if: geteuid() == 0))
    func closedParent() async throws {
        try await onOwnThread {
            let scratch = try Scratch(below: "closed/home")
            let closed = scratch.root + "/closed"
            try FileManager.default.createDirectory(
                atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let server = scratch.server()
            #expect(!server.location.hasPrefix(scratch.root))
            try ask(server.start(), "CREATE TABLE kept ()")
            let location = server.location
            #expect(try String(contentsOfFile: scratch.home + "/elsewhere", encoding: .utf8) == location + "\n")
            #expect(chmod(closed, 0o755) == 0)
            #expect(server.location == location, "data that exist are found whatever the modes are now")
            try server.destroy()
            #expect(server.location == scratch.home)
            #expect(!FileManager.default.fileExists(atPath: location))
            #expect(!FileManager.default.fileExists(atPath: scratch.home))
        }
    }

    @Test("is an ordinary user's as well as root's")
    func ordinaryUser() async throws {
        try await onOwnThread {
            guard geteuid() == 0 else {
                let scratch = try Scratch()
                let server = scratch.server()
                let endpoint = try server.start()
                #expect(server.location.hasSuffix(scratch.home))
                #expect(try ask(endpoint, "SELECT current_user") == "meterbook")
                var status = stat()
                #expect(stat(server.location + "/data", &status) == 0 && status.st_uid == geteuid())
                return
            }
            let nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            let again = try testProgram(running: "ordinaryUser", prefix: nobody, environment: [:])
            // Below a closed directory another user cannot start this program, which says nothing about the server.
            guard try again.run(["--version"], prefix: nobody) else { return }
            let result = try again.run()
            let said = result.outputText + result.errorText
            #expect(result.succeeded && said.contains("with 1 test"), "\(said)")
        }
    }

    @Test("promises durability unless told otherwise")
    func durability() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let server = PrivateServer(home: scratch.home)
            let endpoint = try server.start()
            let names = [
                "fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses", "TimeZone",
                "server_encoding", "lc_collate", "jit",
            ]
            let values = try names.map { try ask(endpoint, "SHOW \($0)") }
            #expect(values == ["on", "on", "on", "on", "", "UTC", "UTF8", "C", "off"])
        }
    }

    @Test("packs its log by LZ4 where it was built with it, and else by its own way")
    func logCompression() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let endpoint = try PrivateServer(home: scratch.home).start()
            let (setting, possible) = (
                try ask(endpoint, "SHOW wal_compression"),
                try ask(endpoint, "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'wal_compression'")
            )
            #expect(setting == (possible == "t" ? "lz4" : "pglz"))
        }
    }
}

extension Command {
    /// Whether the user behind `prefix` may run this command's program at all.
    fileprivate func run(_ arguments: [String], prefix: [String]) throws -> Bool {
        guard let program = self.arguments.first(where: { $0.hasPrefix("/") }) else { return false }
        let words = prefix + ["test", "-x", program]
        return try Command(words[0], Array(words.dropFirst())).run().succeeded
    }
}
