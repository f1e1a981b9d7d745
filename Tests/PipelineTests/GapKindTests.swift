import TestSupport
import Testing

/// Each kind of gap does what its source is said to do, to the periods that it lies in and to no other.
@Suite("Kinds of gaps")
struct GapKindTests: PlaysShop {
    private static let version = [
        "prices:", "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    /// Two customers with a subscription each, `s` and `t`.
    private func deploy(
        _ books: Books, expect: String, memberships: String = "account,subscription\na,s\nb,t\n"
    ) throws {
        try deploy(books, small: Self.version, large: Self.version)
        try expects(books, expect)
        try books.folder.write("customer\nc\nd\n", to: "customers.csv")
        try books.folder.write(
            "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,month,c\nt,small,2026-01-01,month,d\n",
            to: "subscriptions.csv")
        try books.folder.write(memberships, to: "memberships.csv")
    }

    private func expects(_ books: Books, _ expect: String) throws {
        let sources = try Books.text(of: books.folder.path + "/sources.yaml").split(separator: "\n")
        let kept = sources.map { line in
            line.hasPrefix("  counts:")
                ? "  counts: {feeds: readings, file: counts.csv, expect: \(expect)}" : String(line)
        }
        try books.folder.write(kept.joined(separator: "\n") + "\n", to: "sources.yaml")
    }

    /// One order on each day of January for each of five channels of both accounts, but for some.
    private func january(_ books: Books, without isMissing: (_ account: String, _ channel: Int, _ day: Int) -> Bool)
        throws
    {
        var rows: [String] = []
        for day in 1...31 {
            for account in ["a", "b"] {
                for channel in 1...5 where !isMissing(account, channel, day) {
                    rows.append("\(account),c\(channel),orders,2026-01-\(day < 10 ? "0" : "")\(day),1\n")
                }
            }
        }
        try books.folder.write("account,channel,meter,day,quantity\n" + rows.joined(), to: "counts.csv")
    }

    private func night(_ books: Books, _ day: String, _ more: String...) throws -> Program.Outcome {
        let words = ["nightly", "--as-of", day, "--deployment", books.folder.path] + more
        return try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
    }

    /// The invoices with their amounts in cents, and the subscriptions that are held.
    private func outcome(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, i.total::text FROM meterbook.invoice AS i
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id) WHERE i.period_ends = '2026-02-01'
            UNION ALL SELECT s.key, h.reason FROM meterbook.hold AS h
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id) ORDER BY 1
            """)
    }

    private static let marks =
        "SELECT subscription, gap, source, account, channel, first_day, last_day, days FROM reporting.invoice_gap ORDER BY 1, place"

    @Test("A day that shrank holds who is fed by the source, and marks the invoice of whom a person lets go")
    func shrunk() async throws {
        try await withBooks { books in
            // Nobody but account a is fed by the source.
            try self.deploy(books, expect: "{every: day, on_gap: {shrunk_day: hold}}")
            try self.january(books) { account, channel, day in account == "b" || (day == 25 && channel > 2) }
            let rows = try Books.text(of: books.folder.path + "/counts.csv")
            // Ten are what is compared at least: so there are five channels more.
            let more = rows.split(separator: "\n").dropFirst().map { "\($0.replacing(",c", with: ",d"))\n" }
            try books.folder.write(rows + more.joined(), to: "counts.csv")
            #expect(try self.night(books, "2026-02-01").code == 65)
            // 31 days of ten orders but for six of the 25th. Account b has nothing to wait for.
            #expect(try self.outcome(books) == "s|shrunk_day\nt|0")
            let list = try books.run("hold", "list")
            #expect(
                list == """
                    s, period ending 2026-02-01                                    shrunk_day, run 2
                        source 'counts' has delivered far less than usual on 2026-01-25 of the
                        period 2026-01-01/2026-02-01; pull the days again, meterbook pull --source
                        counts --from 2026-01-25 --to 2026-01-26, or bill it as it is: meterbook
                        hold release

                    """, "\(list)")
            try books.run("hold", "release", "s/2026-02-01", "--by", "A. Clerk", "--as-of", "2026-02-01")
            let close = try books.meterbook("close", "--as-of", "2026-02-01")
            #expect(close.code == 0, "\(close.output)\(close.errors)")
            // 304 orders, 294 beyond the allowance.
            #expect(try self.outcome(books) == "s|29400\nt|0")
            #expect(try books.sql(Self.marks) == "s|shrunk_day|counts|||2026-01-25|2026-01-25|1")
        }
    }

    @Test("A missing channel holds the subscription that its account belongs to on these days, and nobody else")
    func channel() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, on_gap: {missing_channel: hold}}")
            try self.january(books) { account, channel, day in account == "a" && channel == 3 && day >= 28 }
            #expect(try self.night(books, "2026-02-01").code == 65)
            #expect(try self.outcome(books) == "s|missing_channel\nt|14500")
            let list = try books.run("hold", "list")
            #expect(
                list == """
                    s, period ending 2026-02-01                               missing_channel, run 2
                        source 'counts' has delivered nothing of channel 'c3' of account 'a' for 4
                        days from 2026-01-28 to 2026-01-31 of the period 2026-01-01/2026-02-01; ask
                        whether it is still connected and pull the days again, meterbook pull
                        --source counts --from 2026-01-28 --to 2026-02-01, or bill it without them:
                        meterbook hold release

                    """, "\(list)")
            // The same as a mark, once the sources file says so.
            try self.expects(books, "{every: day, on_gap: {missing_channel: flag}}")
            let night = try self.night(books, "2026-02-01", "--json")
            #expect(night.code == 0, "\(night.output)\(night.errors)")
            #expect(try JSON(night.output).object("close").number("flagged") == 1)
            // 151 orders, 141 beyond the allowance.
            #expect(try self.outcome(books) == "s|14100\nt|14500")
            #expect(try books.sql(Self.marks) == "s|missing_channel|counts|a|c3|2026-01-28|2026-01-31|4")
        }
        try await withBooks { books in
            // From the 28th on account a belongs to t: what is missing on its last days is missing there.
            try self.deploy(
                books, expect: "{every: day, on_gap: {missing_channel: flag}}",
                memberships: """
                    account,subscription,from,until
                    a,s,2026-01-01,2026-01-30
                    a,t,2026-01-30,
                    b,t,2026-01-01,

                    """)
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,month,c\nt,small,2026-01-01,month,c\n",
                to: "subscriptions.csv")
            try self.january(books) { account, channel, day in account == "a" && channel == 3 && day >= 28 }
            #expect(try self.night(books, "2026-02-01").code == 0)
            #expect(
                try books.sql(Self.marks) == """
                    s|missing_channel|counts|a|c3|2026-01-28|2026-01-29|2
                    t|missing_channel|counts|a|c3|2026-01-30|2026-01-31|2
                    """)
        }
    }

    @Test("A source that was not read holds the periods of the days since, where its missing days are of no interest")
    func unread() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, on_gap: {missing_day: ignore, unread_source: hold}}")
            try self.january(books) { account, _, day in account == "b" || day >= 20 }
            try self.nights(books, "2026-01-20")
            let close = try books.meterbook("close", "--as-of", "2026-02-01")
            #expect(close.code == 65, "\(close.output)")
            #expect(try self.outcome(books) == "s|unread_source\nt|0")
            #expect(
                try books.run("hold", "list").contains(
                    "source 'counts' has not been read since 2026-01-20 of the period"))
            // Read again it holds nothing, though days are missing.
            #expect(try self.night(books, "2026-02-01").code == 0)
            #expect(try self.outcome(books) == "s|8500\nt|0")
            #expect(try books.sql(Self.marks).isEmpty)
        }
    }

    @Test("Where nobody says more, shrunk days and missing channels are shown, and neither hold nor mark anything")
    func usual() async throws {
        for (expect, isShown) in [("{every: day}", true), ("{every: day, on_gap: ignore}", false)] {
            try await withBooks { books in
                try self.deploy(books, expect: expect)
                try self.january(books) { _, channel, day in day == 25 && channel > 2 }
                let night = try self.night(books, "2026-02-01", "--json")
                #expect(night.code == 0, "\(night.output)\(night.errors)")
                #expect(!night.output.contains("flagged"))
                #expect(try self.outcome(books) == "s|14200\nt|14200")
                #expect(try books.sql(Self.marks).isEmpty)
                let gaps = try books.meterbook(
                    "gaps", "--from", "2026-01-01", "--to", "2026-02-01", "--as-of", "2026-02-01")
                #expect(gaps.output.contains("usually 10") == isShown, "\(gaps.output)")
                #expect(gaps.output.contains("c5") == isShown, "\(gaps.output)")
                #expect(gaps.code == (isShown ? 65 : 0))
            }
        }
    }

    @Test("An invoice that lacks days says so wherever it is looked at, and is replayed to the byte")
    func marks() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day}")
            try self.january(books) { account, _, day in account == "b" || day == 15 || day == 16 }
            let dry = try self.night(books, "2026-02-01", "--dry-run")
            #expect(dry.output.contains("1 invoice lacks days of a source"), "\(dry.output)")
            #expect(try books.sql("SELECT count(*) FROM meterbook.invoice_gap") == "0")
            #expect(try self.night(books, "2026-02-01").code == 0)
            let mark = "s|missing_day|counts|||2026-01-15|2026-01-16|2"
            #expect(try books.sql(Self.marks) == mark)
            let before = try books.hash()
            #expect(try books.meterbook("close", "--as-of", "2026-02-01").code == 0)
            #expect(try books.hash() == before)

            #expect(
                try books.sql("SELECT subscription, lacks_days FROM reporting.invoice ORDER BY 1") == "s|t\nt|f")
            let show = try books.run("invoice", "show", "s/2026-02-01")
            // 29 days of five orders.
            #expect(
                show == """
                    Invoice s/2026-02-01                                                       draft
                    c (c)
                    2026-01-01 to 2026-01-31                                              plan small

                      1  Orders                               2026-01-01 to 2026-01-31        135.00
                         145 orders: 135 beyond 10 (0 before this period)
                                                                             Total USD        135.00

                    When this was written, counts were missing:
                      source 'counts' has delivered nothing for 2 days from 2026-01-15 to 2026-01-16
                    What came later is on a later invoice.

                    """, "\(show)")
            let json = """
                "gaps": [
                    {
                      "gap": "missing_day",
                      "source": "counts",
                      "first_day": "2026-01-15",
                      "last_day": "2026-01-16",
                      "days": 2
                    }
                  ]
                """
            #expect(try books.run("invoice", "show", "s/2026-02-01", "--json").contains(json))
            #expect(try !books.run("invoice", "show", "t/2026-02-01", "--json").contains("gaps"))
            let list = try books.run("invoice", "list")
            #expect(
                list == """
                    Reference     Customer  Period                    Status  Gaps       Total
                    ------------  --------  ------------------------  ------  ----  ----------
                    s/2026-02-01  c         2026-01-01 to 2026-01-31  draft      1  135.00 USD
                    t/2026-02-01  d         2026-01-01 to 2026-01-31  draft           0.00 USD
                    ------------  --------  ------------------------  ------  ----  ----------
                    Total                                                           135.00 USD

                    Gaps: what sources had not delivered when it was written: meterbook invoice show

                    """, "\(list)")
            let export = try books.run("invoice", "export").split(separator: "\n")
            #expect(
                export.map { $0.contains(#""gaps":[{"gap":"missing_day","source":"counts","first_day":"2026-01-15""#) }
                    == [true, false])
            let explain = try books.run("explain", "s/2026-02-01")
            #expect(
                explain.contains(
                    """
                      lacking        when it was billed, source 'counts' has delivered nothing for 2
                                     days from 2026-01-15 to 2026-01-16
                    """), "\(explain)")
            #expect(try !books.run("explain", "t/2026-02-01").contains("lacking"))

            // What comes later is a correction on the next invoice; the mark stays what it was, as does the invoice.
            try self.january(books) { account, _, _ in account == "b" }
            try books.run("invoice", "finalize", "s/2026-02-01", "--as-of", "2026-02-01")
            try self.nights(books, "2026-03-01")
            #expect(try books.sql(Self.marks).hasPrefix(mark))
            let replay = try books.run("replay", "--all")
            #expect(replay.contains("equal"), "\(replay)")
            #expect(try books.meterbook("invoice", "verify-chain").code == 0)
            #expect(throws: (any Error).self) { try books.sql("UPDATE meterbook.invoice_gap SET days = 1") }
            #expect(throws: (any Error).self) { try books.sql("DELETE FROM meterbook.invoice_gap") }
        }
    }
}
