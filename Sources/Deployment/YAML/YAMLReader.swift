/// Reads one file and collects everything that is wrong with it instead of stopping at the first mistake.
///
/// A reading method returns nil after it has reported why, so callers go on with the next value and a file with five
/// mistakes gets five messages. A class, because it is passed down through every level and each one adds to it.
final class YAMLReader {
    let file: String
    /// Just behind the last character; no position lies after it.
    var end = YAMLPosition.start
    private var collected: [Diagnostic] = []

    /// After this many mistakes the rest is not listed: a file of rubbish should not fill a disk with messages.
    static let mostProblems = 1_000

    init(file: String) {
        self.file = file
    }

    var hasFindings: Bool { !collected.isEmpty }
    var isFull: Bool { collected.count > Self.mostProblems }

    /// The value, if nothing at all was wrong.
    func result<Value>(_ value: Value?) -> Result<Value, Diagnostics> {
        if let value, !hasFindings { return .success(value) }
        // Whoever returns nil has reported why; a message too many would still be better than a file half read.
        if !hasFindings { add(.emptyFile, at: .start) }
        return .failure(Diagnostics(collected))
    }

    func add(_ problem: Problem, at position: YAMLPosition, path: YAMLPath = .root) {
        guard !isFull else { return }
        let isLast = collected.count == Self.mostProblems
        let isInside = (position.line, position.column) <= (end.line, end.column) || end == .start
        let place = isInside ? position : end
        collected.append(
            Diagnostic(
                file: file, line: place.line, column: place.column, path: isLast ? "" : path.description,
                problem: isLast ? .tooManyProblems(limit: Self.mostProblems) : problem))
    }

    func add(_ problem: Problem, at node: YAMLNode) {
        add(problem, at: node.position, path: node.path)
    }

    /// The document of a file, or nil when it is no YAML document that can be looked into.
    func document(_ bytes: [UInt8]) -> YAMLNode? {
        guard let content = YAMLText.checked(bytes, self) else { return nil }
        var parser = YAMLDocumentParser(report: self)
        guard let root = parser.parse(content) else { return nil }
        if root.kind == .nothing || root.kind == .null {
            add(.emptyFile, at: root)
            return nil
        }
        return root
    }
}
