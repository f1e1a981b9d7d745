/// One mail address, checked: the addr-spec of RFC 5322 (3.4.1) in the form that every mail system takes. No quoted local
/// part, no comment, no space, no address literal, nothing beyond ASCII: so nothing in it can end a header, name a second
/// recipient or be read as an option.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// `local-part@domain`.
    package let text: String
    package var description: String { text }

    /// RFC 5321 (4.5.3.1) with erratum 1690: of the whole and of what stands before the at sign.
    package static let longest = 254
    private static let longestLocalPart = 64
    /// RFC 1035 (2.3.4).
    private static let longestLabel = 63

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let (local, domain) = (bytes[..<at], bytes[(at + 1)...])
        guard local.count <= Self.longestLocalPart, local.first != UInt8(ascii: "-") else { return nil }
        // Between points one character at least: none at an end, and no two together.
        guard Self.parts(local).allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isAtomText) }) else { return nil }
        let labels = Self.parts(domain)
        guard labels.count >= 2, labels.allSatisfy(Self.isLabel) else { return nil }
        // A last label of digits would be the end of an IP address.
        guard let last = labels.last, last.contains(where: { !Self.isDigit($0) }) else { return nil }
        self.text = text
    }

    /// What stands behind the at sign.
    package var domain: String {
        text.split(separator: "@").last.map(String.init) ?? ""
    }

    private static func parts(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...longestLabel).contains(label.count), label.first != hyphen, label.last != hyphen else {
            return false
        }
        return label.allSatisfy { isLetter($0) || isDigit($0) || $0 == hyphen }
    }

    /// atext of RFC 5322 (3.2.3).
    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || Array("!#$%&'*+/=?^_`{|}~-".utf8).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
