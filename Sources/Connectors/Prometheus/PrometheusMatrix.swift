/// The series of an answer to a range query, as Prometheus writes it: `{"status": "success", "data": {"resultType": "matrix",
/// "result": [{"metric": {…}, "values": [[1654041600, "12"], …]}, …]}}`.
struct PrometheusMatrix {
    struct Series {
        /// In the order of the answer.
        var labels: [(name: String, value: String)] = []
        var samples: [Sample] = []
    }

    struct Sample {
        /// Seconds since 1970-01-01 UTC.
        var at: Int64
        /// As it is written.
        var value: String
    }

    /// Calls `body` with each series.
    static func read(
        _ text: [UInt8], nesting: Int, _ body: (Series) throws(HTTPFailure.Fault) -> Void
    ) throws(HTTPFailure.Fault) {
        let result = text.withUnsafeBufferPointer { bytes in
            Result { () throws(HTTPFailure.Fault) in try read(bytes, nesting, body) }
        }
        try result.get()
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ nesting: Int, _ body: (Series) throws(HTTPFailure.Fault) -> Void
    ) throws(HTTPFailure.Fault) {
        guard bytes.firstTextFault() == nil else { throw HTTPFailure.Fault(.otherCharacters) }
        var paths = JSONPaths([
            ["status"], ["errorType"], ["data", "resultType"], ["data", "result"], ["warnings"],
        ])
        do throws(JSONFault) {
            _ = try paths.scan(bytes, nesting: nesting)
        } catch {
            throw HTTPFailure.Fault(error, in: bytes)
        }
        let json = JSONScanner(bytes, nesting: nesting)
        func word(_ place: Int) -> String? {
            guard case .string(let token)? = paths.found[place]?.value else { return nil }
            return json.text(token)
        }
        guard word(0) == "success" else {
            let kind = (word(1) ?? "").filter { $0.isASCII && ($0.isLetter || $0 == "_") }
            throw HTTPFailure.Fault(.queryRefused(kind.isEmpty ? "no success" : String(kind.prefix(30))))
        }
        // Part of what is asked for may be missing, and would be billed as not used.
        if let start = paths.found[4]?.start, case .array? = paths.found[4]?.value {
            var warnings = json
            warnings.pass(start)
            if warnings.firstElement() { throw HTTPFailure.Fault(.warned) }
        }
        guard word(2) == "matrix" else {
            let found = word(2) == nil ? "nothing" : "another kind of result"
            throw wrong(["data", "resultType"], found, expected: "matrix")
        }
        guard let result = paths.found[3], case .array = result.value else {
            throw wrong(["data", "result"], paths.found[3]?.value.words ?? "nothing", expected: "an array of series")
        }
        var cursor = json
        cursor.pass(result.start)
        var hasSeries = cursor.firstElement()
        while hasSeries {
            try body(try series(&cursor))
            hasSeries = try sound { () throws(JSONFault) in try cursor.nextElement() }
        }
    }

    private static func series(_ json: inout JSONScanner) throws(HTTPFailure.Fault) -> Series {
        let keys = ["data", "result"]
        guard json.next == UInt8(ascii: "{") else { throw wrong(keys, "no object", expected: "series") }
        var series = Series()
        var key = try sound { () throws(JSONFault) in try json.firstKey() }
        var hasValues = false
        while let name = key {
            switch json.text(name) {
            case "metric": series.labels = try labels(&json)
            case "values":
                series.samples = try samples(&json)
                hasValues = true
            default: _ = try sound { () throws(JSONFault) in try json.value(depth: 0) }
            }
            key = try sound { () throws(JSONFault) in try json.nextKey() }
        }
        // A native histogram has `histograms` in its place.
        guard hasValues else { throw wrong(keys, "a series without values", expected: "samples of a counter") }
        return series
    }

    private static func labels(_ json: inout JSONScanner) throws(HTTPFailure.Fault) -> [(name: String, value: String)] {
        let keys = ["data", "result", "metric"]
        guard json.next == UInt8(ascii: "{") else { throw wrong(keys, "no object", expected: "labels") }
        var labels: [(name: String, value: String)] = []
        var key = try sound { () throws(JSONFault) in try json.firstKey() }
        while let name = key {
            guard case .string(let token) = try sound({ () throws(JSONFault) in try json.value(depth: 0) }) else {
                throw wrong(keys, "a label that is no string", expected: "labels")
            }
            labels.append((json.text(name), json.text(token)))
            key = try sound { () throws(JSONFault) in try json.nextKey() }
        }
        return labels
    }

    private static func samples(_ json: inout JSONScanner) throws(HTTPFailure.Fault) -> [Sample] {
        let keys = ["data", "result", "values"]
        guard json.next == UInt8(ascii: "[") else { throw wrong(keys, "no array", expected: "samples") }
        var samples: [Sample] = []
        var hasSample = json.firstElement()
        while hasSample {
            guard json.next == UInt8(ascii: "["), json.firstElement(),
                case .number(let start, let end) = try sound({ () throws(JSONFault) in try json.value(depth: 0) }),
                try sound({ () throws(JSONFault) in try json.nextElement() }),
                case .string(let token) = try sound({ () throws(JSONFault) in try json.value(depth: 0) }),
                try !sound({ () throws(JSONFault) in try json.nextElement() })
            else { throw wrong(keys, "something else", expected: "pairs of a time and a value in quotes") }
            let time = String(decoding: UnsafeBufferPointer(rebasing: json.bytes[start..<end]), as: UTF8.self)
            guard let at = seconds(time) else { throw HTTPFailure.Fault(.sampleOffGrid) }
            samples.append(Sample(at: at, value: json.text(token)))
            hasSample = try sound { () throws(JSONFault) in try json.nextElement() }
        }
        return samples
    }

    /// Of a time that is a whole second.
    private static func seconds(_ text: String) -> Int64? {
        guard let value = try? SampleValue(text), !value.text.contains(".") else { return nil }
        return Int64(value.text)
    }

    private static func wrong(_ keys: [String], _ found: String, expected: String) -> HTTPFailure.Fault {
        HTTPFailure.Fault(.otherShape(keys: keys, found: found, expected: expected))
    }

    /// The text was checked as a whole before.
    private static func sound<R>(_ body: () throws(JSONFault) -> R) throws(HTTPFailure.Fault) -> R {
        do throws(JSONFault) {
            return try body()
        } catch {
            throw HTTPFailure.Fault(.sampleOffGrid)
        }
    }
}
