import TestSupport
import Testing

/// Eight months of APPSeCONNECT, night by night, with changes of plan by the source and on the command line.
///
///               January ─ February ─ March ── April ── May ──── June ─── July ─── August
///     monsoon   standard ─ 02-11 professional ──────────────────────────────────────────   case 1, by the source, on a day
///     alder     professional ──────────────── standard ─────────────────────────────────   case 2, by the source, no day
///     brook     standard ── 11,000 in March ────────────────── 06-15 enterprise ─ standard  case 3, on the command line
///     cedar     standard, a year upfront ──────────────── cancelled ────────────────────   case 5
///     dale      standard by the month ──────────────────────── by the year ─────────────
@Suite("Changes on request, night by night")
struct ChangeNightsTests {
    private static let nights = (1...8).flatMap { month in
        ["01", "03", "10", "15", "24"].map { "2026-0\(month)-\($0)" }
    }

    private static func subscriptions(_ night: String) -> String {
        func row(_ key: String, _ plan: String, _ cadence: String, at: String = "", ends: String = "") -> String {
            "\(key),\(key),2026-01-01,\(plan),\(cadence),\(at),\(ends)"
        }
        return [
            "subscription,customer,anchor,plan,cadence,change_at,ends",
            night < "2026-02-10"
                ? row("monsoon", "standard", "month")
                : row("monsoon", "professional", "month", at: "2026-02-11"),
            row("alder", night < "2026-03-10" ? "professional" : "standard", "month"),
            row("brook", "standard", "month"),
            row("cedar", "standard", "year", ends: night < "2026-05-10" ? "" : "2027-01-01"),
            row("dale", "standard", night < "2026-05-10" ? "month" : "year"),
        ].joined(separator: "\n") + "\n"
    }

    private static let transactions = [
        ("cedar", "2026-02-20", 12_000), ("brook", "2026-03-05", 7_000), ("brook", "2026-03-12", 4_000),
    ]

    /// - Parameter wrong: whether what was counted in the month of the night is told as one less.
    private static func counts(_ night: String, wrong: Bool = false) -> String {
        let rows = transactions.filter { $0.1 < night }.map { account, day, quantity in
            "\(account),shop,\(day),\(wrong && night.prefix(7) == day.prefix(7) ? quantity - 1 : quantity)"
        }
        return (["account,channel,day,quantity"] + rows).joined(separator: "\n") + "\n"
    }

    private static func play(
        _ books: Books, _ nights: [String], counts: (String) -> String = { counts($0) },
        times: (String) -> Int = { _ in 1 }
    ) throws {
        try books.folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              transactions: {feeds: readings, file: counts.csv, columns: {meter: {value: transactions}}}
            """, to: "sources.yaml")
        let keys = ["monsoon", "alder", "brook", "cedar", "dale"]
        try books.folder.write("customer\n" + keys.map { "\($0)\n" }.joined(), to: "customers.csv")
        try books.folder.write("account\n" + keys.map { "\($0)\n" }.joined(), to: "accounts.csv")
        try books.folder.write(
            "account,subscription\n" + keys.map { "\($0),\($0)\n" }.joined(), to: "memberships.csv")
        try books.run("catalog", "apply", Books.example("appseconnect") + "/catalog.yaml")
        for night in nights {
            try books.folder.write(subscriptions(night), to: "subscriptions.csv")
            try books.folder.write(counts(night), to: "counts.csv")
            for _ in 0..<times(night) { try books.job("nightly", "--as-of", night) }
            let asked = ["2026-06-15": "enterprise", "2026-07-15": "standard"]
            if let plan = asked[night] {
                try books.run("subscription", "change", "brook", "--plan", plan, "--as-of", night)
            }
        }
        #expect(try books.agree())
    }

    /// What became of everybody, in words that do not depend on how often it ran. A night that is left out is told of later.
    private static func result(_ books: Books) throws -> [String] {
        let changes = try books.sql(
            """
            SELECT s.key, c.takes_effect, w.key, p.key, c.was_pays_every, c.pays_every, c.is_at_once, c.origin, c.status
            FROM meterbook.plan_change AS c JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            JOIN meterbook.plan AS w ON w.plan_id = c.was_plan_id JOIN meterbook.plan AS p ON p.plan_id = c.plan_id
            ORDER BY s.key, c.takes_effect
            """)
        let notices = try books.sql(
            """
            SELECT s.key, n.kind, n.topic, n.period_starts, n.threshold, n.notice_id
            FROM meterbook.notice AS n JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            ORDER BY s.key, n.place
            """)
        return [changes, notices, try books.exportDigest()]
    }

    @Test("Every case of the page comes out the same with a night skipped, run twice, and counts restated in between")
    func variants() async throws {
        try await withBooks { books in
            try Self.play(books, Self.nights)
            let expected = try Self.result(books)
            #expect(
                expected[0] == """
                    alder|2026-04-01|professional|standard|||f|source|applied
                    brook|2026-06-15|standard|enterprise|||t|request|applied
                    brook|2026-08-01|enterprise|standard|||f|request|applied
                    dale|2026-06-01|standard|standard|month|year|f|source|applied
                    monsoon|2026-02-11|standard|professional|||t|source|applied
                    """)
            func cents(_ key: String) throws -> [String] {
                try books.invoices(key).map { invoice in
                    "\(invoice.reference.dropFirst(key.count + 6)) \(invoice.cents)"
                }
            }
            // 18 of 28 days: 64.29 of 100.00 back, 102.86 of 160.00 charged.
            #expect(
                try cents("monsoon") == [
                    "01-01 10000", "02-01 10000", "02-11/change 3857", "03-01 16000", "04-01 16000", "05-01 16000",
                    "06-01 16000", "07-01 16000", "08-01 16000",
                ])
            #expect(
                try cents("alder") == [
                    "01-01 16000", "02-01 16000", "03-01 16000", "04-01 10000", "05-01 10000", "06-01 10000",
                    "07-01 10000", "08-01 10000",
                ])
            // March has 1,000 beyond 10,000. Of June 16 of 30 days are left: 53.33 of 100.00 and 213.33 of 400.00.
            #expect(
                try cents("brook") == [
                    "01-01 10000", "02-01 10000", "03-01 10000", "04-01 12000", "05-01 10000", "06-01 10000",
                    "06-15/change 16000", "07-01 40000", "08-01 10000",
                ])
            // A year upfront, February's 2,000 beyond the limit, and nothing else.
            #expect(
                try cents("cedar") == [
                    "01-01 96000", "02-01 0", "03-01 4000", "04-01 0", "05-01 0", "06-01 0", "07-01 0", "08-01 0",
                ])
            #expect(
                try cents("dale") == [
                    "01-01 10000", "02-01 10000", "03-01 10000", "04-01 10000", "05-01 10000", "06-01 96000", "07-01 0",
                    "08-01 0",
                ])
            #expect(
                expected[1].split(separator: "\n").map { $0.split(separator: "|").dropLast().joined(separator: "|") }
                    == [
                        "brook|usage_alert|standard.transactions|2026-03-01|80",
                        "brook|usage_alert|standard.transactions|2026-03-01|100",
                        "cedar|usage_alert|standard.transactions|2026-02-01|80",
                        "cedar|usage_alert|standard.transactions|2026-02-01|100",
                    ])
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                try Self.play(
                    other, Self.nights.filter { !$0.hasSuffix("-03") },
                    counts: { Self.counts($0, wrong: $0.hasSuffix("-10") || $0.hasSuffix("-24")) },
                    times: { $0.hasSuffix("5") ? 1 : 2 })
                #expect(try Self.result(other) == expected)
            }
        }
    }

    @Test("Without a night for two months everything is made up for, in order")
    func catchUp() async throws {
        try await withBooks { books in
            try Self.play(books, Self.nights)
            let expected = try Self.result(books)
            let template = Template.named("schema") { _ in }
            try Books.copy(of: template) { other in
                // What the source says of February, March and May is heard in time: it is for days to come.
                let heard = ["2026-02-10", "2026-03-10", "2026-05-10", "2026-06-15", "2026-07-15"]
                try Self.play(
                    other, Self.nights.filter { $0 <= "2026-01-03" || heard.contains($0) || $0 == "2026-08-24" })
                #expect(try Self.result(other)[0] == expected[0])
                #expect(try Self.result(other)[2] == expected[2])
            }
        }
    }
}
