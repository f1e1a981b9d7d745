import Foundation

/// An absolute http or https address, taken apart so that two can be told to belong to one origin (RFC 6454).
struct HTTPAddress: Hashable, Sendable {
    /// A scheme, a host and a port: what a secret is meant for.
    struct Origin: Hashable, Sendable, CustomStringConvertible {
        let scheme: String
        /// In small letters, without brackets.
        let host: String
        let port: Int

        var isEncrypted: Bool { scheme == "https" }

        /// The origin without the port that follows from the scheme.
        var description: String {
            let shown = host.contains(":") ? "[\(host)]" : host
            return port == (isEncrypted ? 443 : 80) ? "\(scheme)://\(shown)" : "\(scheme)://\(shown):\(port)"
        }
    }

    let text: String
    let origin: Origin

    /// A server that names longer ones is not followed.
    private static let longest = 8_192

    init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let parts = URLComponents(string: text) else { return nil }
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), let host = parts.host,
            !host.isEmpty, parts.user == nil, parts.password == nil
        else { return nil }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.text = text
        origin = Origin(scheme: scheme, host: bare.lowercased(), port: port)
    }

    /// What a reference in an answer to this address means (RFC 3986 section 5), without its fragment.
    func resolving(_ reference: String) -> HTTPAddress? {
        guard reference.utf8.count <= Self.longest, let base = URL(string: text),
            let url = URL(string: reference, relativeTo: base),
            var parts = URLComponents(url: url.absoluteURL, resolvingAgainstBaseURL: true)
        else { return nil }
        parts.fragment = nil
        return parts.string.flatMap { HTTPAddress($0) }
    }

    /// The address with a parameter behind its others.
    func adding(_ parameter: String, _ value: String) -> HTTPAddress? {
        let mark = text.contains("?") ? (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") : "?"
        return HTTPAddress("\(text)\(mark)\(Self.encoded(parameter))=\(Self.encoded(value))")
    }

    /// Percent-encoded, all but the unreserved characters of RFC 3986 section 2.3.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
