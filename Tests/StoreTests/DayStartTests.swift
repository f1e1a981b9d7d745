import Postgres
import Store
import TestSupport
import Testing

/// The server turns local days into instants: every zone that it knows, and the days on which clocks do strange things.
@Suite("The start of a local day")
struct DayStartTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    @Test(
        "Where midnight is left out, comes twice, or the whole day is left out, a day begins at its first instant",
        arguments: [
            // Clocks go forward at midnight, to 01:00.
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00:00"),
            ("Asia/Beirut", "2022-03-27", "2022-03-26 22:00:00"),
            // The days around them are 23 hours apart.
            ("America/Sao_Paulo", "2018-11-03", "2018-11-03 03:00:00"),
            ("America/Sao_Paulo", "2018-11-05", "2018-11-05 02:00:00"),
            // Clocks go back at 01:00 to midnight, so that it comes twice: at 04:00 UTC first.
            ("America/Havana", "2022-11-06", "2022-11-06 04:00:00"),
            ("America/Havana", "2022-11-07", "2022-11-07 05:00:00"),
            // Clocks go back at midnight to 23:00: the day before has 25 hours.
            ("America/Sao_Paulo", "2018-02-18", "2018-02-18 03:00:00"),
            ("America/Sao_Paulo", "2018-02-17", "2018-02-17 02:00:00"),
            // Samoa went over the date line, and had no 30 December.
            ("Pacific/Apia", "2011-12-29", "2011-12-29 10:00:00"),
            ("Pacific/Apia", "2011-12-30", "2011-12-30 10:00:00"),
            ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00:00"),
            // Clocks went back at 00:01 to 23:01: the day had begun for a minute.
            ("America/St_Johns", "2010-11-07", "2010-11-07 02:30:00"),
            // Clocks go forward at 22:00 UTC, from 23:00 to midnight.
            ("America/Nuuk", "2024-03-31", "2024-03-31 01:00:00"),
            ("Europe/Berlin", "2022-03-27", "2022-03-26 23:00:00"),
            ("Asia/Kathmandu", "2022-01-01", "2021-12-31 18:15:00"),
            ("UTC", "2022-01-01", "2022-01-01 00:00:00"),
        ])
    func special(zone: String, day: String, instant: String) async throws {
        try await withDatabase(Self.template) { database in
            let found = try database.run("SELECT meterbook.day_start('\(day)', '\(zone)') AT TIME ZONE 'UTC'")
            #expect(found == instant)
        }
    }

    @Test("In every zone, for anchors on the 28th to the 31st and ten years, each day lies in one period, in order")
    func everyZone() async throws {
        try await withDatabase(Self.template) { database in
            // Names without an area are other names of the same clocks.
            try database.run(
                """
                CREATE TABLE zone AS SELECT name FROM pg_timezone_names
                WHERE name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/';
                CREATE TABLE boundary AS
                SELECT a AS anchor, (make_date(2015, 1, a) + make_interval(months => n))::date AS day
                FROM generate_series(28, 31) AS a CROSS JOIN generate_series(0, 120) AS n;
                CREATE TABLE day AS
                SELECT d::date AS day, ARRAY(SELECT b.anchor FROM boundary AS b WHERE b.day = d::date) AS anchors
                FROM generate_series(timestamp '2015-01-01', '2025-02-01', '1 day') AS d;
                CREATE TABLE starts AS
                SELECT z.name, d.day, meterbook.day_start(d.day, z.name) AS start, d.anchors
                FROM zone AS z CROSS JOIN day AS d;
                """)
            #expect(try database.run("SELECT count(*) >= 440 FROM zone") == "t")
            // Instants of days ascend everywhere, and so do those of boundaries, which are some of them. Every instant
            // belongs to one day: its own, as the server says, at the day's first instant and its last.
            let astray = try database.run(
                """
                SELECT name, day FROM (
                    SELECT name, day, start, lead(start) OVER (PARTITION BY name ORDER BY day) AS next FROM starts
                ) AS x
                WHERE start >= next OR (start AT TIME ZONE name)::date <> day
                    OR ((next - interval '1 second') AT TIME ZONE name)::date <> day
                """)
            #expect(astray == "")
            // The period in which a day begins, counted by the instants of boundaries, is the one in which it lies, counted
            // by their dates: one for each anchor.
            let counts = (28...31).map { anchor in
                """
                count(*) FILTER (WHERE \(anchor) = ANY (anchors)) OVER by_instant
                    <> count(*) FILTER (WHERE \(anchor) = ANY (anchors)) OVER by_day
                """
            }.joined(separator: " OR ")
            let misplaced = try database.run(
                """
                SELECT name, day FROM (
                    SELECT name, day, \(counts) AS differs FROM starts
                    WINDOW by_instant AS (PARTITION BY name ORDER BY start), by_day AS (PARTITION BY name ORDER BY day)
                ) AS x WHERE differs
                """)
            #expect(misplaced == "")
            // 121 boundaries for 4 anchors, which coincide on the last of April, June, September and November (10 years: 40
            // fewer), of February in 3 leap years (2 fewer each) and in 7 others (3 fewer each): 484 - 40 - 6 - 21.
            #expect(
                try database.run("SELECT count(*) FROM starts WHERE name = 'Etc/UTC' AND anchors <> '{}'")
                    == "417")
            // Days of 23 and 25 hours where clocks change by an hour, of 24 everywhere else.
            func hours(_ zone: String, _ day: String) throws -> String {
                try database.run(
                    """
                    SELECT extract(epoch FROM b.start - a.start)::int / 3600 FROM starts AS a
                    JOIN starts AS b ON b.name = a.name AND b.day = a.day + 1
                    WHERE a.name = '\(zone)' AND a.day = '\(day)'
                    """)
            }
            #expect(try hours("Europe/Berlin", "2022-03-27") == "23")
            #expect(try hours("Europe/Berlin", "2022-10-30") == "25")
            #expect(try hours("Europe/Berlin", "2022-10-31") == "24")
            #expect(try hours("America/New_York", "2022-03-13") == "23")
            #expect(try hours("America/New_York", "2022-11-06") == "25")
            #expect(try hours("America/Sao_Paulo", "2018-11-04") == "23")
            #expect(try hours("America/Sao_Paulo", "2018-02-17") == "25")
            #expect(try hours("Asia/Tokyo", "2022-03-27") == "24")
        }
    }

    @Test("Where the zone changes, days never run backwards: the later of both starts counts")
    func moves() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(
                """
                INSERT INTO meterbook.customer (key, name) VALUES ('c', 'C');
                INSERT INTO meterbook.plan (key) VALUES ('p');
                INSERT INTO meterbook.subscription
                    (customer_id, key, plan_id, anchor, signed_up, starts, pays_every, currency, time_zone)
                VALUES (1, 's', 1, '2022-01-01', '2022-01-01', '2022-01-01', 'month', 'USD', 'Pacific/Niue');
                INSERT INTO meterbook.subscription_zone VALUES
                    (1, 1, '2022-02-01', 'Pacific/Kiritimati'), (1, 1, '2022-03-01', 'UTC');
                """)
            // Niue is 11 hours behind UTC, Kiritimati 14 ahead: 1 February would begin there an hour before 31 January
            // began in Niue.
            let starts = try database.run(
                """
                SELECT day::date, meterbook.subscription_day_start(1, 1, day::date) AT TIME ZONE 'UTC'
                FROM unnest(ARRAY['2022-01-31', '2022-02-01', '2022-02-02', '2022-02-28', '2022-03-01']) AS day
                """)
            #expect(
                starts == """
                    2022-01-31|2022-01-31 11:00:00
                    2022-02-01|2022-01-31 11:00:00
                    2022-02-02|2022-02-01 10:00:00
                    2022-02-28|2022-02-27 10:00:00
                    2022-03-01|2022-03-01 00:00:00
                    """)
            // The day that has begun follows the zone that counts.
            func dates(_ instant: String) throws -> String {
                let clock = try #require(
                    Int64(database.run("SELECT (extract(epoch FROM timestamptz '\(instant)') * 1000000)::bigint")))
                let dates = try RunJournal(Connection(conninfo: database.conninfo)).localDates(now: clock)
                return "\(dates.earliest) \(dates.latest)"
            }
            #expect(try dates("2022-01-31 10:59:59Z") == "2022-01-30 2022-01-31")
            #expect(try dates("2022-01-31 11:00:00Z") == "2022-01-31 2022-02-01")
            #expect(try dates("2022-02-10 12:00:00Z") == "2022-02-10 2022-02-11")
            #expect(try dates("2022-03-10 12:00:00Z") == "2022-03-10 2022-03-10")
        }
    }
}
