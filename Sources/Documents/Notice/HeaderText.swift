import Billing
import Foundation

/// The values of a message's header (RFC 5322), made from text that comes from outside. Whatever is in it, it stays within
/// its field: a line begins with the field's name or with a space, and holds printable ASCII alone.
enum HeaderText {
    /// RFC 5322 (2.1.1): what a line should not exceed.
    static let widest = 78
    /// RFC 2047 (2): so many characters has an encoded word at most. Of its 75 the marks take 12; and 42 bytes, which are 56
    /// characters of base64, still fit beside the name of a field.
    private static let bytesAWord = 42

    /// A field whose value is free text, such as a subject.
    static func unstructured(_ name: String, _ text: String) -> String {
        let line = "\(name): \(text)"
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain, line.utf8.count <= widest, !text.contains("=?"), text.first != " ", text.last != " ", !text.isEmpty
        {
            return line
        }
        return "\(name): \(encodedWords(text))"
    }

    /// A field with one mailbox: a name for people, and the address.
    static func mailbox(_ name: String, displayName: String?, _ address: EmailAddress) -> String {
        guard let displayName, !displayName.isEmpty else { return "\(name): \(address)" }
        let quoted = displayName.reduce(into: "") { text, character in
            if character == "\"" || character == "\\" { text.append("\\") }
            text.append(character)
        }
        let isPlain = displayName.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !displayName.contains("=?")
        let first = "\(name): \"\(quoted)\""
        let phrase = isPlain && first.utf8.count <= widest ? first : "\(name): \(encodedWords(displayName))"
        let line = "\(phrase) <\(address)>"
        return line.utf8.count <= widest && !phrase.contains("\r\n") ? line : "\(phrase)\r\n <\(address)>"
    }

    /// RFC 2047: base64 words of UTF-8, each of whole characters, on lines of their own.
    static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        func end() {
            guard !bytes.isEmpty else { return }
            words.append("=?UTF-8?B?\(Data(bytes).base64EncodedString())?=")
            bytes.removeAll()
        }
        for scalar in text.unicodeScalars {
            let encoded = Array(String(scalar).utf8)
            if bytes.count + encoded.count > bytesAWord { end() }
            bytes += encoded
        }
        end()
        return words.joined(separator: "\r\n ")
    }

    /// RFC 5322 (3.3), in UTC.
    static func date(_ microseconds: Int64) -> String {
        let perSecond: Int64 = 1_000_000
        let seconds = microseconds / perSecond - (microseconds % perSecond < 0 ? 1 : 0)
        let rest = (seconds % 86_400 + 86_400) % 86_400
        let number = (seconds - rest) / 86_400
        let day = Int32(exactly: number).flatMap { CivilDate(daysSince1970: $0) } ?? .earliest
        let (year, month, dayOfMonth) = day.components
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 1970-01-01 was a Thursday.
        let weekday = (Int(day.daysSince1970) % 7 + 7 + 4) % 7
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let padded = String(repeating: "0", count: max(0, 4 - "\(year)".utf8.count)) + "\(year)"
        let clock = "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        return "\(days[weekday]), \(two(Int64(dayOfMonth))) \(months[Int(month) - 1]) \(padded) \(clock) +0000"
    }
}
