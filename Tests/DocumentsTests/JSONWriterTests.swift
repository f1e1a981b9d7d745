import Billing
import Foundation
import Testing

import Documents

/// Parses with a reader that is not ours.
func parse(_ json: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
    return try #require(value as? [String: Any], sourceLocation: sourceLocation)
}

@Suite("JSON")
struct JSONWriterTests {
    private func document(
        _ style: JSONWriter.Style = .compact, _ members: (inout JSONWriter) -> Void
    ) -> String {
        JSONWriter.document("test/1", style, members: members)
    }

    @Test("Members stand in the order written, after the schema")
    func order() {
        let text = document { writer in
            writer.member("b", 1)
            writer.member("a", "x")
            writer.object("nested") { $0.member("yes", true) }
            writer.array("list", of: [1, 2]) { $0.member("n", $1) }
        }
        #expect(text == #"{"schema":"test/1","b":1,"a":"x","nested":{"yes":true},"list":[{"n":1},{"n":2}]}"# + "\n")
    }

    @Test("Pretty JSON is indented by two spaces, and what is empty stays on its line")
    func pretty() {
        let text = document(.pretty) { writer in
            writer.array("none", of: [Int]()) { $0.member("n", $1) }
            writer.object("empty") { _ in }
            writer.array("list", of: [1, 2]) { $0.member("n", $1) }
        }
        #expect(
            text == """
                {
                  "schema": "test/1",
                  "none": [],
                  "empty": {},
                  "list": [
                    {
                      "n": 1
                    },
                    {
                      "n": 2
                    }
                  ]
                }

                """)
    }

    @Test("A member without a value is left out, also when it is the first or the last")
    func absent() {
        let text = document { writer in
            writer.object("x") { writer in
                writer.member("no", String?.none)
                writer.member("yes", 1)
                writer.member("no", Int64?.none)
            }
        }
        #expect(text == #"{"schema":"test/1","x":{"yes":1}}"# + "\n")
    }

    @Test("Whole numbers are written exactly, to the ends of their types")
    func integers() {
        let text = document { writer in
            writer.member("a", Int64.min)
            writer.member("b", Int64.max)
            writer.member("c", 0)
            writer.member("d", Int16.min)
            writer.member("e", Int128.min)
            writer.member("f", -10)
        }
        #expect(
            text == #"""
                {"schema":"test/1","a":-9223372036854775808,"b":9223372036854775807,"c":0,"d":-32768,\#
                "e":-170141183460469231731687303715884105728,"f":-10}

                """#)
    }

    @Test(
        "Quotes, backslashes and control characters are escaped, everything else stays",
        arguments: [
            ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("/", "/"), ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#),
            ("\u{0}\u{1}\u{B}\u{1F}", #"\u0000\u0001\u000b\u001f"#),
            ("\u{7F}\u{80}\u{9F}\u{A0}", "\\u007f\\u0080\\u009f\u{A0}"),
            ("é漢👍", "é漢👍"), ("", ""),
        ])
    func escapes(text: String, expected: String) {
        #expect(document { $0.member("t", text) } == "{\"schema\":\"test/1\",\"t\":\"\(expected)\"}\n")
    }

    @Test("Any text reads back as itself, and no control byte stands in the output")
    func escapingProperty() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let ceiling: UInt32 = [0x20, 0x100, 0x3000, 0x10FFFF].randomElement(using: &random) ?? 0x80
                guard let scalar = Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random)) else { continue }
                text.unicodeScalars.append(scalar)
            }
            let json = document { $0.member("t", text) }
            let back = try #require(try parse(json)["t"] as? String, "seed \(seed)")
            #expect(Array(back.utf8) == Array(text.utf8), "seed \(seed)")
            #expect(json.utf8.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "seed \(seed)")
        }
    }

    @Test(
        "Money is text with exactly the currency's places",
        arguments: [
            ("USD", 2_730, "27.30"), ("USD", 5, "0.05"), ("USD", -5, "-0.05"), ("USD", 0, "0.00"),
            ("USD", Int64.min, "-92233720368547758.08"), ("USD", Int64.max, "92233720368547758.07"),
            ("JPY", 500, "500"), ("JPY", Int64.min, "-9223372036854775808"), ("JPY", 0, "0"),
            ("KWD", 1_234, "1.234"), ("KWD", -1, "-0.001"), ("KWD", Int64.min, "-9223372036854775.808"),
        ])
    func money(code: String, minor: Int64, expected: String) throws {
        let currency = try Fixture.currency(code)
        #expect(document { $0.member("m", minor, in: currency) } == "{\"schema\":\"test/1\",\"m\":\"\(expected)\"}\n")
        #expect(expected == currency.format(minor))
    }

    @Test("JSON that exists already is embedded without its white space, and keeps the spelling of its values")
    func embedding() {
        let text = document { $0.member("r", json: "{ \"a\" : [ 1.50 , -0e+1, \"x \\u00e9\" ] ,\n \"b\" : null }") }
        #expect(text == #"{"schema":"test/1","r":{"a":[1.50,-0e+1,"x \u00e9"],"b":null}}"# + "\n")
    }

    @Test(
        "What is no JSON is embedded as a string",
        arguments: [
            "", "{", "{\"a\":1,}", "[1,]", "01", "1.", "-", "+1", ".5", "1e", "tru", "\"a", "\"\\x\"", "\"\\u12g4\"",
            "\"\u{1}\"", "{a:1}", "{\"a\" 1}", "1 2", "NaN", "'a'", "[\u{A0}1]", String(repeating: "[", count: 100_000),
            String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
        ])
    func broken(text: String) throws {
        let json = document { $0.member("r", json: text) }
        #expect(try parse(json)["r"] as? String == text)
    }

    @Test("The members of an object are read for people")
    func members() throws {
        let text = #"{"rows": 1200, "name": "a\u00e9\n\ud83d\ude00\/\"", "nested": {"x": [1, 2]}, "half": "\ud800"}"#
        let members = try #require(JSONScanner.members(of: text))
        #expect(members.map(\.key) == ["rows", "name", "nested", "half"])
        #expect(members.map(\.value) == ["1200", "aé\n😀/\"", #"{"x":[1,2]}"#, "\u{FFFD}"])
        #expect(JSONScanner.members(of: "[1]") == nil)
        #expect(JSONScanner.members(of: "{}")?.isEmpty == true)
    }
}
