import Billing
import Postgres
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// Sessions that work side by side with the run's own.
@Suite("Sessions on threads")
struct SessionThreadTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    private static func ask(_ text: String, _ connection: Connection) throws -> Int64 {
        guard let answer = try connection.first(Query(name: "test", text: text), as: Int64.self) else {
            throw TestFailure("no answer to \(text)")
        }
        return answer
    }

    @Test("Everything is done in the order in which it was given, in one session, however much there is")
    func order() async throws {
        try await withDatabase(Self.template) { database in
            let conninfo = database.conninfo
            let thread = SessionThread { try Connection(conninfo: conninfo) }
            thread.perform {
                try $0.executeScript(
                    name: "test",
                    "CREATE TEMPORARY TABLE seen (number bigint, place bigint GENERATED ALWAYS AS IDENTITY)")
            }
            for number in 1...50 {
                thread.perform { try $0.executeScript(name: "test", "INSERT INTO seen (number) VALUES (\(number))") }
            }
            let inOrder = thread.perform { try Self.ask("SELECT count(*) FROM seen WHERE number = place", $0) }
            let seen = try inOrder.value()
            #expect(seen == 50)
        }
    }

    @Test("After a failure nothing more is done, and whoever asks is told the first one")
    func failure() async throws {
        try await withDatabase(Self.template) { database in
            let conninfo = database.conninfo
            let thread = SessionThread { try Connection(conninfo: conninfo) }
            let sound = thread.perform { try Self.ask("SELECT 7", $0) }
            let before = try sound.value()
            #expect(before == 7)
            let done = Mutex(0)
            let broken = thread.perform { try Self.ask("SELECT 1 / 0", $0) }
            #expect(throws: PostgresError.self) { try broken.value() }
            // More than would wait for a thread that still works.
            let later = (0..<20).map { _ in thread.perform { _ in done.withLock { $0 += 1 } } }
            for answer in later {
                #expect { try answer.value() } throws: { "\($0)".contains("division_by_zero") }
            }
            #expect(done.withLock(\.self) == 0)
            // What was answered before stays so.
            let after = try sound.value()
            #expect(after == 7)
        }
    }

    @Test("A thread without a session fails all that it is given by why it has none")
    func refused() async throws {
        try await onOwnThread {
            let thread = SessionThread { throw StoreError.claimLost }
            let answers = (0..<10).map { number in thread.perform { _ in number } }
            for answer in answers {
                #expect { try answer.value() } throws: {
                    if case StoreError.claimLost = $0 { true } else { false }
                }
            }
        }
    }

    @Test("Once a thread is let go its session is gone")
    func end() async throws {
        try await withDatabase(Self.template) { database in
            let conninfo = database.conninfo
            let backend = try {
                let thread = SessionThread { try Connection(conninfo: conninfo) }
                return try thread.perform { try Self.ask("SELECT pg_backend_pid()::bigint", $0) }.value()
            }()
            let connection = try Connection(conninfo: conninfo)
            // The server takes a moment to notice a socket that was closed; a session that nobody ends stays for ever.
            let left = "SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend)"
            while try Self.ask(left, connection) != 0 {}
        }
    }

    @Test("Readings of a pull that another run has declared dead are not stored")
    func abandonedPull() async throws {
        try await withDatabase(Self.template) { database in
            let connection = try Connection(conninfo: database.conninfo)
            let journal = RunJournal(connection)
            let day = try #require(CivilDate(year: 2026, month: 3, day: 2))
            try journal.begin(job: "pull", asOf: day, programVersion: "1")
            let pull = PullStore(connection)
            try pull.begin(run: journal.runID, source: "orders", feeds: "readings", from: nil, to: nil)
            let store = try ReadingStore(pull, WindowSeries([]))
            try store.land(
                [
                    ReadingStore.Row(
                        line: 2, day: day, customerID: 1, subscriptionID: 1, accountID: 1, channelID: 1, meterID: 1,
                        sliceStart: nil, quantity: 5)
                ], origin: "orders.csv")
            try database.run("UPDATE meterbook.pull SET status = 'abandoned'")
            #expect {
                try store.apply { _, _ in }
            } throws: {
                if case StoreError.claimLost = $0 { true } else { false }
            }
            #expect(try database.run("SELECT count(*) FROM meterbook.reading") == "0")
        }
    }

    @Test("A month of totals keeps room for another copy of each row, also one from before that was so")
    func totalPages() async throws {
        try await withDatabase { database in
            let before = Migration.all.filter { $0.file < "20261121000023" }
            let connection = try Connection(conninfo: database.conninfo)
            _ = try Migrator(connection, migrations: before).migrate()
            try database.run("SELECT meterbook.ensure_months('usage_total', '2026-01-01', '2026-02-02')")
            _ = try Migrator(connection).migrate()
            try database.run(
                "SELECT meterbook.ensure_months(t, '2026-03-01', '2026-03-02') FROM unnest('{usage_total,reading}'::text[]) AS t"
            )
            let pages = try database.run(
                """
                SELECT relname, reloptions FROM pg_class
                WHERE relkind = 'r' AND relname LIKE ANY ('{usage_total_2%,reading_2%}') ORDER BY 1
                """)
            #expect(
                pages == """
                    reading_202603|
                    usage_total_202601|{fillfactor=45}
                    usage_total_202602|{fillfactor=45}
                    usage_total_202603|{fillfactor=45}
                    """)
        }
    }
}
