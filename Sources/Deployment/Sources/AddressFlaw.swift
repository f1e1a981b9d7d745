/// What is wrong with the address of a source.
package enum AddressFlaw: Hashable, Sendable, CaseIterable {
    case scheme, host, user, fragment, character, brace, placeholderInHost, plain, notABase

    /// The first flaw of an address (RFC 3986), or nil.
    ///
    /// - Parameter isPrivate: whether the host may be one's own.
    init?(in text: String, isPrivate: Bool) {
        let isPlain = text.hasPrefix("http://")
        guard isPlain || text.hasPrefix("https://") else {
            self = .scheme
            return
        }
        let rest = text.dropFirst(isPlain ? 7 : 8)
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let port = authority.dropFirst(host.count)
        let isHost = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"): host.hasPrefix("[")
            default: false
            }
        }
        // Of what is in braces the places of placeholders are judged by the builder.
        let isPrintable = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`|".utf8.contains($0) }
        if authority.contains("@") {
            self = .user
        } else if authority.contains("{") || authority.contains("}") {
            self = .placeholderInHost
        } else if host.isEmpty || host == "[]" || !isHost || !Self.isPort(port) {
            self = .host
        } else if rest.contains("#") {
            self = .fragment
        } else if !isPrintable {
            self = .character
        } else if isPlain, !isPrivate {
            self = .plain
        } else {
            return nil
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        guard colon == ":", let number = Int(text.dropFirst()), text.dropFirst().allSatisfy(\.isNumber) else {
            return false
        }
        return (1...65_535).contains(number)
    }

    var found: String {
        switch self {
        case .scheme: "an address that does not begin with https:// (not shown)"
        case .host: "an address without a sound host or port (not shown)"
        case .user: "an address with a user in it (not shown)"
        case .fragment: "an address with '#'"
        case .character: "an address with a space or another character that has to be percent-encoded"
        case .brace: "a brace that belongs to no placeholder"
        case .placeholderInHost: "a placeholder in the host"
        case .plain: "an address that is not encrypted"
        case .notABase: "an address with a query or a placeholder"
        }
    }

    var expected: String {
        switch self {
        case .scheme, .host: "an address such as https://api.example.com/usage"
        case .user: "the user under 'auth'"
        case .fragment: "an address without it: no server sees what follows"
        case .character: "letters, digits and punctuation of RFC 3986"
        case .brace: "braces in pairs around a placeholder, such as {{from}}"
        case .placeholderInHost: "placeholders behind the host only"
        case .plain: "https://, or 'private: yes' where the host is loopback or in a private network"
        case .notABase: "only where the Prometheus is, such as https://prometheus.example.com"
        }
    }
}
