import Foundation
import PrivateServer
import TestSupport
import Testing

@Suite("What the private server cannot do, it says")
struct RefusalTests {
    @Test("No server on the machine: the error names the line to type")
    func noBinaries() throws {
        let empty = try TemporaryDirectory()
        let error = #expect(throws: PrivateServerError.self) {
            try PrivateServer.binaries(environment: ["PGBIN": empty.path])
        }
        #expect(error == .noBinaries(searched: ["PGBIN=\(empty.path)"]))
        #expect("\(try #require(error))".contains("apt-get install -y postgresql"))
    }

    @Test("PGBIN comes first, then Debian's newest version, which is not on the PATH")
    func binaries() throws {
        let fake = try fakeBinaries(initdb: "true", postgres: "true")
        #expect(try PrivateServer.binaries(environment: ["PGBIN": fake.path]) == fake.path)
        let debian = try PrivateServer.binaries(environment: [:])
        #expect(debian.hasPrefix("/usr/lib/postgresql/"))
    }

    @Test("An initdb that fails leaves nothing, and its last words are the error")
    func failingInitdb() async throws {
        try await onOwnThread {
            let fake = try fakeBinaries(
                initdb: "mkdir -p \"${1#--pgdata=}/base\"; echo 'initdb: error: the moon is wrong' >&2; exit 1")
            let scratch = try Scratch()
            let error = #expect(throws: PrivateServerError.self) {
                try scratch.server(environment: ["PGBIN": fake.path]).start()
            }
            let words = "\(try #require(error))"
            #expect(words.contains("initdb: error: the moon is wrong"), "\(words)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.home) == ["lock"])
        }
    }

    @Test("An initdb that is killed half-way leaves nothing half, and the next start succeeds")
    func killedInitdb() async throws {
        try await onOwnThread {
            let fake = try fakeBinaries(
                initdb: "mkdir \"${1#--pgdata=}/base\"; echo 15 >\"${1#--pgdata=}/PG_VERSION\"; kill -KILL $$")
            let scratch = try Scratch()
            #expect(throws: PrivateServerError.self) {
                try scratch.server(environment: ["PGBIN": fake.path]).start()
            }
            #expect(!scratch.server().exists)
            // As if we had been killed as well, and could not clean up.
            try FileManager.default.createDirectory(
                atPath: scratch.home + "/data.new-1/base", withIntermediateDirectories: true)
            #expect(try ask(scratch.server().start(), "SELECT 1") == "1")
            #expect(!FileManager.default.fileExists(atPath: scratch.home + "/data.new-1"))
        }
    }

    @Test("Data of another major version: the error says which server to install")
    func otherVersion() async throws {
        try await onOwnThread {
            let fake = try fakeBinaries(initdb: "true", postgres: "echo 'postgres (PostgreSQL) 99.1 (Debian)'")
            let scratch = try Scratch()
            _ = try scratch.server().start()
            try scratch.server().stop()
            let error = #expect(throws: PrivateServerError.self) {
                try scratch.server(environment: ["PGBIN": fake.path]).start()
            }
            guard case .otherMajorVersion(_, let major, _, 99) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect("\(try #require(error))".contains("apt-get install -y postgresql-\(major)"))
        }
    }

    @Test("A server that does not come up: the end of its log is the error")
    func failingStart() async throws {
        try await onOwnThread {
            let scratch = try Scratch()
            let endpoint = try scratch.server().start()
            try ask(endpoint, "ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'")
            try scratch.server().stop()
            let error = #expect(throws: PrivateServerError.self) { try scratch.server().start() }
            #expect("\(try #require(error))".contains("no_such_library"))
            #expect(!scratch.server().isRunning)
        }
    }

    @Test("A socket directory that another user made first is refused", .enabled(if: geteuid() == 0))
    func squatted() async throws {
        try await onOwnThread {
            let scratch = try Scratch(below: String(repeating: "deep/", count: 30) + "home")
            let socket = try scratch.server().start().host
            try scratch.server().stop()
            #expect(socket.hasPrefix("/tmp/meterbook-"))
            #expect(chmod(socket, 0o777) == 0)
            let open = #expect(throws: PrivateServerError.self) { try scratch.server().start() }
            #expect("\(try #require(open))".contains("mode 777"))
            #expect(chmod(socket, 0o700) == 0 && chown(socket, 65_534, 65_534) == 0)
            let foreign = #expect(throws: PrivateServerError.self) { try scratch.server().start() }
            #expect("\(try #require(foreign))".contains("belongs to nobody"))
        }
    }

    /// A directory with programs of these names, as shell scripts that every user can run.
    private func fakeBinaries(initdb: String, postgres: String = "exit 1") throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o755)
        for (name, script) in [("initdb", initdb), ("postgres", postgres)] {
            // Another process writes it: what is open for writing here is open for a moment in every process that another
            // test starts, and the kernel runs no program that is.
            var writer = Command(
                "/bin/sh", ["-c", #"cat >"$1" && chmod 755 "$1""#, "sh", directory.path + "/" + name],
                environment: Command.plain)
            writer.input = Array("#!/bin/sh\n\(script)\n".utf8)
            try #require(try writer.run().succeeded)
        }
        return directory
    }
}
