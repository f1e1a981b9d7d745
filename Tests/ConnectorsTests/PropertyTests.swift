import Billing
import Connectors
import Testing

@Suite("Properties")
struct PropertyTests {
    // Everything that a writer has to take care of, more often than chance would bring it.
    private static let alphabet: [Character] =
        Array("abc019 ,;\"'|\t\n\r\\{}[]:/é€😀\u{7F}\u{1}\u{301}\u{FEFF}") + ["\r\n"]

    private static func text(_ generator: inout SeededGenerator) -> String {
        String(
            (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator)
            })
    }

    /// RFC 4180 section 2, rules 5 to 7, written from the rule: what needs quotes gets them, and sometimes what does not.
    private static func csvField(_ text: String, _ generator: inout SeededGenerator) -> String {
        let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        guard needsQuotes || Bool.random(using: &generator) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func lineFeeds(_ text: String) -> Int { text.utf8.count(where: { $0 == 0x0A }) }

    @Test("CSV written by the rule is read back equal, field by field and line by line")
    func csv() throws {
        let seed = SeededGenerator.freshSeed("CSV round trip")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<200 {
            var text = ["\"day\",account,count", "day,account,count"].randomElement(using: &generator) ?? ""
            text += "\n"
            var expected: [ReadRow] = []
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                let fields = (0..<3).map { _ in Self.text(&generator) }
                expected.append(ReadRow(line: 1 + Self.lineFeeds(text), fields: fields))
                text += fields.map { Self.csvField($0, &generator) }.joined(separator: ",")
                text += Bool.random(using: &generator) ? "\n" : "\r\n"
            }
            let limits = ConnectorLimits(
                pageRows: .random(in: 1...9, using: &generator), bufferBytes: .random(in: 1...99, using: &generator))
            let reading = try read(text, as: "c.csv", limits: limits)
            #expect(reading.defects.isEmpty, "seed \(seed), round \(round)")
            // By scalars: Swift's == would take canonically equivalent text for equal.
            #expect(scalars(reading.rows) == scalars(expected), "seed \(seed), round \(round)")
        }
    }

    /// RFC 8259 section 7, written from the rule: any character may be escaped, some must be.
    private static func jsonString(_ text: String, _ generator: inout SeededGenerator) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            if mustEscape || Int.random(in: 0..<6, using: &generator) == 0 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: Bool.random(using: &generator))
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func jsonValue(depth: Int, _ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: "null"
        case 1: Bool.random(using: &generator) ? "true" : "false"
        case 2: "\(Int.random(in: -999...999, using: &generator)).\(UInt8.random(in: 0...255, using: &generator))e-7"
        case 3: "\(Int.random(in: Int.min...Int.max, using: &generator))"
        case 4, 5: jsonString(text(&generator), &generator)
        case 6:
            "["
                + (0..<Int.random(in: 0...3, using: &generator)).map { _ in jsonValue(depth: depth - 1, &generator) }
                .joined(separator: ", ") + "]"
        default:
            "{ "
                + (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    jsonString(text(&generator), &generator) + ":" + jsonValue(depth: depth - 1, &generator)
                }.joined(separator: ",") + "}"
        }
    }

    @Test("JSON objects written by the rule are read back equal, among keys that nobody wants")
    func json() throws {
        let seed = SeededGenerator.freshSeed("JSON round trip")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<200 {
            var text = ""
            var expected: [ReadRow] = []
            for line in 1...Int.random(in: 1...20, using: &generator) {
                var members: [String] = []
                var fields: [String?] = []
                for name in ["day", "account", "count"] {
                    let key = Self.jsonString(name, &generator)
                    switch Int.random(in: 0..<5, using: &generator) {
                    case 0: fields.append(nil)
                    case 1:
                        fields.append(nil)
                        members.append("\(key):null")
                    case 2:
                        let number =
                            "\(Int.random(in: -99...99, using: &generator)).0\(UInt16.random(in: 0...999, using: &generator))E+1"
                        fields.append(number)
                        members.append("\(key) : \(number)")
                    default:
                        let value = Self.text(&generator)
                        fields.append(value)
                        members.append("\(key):\(Self.jsonString(value, &generator))")
                    }
                }
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    // A key that could be a wanted one would be a duplicate; these all carry a mark.
                    let key = Self.jsonString("_" + Self.text(&generator), &generator)
                    members.append("\(key):\(Self.jsonValue(depth: 3, &generator))")
                }
                members.shuffle(using: &generator)
                text += " {" + members.joined(separator: "\t,") + "}\n"
                expected.append(ReadRow(line: line, fields: fields))
            }
            let limits = ConnectorLimits(
                pageRows: .random(in: 1...9, using: &generator), bufferBytes: .random(in: 1...99, using: &generator))
            let reading = try read(text, as: "c.ndjson", limits: limits)
            #expect(reading.defects.isEmpty, "seed \(seed), round \(round)")
            #expect(scalars(reading.rows) == scalars(expected), "seed \(seed), round \(round)")
        }
    }

    private func scalars(_ rows: [ReadRow]) -> [[[UInt32]?]] {
        rows.map { row in [[UInt32(row.line)]] + row.fields.map { $0?.unicodeScalars.map(\.value) } }
    }

    // MARK: Fuzz

    private static let pieces: [[UInt8]] =
        [
            "a", "1", ",", ",", "\"", "\"", "\"\"", "\n", "\n", "\r\n", "\r", "{", "}", "[", "]", ":", "\\", "\\u00e9",
            "\\ud800",
            "\"day\":", "{\"day\":1}", "é", "😀", " ", "\t", "\0", "true", "-0.1e5",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

    @Test(
        "Random bytes never crash, and each physical line is in a row, in a defect, or blank",
        arguments: ["c.csv", "c.ndjson"])
    func fuzz(_ name: String) throws {
        let seed = SeededGenerator.freshSeed("Fuzz \(name)")
        var generator = SeededGenerator(seed: seed)
        let isCSV = name == "c.csv"
        for round in 0..<500 {
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 0...120, using: &generator) {
                body += Self.pieces.randomElement(using: &generator) ?? []
            }
            // Each file starts with a sound line, so that what follows is rows, and the first bytes are no other format.
            let bytes = Array((isCSV ? "day,account\n" : "{}\n").utf8) + body
            let rowBytes = Int.random(in: 16...80, using: &generator)
            let map = isCSV ? columns("day", "account") : columns("day")
            func read(_ limits: ConnectorLimits) throws -> Reading {
                try ConnectorsTests.read(bytes, as: name, columns: map, limits: limits, keepPages: true)
            }
            let reading = try read(ConnectorLimits(rowBytes: rowBytes))
            let split = try read(
                ConnectorLimits(
                    pageRows: .random(in: 1...4, using: &generator), rowBytes: rowBytes,
                    bufferBytes: .random(in: 1...50, using: &generator)))
            #expect(split == reading, "seed \(seed), round \(round)")
            #expect(
                try unaccountedLine(of: bytes, reading, isCSV: isCSV, rowBytes: rowBytes) == nil,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    private struct Item {
        var line: Int
        var lineFeeds: Int
        var isDefect: Bool
        var isTooLong: Bool
    }

    /// Walks through the file's lines beside what was read; the first line that does not fit, or nil.
    private func unaccountedLine(of bytes: [UInt8], _ reading: Reading, isCSV: Bool, rowBytes: Int) throws -> Int? {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var items: [Item] = []
        for page in reading.pages {
            for row in 0..<page.rowCount {
                items.append(
                    Item(
                        line: page.line(row), lineFeeds: Self.lineFeeds(page.rawText(row)), isDefect: false,
                        isTooLong: false))
            }
            for defect in page.defects {
                items.append(
                    Item(
                        line: defect.line, lineFeeds: Self.lineFeeds(defect.rawText), isDefect: true,
                        isTooLong: defect.reason == .rowTooLong))
            }
        }
        // A row and a defect never share a line, so the order is plain.
        items.sort { $0.line < $1.line }
        func isBlank(_ line: ArraySlice<UInt8>, isLast: Bool) -> Bool {
            // A CR at the file's end is no line ending in CSV.
            isCSV ? line.isEmpty || (line == [0x0D] && !isLast) : line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
        }
        let endsWithLineFeed = bytes.last == 0x0A
        var next = isCSV ? 1 : 0
        func skipBlank() {
            while next < lines.count, isBlank(lines[next], isLast: next == lines.count - 1 && !endsWithLineFeed) {
                next += 1
            }
        }
        for item in items {
            skipBlank()
            guard next < lines.count else { return next + 1 }
            if item.isTooLong {
                // It reaches to the first line feed behind the limit.
                guard item.line == next + 1 else { return next + 1 }
                let start = lines[next].startIndex
                while next < lines.count, lines[next].endIndex <= start + rowBytes { next += 1 }
                next += 1
            } else {
                let fits =
                    item.isDefect ? (next + 1...next + 1 + item.lineFeeds).contains(item.line) : item.line == next + 1
                guard fits else { return next + 1 }
                next += item.lineFeeds + 1
            }
        }
        skipBlank()
        return next >= lines.count ? nil : next + 1
    }
}
