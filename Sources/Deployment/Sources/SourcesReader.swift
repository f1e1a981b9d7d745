import Billing

/// Reads the sources of a deployment folder from the YAML that a person wrote, into checked values.
///
/// Like the catalog's reader: everything that is wrong is listed, each with its place. Sources keep the file's order.
package enum SourcesReader {
    /// `file` is only used in messages.
    package static func read(text: String, file: String) -> Result<[SourceDefinition], Diagnostics> {
        read(bytes: Array(text.utf8), file: file)
    }

    package static func read(bytes: [UInt8], file: String) -> Result<[SourceDefinition], Diagnostics> {
        let reader = YAMLReader(file: file)
        return reader.result(reader.document(bytes).flatMap { SourcesBuilder(reader: reader).sources($0) })
    }
}

/// Turns a document's nodes into sources; what cannot be read is nil and has been reported.
struct SourcesBuilder {
    let reader: YAMLReader

    func sources(_ root: YAMLNode) -> [SourceDefinition]? {
        reader.fields(root, SourcesFormat.document, expected: "a mapping with 'sources'")?["sources"]
            .flatMap { reader.namedEntries($0, "sources", limit: SourcesFormat.mostSources, canBeEmpty: false) }?
            .compactMap(source)
    }

    private func source(_ entry: YAMLEntry) -> SourceDefinition? {
        let expected = "a source: 'feeds', and \(Quoting.oneOf(SourcesFormat.kinds))"
        guard let fields = reader.fields(entry.value, SourcesFormat.source, expected: expected) else { return nil }
        let feed: Feed? = fields["feeds"].flatMap { reader.word($0, .feed) }
        let origin = origin(fields, feed)
        // Which fields there are depends on the feed; with an unknown one every message would be a guess.
        guard let feed else { return nil }
        let columns = fields.has("prometheus") ? labels(fields["columns"], feed) : columns(fields["columns"], feed)
        let expectation = expectation(fields, feed)
        let concurrency = fields["concurrency"].map(concurrency) ?? 1
        guard let origin, let columns, let expectation, let concurrency else { return nil }
        return SourceDefinition(
            name: entry.key, feeds: feed, origin: origin, columns: columns, expectation: expectation,
            concurrency: Int(concurrency))
    }

    private func concurrency(_ node: YAMLNode) -> Int64? {
        guard let number = reader.wholeNumber(node, least: 1) else { return nil }
        let most = SourcesFormat.mostConcurrency
        return number <= most ? number : reader.reject(.numberTooLarge("\(number)", limit: most), node)
    }

    private func origin(_ fields: Fields, _ feed: Feed?) -> SourceDefinition.Origin? {
        let kinds = fields.present(SourcesFormat.kinds)
        guard let kind = kinds.first, kinds.count == 1, let node = fields[kind] else {
            return reader.reject(.sourceKind(found: kinds), fields.node)
        }
        reportStrays(SourcesFormat.ofFiles, fields, besides: ["file"], kind)
        reportStrays(["query"], fields, besides: ["postgres", "prometheus"], kind)
        reportStrays(SourcesFormat.ofHTTP, fields, besides: ["http"], kind)
        reportStrays(SourcesFormat.ofPrometheus, fields, besides: ["prometheus"], kind)
        reportStrays(["concurrency"], fields, besides: SourcesFormat.askedForDays, kind)
        reportStrays(SourcesFormat.ofServers, fields, besides: ["http", "prometheus"], kind)
        switch kind {
        case "file": return file(node, fields)
        case "postgres": return postgres(node, fields, feed)
        case "http": return http(node, fields, feed).map { .http($0) }
        default: return prometheus(node, fields, feed).map { .prometheus($0) }
        }
    }

    private func reportStrays(_ keys: [String], _ fields: Fields, besides kinds: [String], _ kind: String) {
        guard !kinds.contains(kind) else { return }
        for key in fields.present(keys) {
            guard let entry = fields.entry(key) else { continue }
            reader.add(.keyOfOtherKind(key, belongsTo: Quoting.oneOf(kinds)), at: entry)
        }
    }

    private func postgres(_ node: YAMLNode, _ fields: Fields, _ feed: Feed?) -> SourceDefinition.Origin? {
        let connection = connection(node)
        guard let node = fields["query"] else {
            return reader.reject(.missingKey("query", meaning: "one SELECT beside 'postgres'"), fields.node)
        }
        let query = query(node, feed)
        guard let connection, let query else { return nil }
        return .postgres(connection: connection, query: query)
    }

    private func file(_ node: YAMLNode, _ fields: Fields) -> SourceDefinition.Origin? {
        let path = reader.text(node, expected: "a file, a directory or a glob", limit: SourcesFormat.longestPath)
        let format: SourceDefinition.FileFormat?? = fields["format"].map { reader.word($0, .format) }
        let delimiter = fields["delimiter"].map(delimiter)
        guard let path else { return nil }
        let told = Self.format(nameOf: path)
        if format == nil, told == nil, !Self.canBeFolder(path) { return reader.reject(.unknownFileFormat(path), node) }
        if let node = fields["delimiter"], (format ?? told) == .ndjson { reader.add(.delimiterOfLines, at: node) }
        return .file(path: path, format: format ?? nil, delimiter: delimiter ?? nil)
    }

    /// The format that a name tells, as the reader of files tells it.
    private static func format(nameOf path: String) -> SourceDefinition.FileFormat? {
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        guard let known = SourcesFormat.knownExtensions.first(where: { name.hasSuffix($0) }) else { return nil }
        return known == ".csv" ? .csv : .ndjson
    }

    /// A last part without a dot may be a folder, or a glob whose files tell their formats one by one.
    private static func canBeFolder(_ path: String) -> Bool {
        guard let last = path.split(separator: "/").last, !path.hasSuffix("/") else { return true }
        return !last.contains(".") || last.hasSuffix("*") || last == "." || last == ".."
    }

    private func delimiter(_ node: YAMLNode) -> SourceDefinition.Delimiter? {
        let words = Problem.Vocabulary.delimiter.words
        guard let text = reader.scalar(node, expected: Quoting.oneOf(words)) else { return nil }
        let known = SourceDefinition.Delimiter.allCases.first { $0.word == text || $0.rawValue == text }
        return known ?? reader.reject(.unknownWord(text, .delimiter), node)
    }
}
