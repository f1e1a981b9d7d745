import Foundation
import TestSupport
import Testing

/// ChannelDock's free plan has to be left after a calendar month of more than 500 orders. Its orders are billed by the month
/// before the invoice, so no running total of them is kept: decisions count them from the readings.
///
///                November   December   January   February   March   April   May   June   July
///     wren       260        500        501 ↑     90 …                                           since the 1st
///     pebble     499        500        500       500        700 ↑   10 …                        since the 28th
///     tinker     500        500        500       500        500     500     501 ↑ 1 …           since the 15th, two accounts
///     candlewick 100 …      on the standard plan: nobody is moved down
@Suite("Leaving the free plan, night by night")
struct FreePlanTests {
    private static let firsts = [
        "2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07", "2024-08",
    ]
    private static let nights = firsts.flatMap { month in
        ["01", "03", "10", "15", "24", "28"].map { "\(month)-\($0)" }
    }

    /// Orders a month from November on, by account.
    private static let months: [(account: String, orders: [Int])] = [
        ("wren-cards", [260, 500, 501, 90, 90, 90, 90, 90, 90]),
        ("pebble-prints", [499, 500, 500, 500, 700, 10, 10, 10, 10]),
        ("tinker-parts", [300, 300, 300, 300, 300, 300, 300, 1, 1]),
        ("tinker-more", [200, 200, 200, 200, 200, 200, 201, 0, 0]),
        ("candlewick-home", [100, 100, 100, 100, 100, 100, 100, 100, 100]),
    ]

    /// One order on the first of a month, two on the last, the others on the 16th, so that the edges of months matter.
    ///
    /// - Parameter wrong: whether the month of the night is told with 700 orders too many.
    private static func orders(until night: String, wrong: Bool = false, change: [String: Int] = [:]) -> String {
        let starts = ["2023-11"] + firsts
        let lasts = ["30", "31", "31", "29", "31", "30", "31", "30", "31"]
        var rows = ["account,channel,day,orders"]
        for (account, orders) in months {
            for (index, count) in orders.enumerated() {
                let month = starts[index]
                let all = change["\(account) \(month)"] ?? count
                let parts = all > 3 ? [("01", 1), ("16", all - 3), (lasts[index], 2)] : [("16", all)]
                for (day, part) in parts where "\(month)-\(day)" < night {
                    let extra = wrong && day == "16" && night.hasPrefix(month) ? 700 : 0
                    rows.append("\(account),amazon,\(month)-\(day),\(part + extra)")
                }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func prepare(_ books: Books) throws {
        try books.deploy(example: "channeldock")
        try books.folder.write(
            """
            subscription,customer,plan,since,starts,pays,time_zone
            wren,wren,free,2023-06-01,2023-11-01,month,Europe/Berlin
            pebble,pebble,free,2023-06-28,2023-10-28,month,Europe/London
            tinker,tinker,free,2023-06-15,2023-11-15,month,Europe/Amsterdam
            candlewick,candlewick,standard,2023-06-01,2023-11-01,month,Europe/Amsterdam

            """, to: "data/subscriptions.csv")
        try books.folder.write(
            "account,company\n" + months.map { "\($0.account),\($0.account)\n" }.joined(), to: "data/accounts.csv")
        try books.folder.write(
            """
            account,subscription
            wren-cards,wren
            pebble-prints,pebble
            tinker-parts,tinker
            tinker-more,tinker
            candlewick-home,candlewick

            """, to: "data/memberships.csv")
        try books.folder.write("account,counted,day,number\n", to: "data/levels.csv")
    }

    /// What was decided, told and billed, in words that do not depend on how often it ran.
    private static func result(_ books: Books) throws -> [String] {
        let decisions = try books.sql(
            """
            SELECT s.key, d.month, p.key, d.outcome, d.reason, t.key, d.counted, c.takes_effect, c.status
            FROM meterbook.decision AS d
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
            LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
            LEFT JOIN meterbook.plan_change AS c USING (customer_id, subscription_id, month)
            ORDER BY s.key, d.month
            """)
        let notices = try books.sql(
            """
            SELECT s.key, n.kind, n.topic, n.period_starts, n.threshold, n.subject, n.body, n.status
            FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            ORDER BY s.key, n.period_starts, n.kind, n.threshold
            """)
        return [decisions, notices, try books.exportDigest()]
    }

    private static func play(
        _ books: Books, _ nights: [String], data: (String) -> String, times: (String) -> Int = { _ in 1 }
    ) throws {
        try prepare(books)
        for night in nights {
            try books.folder.write(data(night), to: "data/orders.csv")
            for _ in 0..<times(night) { try books.job("nightly", "--as-of", night) }
        }
        #expect(try books.agree())
    }

    private static func changes(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, c.month, p.key, c.takes_effect, c.status FROM meterbook.plan_change AS c
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            JOIN meterbook.plan AS p ON p.plan_id = c.plan_id ORDER BY s.key, c.month
            """)
    }

    /// Of the month after the one that was too loud, where the next period begins.
    private static let expected = """
        pebble|2024-04-01|standard|2024-04-28|applied
        tinker|2024-06-01|standard|2024-06-15|applied
        wren|2024-02-01|standard|2024-03-01|applied
        """

    @Test("501 orders in a month move to the standard plan, 500 do not, and nobody moves back")
    func nights() async throws {
        try await withBooks { books in
            try Self.play(books, Self.nights, data: { Self.orders(until: $0) })
            #expect(try Self.changes(books) == Self.expected)
            let wren = try books.sql(
                """
                SELECT d.month, d.outcome, d.reason, d.counted FROM meterbook.decision AS d
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                WHERE s.key = 'wren' ORDER BY d.month
                """)
            #expect(
                wren.split(separator: "\n").prefix(5).joined(separator: "\n") == """
                    2023-12-01|stays|holds|{260}
                    2024-01-01|stays|holds|{500}
                    2024-02-01|up|above_threshold|{501}
                    2024-03-01|stays|down_switched_off|{90}
                    2024-04-01|stays|down_switched_off|{90}
                    """)
            // Each is told twice: when it is announced and when it is applied.
            let told = try books.sql(
                """
                SELECT s.key, string_agg(n.kind, ', ' ORDER BY n.as_of, n.kind)
                FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                GROUP BY s.key ORDER BY s.key
                """)
            #expect(
                told == """
                    pebble|change_announced, change_applied
                    tinker|change_announced, change_applied
                    wren|change_announced, change_applied
                    """)
            let words = try books.sql(
                """
                SELECT n.body FROM meterbook.notice AS n JOIN meterbook.subscription AS s
                USING (customer_id, subscription_id) WHERE s.key = 'wren' AND n.kind = 'change_announced'
                """)
            #expect(words.contains("Orders a month: 501 in 2024-01. Free holds up to 500."), "\(words)")
            // March is the first month on the standard plan, and costs what 90 orders of one channel cost.
            let invoices = try books.invoices("wren").map { "\($0.reference.suffix(10)) \($0.cents)" }
            #expect(
                invoices == [
                    "2023-12-01 0", "2024-01-01 0", "2024-02-01 0", "2024-03-01 0", "2024-04-01 4150",
                    "2024-05-01 4150", "2024-06-01 4150", "2024-07-01 4150", "2024-08-01 4150",
                ])
            // 700 orders of March are not billed: on April 28 the free period ends. May 28 bills April.
            #expect(
                try books.invoices("pebble").filter { $0.cents > 0 }.map { String($0.reference.suffix(10)) } == [
                    "2024-05-28", "2024-06-28", "2024-07-28", "2024-08-28",
                ])
            #expect(try books.invoices("candlewick").map(\.cents) == Array(repeating: 4_150, count: 9))

            let page = try JSON(books.run("explain", "decision", "tinker", "--month", "2024-06-01", "--json"))
            #expect(try page.text("target") == "standard" && page.object("figure").number("sum") == 501)
            let accounts = try page.list("accounts").map { account in
                "\(try account.text("account")) \(try account.list("months").map { try $0.number("quantity") })"
            }
            #expect(accounts == ["tinker-more [201]", "tinker-parts [300]"])
            let year = try page.list("year").map { try $0.number("quantity") }
            #expect(year == [500, 500, 500, 500, 500, 500, 501])
        }
    }

    @Test("A night skipped, a night run twice, counts restated in between: the same decisions, notices and invoices")
    func variants() async throws {
        try await withBooks { books in
            try Self.play(books, Self.nights, data: { Self.orders(until: $0) })
            let expected = try Self.result(books)
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                // Decided on the 10th in the place of the 3rd, on nights that run twice. On the 24th every month is told far
                // too loud, and set right before anybody decides by it.
                try Self.play(
                    other, Self.nights.filter { !$0.hasSuffix("-03") },
                    data: { Self.orders(until: $0, wrong: $0.hasSuffix("-24")) }, times: { _ in 2 })
                #expect(try Self.result(other) == expected)
            }
        }
    }

    @Test("Restated to 500 while the change is pending, it is withdrawn; once applied it stays")
    func withdrawn() async throws {
        try await withBooks { books in
            let pending = Self.nights.filter { $0 <= "2024-02-10" }
            try Self.play(books, pending, data: { Self.orders(until: $0) })
            #expect(try Self.changes(books) == "wren|2024-02-01|standard|2024-03-01|announced")
            func night(_ day: String, _ orders: Int) throws {
                try books.folder.write(
                    Self.orders(until: day, change: ["wren-cards 2024-01": orders]), to: "data/orders.csv")
                try books.job("nightly", "--as-of", day)
            }
            // One more changes nothing, one less takes the reason away.
            try night("2024-02-14", 502)
            #expect(try Self.changes(books).hasSuffix("announced"))
            try night("2024-02-15", 500)
            #expect(try Self.changes(books).hasSuffix("withdrawn"))
            // What was decided on is shown as it was known then.
            let wren = try JSON(books.run("explain", "decision", "wren", "--json"))
            #expect(try wren.list("counted").map { try $0.number("quantity") } == [501])
            #expect(try wren.list("accounts")[0].list("months").map { try $0.number("quantity") } == [501])
            try night("2024-03-01", 500)
            #expect(try books.usage("wren", asOf: "2024-03-01").text("plan") == "free")
        }
        try await withBooks { books in
            let applied = Self.nights.filter { $0 <= "2024-03-01" }
            try Self.play(books, applied, data: { Self.orders(until: $0) })
            try books.folder.write(
                Self.orders(until: "2024-03-03", change: ["wren-cards 2024-01": 1]), to: "data/orders.csv")
            try books.job("nightly", "--as-of", "2024-03-03")
            #expect(try Self.changes(books) == "wren|2024-02-01|standard|2024-03-01|applied")
            #expect(try books.usage("wren", asOf: "2024-03-03").text("plan") == "standard")
        }
    }

    @Test("After four months without a night it is moved as soon as somebody looks, by the month before")
    func catchUp() async throws {
        try await withBooks { books in
            let some = Self.nights.filter { $0 <= "2024-02-01" || $0 >= "2024-06-03" }
            try Self.play(books, some, data: { Self.orders(until: $0) })
            // Nobody looked in February or April: those months are quiet by now. May's 501 are in time.
            #expect(try Self.changes(books) == "tinker|2024-06-01|standard|2024-06-15|applied")
        }
    }

    /// 60 running orders beside what Amazon sold; what eBay sold does not count.
    @Test("Meters with and without running totals add up, account by account")
    func mixed() async throws {
        try await withBooks { books in
            let plan = "invoice: month, versions: [{from: 2020-01-01, prices: {}}]"
            let unit = "unit: {one: order, other: orders}"
            let catalog = try books.folder.write(
                """
                catalog: shop
                currency: USD
                meters:
                  orders: {name: Orders, aggregate: sum, \(unit)}
                  amazon: {name: Amazon, aggregate: sum, of: sold, channels: [amazon], window: 7 days, \(unit)}
                decisions:
                  both: {name: Sold, meters: [orders, amazon], window: 1 month, aggregate: max,
                         ladder: {small: 100, large: unlimited}}
                plans:
                  small: {name: Small, \(plan)}
                  large: {name: Large, \(plan)}

                """, to: "catalog.yaml")
            try books.deploy(
                [
                    Subscriber("northwind", plan: "small", anchor: "2022-01-01"),
                    Subscriber("southwind", plan: "small", anchor: "2022-01-01"),
                ], catalog: catalog)
            let sold = "\n  sold: {feeds: readings, file: sold.csv, columns: {meter: {value: sold}}}\n"
            try books.folder.write(Books.sources + sold, to: "sources.yaml")
            try books.write(
                [Count("2022-01-01", 60), Count("2022-01-31", 60, account: "southwind-store")], to: "all.csv")
            try books.folder.write(
                """
                account,channel,day,quantity
                northwind-store,amazon,2022-01-02,1
                northwind-store,amazon,2022-01-31,40
                northwind-store,ebay,2022-01-31,900
                southwind-store,amazon,2022-01-31,40
                southwind-store,ebay,2022-01-31,900

                """, to: "sold.csv")
            try books.job("nightly", "--as-of", "2022-02-01")
            for (subscription, sum, outcome) in [("northwind", 101, "up"), ("southwind", 100, "stays")] {
                let json = try JSON(books.run("explain", "decision", subscription, "--json"))
                #expect(try json.text("outcome") == outcome)
                let accounts = try json.list("accounts").map { account in
                    "\(try account.text("account")) \(try account.list("months").map { try $0.number("quantity") })"
                }
                #expect(accounts == ["\(subscription)-store [\(sum)]"])
            }
        }
    }
}
