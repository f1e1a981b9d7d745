/// A language as documents are written in it, by its tag: BCP 47, for example `de` or `pt-BR`.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { text }

    /// RFC 5646, 4.4.1.
    private static let longest = 35

    /// A well-formed tag of RFC 5646 (2.1): language, then script, region, variants, extensions and private use, each where
    /// it is there. Whether somebody has registered the parts is not looked up.
    package init?(_ text: String) {
        guard (2...Self.longest).contains(text.utf8.count) else { return nil }
        var parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)[...]
        func take(_ isMeant: (Substring.UTF8View) -> Bool) -> Bool {
            guard let part = parts.first, isMeant(part) else { return false }
            parts.removeFirst()
            return true
        }
        guard take({ (2...3).contains($0.count) && Self.isAlphabetic($0) }) else { return nil }
        for _ in 0..<3 where take({ $0.count == 3 && Self.isAlphabetic($0) }) {}
        _ = take { $0.count == 4 && Self.isAlphabetic($0) }
        _ = take { ($0.count == 2 && Self.isAlphabetic($0)) || ($0.count == 3 && $0.allSatisfy(Self.isDigit)) }
        while take({
            (5...8).contains($0.count) && Self.isAlphanumeric($0)
                || $0.count == 4 && $0.first.map(Self.isDigit) == true && Self.isAlphanumeric($0)
        }) {}
        // Extensions, and what is private: a single character, and parts behind it.
        while let part = parts.first, part.count == 1, Self.isAlphanumeric(part) {
            parts.removeFirst()
            let isPrivate = part.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
            var count = 0
            while take({ ((isPrivate ? 1 : 2)...8).contains($0.count) && Self.isAlphanumeric($0) }) { count += 1 }
            guard count > 0 else { return nil }
        }
        guard parts.isEmpty else { return nil }
        self.text = text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isAlphabetic(_ part: Substring.UTF8View) -> Bool { part.allSatisfy(isLetter) }
    private static func isAlphanumeric(_ part: Substring.UTF8View) -> Bool {
        part.allSatisfy { isLetter($0) || isDigit($0) }
    }
}
