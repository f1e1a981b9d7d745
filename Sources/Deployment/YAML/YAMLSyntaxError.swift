import CYaml

/// Why libyaml stopped, and where.
struct YAMLSyntaxError {
    private let problem: String
    private let position: YAMLPosition

    init(_ parser: yaml_parser_t) {
        // The messages are libyaml's own constants: they never quote the file.
        let problem = parser.problem.map { String(cString: $0) } ?? "unreadable"
        self.problem = parser.context.map { "\(String(cString: $0)): \(problem)" } ?? problem
        position = YAMLPosition(parser.problem_mark)
    }

    func report(to reader: YAMLReader, _ bytes: [UInt8]) {
        if problem.contains("nesting level") {
            reader.add(.tooDeep(limit: YAMLDocumentParser.deepest), at: position)
        } else if problem.contains("undefined tag handle") {
            reader.add(.tag("!"), at: position)
        } else if let tab = tabThatIndents(bytes) {
            reader.add(.tab, at: tab)
        } else {
            reader.add(.syntax(problem), at: position)
        }
    }

    /// The first tab in the indentation of the line where parsing stopped: the usual cause, and one that libyaml words
    /// as "found character that cannot start any token".
    private func tabThatIndents(_ bytes: [UInt8]) -> YAMLPosition? {
        var line = 1
        var column = 1
        var isIndentation = true
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if byte == UInt8(ascii: "\n"), index > 0, bytes[index - 1] == UInt8(ascii: "\r") { continue }
                line += 1
                guard line <= position.line else { return nil }
                (column, isIndentation) = (1, true)
                continue
            case UInt8(ascii: "\t"):
                if isIndentation, line == position.line { return YAMLPosition(line: line, column: column) }
            case UInt8(ascii: " "): break
            default: isIndentation = false
            }
            column += 1
        }
        return nil
    }
}
