import Billing
import Connectors
import Testing

@Suite("NDJSON")
struct NDJSONTests {
    struct Line: CustomTestStringConvertible, Sendable {
        let text: String
        let column: Int
        let reason: RejectReason
        var testDescription: String { "\(reason.rawValue): \(text)" }

        init(_ text: String, _ column: Int, _ reason: RejectReason) {
            (self.text, self.column, self.reason) = (text, column, reason)
        }
    }

    // Columns counted by hand: {"day": is 7 characters, so its value starts in column 8.
    static let broken: [Line] = [
        // RFC 8259 section 2: structure.
        Line(#"{"day":1"#, 9, .invalidJSON),
        Line(#"{"day":1,}"#, 10, .invalidJSON),
        Line(#"{"day":1 "x":2}"#, 10, .invalidJSON),
        Line(#"{"day" 1}"#, 8, .invalidJSON),
        Line(#"{"day":}"#, 8, .invalidJSON),
        Line(#"{day:1}"#, 2, .invalidJSON),
        Line(#"{'day':1}"#, 2, .invalidJSON),
        Line(#"{"day":1}x"#, 10, .invalidJSON),
        Line(#"{"day":1} {"day":2}"#, 11, .invalidJSON),
        Line(#"{"day":1},"#, 10, .invalidJSON),
        Line(#"{"x":[1,]}"#, 9, .invalidJSON),
        Line(#"{"x":[1 2]}"#, 9, .invalidJSON),
        Line(#"{"x":[1}"#, 8, .invalidJSON),
        Line("{\"day\":1,\u{A0}\"x\":2}", 10, .invalidJSON),
        Line("{", 2, .invalidJSON),
        Line("x", 1, .invalidJSON),
        // Section 3: literals.
        Line(#"{"day":NaN}"#, 8, .invalidJSON),
        Line(#"{"day":Infinity}"#, 8, .invalidJSON),
        Line(#"{"day":True}"#, 8, .invalidJSON),
        Line(#"{"day":nul}"#, 8, .invalidJSON),
        Line(#"{"day":nullx}"#, 12, .invalidJSON),
        // Section 6: numbers.
        Line(#"{"day":01}"#, 9, .invalidJSON),
        Line(#"{"day":-01}"#, 10, .invalidJSON),
        Line(#"{"day":+1}"#, 8, .invalidJSON),
        Line(#"{"day":.5}"#, 8, .invalidJSON),
        Line(#"{"day":5.}"#, 10, .invalidJSON),
        Line(#"{"day":-}"#, 9, .invalidJSON),
        Line(#"{"day":1e}"#, 10, .invalidJSON),
        Line(#"{"day":1e+}"#, 11, .invalidJSON),
        Line(#"{"day":0x1F}"#, 9, .invalidJSON),
        Line(#"{"day":1_000}"#, 9, .invalidJSON),
        Line(#"{"x":01}"#, 7, .invalidJSON),
        // Section 7: strings.
        Line(#"{"day":"a}"#, 11, .invalidJSON),
        Line("{\"day\":\"a\tb\"}", 10, .invalidJSON),
        Line(#"{"day":"\x41"}"#, 10, .invalidJSON),
        Line(#"{"day":"\u12G4"}"#, 13, .invalidJSON),
        Line(#"{"day":"\ud800"}"#, 9, .invalidJSON),
        Line(#"{"day":"é\ud800x"}"#, 10, .invalidJSON),
        Line(#"{"day":"\ud800\u0041"}"#, 9, .invalidJSON),
        Line(#"{"day":"\udc00\ud800"}"#, 9, .invalidJSON),
        Line(#"{"x":"\udc00"}"#, 7, .invalidJSON),
        Line(#"{"\ud800":1}"#, 3, .invalidJSON),
        // Rows that are JSON.
        Line("[1]", 1, .notAnObject),
        Line(" 17 ", 2, .notAnObject),
        Line("\"{}\"", 1, .notAnObject),
        Line("null", 1, .notAnObject),
        Line(#"{"day":1,"day":1}"#, 10, .duplicateField),
        Line(#"{"day":null,"day":1}"#, 13, .duplicateField),
        Line(#"{"day":1,"d\u0061y":1}"#, 10, .duplicateField),
        Line(#"{"day":{}}"#, 8, .nestedValue),
        Line(#"{"x":1,"day": [[]]}"#, 15, .nestedValue),
        Line(#"{"day":"a\u0000b"}"#, 10, .nulCharacter),
        Line("{\"x\":\"\0\"}", 7, .nulCharacter),
        // The order of the reasons decides between two faults of one row.
        Line(#"{"day":{},"count":1,"count":2}"#, 21, .duplicateField),
        Line(#"{"day":1,"day":2,"x":01}"#, 23, .invalidJSON),
        Line("[1", 3, .invalidJSON),
        Line(#"{"day":{},"count":"\u0000"}"#, 20, .nulCharacter),
    ]

    @Test("A broken line is reported where it breaks, and the lines around it are read", arguments: broken)
    func brokenLine(_ line: Line) throws {
        let good = #"{"day":"2026-01-01","account":"a","count":1}"#
        let reading = try read("\(good)\n\(line.text)\n\(good)", as: "c.ndjson")
        #expect(reading.places == [ReadDefect(2, line.column, line.reason)])
        #expect(reading.rows == [ReadRow(1, "2026-01-01", "a", "1"), ReadRow(3, "2026-01-01", "a", "1")])
        #expect(reading.defects.first?.rawText == line.text.replacing("\0", with: "\u{2400}"))
    }

    @Test("Not UTF-8 is reported where it stands")
    func invalidUTF8() throws {
        let reading = try read(Array("{\"day\":\"é".utf8) + [0xC3] + Array("\"}\n{\"day\":2}\n".utf8), as: "c.jsonl")
        #expect(reading.places == [ReadDefect(1, 10, .invalidUTF8)])
        #expect(reading.rows == [ReadRow(2, "2", nil, nil)])
    }

    @Test(
        "Numbers keep their exact text",
        arguments: [
            "0", "-0", "1", "10", "0.10", "-12.500", "1e3", "1E+3", "1.0e-02",
            "12345678901234567890123456789.000000000001",
        ])
    func numbers(_ text: String) throws {
        #expect(try read("{\"day\":\(text)}", as: "c.ndjson").rows == [ReadRow(1, text, nil, nil)])
    }

    @Test("Strings are unescaped, surrogate pairs joined")
    func strings() throws {
        let cases = [
            (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC""#, "é€"),
            (#""a\ud83d\uDE00b""#, "a😀b"), ("\"é😀\u{7F}\u{FFFF}\"", "é😀\u{7F}\u{FFFF}"),
            (#""\uFFFD\u0001""#, "\u{FFFD}\u{1}"),
            (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
        ]
        for (json, text) in cases {
            #expect(try read("{\"day\":\(json)}", as: "c.ndjson").rows == [ReadRow(1, text, nil, nil)], "\(json)")
        }
    }

    @Test("true and false are text; null and a missing key are absent; unwanted keys may be anything and repeat")
    func values() throws {
        let text = """
            \u{FEFF} {"account" : true , "x":{"day":[1,{"a":null}]},"x":[], "count":false}\u{20}

            {"day":null,"\\u0061ccount":"k"}\r
            \t\r
            {}
            """
        let reading = try read(text, as: "c.ndjson", keepPages: true)
        #expect(reading.defects.isEmpty)
        #expect(
            reading.rows == [ReadRow(1, nil, "true", "false"), ReadRow(3, nil, "k", nil), ReadRow(5, nil, nil, nil)])
        let page = try #require(reading.pages.first)
        // " {"account" : true": the value starts in column 15; a null is somewhere, a missing key nowhere.
        #expect([page.column(0, 0), page.column(0, 1)] == [0, 15])
        #expect([page.column(1, 0), page.column(2, 0)] == [8, 0])
        #expect(page.rawText(1) == #"{"day":null,"\u0061ccount":"k"}"#)
    }

    @Test("64 levels of nesting are read, 65 are not")
    func nesting() throws {
        func line(_ levels: Int) -> String {
            "{\"x\":" + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
        }
        #expect(try read(line(64), as: "c.ndjson").rows == [ReadRow(1, nil, nil, nil)])
        // {"x": is 5 characters; the 64th bracket opens the 65th level.
        #expect(try read(line(65), as: "c.ndjson").places == [ReadDefect(1, 69, .invalidJSON)])
        let bomb = String(repeating: "[", count: 1_000_000)
        #expect(try read(bomb, as: "c.ndjson").places == [ReadDefect(1, 65, .invalidJSON)])
    }

    @Test("A defect of one field carries our name for it")
    func fieldNames() throws {
        let map = ColumnMap([.init(name: "quantity", source: .column("n"))])
        let reading = try read("{\"n\":{}}\n{\"n\":1,\"n\":1}\n{\"n\"}\n", as: "c.ndjson", columns: map)
        #expect(reading.defects.map(\.field) == ["quantity", "quantity", nil])
        #expect(reading.defects.first?.found == "an object")
    }

    @Test("An empty file has no rows", arguments: ["", "\n\n", "\u{FEFF}", " \t\r\n"])
    func noRows(_ text: String) throws {
        #expect(try read(text, as: "c.ndjson").rows.isEmpty)
    }
}
