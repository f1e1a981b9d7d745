package import Billing

/// What counters of a Prometheus have counted, a row for each local day and set of labels.
///
/// The samples come by range queries (`/api/v1/query_range`) of up to six hours, and the counting is done here: `increase()`
/// of PromQL extrapolates, and a bill must not. The columns are labels, and `day` and `quantity`. In the pages' rows `line` is
/// the number of the row, and the raw text what was counted, as JSON.
package struct PrometheusConnector: Connector {
    /// `prometheus:` and the name of the source, as defects and errors show it.
    package let origin: String

    private let counter: PrometheusCounter
    private let exchange: HTTPExchange
    private let secrets: [[UInt8]]
    private let plan: FieldPlan
    private let limits: ConnectorLimits
    private let reader: RecordReader
    private let labels: [String]

    private var tally: CounterTally
    /// The day that comes next; 0 is the one before the first.
    private var place = 0
    private var pending: [CounterTally.Count] = []
    private var done = 0
    private var requests = 0
    private var rows = 0
    private var failure: ConnectorError?

    /// More series are more than one process should hold.
    private static let mostSeries = 500_000
    /// Seconds that one query asks for at most.
    private static let span: Int64 = 21_600

    /// Asks for nothing yet.
    package init(
        _ counter: PrometheusCounter, columns: ColumnMap, access: HTTPAccess,
        limits: ConnectorLimits = ConnectorLimits()
    ) {
        origin = "prometheus:\(access.source)"
        self.counter = counter
        exchange = HTTPExchange(access, origin: "prometheus:\(access.source)")
        secrets = access.credential?.secrets ?? []
        plan = FieldPlan(columns)
        self.limits = limits
        reader = RecordReader(plan: plan, limits: limits)
        labels = plan.columns.map(\.name).filter { !["day", "quantity"].contains($0) }
        tally = CounterTally(labels: labels, fromZero: counter.fromZero, mostSeries: Self.mostSeries)
    }

    package mutating func nextPage() throws(ConnectorError) -> RawPage? {
        if let failure { throw failure }
        do throws(ConnectorError) {
            return try advance()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func advance() throws(ConnectorError) -> RawPage? {
        while true {
            if done < pending.count {
                var page = PageBuilder(origin: origin, plan: plan, limits: limits)
                while !page.isFull, done < pending.count {
                    try add(pending[done], of: counter.days[place - 1].day, to: &page)
                    done += 1
                }
                return page.finish()
            }
            guard place < counter.days.count else { return nil }
            try count(counter.days[place])
        }
    }

    // MARK: - A day

    private mutating func count(_ day: PrometheusCounter.Day) throws(ConnectorError) {
        var start = day.start + Int64(counter.step)
        while start <= day.end {
            let end = min(day.end, start + Self.span - Int64(counter.step))
            try ask(from: start, to: end, of: day)
            start = end + Int64(counter.step)
        }
        (pending, done) = (tally.endDay(), 0)
        place += 1
    }

    private mutating func ask(from start: Int64, to end: Int64, of day: PrometheusCounter.Day) throws(ConnectorError) {
        guard let address = counter.address(from: start, to: end) else { throw exchange.failure(.unusableAddress) }
        guard requests < exchange.limits.pages else { throw fail(.tooManyPages(exchange.limits.pages), day) }
        requests += 1
        guard
            case .body(let headers, let sent) = try exchange.get(address, accepting: "application/json", page: nil)
        else { throw fail(.unaskedUnchanged, day) }
        do throws(HTTPFailure.Fault) {
            let text = try HTTPBody(headers: headers, limits: exchange.limits, secrets: secrets).text(
                sent, isLines: false)
            try PrometheusMatrix.read(text, nesting: limits.nesting) { series throws(HTTPFailure.Fault) in
                try check(series, from: start, to: end)
                do throws(CounterTally.TooManySeries) {
                    try tally.add(series, counting: place > 0)
                } catch {
                    throw HTTPFailure.Fault(.tooManySeries(Self.mostSeries))
                }
            }
        } catch {
            throw fail(error.problem, day)
        }
    }

    /// Every sample is of a time that was asked for, each later than the one before.
    private func check(
        _ series: PrometheusMatrix.Series, from start: Int64, to end: Int64
    ) throws(HTTPFailure.Fault) {
        var earliest = start
        for sample in series.samples {
            guard sample.at >= earliest, sample.at <= end, (sample.at - start) % Int64(counter.step) == 0 else {
                throw HTTPFailure.Fault(.sampleOffGrid)
            }
            earliest = sample.at + Int64(counter.step)
        }
    }

    private func fail(_ problem: HTTPFailure.Problem, _ day: PrometheusCounter.Day) -> ConnectorError {
        .server(HTTPFailure(source: "\(origin), \(day.day)", problem: problem))
    }

    // MARK: - Rows

    private mutating func add(
        _ count: CounterTally.Count, of day: CivilDate, to page: inout PageBuilder
    ) throws(ConnectorError) {
        rows += 1
        guard rows <= exchange.limits.records else {
            throw exchange.failure(.tooManyRecords(exchange.limits.records))
        }
        var record = RecordText()
        record.add("day", "\(day)")
        if count.refusal == nil { record.add("quantity", count.sum.text) }
        for (label, value) in zip(labels, count.labels) {
            if let value { record.add(label, value) }
        }
        record.bytes.withUnsafeBufferPointer { raw in
            guard let refusal = count.refusal else { return reader.take(raw, line: rows, into: &page) }
            page.addDefect(
                refusal.kind.reason, at: 0, of: raw, line: rows, field: "quantity", found: refusal.found,
                expected: refusal.kind == .unknownStart
                    ? "a day before that the server still knows (days)" : "a counter with a finite number, 0 or more")
        }
    }
}

/// A counter of a Prometheus, and the days on which it is to be counted.
package struct PrometheusCounter: Sendable, Hashable {
    /// A local day, from its first instant until the next one's, in seconds since 1970-01-01 UTC.
    package struct Day: Sendable, Hashable {
        package var day: CivilDate
        package var start: Int64
        package var end: Int64

        package init(day: CivilDate, start: Int64, end: Int64) {
            self.day = day
            self.start = start
            self.end = end
        }
    }

    /// Where the server is, without `/api/v1`.
    package var address: String
    package var query: String
    /// Seconds between two samples, 1 or more; each day is a multiple of it.
    package var step: Int
    /// Whether a series that was not there the day before began at zero.
    package var fromZero: Bool
    /// One after the other. The first is not counted: it says where counting begins.
    package var days: [Day]

    package init(address: String, query: String, step: Int, fromZero: Bool, days: [Day]) {
        self.address = address
        self.query = query
        self.step = max(1, step)
        self.fromZero = fromZero
        self.days = days
    }

    func address(from start: Int64, to end: Int64) -> HTTPAddress? {
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        return HTTPAddress("\(base)/api/v1/query_range")?.adding("query", query)?.adding("start", "\(start)")?
            .adding("end", "\(end)")?.adding("step", "\(step)")
    }
}

/// A JSON object of texts.
private struct RecordText {
    private var content: [UInt8] = []

    var bytes: [UInt8] { [UInt8(ascii: "{")] + content + [UInt8(ascii: "}")] }

    mutating func add(_ key: String, _ value: String) {
        if !content.isEmpty { content += Array(", ".utf8) }
        add(key)
        content += Array(": ".utf8)
        add(value)
    }

    private mutating func add(_ text: String) {
        content.append(Byte.quote)
        for byte in text.utf8 {
            switch byte {
            case Byte.quote, Byte.backslash: content += [Byte.backslash, byte]
            case 0..<Byte.space:
                let digits = String(byte, radix: 16)
                content += Array("\\u00\(byte < 16 ? "0" : "")\(digits)".utf8)
            default: content.append(byte)
            }
        }
        content.append(Byte.quote)
    }
}

extension SampleValue.Refusal.Kind {
    fileprivate var reason: RejectReason {
        switch self {
        case .notFinite, .malformed: .invalidNumber
        case .negative: .negativeQuantity
        case .tooPrecise: .fractionalQuantity
        case .tooLarge: .quantityOutOfRange
        case .unknownStart: .missingField
        }
    }
}
