import Foundation
import TestSupport
import Testing

/// Plans that are decided on by the mean of three months: A2X's cases on its example deployment.
@Suite("Decisions")
struct DecisionTests {
    private static let nights = ["2025-12-05", "2026-01-05", "2026-02-05", "2026-03-01"]

    /// What was decided on the example's subscriptions, as `outcome reason`.
    private func decided(_ books: Books) throws -> [String: String] {
        var decided: [String: String] = [:]
        for subscription in ["ridge", "summit", "willow", "heron", "fjord"] {
            let json = try JSON(books.run("explain", "decision", subscription, "--json"))
            decided[subscription] = "\(try json.text("outcome")) \(try json.text("reason"))"
        }
        return decided
    }

    /// A mean of exactly 1,000 stays, 1,000 and a third goes up; 600 + 500 fall to 600; one month of 5,000 among quiet ones.
    private static let expected = [
        "ridge": "stays holds", "summit": "up above_threshold", "willow": "stays holds", "heron": "stays holds",
        "fjord": "stays holds",
    ]

    @Test("On March 24 December, January and February decide: who is above the threshold goes up, who equals it stays")
    func march() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            try books.run("decide", "--as-of", "2026-03-24")
            #expect(try self.decided(books) == Self.expected)

            let summit = try JSON(books.run("explain", "decision", "summit", "--json"))
            let months = try summit.list("counted")
            #expect(try months.map { try $0.text("month") } == ["2025-12-01", "2026-01-01", "2026-02-01"])
            #expect(try months.map { try $0.number("quantity") } == [900, 1_000, 1_101])
            #expect(try summit.object("figure").number("sum") == 3_001)
            #expect(try summit.text("target") == "orders-2000")
            #expect(try summit.object("change").text("takes_effect") == "2026-04-01")
            #expect(try summit.object("change").text("status") == "announced")

            // Both accounts of Willow Bath, one of them until it was unlinked.
            let willow = try JSON(books.run("explain", "decision", "willow", "--json"))
            let accounts = try willow.list("accounts").map { account in
                (try account.text("account"), try account.list("months").map { try $0.number("quantity") })
            }
            #expect(accounts.map(\.0) == ["willow-amazon", "willow-shopify"])
            #expect(accounts.map(\.1) == [[600, 620, 600], [500, 150, 0]])
        }
    }

    @Test("Workers and batch sizes decide alike")
    func workersAndBatches() async throws {
        let all = try await withBooks { books in
            try books.deploy(example: "a2x")
            try books.job("nightly", "--as-of", Self.nights[3])
            return try [("1", "5000"), ("1", "2"), ("2", "1"), ("4", "3")].map { workers, batch in
                for table in ["plan_decision", "decision_block", "plan_change", "notice"] {
                    _ = try books.sql("DELETE FROM meterbook.\(table)")
                }
                try books.run("decide", "--as-of", "2026-03-24", "--workers", workers, "--batch", batch)
                return try books.sql(
                    """
                    SELECT customer_id, month, outcome, reason, target_plan_id, window_starts, counted, figure_sum
                    FROM meterbook.decision ORDER BY 1
                    """) + "\n" + books.sql("SELECT customer_id, takes_effect, plan_id FROM meterbook.plan_change")
            }
        }
        #expect(all[0].contains("|up|") && Set(all).count == 1)
    }

    @Test("With 600 and 500 orders a month over two accounts it goes up")
    func twoAccounts() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            try books.folder.write(
                "account,subscription,linked,unlinked\nwillow-amazon,willow,2025-12-01,\nwillow-shopify,willow,2025-12-01,\n",
                to: "data/memberships.csv")
            try books.folder.write(
                "account,channel,day,orders\n"
                    + ["2025-12-10", "2026-01-10", "2026-02-10"].flatMap { day in
                        ["willow-amazon,amazon-us,\(day),600\n", "willow-shopify,shopify,\(day),500\n"]
                    }.joined(), to: "data/orders.csv")
            for night in Self.nights + ["2026-03-24"] { try books.job("nightly", "--as-of", night) }
            let willow = try JSON(books.run("explain", "decision", "willow", "--json"))
            #expect(try willow.text("outcome") == "up" && willow.text("target") == "orders-2000")
            // Nothing was ever counted for the others: that is not known to be nothing.
            #expect(try self.decided(books)["ridge"] == "stays short_history")
        }
    }

    @Test("Fewer than three complete months decide nothing, and say why")
    func shortHistory() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            // Counted since December 1st: on February 5th two months are complete.
            #expect(Set(try self.decided(books).values) == ["stays short_history"])
            let page = try books.run("explain", "decision", "ridge")
            #expect(page.contains("fewer than 3 complete months"))
            let list = try JSON(books.run("decision", "list", "ridge", "--json")).list("decisions")
            #expect(try list.map { try $0.text("month") } == ["2026-02-01", "2026-01-01", "2025-12-01"])
        }
    }

    @Test("However often it runs, a month has one decision; a dry run keeps none")
    func reruns() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let dry = try JSON(books.run("decide", "--as-of", "2026-03-24", "--dry-run", "--json"))
            #expect(try dry.object("deciding").number("up") == 1)
            let stored = "SELECT count(*) FROM meterbook.decision WHERE month = '2026-03-01'"
            #expect(try books.sql(stored) == "0")
            let first = try JSON(books.run("decide", "--as-of", "2026-03-24", "--json"))
            #expect(try first.object("deciding").number("decided") == 5)
            let hash = try books.hash()
            // Until the 28th: on the 29th the customer is reminded.
            for day in 24...28 {
                let again = try JSON(books.run("decide", "--as-of", "2026-03-\(day)", "--json"))
                #expect(try again.object("deciding").number("decided") == 0)
            }
            #expect(try books.hash() == hash)
        }
    }

    @Test("A change whose reason a restated count takes away is withdrawn; one that keeps it stays")
    func withdrawn() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights + ["2026-03-05"] { try books.job("nightly", "--as-of", night) }
            // One order less in February, and the mean is 1,000: not above it.
            func restate(by orders: Int) throws {
                var left = orders
                try books.rewrite("data/orders.csv") { line in
                    var fields = line.split(separator: ",").map(String.init)
                    guard left != 0, fields[0] == "summit-amazon", fields[2].hasPrefix("2026-02"),
                        let count = Int(fields[3]), count + left >= 0
                    else { return String(line) }
                    fields[3] = "\(count + left)"
                    left = 0
                    return fields.joined(separator: ",")
                }
            }
            try restate(by: 1)
            try books.job("nightly", "--as-of", "2026-03-10")
            func change() throws -> JSON {
                try JSON(books.run("explain", "decision", "summit", "--json")).object("change")
            }
            #expect(try change().text("status") == "announced")
            try restate(by: -2)
            let night = try books.job("nightly", "--as-of", "2026-03-11")
            #expect(night.contains("1 announced change was withdrawn"))
            #expect(try change().text("status") == "withdrawn" && change().text("settled_on") == "2026-03-11")
            // What the decision was made from stays as it was known then.
            let summit = try JSON(books.run("explain", "decision", "summit", "--json"))
            #expect(try summit.list("counted").map { try $0.number("quantity") } == [900, 1_000, 1_101])
            #expect(
                try summit.list("accounts")[0].list("months").map { try $0.number("quantity") } == [900, 1_000, 1_101])
            // And it is not announced again for the same months.
            try restate(by: 5)
            try books.job("nightly", "--as-of", "2026-03-12")
            #expect(try change().text("status") == "withdrawn")
        }
    }

    @Test("A change is told once when it is announced, 14 and 3 days before, and when it takes effect")
    func notices() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            func notices() throws -> [String] {
                try JSON(books.run("notice", "list", "--json")).list("notices")
                    .map { "\(try $0.text("kind")): \(try $0.text("subject")) (\(try $0.text("status")))" }.sorted()
            }
            for _ in 0..<3 { try books.job("nightly", "--as-of", "2026-03-05") }
            #expect(try notices() == ["change_announced: Upgrading Soon (pending)"])
            let mail = books.folder.path + "/mail"
            try FileManager.default.createDirectory(atPath: mail, withIntermediateDirectories: false)
            try books.run("notice", "deliver", "--directory", mail)
            let file = try #require(try FileManager.default.contentsOfDirectory(atPath: mail).first)
            let text = try String(contentsOfFile: "\(mail)/\(file)", encoding: .utf8)
            #expect(text.contains("Subject: Upgrading Soon\r\n"))
            #expect(text.contains("2026-04-01"))

            // 14 days before April 1st is March 18th, and 3 days before it the 29th.
            let reminder = "change_reminder: Reminder: your plan changes to Up to 2,000 orders on 2026-04-01"
            let announced = "change_announced: Upgrading Soon (delivered)"
            for (night, expected) in [
                ("2026-03-17", [announced]), ("2026-03-18", [announced, "\(reminder) (pending)"]),
                ("2026-03-19", [announced, "\(reminder) (pending)"]),
                ("2026-03-29", [announced, "\(reminder) (pending)", "\(reminder) (pending)"]),
            ] {
                try books.job("nightly", "--as-of", night)
                #expect(try notices() == expected, "\(night)")
            }
            try books.run("notice", "deliver", "--directory", mail)
            for _ in 0..<2 { try books.job("nightly", "--as-of", "2026-04-01") }
            #expect(
                try notices() == [
                    announced, "change_applied: Your plan is now Up to 2,000 orders (pending)",
                    "\(reminder) (delivered)", "\(reminder) (delivered)",
                ])
        }
    }

    @Test("A withdrawn change takes back what was not sent, and tells of itself")
    func withdrawnNotices() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            for night in Self.nights + ["2026-03-05"] { try books.job("nightly", "--as-of", night) }
            var isChanged = false
            try books.rewrite("data/orders.csv") { line in
                var fields = line.split(separator: ",").map(String.init)
                guard !isChanged, fields[0] == "summit-amazon", fields[2].hasPrefix("2026-02"),
                    let count = Int(fields[3]), count > 0
                else { return String(line) }
                isChanged = true
                fields[3] = "\(count - 1)"
                return fields.joined(separator: ",")
            }
            for _ in 0..<2 { try books.job("nightly", "--as-of", "2026-03-06") }
            let notices = try JSON(books.run("notice", "list", "--json")).list("notices")
                .map { "\(try $0.text("kind")) \(try $0.text("status"))" }.sorted()
            #expect(notices == ["change_announced withdrawn", "change_withdrawn pending"])
        }
    }

    @Test("A subscription without a decision is told so, in words and with 64")
    func unknown() async throws {
        try await withBooks { books in
            try books.deploy(example: "a2x")
            try books.job("nightly", "--as-of", "2025-12-01")
            let outcome = try books.meterbook("explain", "decision", "ridge")
            #expect(outcome.code == 64 && outcome.errors.contains("no decision on 'ridge'"))
            #expect(try books.run("decision", "list", "ridge") == "No decisions.\n")
            #expect(try books.meterbook("explain", "decision", "nobody").code == 64)
        }
    }
}

/// Eight months, night by night, with plans that go up and down.
@Suite("Decisions night by night")
struct DecisionNightsTests {
    private static let nights = (0..<8).flatMap { month in
        ["01", "02", "03", "10", "24"].map { "2026-0\(month + 1)-\($0)" }
    }

    /// Orders a month from December on, by account. All of a month's orders come on its 15th, but half of each even month
    /// on the 16th, so that days matter.
    private static let months: [(account: String, orders: [Int])] = [
        ("ridge-amazon", [900, 1_000, 1_100, 1_000, 1_000, 1_000, 1_003, 1_000, 1_000]),
        ("summit-amazon", [900, 1_000, 1_101, 1_000, 900, 700, 700, 700, 700]),
        ("willow-amazon", [600, 600, 600, 600, 600, 600, 600, 600, 600]),
        ("willow-shopify", [500, 500, 500, 500, 500, 500, 0, 0, 0]),
        ("fjord-amazon", [100, 5_000, 100, 100, 9_000, 9_000, 9_000, 100, 100]),
        ("heron-amazon", [400, 400, 400, 400, 400, 400, 400, 400, 400]),
    ]

    /// - Parameter wrong: whether the month of the night is told with seven orders too many on each day.
    private static func orders(until night: String, wrong: Bool = false) -> String {
        var rows = ["account,channel,day,orders"]
        for (account, orders) in months {
            for (index, count) in orders.enumerated() {
                let month = index == 0 ? "2025-12" : "2026-0\(index)"
                let first = index % 2 == 0 ? count / 2 : count
                for (day, part) in [("15", first), ("16", count - first)] where "\(month)-\(day)" < night {
                    let extra = wrong && night.hasPrefix(month) ? 7 : 0
                    rows.append("\(account),amazon,\(month)-\(day),\(part + extra)")
                }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private static func prepare(_ books: Books) throws {
        try books.deploy(example: "a2x")
        try books.folder.write(
            "account,subscription,linked,unlinked\n"
                + [
                    "ridge-amazon,ridge", "summit-amazon,summit", "willow-amazon,willow", "willow-shopify,willow",
                    "heron-amazon,heron", "fjord-amazon,fjord",
                ].map { "\($0),2025-12-01,\n" }.joined(), to: "data/memberships.csv")
    }

    /// What was decided and billed, in words that do not depend on how often it ran.
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
            SELECT s.key, n.kind, n.topic, n.period_starts, n.threshold, n.subject, n.body, n.status, n.notice_id
            FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            ORDER BY s.key, n.period_starts, n.kind, n.threshold
            """)
        return [decisions, notices, try books.exportDigest()]
    }

    /// - Parameter asked: the plan that Summit asks for behind a night, at the renewal.
    private static func play(
        _ books: Books, _ nights: [String], data: (String) -> String, times: (String) -> Int = { _ in 1 },
        asked: [String: String] = [:]
    ) throws {
        try prepare(books)
        for night in nights {
            try books.folder.write(data(night), to: "data/orders.csv")
            for _ in 0..<times(night) { try books.job("nightly", "--as-of", night) }
            if let plan = asked[night] {
                try books.run(
                    "subscription", "change", "summit", "--plan", plan, "--at", "renewal", "--as-of", night)
            }
        }
        #expect(try books.agree())
    }

    @Test("A night skipped, a night run twice, and counts restated in between: the same decisions and invoices")
    func variants() async throws {
        try await withBooks { books in
            try Self.play(books, Self.nights, data: { Self.orders(until: $0) })
            let expected = try Self.result(books)
            // Three months of Ridge: 3,000, 3,100, 3,100, 3,000, 3,003, 3,003. Of Summit: 3,001, 3,101, 3,001, 2,600 and less.
            // Of Willow: 3,300 until June, then 2,800. Of Fjord: 5,200, 5,200, 5,200, 9,200, 18,100, 27,000.
            let changes = try books.sql(
                """
                SELECT s.key, c.month, p.key, c.takes_effect, c.status FROM meterbook.plan_change AS c
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                JOIN meterbook.plan AS p ON p.plan_id = c.plan_id ORDER BY s.key, c.month
                """)
            #expect(
                changes == """
                    fjord|2026-05-01|orders-5000|2026-06-01|applied
                    ridge|2026-04-01|orders-2000|2026-05-01|applied
                    ridge|2026-06-01|orders-1000|2026-07-01|applied
                    ridge|2026-07-01|orders-2000|2026-08-01|applied
                    summit|2026-03-01|orders-2000|2026-04-01|applied
                    summit|2026-06-01|orders-1000|2026-07-01|applied
                    willow|2026-03-01|orders-2000|2026-04-01|applied
                    willow|2026-07-01|orders-1000|2026-08-01|applied
                    """)
            // Each change is announced, recalled 14 and 3 days before, and told of when it takes effect.
            let told = try books.sql(
                """
                SELECT s.key, n.period_starts, string_agg(n.kind || ' ' || n.threshold, ', ' ORDER BY n.as_of, n.kind, n.threshold)
                FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                WHERE n.status <> 'withdrawn' GROUP BY s.key, n.period_starts ORDER BY s.key, n.period_starts
                """)
            #expect(
                told.split(separator: "\n").first
                    == "fjord|2026-05-01|change_announced 0, change_applied 0")
            #expect(told.split(separator: "\n").count == 8)
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                // The nights on which a month is decided and a period ends are there, and run twice; the others come and go.
                // On the 24th the month's counts are wrong, and set right before anybody decides by them.
                try Self.play(
                    other, Self.nights.filter { !$0.hasSuffix("-02") && !$0.hasSuffix("-10") },
                    data: { Self.orders(until: $0, wrong: $0.hasSuffix("-24")) }, times: { _ in 2 })
                #expect(try Self.result(other) == expected)
            }
        }
    }

    @Test(
        "Case 5, on nights skipped, run twice and restated: who changes his plan himself has one change and one notice")
    func preempted() async throws {
        try await withBooks { books in
            let asked = ["2026-03-24": "orders-5000"]
            try Self.play(books, Self.nights, data: { Self.orders(until: $0) }, asked: asked)
            let expected = try Self.result(books)
            // Announced on March 3rd for April 1st; orders-5000 from then on, until April's figure of 3,101 is looked at.
            #expect(
                try books.sql(
                    """
                    SELECT c.origin, c.month, p.key, c.takes_effect, c.status FROM meterbook.plan_change AS c
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                    JOIN meterbook.plan AS p ON p.plan_id = c.plan_id WHERE s.key = 'summit' ORDER BY c.change_id
                    """) == """
                        decision|2026-03-01|orders-2000|2026-04-01|preempted
                        request||orders-5000|2026-04-01|applied
                        decision|2026-04-01|orders-2000|2026-05-01|applied
                        decision|2026-06-01|orders-1000|2026-07-01|applied
                        """)
            #expect(
                try books.sql(
                    """
                    SELECT n.kind, n.threshold, n.status FROM meterbook.notice AS n
                    JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                    WHERE s.key = 'summit' AND n.period_starts = '2026-03-01' ORDER BY n.place
                    """) == "change_announced|0|withdrawn\nchange_reminder|1|withdrawn")
            #expect(
                try books.invoices("summit").map(\.cents)
                    == [49_00, 49_00, 49_00, 49_00, 139_00, 79_00, 79_00, 49_00, 49_00])
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                try Self.play(
                    other, Self.nights.filter { !$0.hasSuffix("-02") },
                    data: { Self.orders(until: $0, wrong: $0.hasSuffix("-10")) },
                    times: { $0.hasSuffix("0") ? 1 : 2 }, asked: asked)
                #expect(try Self.result(other) == expected)
            }
        }
    }

    @Test("After three months without a night a change is billed as if every night had been")
    func catchUp() async throws {
        try await withBooks { books in
            try Self.play(
                books, Self.nights.filter { $0 <= "2026-03-03" || $0 >= "2026-07-03" }, data: { Self.orders(until: $0) }
            )
            // Announced on March 3rd, so from April 1st on 79.00; nothing was decided in between.
            #expect(
                try books.invoices("summit").map { "\($0.reference.suffix(10)) \($0.cents)" } == [
                    "2025-12-01 4900", "2026-01-01 4900", "2026-02-01 4900", "2026-03-01 4900", "2026-04-01 7900",
                    "2026-05-01 7900", "2026-06-01 7900", "2026-07-01 7900", "2026-08-01 4900",
                ])
            let page = try books.usage("summit", asOf: "2026-05-20")
            #expect(try page.text("plan") == "orders-2000")
            #expect(try page.list("allowances")[0].number("allowance") == 2_000)
            #expect(try books.usage("summit", asOf: "2026-03-20").text("plan") == "orders-1000")
        }
    }
}
