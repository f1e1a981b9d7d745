import Billing
import Postgres
import TestSupport
import Testing

/// One run at a time, and the same books however the work is divided.
@Suite("Claims, workers and batches")
struct ClaimTests {
    private static let customers = 200
    private static let asOf = CDNOW.lastDay

    @Test("While another run holds the books, every job ends with 75, says why, and changes nothing")
    func heldBooks() async throws {
        let folder = try CDNOW.deployment(customers: Self.customers)
        try await withBooks(of: CDNOW.pulled(customers: Self.customers)) { books in
            let other = try Connection(conninfo: books.database.conninfo)
            _ = try other.execute("SELECT pg_advisory_lock(1296384075, 1)")
            let before = try books.digestOfEverything()
            let jobs = [
                ["nightly", "--deployment", folder.path, "--as-of", Self.asOf],
                ["nightly", "--deployment", folder.path, "--as-of", Self.asOf, "--dry-run"],
                ["close", "--as-of", Self.asOf], ["close", "--as-of", Self.asOf, "--json"],
                ["pull", "--deployment", folder.path],
                ["backfill", "--deployment", folder.path, "--from", CDNOW.firstDay, "--to", CDNOW.lastDay],
                ["catalog", "apply", "\(folder.path)/catalog.yaml"],
            ]
            for job in jobs {
                // The lock is held for as long as this test wants: a job that waited for it would never come back.
                let outcome = try Program.meterbook.run(job + ["--database", books.database.conninfo])
                #expect(outcome.code == 75, "\(job)")
                #expect(
                    outcome.errors
                        == "meterbook: another run is working on this database; this one has changed nothing\n")
                #expect(outcome.output.isEmpty)
            }
            #expect(try books.digestOfEverything() == before)
            // Who only looks is not kept out.
            #expect(try books.meterbook("reconcile").code == 0)
            other.close()
            try books.run("close", "--as-of", Self.asOf)
        }
    }

    @Test("Of two runners that start together one does the work, five times")
    func races() async throws {
        let folder = try CDNOW.deployment(customers: Self.customers)
        let template = CDNOW.withoutCustomers()
        try await withBooks(of: CDNOW.pulled(customers: Self.customers)) { reference in
            try reference.run("close", "--as-of", Self.asOf)
            let expected = try reference.exportDigest()
            let due = try reference.sql("SELECT count(DISTINCT subscription_id) FROM meterbook.billing_period")
            var refused = 0
            for _ in 0..<5 {
                refused += try Books.copy(of: template) { books in
                    let runners = try (0..<2).map { _ in
                        try books.start("nightly", "--deployment", folder.path, "--as-of", Self.asOf, "--json")
                    }
                    var worked = 0
                    var refused = 0
                    for outcome in runners.map({ $0.wait() }) {
                        guard outcome.code != 75 else {
                            refused += 1
                            continue
                        }
                        #expect(outcome.code == 0, "\(outcome.errors)")
                        let close = try Books.object(outcome.output)["close"] as? [String: Any]
                        let closed = try #require(close?["subscriptions"] as? Int)
                        #expect("\(closed)" == due || closed == 0)
                        if closed > 0 { worked += 1 }
                    }
                    #expect(worked == 1)
                    #expect(try books.exportDigest() == expected)
                    return refused
                }
            }
            print("\(refused) of 5 second runners were sent away, the others found nothing due")
        }
    }

    @Test("In two hundred races of two runners one works and the other ends with 75, and the books are those of one")
    func twoHundredRaces() async throws {
        let template = CDNOW.pulled(customers: 60)
        try await withBooks(of: template) { reference in
            let first = try #require(CivilDate(CDNOW.firstDay))
            let nights = try (1...200).map { try #require(first.adding(days: $0)).description }
            try reference.run("close", "--as-of", nights[199])
            try Books.copy(of: template) { books in
                // Who has begun a run waits until the other one has seen that it has.
                let gate = try Gate(books, "BEFORE INSERT ON meterbook.run FOR EACH ROW", when: "true")
                for night in nights {
                    let runners = try (0..<2).map { _ in try books.start("close", "--as-of", night) }
                    let isDecided = runners[0].waitUntil { !runners.allSatisfy(\.isRunning) }
                    try gate.open()
                    let outcomes = runners.map { $0.wait() }
                    try #require(
                        isDecided && outcomes.map { $0.code ?? -1 }.sorted() == [0, 75], "\(night): \(outcomes)")
                    try gate.shut()
                }
                #expect(try books.exportDigest() == reference.exportDigest())
                #expect(
                    try books.sql("SELECT count(*) FROM meterbook.run WHERE job = 'close' AND exit_code = 0") == "200")
            }
        }
    }

    @Test("Workers and batch sizes leave no trace: every export is the same bytes")
    func workersAndBatches() async throws {
        let template = CDNOW.pulled(customers: Self.customers)
        try await withBooks(of: template) { books in
            try books.run("close", "--as-of", Self.asOf)
            let expected = try books.exportDigest()
            for workers in ["1", "2", "8"] {
                for batch in ["1", "7", "5000"] {
                    try Books.copy(of: template) { books in
                        try books.run("close", "--as-of", Self.asOf, "--workers", workers, "--batch", batch)
                        #expect(try books.exportDigest() == expected, "\(workers) workers, batches of \(batch)")
                        #expect(try books.meterbook("reconcile").code == 0)
                    }
                }
            }
        }
    }
}
