import Foundation
import Postgres
import TestSupport
import Testing

/// Meters that have one quantity for each billing period, through the whole pipeline.
@Suite("Meters of a window")
struct WindowMeterTests {
    @Test("Each aggregate, window, pool and restriction bills what its readings come to")
    func aggregates() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2023-01-10", "UTC")], memberships: ["a,s,2022-12-01,", "b,s,2023-01-01,"])
            try books.count([
                "a,amazon,,orders,2022-12-31,9", "a,amazon,,orders,2023-01-10,5", "b,ebay,,orders,2023-01-10,4",
                "a,ebay,edi,orders,2023-01-20,7", "b,ebay,,orders,2023-02-03,6", "a,etsy,,orders,2023-02-04,0",
                "a,amazon,,orders,2023-02-09,2", "a,amazon,,orders,2023-02-10,100",
                "a,amazon,,listings,2022-12-20,10", "b,ebay,,listings,2023-01-30,3", "a,amazon,,listings,2023-02-05,8",
                "a,disk,,gigabytes,2023-01-01,1.25", "a,disk,,gigabytes,2023-02-09,1.5",
            ])
            try books.carts(["a,one,,2023-01-01T00:00:00Z,", "b,two,edi,2023-01-15T00:00:00Z,2023-01-16T00:00:00Z"])
            try books.job("nightly", "--as-of", "2023-02-10")
            // January 10 to February 9, 31 days.
            let expected: [String: Int] = [
                "orders": 5 + 4 + 7 + 6 + 2,
                // January 10: 5 and 4; each account: 7 and 6.
                "best_day": 9, "best_days": 7 + 6,
                "listed": 8 + 3,
                // 10 for 26 days and 8 for 5, 3 for 11: 333 in 31 days, 10.74.
                "listed_mean": 11,
                // amazon, ebay, and ebay as an EDI channel; etsy counted nothing.
                "stores": 3,
                // The month before February's.
                "last_month": 5 + 4 + 7,
                "amazon": 5 + 2,
                // February 3 to 9.
                "week": 6 + 2,
                "carts": 2, "edi": 1, "carts_each": 2,
            ]
            var billed = try books.billed("s", "2023-02-10")
            // 1.25 for 30 days and 1.50 for one: 39 in 31 days is 1.258, so 1.26 units at 1.00.
            #expect(billed.removeValue(forKey: "disk") == 126)
            #expect(billed == expected.mapValues { $0 * 100 })
            #expect(try books.agree())
        }
    }

    @Test("An account that moves in mid-period takes its levels and carts with it, to the day")
    func moved() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2023-01-10", "America/New_York"), ("t", "2023-02-20", "America/New_York")],
                memberships: ["a,s,2023-01-10,2023-02-20", "a,t,2023-02-20,", "b,s,2023-01-10,"])
            try books.count(["a,x,,listings,2023-01-12,10", "b,y,,listings,2023-01-15,4"])
            // b's cart goes on at the very instant at which a's is no longer the subscription's.
            try books.carts(["a,one,,2023-01-12T00:00:00,", "b,two,,2023-02-20T00:00:00,"])
            try books.job("nightly", "--as-of", "2023-03-20")
            // 29 days of 10 and 26 of 4: 394 in 31 days, 12.71.
            let first = try books.billed("s", "2023-02-10")
            #expect(first == ["listed": 1_400, "listed_mean": 1_300, "carts": 100, "carts_each": 100])
            // 10 days of 10 and 28 of 4: 212 in 28 days, 7.57.
            let second = try books.billed("s", "2023-03-10")
            #expect(second == ["listed": 400, "listed_mean": 800, "carts": 100, "carts_each": 200])
            let other = try books.billed("t", "2023-03-20")
            #expect(other == ["listed": 1_000, "listed_mean": 1_000, "carts": 100, "carts_each": 100])
            #expect(try books.agree())
        }
    }

    @Test("A membership that is corrected after the close corrects what was billed")
    func unlinkedLate() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-10,", "b,s,2023-01-10,"])
            try books.carts(["a,one,,2023-01-12T00:00:00Z,", "b,two,,2023-01-20T00:00:00Z,"])
            try books.job("nightly", "--as-of", "2023-02-10")
            #expect(try books.billed("s", "2023-02-10") == ["carts": 200, "carts_each": 200])
            try books.link(["a,s,2023-01-10,2023-01-20", "b,s,2023-01-10,"])
            try books.job("nightly", "--as-of", "2023-02-11")
            try books.job("nightly", "--as-of", "2023-03-10")
            // One cart in the new period, and one less in the old one; a and b for itself had one each all along.
            #expect(try books.billed("s", "2023-03-10") == ["carts": 0, "carts_each": 100])
            #expect(try books.agree())
        }
    }

    @Test("A day of 23 hours ends an hour early, and one of 25 hours an hour late")
    func dayLengths() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2023-03-11", "America/New_York")], memberships: ["a,s,2023-03-11,"], invoice: "day")
            try books.carts([
                // The clock went forward on March 12: its day ends at 04:00 UTC.
                "a,one,,2023-03-13T03:59:59Z,2023-03-13T03:59:59.5Z",
                "a,two,,2023-03-13T04:00:00Z,2023-03-13T04:01:00Z",
                // And back on November 5: its day ends at 05:00 UTC.
                "a,one,,2023-11-06T04:59:59Z,2023-11-06T04:59:59.5Z",
                "a,two,,2023-11-06T05:00:00Z,2023-11-06T05:01:00Z",
                // The hour that the clock shows twice.
                "a,three,,2023-11-05T01:30:00,2023-11-05T01:31:00",
            ])
            try books.job("nightly", "--as-of", "2023-11-07")
            for (end, count) in [
                ("2023-03-12", 0), ("2023-03-13", 1), ("2023-03-14", 1), ("2023-11-05", 0), ("2023-11-06", 1),
                ("2023-11-07", 1),
            ] {
                #expect(try books.billed("s", end)["carts"] ?? 0 == count * 100, "the day before \(end)")
            }
            #expect(try books.agree())
        }
    }

    @Test("What arrives late, is restated or taken back is corrected, and the corrections sum to the truth")
    func restated() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.count(["a,x,,listings,2023-01-05,10", "a,x,,orders,2023-01-15,3"])
            try books.carts(["a,one,,2023-01-12T00:00:00Z,", "a,two,,2023-01-14T00:00:00Z,"])
            try books.job("nightly", "--as-of", "2023-03-10")
            #expect(try books.billed("s", "2023-02-10")["carts"] == 200)
            #expect(try books.billed("s", "2023-03-10")["carts"] == 200)
            #expect(try books.billed("s", "2023-03-10")["listed"] == 1_000)
            // The level was 12 all along; a cart was off before the second period, and another never on.
            try books.count(["a,x,,listings,2023-01-05,12", "a,x,,orders,2023-01-15,5"])
            try books.carts([
                "a,one,,2023-01-12T00:00:00Z,2023-02-01T00:00:00Z", "a,two,,2023-01-14T00:00:00Z,2023-01-14T00:00:00Z",
            ])
            try books.job("nightly", "--as-of", "2023-03-11")
            try books.job("nightly", "--as-of", "2023-04-10")
            var all: [String: Int] = [:]
            for end in ["2023-02-10", "2023-03-10", "2023-04-10"] {
                all.merge(try books.billed("s", end)) { $0 + $1 }
            }
            // Three periods of the level 12, one of a cart; 5 orders on one day.
            #expect(
                all == [
                    "listed": 3_600, "listed_mean": 3_600, "carts": 100, "carts_each": 100, "orders": 500,
                    "best_day": 500, "best_days": 500, "stores": 100, "last_month": 500,
                ])
            #expect(try books.agree())
            let before = try books.hash()
            for _ in 0..<10 { try books.job("nightly", "--as-of", "2023-04-10") }
            #expect(try books.hash() == before)
        }
    }

    @Test("Killed between the pull and the meter step, a rerun loses nothing")
    func killed() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.carts(["a,one,,2023-01-12T00:00:00Z,"])
            try books.job("nightly", "--as-of", "2023-02-10")
            try books.carts(["a,one,,2023-01-12T00:00:00Z,", "a,two,,2023-01-12T00:00:00Z,"])
            // The pull of intervals does not touch the totals; the meter step waits for this lock.
            let other = try Connection(conninfo: books.database.conninfo)
            try other.transaction {
                _ = try other.execute("LOCK TABLE meterbook.usage_total IN ACCESS EXCLUSIVE MODE")
                let running = try books.start(
                    "nightly", "--as-of", "2023-03-10", "--deployment", books.folder.path)
                let watching = try Connection(conninfo: books.database.conninfo)
                _ = try running.waitUntil {
                    try watching.first(
                        "SELECT count(*) FROM meterbook.run_step WHERE name = 'meter' AND status = 'running'",
                        as: Int64.self) == 1
                }
                running.kill()
                _ = running.wait()
            }
            #expect(try books.sql("SELECT until FROM meterbook.meter_progress") == "2023-01-12")
            _ = try books.runAgain("nightly", "--as-of", "2023-03-10", "--deployment", books.folder.path)
            #expect(try books.billed("s", "2023-02-10") == ["carts": 100, "carts_each": 100])
            #expect(try books.billed("s", "2023-03-10") == ["carts": 300, "carts_each": 300])
            #expect(try books.agree())
        }
    }

    @Test("The account page shows the window so far, and explain the carts on at the peak as they were known")
    func looks() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "America/New_York")], memberships: ["a,s,2023-01-01,"])
            try books.carts([
                "a,one,,2023-01-12T00:00:00,2023-01-20T00:00:00", "a,two,edi,2023-01-14T11:55:00,",
                "a,three,,2023-02-01T00:00:00,",
            ])
            try books.job("nightly", "--as-of", "2023-01-13")
            let early = try books.usage("s", asOf: "2023-01-13").list("allowances")
            let carts = try #require(early.first { try $0.text("price") == "carts" })
            #expect(try carts.number("counted") == 1)
            #expect(try carts.list("sources").map { try $0.text("channel") } == ["one"])
            try books.job("nightly", "--as-of", "2023-02-10")
            // What comes later changes the next explanation and not this one.
            try books.carts(["a,four,,2023-01-14T12:00:00,2023-01-14T13:00:00"])
            try books.job("nightly", "--as-of", "2023-02-11")
            let text = try books.run("invoice", "show", "s/2023-02-10") + books.run("explain", "s/2023-02-10")
            #expect(text.contains("2023-01-14 11:55:00"))
            #expect(text.contains("two") && !text.contains("four"))
            #expect(!text.contains("not explained"))
            try books.job("nightly", "--as-of", "2023-03-10")
            let later = try books.run("explain", "s/2023-03-10")
            #expect(later.contains("four") && later.contains("2023-01-14 12:00:00"))
            #expect(!later.contains("not explained"))
            #expect(try books.agree())
        }
    }

    @Test("What a meter counted fixes how it counts; a new key may read the same series")
    func fixed() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.count(["a,x,,orders,2023-01-15,3"])
            try books.job("nightly", "--as-of", "2023-02-10")
            let catalog = Books.meterCatalog()
            for (old, new) in [
                ("{name: Orders, aggregate: sum,", "{name: Orders, aggregate: max,"),
                ("aggregate: max, of: orders,", "aggregate: max, of: orders, window: 30 days,"),
            ] {
                try books.folder.write(catalog.replacing(old, with: new, maxReplacements: 1), to: "catalog.yaml")
                let refused = try books.meterbook("catalog", "apply", books.folder.path + "/catalog.yaml")
                #expect(refused.code == 65, "\(refused.errors)")
                #expect(refused.errors.contains("another key"))
            }
        }
    }

    @Test("A run of the past does not know a later end, and cannot take back one that is known")
    func past() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.carts([
                "a,one,,2023-01-12T00:00:00Z,2023-02-05T00:00:00Z", "a,two,,2023-02-06T00:00:00Z,",
            ])
            try books.job("pull", "--as-of", "2023-02-01")
            let intervals = "SELECT on_at::date, off_at::date FROM meterbook.connection_interval ORDER BY 1"
            #expect(try books.sql(intervals) == "2023-01-12|")
            try books.job("nightly", "--as-of", "2023-02-10")
            #expect(try books.sql(intervals) == "2023-01-12|2023-02-05\n2023-02-06|")
            #expect(try books.billed("s", "2023-02-10")["carts"] == 100)
            let before = try books.hash()
            try books.job("pull", "--as-of", "2023-02-01")
            #expect(try books.hash() == before)
        }
    }

    @Test("A dry run of the meter step leaves everything as it was")
    func dryRun() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.carts(["a,one,,2023-01-12T00:00:00Z,"])
            try books.job("pull", "--as-of", "2023-02-01")
            let before = try books.hash(journal: true)
            #expect(try books.job("nightly", "--as-of", "2023-02-10", "--dry-run").contains("2.00"))
            #expect(try books.hash(journal: true) == before)
        }
    }

    /// - Returns: the catalog that has a price of the best day as well.
    private static func deployWithoutBestDay(_ books: Books) throws -> String {
        try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
        let later = Books.meterCatalog()
        let first = later.split(separator: "\n").filter { !$0.contains("{usage: best_day,") }
        try books.run("catalog", "apply", books.folder.write(first.joined(separator: "\n"), to: "first.yaml"))
        return later
    }

    @Test("A meter that a later catalog puts a price on is not missed in periods that were closed before")
    func pricedLater() async throws {
        try await withBooks { books in
            let later = try Self.deployWithoutBestDay(books)
            try books.count(["a,amazon,,orders,2023-01-20,7", "a,amazon,,orders,2023-02-20,5"])
            try books.job("nightly", "--as-of", "2023-02-10")
            #expect(try books.billed("s", "2023-02-10")["best_day"] == nil)
            try books.run("catalog", "apply", books.folder.write(later, to: "later.yaml"))
            try books.job("nightly", "--as-of", "2023-03-10")
            #expect(try books.billed("s", "2023-03-10")["best_day"] == 500)
            #expect(try books.agree())
        }
    }

    @Test("Who has ended gets no invoice because a later catalog puts a price on what he counted then")
    func pricedAfterTheEnd() async throws {
        try await withBooks { books in
            let later = try Self.deployWithoutBestDay(books)
            try books.count(["a,amazon,,orders,2023-01-20,7"])
            try books.job("nightly", "--as-of", "2023-01-15")
            try books.run("subscription", "cancel", "s", "--as-of", "2023-01-20")
            try books.job("nightly", "--as-of", "2023-03-10")
            let written = try books.run("invoice", "export")
            try books.run("catalog", "apply", books.folder.write(later, to: "later.yaml"))
            try books.job("nightly", "--as-of", "2023-03-11")
            try books.job("nightly", "--as-of", "2023-05-10")
            #expect(try books.run("invoice", "export") == written)
            #expect(try books.agree())
        }
    }

    @Test("Intervals that cannot be taken in are rejected with their reasons")
    func rejected() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.carts([
                "a,one,,2023-01-12T00:00:00Z,2023-01-11T00:00:00Z", "nobody,one,,2023-01-12T00:00:00Z,",
                "a,one,,yesterday,", "a,one,,2023-01-12,", "a,two,,2023-01-12T00:00:00Z,",
                "a,two,,2023-01-12T00:00:00Z,", "a,two,,2023-01-12T00:00:00Z,2023-01-13T00:00:00Z",
                "a,three,,2999-01-12T00:00:00Z,", "a,one,,2199-01-12T00:00:00Z,",
            ])
            let outcome = try books.attempt("nightly", "--as-of", "2023-02-10")
            #expect(outcome.code == 65)
            #expect(
                try books.sql("SELECT line, reason FROM meterbook.rejected_row ORDER BY line").split(separator: "\n")
                    == [
                        "2|end_not_after_start", "3|unknown_account", "4|invalid_instant", "5|invalid_instant",
                        "8|conflicting_duplicate", "9|date_out_of_range", "10|future_day",
                    ])
            #expect(try books.billed("s", "2023-02-10") == ["carts": 100, "carts_each": 100])
            #expect(try books.agree())
        }
    }
}
