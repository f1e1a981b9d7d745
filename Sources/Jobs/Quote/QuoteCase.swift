import Billing
import Connectors
import Deployment

/// One line of a batch of quotes, taken apart:
///
///     {"catalog": {…}, "plan": "silver", "on": "2022-02-01", "use": {"orders": 15000}}
///
/// with `catalog_ref` and the name of an earlier line's catalog in the place of `catalog`, and with `cadence`,
/// `currency`, `signed_up`, `contract` and `coupon` where they are needed.
struct QuoteCase {
    enum CatalogText {
        /// The catalog of the command line.
        case none
        /// Where its text stands in the line.
        case text(Range<Int>)
        /// The catalog of an earlier line, by its name.
        case name(String)
    }

    private(set) var catalog = CatalogText.none
    private(set) var request = QuoteRequest(plan: "")
    private(set) var use: [(meter: String, text: String)] = []

    private static let keys = [
        "catalog", "catalog_ref", "plan", "on", "cadence", "currency", "signed_up", "contract", "coupon", "use",
    ]
    /// More than a catalog's own reader takes.
    private static let nesting = 40

    /// Nil for a line of nothing but white space.
    ///
    /// - Parameter known: the length of a catalog that has been read before, if the bytes that it is given begin with it.
    init?(
        _ line: UnsafeBufferPointer<UInt8>, known: (UnsafeBufferPointer<UInt8>) -> Int?
    ) throws(QuoteProblem) {
        if let fault = line.firstTextFault() {
            throw QuoteProblem(
                code: fault.isNUL ? "nul_character" : "invalid_utf8", place: "column \(fault.offset + 1)",
                found: line.describe(at: fault.offset), expected: "UTF-8 text")
        }
        var json = JSONScanner(line, nesting: Self.nesting)
        // By their place among the keys, as bits.
        var seen = 0
        do {
            json.skipSpace()
            guard let first = json.next else { return nil }
            guard first == UInt8(ascii: "{") else {
                throw QuoteProblem(
                    code: "not_an_object", place: "", found: try json.value(depth: 0).words,
                    expected: "a JSON object")
            }
            var key = try json.firstKey()
            while let token = key {
                let name = json.text(token)
                guard let index = Self.keys.firstIndex(of: name) else {
                    throw QuoteProblem(
                        code: "unknown_key", place: "", found: Quoting.quoted(name), expected: Quoting.oneOf(Self.keys),
                        hint: Suggestion.text(for: name, among: Self.keys))
                }
                guard seen & 1 << index == 0 else { throw Self.duplicate(name) }
                seen |= 1 << index
                try take(name, &json, known)
                key = try json.nextKey()
            }
            json.skipSpace()
            guard json.next == nil else {
                throw JSONFault(offset: json.offset, expected: "the end of the line after the JSON value")
            }
        } catch let fault as JSONFault {
            throw QuoteProblem(
                code: "invalid_json", place: "column \(fault.offset + 1)",
                found: fault.found.map(\.description) ?? line.describe(at: fault.offset),
                expected: fault.expected.description)
        } catch let problem as QuoteProblem {
            throw problem
        } catch {
            throw QuoteProblem(code: "invalid_json", place: "", found: "\(error)", expected: "a JSON object")
        }
        func has(_ key: String) -> Bool { Self.keys.firstIndex(of: key).map { seen & 1 << $0 != 0 } ?? false }
        guard has("plan") else {
            throw QuoteProblem(
                code: "missing_key", place: "", found: "no 'plan'", expected: "'plan': the key of a plan")
        }
        guard !has("catalog") || !has("catalog_ref") else {
            throw QuoteProblem(
                code: "two_catalogs", place: "catalog_ref", found: "'catalog' and 'catalog_ref' together",
                expected: "one of them")
        }
    }

    private mutating func take(
        _ key: String, _ json: inout JSONScanner, _ known: (UnsafeBufferPointer<UInt8>) -> Int?
    ) throws {
        let start = json.offset
        switch key {
        case "catalog":
            if let length = known(UnsafeBufferPointer(rebasing: json.bytes[start...])) {
                json.pass(length)
            } else {
                let value = try json.value(depth: 1)
                guard case .object = value else { throw Self.wrongKind(key, value, "an object: the catalog") }
            }
            catalog = .text(start..<json.offset)
        case "use": try takeUse(&json)
        default:
            let value = try json.value(depth: 1)
            guard case .string(let token) = value else { throw Self.wrongKind(key, value, "a string") }
            try take(key, json.text(token))
        }
    }

    private mutating func take(_ key: String, _ text: String) throws(QuoteProblem) {
        switch key {
        case "catalog_ref": catalog = .name(text)
        case "plan": request.plan = text
        case "on": request.on = try Self.day(text, key)
        case "signed_up": request.signedUp = try Self.day(text, key)
        case "currency": request.currency = text
        case "contract": request.contract = text
        case "coupon": request.coupon = text
        default:
            guard let cadence = Cadence(text) else {
                throw QuoteProblem(
                    code: "unknown_cadence", place: key, found: Quoting.quoted(text),
                    expected: "\(Quoting.oneOf(Cadence.words.map(\.word))) or a multiple such as '2 months'",
                    hint: Suggestion.text(for: text, among: Cadence.words.map(\.word)))
            }
            request.paysEvery = cadence
        }
    }

    private mutating func takeUse(_ json: inout JSONScanner) throws {
        guard json.next == UInt8(ascii: "{") else {
            throw Self.wrongKind("use", try json.value(depth: 1), "an object: meters with quantities")
        }
        var key = try json.firstKey()
        while let token = key {
            let meter = json.text(token)
            guard !use.contains(where: { $0.meter == meter }) else {
                throw Self.duplicate("use.\(Quoting.pathPart(meter))")
            }
            guard use.count < QuoteCatalogs.mostMeters else {
                throw QuoteProblem(
                    code: "too_many_meters", place: "use", found: "more than \(QuoteCatalogs.mostMeters) meters",
                    expected: "the meters of a catalog")
            }
            let value = try json.value(depth: 2)
            switch value {
            case .number(let start, let end):
                let text = UnsafeBufferPointer(rebasing: json.bytes[start..<end])
                use.append((meter, String(decoding: text, as: UTF8.self)))
            case .string(let token): use.append((meter, json.text(token)))
            default: throw Self.wrongKind("use.\(Quoting.pathPart(meter))", value, "a number")
            }
            key = try json.nextKey()
        }
    }

    private static func day(_ text: String, _ key: String) throws(QuoteProblem) -> CivilDate {
        guard let day = CivilDate(text) else {
            throw QuoteProblem(
                code: "invalid_date", place: key, found: Quoting.quoted(text),
                expected: "a day that exists, as YYYY-MM-DD")
        }
        return day
    }

    private static func duplicate(_ place: String) -> QuoteProblem {
        QuoteProblem(code: "duplicate_key", place: place, found: "the key a second time", expected: "each key once")
    }

    private static func wrongKind(_ key: String, _ value: JSONScanner.Value, _ expected: String) -> QuoteProblem {
        QuoteProblem(code: "wrong_kind", place: key, found: value.words, expected: expected)
    }
}
