import TestSupport
import Testing

/// Running it again changes nothing.
@Suite("Running again")
struct RerunTests {
    /// Counts of three months for two subscribers, two channels, and some rows that cannot be taken in.
    private static func rows(seed: UInt64 = 0) -> String {
        var rows: [String] = []
        for month in ["2021-12", "2022-01", "2022-02"] {
            for day in 1...28 {
                for (account, channel, quantity) in [
                    ("northwind-store", "shopify", 300 + day), ("northwind-store", "amazon", 250),
                    ("harbor-store", "ebay", day * 11),
                ] {
                    rows.append("\(account),\(channel),\(month)-\(day < 10 ? "0" : "")\(day),\(quantity)")
                }
            }
        }
        rows.append("nobody-store,shopify,2022-01-05,7")
        rows.append("harbor-store,ebay,2022-01-32,7")
        if seed > 0 {
            var generator = SeededGenerator(seed: seed)
            rows.shuffle(using: &generator)
        }
        return "account,channel,day,quantity\n" + rows.joined(separator: "\n") + "\n"
    }

    private static func prepare(_ books: Books) throws {
        try books.deploy(.legacy(), .legacy("harbor", day: "15"))
        try books.folder.write(rows(), to: "orders/all.csv")
    }

    @Test("Ten reruns of everything leave every row of every table but the journal as it is")
    func tenTimes() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            #expect(try books.attempt("nightly", "--as-of", "2022-03-01").code == 65)
            let before = try books.hash()
            #expect(before["invoice"]?.hasPrefix("17 ") == true)
            #expect(before["rejected_row"]?.hasPrefix("2 ") == true)
            for _ in 1...10 {
                try books.run("migrate")
                try books.run("catalog", "apply", Books.connexCatalog)
                #expect(try books.attempt("nightly", "--as-of", "2022-03-01").code == 65)
                #expect(
                    try books.attempt(
                        "backfill", "--from", "2021-12-01", "--to", "2022-03-01", "--as-of", "2022-03-01"
                    ).code == 65)
                try books.run("close", "--as-of", "2022-03-01")
                #expect(try books.hash() == before)
            }
            #expect(try books.agree())
        }
    }

    @Test("The order of the rows in a file makes no difference to the books")
    func shuffledRows() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            _ = try books.attempt("nightly", "--as-of", "2022-03-01")
            // A rejected row is known by its line, so it stands in the journal of rejects once a place: those aside.
            func hash() throws -> [String: String] { try books.hash().filter { $0.key != "rejected_row" } }
            let before = try hash()
            for seed in 1...3 as ClosedRange<UInt64> {
                try books.folder.write(Self.rows(seed: seed), to: "orders/all.csv")
                let again = try books.attempt("nightly", "--as-of", "2022-03-01", "--json")
                #expect(again.code == 65)
                let pull = try #require(try JSON(again.output).list("pulls").last)
                #expect(try pull.number("unchanged") == 252)
                #expect(try pull.number("new") == 0)
                #expect(try hash() == before)
            }
        }
        let books = try await withBooks { books in
            try Self.prepare(books)
            try books.folder.write(Self.rows(seed: 4), to: "orders/all.csv")
            _ = try books.attempt("nightly", "--as-of", "2022-03-01")
            return try books.contents()
        }
        let straight = try await withBooks { books in
            try Self.prepare(books)
            _ = try books.attempt("nightly", "--as-of", "2022-03-01")
            return try books.contents()
        }
        #expect(books == straight)
    }

    @Test("A restatement that is taken back leaves both in the history, and the totals as they were")
    func takenBack() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write([Count("2022-02-03", 100)], to: "all.csv")
            try books.job("pull", "--as-of", "2022-02-10")
            try books.write([Count("2022-02-03", 90)], to: "all.csv")
            try books.job("pull", "--as-of", "2022-02-11")
            try books.write([Count("2022-02-03", 100)], to: "all.csv")
            try books.job("pull", "--as-of", "2022-02-12")
            #expect(try books.sql("SELECT quantity FROM meterbook.reading") == "100")
            #expect(try books.sql("SELECT quantity FROM meterbook.usage_total") == "100")
            #expect(
                try books.sql("SELECT quantity FROM meterbook.reading_superseded ORDER BY superseded_by") == "100\n90")
            #expect(try books.agree())
        }
    }
}
