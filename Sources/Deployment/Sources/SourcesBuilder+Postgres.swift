extension SourcesBuilder {
    func connection(_ node: YAMLNode) -> SourceDefinition.Connection? {
        if case .mapping = node.content { return reader.secret(node).map { .secret($0) } }
        if case .scalar(let text, _) = node.content, Quoting.holdsPassword(text) {
            return reader.reject(.passwordInText, node)
        }
        let expected = "a libpq connection text, or \(SecretReference.forms)"
        return reader.text(node, expected: expected, limit: SourcesFormat.longestConnection).map { .literal($0) }
    }

    /// The query without the space and the semicolon at its end, so that it can stand inside another statement.
    func query(_ node: YAMLNode, _ feed: Feed?) -> String? {
        guard let written = reader.scalar(node, expected: "one SELECT") else { return nil }
        let isSpace: (Character) -> Bool = { $0.isWhitespace || $0 == ";" }
        var text = written[...].drop(while: \.isWhitespace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        guard !text.isEmpty else { return reader.reject(.emptyText, node) }
        let count = text.unicodeScalars.count
        guard count <= SourcesFormat.longestQuery else {
            return reader.reject(.textTooLong(count: count, limit: SourcesFormat.longestQuery), node)
        }
        let control = text.unicodeScalars.first { Quoting.isControl($0) && !["\n", "\r", "\t"].contains($0) }
        if let control { return reader.reject(.controlCharacterInText(scalar: control.value), node) }
        guard let feed else { return String(text) }
        let used = Self.parameters(text)
        let wanted = feed.takesWindow ? ["1", "2"] : []
        for number in wanted where !used.contains(number) {
            return reader.reject(.missingParameter("$\(number)"), node)
        }
        if let stray = used.first(where: { !wanted.contains($0) }) {
            let takesWindow = feed.takesWindow
            return reader.reject(
                .strayParameter("$\(stray.prefix(10))", feed: feed.rawValue, takesWindow: takesWindow), node)
        }
        return String(text)
    }

    /// The numbers after a dollar sign, in the order of the text. One inside a quoted text counts as well: the price of
    /// not parsing SQL, and a query can always be written without it.
    private static func parameters(_ text: Substring) -> [String] {
        text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            let digits = part.prefix { $0.isASCII && $0.isNumber }
            return digits.isEmpty ? nil : String(digits)
        }
    }
}
