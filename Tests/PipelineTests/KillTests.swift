import Foundation
import Postgres
import TestSupport
import Testing

/// What is left when the program, or its connection, goes at any moment: whole batches, and a rerun that completes them.
@Suite("Killed and cut off")
struct KillTests {
    private static let customers = 400
    private static let asOf = CDNOW.lastDay
    /// Small ones, so that a kill falls between transactions as well as into them.
    private static let batch = "20"

    /// The export of a close that nobody disturbed.
    private static func undisturbed(_ template: Template) throws -> String {
        try Books.copy(of: template) { books in
            try books.run("close", "--as-of", asOf, "--batch", batch)
            try #require(books.run("reconcile").contains("The books agree."))
            return try books.exportDigest()
        }
    }

    /// How far a close has come, asked on a connection of the test's own.
    private struct Progress {
        let connection: Connection

        init(_ books: Books) throws { connection = try Connection(conninfo: books.database.conninfo) }

        /// Subscriptions that have no period left to close.
        func closed() throws -> Int64 {
            let query: Query = "SELECT count(*) FROM meterbook.open_period WHERE ends > '\(raw: KillTests.asOf)'"
            return try connection.first(query, as: Int64.self) ?? 0
        }

        /// Readings that the latest pull has stored, or nil before it has begun.
        func stored() throws -> Int64? {
            let query: Query = """
                SELECT rows_new FROM meterbook.pull WHERE feeds = 'readings' AND status = 'running'
                ORDER BY pull_id DESC LIMIT 1
                """
            return try connection.first(query, as: Int64.self)
        }
    }

    /// Stops both workers of a close where more than 100 subscriptions would be closed, so that a test finds it midway on
    /// a fast machine and on a slow one.
    private static func gate(_ books: Books, before: Int64) throws -> Gate {
        try Gate(
            books, "AFTER UPDATE ON meterbook.open_period FOR EACH STATEMENT",
            when: "(SELECT count(*) FROM meterbook.open_period WHERE ends > '\(asOf)') > \(before + 100)")
    }

    @Test("Killed at twenty moments of a close, the books come out of a rerun as if nothing had happened")
    func killedClose() async throws {
        let template = CDNOW.pulled(customers: Self.customers)
        try await withBooks { _ in
            let expected = try Self.undisturbed(template)
            var random = SeededGenerator()
            var midway = 0
            for _ in 0..<20 {
                // Moments are places on the way, so that they are spread alike on a fast machine and a slow one. Before the
                // first there may be no run yet to tell of.
                let place = Int64.random(in: 1...Int64(Self.customers), using: &random)
                let moreMicroseconds = UInt32.random(in: 0..<6_000, using: &random)
                midway += try Books.copy(of: template) { books in
                    let progress = try Progress(books)
                    let before = try progress.closed()
                    let running = try books.start("close", "--as-of", Self.asOf, "--batch", Self.batch)
                    _ = try running.waitUntil { try progress.closed() - before >= place }
                    usleep(moreMicroseconds)
                    running.kill()
                    let killed = running.wait()
                    let closed = try progress.closed() - before
                    let again = try books.runAgain("close", "--as-of", Self.asOf, "--batch", Self.batch)
                    #expect(again.code == 0, "\(again.errors)")
                    #expect(try books.exportDigest() == expected, "killed after \(closed) subscriptions")
                    let balance = try books.meterbook("reconcile")
                    #expect(balance.code == 0, "\(balance.output)")
                    guard killed.signal == SIGKILL else { return 0 }
                    let runs = try books.runs()
                    // The kill came between the end of the run and that of its process.
                    if runs.prefix(2) == ["close succeeded", "close succeeded"] { return 0 }
                    #expect(runs.prefix(2) == ["close succeeded", "close abandoned"])
                    return closed > 0 && closed < Self.customers ? 1 : 0
                }
            }
            #expect(midway >= 10, "only \(midway) of 20 kills hit the close midway")
            print("\(midway) of 20 kills hit the close midway")
        }
    }

    @Test("Killed at ten moments of a pull, a rerun stores every reading once, and the journal tells of both")
    func killedPull() async throws {
        let customers = 4_000
        let folder = try CDNOW.deployment(customers: customers)
        let template = CDNOW.withoutReadings(customers: customers)
        try await withBooks { _ in
            let pull = ["pull", "--deployment", folder.path, "--source", "orders"]
            func finish(_ books: Books) throws -> [String] {
                let stored = try Self.storedUsage(books)
                try books.run("close", "--as-of", "1997-05-01")
                let balance = try books.meterbook("reconcile")
                #expect(balance.code == 0, "\(balance.output)")
                return try stored + [books.exportDigest()]
            }
            let expected = try Books.copy(of: template) { books in
                try books.run(pull[0], pull[1], pull[2], pull[3], pull[4])
                return try finish(books)
            }
            let all = try CDNOW.lines("orders").filter { Int($0.prefix(5)).map { $0 <= customers } ?? false }.count
            var random = SeededGenerator()
            var midway = 0
            for number in 0..<10 {
                // A third of the moments lie before anything is stored: while rows are read and land.
                let place = number % 3 == 0 ? 0 : Int64.random(in: 0..<Int64(all), using: &random)
                let moreMicroseconds = UInt32.random(in: 0..<(place == 0 ? 100_000 : 20_000), using: &random)
                midway += try Books.copy(of: template) { books in
                    let progress = try Progress(books)
                    let running = try books.start(pull[0], pull[1], pull[2], pull[3], pull[4])
                    _ = try running.waitUntil { try progress.stored().map { $0 >= place } ?? false }
                    usleep(moreMicroseconds)
                    running.kill()
                    let killed = running.wait()
                    let again = try books.runAgain(pull[0], pull[1], pull[2], pull[3], pull[4])
                    #expect(again.code == 0, "\(again.errors)")
                    let pulls = try books.sql(
                        "SELECT status FROM meterbook.pull WHERE feeds = 'readings' ORDER BY pull_id")
                    let runs = try books.runs()
                    #expect(try finish(books) == expected, "killed when \(place) readings were stored")
                    guard killed.signal == SIGKILL else { return 0 }
                    if runs.prefix(2) == ["pull succeeded", "pull succeeded"] {
                        // The kill came between the end of the run and that of its process.
                        #expect(pulls == "succeeded\nsucceeded")
                        return 0
                    }
                    #expect(runs.prefix(2) == ["pull succeeded", "pull abandoned"])
                    // The source may have been read to its end when the run was killed.
                    #expect(["abandoned\nsucceeded", "succeeded\nsucceeded"].contains(pulls))
                    return 1
                }
            }
            #expect(midway >= 5, "only \(midway) of 10 kills hit the pull midway")
            print("\(midway) of 10 kills hit the pull midway")
        }
    }

    /// What is known of usage, without the numbers of the pulls that brought it and those that the store gives to channels.
    private static func storedUsage(_ books: Books) throws -> [String] {
        [
            try books.sql(
                """
                SELECT md5(string_agg(concat_ws(',', r.day, r.customer_id, r.account_id, c.key, r.meter_id, r.quantity), '|'
                    ORDER BY r.day, r.customer_id, r.account_id, c.key, r.meter_id))
                FROM meterbook.reading AS r JOIN meterbook.channel AS c USING (channel_id)
                """),
            try books.sql(
                """
                SELECT md5(string_agg(concat_ws(',', customer_id, subscription_id, meter_id, start, quantity), '|'
                    ORDER BY customer_id, subscription_id, meter_id, start)) FROM meterbook.usage_total
                """),
            try books.sql("SELECT count(*) FROM meterbook.reading_superseded"),
            try books.sql("SELECT count(*) FROM meterbook.late_usage"),
        ]
    }

    @Test("Asked to stop, a close ends its batches, says so with 75, and the next run goes on from there")
    func askedToStop() async throws {
        let template = CDNOW.pulled(customers: Self.customers)
        try await withBooks { _ in
            let expected = try Self.undisturbed(template)
            for signal in [SIGTERM, SIGINT, SIGHUP] {
                try Books.copy(of: template) { books in
                    let progress = try Progress(books)
                    let before = try progress.closed()
                    let gate = try Self.gate(books, before: before)
                    let running = try books.start("close", "--as-of", Self.asOf, "--batch", Self.batch)
                    try gate.await(2, of: running)
                    running.kill(signal)
                    try gate.open()
                    let stopped = running.wait()
                    #expect(stopped.code == 75)
                    #expect(stopped.errors.contains("everything committed stays"))
                    let closed = try progress.closed() - before
                    #expect(closed >= 100 && closed < Self.customers, "\(closed) were closed")
                    #expect(try books.meterbook("reconcile").code == 0)
                    #expect(try books.runs().first == "close failed")
                    let number = try books.sql("SELECT max(run_id) FROM meterbook.run")
                    #expect(try books.run("run", "show", number).contains("Failed in close: stopped on request"))
                    try books.run("close", "--as-of", Self.asOf)
                    #expect(try books.exportDigest() == expected)
                }
            }
        }
    }

    /// Which of the program's sessions the server ends.
    private enum Loss: String, CaseIterable {
        case every = "true"
        case oneWorker = "query NOT LIKE '%meterbook.run%' AND query <> ''"
        case theHolderOfTheLock = """
            pid IN (SELECT l.pid FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = 1296384075
                AND l.objid = 1 AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """
    }

    @Test(
        "A close that loses its connections goes on with the batch in which it was; one that may not wait ends with 69",
        arguments: Loss.allCases, [true, false])
    private func lostConnection(_ loss: Loss, waits: Bool) async throws {
        let template = CDNOW.pulled(customers: Self.customers)
        try await withBooks { _ in
            let expected = try Self.undisturbed(template)
            try Books.copy(of: template) { books in
                let gate = try Self.gate(books, before: Progress(books).closed())
                let running = try books.start(
                    "close", "--as-of", Self.asOf, "--batch", Self.batch, "--patience", waits ? "60" : "0")
                try gate.await(2, of: running)
                let ended = try books.sql(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM (
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'meterbook' AND \(loss.rawValue)
                        LIMIT \(loss == .oneWorker ? "1" : "ALL")) AS sessions
                    """)
                #expect(ended == (loss == .every ? "3" : "1"))
                try gate.open()
                let outcome = running.wait()
                #expect(outcome.code == (waits ? 0 : 69), "\(outcome.errors)")
                #expect(outcome.errors.contains("\"message\":\"run failed\"") != waits, "\(outcome.errors)")
                #expect(outcome.errors.contains("connection"), "\(outcome.errors)")
                #expect(outcome.errors.contains("database is back") == waits, "\(outcome.errors)")
                #expect(!outcome.errors.contains(books.folder.path))
                #expect(try books.meterbook("reconcile").code == 0)
                if !waits {
                    let again = try books.runAgain("close", "--as-of", Self.asOf)
                    #expect(again.code == 0, "\(again.errors)")
                }
                #expect(try books.exportDigest() == expected)
                #expect(try books.runs().allSatisfy { !$0.hasSuffix("running") })
                // One worker's session is another's, or that of the run itself.
                if waits, loss != .oneWorker {
                    let run = try books.sql("SELECT max(run_id) FROM meterbook.run")
                    let isTold = try books.run("run", "show", run).contains("lost once, and the run went on")
                    #expect(isTold)
                }
            }
        }
    }

    @Test("A run whose lock is gone gives way to the next one, or has it back before that")
    func givesWay() async throws {
        let template = CDNOW.pulled(customers: Self.customers)
        try await withBooks { _ in
            let expected = try Self.undisturbed(template)
            try Books.copy(of: template) { books in
                let gate = try Self.gate(books, before: Progress(books).closed())
                let first = try books.start("close", "--as-of", Self.asOf, "--batch", Self.batch)
                try gate.await(2, of: first)
                _ = try books.sql(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND \(Loss.theHolderOfTheLock.rawValue)
                    """)
                try gate.open()
                let second = try books.runAgain("close", "--as-of", Self.asOf, "--batch", Self.batch)
                let outcome = first.wait()
                #expect(second.code == 0, "\(second.errors)")
                #expect([0, 75].contains(outcome.code), "\(outcome.errors)")
                #expect(try books.exportDigest() == expected)
                #expect(try books.meterbook("reconcile").code == 0)
            }
        }
    }

    @Test("A table that somebody else has locked is a reason to try later, and nothing is lost")
    func lockedTable() async throws {
        let template = CDNOW.pulled(customers: 300)
        try await withBooks { _ in
            let expected = try Self.undisturbed(template)
            try Books.copy(of: template) { books in
                _ = try books.sql(
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''200ms''', current_database()); END $$"
                )
                let other = try Connection(conninfo: books.database.conninfo)
                try other.transaction {
                    try other.executeScript(name: "lock", "LOCK TABLE meterbook.invoice IN ACCESS EXCLUSIVE MODE")
                    let outcome = try books.meterbook("close", "--as-of", Self.asOf)
                    #expect(outcome.code == 75, "\(outcome.errors)")
                    #expect(outcome.errors.contains("lock"), "\(outcome.errors)")
                }
                #expect(try books.sql("SELECT count(*) FROM meterbook.billing_period") == "0")
                _ = try books.sql(
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET lock_timeout', current_database()); END $$")
                try books.run("close", "--as-of", Self.asOf)
                #expect(try books.exportDigest() == expected)
                #expect(try books.meterbook("reconcile").code == 0)
            }
        }
    }
}
