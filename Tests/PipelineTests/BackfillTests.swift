import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

/// A backfill at a real server: what it asks for, what it goes on with, and what it says.
@Suite("A backfill")
struct BackfillTests {
    private static let quarter = ["--from", "2022-01-01", "--to", "2022-07-01", "--as-of", "2022-07-10"]
    private static let months = (1...6).map { "2022-0\($0)-01" }

    /// Ten orders on the 5th of each month, of one account.
    private static func rows(_ quantity: (_ month: Int) -> Int = { _ in 10 }) -> [BackfillShop.Row] {
        (1...6).map { BackfillShop.Row(account: "a", time: "2022-0\($0)-05", quantity: "\(quantity($0))") }
    }

    private static func deploy(_ books: Books, _ shop: BackfillShop, _ more: String = "") throws {
        try books.deployMeters([("s", "2021-12-01", "UTC")], memberships: ["a,s,2021-12-01,"])
        shop.set(days: rows())
        try shop.deploy(books.folder, more)
    }

    private static func run(_ books: Books, _ more: String...) throws -> Program.Outcome {
        let words = ["backfill"] + quarter + ["--deployment", books.folder.path] + more
        return try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
    }

    private static func done(_ json: JSON) throws -> [String: Int] {
        let sources = try json.object("backfill").list("sources")
        return try Dictionary(
            sources.map { (try $0.text("source"), try $0.number("done_before")) }, uniquingKeysWith: { $1 })
    }

    @Test("Days are asked for month by month, oldest first, and whoever holds what once and before them")
    func chunks() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            let json = try JSON(Self.run(books, "--json", "--workers", "1").output)
            #expect(shop.asked == Self.months)
            #expect(
                try json.list("pulls").map { try $0.text("source") } == [
                    "customers", "subscriptions", "accounts", "memberships", "days", "instants", "carts",
                ])
            #expect(try json.list("pulls").first { try $0.text("source") == "days" }?.number("new") == 6)
            #expect(
                try books.sql(
                    "SELECT from_day, to_day, status, rows_new FROM meterbook.pull WHERE source = 'days' ORDER BY pull_id"
                )
                    == """
                    2022-01-01|2022-02-01|succeeded|1
                    2022-02-01|2022-03-01|succeeded|1
                    2022-03-01|2022-04-01|succeeded|1
                    2022-04-01|2022-05-01|succeeded|1
                    2022-05-01|2022-06-01|succeeded|1
                    2022-06-01|2022-07-01|succeeded|1
                    """)
            #expect(try books.agree())
            // It has ended, so the same command asks for everything again.
            shop.forget()
            let again = try Self.run(books, "--chunk", "2 months", "--workers", "1")
            #expect(shop.asked == ["2022-01-01", "2022-03-01", "2022-05-01"])
            #expect(again.output.contains("Nothing changed: the books say what the sources say."), "\(again)")
        }
    }

    @Test("Where a server went away, the same command asks for the rest, --restart and other terms for everything")
    func resumed() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            shop.end(with: 4, by: .reset)
            let broken = try Self.run(books, "--workers", "1")
            #expect(broken.code == 69, "\(broken)")
            #expect(shop.asked == Array(Self.months.prefix(4)))
            // Another run goes on no further, and a dry run marks nothing as done.
            shop.recover()
            shop.forget()
            let dry = try Self.run(books, "--dry-run", "--json")
            #expect(dry.code == 0, "\(dry)")
            #expect(try Self.done(JSON(dry.output)) == ["days": 3, "instants": 0])
            #expect(shop.asked == Array(Self.months.suffix(3)))
            shop.end(with: 2, by: .reset)
            #expect(try Self.run(books, "--workers", "1").code == 69)
            shop.recover()
            shop.forget()
            let run = try books.sql(
                "SELECT min(run_id) || ', ' || max(run_id) FROM meterbook.run WHERE job = 'backfill'")
            let whole = try Self.run(books, "--workers", "1")
            #expect(whole.code == 0, "\(whole)")
            #expect(shop.asked == ["2022-05-01", "2022-06-01"])
            let told = whole.output.split(separator: "\n").joined(separator: " ")
            #expect(told.contains("4 of 6 chunks of days were done by runs \(run), and not asked for again"), "\(told)")
            // What all of them brought, and not the last one alone.
            #expect(try books.sql("SELECT sum(quantity), count(*) FROM meterbook.reading") == "60|6")
            #expect(whole.output.contains("2022-01"), "\(whole.output)")
            #expect(try books.agree())

            shop.end(with: 3, by: .reset)
            #expect(try Self.run(books, "--workers", "1").code == 69)
            shop.recover()
            for more in [["--restart"], ["--chunk", "quarter"]] {
                shop.forget()
                let words = ["backfill"] + Self.quarter + ["--deployment", books.folder.path, "--dry-run"] + more
                let outcome = try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(shop.asked.first == "2022-01-01", "\(more)")
            }
            // A source that means something else has nothing done of it.
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources.replacing("    columns: {at: at}", with: "    columns: {at: at}\n").replacing(
                    "limits: {tries: 1}\n\n", with: "limits: {tries: 1}\n    columns: {meter: {value: orders}}\n"),
                to: "sources.yaml")
            shop.forget()
            #expect(try Self.run(books, "--dry-run").code == 0)
            #expect(shop.asked == Self.months)
        }
    }

    @Test("A server is asked for one chunk at a time unless its source says how many, whatever the workers")
    func bounds() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            #expect(try Self.run(books, "--workers", "4", "--chunk", "10 days").code == 0)
            #expect(shop.mostUnderWay == 1)
        }
        let pair = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, pair, "    concurrency: 2")
            // The first two wait for each other, which one alone would do for ever.
            let came = Mutex(0)
            let bell = Bell()
            pair.meeting.withLock {
                $0 = {
                    let number = came.withLock { count in
                        count += 1
                        return count
                    }
                    if number == 1 { bell.wait() } else { bell.ring() }
                }
            }
            #expect(try Self.run(books, "--workers", "4", "--chunk", "10 days").code == 0)
            #expect(pair.mostUnderWay == 2)
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "6")
            #expect(try books.agree())
        }
    }

    @Test("Where one worker fails, the others do not wait for their answers, and what they had done stays done")
    func oneFails() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop, "    concurrency: 2")
            let requests = Mutex(0)
            let bell = Bell()
            shop.meeting.withLock {
                $0 = {
                    let number = requests.withLock { count in
                        count += 1
                        return count
                    }
                    // The second one is answered when the run is over.
                    if number == 2 { bell.wait() }
                }
            }
            shop.end(with: 4, by: .reset)
            let outcome = try Self.run(books, "--workers", "3")
            bell.ring()
            #expect(outcome.code == 69, "\(outcome)")
            #expect(
                try books.sql("SELECT count(*) FROM meterbook.pull WHERE source = 'days' AND status = 'succeeded'")
                    == "2")
            #expect(try books.sql("SELECT status FROM meterbook.run WHERE job = 'backfill'") == "failed")
            shop.meeting.withLock { $0 = nil }
            shop.recover()
            shop.forget()
            #expect(try Self.run(books, "--workers", "3").code == 0)
            #expect(shop.asked.count == 4)
            #expect(try books.sql("SELECT sum(quantity), count(*) FROM meterbook.reading") == "60|6")
        }
    }

    @Test("Asked to stop while workers read, it ends with 75 at once, and the same command goes on")
    func stopped() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop, "    concurrency: 2")
            shop.end(with: 4, by: .wait)
            let words = ["backfill"] + Self.quarter + ["--deployment", books.folder.path, "--workers", "3"]
            let running = try Program.meterbook.start(words + ["--database", books.conninfo(for: words)])
            // Two hang, and what was read before is stored.
            let done = "SELECT count(*) FROM meterbook.pull WHERE source = 'days' AND status = 'succeeded'"
            #expect(try running.waitUntil { try shop.asked.count >= 5 && books.sql(done) == "3" })
            running.kill(SIGTERM)
            #expect(running.wait().code == 75)
            #expect(try books.sql(done) == "3")
            // Of two that are asked for at the same time either may be the one that hangs.
            let stored = try books.sql(
                "SELECT from_day FROM meterbook.pull WHERE source = 'days' AND status = 'succeeded'")
            shop.recover()
            shop.forget()
            #expect(try Self.run(books, "--workers", "3").code == 0)
            #expect(shop.asked.sorted() == Self.months.filter { !stored.contains($0) })
            #expect(try books.sql("SELECT sum(quantity), count(*) FROM meterbook.reading") == "60|6")
            #expect(try books.agree())
        }
    }

    @Test(
        "Where sessions are lost in between, of the workers alone or of the run too, it goes on and no chunk is lost",
        arguments: [true, false])
    func survived(ofWorkers: Bool) async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop, "    concurrency: 2")
            let requests = Mutex(0)
            let conninfo = books.database.conninfo
            shop.meeting.withLock {
                $0 = {
                    let number = requests.withLock { count in
                        count += 1
                        return count
                    }
                    guard number == 4 else { return }
                    // The run's own session holds the claim on the books.
                    let connection = try? Connection(conninfo: conninfo)
                    _ = try? connection?.execute(
                        """
                        SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity AS a
                        WHERE a.datname = current_database() AND a.application_name = 'meterbook'
                            AND NOT (\(raw: ofWorkers ? "true" : "false") AND EXISTS (
                                SELECT FROM pg_locks AS l
                                WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.objid = 1 AND l.objsubid = 2))
                        """)
                }
            }
            let outcome = try Self.run(books, "--workers", "3", "--json")
            #expect(outcome.code == 0, "\(outcome)")
            #expect(outcome.errors.contains("connection lost, waiting"), "\(outcome.errors)")
            #expect(try books.sql("SELECT sum(quantity), count(*) FROM meterbook.reading") == "60|6")
            #expect(
                try books.sql("SELECT count(*) FROM meterbook.pull WHERE source = 'days' AND status = 'succeeded'")
                    == "6")
            #expect(try books.sql("SELECT count(*) FROM meterbook.pull WHERE status = 'running'") == "0")
            #expect(
                try JSON(outcome.output).list("pulls").first { try $0.text("source") == "days" }?.number("new") == 6)
            #expect(try books.agree())
        }
    }

    @Test("A file says everything that it has, and is read once")
    func files() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2021-12-01", "UTC")], memberships: ["a,s,2021-12-01,"])
            try books.count(["a,x,,orders,2022-01-05,3", "a,x,,orders,2022-06-05,4", "a,x,,orders,2022-08-05,5"])
            #expect(try Self.run(books).code == 0)
            #expect(
                try books.sql(
                    "SELECT from_day, to_day, rows_new, rows_outside FROM meterbook.pull WHERE source = 'counts'")
                    == "2022-01-01|2022-07-01|2|1")
        }
    }

    @Test("The statement says which readings are restated and what the next close bills for them, and the close does")
    func statement() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            try books.job("nightly", "--as-of", "2022-07-10")
            // One count rises by 3, one falls by 4; each price of orders is 1.00 a unit.
            shop.set(days: Self.rows { $0 == 2 ? 13 : $0 == 4 ? 6 : 10 })
            let file = books.folder.path + "/corrections.csv"
            let outcome = try Self.run(books, "--dry-run", "--corrections", file)
            #expect(outcome.code == 0, "\(outcome)")
            let shown = outcome.output.components(separatedBy: "What it would change\\n").last ?? ""
            #expect(
                shown.contains(
                    """
                      Source  Month    Meter   New  Quantity  Restated  Difference
                      ------  -------  ------  ---  --------  --------  ----------
                      days    2022-02  orders    0         0         1          +3
                      days    2022-04  orders    0         0         1          -4

                    """), "\(outcome.output)")
            #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
            let lines = try Books.text(of: file).split(separator: "\n").map(String.init)
            #expect(lines.contains("s,s,p.orders,2022-02-01,2022-03-01,3,3,USD,3.00,s/2022-03-01"), "\(lines)")
            #expect(lines.contains("s,s,p.orders,2022-04-01,2022-05-01,-4,-4,USD,-4.00,s/2022-05-01"), "\(lines)")

            let json = try JSON(Self.run(books, "--json").output)
            let sum = try #require(try json.object("backfill").object("corrections").list("sums").first)
            try books.run("close", "--as-of", "2022-08-01")
            let billed = try JSON(
                #require(
                    books.run("invoice", "export").split(separator: "\n").map(String.init).first {
                        $0.contains("s/2022-08-01")
                    })
            ).list("lines").filter { try $0.text("kind") == "correction" }
            #expect(try sum.number("lines") == billed.count)
            #expect(try sum.cents("amount") == billed.reduce(0) { try $0 + $1.cents("amount") })
            #expect(lines.count == billed.count + 1)
            // The journal has it for whoever asks later.
            let run = try books.sql("SELECT max(run_id) FROM meterbook.run WHERE job = 'backfill'")
            let page = try books.run("run", "show", run)
            #expect(page.contains("days    2022-04  orders    0         0         1          -4"), "\(page)")
            #expect(page.contains("The next close bills these corrections"))
        }
    }

    @Test("On a terminal stand the chunks that are done and the rows, and nothing of them stays")
    func progress() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            let words = ["backfill"] + Self.quarter + ["--deployment", books.folder.path, "--workers", "1"]
            let outcome = try Program.meterbook.run(
                words + ["--database", books.conninfo(for: words)], terminal: Terminal(streams: .errors))
            #expect(outcome.code == 0, "\(outcome)")
            // Before a chunk is done nobody can say how long the others take.
            #expect(outcome.screen.contains("pulling days [................] 0/6  "), "\(outcome.screen)")
            #expect(outcome.screen.contains(" rows/s"))
            #expect(outcome.screen.hasSuffix("\r\u{1B}[K"), "\(outcome.screen)")
            #expect(!outcome.output.contains("rows/s"))
        }
    }

    @Test("A row that comes with every chunk is rejected once")
    func rejectedOnce() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            shop.set(
                days: Self.rows(),
                always: [
                    BackfillShop.Row(account: "a", time: "2022-02-30", quantity: "1"),
                    // Wrong as well, but of a day that is asked for.
                    BackfillShop.Row(account: "a", time: "2022-04-07", quantity: "1.5"),
                ])
            let outcome = try Self.run(books, "--json")
            #expect(outcome.code == 65, "\(outcome.errors)")
            let pull = try #require(try JSON(outcome.output).list("pulls").first { try $0.text("source") == "days" })
            #expect(try pull.number("read") == 6 + 6 * 2)
            #expect(try pull.number("rejected") == 2)
            #expect(
                try books.sql("SELECT reason, count(*) FROM meterbook.rejected_row GROUP BY 1 ORDER BY 1") == """
                    fractional_quantity|1
                    invalid_date|1
                    """)
        }
    }

    @Test("A row that a lost chunk had rejected is rejected once, also where another chunk brings it first")
    func rejectedByLostChunk() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop, "    concurrency: 2")
            shop.set(
                days: Self.rows(), always: [BackfillShop.Row(account: "a", time: "2022-02-30", quantity: "1")])
            shop.end(with: 4, by: .reset)
            #expect(try Self.run(books, "--workers", "1").code == 69)
            shop.recover()
            // What a kill leaves behind that comes after the rejections and before the chunk's end.
            try books.sql("UPDATE meterbook.pull SET status = 'abandoned' WHERE from_day = '2022-01-01'")
            let requests = Mutex(0)
            let bell = Bell()
            shop.meeting.withLock {
                $0 = {
                    let number = requests.withLock { count in
                        count += 1
                        return count
                    }
                    // When the fourth is asked for, one of those behind the first has been stored.
                    if number == 1 { bell.wait() } else if number == 4 { bell.ring() }
                }
            }
            let outcome = try Self.run(books, "--workers", "3", "--json")
            #expect(outcome.code == 65, "\(outcome.errors)")
            let pull = try #require(try JSON(outcome.output).list("pulls").first { try $0.text("source") == "days" })
            #expect(try pull.number("rejected") == 1)
            #expect(try books.sql("SELECT count(*) FROM meterbook.rejected_row") == "1")
        }
    }

    @Test(
        "A job that takes no window takes none of the words of a backfill, and a window of too many chunks is refused")
    func refused() async throws {
        let shop = try BackfillShop()
        try await withBooks { books in
            try Self.deploy(books, shop)
            try books.folder.write("job: j\nsteps: [pull]\n", to: "j.yaml")
            let words = ["run", books.folder.path + "/j.yaml", "--deployment", books.folder.path, "--restart"]
            let outcome = try Program.meterbook.run(words + ["--database", books.conninfo(for: ["run", ""])])
            #expect(outcome.code == 64)
            #expect(outcome.errors.contains("the job 'j' pulls no window, so it takes no --chunk, --restart"))
            let many = try books.attempt(
                "backfill", "--from", "2000-01-01", "--to", "2020-01-01", "--as-of", "2022-01-01", "--chunk", "day")
            #expect(many.code == 64)
            #expect(many.errors.contains("are more than 4000 chunks of 'day'"), "\(many.errors)")
            #expect(
                try books.attempt("backfill", "--from", "2000-01-01", "--to", "2020-01-01", "--chunk", "moon").code
                    == 64)
        }
    }
}

/// Lets one thread wait for another.
private final class Bell: Sendable {
    private let rung = DispatchSemaphore(value: 0)

    func wait() { rung.wait() }

    func ring() { rung.signal() }
}
