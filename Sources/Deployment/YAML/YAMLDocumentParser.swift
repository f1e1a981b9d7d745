import CYaml

/// Builds the tree of a document from the events of libyaml, the parser inside Yams.
///
/// Why events and not `Yams.compose`: composing throws at the first doubled key without the place of the second,
/// resolves aliases before anybody can refuse them (and hashes what they stand for, so a mapping key can be an alias
/// bomb), and reads a second document before it complains. Here
/// - an alias is reported and never followed, so a tree is never larger than its file;
/// - every doubled key is reported, with both of its lines;
/// - the depth is bounded, and no call recurses.
struct YAMLDocumentParser {
    /// No format of ours nests deeper than nine levels.
    static let deepest = 32

    private let report: YAMLReader
    private var stack: [Frame] = []
    private var root: YAMLNode?
    private var documents = 0

    init(report: YAMLReader) {
        self.report = report
    }

    /// Nil after a mistake that leaves the rest of the text without meaning.
    mutating func parse(_ bytes: [UInt8]) -> YAMLNode? {
        // libyaml keeps pointers into its own state, so that state must not move.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else {
            report.add(.syntax("out of memory"), at: .start)
            return nil
        }
        defer { yaml_parser_delete(parser) }
        return bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
            return readEvents(parser, bytes)
        }
    }

    private mutating func readEvents(_ parser: UnsafeMutablePointer<yaml_parser_t>, _ bytes: [UInt8]) -> YAMLNode? {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else {
                YAMLSyntaxError(parser.pointee).report(to: report, bytes)
                return nil
            }
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT:
                if root == nil { report.add(.emptyFile, at: .start) }
                return root
            case YAML_DOCUMENT_START_EVENT:
                documents += 1
                if documents > 1 {
                    report.add(.severalDocuments, at: YAMLPosition(event.start_mark))
                    return root
                }
            default:
                guard take(event) else { return nil }
            }
        }
    }

    /// False when nothing of the rest is worth reading.
    private mutating func take(_ event: yaml_event_t) -> Bool {
        let position = YAMLPosition(event.start_mark)
        switch event.type {
        case YAML_ALIAS_EVENT:
            report.add(.alias, at: position, path: nextPath)
            finish(YAMLNode(position: position, path: nextPath, content: .unreadable))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            check(anchor: scalar.anchor, tag: scalar.tag, at: position)
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            finish(YAMLNode(position: position, path: nextPath, content: .scalar(text, isPlain: isPlain)))
        case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
            let isMapping = event.type == YAML_MAPPING_START_EVENT
            if isMapping {
                let start = event.data.mapping_start
                check(anchor: start.anchor, tag: start.tag, at: position)
            } else {
                let start = event.data.sequence_start
                check(anchor: start.anchor, tag: start.tag, at: position)
            }
            guard stack.count < Self.deepest else {
                report.add(.tooDeep(limit: Self.deepest), at: position, path: nextPath)
                return false
            }
            stack.append(Frame(position: position, path: nextPath, isMapping: isMapping))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let frame = stack.popLast() else { return false }
            finish(frame.node)
        default: break
        }
        return !report.isFull
    }

    private func check(anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, at place: YAMLPosition)
    {
        if anchor != nil { report.add(.anchor, at: place, path: nextPath) }
        if let tag {
            report.add(.tag(String(decodingCString: tag, as: UTF8.self)), at: place, path: nextPath)
        }
    }

    /// The path of the value that comes next.
    private var nextPath: YAMLPath { stack.last?.nextPath ?? .root }

    /// Puts a complete value where it belongs.
    private mutating func finish(_ node: YAMLNode) {
        guard let last = stack.indices.last else {
            root = node
            return
        }
        stack[last].take(node, report)
    }
}

extension YAMLDocumentParser {
    /// A list or a mapping of which the end has not been read.
    private struct Frame {
        enum Key {
            case awaited
            case read(String, YAMLPosition)
            /// Reported; its value is read and left out.
            case dropped
        }

        let position: YAMLPosition
        let path: YAMLPath
        let isMapping: Bool
        var items: [YAMLNode] = []
        var entries: [YAMLEntry] = []
        var key = Key.awaited
        var firstLines: [String: Int] = [:]

        init(position: YAMLPosition, path: YAMLPath, isMapping: Bool) {
            self.position = position
            self.path = path
            self.isMapping = isMapping
        }

        var nextPath: YAMLPath {
            guard isMapping else { return .item(items.count, in: path) }
            guard case .read(let key, _) = key else { return path }
            return .key(key, in: path)
        }

        var node: YAMLNode {
            YAMLNode(position: position, path: path, content: isMapping ? .mapping(entries) : .list(items))
        }

        mutating func take(_ node: YAMLNode, _ report: YAMLReader) {
            guard isMapping else {
                items.append(node)
                return
            }
            switch key {
            case .awaited: key = takeKey(node, report)
            case .read(let name, let position):
                entries.append(YAMLEntry(key: name, position: position, value: node))
                key = .awaited
            case .dropped: key = .awaited
            }
        }

        private mutating func takeKey(_ node: YAMLNode, _ report: YAMLReader) -> Key {
            switch node.content {
            case .scalar("<<", isPlain: true):
                report.add(.mergeKey, at: node)
                return .dropped
            case .scalar(let name, _):
                if let firstLine = firstLines[name] {
                    report.add(
                        .duplicateKey(name, firstLine: firstLine), at: node.position, path: .key(name, in: path))
                    return .dropped
                }
                firstLines[name] = node.position.line
                return .read(name, node.position)
            case .list, .mapping:
                report.add(.keyNotText, at: node)
                return .dropped
            case .unreadable: return .dropped
            }
        }
    }
}

extension YAMLPosition {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
