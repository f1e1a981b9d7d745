import Foundation
import TestSupport
import Testing

/// What `run show` says of real nights.
@Suite("The story of real runs")
struct RunStoryTests: PlaysShop {
    private static let version = [
        "prices:", "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    private func night(_ books: Books, _ day: String) throws -> Program.Outcome {
        let words = ["nightly", "--as-of", day, "--deployment", books.folder.path]
        return try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
    }

    private func story(_ books: Books, _ run: Int) throws -> JSON {
        try JSON(books.run("run", "show", "\(run)", "--json"))
    }

    @Test("A night tells what it rejected and held, what it took over, and how long its kind takes")
    func nights() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.version, large: Self.version)
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources.replacing("file: counts.csv", with: "file: counts.csv, expect: {every: day, on_gap: hold}"),
                to: "sources.yaml")
            let days = (1...31).filter { $0 != 15 }.map { "2026-01-\($0 < 10 ? "0" : "")\($0),2" }
            try self.count(books, days)
            let counts = try Books.text(of: books.folder.path + "/counts.csv")
            try books.folder.write(
                counts + "nobody,x,orders,2026-01-02,1\na,x,orders,2026-01-03,-1\n", to: "counts.csv")
            #expect(try self.night(books, "2026-02-01").code == 65)
            // Run 1 applied the catalog.
            let first = try self.story(books, 2)
            #expect(try first.number("usual_runs") == 0)
            #expect(try first.text("origin") == "program")
            #expect(try first.text("login") == books.sql("SELECT login FROM meterbook.run WHERE run_id = 2"))
            #expect(
                try first.list("rejected").map { try "\($0.text("reason")) \($0.number("rows"))" }.sorted()
                    == ["negative_quantity 1", "unknown_account 1"])
            let held = try #require(first.list("held").first)
            #expect(try held.text("reason") == "missing_day")
            #expect(try held.text("example") == "s/2026-02-01")
            #expect(try held.number("new") == 1)
            let page = try books.run("run", "show", "2")
            for line in [
                "subscriptions  missing_day         1    1  s/2026-02-01", "  meterbook hold list\n",
                "  meterbook reject list --source counts\n",
            ] {
                #expect(page.contains(line), "\(page)")
            }
            #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page)")

            // What the night left running, as when it had been killed, the next one takes over; the same rows are known.
            try books.tamper(
                """
                UPDATE meterbook.run SET status = 'running', exit_code = NULL, ended_at = NULL WHERE run_id = 2;
                UPDATE meterbook.run_step SET status = 'running', ended_at = NULL WHERE run_id = 2 AND name = 'close';
                """)
            #expect(try self.night(books, "2026-02-01").code == 65)
            let second = try self.story(books, 3)
            #expect(try second.number("took_over") == 2)
            #expect(try second.text("took_over_in") == "close")
            #expect(try second.list("rejected").isEmpty)
            #expect(try second.number("usual_runs") == 0)
            let again = try books.run("run", "show", "3")
            #expect(
                again.contains("  took over      from run 2, which was killed or disconnected in the step\n"),
                "\(again)")
            #expect(again.contains("2 rejected rows were known from runs before."), "\(again)")
            let abandoned = try books.run("run", "show", "2")
            #expect(abandoned.contains("killed or disconnected\n") && abandoned.contains("made up for    by run 3"))
            #expect(!abandoned.contains("  meterbook nightly"), "\(abandoned)")

            // Three nights of 4, 2 and 9 seconds before it: usually 4.
            try books.tamper(
                """
                UPDATE meterbook.run SET status = 'succeeded', exit_code = 0, started_at = ended_at - interval '9 s'
                WHERE run_id = 3;
                INSERT INTO meterbook.run (job, as_of, status, exit_code, program_version, started_at, ended_at)
                SELECT 'nightly', '2026-02-01', 'succeeded', 0, '1', now() - n * interval '1 s', now()
                FROM unnest(ARRAY[4, 2]) AS n;
                INSERT INTO meterbook.run (job, as_of, status, exit_code, program_version, started_at, ended_at)
                VALUES ('nightly', '2026-02-01', 'failed', 69, '1', now() - interval '99 s', now());
                """)
            #expect(try self.night(books, "2026-02-01").code == 65)
            let third = try self.story(books, 7)
            #expect(try third.number("usual_runs") == 3)
            #expect(try third.number("usual_microseconds") == 4_000_000)
            // A run that failed and that a later one has made up for leaves nothing to do.
            let failed = try books.run("run", "show", "6")
            #expect(failed.contains("made up for    by run 7") && !failed.contains("left to do"), "\(failed)")
        }
    }

    @Test("Who may only take in counts sees the story of a run without what is held")
    func roles() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.version, large: Self.version)
            try self.nights(books, "2026-02-01")
            let ingest = try Program.meterbook.run(
                ["run", "show", "2", "--json", "--database", books.database.conninfo],
                environment: ["PGOPTIONS": "-c role=meterbook_ingest"])
            #expect(ingest.code == 0, "\(ingest.errors)")
            #expect(try JSON(ingest.output).list("held").isEmpty)
        }
    }
}
