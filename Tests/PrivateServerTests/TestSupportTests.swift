import Foundation
import PrivateServer
import Synchronization
import TestSupport
import Testing

@Suite("The test equipment")
struct TestSupportTests {
    @Test("Each test has a database of its own, which is gone afterwards")
    func databases() async throws {
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try await withDatabase { database in
                        try database.run("CREATE TABLE mine AS SELECT \(number) AS n")
                        #expect(try database.run("SELECT n FROM mine") == "\(number)")
                        return database.name
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(names).count == 12)
        let list = names.map { "'\($0)'" }.joined(separator: ",")
        #expect(try TestServer.shared.run("SELECT count(*) FROM pg_database WHERE datname IN (\(list))") == "0")
    }

    @Test("A template is built once, and every test changes only its copy")
    func templates() async throws {
        let builds = Atomic<Int>(0)
        let template = Template.named("once") { conninfo in
            builds.add(1, ordering: .relaxed)
            let psql = try PrivateServer.binaries() + "/psql"
            let result = try Command(psql, ["-Xq", "-d", conninfo, "-c", "CREATE TABLE seen (n int)"]).run()
            guard result.succeeded else { throw TestFailure(result.errorText) }
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask {
                    let count = try await withDatabase(template) { database in
                        try database.run("INSERT INTO seen VALUES (1); SELECT count(*) FROM seen")
                    }
                    #expect(count == "1")
                }
            }
            try await group.waitForAll()
        }
        #expect(builds.load(ordering: .relaxed) == 1)
    }

    @Test("A template that cannot be built fails every test that needs it, with the cause")
    func brokenTemplate() async throws {
        let template = Template.named("broken") { _ in throw TestFailure("the migration is wrong") }
        for _ in 0..<2 {
            let error = await #expect(throws: TestFailure.self) { try await withDatabase(template) { _ in } }
            #expect(try #require(error).description == "the migration is wrong")
        }
    }

    @Test("A body that throws gives its own error, and its database is dropped")
    func failingBody() async throws {
        let name = Mutex("")
        let error = await #expect(throws: TestFailure.self) {
            try await withDatabase { database in
                name.withLock { $0 = database.name }
                try database.run("SELECT 1 / 0")
            }
        }
        #expect(try #require(error).description.contains("division by zero"))
        let dropped = name.withLock { $0 }
        #expect(try TestServer.shared.run("SELECT count(*) FROM pg_database WHERE datname = '\(dropped)'") == "0")
    }

    @Test("No more than four bodies run at a time, and none of them holds a thread of Swift's pool")
    func gate() async throws {
        let running = Occupancy()
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 {
                group.addTask {
                    try await withDatabase { database in
                        running.enter()
                        try database.run("SELECT pg_sleep(0.05)")
                        running.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(running.most <= 4)
    }

    @Test("A test process that is killed leaves no server and no directory behind")
    func killedProcess() async throws {
        try await onOwnThread {
            let child = try testProgram(
                running: "startAndWait", environment: ["METERBOOK_TEST_PART": "victim"]
            ).spawn()
            defer { child.send(SIGKILL) }
            let prefix = "meterbook-test-\(child.pid)-"
            // In memory where that has room, else on the disk.
            func directories() -> [String] {
                ["/dev/shm/", "/tmp/"].flatMap { parent in
                    ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).filter {
                        $0.hasPrefix(prefix)
                    }.map { parent + $0 }
                }
            }
            let started = eventually { String(decoding: child.outputSoFar, as: UTF8.self).contains("server is up") }
            #expect(started, "\(String(decoding: child.errorsSoFar, as: UTF8.self))")
            let server = try postmaster(at: #require(directories().first))
            child.send(SIGKILL)
            #expect(child.wait().ending == .signal(SIGKILL))
            #expect(eventually { !isAlive(server) && directories().isEmpty })
        }
    }

    @Test("(a part in the test above)", .enabled(if: plays("victim")))
    func startAndWait() throws {
        _ = try TestServer.shared.run("SELECT 1")
        // Written past the buffer, which nobody flushes for a process that is killed.
        FileHandle.standardOutput.write(Data("server is up\n".utf8))
        sleep(60)
    }

    @Test("The clusters of dead processes are swept away, those of living ones are not")
    func sweep() async throws {
        try await onOwnThread {
            let gone = Command("/bin/true")
            let dead = try gone.spawn()
            dead.wait()
            let homes = [dead.pid, getpid()].map { "/tmp/meterbook-test-\($0)-swept" }
            defer { for home in homes { try? PrivateServer(home: home).destroy() } }
            for home in homes { _ = try PrivateServer(home: home, durability: .throwaway).start() }
            let next = try testProgram(running: "startAndLeave", environment: ["METERBOOK_TEST_PART": "next"]).run()
            #expect(next.succeeded, "\(next.errorText)")
            #expect(homes.map { FileManager.default.fileExists(atPath: $0) } == [false, true])
            #expect(PrivateServer(home: homes[1]).isRunning)
        }
    }

    @Test("(a part in the test above)", .enabled(if: plays("next")))
    func startAndLeave() throws {
        #expect(try TestServer.shared.run("SELECT 1") == "1")
    }

    @Test("A seed repeats its numbers, which are SplitMix64's")
    func seeds() {
        var generator = SeededGenerator(seed: 1_234_567)
        // The reference implementation's first values for this seed.
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
    }

    @Test("A temporary directory goes with its last reference")
    func temporaryDirectory() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory()
        let file = try #require(directory).write("x", to: "a/b/c")
        #expect(FileManager.default.fileExists(atPath: file))
        directory = nil
        #expect(!FileManager.default.fileExists(atPath: file))
    }
}

/// How many are in a place, and how many there were at most.
private final class Occupancy: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func leave() { counts.withLock { $0.now -= 1 } }
}

@Suite("A program under test")
struct ProgramTests {
    private let shell = Program(path: "/bin/sh")

    @Test("gets its arguments, environment and input, and nothing else of ours")
    func everything() throws {
        let outcome = try shell.run(
            ["-c", "read line; echo \"$1 $WORD $line ${HOME}\"; echo oops >&2; exit 65", "sh", "argument"],
            environment: ["WORD": "word"], input: "line\n")
        #expect(outcome.code == 65 && outcome.signal == nil)
        #expect(outcome.output == "argument word line /\n")
        #expect(outcome.errors == "oops\n")
    }

    @Test("may write more than a pipe holds to both streams, and read none of its input")
    func noDeadlock() throws {
        let outcome = try shell.run(
            ["-c", "head -c 300000 /dev/zero | tr '\\0' o; head -c 300000 /dev/zero | tr '\\0' e >&2"],
            input: String(repeating: "i", count: 300_000))
        #expect(outcome.output.utf8.count == 300_000 && outcome.errors.utf8.count == 300_000)
    }

    @Test("can be killed once it has said something")
    func killed() throws {
        let program = try shell.start(["-c", "echo begun; exec sleep 60"])
        #expect(program.waitUntil { program.outputSoFar.contains("begun") })
        program.kill()
        #expect(program.wait().signal == SIGKILL)
    }

    @Test("sees a terminal of 80 columns, or one for its errors alone")
    func terminal() throws {
        let script = "for f in 0 1 2; do [ -t $f ] && echo \"tty $f\" >&2; done; stty size <&2 >&2; echo out"
        let all = try shell.run(["-c", script], terminal: Terminal())
        #expect(all.screen == "tty 0\r\ntty 1\r\ntty 2\r\n24 80\r\nout\r\n")
        #expect(all.output.isEmpty && all.errors.isEmpty)
        let errors = try shell.run(["-c", script], terminal: Terminal(columns: 40, streams: .errors))
        #expect(errors.screen == "tty 2\r\n24 40\r\n")
        #expect(errors.output == "out\n")
    }

    @Test("that was built with the tests is found beside them")
    func built() throws {
        #expect(try FileManager.default.isExecutableFile(atPath: Program.meterbook.path))
        #expect(throws: TestFailure.self) { try Program.builtProgram(named: "no-such-program") }
    }
}
