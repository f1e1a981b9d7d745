import Documents
import Foundation
import TestSupport
import Testing

/// Lines of the log: that people and programs read the same in them, and that nothing in a value can forge one.
@Suite("Log lines")
struct LogLineTests {
    private func text(_ format: LogLine.Format, _ fields: [(key: String, value: LogLine.Value)]) -> String {
        String(
            decoding: LogLine(time: 1_646_100_005_000_123, level: "info", message: "step ends", fields: fields)
                .bytes(format), as: UTF8.self)
    }

    @Test("A line has its time, level and message, then its fields; numbers are numbers in JSON")
    func lines() {
        let fields: [(key: String, value: LogLine.Value)] = [
            ("run", .number(12)), ("step", .text("pull orders")), ("source", .text("orders")),
            ("path", .text("a=b")), ("empty", .text("")), ("late", .number(-3)),
        ]
        #expect(
            text(.logfmt, fields)
                == "time=2022-03-01T02:00:05.000123Z level=info msg=\"step ends\" run=12 step=\"pull orders\" "
                + "source=orders path=\"a=b\" empty=\"\" late=-3\n")
        #expect(
            text(.json, fields)
                == #"{"time":"2022-03-01T02:00:05.000123Z","level":"info","message":"step ends","run":12,"#
                + #""step":"pull orders","source":"orders","path":"a=b","empty":"","late":-3}"# + "\n")
    }

    @Test(
        "What a terminal would obey, and what ends a line, is escaped",
        arguments: [
            ("a\nlevel=error", #""a\nlevel=error""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#),
            ("\u{1B}[2J", #""\u001b[2J""#), ("\r", #""\r""#), ("\t", #""\t""#), ("\0", #""\u0000""#),
            ("\u{7F}", #""\u007f""#), ("\u{9B}31m", #""\u009b31m""#), ("a\u{2028}b", #""a\u2028b""#),
            ("\u{202E}txt", #""\u202etxt""#), ("Ünïcödé 株", "\"Ünïcödé 株\""), ("plain-1.2:/@", "plain-1.2:/@"),
        ])
    func escaped(value: String, shown: String) {
        #expect(text(.logfmt, [("v", .text(value))]).hasSuffix(" v=\(shown)\n"))
        let quoted = shown.hasPrefix("\"") ? shown : "\"\(shown)\""
        #expect(text(.json, [("v", .text(value))]).hasSuffix(",\"v\":\(quoted)}\n"))
    }

    @Test("A value is cut at 2,000 characters")
    func cut() {
        let long = String(repeating: "a", count: 2_001)
        #expect(text(.logfmt, [("v", .text(long))]).hasSuffix(" v=\"\(long.dropLast())…\"\n"))
        #expect(text(.logfmt, [("v", .text(String(long.dropLast())))]).hasSuffix(" v=\(long.dropLast())\n"))
    }

    @Test("Whatever bytes a value holds, it is one line with the same fields, and their text comes out again")
    func hostile() throws {
        var generator = TestSupport.SeededGenerator()
        let pieces: [[UInt8]] =
            [
                "\n", "\r\n", "\"", "\\", "=", " ", "level=error", "\",\"level\":\"error", "}", "\u{1B}]0;x\u{07}",
                "\u{2029}", "é",
            ]
            .map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x00], [0x9B]]
        for _ in 0..<5_000 {
            func value() -> String {
                var bytes: [UInt8] = []
                for _ in 0..<Int.random(in: 0...6, using: &generator) {
                    bytes += pieces.randomElement(using: &generator) ?? []
                    bytes.append(UInt8.random(in: .min ... .max, using: &generator))
                }
                // Bytes that are no UTF-8 become U+FFFD where text is made of them.
                return String(decoding: bytes, as: UTF8.self)
            }
            let values = [value(), value()]
            let fields: [(key: String, value: LogLine.Value)] = [
                ("first", .text(values[0])), ("second", .text(values[1])),
            ]
            let json = text(.json, fields)
            #expect(isOneLine(json))
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String], "\(json)")
            #expect(object.keys.sorted() == ["first", "level", "message", "second", "time"])
            #expect([object["first"], object["second"], object["level"]] == [values[0], values[1], "info"])
            let logfmt = text(.logfmt, fields)
            #expect(isOneLine(logfmt))
            let pairs = try #require(Self.pairs(logfmt), "\(logfmt)")
            #expect(pairs.map(\.key) == ["time", "level", "msg", "first", "second"])
            #expect(pairs.map(\.value).suffix(2) == values[...])
        }
    }

    /// One line feed, at the end, and no other control character.
    private func isOneLine(_ text: String) -> Bool {
        text.hasSuffix("\n")
            && text.unicodeScalars.dropLast().allSatisfy { scalar in
                ![.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            }
    }

    /// Reads logfmt as its readers do: words with `=`, or quoted values, which are strings of JSON. Nil for anything else.
    private static func pairs(_ line: String) -> [(key: String, value: String)]? {
        var pairs: [(key: String, value: String)] = []
        var rest = Array(line.unicodeScalars.dropLast())[...]
        while !rest.isEmpty {
            let key = rest.prefix { $0 != "=" && $0 != " " }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else { return nil }
            rest = rest.dropFirst()
            var value: [Unicode.Scalar] = []
            if rest.first == "\"" {
                var isEscaped = false
                for (index, scalar) in rest.enumerated() {
                    value.append(scalar)
                    if index > 0, scalar == "\"", !isEscaped { break }
                    isEscaped = scalar == "\\" && !isEscaped
                }
            } else {
                value = Array(rest.prefix { $0 != " " })
            }
            rest = rest.dropFirst(value.count)
            guard rest.isEmpty || rest.first == " " else { return nil }
            rest = rest.dropFirst()
            func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
                var view = String.UnicodeScalarView()
                view.append(contentsOf: scalars)
                return String(view)
            }
            let text = string(value)
            let isQuoted = text.hasPrefix("\"")
            let decoded = isQuoted ? try? JSONDecoder().decode(String.self, from: Data(text.utf8)) : text
            guard let decoded else { return nil }
            pairs.append((string(key), decoded))
        }
        return pairs
    }
}
