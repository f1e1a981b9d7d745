import TestSupport
import Testing

/// Counts that come from the tables of another system.
@Suite("A PostgreSQL source")
struct DatabaseSourceTests {
    private static func sources(_ query: String) -> String {
        """
        sources:
          customers: {feeds: customers, file: customers.csv}
          subscriptions: {feeds: subscriptions, file: subscriptions.csv}
          accounts: {feeds: accounts, file: accounts.csv}
          memberships: {feeds: memberships, file: memberships.csv}
          shop:
            feeds: readings
            postgres: {env: SHOP_DATABASE}
            query: |
              \(query)
            columns: {meter: {value: orders}, quantity: orders}
        """
    }

    private static let query =
        "SELECT account, channel, placed::date AS day, count(*) AS orders FROM shop_order "
        + "WHERE placed >= $1::date AND placed < $2::date GROUP BY 1, 2, 3"

    /// A database with orders: one a day in June 2022 at noon, three on the 20th.
    private static func shop() throws -> TestDatabase {
        let shop = try TestDatabase.make()
        try shop.run(
            """
            CREATE TABLE shop_order (placed timestamp NOT NULL, account text NOT NULL, channel text NOT NULL);
            INSERT INTO shop_order SELECT day + interval '12 hours', 'northwind-store', 'shopify'
            FROM generate_series(timestamp '2022-06-01', '2022-06-30', '1 day') AS day;
            INSERT INTO shop_order VALUES
                ('2022-06-20 00:00', 'northwind-store', 'amazon'), ('2022-06-20 23:59:59', 'northwind-store', 'amazon'),
                ('2022-05-31 23:59:59', 'northwind-store', 'amazon');
            """)
        return shop
    }

    @Test("Each pull asks for the days of its window, half-open, and a second one writes what has changed")
    func windows() async throws {
        try await withBooks { books in
            let shop = try Self.shop()
            defer { try? shop.drop() }
            try books.deploy(Subscriber("northwind", anchor: "2022-05-01"))
            try books.folder.write(Self.sources(Self.query), to: "sources.yaml")
            let environment = ["SHOP_DATABASE": shop.conninfo]
            func pull(_ words: String...) throws -> JSON {
                let outcome = try Program.meterbook.run(
                    ["pull", "--json", "--deployment", books.folder.path, "--database", books.database.conninfo]
                        + words,
                    environment: environment)
                guard outcome.code == 0 else { throw TestFailure(outcome.errors + outcome.output) }
                return try #require(try JSON(outcome.output).list("pulls").last)
            }
            let ten = try pull("--from", "2022-06-01", "--to", "2022-06-11", "--as-of", "2022-06-30")
            #expect(try ten.number("read") == 10)
            #expect(try ten.number("new") == 10)
            // Without a window: from 45 days before the end of the last one until the as-of date.
            let rest = try pull("--source", "shop", "--as-of", "2022-06-20")
            #expect(try rest.number("unchanged") == 10)
            #expect(try rest.number("new") == 12)
            try shop.run("DELETE FROM shop_order WHERE channel = 'amazon' AND placed = '2022-06-20 00:00'")
            let again = try pull(
                "--source", "shop", "--from", "2022-06-15", "--to", "2022-06-21", "--as-of", "2022-06-30")
            #expect(try again.number("changed") == 1)
            #expect(try again.number("unchanged") == 6)
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "22")
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01", environment: environment).code == 0)
            let counted = try books.invoices().map(\.lines.last?.quantity)
            #expect(counted == [1, 31])
            #expect(try books.agree())
        }
    }

    @Test(
        "What is wrong with the source is said, without a password",
        arguments: [
            ("SELECT nothing FROM shop_order WHERE $1 < $2", "undefined_column"),
            (
                "SELECT account, channel, placed::date AS day FROM shop_order WHERE placed >= $1 AND placed < $2",
                "orders"
            ),
            (
                "SELECT 1 / 0 AS orders, account, channel, placed::date AS day FROM shop_order WHERE placed >= $1 AND placed < $2",
                "22012"
            ),
            ("DELETE FROM shop_order WHERE placed >= $1 AND placed < $2", "SQLSTATE"),
        ])
    func wrongQueries(query: String, words: String) async throws {
        try await withBooks { books in
            let shop = try Self.shop()
            defer { try? shop.drop() }
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(Self.sources(query), to: "sources.yaml")
            let outcome = try books.attempt(
                "pull", "--as-of", "2022-06-30", environment: ["SHOP_DATABASE": shop.conninfo + " password=se5ame"])
            #expect(outcome.code == 78)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(outcome.errors.contains("postgresql:shop"))
            #expect(!outcome.errors.contains("se5ame"))
            // The customers, which came first, are in.
            #expect(try books.sql("SELECT count(*) FROM meterbook.customer") == "1")
            #expect(try books.sql("SELECT status FROM meterbook.run ORDER BY run_id DESC LIMIT 1") == "failed")
            #expect(try shop.run("SELECT count(*) FROM shop_order") == "33")
        }
    }

    @Test("A source that cannot be reached, a role that is not let in and a variable that is not set are told apart")
    func unreachable() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(Self.sources(Self.query), to: "sources.yaml")
            let nobody = try books.attempt(
                "pull", "--as-of", "2022-06-30",
                environment: ["SHOP_DATABASE": books.database.conninfo + " user=nobody_there password=se5ame"])
            #expect(nobody.code == 69)
            #expect(nobody.errors.contains("nobody_there"))
            #expect(!nobody.errors.contains("se5ame"))
            let nowhere = try books.attempt(
                "pull", "--as-of", "2022-06-30",
                environment: ["SHOP_DATABASE": "postgresql://shop:se5ame@%2Fnowhere/shop"])
            #expect(nowhere.code == 69)
            #expect(nowhere.errors.contains("postgresql:shop could not be reached"))
            #expect(!nowhere.errors.contains("se5ame"))
            let unset = try books.attempt("pull", "--as-of", "2022-06-30")
            #expect(unset.code == 78)
            #expect(unset.errors.contains("SHOP_DATABASE"))
        }
    }
}
