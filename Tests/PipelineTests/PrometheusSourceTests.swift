import TestSupport
import Testing

/// Counters of a Prometheus, counted on the days of a time zone.
@Suite("A Prometheus source")
struct PrometheusSourceTests {
    private static func sources(_ server: ScriptedServer, zone: String = "Europe/Berlin") -> String {
        """
        sources:
          customers: {feeds: customers, file: customers.csv}
          subscriptions: {feeds: subscriptions, file: subscriptions.csv}
          accounts: {feeds: accounts, file: accounts.csv}
          memberships: {feeds: memberships, file: memberships.csv}
          shop:
            feeds: readings
            prometheus: "\(server.url)"
            query: orders_total
            time_zone: \(zone)
            step: 1800
            private: yes
            columns: {account: shop, meter: {value: orders}}
        """
    }

    /// Of each range the samples that lie in it.
    private static func answer(_ samples: [Int: String]) -> @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]
    {
        { request in
            let start = request.parameters["start"].flatMap { Int($0) } ?? 0
            let end = request.parameters["end"].flatMap { Int($0) } ?? 0
            let values = samples.filter { (start...end).contains($0.key) }.sorted { $0.key < $1.key }
                .map { "[\($0.key), \"\($0.value)\"]" }
            let series =
                "{\"metric\": {\"shop\": \"northwind-store\", \"channel\": \"web\"}, \"values\": [\(values.joined(separator: ","))]}"
            return ScriptedServer.reply(
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [\(values.isEmpty ? "" : series)]}}"
            )
        }
    }

    @Test("A counter is counted on local days, also where the clock is put forward, and is billed")
    func localDays() async throws {
        // Berlin, 2022: March 27th begins at 23:00 UTC of the 26th, and March 28th at 22:00 UTC of the 27th. 2022-03-26T00:00Z
        // is second 1,648,252,800.
        let midnight = 1_648_252_800
        let server = try ScriptedServer(
            Self.answer([
                midnight - 2 * 3_600: "10", midnight + 12 * 3_600: "10",
                // The midnight in Berlin: the end of the 26th.
                midnight + 23 * 3_600: "15",
                // 24:00 UTC is the 27th; 22:00 UTC a day later its end.
                midnight + 24 * 3_600: "17", midnight + 46 * 3_600: "20",
                // Begun anew on the 28th.
                midnight + 47 * 3_600: "4",
            ]))
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-03-01"))
            try books.folder.write(Self.sources(server), to: "sources.yaml")
            for isFirst in [true, false] {
                let outcome = try books.attempt(
                    "pull", "--as-of", "2022-03-31", "--from", "2022-03-26", "--to", "2022-03-29", "--json")
                #expect(outcome.code == 0, "\(outcome.errors)")
                let counts = try #require(try JSON(outcome.output).list("pulls").last)
                #expect(try counts.number(isFirst ? "new" : "unchanged") == 3)
            }
            #expect(
                try books.sql("SELECT day, quantity FROM meterbook.reading ORDER BY 1")
                    == "2022-03-26|5\n2022-03-27|5\n2022-03-28|4")
            // 23 hours are 4 queries, as are 24; and the day before has as many.
            #expect(server.requests.count == 2 * 4 * 4)
            // The night asks ten days back, where the 25th is the first that the server knows: it is refused, the rest is billed.
            #expect(try books.attempt("nightly", "--as-of", "2022-04-01").code == 65)
            #expect(
                try books.sql("SELECT reason, found FROM meterbook.rejected_row")
                    == "missing_field|no sample of any series on the day before")
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "3")
            #expect(try books.sql("SELECT count(*) > 0 FROM meterbook.invoice") == "t")
            #expect(try books.agree())
        }
    }

    @Test("Without a window a pull begins ten days before the last one, and never in the future")
    func window() async throws {
        let server = try ScriptedServer(Self.answer([:]))
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-03-01"))
            try books.folder.write(Self.sources(server, zone: "UTC"), to: "sources.yaml")
            #expect(try books.attempt("pull", "--as-of", "2022-03-31").code == 0)
            // 2022-03-20T00:30Z, the day before March 21st; and until the end of March 31st.
            #expect(server.requests.first?.parameters["start"] == "1647736200")
            #expect(server.requests.last?.parameters["end"] == "1648771200")
        }
    }

    @Test("What is no number refuses its day, and a zone that nobody knows the source")
    func refused() async throws {
        let midnight = 1_648_252_800
        let server = try ScriptedServer(
            Self.answer([midnight - 3_600: "1", midnight + 3_600: "1", midnight + 7_200: "NaN", midnight + 90_000: "3"])
        )
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-03-01"))
            try books.folder.write(Self.sources(server, zone: "UTC"), to: "sources.yaml")
            let outcome = try books.attempt("pull", "--as-of", "2022-03-27", "--from", "2022-03-26")
            #expect(outcome.code == 65)
            let rejection = try #require(try JSON(books.run("reject", "list", "--json")).list("rejections").first)
            #expect(try rejection.text("origin") == "prometheus:shop")
            #expect(try rejection.text("found") == "NaN")
            #expect(try books.sql("SELECT day, quantity FROM meterbook.reading") == "2022-03-27|2")
            try books.folder.write(Self.sources(server, zone: "Europe/Berlni"), to: "sources.yaml")
            let unknown = try books.attempt("pull", "--as-of", "2022-03-27")
            #expect(unknown.code == 78)
            #expect(unknown.errors.contains("Europe/Berlni"))
        }
    }
}
