/// One key of a mapping in a format of ours. The readers check against these and the schemas are made from them, so
/// what an editor suggests and what the program accepts cannot differ.
struct KeyRule: Sendable {
    let key: String
    let isRequired: Bool
    /// What the key says, as a noun phrase: in the schema its description, in a message what is expected.
    let meaning: String

    static func required(_ key: String, _ meaning: String) -> KeyRule {
        KeyRule(key: key, isRequired: true, meaning: meaning)
    }

    static func optional(_ key: String, _ meaning: String) -> KeyRule {
        KeyRule(key: key, isRequired: false, meaning: meaning)
    }
}

/// The entries of a mapping whose keys were checked against rules.
struct Fields {
    let node: YAMLNode
    private let entries: [String: YAMLEntry]

    fileprivate init(node: YAMLNode, entries: [YAMLEntry]) {
        self.node = node
        self.entries = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
    }

    subscript(key: String) -> YAMLNode? { entries[key]?.value }

    func has(_ key: String) -> Bool { entries[key] != nil }

    /// The entry, for messages about the key and not about its value.
    func entry(_ key: String) -> YAMLEntry? { entries[key] }

    /// Of these keys the ones that are there.
    func present(_ keys: [String]) -> [String] { keys.filter(has) }
}

extension YAMLReader {
    /// A mapping with keys of ours: unknown ones and missing ones are reported.
    func fields(_ node: YAMLNode, _ rules: [KeyRule], expected: String) -> Fields? {
        guard let entries = entries(node, expected: expected) else { return nil }
        let known = rules.map(\.key)
        let present = Set(entries.map(\.key))
        let absent = known.filter { !present.contains($0) }
        var explained: Set<String> = []
        for entry in entries where !known.contains(entry.key) {
            // Guessing costs more than reading; nobody sees a guess that is no longer listed.
            guard !isFull else { break }
            // A misspelt required key is one mistake: the missing key is not reported beside it.
            if let meant = Suggestion.closest(to: entry.key, among: absent) {
                explained.insert(meant)
                add(.unknownKey(entry.key, known: absent), at: entry)
            } else {
                add(.unknownKey(entry.key, known: known), at: entry)
            }
        }
        for rule in rules where rule.isRequired && !present.contains(rule.key) && !explained.contains(rule.key) {
            add(.missingKey(rule.key, meaning: rule.meaning), at: node)
        }
        return Fields(node: node, entries: entries)
    }

    /// A mapping with keys that the writer chose.
    func entries(_ node: YAMLNode, expected: String) -> [YAMLEntry]? {
        if case .mapping(let entries) = node.content { return entries }
        if let kind = node.kind { add(.wrongKind(found: kind, expected: expected), at: node) }
        return nil
    }

    /// The same with at most `limit` of them; `what` names them in the plural.
    func namedEntries(_ node: YAMLNode, _ what: String, limit: Int, canBeEmpty: Bool) -> [YAMLEntry]? {
        guard let entries = entries(node, expected: "a mapping of \(what)") else { return nil }
        guard check(count: entries.count, what, limit: limit, canBeEmpty: canBeEmpty, at: node) else { return nil }
        return entries.filter { entry in
            guard !Identifier.isValid(entry.key) else { return true }
            add(.badIdentifier(entry.key), at: entry)
            return false
        }
    }

    /// A list of at least one and at most `limit` items.
    func items(_ node: YAMLNode, _ what: String, limit: Int) -> [YAMLNode]? {
        guard case .list(let items) = node.content else {
            if let kind = node.kind { add(.wrongKind(found: kind, expected: "a list of \(what)"), at: node) }
            return nil
        }
        return check(count: items.count, what, limit: limit, canBeEmpty: false, at: node) ? items : nil
    }

    func add(_ problem: Problem, at entry: YAMLEntry) {
        add(problem, at: entry.position, path: entry.value.path)
    }

    private func check(count: Int, _ what: String, limit: Int, canBeEmpty: Bool, at node: YAMLNode) -> Bool {
        if count == 0, !canBeEmpty {
            add(.none(of: what), at: node)
            return false
        }
        guard count <= limit else {
            add(.tooMany(what, count: count, limit: limit), at: node)
            return false
        }
        return true
    }
}
