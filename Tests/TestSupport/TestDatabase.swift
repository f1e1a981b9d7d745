import Foundation
import Synchronization

/// What a test's database contains at first.
package struct Template: Sendable {
    var name: String
    var build: @Sendable (_ conninfo: String) throws -> Void

    /// Nothing.
    package static let empty = Template(name: "") { _ in }

    /// What `build` puts there. It runs once a process; each test gets a copy, which takes 30 ms.
    package static func named(
        _ name: String, build: @escaping @Sendable (_ conninfo: String) throws -> Void
    ) -> Template {
        Template(name: name, build: build)
    }
}

/// A database for one test.
package struct TestDatabase: Sendable {
    /// Its name on the server.
    package let name: String
    /// Its libpq connection string.
    package let conninfo: String
    private let server: TestServer

    /// Creates a database on the shared server.
    package static func make(template: Template = .empty) throws -> TestDatabase {
        let server = try TestServer.shared
        let source =
            template.name.isEmpty
            ? "template0" : try server.template(named: template.name, build: template.build)
        let name = server.freshName()
        try server.run("CREATE DATABASE \"\(name)\" TEMPLATE \"\(source)\"")
        return TestDatabase(name: name, conninfo: server.conninfo(database: name), server: server)
    }

    /// Another database with what this one has, to which nobody may be connected meanwhile.
    package func copy() throws -> TestDatabase {
        let copy = server.freshName()
        try server.run("CREATE DATABASE \"\(copy)\" TEMPLATE \"\(name)\"")
        return TestDatabase(name: copy, conninfo: server.conninfo(database: copy), server: server)
    }

    /// Drops the database, and ends whoever is still connected to it.
    package func drop() throws {
        try server.run("DROP DATABASE IF EXISTS \"\(name)\" WITH (FORCE)")
    }

    /// Runs SQL with `psql` and returns what it prints: rows as lines, columns separated by `|`.
    @discardableResult
    package func run(_ sql: String) throws -> String {
        try server.run(sql, conninfo: conninfo)
    }
}

/// Runs a test's body with a database of its own, which is dropped afterwards.
///
/// Swift Testing starts up to 200 cases at once: only a few of those that come here run at a time, or the server would run
/// out of connections. The body runs on a thread of its own, for a call that waits for the database would hold one of the
/// few threads that all of Swift's tasks share.
///
/// With `METERBOOK_TEST_TIMES` in the environment each case adds to that file how long it had one of the places, in
/// milliseconds, and where its test stands: what a case takes from its begin to its end is mostly waiting for a place.
package func withDatabase<R: Sendable>(
    _ template: Template = .empty, file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (TestDatabase) throws -> R
) async throws -> R {
    await Gate.databases.enter()
    let began = ContinuousClock.now
    defer {
        TestTimes.add(ContinuousClock.now - began, file: file, line: line)
        Gate.databases.leave()
    }
    return try await onOwnThread {
        let database = try TestDatabase.make(template: template)
        let result: R
        do {
            result = try body(database)
        } catch {
            // The body's error is the one worth reading.
            try? database.drop()
            throw error
        }
        try database.drop()
        return result
    }
}

/// How long tests had a database, for who wants to make them faster.
private enum TestTimes {
    private static let file: FileHandle? = {
        guard let path = ProcessInfo.processInfo.environment["METERBOOK_TEST_TIMES"] else { return nil }
        if !FileManager.default.fileExists(atPath: path) {
            FileManager.default.createFile(atPath: path, contents: nil)
        }
        let file = FileHandle(forWritingAtPath: path)
        _ = try? file?.seekToEnd()
        return file
    }()

    static func add(_ time: Duration, file name: String, line: Int) {
        let milliseconds = time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000
        try? file?.write(contentsOf: Data("\(milliseconds) \(name):\(line)\n".utf8))
    }
}

/// Runs a blocking body on a thread of its own.
///
/// The task itself moves there, so that an expectation that fails in the body is known to belong to its test.
package func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withTaskExecutorPreference(OwnThread()) { try await run(body) }
}

@concurrent private func run<R: Sendable>(_ body: @Sendable () throws -> R) async throws -> R {
    try body()
}

/// Runs every piece of a task on a new thread, which may block.
private final class OwnThread: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let thread = Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        // As much as the main thread has: a test's stack should never be the reason for its failure.
        thread.stackSize = 8 << 20
        thread.start()
    }
}

/// Lets a few tasks through at a time, in the order in which they came.
final class Gate: Sendable {
    static let databases = Gate(places: 4)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(places: Int) { state = Mutex(State(free: places)) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let passes = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if passes { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
