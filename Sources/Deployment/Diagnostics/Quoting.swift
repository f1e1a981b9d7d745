/// How pieces of a file are shown in messages: on one line, of bounded length, and without secrets.
package enum Quoting {
    private static let longest = 60

    /// The text in quotes, control characters escaped and a long text cut.
    package static func quoted(_ text: String) -> String {
        guard !holdsPassword(text) else { return "a text with a password (not shown)" }
        var shown = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < longest else {
                shown += "…"
                break
            }
            shown += isControl(scalar) ? "\\u{\(hex(scalar.value, width: 4))}" : String(scalar)
        }
        return "'\(shown)'"
    }

    /// A key as it stands in a path: cut, and quoted where it is no plain word.
    package static func pathPart(_ key: String) -> String {
        Identifier.isValid(key) ? key : quoted(key)
    }

    /// `'a', 'b' or 'c'`.
    package static func oneOf(_ words: [String]) -> String {
        let quoted = words.map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
        return "\(quoted.dropLast().joined(separator: ", ")) or \(last)"
    }

    /// What was found of keys that exclude each other: `both 'a' and 'b'`, `none of them`.
    static func keys(_ found: [String]) -> String {
        let quoted = found.map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else {
            return quoted.first.map { "only \($0)" } ?? "none of them"
        }
        return "\(quoted.dropLast().joined(separator: ", ")) and \(last) together"
    }

    static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    /// True for a libpq connection text with a password in it: `password=…` in keyword form or in a URI's query, or
    /// `//user:password@host`. It errs on the side of silence.
    static func holdsPassword(_ text: String) -> Bool {
        // No connection text is longer, and no more than the start of any text is ever shown.
        let bytes = Array(text.lowercased().utf8.prefix(4_096))
        var start = 0
        while let end = bytes.end(of: "password", from: start) {
            let after = bytes[end...].first { $0 > 0x20 }
            if after == UInt8(ascii: "=") || after == UInt8(ascii: ":") { return true }
            start = end
        }
        guard let scheme = bytes.end(of: "://", from: 0) else { return false }
        let authority = bytes[scheme...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return authority[..<at].contains(UInt8(ascii: ":"))
    }
}

extension [UInt8] {
    /// Where the first occurrence of a word ends. (The standard library has this only with Foundation.)
    fileprivate func end(of word: String, from start: Int) -> Int? {
        let word = Array(word.utf8)
        guard count - start >= word.count else { return nil }
        return (start...(count - word.count)).first { self[$0..<($0 + word.count)].elementsEqual(word) }
            .map { $0 + word.count }
    }
}
