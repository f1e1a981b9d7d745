import Billing
import Mustache

extension CatalogBuilder {
    /// A mustache template that uses only names which there will be. Of the language are taken the values, the sections
    /// and the comments: no part of a template may come from elsewhere, and its marks are always `{{` and `}}`.
    ///
    /// - Parameter meters: keys which may be used too, also with a part of `Wording.ofMeter` behind a point.
    func template(_ node: YAMLNode, names: [String], meters: [String] = []) -> String? {
        reader.text(node, expected: "a template", limit: Wording.longest).flatMap { text in
            check(text, node, names: names, meters: meters)
        }
    }

    /// The same for any text: nil where it is no template with these names, which has been reported.
    func check(_ text: String, _ node: YAMLNode, names: [String], meters: [String] = []) -> String? {
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else { return reader.reject(.unclosedTag, node) }
            var tag = rest[..<end.lowerBound]
            rest = rest[end.upperBound...]
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("{") {
                tag.removeFirst()
                guard rest.hasPrefix("}") else { return reader.reject(.unclosedTag, node) }
                rest.removeFirst()
            } else if let mark = tag.first, "#^/&".contains(mark) {
                tag.removeFirst()
            }
            let name = tag.filter { $0 != " " }
            guard isKnown(name, names, meters) else {
                return reader.reject(.unknownName(name, known: (meters + names)), node)
            }
        }
        // Sections that do not meet are left to the library, which knows the grammar.
        guard (try? MustacheTemplate(string: text)) != nil else { return reader.reject(.badTemplate, node) }
        return text
    }

    private func isKnown(_ name: String, _ names: [String], _ meters: [String]) -> Bool {
        if names.contains(name) || meters.contains(name) { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && meters.contains(String(parts[0])) && Wording.ofMeter.contains(String(parts[1]))
    }
}
