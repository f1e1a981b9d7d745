/// A libpq connection text as people may see it.
package enum ConnectionText {
    /// What stands for what is not shown.
    package static let hidden = "…"

    /// The parameters whose values are shown; all others may be secrets, now or in a later libpq.
    private static let shown: Set = [
        "host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "application_name", "connect_timeout",
        "target_session_attrs", "channel_binding", "require_auth", "gssencmode", "passfile", "sslrootcert",
    ]

    /// Those of which people may know that they are there. What is neither may be a part of a password.
    private static let named: Set = ["password", "sslpassword", "sslkey", "sslcert", "options", "sslcrl", "krbsrvname"]

    private static func parameter(_ key: String, _ value: String) -> String {
        shown.contains(key) ? "\(key)=\(value)" : named.contains(key) ? "\(key)=\(hidden)" : hidden
    }

    /// The text without its password: `postgresql://user:…@host/books`. It errs on the side of hiding.
    ///
    /// The forms are those of libpq: a URI, or keywords and values.
    package static func redacted(_ text: String) -> String {
        for scheme in ["postgresql://", "postgres://"] where text.hasPrefix(scheme) {
            return scheme + uri(text.dropFirst(scheme.count))
        }
        // What looks like a URI and is none of libpq's may hold anything.
        guard !text.contains("://") else { return hidden }
        return keywords(Array(text.unicodeScalars)) ?? hidden
    }

    private static func uri(_ rest: Substring) -> String {
        // A password that was not percent-encoded may hold any of the signs that end it: the last '@' is the safe one, and
        // where it may belong to something else, nothing is.
        let userEnd = rest.lastIndex(of: "@")
        let user = userEnd.map { rest[..<$0] }
        if user?.contains(where: { "/?#".contains($0) }) == true { return hidden }
        let behind = userEnd.map { rest[rest.index(after: $0)...] } ?? rest
        let question = behind.firstIndex(of: "?")
        let place = behind[..<(question ?? behind.endIndex)]
        let name = user.map { user in
            user.firstIndex(of: ":").map { "\(user[..<$0]):\(hidden)@" } ?? "\(user)@"
        }
        guard let question else { return (name ?? "") + place }
        let parameters = behind[behind.index(after: question)...].split(separator: "&").map { pair in
            let key = pair.prefix { $0 != "=" }
            return parameter(String(key), String(pair.dropFirst(key.count + 1)))
        }
        return (name ?? "") + place + "?" + parameters.joined(separator: "&")
    }

    /// Nil for what libpq would not read either.
    private static func keywords(_ text: [Unicode.Scalar]) -> String? {
        var words: [String] = []
        var index = 0
        func skipSpace() { while index < text.count, text[index].properties.isWhitespace { index += 1 } }
        while true {
            skipSpace()
            guard index < text.count else { return words.joined(separator: " ") }
            let start = index
            while index < text.count, text[index] != "=", !text[index].properties.isWhitespace { index += 1 }
            let key = string(text[start..<index])
            skipSpace()
            guard index < text.count, text[index] == "=" else { return nil }
            index += 1
            skipSpace()
            let valueStart = index
            guard let end = endOfValue(text, from: index) else { return nil }
            index = end
            words.append(parameter(key, string(text[valueStart..<end])))
        }
    }

    /// Behind a value, which is quoted or ends with a space; nil for a quote that nothing closes.
    private static func endOfValue(_ text: [Unicode.Scalar], from start: Int) -> Int? {
        let isQuoted = start < text.count && text[start] == "'"
        var index = isQuoted ? start + 1 : start
        while index < text.count {
            switch text[index] {
            case "\\": index += 1
            case "'" where isQuoted: return index + 1
            case let scalar where !isQuoted && scalar.properties.isWhitespace: return index
            default: break
            }
            index += 1
        }
        return isQuoted ? nil : text.count
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

/// The address of a server as people may see it.
package enum AddressText {
    /// Scheme, host and port: `https://hooks.example.com/…`. A token may stand in what follows.
    package static func redacted(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return ConnectionText.hidden }
        let rest = text[scheme.upperBound...]
        let host = rest.prefix { !"/?#".contains($0) }
        guard !host.contains("@") else { return ConnectionText.hidden }
        let isAll = rest.dropFirst(host.count).allSatisfy { $0 == "/" }
        return text[..<scheme.upperBound] + host + (isAll ? "" : "/\(ConnectionText.hidden)")
    }
}
