import TestSupport
import Testing

/// Plans that are decided on by three billing periods, from the 5th of a month on.
///
///              boundaries   ends of the periods before March 5th        counted
///     ridge    the 20th     2025-12-20, 2026-01-20, 2026-02-20          1,000, 1,000 and 1,001
///     summit   the 31st     2025-12-31, 2026-01-31, 2026-02-28          1,000 each, and 5,000 on February 28th
///     fjord    the 20th     as Ridge, over two accounts, in parcels, of which no running total is kept
///     willow   the 20th     billed since January 5th: only the last is complete
///
/// By calendar months Ridge has a mean of 834, and Summit had 9,000 in November.
@Suite("Decisions by billing periods, night by night")
struct DecisionPeriodTests {
    private static let catalog = """
        catalog: periods
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
          parcels: {name: Parcels, aggregate: sum, window: previous_month, unit: {one: parcel, other: parcels}}
        decisions:
          by_orders:
            name: Orders a period
            meters: [orders]
            window: 3 periods
            aggregate: mean
            ladder: {small: 1000, large: unlimited}
            day: 5
          by_parcels:
            name: Parcels a period
            meters: [parcels]
            window: 3 periods
            aggregate: mean
            ladder: {few: 1000, many: unlimited}
            day: 5
        plans:
          small: {name: Small, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 49.00}, charged: in_advance}}}]}
          large: {name: Large, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 99.00}, charged: in_advance}}}]}
          few: {name: Few, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 49.00}, charged: in_advance}}}]}
          many: {name: Many, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 99.00}, charged: in_advance}}}]}

        """
    private static let sources = """
        sources:
          customers: {feeds: customers, file: data/customers.csv}
          subscriptions: {feeds: subscriptions, file: data/subscriptions.csv}
          accounts: {feeds: accounts, file: data/accounts.csv}
          memberships: {feeds: memberships, file: data/memberships.csv}
          readings: {feeds: readings, file: data/readings.csv, columns: {channel: {value: shop}}}

        """
    private static let nights = ["2025-12-05", "2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05"]

    /// Account, meter, day and quantity.
    private static let readings: [(account: String, meter: String, day: String, quantity: Int)] = [
        ("ridge-shop", "orders", "2025-11-19", 800), ("ridge-shop", "orders", "2025-11-20", 500),
        ("ridge-shop", "orders", "2025-12-19", 500), ("ridge-shop", "orders", "2025-12-20", 600),
        ("ridge-shop", "orders", "2026-01-19", 400), ("ridge-shop", "orders", "2026-01-20", 1),
        ("ridge-shop", "orders", "2026-02-19", 1_000), ("ridge-shop", "orders", "2026-02-20", 50),
        ("summit-shop", "orders", "2025-11-29", 9_000), ("summit-shop", "orders", "2025-12-30", 1_000),
        ("summit-shop", "orders", "2026-01-30", 1_000), ("summit-shop", "orders", "2026-02-27", 1_000),
        ("summit-shop", "orders", "2026-02-28", 5_000),
        ("fjord-one", "parcels", "2025-11-19", 800), ("fjord-one", "parcels", "2025-11-20", 300),
        ("fjord-two", "parcels", "2025-12-19", 700), ("fjord-one", "parcels", "2025-12-20", 600),
        ("fjord-two", "parcels", "2026-01-19", 400), ("fjord-two", "parcels", "2026-01-20", 1),
        ("fjord-one", "parcels", "2026-02-19", 1_000), ("fjord-one", "parcels", "2026-02-20", 50),
        ("willow-shop", "orders", "2026-01-05", 9_000), ("willow-shop", "orders", "2026-01-20", 9_000),
        ("willow-shop", "orders", "2026-02-20", 9_000), ("willow-shop", "orders", "2026-03-20", 9_000),
    ]

    /// - Parameter restated: other quantities, by account and day.
    private static func write(_ books: Books, until night: String, restated: [String: Int] = [:]) throws {
        let rows = readings.filter { $0.day < night }.map { row in
            "\(row.account),\(row.meter),\(row.day),\(restated["\(row.account) \(row.day)"] ?? row.quantity)\n"
        }
        try books.folder.write("account,meter,day,quantity\n" + rows.joined(), to: "data/readings.csv")
    }

    private static func prepare(_ books: Books) throws {
        try books.folder.write(catalog, to: "catalog.yaml")
        try books.folder.write(sources, to: "sources.yaml")
        let keys = ["ridge", "summit", "fjord", "willow"]
        try books.folder.write("customer,name\n" + keys.map { "\($0),\($0)\n" }.joined(), to: "data/customers.csv")
        try books.folder.write(
            """
            subscription,customer,plan,anchor,signed_up,starts
            ridge,ridge,small,2025-10-20,2025-10-20,2025-10-20
            summit,summit,small,2025-10-31,2025-10-31,2025-10-31
            fjord,fjord,few,2025-10-20,2025-10-20,2025-10-20
            willow,willow,small,2025-12-20,2026-01-05,2026-01-05

            """, to: "data/subscriptions.csv")
        let accounts = ["ridge-shop", "summit-shop", "fjord-one", "fjord-two", "willow-shop"]
        try books.folder.write(
            "account,name\n" + accounts.map { "\($0),\($0)\n" }.joined(), to: "data/accounts.csv")
        try books.folder.write(
            "account,subscription\n" + accounts.map { "\($0),\($0.prefix { $0 != "-" })\n" }.joined(),
            to: "data/memberships.csv")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    private static func decisions(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, d.month, d.outcome, d.reason, d.window_starts, d.counted, d.figure_sum, d.figure_months
            FROM meterbook.decision AS d
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id) ORDER BY s.key, d.month
            """)
    }

    private static func changes(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, c.month, p.key, c.takes_effect, c.status FROM meterbook.plan_change AS c
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            JOIN meterbook.plan AS p ON p.plan_id = c.plan_id ORDER BY s.key, c.month
            """)
    }

    @Test("What three periods counted decides, and nights that run twice or late decide alike")
    func nights() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            for night in Self.nights {
                try Self.write(books, until: night)
                for _ in 0..<2 { try books.job("nightly", "--as-of", night) }
            }
            let all = try Self.decisions(books)
            #expect(
                all == """
                    fjord|2025-12-01|stays|short_history|2025-11-20|{}||
                    fjord|2026-01-01|stays|short_history|2025-11-20|{1000}||
                    fjord|2026-02-01|stays|short_history|2025-11-20|{1000,1000}||
                    fjord|2026-03-01|up|above_threshold|2025-11-20|{1000,1000,1001}|3001|3
                    fjord|2026-04-01|down|lower_plan_holds|2025-12-20|{1000,1001,50}|2051|3
                    ridge|2025-12-01|stays|short_history|2025-11-20|{}||
                    ridge|2026-01-01|stays|short_history|2025-11-20|{1000}||
                    ridge|2026-02-01|stays|short_history|2025-11-20|{1000,1000}||
                    ridge|2026-03-01|up|above_threshold|2025-11-20|{1000,1000,1001}|3001|3
                    ridge|2026-04-01|down|lower_plan_holds|2025-12-20|{1000,1001,50}|2051|3
                    summit|2025-12-01|stays|short_history|2025-11-30|{}||
                    summit|2026-01-01|stays|short_history|2025-11-30|{1000}||
                    summit|2026-02-01|stays|short_history|2025-11-30|{1000,1000}||
                    summit|2026-03-01|stays|holds|2025-11-30|{1000,1000,1000}|3000|3
                    summit|2026-04-01|up|above_threshold|2025-12-31|{1000,1000,5000}|7000|3
                    willow|2026-01-01|stays|short_history|2025-12-20|{}||
                    willow|2026-02-01|stays|short_history|2026-01-20|{}||
                    willow|2026-03-01|stays|short_history|2026-01-20|{9000}||
                    willow|2026-04-01|stays|short_history|2026-01-20|{9000,9000}||
                    """)
            #expect(
                try Self.changes(books) == """
                    fjord|2026-03-01|many|2026-03-20|applied
                    fjord|2026-04-01|few|2026-04-20|announced
                    ridge|2026-03-01|large|2026-03-20|applied
                    ridge|2026-04-01|small|2026-04-20|announced
                    summit|2026-04-01|large|2026-04-30|announced
                    """)
            #expect(try books.agree())

            // The nights of February and March come after the next boundary, and count nothing of what begins there.
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                try Self.prepare(other)
                for night in ["2025-12-05", "2026-01-05", "2026-02-25", "2026-03-25"] {
                    try Self.write(other, until: night)
                    try other.job("nightly", "--as-of", night)
                }
                #expect(
                    try Self.decisions(other)
                        == all.split(separator: "\n").filter { !$0.contains("|2026-04-01|") }
                        .joined(separator: "\n"))
            }
        }
    }

    @Test("Counts outside the periods leave a change as it is, and one order less within them withdraws it")
    func restated() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            for night in Self.nights.prefix(4) {
                try Self.write(books, until: night)
                for _ in 0..<2 { try books.job("nightly", "--as-of", night) }
            }
            let announced = """
                fjord|2026-03-01|many|2026-03-20|announced
                ridge|2026-03-01|large|2026-03-20|announced
                """
            #expect(try Self.changes(books) == announced)
            var restated = [
                "ridge-shop 2025-11-19": 0, "ridge-shop 2026-02-20": 0, "fjord-one 2025-11-19": 0,
                "fjord-one 2026-02-20": 0,
            ]
            try Self.write(books, until: "2026-03-06", restated: restated)
            for _ in 0..<2 { try books.job("nightly", "--as-of", "2026-03-06") }
            #expect(try Self.changes(books) == announced)

            restated["ridge-shop 2026-01-20"] = 0
            restated["fjord-two 2026-01-20"] = 0
            try Self.write(books, until: "2026-03-07", restated: restated)
            for _ in 0..<2 { try books.job("nightly", "--as-of", "2026-03-07") }
            #expect(try Self.changes(books) == announced.replacing("announced", with: "withdrawn"))
        }
    }

    @Test(
        "Where a catalog counts months from then on, a pending change is still looked at by the periods of its decision"
    )
    func anotherCatalog() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            for night in Self.nights.prefix(4) {
                try Self.write(books, until: night)
                try books.job("nightly", "--as-of", night)
            }
            // November, December and January had 2,801.
            try books.folder.write(Self.catalog.replacing("3 periods", with: "3 months"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            try Self.write(books, until: "2026-03-06")
            try books.job("nightly", "--as-of", "2026-03-06")
            #expect(try Self.changes(books).split(separator: "\n").allSatisfy { $0.hasSuffix("announced") })
            let page = try books.run("explain", "decision", "ridge")
            #expect(page.contains("2025-11-20 to 2025-12-19"), "\(page)")

            let restated = ["ridge-shop 2026-01-20": 0, "fjord-two 2026-01-20": 0]
            try Self.write(books, until: "2026-03-07", restated: restated)
            try books.job("nightly", "--as-of", "2026-03-07")
            #expect(try Self.changes(books).split(separator: "\n").allSatisfy { $0.hasSuffix("withdrawn") })
        }
    }

    @Test("Explained by its periods, with the accounts, and told of by them")
    func explained() async throws {
        try await withBooks { books in
            try Self.prepare(books)
            for night in Self.nights.prefix(4) {
                try Self.write(books, until: night)
                try books.job("nightly", "--as-of", night)
            }
            let json = try JSON(books.run("explain", "decision", "fjord", "--json"))
            #expect(try json.object("rule").number("periods") == 3)
            #expect(try json.object("figure").number("periods") == 3)
            let spans = try json.list("counted").map { count in
                let period = try count.object("period")
                return "\(try period.text("start"))/\(try period.text("end")) \(try count.number("quantity"))"
            }
            #expect(
                spans == ["2025-11-20/2025-12-20 1000", "2025-12-20/2026-01-20 1000", "2026-01-20/2026-02-20 1001"])
            let accounts = try json.list("accounts").map { account in
                "\(try account.text("account")) \(try account.list("periods").map { try $0.number("quantity") })"
            }
            #expect(accounts == ["fjord-one [300, 600, 1000]", "fjord-two [700, 400, 1]"])
            #expect(try json.list("year").map { try $0.number("quantity") } == [800, 1_000, 1_000, 1_001])

            let page = try books.run("explain", "decision", "ridge")
            #expect(page.contains("2025-11-20 to 2025-12-19") && page.contains("3,001 in 3 periods"), "\(page)")
            #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page)")
            let told = try books.sql(
                """
                SELECT n.body FROM meterbook.notice AS n JOIN meterbook.subscription AS s
                USING (customer_id, subscription_id) WHERE s.key = 'ridge' AND n.kind = 'change_announced'
                """)
            #expect(
                told.contains("1,000.33…, the mean of the billing periods from 2025-11-20 to 2026-02-19."), "\(told)")
        }
    }
}
