import TestSupport
import Testing

/// Who may choose ChannelDock's free plan: fewer than 500 orders in the last 30 days, at most 1,000 products and 3
/// connections, no API key, no employee account.
///
///     as-of 2024-01-05    12-05 │ 12-06 ────── 30 days ────── 01-04 │ 01-05
///     orders              no      yes                           yes   no
///     levels                                                          what stands by its end
@Suite("meterbook eligibility")
struct EligibilityTests {
    private static let asOf = "2024-01-05"

    /// - Parameters:
    ///   - orders: account, day, number.
    ///   - levels: account, what is counted, day, number.
    private func deploy(_ books: Books, orders: [String], levels: [String], memberships: [String]? = nil) throws {
        try books.deploy(example: "channeldock")
        func file(_ header: String, _ rows: [String]) -> String { ([header] + rows).joined(separator: "\n") + "\n" }
        let shops = orders.map { row in
            let fields = row.split(separator: ",")
            return "\(fields[0]),amazon,\(fields[1]),\(fields[2])"
        }
        try books.folder.write(file("account,channel,day,orders", shops), to: "data/orders.csv")
        try books.folder.write(file("account,counted,day,number", levels), to: "data/levels.csv")
        if let memberships {
            try books.folder.write(
                file("account,subscription,from,until", memberships), to: "data/memberships.csv")
        }
        try books.job("nightly", "--as-of", Self.asOf)
    }

    /// The answer to a question about the free plan, with its exit code.
    private func ask(_ books: Books, _ subscription: String, asOf: String = asOf) throws -> (code: Int32?, json: JSON) {
        let outcome = try books.meterbook("eligibility", subscription, "--plan", "free", "--as-of", asOf, "--json")
        return (outcome.code, try JSON(outcome.output))
    }

    /// Figure by condition; -1 where it is not known.
    private func figures(_ books: Books, _ subscription: String, asOf: String = asOf) throws -> [String: Int] {
        var figures: [String: Int] = [:]
        for condition in try ask(books, subscription, asOf: asOf).json.list("conditions") {
            figures[try condition.text("key")] = condition.keys.contains("figure") ? try condition.number("figure") : -1
        }
        return figures
    }

    private func refusals(_ books: Books, _ subscription: String, asOf: String = asOf) throws -> [String] {
        try ask(books, subscription, asOf: asOf).json.list("conditions").filter { try !$0.flag("met") }
            .map { "\(try $0.text("key")) \(try $0.number("figure"))" }
    }

    /// Beside what is asked for, days that do not count: the one before the 30 and the as-of date itself.
    private static let orders = [
        "pebble-prints,2023-12-05,5000", "pebble-prints,2023-12-06,1", "pebble-prints,2024-01-04,498",
        "pebble-prints,2024-01-05,7000", "tinker-parts,2023-12-06,2", "tinker-parts,2024-01-04,498",
        "candlewick-home,2023-12-20,620",
    ]
    private static let levels = [
        "pebble-prints,products,2023-10-09,1000", "pebble-prints,connections,2023-10-09,3",
        "pebble-prints,api_keys,2023-10-09,1", "pebble-prints,api_keys,2024-01-05,0",
        "tinker-parts,products,2023-10-09,12", "candlewick-home,api_keys,2023-10-09,1",
        "candlewick-home,employees,2023-10-09,1", "candlewick-home,employees,2023-12-31,2",
    ]

    @Test(
        "Who asks for the free plan is refused with every reason, on the command line and by the source; 499 orders may go"
    )
    func requested() async throws {
        try await withBooks { books in
            try deploy(books, orders: Self.orders, levels: Self.levels)
            let refused = try books.meterbook(
                "subscription", "change", "candlewick", "--plan", "free", "--as-of", Self.asOf)
            #expect(refused.code == 65)
            #expect(
                refused.errors == """
                    meterbook: plan Free may not be chosen for 3 reasons: Orders in the last 30 days: 620 orders, not below 500; \
                    Active API keys: 1 API key, more than 0; Employee accounts: 2 employee accounts, more than 0

                    """)
            let subscriptions = try Books.text(of: books.folder.path + "/data/subscriptions.csv")
            try books.folder.write(
                subscriptions.split(separator: "\n").map { line in
                    line.hasPrefix("tinker,") ? String(line).replacing(",standard,", with: ",free,") : String(line)
                }.joined(separator: "\n") + "\n", to: "data/subscriptions.csv")
            #expect(try books.attempt("nightly", "--as-of", Self.asOf).code == 65)
            let rejected = try JSON(books.run("reject", "list", "--json")).list("rejections")
            #expect(try rejected.map { try $0.text("reason") } == ["change_refused"])
            #expect(try rejected[0].text("found").contains("500 orders, not below 500"))
            try books.run("subscription", "change", "pebble", "--plan", "free", "--as-of", Self.asOf)
            #expect(
                try books.sql(
                    """
                    SELECT s.key, p.key, c.status FROM meterbook.plan_change AS c JOIN meterbook.plan AS p USING (plan_id)
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                    """) == "pebble|free|announced")
        }
    }

    @Test(
        "Case 2: with 499 orders it may be chosen, with 500 not for one reason, and 620, a key and employees are three")
    func cases() async throws {
        try await withBooks { books in
            try deploy(books, orders: Self.orders, levels: Self.levels)
            let pebble = try ask(books, "pebble")
            #expect(try pebble.code == 0 && pebble.json.flag("eligible"))
            #expect(
                try figures(books, "pebble") == [
                    "orders": 499, "products": 1_000, "connections": 3, "api_keys": 0, "employees": 0,
                ])
            let tinker = try ask(books, "tinker")
            #expect(try tinker.code == 65 && !tinker.json.flag("eligible"))
            #expect(try refusals(books, "tinker") == ["orders 500"])
            #expect(try refusals(books, "candlewick") == ["orders 620", "api_keys 1", "employees 2"])
            #expect(
                try books.meterbook("eligibility", "candlewick", "--plan", "free", "--as-of", Self.asOf).output == """
                    Free for candlewick                                                on 2024-01-05
                    Candlewick Home (candlewick)

                    Condition                      Found                Asked for      Met
                    -----------------------------  -------------------  -------------  ---
                    Orders in the last 30 days     620 orders           below 500      no
                    Products                       0 products           at most 1,000  yes
                    Carrier and other connections  0 connections        at most 3      yes
                    Active API keys                1 API key            at most 0      no
                    Employee accounts              2 employee accounts  at most 0      no

                    Orders in the last 30 days: counted 2023-12-06 to 2024-01-04.
                    candlewick may not choose Free for 3 reasons: Orders in the last 30 days: 620
                      orders, not below 500; Active API keys: 1 API key, more than 0; Employee
                      accounts: 2 employee accounts, more than 0.

                    """)
        }
    }

    @Test("The answer is that of the day: the 30 days move on, and a level counts from the day on which it was read")
    func days() async throws {
        try await withBooks { books in
            try deploy(books, orders: Self.orders, levels: Self.levels)
            // The 5,000 of December 5 are in, the 498 of January 4 are not yet.
            #expect(try refusals(books, "pebble", asOf: "2024-01-04") == ["orders 5001", "api_keys 1"])
            #expect(try figures(books, "pebble", asOf: "2024-01-06")["orders"] == 7_498)
            #expect(try figures(books, "candlewick", asOf: "2023-12-30")["employees"] == 1)
            #expect(try figures(books, "candlewick", asOf: "2023-12-31")["employees"] == 2)
            // Thirty days from December 20 on, and none of them on January 19.
            #expect(try figures(books, "candlewick", asOf: "2023-12-20")["orders"] == 0)
            #expect(try figures(books, "candlewick", asOf: "2024-01-19")["orders"] == 620)
            #expect(try figures(books, "candlewick", asOf: "2024-01-20")["orders"] == 0)
        }
    }

    @Test("All accounts count that are linked, each on the days on which it is; levels only of those linked on the day")
    func accounts() async throws {
        try await withBooks { books in
            try deploy(
                books,
                orders: [
                    "wren-cards,2023-12-10,200", "pebble-prints,2023-12-19,1000", "pebble-prints,2023-12-20,150",
                    "pebble-prints,2023-12-31,149", "pebble-prints,2024-01-01,1000",
                ],
                levels: [
                    "wren-cards,products,2023-12-01,600", "pebble-prints,products,2023-12-01,401",
                    "pebble-prints,api_keys,2023-12-01,1", "wren-cards,connections,2023-12-01,1",
                    "tinker-parts,employees,2023-12-01,1",
                ],
                memberships: [
                    "wren-cards,wren,2023-10-01,", "pebble-prints,pebble,2023-10-01,2023-12-20",
                    "pebble-prints,wren,2023-12-20,2024-01-01", "pebble-prints,pebble,2024-01-01,",
                    "tinker-parts,tinker,2023-10-01,",
                ])
            #expect(
                try figures(books, "wren") == [
                    "orders": 499, "products": 600, "connections": 1, "api_keys": 0, "employees": 0,
                ])
            #expect(try refusals(books, "wren", asOf: "2023-12-31") == ["products 1001", "api_keys 1"])
            #expect(try figures(books, "pebble")["orders"] == 2_000)
        }
    }

    @Test("Levels are those of meterbook entitlements on the same day")
    func entitlements() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            let levels = try Books.text(of: books.folder.path + "/data/levels.csv")
            try books.folder.write(
                levels + "wren-cards,products,2023-12-14,641\nwren-cards,api_keys,2023-12-15,1\n", to: "data/levels.csv"
            )
            try books.job("nightly", "--as-of", Self.asOf)
            for (day, products) in [("2023-11-01", 640), ("2023-12-13", 640), ("2023-12-14", 641), (Self.asOf, 641)] {
                let held = try JSON(books.run("entitlements", "wren", "--as-of", day, "--json")).list("entitlements")
                let figures = try figures(books, "wren", asOf: day)
                for entitlement in held where try entitlement.flag("metered") {
                    #expect(try figures[entitlement.text("key")] == entitlement.number("use"))
                }
                #expect(figures["products"] == products && figures["connections"] == 2)
                #expect(figures["api_keys"] == (day == Self.asOf ? 1 : 0))
            }
        }
    }

    @Test("A meter of which nothing was ever delivered is not known, and refuses; with another's reading it is 0")
    func unknown() async throws {
        try await withBooks { books in
            try deploy(
                books, orders: ["wren-cards,2023-12-10,5"],
                levels: [
                    "pebble-prints,products,2023-12-01,5", "pebble-prints,connections,2023-12-01,0",
                    "pebble-prints,employees,2024-01-04,1",
                ])
            #expect(
                try figures(books, "wren") == [
                    "orders": 5, "products": 0, "connections": 0, "api_keys": -1, "employees": 0,
                ])
            let outcome = try books.meterbook("eligibility", "wren", "--plan", "free", "--as-of", Self.asOf)
            #expect(outcome.code == 65)
            #expect(outcome.output.contains("for one reason: Active API keys: not known"), "\(outcome.output)")
            // The first employee account was read on January 4; the first orders were counted on December 10.
            #expect(try figures(books, "wren", asOf: "2024-01-03")["employees"] == -1)
            #expect(try figures(books, "wren", asOf: "2023-12-10")["orders"] == -1)
            #expect(try figures(books, "pebble", asOf: "2023-12-11")["orders"] == 0)
            try books.folder.write(
                "account,counted,day,number\npebble-prints,api_keys,2024-01-05,1\n", to: "data/levels.csv")
            try books.job("nightly", "--as-of", "2024-01-06")
            #expect(try figures(books, "wren")["api_keys"] == 0)
        }
    }

    @Test("A plan without conditions is for anybody; one that is not there, or not for this day, is named")
    func otherPlans() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            try books.job("nightly", "--as-of", "2023-12-15")
            let standard = try books.run("eligibility", "wren", "--plan", "standard", "--as-of", "2023-12-15")
            #expect(standard.hasSuffix("\nwren may choose Standard: it has no conditions.\n"))
            let nothing = try books.meterbook("eligibility", "wren", "--plan", "fre")
            #expect(nothing.code == 64)
            #expect(nothing.errors.contains("there is no plan 'fre' in the catalog; it has 'standard', 'free'"))
            #expect(try books.meterbook("eligibility", "robin", "--plan", "free").code == 64)
            let early = try books.meterbook("eligibility", "wren", "--plan", "free", "--as-of", "2019-12-31")
            #expect(early.code == 65 && early.errors.contains("free"), "\(early.errors)")
        }
    }
}
