import TestSupport
import Testing

/// For how long a closed period takes late usage.
@Suite("Retention")
struct RetentionTests: PlaysShop {
    private static let prices = [
        "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
        "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    private func refused(_ books: Books) throws -> String {
        try books.sql(
            "SELECT reason, field, found, row_text FROM meterbook.rejected_row WHERE reason = 'beyond_retention' ORDER BY line"
        )
    }

    /// A night that refuses rows.
    private func badNight(_ books: Books, _ day: String) throws {
        let outcome = try books.meterbook("nightly", "--deployment", books.folder.path, "--as-of", day)
        #expect(outcome.code == 65, "\(outcome)")
    }

    @Test("A count of a period that ended longer ago is refused and kept; the known one, and a younger one, are not")
    func readings() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.prices, large: Self.prices, changes: "invoices: {retention: 2 months}")
            try self.count(books, "2026-01-10,20", "2026-01-11,1")
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            // On 2026-04-01 the period that ended on 2026-02-01 is just two months old; January takes nothing any more.
            try self.count(books, "2026-01-10,25", "2026-01-11,1", "2026-01-12,3", "2026-02-10,15")
            try self.badNight(books, "2026-04-01")
            #expect(
                try self.refused(books) == """
                    beyond_retention|day|2026-01-10|a,x,orders,2026-01-10,25
                    beyond_retention|day|2026-01-12|a,x,orders,2026-01-12,3
                    """)
            #expect(
                try books.sql("SELECT day, quantity FROM meterbook.reading ORDER BY day")
                    == "2026-01-10|20\n2026-01-11|1\n2026-02-10|15")
            let told = try books.run("reject", "list")
            #expect(told.contains("beyond_retention"), "\(told)")
            // What was refused is taken in when the catalog keeps periods open for longer.
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(
                catalog.replacing("retention: 2 months", with: "retention: 3 months"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try self.nights(books, "2026-04-02", "2026-05-01")
            #expect(
                try books.sql("SELECT day, quantity FROM meterbook.reading ORDER BY day")
                    == "2026-01-10|25\n2026-01-11|1\n2026-01-12|3\n2026-02-10|15")
            // 8 orders more in January, and 5 beyond the allowance in February.
            #expect(
                try books.sql(
                    """
                    SELECT service_starts, amount FROM meterbook.invoice_line
                    WHERE line_kind = 'correction' AND period_ends = '2026-05-01' ORDER BY 1
                    """) == "2026-01-01|800\n2026-02-01|500")
            #expect(try books.agree())
        }
    }

    @Test("Days of the past that no closed period holds are taken in, however old they are")
    func firstImport() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.prices, large: Self.prices, changes: "invoices: {retention: 1 month}")
            try self.count(books, "2026-01-10,20", "2026-02-10,7")
            try self.nights(books, "2026-08-01")
            #expect(try self.refused(books) == "")
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "2")
        }
    }

    @Test("A count by the instant that would change such a period is refused with the file and line of the first")
    func instants() async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.prices, large: Self.prices, changes: "invoices: {retention: 2 months}")
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources.replacing("file: counts.csv", with: "file: counts.csv, columns: {at: at}"), to: "sources.yaml")
            let header = "account,channel,meter,at,quantity\n"
            try books.folder.write(header + "a,x,orders,2026-01-10T08:00:00Z,20\n", to: "counts.csv")
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            try books.folder.write(
                header + "a,x,orders,2026-02-10T08:00:00Z,1\na,x,orders,2026-01-10T08:00:00Z,20\n"
                    + "a,x,orders,2026-01-10T09:00:00Z,5\n", to: "counts.csv")
            try self.badNight(books, "2026-04-01")
            #expect(
                try books.sql("SELECT file LIKE '%counts.csv', line, reason, row_text FROM meterbook.rejected_row")
                    == "t|3|beyond_retention|a,x,orders,2026-01-10,25")
            #expect(
                try books.sql("SELECT day, quantity FROM meterbook.reading ORDER BY day")
                    == "2026-01-10|20\n2026-02-10|1")
        }
    }

    @Test("An interval that would change such a period is refused, one that goes on as it was is not")
    func intervals() async throws {
        try await withBooks { books in
            let flows = "flows: {name: Flows, aggregate: peak, unit: {one: flow, other: flows}}"
            let prices = [
                "prices:", "  flows: {usage: flows, name: Flows, allowance: 1, unit_price: 5.00}",
            ]
            try self.deploy(
                books, meters: [flows], small: prices, large: prices, changes: "invoices: {retention: 2 months}")
            let first =
                "account,channel,on,off\na,x,2026-01-05T00:00:00Z,2026-01-20T00:00:00Z\na,y,2026-01-06T00:00:00Z,\n"
            try books.folder.write(first, to: "flows.csv")
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            // A third one in January; the first with another end in January; the second ends in March.
            try books.folder.write(
                """
                account,channel,on,off
                a,x,2026-01-05T00:00:00Z,2026-01-25T00:00:00Z
                a,y,2026-01-06T00:00:00Z,2026-03-20T00:00:00Z
                a,z,2026-01-07T00:00:00Z,2026-01-08T00:00:00Z
                a,w,2026-02-07T00:00:00Z,2026-02-08T00:00:00Z

                """, to: "flows.csv")
            try self.badNight(books, "2026-04-01")
            #expect(
                try books.sql(
                    "SELECT line, reason, field FROM meterbook.rejected_row ORDER BY line"
                ) == "2|beyond_retention|on\n4|beyond_retention|on")
            #expect(
                try books.sql(
                    """
                    SELECT c.key, i.off_at AT TIME ZONE 'UTC' FROM meterbook.connection_interval AS i
                    JOIN meterbook.channel AS c USING (channel_id) ORDER BY 1
                    """) == "w|2026-02-08 00:00:00\nx|2026-01-20 00:00:00\ny|2026-03-20 00:00:00")
        }
    }

    @Test(
        "A retention that is no number of months is named with its place",
        arguments: ["0 months", "121 months", "2 month", "two months", "02 months", "2"])
    func malformed(text: String) async throws {
        try await withBooks { books in
            try self.deploy(books, small: Self.prices, large: Self.prices)
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write("invoices: {retention: \(text)}\n" + catalog, to: "catalog.yaml")
            let outcome = try Program.meterbook.run(["catalog", "check", books.folder.path + "/catalog.yaml"])
            #expect(outcome.code == 65)
            let said = outcome.output + outcome.errors
            #expect(said.contains("catalog.yaml:1:23") && said.contains("such as '24 months'"), "\(said)")
        }
    }
}
