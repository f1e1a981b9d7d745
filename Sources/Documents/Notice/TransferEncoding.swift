/// The text of a message as bytes of lines that end with CR LF (RFC 2045).
enum TransferEncoding {
    /// RFC 5321 (4.5.3.1.6): a line has 1000 bytes at most, its end included.
    private static let longestLine = 998
    /// RFC 2045 (6.7): a line of quoted-printable has 76 characters at most, of which the last may be the break.
    private static let quotedWidth = 75

    /// - Returns: the encoding's name and the encoded body.
    static func encode(_ text: String) -> (name: String, body: [UInt8]) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            // Neither a bare CR nor a NUL may stand in a body; other controls are nothing that a reader could want.
            line.filter { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
        }
        guard lines.contains(where: { $0.count > longestLine }) else {
            return ("8bit", lines.flatMap { $0 + [13, 10] })
        }
        return ("quoted-printable", lines.flatMap { quotedPrintable($0) + [13, 10] })
    }

    private static func quotedPrintable(_ line: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        var width = 0
        for (index, byte) in line.enumerated() {
            let isSpace = byte == 0x20 || byte == 0x09
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
            let stays = isPlain || (isSpace && index + 1 < line.count)
            let piece =
                stays ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            // A space must not become the last character of its line; the break behind it is one.
            if width + piece.count > quotedWidth {
                encoded += [UInt8(ascii: "="), 13, 10]
                width = 0
            }
            encoded += piece
            width += piece.count
        }
        return encoded
    }
}
