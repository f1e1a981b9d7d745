/// A JSON value with its keys in a chosen order, for the schemas: written by us, and the same bytes every time.
enum JSONText {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([JSONText])
    case object([(key: String, value: JSONText)])

    /// Two spaces a level, one line an entry, and a line break at the end.
    var document: String { render(indent: "") + "\n" }

    private func render(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            guard !items.isEmpty else { return "[]" }
            // Lists in a schema are short, and read best on one line.
            let line = "[" + items.map { $0.render(indent: inner) }.joined(separator: ", ") + "]"
            guard line.contains("\n") || line.utf8.count > 100 else { return line }
            return "[\n" + items.map { inner + $0.render(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let entries):
            guard !entries.isEmpty else { return "{}" }
            let lines = entries.map { "\(inner)\(Self.quoted($0.key)): \($0.value.render(indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{0}"..<" ": result += "\\u\(Quoting.hex(scalar.value, width: 4))"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONText: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .text(value) }
}

extension JSONText: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int64) { self = .number(value) }
}

extension JSONText: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension JSONText: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: JSONText...) { self = .list(elements) }
}

extension JSONText: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSONText)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
}
