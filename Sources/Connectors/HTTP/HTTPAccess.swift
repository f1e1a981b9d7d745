/// How a source's server is spoken to.
package struct HTTPAccess: Sendable {
    /// The source's name in the deployment.
    package var source: String
    package var credential: HTTPCredential?
    /// Whether the host is one's own: then, and only if all its addresses are private, it may speak plain HTTP or have
    /// authorities of its own.
    package var isPrivate: Bool
    /// A PEM file with the certificates of the only authorities that are trusted; nil for those of the system.
    package var authorities: String?
    package var limits: HTTPLimits
    /// Shared by all who ask the source at the same time.
    package var pace = HTTPPace()
    /// Whether somebody wants the program to end. Asked several times a second while it waits.
    package var isStopped: @Sendable () -> Bool
    /// Told of a request that failed and is about to be tried again.
    package var retrying: @Sendable (HTTPRetry) -> Void = { _ in }

    package init(
        source: String, credential: HTTPCredential? = nil, isPrivate: Bool = false, authorities: String? = nil,
        limits: HTTPLimits = HTTPLimits(), isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.source = source
        self.credential = credential
        self.isPrivate = isPrivate
        self.authorities = authorities
        self.limits = limits
        self.isStopped = isStopped
    }
}

/// A request that failed, and the pause before it is tried again.
package struct HTTPRetry: Sendable, Hashable {
    /// The number of the page for people; nil where there is only one.
    package var page: Int?
    /// How often it was tried.
    package var tries: Int
    /// Of ours or of the system; nothing that the server wrote.
    package var reason: String
    package var pause: Duration
}

/// What a pull from a server may cost.
package struct HTTPLimits: Sendable, Hashable {
    /// Requests for one page, 1 or more; redirects do not count.
    package var tries = 5
    /// The time of the whole pull, pauses included.
    package var total = Duration.seconds(3_600)
    /// The time of a request until the last byte of its answer.
    package var request = Duration.seconds(60)
    package var connect = Duration.seconds(10)
    /// The longest pause that the server may ask for.
    package var pause = Duration.seconds(300)
    /// The pause before the second try; each further one is twice as long, up to `longestBackOff`.
    package var backOff = Duration.seconds(1)
    /// Bytes of one answer, both as they come and expanded.
    package var bodyBytes = 32 << 20
    /// Records of the whole pull.
    package var records = 10_000_000
    /// Answers of the whole pull.
    package var pages = 10_000
    /// Requests a second, of all who ask the source at the same time; nil for as fast as they are answered.
    package var perSecond: Int?

    static let longestBackOff = Duration.seconds(60)
    /// Redirects of one request.
    static let redirects = 5

    package init() {}
}

/// The header that lets a request in. Its value is a secret: it is sent, and appears nowhere else.
package struct HTTPCredential: Sendable {
    let name: String
    let value: String
    /// What no answer may repeat.
    let secrets: [[UInt8]]

    /// Shorter ones stand in many an answer by chance.
    private static let shortestKnown = 8

    /// `Authorization: Bearer` (RFC 6750), or nil when the token cannot stand in a header.
    package static func bearer(_ token: String) -> HTTPCredential? {
        header(name: "authorization", value: "Bearer \(token)", secrets: [token])
    }

    /// `Authorization: Basic` (RFC 7617), or nil when the user cannot be told from the password.
    package static func basic(user: String, password: String) -> HTTPCredential? {
        guard !user.contains(":") else { return nil }
        let pair = Base64.encoded(Array("\(user):\(password)".utf8))
        return header(name: "authorization", value: "Basic \(pair)", secrets: [password, pair])
    }

    /// A header of another name, or nil when the value cannot stand in one.
    package static func header(name: String, value: String) -> HTTPCredential? {
        header(name: name, value: value, secrets: [value])
    }

    /// Visible ASCII and spaces inside (RFC 9110 section 5.5): a line break would begin a header of its own.
    private static func header(name: String, value: String, secrets: [String]) -> HTTPCredential? {
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }), value.utf8.count <= 8_192,
            secrets.allSatisfy({ !$0.isEmpty && $0.first != " " && $0.last != " " })
        else { return nil }
        return HTTPCredential(
            name: name, value: value,
            secrets: secrets.map { Array($0.utf8) }.filter { $0.count >= shortestKnown })
    }
}

extension HTTPCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(name): (not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// RFC 4648 section 4.
private enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encoded(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let digit = digits[Int(bits >> UInt32(18 - 6 * place)) & 63]
                result.append(place <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
