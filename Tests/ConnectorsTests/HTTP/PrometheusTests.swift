import Billing
import Connectors
import TestSupport
import Testing

/// Days in UTC from 2022-06-01, whose midnight is second 1,654,041,600: 19,144 days after 1970-01-01.
@Suite("Prometheus source")
struct PrometheusTests {
    private static let midnight: Int64 = 1_654_041_600
    private static let hour: Int64 = 3_600
    private static let length: Int64 = 86_400

    /// A sample at an hour of a day, where hour 0 of day 1 is the midnight with which 2022-06-01 begins.
    private static func at(_ day: Int64, _ hour: Int64) -> Int64 { midnight + (day - 1) * length + hour * Self.hour }

    private static func series(
        _ labels: [String: String], _ samples: [(day: Int64, hour: Int64, value: String)]
    ) -> PrometheusStandIn.Series {
        PrometheusStandIn.Series(
            labels: labels, samples: Dictionary(uniqueKeysWithValues: samples.map { (at($0.day, $0.hour), $0.value) }))
    }

    private static func series(_ samples: [(day: Int64, hour: Int64, value: String)]) -> PrometheusStandIn.Series {
        series(["shop": "a", "channel": "web"], samples)
    }

    /// Columns shop, channel, day, quantity.
    private static func pull(
        _ url: String, days: Range<Int> = 1..<4, fromZero: Bool = false, lengths: [Int64]? = nil
    ) async throws -> Served {
        try await onOwnThread {
            let first = try #require(CivilDate(year: 2022, month: 6, day: 1))
            var start = midnight + Int64(days.lowerBound - 2) * length
            var list: [PrometheusCounter.Day] = []
            for number in (days.lowerBound - 1)..<days.upperBound {
                let long = lengths?[list.count] ?? length
                let day = try #require(first.adding(days: number - 1))
                list.append(PrometheusCounter.Day(day: day, start: start, end: start + long))
                start += long
            }
            let map = ColumnMap([
                .init(name: "account", source: .column("shop")),
                .init(name: "channel", source: .optionalColumn("channel")),
                .init(name: "day", source: .column("day")), .init(name: "quantity", source: .column("quantity")),
                .init(name: "meter", source: .constant("orders")),
            ])
            var connector = PrometheusConnector(
                PrometheusCounter(
                    address: url, query: "orders_total{job=\"a\"}", step: 1_800, fromZero: fromZero, days: list),
                columns: map,
                access: HTTPAccess(
                    source: "shop", isPrivate: true,
                    limits: {
                        var limits = smallLimits
                        limits.bodyBytes = 1 << 20
                        limits.pages = 100
                        return limits
                    }()))
            var served = Served()
            do {
                while let page = try connector.nextPage() {
                    for row in 0..<page.rowCount {
                        served.rows.append(ReadRow(line: page.line(row), fields: (0..<5).map { page.text(row, $0) }))
                        served.origins.append(page.rawText(row))
                    }
                    served.defects += page.defects
                }
            } catch ConnectorError.server(let failure) {
                served.failure = failure
            }
            return served
        }
    }

    private func row(_ line: Int, _ day: Int, _ quantity: String, shop: String = "a", channel: String? = "web")
        -> ReadRow
    {
        ReadRow(line: line, fields: [shop, channel, "2022-06-0\(day)", quantity, "orders"])
    }

    @Test("What lies between samples counts on the day of the later one, and a midnight's sample ends its day")
    func days() async throws {
        // May 31st 23:00: 100. June 1st: to 130 by the midnight that ends it. June 2nd: 5 more. June 3rd: none.
        let stand = try PrometheusStandIn([
            Self.series([(0, 23, "100"), (1, 0, "104"), (1, 12, "120"), (2, 0, "130"), (2, 9, "135"), (3, 9, "135")])
        ])
        let served = try await Self.pull(stand.url)
        #expect(served.failure == nil)
        // From 104, at the first midnight, to 130; the 4 before belong to May 31st.
        #expect(served.rows == [row(1, 1, "26"), row(2, 2, "5"), row(3, 3, "0")])
        #expect(
            served.origins.first
                == #"{"day": "2022-06-01", "quantity": "26", "shop": "a", "channel": "web"}"#)
    }

    @Test("A counter that began anew counts what it says since, also several times and over a midnight")
    func resets() async throws {
        let stand = try PrometheusStandIn([
            Self.series([
                (0, 23, "1000"), (1, 1, "1010"), (1, 2, "3"), (1, 3, "7"), (1, 4, "7"), (1, 5, "2"),
                // Over midnight from 2 to 1: begun anew, 1.
                (2, 1, "1"), (2, 2, "1"),
                // To 0 and on: 0, then 4.
                (3, 1, "0"), (3, 2, "4"),
            ])
        ])
        // 10 + 3 + 4 + 0 + 2; 1; 0 + 4.
        #expect(try await Self.pull(stand.url).rows == [row(1, 1, "19"), row(2, 2, "1"), row(3, 3, "4")])
    }

    @Test("A gap, as a stale series leaves, counts when the series is back; one over a whole day begins it anew")
    func gaps() async throws {
        let stand = try PrometheusStandIn([
            Self.series([(0, 12, "10"), (1, 20, "25")]),
            // Nothing on June 1st: what came until June 2nd 12:00 is not known.
            Self.series(["shop": "b", "channel": "web"], [(0, 12, "10"), (2, 12, "50"), (2, 13, "51")]),
        ])
        let served = try await Self.pull(stand.url, days: 1..<3)
        #expect(served.rows == [row(1, 1, "15"), row(2, 2, "1", shop: "b")])
    }

    @Test("A series that was not there the day before counts from its first sample, or from zero where that is said")
    func begun() async throws {
        let stand = try PrometheusStandIn([
            Self.series([(2, 5, "8"), (2, 6, "10")]), Self.series(["shop": "b"], [(0, 5, "1"), (1, 5, "1")]),
        ])
        let counted = try await Self.pull(stand.url).rows.filter { $0.fields[0] == "a" }.map(\.fields[3])
        #expect(counted == ["2"])
        let fromZero = try await Self.pull(stand.url, fromZero: true).rows.filter { $0.fields[0] == "a" }
        #expect(fromZero.map(\.fields[3]) == ["10"])
    }

    @Test("A day is refused whose day before the server does not know: its morning may be forgotten as well")
    func forgotten() async throws {
        // The server has kept what came since June 1st, noon; of that day 5 were counted since, and who knows how many before.
        let stand = try PrometheusStandIn([Self.series([(1, 12, "900"), (1, 18, "905"), (2, 1, "906")])])
        for fromZero in [false, true] {
            let served = try await Self.pull(stand.url, days: 1..<3, fromZero: fromZero)
            #expect(served.rows == [row(2, 2, "1")])
            #expect(served.defects.map(\.line) == [1])
            #expect(served.defects.map(\.reason) == [.missingField])
            #expect(served.defects.map(\.found) == ["no sample of any series on the day before"])
        }
    }

    @Test("A day's count does not depend on the days that are asked for")
    func windows() async throws {
        var generator = SeededGenerator(seed: SeededGenerator.freshSeed("windows"))
        var value = 0
        var samples: [(day: Int64, hour: Int64, value: String)] = []
        for day in Int64(-2)...7 {
            for hour in Int64(0)..<24 where Int.random(in: 0..<6, using: &generator) > 0 {
                value =
                    Int.random(in: 0..<10, using: &generator) == 0
                    ? 0 : value + Int.random(in: 0..<9, using: &generator)
                samples.append((day, hour, "\(value)"))
            }
        }
        let stand = try PrometheusStandIn([Self.series(samples)])
        let whole = try await Self.pull(stand.url, days: 0..<7).rows.map(\.fields)
        for first in 1..<5 {
            let part = try await Self.pull(stand.url, days: first..<7).rows.map(\.fields)
            #expect(part == Array(whole.suffix(part.count)))
            #expect(part.count == 7 - first)
        }
    }

    @Test("Series that agree in the wanted labels are one row; one without a label has no such field")
    func grouped() async throws {
        let stand = try PrometheusStandIn([
            Self.series(["shop": "b", "instance": "1"], [(0, 23, "1"), (1, 1, "2")]),
            Self.series(["shop": "a", "channel": "web", "instance": "1"], [(0, 23, "5"), (1, 1, "8")]),
            // Begun anew where the other one goes on.
            Self.series(["shop": "a", "channel": "web", "instance": "2"], [(0, 23, "500"), (1, 1, "1")]),
            Self.series(["shop": "a", "channel": "pos", "instance": "2"], [(0, 23, "1"), (1, 1, "1")]),
        ])
        #expect(
            try await Self.pull(stand.url, days: 1..<2).rows == [
                row(1, 1, "0", channel: "pos"), row(2, 1, "4"), row(3, 1, "1", shop: "b", channel: nil),
            ])
    }

    @Test(
        "What is no finite counter refuses its day by name, and leaves the next one sound",
        arguments: [
            ("NaN", "NaN", RejectReason.invalidNumber), ("+Inf", "+Inf", .invalidNumber),
            ("-Inf", "-Inf", .invalidNumber), ("-1", "a counter below zero", .negativeQuantity),
            ("1.2.3", "what is no number", .invalidNumber), ("", "what is no number", .invalidNumber),
            ("0.1234567890123456789", "more than 18 decimal places", .fractionalQuantity),
            ("1e18", "more than 18 digits before the point", .quantityOutOfRange),
        ])
    func refused(value: String, found: String, reason: RejectReason) async throws {
        let stand = try PrometheusStandIn([
            Self.series([(0, 23, "10"), (1, 1, "12"), (1, 2, value), (1, 3, "15"), (2, 1, "16")]),
            Self.series(["shop": "b", "channel": "web"], [(0, 23, "10"), (1, 1, "12")]),
        ])
        let served = try await Self.pull(stand.url, days: 1..<3)
        #expect(served.defects.map(\.reason) == [reason])
        #expect(served.defects.map(\.found) == [found])
        #expect(served.defects.map(\.field) == ["quantity"])
        #expect(served.defects.first?.rawText == #"{"day": "2022-06-01", "shop": "a", "channel": "web"}"#)
        #expect(served.rows == [row(2, 1, "2", shop: "b"), row(3, 2, "1")])
    }

    @Test(
        "Values are exact, however they are written",
        arguments: [
            ("0.1", "0.3", "0.2"), ("1.5e+06", "1500001", "1"), ("1e-3", "2E-3", "0.001"),
            // Two to the power of 53, where a binary fraction no longer tells neighbours apart.
            ("9007199254740992", "9007199254740993", "1"), ("0.000000000000000001", "1", "0.999999999999999999"),
            ("0", "999999999999999999", "999999999999999999"), ("7", "07.500", "0.5"), ("-0", "0.0", "0"),
        ])
    func exact(first: String, second: String, increase: String) async throws {
        let stand = try PrometheusStandIn([Self.series([(0, 23, first), (1, 1, second)])])
        #expect(try await Self.pull(stand.url, days: 1..<2).rows == [row(1, 1, increase)])
    }

    @Test("Days are as long as their time zone has them, and none is asked for in more than six hours at once")
    func lengths() async throws {
        // 24 hours, then a day of 23 and one of 25.
        let stand = try PrometheusStandIn([
            Self.series([(0, 20, "1"), (1, 22, "5"), (2, 0, "9"), (3, 0, "10")])
        ])
        let served = try await Self.pull(stand.url, days: 1..<3, lengths: [86_400, 82_800, 90_000])
        // June 1st ends at 23:00; what 24:00 says belongs to June 2nd, which ends at 24:00 of the next day.
        #expect(served.rows == [row(1, 1, "4"), row(2, 2, "5")])
        let asked = stand.server.requests.map(\.parameters).map { ($0["start"] ?? "", $0["end"] ?? "") }
        // 4 of the day before, 4 of 23 hours, 5 of 25 hours.
        #expect(asked.count == 13)
        #expect(asked.first ?? ("", "") == ("\(Self.midnight - 86_400 + 1_800)", "\(Self.midnight - 86_400 + 21_600)"))
        #expect(asked.last ?? ("", "") == ("\(Self.midnight + 82_800 + 86_400 + 1_800)", "\(Self.midnight + 172_800)"))
    }

    @Test(
        "An answer that is not what was asked for is an error",
        arguments: [
            (
                #"{"status": "success", "data": {"resultType": "vector", "result": []}}"#,
                "at 'data.resultType' the answer has another kind of result, expected matrix"
            ),
            (#"{"status": "error", "errorType": "timeout\n s3cret"}"#, "the query is refused (timeoutscret)"),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "histograms": []}]}}"#,
                "a series without values"
            ),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": []}, "warnings": ["part"]}"#,
                "something may be missing"
            ),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "1"]]}]}}"#,
                "a sample is not of a time that was asked for"
            ),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1654041600.5, "1"]]}]}}"#,
                "a sample is not of a time that was asked for"
            ),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1653957000, 1]]}]}}"#,
                "pairs of a time and a value in quotes"
            ),
            (
                #"{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"a": 1}, "values": []}]}}"#,
                "a label that is no string"
            ),
            (#"{"status": "success"}"#, "nothing"), ("[]", "no success"),
        ])
    func wrong(answer: String, words: String) async throws {
        let server = try ScriptedServer { _ in ScriptedServer.reply(answer) }
        let served = try await Self.pull(server.url)
        let failure = try #require(served.failure)
        #expect(failure.description.contains(words), "\(failure)")
        #expect(failure.description.hasPrefix("prometheus:shop, 2022-05-31: "))
        #expect(served.rows.isEmpty)
    }
}
