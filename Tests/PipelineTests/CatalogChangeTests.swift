import Billing
import Foundation
import Jobs
import Postgres
import Store
import TestSupport
import Testing

/// The policy change as a change of the catalog, at a time when counts are in the books already.
@Suite("A catalog that changes")
struct CatalogChangeTests {
    /// The catalog as it was before the vendor announced the change: without the versions that hold from 2022-02-01.
    private static func withoutChange() throws -> String {
        var kept: [Substring] = []
        var isInChange = false
        let text = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains("# Everyone, from the policy change on.") {
                isInChange = true
            } else if line.hasPrefix("  ") && !line.hasPrefix("   ") {
                isInChange = false
            }
            if !isInChange { kept.append(line) }
        }
        return kept.joined(separator: "\n")
    }

    /// The catalog with the change on another day.
    private static func changing(on day: String) throws -> String {
        try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            .replacingOccurrences(of: "from: 2022-02-01", with: "from: \(day)")
    }

    private static let subscribers: [Subscriber] = [
        .legacy("first"), .legacy("tenth", day: "10"), .legacy("twentieth", day: "20"),
        Subscriber("young", anchor: "2021-06-10"),
    ]

    /// Every third day from June 2021 to April 2022, some hundred orders for each subscriber, by month.
    private static func counts(until month: String) -> [Count] {
        let months = [
            "2021-06", "2021-07", "2021-08", "2021-09", "2021-10", "2021-11", "2021-12", "2022-01", "2022-02",
            "2022-03",
            "2022-04",
        ]
        var counts: [Count] = []
        for (index, name) in months.enumerated() where name <= month {
            for day in stride(from: 1, through: 28, by: 3) {
                let date = "\(name)-\(day < 10 ? "0" : "")\(day)"
                for (place, subscriber) in subscribers.enumerated()
                where date >= subscriber.anchor && date >= "2021-06-20" {
                    let quantity = 150 + place * 31 + index * 7 + day
                    counts.append(Count(date, quantity, account: "\(subscriber.key)-store"))
                }
            }
        }
        return counts
    }

    @Test("Applied only in late January, the change bills what it bills when it was known all along")
    func announcedLate() async throws {
        let late = try await withBooks { books in
            try books.deploy(Self.subscribers, catalog: books.folder.write(Self.withoutChange(), to: "old.yaml"))
            try books.write(Self.counts(until: "2022-03"), to: "all.csv")
            try books.job("nightly", "--as-of", "2021-12-31")
            try books.job("nightly", "--as-of", "2022-01-25")
            #expect(try books.run("catalog", "diff", Books.connexCatalog).contains("2022-02-01"))
            #expect(try books.run("catalog", "apply", Books.connexCatalog).contains("Catalog 2 is in use"))
            for night in ["2022-02-01", "2022-02-15", "2022-04-30"] { try books.job("nightly", "--as-of", night) }
            // Closed periods keep their catalog.
            #expect(
                try books.sql(
                    """
                    SELECT catalog_id, min(ends) >= '2022-02-01', max(ends) < '2022-02-01'
                    FROM meterbook.billing_period GROUP BY 1 ORDER BY 1
                    """
                ) == "1|f|t\n2|t|f")
            #expect(try books.agree())
            return try books.run("invoice", "export")
        }
        let known = try await withBooks { books in
            try books.deploy(Self.subscribers)
            try books.write(Self.counts(until: "2022-03"), to: "all.csv")
            try books.job("nightly", "--as-of", "2022-04-30")
            return try books.run("invoice", "export")
        }
        #expect(late == known)
    }

    @Test("Totals that run across the new day are divided as the readings lie")
    func dividedTotals() async throws {
        let divided = try await withBooks { books in
            try books.deploy(Self.subscribers, catalog: books.folder.write(Self.withoutChange(), to: "old.yaml"))
            try books.write(Self.counts(until: "2022-03"), to: "all.csv")
            // The counts of February are there before anybody knows that the 18th matters.
            try books.job("pull", "--as-of", "2022-02-28")
            let new = try books.folder.write(Self.changing(on: "2022-02-18"), to: "new.yaml")
            let applied = try JSON(books.run("catalog", "apply", new, "--json"))
            #expect(try applied.number("divided_totals") > 0)
            #expect(try books.agree())
            try books.job("nightly", "--as-of", "2022-03-31")
            #expect(try books.agree())
            return try books.contents()
        }
        let known = try await withBooks { books in
            try books.deploy(
                Self.subscribers, catalog: books.folder.write(Self.changing(on: "2022-02-18"), to: "new.yaml"))
            try books.write(Self.counts(until: "2022-03"), to: "all.csv")
            try books.job("nightly", "--as-of", "2022-03-31")
            return try books.contents()
        }
        #expect(divided == known)
    }

    @Test("Applied too late for a period that is closed, the change leaves it alone and counts on from it")
    func appliedTooLate() async throws {
        try await withBooks { books in
            try books.deploy([.legacy(day: "15")], catalog: books.folder.write(Self.withoutChange(), to: "old.yaml"))
            try books.write(
                [Count("2021-06-15", 15_000), Count("2022-02-03", 600), Count("2022-02-16", 100)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-15")
            let closed = try books.run("invoice", "show", "northwind/2022-02-15", "--json")
            try books.run("catalog", "apply", Books.connexCatalog)
            #expect(try books.agree())
            try books.job("nightly", "--as-of", "2022-03-15")

            #expect(try books.run("invoice", "show", "northwind/2022-02-15", "--json") == closed)
            let invoices = try books.invoices()
            #expect(
                try invoices.ended("2022-02-15").lines.last
                    == .usage("2022-01-15", "2022-02-15", 600, before: 15_000, threshold: 60_000))
            // The 600 were counted after the change and closed on the old terms: they are neither charged nor paid already.
            #expect(
                try invoices.ended("2022-03-15").lines.last
                    == .usage(
                        "2022-02-15", "2022-03-15", 100, before: 15_600, threshold: 15_000, billable: 100, cents: 1_000)
            )
            #expect(try books.agree())

            // Late counts of the closed period are rated with the catalog that it was closed with.
            try books.write(
                [Count("2021-06-15", 15_000), Count("2022-02-03", 650), Count("2022-02-16", 100)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-04-15")
            #expect(
                try books.invoices().ended("2022-04-15").lines.dropFirst(2) == [
                    .correction(
                        "2022-01-15", "2022-02-15", 50, before: 15_000, threshold: 60_000, billable: 0, cents: 0,
                        of: "northwind/2022-02-15#2")
                ])
            #expect(try books.agree())
        }
    }

    @Test("However often the catalogs are asked for, each is parsed once")
    func parsedOnce() async throws {
        try await withBooks { books in
            try books.run("catalog", "apply", books.folder.write(Self.withoutChange(), to: "old.yaml"))
            try books.run("catalog", "apply", Books.connexCatalog)
            var parsed = 0
            let catalogs = try CatalogStore(Connection(conninfo: books.database.conninfo)) { text in
                parsed += 1
                return try DeploymentFolder.parseCatalog(text)
            }
            for _ in 0..<3 {
                #expect(try catalogs.currentForRating().id == 2)
                #expect(try catalogs.all().map(\.id) == [1, 2])
                _ = try catalogs.windowMeters()
            }
            #expect(parsed == 2)
        }
    }

    @Test("A catalog that leaves out a plan in use is refused, and the one before stays in use")
    func planInUse() async throws {
        try await withBooks { books in
            try books.deploy(.legacy(plan: "gold"))
            try books.job("pull", "--as-of", "2021-06-01")
            let text = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            let gold = text.range(of: "  gold:\n")!.lowerBound..<text.range(of: "  platinum:\n")!.lowerBound
            let file = try books.folder.write(text.replacingCharacters(in: gold, with: ""), to: "less.yaml")
            let outcome = try books.meterbook("catalog", "apply", file)
            #expect(outcome.code == 65)
            #expect(outcome.errors.contains("plan 'gold'"))
            #expect(try books.sql("SELECT count(*), max(catalog_id) FROM meterbook.catalog") == "1|1")
        }
    }
}
