/// Where the records of a JSON answer stand, and what asks for the next page.
struct HTTPRecords {
    /// Where records and cursor are looked for.
    typealias Cursor = (keys: [String], canBeMissing: Bool)

    /// Where the first record starts, or nil for none. Every element behind it is known to be sound.
    let first: Int?
    /// Nil at the end.
    let cursor: String?

    /// Reads the whole answer: one that breaks at its end has no records at all.
    ///
    /// - Parameters:
    ///   - keys: to the array of records; none where it is the answer itself.
    ///   - cursor: nil where the body does not tell of the next page.
    ///   - nesting: the levels of objects and arrays that there may be.
    init(in text: [UInt8], at keys: [String], cursor: Cursor?, nesting: Int) throws(HTTPFailure.Fault) {
        let result = text.withUnsafeBufferPointer { bytes in
            Result { () throws(HTTPFailure.Fault) in try Self.find(bytes, keys, cursor, nesting) }
        }
        (first, self.cursor) = try result.get()
    }

    private static func find(
        _ bytes: UnsafeBufferPointer<UInt8>, _ keys: [String], _ cursor: Cursor?, _ nesting: Int
    ) throws(HTTPFailure.Fault) -> (Int?, String?) {
        var paths = JSONPaths([keys, cursor?.keys ?? []].filter { !$0.isEmpty })
        let array: JSONPaths.Found?
        do throws(JSONFault) {
            let whole = try paths.scan(bytes, nesting: nesting)
            array = keys.isEmpty ? whole : paths.found.first ?? nil
        } catch {
            throw HTTPFailure.Fault(error, in: bytes)
        }
        guard case .array = array?.value, let start = array?.start else {
            let found = array?.value.words ?? "nothing"
            throw HTTPFailure.Fault(.otherShape(keys: keys, found: found, expected: "an array of records"))
        }
        var json = JSONScanner(bytes, nesting: nesting)
        json.pass(start)
        let first = json.firstElement() ? json.offset : nil
        guard let cursor else { return (first, nil) }
        return (first, try value(of: cursor, paths.found.last ?? nil, bytes, nesting))
    }

    private static func value(
        of cursor: Cursor, _ found: JSONPaths.Found?, _ bytes: UnsafeBufferPointer<UInt8>, _ nesting: Int
    ) throws(HTTPFailure.Fault) -> String? {
        switch found?.value {
        case nil where cursor.canBeMissing, .null?: return nil
        case .string(let token)?:
            let text = JSONScanner(bytes, nesting: nesting).text(token)
            return text.isEmpty ? nil : text
        case .number(let start, let end)?:
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
        case let other:
            throw HTTPFailure.Fault(
                .otherShape(
                    keys: cursor.keys, found: other?.words ?? "nothing",
                    expected: "a text or a number, or null at the end"))
        }
    }
}

extension HTTPFailure {
    /// A problem that does not know yet of which page it is.
    struct Fault: Error {
        let problem: Problem

        init(_ problem: Problem) { self.problem = problem }

        /// JSON that is not sound, with its place and at most one character of it.
        init(_ fault: JSONFault, in bytes: UnsafeBufferPointer<UInt8>) {
            let position = SourcePosition(of: fault.offset, in: bytes, startingAt: 1)
            let found = fault.found.map(\.description) ?? bytes.describe(at: fault.offset)
            problem = .invalidJSON(
                line: position.line, column: position.column,
                found: fault.offset < bytes.count ? found : "the end of the answer",
                expected: fault.expected.description)
        }
    }
}

extension HTTPSource.Pages {
    /// Where the body tells of the next page.
    var cursor: HTTPRecords.Cursor? {
        switch self {
        case .cursor(let keys, _, let canBeMissing), .next(let keys, let canBeMissing): (keys, canBeMissing)
        case .number, .link: nil
        }
    }
}
