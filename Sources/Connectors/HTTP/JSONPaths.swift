/// Finds values of a JSON text by the keys that lead to them, in one pass that checks the whole text.
struct JSONPaths {
    struct Found {
        var value: JSONScanner.Value
        /// Where it starts.
        var start: Int
    }

    /// Each with at least one key.
    private let paths: [[[UInt8]]]
    private(set) var found: [Found?]

    init(_ paths: [[String]]) {
        self.paths = paths.map { $0.map { Array($0.utf8) } }
        found = Array(repeating: nil, count: paths.count)
    }

    /// Scans the text from its first value to its end. A path through something that is no object leads nowhere.
    ///
    /// - Returns: the first value itself.
    mutating func scan(_ text: UnsafeBufferPointer<UInt8>, nesting: Int) throws(JSONFault) -> Found {
        var json = JSONScanner(text, nesting: nesting)
        json.skipSpace()
        let start = json.offset
        let value: JSONScanner.Value
        if json.next == UInt8(ascii: "{") {
            try object(&json, depth: 1, Array(paths.indices), key: 0)
            value = .object
        } else {
            value = try json.value(depth: 0)
        }
        json.skipSpace()
        guard json.next == nil else { throw JSONFault(offset: json.offset, expected: "the end of the answer") }
        return Found(value: value, start: start)
    }

    /// - Parameters:
    ///   - wanted: the paths that lead here.
    ///   - depth: of this object, the outermost being 1.
    ///   - place: which of their keys comes next.
    private mutating func object(
        _ json: inout JSONScanner, depth: Int, _ wanted: [Int], key place: Int
    ) throws(JSONFault) {
        guard depth <= json.nesting else {
            throw JSONFault(
                offset: json.offset, expected: "fewer levels of objects and arrays",
                found: "one level of nesting too many")
        }
        var seen: Set<[UInt8]> = []
        var key = try json.firstKey()
        while let name = key {
            let text = Array(json.text(name).utf8)
            let here = wanted.filter { paths[$0][place] == text }
            // Which of two would count cannot be known.
            if !here.isEmpty, !seen.insert(text).inserted {
                throw JSONFault(offset: name.start - 1, expected: "each key once", found: "a key a second time")
            }
            let start = json.offset
            let deeper = here.filter { paths[$0].count > place + 1 }
            if json.next == UInt8(ascii: "{"), !deeper.isEmpty {
                try object(&json, depth: depth + 1, deeper, key: place + 1)
                note(.object, start, here, place)
            } else {
                note(try json.value(depth: depth), start, here, place)
            }
            key = try json.nextKey()
        }
    }

    private mutating func note(_ value: JSONScanner.Value, _ start: Int, _ here: [Int], _ place: Int) {
        for path in here where paths[path].count == place + 1 { found[path] = Found(value: value, start: start) }
    }
}
