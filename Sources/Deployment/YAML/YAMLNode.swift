/// A place in a file; line and column count from 1.
struct YAMLPosition: Hashable, Sendable {
    var line: Int
    var column: Int

    static let start = YAMLPosition(line: 1, column: 1)
}

/// What kind of thing stands at a place, in the words of the messages.
package enum YAMLKind: String, Hashable, Sendable {
    case nothing
    /// The plain words `null` and `~`, which YAML reads as nothing.
    case null
    case text
    case list
    case mapping
}

extension YAMLKind: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nothing: "nothing"
        case .null: "null"
        case .text: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// Where a value is in its document. A chain and not a text: a text for each node would make the space quadratic, and
/// only the nodes of a message are ever spelled out.
indirect enum YAMLPath: Sendable {
    case root
    case key(String, in: YAMLPath)
    case item(Int, in: YAMLPath)
}

extension YAMLPath: CustomStringConvertible {
    var description: String {
        switch self {
        case .root: ""
        case .key(let key, .root): Quoting.pathPart(key)
        case .key(let key, let parent): "\(parent).\(Quoting.pathPart(key))"
        case .item(let index, let parent): "\(parent)[\(index)]"
        }
    }
}

/// A value of a document with its place. Scalars are text: YAML's own numbers, booleans and dates are never consulted,
/// because YAML 1.1 reads `010` as 8, `NO` as false and `1:30` as 90.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// The text, and whether it was written without quotes or block marks.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case mapping([YAMLEntry])
        /// Something already reported, about which nothing more is to be said.
        case unreadable
    }

    var position: YAMLPosition
    var path: YAMLPath
    var content: Content

    /// What a mapping holds; nil for anything else.
    var entries: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// Nil for what was already reported.
    var kind: YAMLKind? {
        switch content {
        case .scalar("", isPlain: true): .nothing
        case .scalar("~", isPlain: true), .scalar("null", isPlain: true), .scalar("Null", isPlain: true),
            .scalar("NULL", isPlain: true):
            .null
        case .scalar: .text
        case .list: .list
        case .mapping: .mapping
        case .unreadable: nil
        }
    }
}

/// One `key: value` of a mapping, in the order of the file.
struct YAMLEntry: Sendable {
    var key: String
    var position: YAMLPosition
    var value: YAMLNode
}
