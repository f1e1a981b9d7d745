import TestSupport
import Testing

/// What a source should have delivered and has not keeps a period from being billed, or is told of.
@Suite("Gaps")
struct GapTests: PlaysShop {
    private static let version = [
        "prices:", "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00}",
    ]

    private func deploy(_ books: Books, expect: String?) throws {
        try deploy(books, small: Self.version, large: Self.version)
        guard let expect else { return }
        let sources = try Books.text(of: books.folder.path + "/sources.yaml")
        try books.folder.write(
            sources.replacing("file: counts.csv", with: "file: counts.csv, expect: \(expect)"), to: "sources.yaml")
    }

    /// Two orders on each day of January, but for some.
    private func january(_ books: Books, without missing: Int...) throws {
        let days = (1...31).filter { !missing.contains($0) }
        try count(books, days.map { "2026-01-\($0 < 10 ? "0" : "")\($0),2" })
    }

    private func night(_ books: Books, _ day: String, _ more: String...) throws -> Program.Outcome {
        let words = ["nightly", "--as-of", day, "--deployment", books.folder.path] + more
        return try Program.meterbook.run(words + ["--database", books.conninfo(for: words)])
    }

    /// The invoices with their amounts in cents.
    private func invoices(_ books: Books) throws -> String {
        try books.sql(
            """
            SELECT s.key, i.period_ends, i.total FROM meterbook.invoice AS i
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id) WHERE i.line_count > 0 ORDER BY 1, 2
            """)
    }

    @Test("A period with a missing day waits, and is billed with the day as soon as it comes")
    func hold() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, from: 2026-01-01, on_gap: hold}")
            try self.january(books, without: 15, 16)
            try self.nights(books, "2026-01-01")
            let dry = try self.night(books, "2026-02-01", "--dry-run")
            #expect(dry.code == 65)
            #expect(dry.output.contains("1 subscriptions are held"), "\(dry.output)")
            #expect(try books.run("hold", "list") == "Nothing is held.\n")

            #expect(try self.night(books, "2026-02-01").code == 65)
            let list = try books.run("hold", "list")
            #expect(
                list == """
                    s, period ending 2026-02-01                                   missing_day, run 4
                        source 'counts' has delivered nothing for 2 days from 2026-01-15 to
                        2026-01-16 of the period 2026-01-01/2026-02-01; pull the days again,
                        meterbook pull --source counts --from 2026-01-15 --to 2026-01-17, or bill it
                        without them: meterbook hold release

                    """, "\(list)")
            let before = try books.hash()
            #expect(try books.meterbook("close", "--as-of", "2026-02-01").code == 65)
            #expect(try books.hash() == before)
            #expect(try self.invoices(books).isEmpty)

            try self.january(books)
            // The first of February is missing as well, but January is whole: 62 orders, 52 beyond the allowance.
            #expect(try self.night(books, "2026-02-02").code == 0)
            #expect(try self.invoices(books) == "s|2026-02-01|5200")
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
        }
    }

    @Test("A period that a person lets go is billed without the day, is not held again, and the day is corrected later")
    func release() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, from: 2026-01-01, on_gap: hold, late: 60 days}")
            try self.january(books, without: 15)
            try self.nights(books, "2026-01-01", "2026-02-01")
            #expect(try self.invoices(books) == "s|2026-02-01|5000")
        }
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, from: 2026-01-01, on_gap: hold}")
            try self.january(books, without: 15)
            try self.nights(books, "2026-01-01")
            #expect(try self.night(books, "2026-02-01").code == 65)
            let release = ["s/2026-02-01", "--by", "A. Clerk", "--as-of", "2026-02-01"]
            try books.run("hold", "release", release[0], release[1], release[2], release[3], release[4], "--dry-run")
            #expect(try books.run("hold", "list").contains("missing_day"))
            try books.run("hold", "release", release[0], release[1], release[2], release[3], release[4])
            #expect(try books.run("hold", "list") == "Nothing is held.\n")
            #expect(
                try books.sql("SELECT period_ends, released_on, released_by FROM meterbook.released_gap")
                    == "2026-02-01|2026-02-01|A. Clerk")
            let close = try books.meterbook("close", "--as-of", "2026-02-01")
            #expect(close.code == 0, "\(close.output) \(close.errors)")
            // 60 orders, 50 beyond the allowance.
            #expect(try self.invoices(books) == "s|2026-02-01|5000")
            #expect(close.output.contains("1 invoice lacks days of a source: meterbook gaps"), "\(close.output)")
            // The day comes, and February is ignored from here on: its two orders are on the next invoice.
            try self.deploy(books, expect: "{on_gap: ignore}")
            try self.january(books)
            #expect(try self.night(books, "2026-03-01").code == 0)
            #expect(try self.invoices(books) == "s|2026-02-01|5000\ns|2026-03-01|200")
        }
    }

    @Test("Where nobody says anything a missing day is flagged and billed; who is fed by another source is left alone")
    func flag() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: nil)
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources + "  others: {feeds: readings, file: others.csv, expect: {every: day, on_gap: hold}}\n",
                to: "sources.yaml")
            try books.folder.write("customer\nc\nd\n", to: "customers.csv")
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,month,c\nt,small,2026-01-01,month,d\n",
                to: "subscriptions.csv")
            try books.folder.write("account,subscription\na,s\nb,t\n", to: "memberships.csv")
            func others(without missing: Int) throws {
                let rows = (1...31).filter { $0 != missing }.map { "b,y,orders,2026-01-\($0 < 10 ? "0" : "")\($0),3\n" }
                try books.folder.write("account,channel,meter,day,quantity\n" + rows.joined(), to: "others.csv")
            }
            try self.january(books, without: 29)
            try others(without: 0)
            try self.nights(books, "2026-01-01")
            let night = try self.night(books, "2026-02-01", "--json")
            #expect(night.code == 0, "\(night.output) \(night.errors)")
            #expect(try JSON(night.output).object("close").number("flagged") == 1)
            // 60 and 93 orders, 10 of each for nothing.
            #expect(try self.invoices(books) == "s|2026-02-01|5000\nt|2026-02-01|8300")
        }
        try await withBooks { books in
            try self.deploy(books, expect: "{on_gap: hold}")
            try self.january(books, without: 29)
            // Nothing of the source counts for who has no account that it delivers.
            try books.folder.write("account,subscription\na,t\nb,s\n", to: "memberships.csv")
            try books.folder.write("customer\nc\nd\n", to: "customers.csv")
            try books.folder.write(
                "subscription,plan,anchor,cadence,customer\ns,small,2026-01-01,month,c\nt,small,2026-01-01,month,d\n",
                to: "subscriptions.csv")
            try self.nights(books, "2026-01-01")
            let night = try self.night(books, "2026-02-01")
            #expect(night.code == 65)
            #expect(
                try books.sql(
                    "SELECT s.key FROM meterbook.hold AS h JOIN meterbook.subscription AS s USING (customer_id, subscription_id)"
                ) == "t")
            #expect(try books.sql("SELECT count(*) FROM meterbook.billing_period WHERE ends = '2026-02-01'") == "1")
        }
    }

    @Test("In an outage of months every invoice says which days it lacks, and not only those of the first weeks")
    func outage() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: nil)
            try self.january(books, without: 30, 31)
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            // Sixty-two days after the last one it is given up: that was the 29th of January.
            #expect(
                try books.sql(
                    """
                    SELECT period_ends, first_day, last_day, days FROM meterbook.invoice_gap ORDER BY 1
                    """) == """
                        2026-02-01|2026-01-30|2026-01-31|2
                        2026-03-01|2026-02-01|2026-02-28|28
                        2026-04-01|2026-03-01|2026-03-31|31
                        """)
        }
    }

    @Test("The strip of days, the gaps and what to do stand on one page, and the exit code says whether there are any")
    func page() async throws {
        try await withBooks { books in
            try self.deploy(books, expect: "{every: day, stale: 2 days}")
            var rows: [String] = []
            for day in 1...31 where day != 20 {
                let date = "2026-01-\(day < 10 ? "0" : "")\(day)"
                rows += (1...(day == 25 ? 4 : 9)).map { "a,c\($0),orders,\(date),5\n" }
                if day < 28 { rows.append("b,z,orders,\(date),1\n") }
            }
            try books.folder.write("account,channel,meter,day,quantity\n" + rows.joined(), to: "counts.csv")
            try self.nights(books, "2026-02-01")
            let gaps = try books.meterbook(
                "gaps", "--from", "2026-01-01", "--to", "2026-02-03", "--as-of", "2026-02-01")
            #expect(gaps.code == 65)
            // On the 25th five of ten readings came, which is half; their quantities, 21 of 46, are less.
            #expect(
                gaps.output == """
                    From 2026-01-01 until before 2026-02-03, as of 2026-02-01.

                    counts                                                   last read on 2026-02-01
                      every day, a missing day is flagged
                      2026-01  ###################-####+######
                      2026-02  ??

                    # delivered  + far less than usual  - missing  . not expected  ? may yet come

                    Source  Days        What
                    ------  ----------  -----------------------------
                    counts  2026-01-20  nothing came
                    counts  2026-01-25  21 counted in all, usually 46

                    Pull them again:
                      meterbook pull --source counts --from 2026-01-20 --to 2026-01-21
                      meterbook pull --source counts --from 2026-01-25 --to 2026-01-26

                    Source  Account  Channel  Days                      What
                    ------  -------  -------  ------------------------  -------------
                    counts  a        c5       2026-01-25                nothing came
                    counts  a        c6       2026-01-25                nothing came
                    counts  a        c7       2026-01-25                nothing came
                    counts  a        c8       2026-01-25                nothing came
                    counts  a        c9       2026-01-25                nothing came
                    counts  b        z        2026-01-28 to 2026-01-31  nothing since

                    Ask whoever runs the channel whether it is still connected; pull the days again
                    once it is.

                    """, "\(gaps.output)")
            let json = try books.meterbook("gaps", "--as-of", "2026-02-01", "--json")
            #expect(json.code == 65)
            #expect(json.output.contains("\"kind\": \"channel_stale\""), "\(json.output)")
            let none = try books.meterbook(
                "gaps", "--from", "2026-01-02", "--to", "2026-01-10", "--as-of", "2026-02-01")
            #expect(none.code == 0, "\(none.output)")
            #expect(none.output.hasSuffix("Nothing is missing.\n"))
            let unknown = try books.meterbook("gaps", "--source", "nobody", "--as-of", "2026-02-01")
            #expect(unknown.code == 64)
            #expect(
                unknown.errors.contains("there is no source 'nobody'; the deployment has counts"), "\(unknown.errors)")
        }
    }
}
