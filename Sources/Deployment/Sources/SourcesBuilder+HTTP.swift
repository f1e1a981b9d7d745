extension SourcesBuilder {
    func http(_ node: YAMLNode, _ fields: Fields, _ feed: Feed?) -> SourceDefinition.HTTPOrigin? {
        let isPrivate = isPrivate(fields)
        let access = access(fields, isPrivate: isPrivate)
        let address = address(node, isPrivate: isPrivate)
        let body: SourceDefinition.Body? = fields["body"].map { reader.word($0, .body) } ?? .json
        let records = fields["records"].map(path) ?? []
        let pages: SourceDefinition.Pages?? = fields["pages"].map(pages)
        if body == .ndjson {
            for key in fields.present(["records"]) {
                if let entry = fields.entry(key) {
                    reader.add(.keyOfOtherKind(key, belongsTo: "'body: json'"), at: entry)
                }
            }
        }
        // What could not be read tells nothing of the placeholders.
        if case .some(nil) = pages { return nil }
        let found = pages ?? nil
        let isSound = address.map { checkPlaceholders(in: $0, found, feed, at: node) } ?? false
        guard let access, let address, let body, let records, isSound else { return nil }
        switch found {
        case .cursor, .next:
            // A line of NDJSON is a record, and there is no room beside them.
            if body == .ndjson, let entry = fields.entry("pages") {
                reader.add(.keyOfOtherKind("pages", belongsTo: "'body: json', but for 'number' and 'link'"), at: entry)
                return nil
            }
        case .number, .link, nil: break
        }
        return SourceDefinition.HTTPOrigin(
            address: address, body: body, records: records, pages: found, access: access)
    }

    func prometheus(_ node: YAMLNode, _ fields: Fields, _ feed: Feed?) -> SourceDefinition.PrometheusOrigin? {
        let isPrivate = isPrivate(fields)
        let access = access(fields, isPrivate: isPrivate)
        let address = address(node, isPrivate: isPrivate)
        if let address, address.contains(where: { "{}?".contains($0) }) {
            return reader.reject(.sourceAddress(.notABase), node)
        }
        if let feed, feed != .readings { return reader.reject(.prometheusFeed(feed.rawValue), node) }
        var query: String?
        if let written = fields["query"] {
            query = reader.lines(
                written, expected: "the PromQL that selects a counter", limit: SourcesFormat.longestQuery)
        } else {
            reader.add(.missingKey("query", meaning: "the PromQL that selects a counter"), at: fields.node)
        }
        var zone: String?
        if let written = fields["time_zone"] {
            zone = reader.text(written, expected: "an IANA time zone such as Europe/Berlin")
        } else {
            reader.add(.missingKey("time_zone", meaning: "the IANA time zone of the days"), at: fields.node)
        }
        let step = fields["step"].map(step) ?? 60
        let days = fields["days"].map { number($0, most: 45) } ?? 10
        let fromZero = fields["from_zero"].map { reader.flag($0) } ?? false
        guard let access, let address, let query, let zone, let step, let days, let fromZero else { return nil }
        return SourceDefinition.PrometheusOrigin(
            address: address, query: query, step: Int(step), timeZone: zone, days: Int(days), fromZero: fromZero,
            access: access)
    }

    /// Days of 23 hours and a half are whole steps as well, so no step reaches over a midnight.
    private func step(_ node: YAMLNode) -> Int64? {
        guard let step = reader.wholeNumber(node, least: 10, expected: "a number of seconds such as 60") else {
            return nil
        }
        return step <= 1_800 && 1_800 % step == 0 ? step : reader.reject(.notAStep(step), node)
    }

    private func number(_ node: YAMLNode, most: Int64) -> Int64? {
        guard let number = reader.wholeNumber(node, least: 1) else { return nil }
        return number <= most ? number : reader.reject(.numberTooLarge("\(number)", limit: most), node)
    }

    // MARK: - Pages

    private func pages(_ node: YAMLNode) -> SourceDefinition.Pages? {
        guard let fields = reader.fields(node, SourcesFormat.pages, expected: "a mapping with one kind of paging")
        else {
            return nil
        }
        let kinds = fields.present(SourcesFormat.pageKinds)
        guard let kind = kinds.first, kinds.count == 1, let node = fields[kind] else {
            return reader.reject(.pageKind(found: kinds), node)
        }
        if kind != "cursor", let entry = fields.entry("parameter") {
            reader.add(.keyOfOtherKind("parameter", belongsTo: "'cursor'"), at: entry)
            return nil
        }
        switch kind {
        case "cursor":
            guard let path = optionalPath(node) else { return nil }
            guard let written = fields["parameter"] else {
                return reader.reject(.missingKey("parameter", meaning: "what takes the cursor"), fields.node)
            }
            let expected = "the name of a parameter of the address"
            guard let parameter = reader.text(written, expected: expected) else { return nil }
            return .cursor(path: path.path, parameter: parameter, canBeMissing: path.canBeMissing)
        case "number":
            return reader.wholeNumber(node, expected: "the number of the first page").map { .number(first: $0) }
        case "next":
            return optionalPath(node).map { .next(path: $0.path, canBeMissing: $0.canBeMissing) }
        default:
            guard let word = reader.scalar(node, expected: "'next'") else { return nil }
            return word == "next" ? .link : reader.reject(.notNext(word), node)
        }
    }

    private func optionalPath(_ node: YAMLNode) -> (path: [String], canBeMissing: Bool)? {
        guard case .mapping = node.content else { return path(node).map { ($0, false) } }
        let expected = "keys such as meta.next, or {path: …, optional: yes}"
        guard let fields = reader.fields(node, SourcesFormat.pathRule, expected: expected),
            let written = fields["path"],
            let path = path(written), let canBeMissing = fields["optional"].map({ reader.flag($0) }) ?? false
        else { return nil }
        return (path, canBeMissing)
    }

    private func path(_ node: YAMLNode) -> [String]? {
        let expected = "keys such as data.items"
        guard let text = reader.text(node, expected: expected, limit: SourcesFormat.longestColumn) else { return nil }
        let keys = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return keys.contains("") || keys.count > 16 ? reader.reject(.notAPath(text), node) : keys
    }

    private func checkPlaceholders(
        in address: String, _ pages: SourceDefinition.Pages?, _ feed: Feed?, at node: YAMLNode
    ) -> Bool {
        var used: Set<String> = []
        var rest = address[...]
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            let name = String(rest[open.upperBound..<close.lowerBound])
            guard SourcesFormat.placeholders.contains(name) else {
                reader.add(.unknownName(name, known: SourcesFormat.placeholders), at: node)
                return false
            }
            used.insert(name)
            rest = rest[close.upperBound...]
        }
        if rest.contains("{") || rest.contains("}") {
            reader.add(.sourceAddress(.brace), at: node)
            return false
        }
        var numbered = false
        if case .number = pages { numbered = true }
        if numbered != used.contains("page") {
            reader.add(.pagePlaceholder(isUsed: used.contains("page")), at: node)
            return false
        }
        if let feed, !feed.takesWindow, let stray = ["from", "to", "last"].first(where: used.contains) {
            reader.add(.strayPlaceholder(stray, feed: feed.rawValue), at: node)
            return false
        }
        return true
    }
}
