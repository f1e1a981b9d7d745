/// The header `Link` (RFC 8288).
enum LinkHeader {
    /// The reference whose relation is `next`, or nil.
    ///
    /// - Parameter values: the header's, in order.
    static func next(_ values: [String]) -> String? {
        for value in values {
            var rest = value[...]
            while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
                let reference = String(rest[rest.index(after: open)..<close])
                rest = rest[rest.index(after: close)...]
                let parameters = upToComma(&rest)
                if relations(parameters).contains("next") { return reference }
            }
        }
        return nil
    }

    /// The text up to a comma outside of quotes, which is passed.
    private static func upToComma(_ rest: inout Substring) -> Substring {
        var isQuoted = false
        var end = rest.startIndex
        while end < rest.endIndex, isQuoted || rest[end] != "," {
            if rest[end] == "\"" { isQuoted.toggle() }
            end = rest.index(after: end)
        }
        let parameters = rest[..<end]
        rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[end...]
        return parameters
    }

    /// The words of the first parameter `rel`, in small letters.
    private static func relations(_ parameters: Substring) -> [String] {
        for parameter in parameters.split(separator: ";") {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " }).lowercased() == "rel" else { continue }
            return parts[1].filter { $0 != "\"" }.lowercased().split(separator: " ").map(String.init)
        }
        return []
    }
}
