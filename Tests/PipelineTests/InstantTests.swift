import TestSupport
import Testing

/// Readings by the instant: which local day each is counted on, and what a day comes to.
@Suite("Readings by the instant")
struct InstantTests {
    /// One count an hour, from the first until before the last, both in UTC.
    private static func hourly(_ books: Books, _ account: String, _ from: String, _ until: String) throws -> [String] {
        try books.sql(
            """
            SELECT '\(account),x,,orders,' || to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ',1'
            FROM generate_series(timestamp '\(from)', timestamp '\(until)' - interval '1 hour', '1 hour') AS t
            """
        ).split(separator: "\n").map(String.init)
    }

    private static func readings(_ books: Books, _ account: String) throws -> [String] {
        try books.sql(
            """
            SELECT s.key || ' ' || r.day || ' ' || r.quantity FROM meterbook.reading AS r
            JOIN meterbook.account AS a ON a.account_id = r.account_id AND a.key = '\(account)'
            JOIN meterbook.membership AS m
                ON m.account_id = r.account_id AND m.starts <= r.day AND coalesce(m.ends > r.day, true)
            JOIN meterbook.subscription AS s ON s.subscription_id = m.subscription_id AND s.customer_id = r.customer_id
            JOIN meterbook.channel AS c USING (channel_id)
            JOIN meterbook.meter AS k USING (meter_id)
            ORDER BY r.day, c.key, k.key
            """
        ).split(separator: "\n").map(String.init)
    }

    private static func orders(_ books: Books, _ subscription: String, _ end: String) throws -> Int {
        try books.billed(subscription, end)["orders"] ?? 0
    }

    @Test("Where clocks change, a day has the counts of 23 or 25 hours, and a period ends with its last day")
    func clockChanges() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("s", "2023-01-13", "America/New_York"), ("t", "2023-01-06", "America/New_York")],
                memberships: ["a,s,2023-01-13,", "b,t,2023-01-06,"])
            // New York is 5 hours behind UTC until March 12, 07:00 UTC, and 4 until November 5, 06:00 UTC. So these are all
            // the hours of March 11 to 13 and of November 4 to 6.
            let spring = try Self.hourly(books, "a", "2023-03-11 05:00", "2023-03-14 04:00")
            let autumn = try Self.hourly(books, "b", "2023-11-04 04:00", "2023-11-07 05:00")
            #expect(spring.count == 24 + 23 + 24 && autumn.count == 24 + 25 + 24)
            // The last instant of March 12.
            try books.count(at: spring + autumn + ["a,x,,orders,2023-03-13T03:59:59.999999Z,1000"])
            try books.job("nightly", "--as-of", "2023-12-06")
            #expect(try Self.readings(books, "a") == ["s 2023-03-11 24", "s 2023-03-12 1023", "s 2023-03-13 24"])
            #expect(try Self.readings(books, "b") == ["t 2023-11-04 24", "t 2023-11-05 25", "t 2023-11-06 24"])
            // The periods of s begin on March 13, those of t on November 6.
            #expect(try Self.orders(books, "s", "2023-03-13") == (24 + 1_023) * 100)
            #expect(try Self.orders(books, "s", "2023-04-13") == 24 * 100)
            #expect(try Self.orders(books, "t", "2023-11-06") == (24 + 25) * 100)
            #expect(try Self.orders(books, "t", "2023-12-06") == 24 * 100)
            #expect(try books.agree())
        }
    }

    @Test("A day that a zone has left out counts nothing: its instants belong to the next one")
    func leftOut() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2011-12-01", "Pacific/Apia")], memberships: ["a,s,2011-12-01,"])
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(catalog.replacing("2015-01-01", with: "2010-01-01"), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            // Samoa went over the date line at the end of December 29, 10:00 UTC on the 30th.
            try books.count(at: [
                "a,x,,orders,2011-12-30T09:59:59Z,1", "a,x,,orders,2011-12-30T10:00:00Z,2",
                "a,x,,orders,2011-12-31T09:59:59Z,4", "a,x,,orders,2011-12-31T10:00:00Z,8",
                // On the clock that was never shown, and so as if it had not been put forward: 10:30 UTC on the 30th.
                "a,x,,orders,2011-12-30T00:30:00,16",
            ])
            try books.job("pull", "--as-of", "2012-01-05")
            #expect(try Self.readings(books, "a") == ["s 2011-12-29 1", "s 2011-12-31 22", "s 2012-01-01 8"])
            #expect(try books.agree())
        }
    }

    @Test("Where a customer changes the zone, each hour counts on one day: the last one grows, shrinks or has none")
    func zones() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-02-10", "Europe/Berlin")], memberships: ["a,s,2023-02-10,"])
            func move(_ zone: String, _ from: String) throws {
                try books.folder.write(
                    "subscription,customer,plan,anchor,time_zone,time_zone_from\ns,s,p,2023-02-10,\(zone),\(from)\n",
                    to: "subscriptions.csv")
                try books.job("pull", "--source", "subscriptions", "--as-of", "2023-02-11")
            }
            try books.job("pull", "--as-of", "2023-02-11")
            try move("America/New_York", "2023-02-15")
            try move("Asia/Tokyo", "2023-03-01")
            try move("Pacific/Niue", "2023-03-06")
            try move("Pacific/Kiritimati", "2023-03-09")
            let rows =
                // February 14 begins in Berlin at 23:00 UTC the day before, the 15th in New York at 05:00 UTC: 30 hours.
                try Self.hourly(books, "a", "2023-02-13 23:00", "2023-02-16 05:00")
                // February 28 begins in New York at 05:00 UTC, March 1 in Tokyo at 15:00 UTC of the 28th: 10 hours.
                + Self.hourly(books, "a", "2023-02-28 05:00", "2023-03-01 15:00")
                // March 8 begins in Niue at 11:00 UTC, and March 9 would begin an hour before it in Kiritimati: so it begins
                // with it, March 8 has no hour, and March 10 begins at 10:00 UTC of the 9th.
                + Self.hourly(books, "a", "2023-03-07 11:00", "2023-03-09 10:00")
            try books.count(at: rows)
            try books.job("nightly", "--as-of", "2023-03-12")
            #expect(
                try Self.readings(books, "a") == [
                    "s 2023-02-14 30", "s 2023-02-15 24", "s 2023-02-28 10", "s 2023-03-01 24", "s 2023-03-07 24",
                    "s 2023-03-09 23",
                ])
            // The period ends with March 9.
            #expect(try Self.orders(books, "s", "2023-03-10") == (30 + 24 + 10 + 24 + 24 + 23) * 100)
            #expect(try books.agree())
        }
    }

    @Test(
        "An account that moves to a subscription in another zone counts each hour once, for the one that it belongs to")
    func moves() async throws {
        try await withBooks { books in
            try books.deployMeters(
                [("berlin", "2023-02-01", "Europe/Berlin"), ("york", "2023-02-01", "America/New_York")],
                memberships: [
                    "a,berlin,2023-02-01,2023-03-01", "a,york,2023-03-01,", "b,york,2023-02-01,2023-03-01",
                    "b,berlin,2023-03-01,", "c,berlin,2023-02-01,2023-02-10", "c,york,2023-02-20,",
                ])
            let rows =
                // West: February 28 begins in Berlin at 23:00 UTC the day before, and goes on until March 1 begins in New York,
                // at 05:00 UTC: 30 hours. March 1 has 24.
                try Self.hourly(books, "a", "2023-02-27 23:00", "2023-03-02 05:00")
                // East: February 28 begins in New York at 05:00 UTC, March 1 in Berlin at 23:00 UTC: 18 hours.
                + Self.hourly(books, "b", "2023-02-28 05:00", "2023-03-01 23:00")
                + [
                    // On the clock of the subscription that has the written day.
                    "b,local,,orders,2023-02-28T23:30:00,100", "b,local,,orders,2023-03-01T00:30:00,200",
                    // Nobody's from the end of February 9 in Berlin until February 20 begins in New York.
                    "c,x,,orders,2023-02-09T22:59:59Z,1", "c,x,,orders,2023-02-09T23:00:00Z,2",
                    "c,x,,orders,2023-02-20T04:59:59Z,4", "c,x,,orders,2023-02-20T05:00:00Z,8",
                    "c,x,,orders,2023-02-15 12:00,16", "c,x,,orders,2023-01-31T22:59:59Z,32",
                ]
            try books.count(at: rows)
            #expect(try books.attempt("nightly", "--as-of", "2023-04-01").code == 65)
            #expect(try Self.readings(books, "a") == ["berlin 2023-02-28 30", "york 2023-03-01 24"])
            #expect(
                try Self.readings(books, "b") == [
                    "york 2023-02-28 100", "york 2023-02-28 18", "berlin 2023-03-01 200", "berlin 2023-03-01 24",
                ])
            #expect(try Self.readings(books, "c") == ["berlin 2023-02-09 1", "york 2023-02-20 8"])
            #expect(
                try books.sql("SELECT reason, field, found FROM meterbook.rejected_row ORDER BY line") == """
                    not_a_member|at|2023-02-09T23:00:00Z
                    not_a_member|at|2023-02-20T04:59:59Z
                    not_a_member|at|2023-02-15 12:00
                    not_a_member|at|2023-01-31T22:59:59Z
                    """)
            #expect(try Self.orders(books, "berlin", "2023-03-01") == (30 + 1) * 100)
            #expect(try Self.orders(books, "berlin", "2023-04-01") == (24 + 200) * 100)
            #expect(try Self.orders(books, "york", "2023-03-01") == (18 + 100 + 8) * 100)
            #expect(try Self.orders(books, "york", "2023-04-01") == 24 * 100)
            #expect(try books.agree())
        }
    }

    @Test("The same counts by the day and by the instant make the same books, for every kind of meter")
    func sameBooks() async throws {
        var byDay: [String] = []
        var byInstant: [String] = []
        for day in 1...31 {
            let date = "2023-03-\(day < 10 ? "0" : "")\(day)"
            for (account, channel) in [("a", "x"), ("a", "y"), ("b", "x")] {
                // Orders add up; of listings and gigabytes the last of the day stands.
                byDay.append("\(account),\(channel),,orders,\(date),\(day + 30)")
                byInstant.append("\(account),\(channel),,orders,\(date)T00:00:00,\(day)")
                byInstant.append("\(account),\(channel),,orders,\(date)T12:30:00.5,10")
                byInstant.append("\(account),\(channel),,orders,\(date) 23:59:59.999999,20")
                guard day % 3 == 0 else { continue }
                byDay.append("\(account),\(channel),edi,listings,\(date),\(40 - day)")
                byInstant.append("\(account),\(channel),edi,listings,\(date)T22:00:00,\(40 - day)")
                byInstant.append("\(account),\(channel),edi,listings,\(date)T07:00:00,99")
                byDay.append("\(account),\(channel),,gigabytes,\(date),\(day).25")
                byInstant.append("\(account),\(channel),,gigabytes,\(date)T01:15:00,0.5")
                byInstant.append("\(account),\(channel),,gigabytes,\(date)T04:15:00,\(day).25")
            }
        }
        let rows = (byDay, byInstant)
        @Sendable func made(_ fill: @escaping @Sendable (Books) throws -> Void) async throws -> String {
            try await withBooks { books in
                try books.deployMeters(
                    [("s", "2023-02-10", "America/New_York"), ("t", "2023-02-20", "Asia/Kolkata")],
                    memberships: ["a,s,2023-02-10,", "b,t,2023-02-20,2023-03-21", "b,s,2023-03-21,"])
                try fill(books)
                try books.job("nightly", "--as-of", "2023-04-20")
                let before = try books.hash()
                try books.job("nightly", "--as-of", "2023-04-20")
                let after = try books.hash()
                #expect(after == before)
                #expect(try books.agree())
                return try books.contents()
            }
        }
        let days = try await made { try $0.count(rows.0) }
        let instants = try await made { try $0.count(at: rows.1.reversed()) }
        #expect(days == instants)
        #expect(days.contains("listed_mean"))
    }

    @Test("A restated hour restates its day; every delivered row is accounted for, and a rerun changes nothing")
    func restated() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "America/New_York")], memberships: ["a,s,2023-01-01,"])
            func pull(_ rows: [String], asOf day: String) throws -> [Int] {
                try books.count(at: rows)
                let pull = try #require(
                    try JSON(books.job("pull", "--source", "counts", "--as-of", day, "--json")).list("pulls").first)
                return try ["read", "outside", "new", "changed", "unchanged", "merged"].map { try pull.number($0) }
            }
            try books.job("pull", "--as-of", "2023-01-14")
            // January 12 until 05:00 UTC on the 13th; the 13th is not over yet.
            var rows = [
                "a,x,,orders,2023-01-12T05:00:00Z,1", "a,x,,orders,2023-01-12T15:00:00Z,2",
                "a,x,,orders,2023-01-13T04:00:00Z,4", "a,x,,orders,2023-01-13T05:00:00Z,8",
                "a,x,,listings,2023-01-13T05:00:00Z,5",
            ]
            #expect(try pull(rows, asOf: "2023-01-13") == [5, 0, 3, 0, 0, 2])
            let before = try books.hash()
            #expect(try pull(rows, asOf: "2023-01-13") == [5, 0, 0, 0, 3, 2])
            let after = try books.hash()
            #expect(after == before)
            // The rest of the 13th, a level after the one of the morning, and a day that the run does not know yet.
            rows += [
                "a,x,,orders,2023-01-14T04:00:00Z,16", "a,x,,listings,2023-01-14T04:30:00Z,3",
                "a,x,,orders,2023-01-14T05:00:00Z,32",
            ]
            #expect(try pull(rows, asOf: "2023-01-13") == [8, 1, 0, 2, 1, 4])
            #expect(try Self.readings(books, "a") == ["s 2023-01-12 7", "s 2023-01-13 3", "s 2023-01-13 24"])
            rows[1] = "a,x,,orders,2023-01-12T15:00:00Z,0"
            #expect(try pull(rows, asOf: "2023-01-13") == [8, 1, 0, 1, 2, 4])
            #expect(try Self.readings(books, "a") == ["s 2023-01-12 5", "s 2023-01-13 3", "s 2023-01-13 24"])
            // After the close the same is a correction of what was billed.
            try books.job("nightly", "--as-of", "2023-02-10")
            #expect(try Self.orders(books, "s", "2023-02-10") == (5 + 24 + 32) * 100)
            rows[1] = "a,x,,orders,2023-01-12T15:00:00Z,3"
            try books.count(at: rows)
            try books.job("nightly", "--as-of", "2023-03-10")
            #expect(try Self.orders(books, "s", "2023-03-10") == 300)
            #expect(try books.agree())
        }
    }

    @Test("A row that says an instant again is a repeat, or conflicts; of several files the last one stands")
    func repeats() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "UTC")], memberships: ["a,s,2023-01-01,"])
            try books.rewrite("sources.yaml") { line in
                line.contains("  counts:")
                    ? "  counts: {feeds: readings, file: hours/*.csv, columns: {at: at}}" : String(line)
            }
            let header = "account,channel,meter,at,quantity\n"
            try books.folder.write(
                header + """
                    a,x,orders,2023-01-12T05:00:00Z,1
                    a,x,orders,2023-01-12T06:00:00+01:00,1
                    a,x,orders,2023-01-12T05:00:00Z,7
                    a,x,orders,2023-01-12T06:00:00Z,2
                    a,y,orders,2023-01-12T05:00:00Z,16
                    a,x,listings,2023-01-12T05:00:00Z,3

                    """, to: "hours/1.csv")
            // 06:00 again, in other words, and an hour of its own.
            try books.folder.write(
                header + "a,x,orders,2023-01-12T07:00:00+01:00,4\na,x,orders,2023-01-12 08:00,8\n", to: "hours/2.csv")
            try books.attempt("pull", "--as-of", "2023-01-20", "--json").expect(65) { output in
                let pull = try #require(try JSON(output).list("pulls").first { try $0.text("source") == "counts" })
                let counts = try ["read", "new", "merged", "repeated", "rejected"].map { try pull.number($0) }
                #expect(counts == [8, 3, 2, 2, 1])
            }
            // 05:00: 1, 06:00: 4 from the second file, 08:00: 8.
            #expect(try Self.readings(books, "a") == ["s 2023-01-12 3", "s 2023-01-12 13", "s 2023-01-12 16"])
            #expect(
                try books.sql(
                    "SELECT file LIKE '%1.csv', line, reason, field, found, row_text FROM meterbook.rejected_row")
                    == "t|4|conflicting_duplicate|quantity|7|a,x,orders,2023-01-12T05:00:00.000000Z,7")
            let before = try books.hash()
            _ = try books.attempt("pull", "--as-of", "2023-01-20")
            let after = try books.hash()
            #expect(after == before)
        }
    }

    @Test(
        "An instant that cannot be read, a day too large and a meter that is count and level are rejected in their place"
    )
    func rejected() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-10", "America/New_York")], memberships: ["a,s,2023-01-01,"])
            let catalog = try Books.text(of: books.folder.path + "/catalog.yaml")
            try books.folder.write(
                catalog.replacing(
                    "meters:\n",
                    with: """
                        meters:
                          parcels: {name: Parcels, aggregate: sum, unit: {one: unit, other: units}}
                          standing: {name: Standing, aggregate: latest, of: parcels, unit: {one: unit, other: units}}

                        """, maxReplacements: 1), to: "catalog.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            let most = "1000000000000"
            try books.count(at: [
                "a,x,,orders,yesterday,1", "a,x,,orders,2023-01-12,1", "a,x,,orders,,1",
                "a,x,,orders,2023-02-30T00:00:00Z,1", "a,x,,orders, 2023-01-12T00:00:00Z,1",
                "a,x,,orders,1989-12-31T23:00:00Z,1", "nobody,x,,orders,2023-01-12T00:00:00Z,1",
                "a,x,,parcels,2023-01-12T12:00:00Z,1", "a,x,,orders,2199-01-12T00:00:00Z,1",
                // The 14th adds up to more than a day may count, the 15th to just as much.
                "a,x,,orders,2023-01-14T12:00:00Z,\(most)", "a,x,,orders,2023-01-14T13:00:00Z,1",
                "a,x,,orders,2023-01-15T12:00:00Z,999999999999", "a,x,,orders,2023-01-15T13:00:00Z,1",
            ])
            #expect(try books.attempt("pull", "--as-of", "2023-01-20").code == 65)
            let columns = "line, column_number, field, reason, found"
            #expect(
                try books.sql("SELECT \(columns) FROM meterbook.rejected_row ORDER BY line") == """
                    2|13|at|invalid_instant|yesterday
                    3|13|at|invalid_instant|2023-01-12
                    4|13|at|empty_field|
                    5|13|at|invalid_instant|2023-02-30T00:00:00Z
                    6|13|at|surrounding_space| 2023-01-12T00:00:00Z
                    7|13|at|date_out_of_range|1989-12-31T23:00:00Z
                    8|1|account|unknown_account|nobody
                    9|6|meter|ambiguous_meter|parcels
                    10|13|at|future_day|2199-01-12T00:00:00Z
                    11|0|quantity|quantity_out_of_range|1000000000001
                    12|0|quantity|quantity_out_of_range|1000000000001
                    """)
            #expect(try Self.readings(books, "a") == ["s 2023-01-15 \(most)"])
            // By the day, the same meter is no question.
            try books.rewrite("sources.yaml") { String($0.replacing(", columns: {at: at}", with: "")) }
            try books.count(["a,x,,parcels,2023-01-12,1"])
            #expect(try books.attempt("pull", "--as-of", "2023-01-20").code == 0)
            #expect(try books.agree())
        }
    }

    @Test("Lines of JSON are taken in as rows of CSV are, and nothing of half a day at the window's edges")
    func lines() async throws {
        try await withBooks { books in
            try books.deployMeters([("s", "2023-01-13", "America/New_York")], memberships: ["a,s,2023-01-13,"])
            try books.rewrite("sources.yaml") { line in
                line.contains("  counts:")
                    ? "  counts: {feeds: readings, file: counts.ndjson, columns: {at: placed}}" : String(line)
            }
            let lines = try Self.hourly(books, "a", "2023-03-10 00:00", "2023-03-16 00:00").map { row in
                let at = row.split(separator: ",")[3]
                return #"{"account": "a", "channel": "x", "meter": "orders", "placed": "\#(at)", "quantity": 1}"# + "\n"
            }
            try books.folder.write(lines.joined(), to: "counts.ndjson")
            try books.job("pull", "--as-of", "2023-03-20", "--from", "2023-03-12", "--to", "2023-03-14")
            #expect(try Self.readings(books, "a") == ["s 2023-03-12 23", "s 2023-03-13 24"])
            #expect(
                try books.sql(
                    "SELECT rows_read, rows_outside, rows_new, rows_merged FROM meterbook.pull WHERE source = 'counts'")
                    == "144|97|2|45")
        }
    }

    @Test("A database is asked for a day more on both sides, so that the days at the window's edges are whole")
    func database() async throws {
        try await withBooks { books in
            let shop = try TestDatabase.make()
            defer { try? shop.drop() }
            try shop.run(
                """
                CREATE TABLE shop_order (placed timestamptz NOT NULL, account text NOT NULL);
                INSERT INTO shop_order SELECT t, 'a'
                FROM generate_series(timestamptz '2023-03-01 00:00Z', '2023-03-31 23:00Z', '1 hour') AS t;
                INSERT INTO shop_order VALUES ('2023-03-13 03:59:59.999999Z', 'a');
                """)
            try books.deployMeters(
                [("s", "2023-01-13", "America/New_York"), ("t", "2023-01-13", "Pacific/Kiritimati")],
                memberships: ["a,s,2023-01-13,", "b,t,2023-01-13,"])
            try shop.run("INSERT INTO shop_order SELECT placed, 'b' FROM shop_order")
            try books.rewrite("sources.yaml") { line in
                guard line.contains("  counts:") else { return String(line) }
                return """
                      counts:
                        feeds: readings
                        postgres: {env: SHOP_DATABASE}
                        query: SELECT account, placed FROM shop_order WHERE placed >= $1::date AND placed < $2::date
                        columns: {channel: {value: shop}, meter: {value: orders}, at: placed, quantity: {value: 1}}
                    """
            }
            let environment = ["SHOP_DATABASE": shop.conninfo]
            let outcome = try books.attempt(
                "pull", "--as-of", "2023-04-10", "--from", "2023-03-12", "--to", "2023-03-14", environment: environment)
            #expect(outcome.code == 0, "\(outcome.errors)")
            // March 12 has 23 hours in New York and one count more at its end. In Kiritimati, 14 hours ahead of UTC, that
            // count belongs to the 13th.
            #expect(try Self.readings(books, "a") == ["s 2023-03-12 24", "s 2023-03-13 24"])
            #expect(try Self.readings(books, "b") == ["t 2023-03-12 24", "t 2023-03-13 25"])
            #expect(
                try books.sql("SELECT from_day, to_day, rows_read FROM meterbook.pull WHERE source = 'counts'")
                    == "2023-03-12|2023-03-14|\(2 * (4 * 24 + 1))")
            #expect(try books.attempt("nightly", "--as-of", "2023-04-13", environment: environment).code == 0)
            // All hours from February 28, 19:00 in New York to March 12, and the rest until March 31, 19:00.
            #expect(try Self.orders(books, "s", "2023-03-13") == (12 * 24 + 4 + 1) * 100)
            #expect(try Self.orders(books, "s", "2023-04-13") == (31 * 24 - 12 * 24 - 4) * 100)
            #expect(try books.agree())
        }
    }
}

extension Books {
    /// Rows of account, channel, category, meter, instant, quantity, in place of the counts by the day.
    fileprivate func count(at rows: [String]) throws {
        try rewrite("sources.yaml") { line in
            String(line.replacing("file: counts.csv}", with: "file: counts.csv, columns: {at: at}}"))
        }
        try folder.write(
            (["account,channel,category,meter,at,quantity"] + rows).joined(separator: "\n") + "\n", to: "counts.csv")
    }
}

extension Program.Outcome {
    fileprivate func expect(_ code: Int32, _ body: (String) throws -> Void) throws {
        #expect(self.code == code, "\(errors)")
        try body(output)
    }
}
