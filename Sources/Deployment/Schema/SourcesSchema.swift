/// The JSON Schema of a sources file, for editors. `SourcesReader` stays the judge.
package enum SourcesSchema {
    /// The whole document, the same bytes every time.
    package static var json: String { schema.document }

    private static var schema: JSONText {
        let document = SchemaParts.mapping(
            SourcesFormat.document,
            ["sources": SchemaParts.named(SchemaParts.reference("source"), least: 1, most: SourcesFormat.mostSources)])
        let head: [(key: String, value: JSONText)] = [
            ("$schema", SchemaParts.dialect),
            ("title", "Meterbook sources"),
            ("description", "Where the customers, subscriptions, accounts, memberships and readings come from."),
        ]
        guard case .object(let entries) = document else { return document }
        return .object(head + entries + [("$defs", definitions)])
    }

    private static var definitions: JSONText {
        var entries: [(key: String, value: JSONText)] = [
            ("source", source),
            ("column", column(canBeMissing: false)),
            ("optional_column", column(canBeMissing: true)),
        ]
        for feed in Feed.allCases { entries.append((columnsName(of: feed), columns(of: feed))) }
        return .object(entries)
    }

    private static var source: JSONText {
        let query: JSONText = [
            "type": "string", "minLength": 1, "maxLength": .number(Int64(SourcesFormat.longestQuery)),
        ]
        let fields = SchemaParts.mapping(
            SourcesFormat.source,
            [
                "feeds": SchemaParts.words(.feed),
                "file": SchemaParts.line(longest: SourcesFormat.longestPath),
                "format": SchemaParts.words(.format),
                "delimiter": [
                    "enum": .list(
                        Problem.Vocabulary.delimiter.words.map { .text($0) }
                            + [.text(SourceDefinition.Delimiter.tab.rawValue)])
                ],
                "postgres": [
                    "anyOf": [
                        SchemaParts.line(longest: SourcesFormat.longestConnection), SchemaParts.secret,
                    ]
                ],
                "query": query,
                "columns": ["type": "object"],
                "expect": expect,
            ].merging(ServerSchema.fields) { $1 })
        let besides: [(keys: [String], kind: String)] = [
            (SourcesFormat.ofFiles, "file"), (SourcesFormat.ofHTTP, "http"), (SourcesFormat.ofPrometheus, "prometheus"),
        ]
        let only = besides.flatMap { besides in
            besides.keys.map { (key: $0, value: JSONText.list([.text(besides.kind)])) }
        }
        let required: [(key: String, value: JSONText)] = [
            ("postgres", ["query"]), ("prometheus", ["query", "time_zone"]), ("authorities", ["private"]),
        ]
        let shared = [
            (["query"], ["postgres", "prometheus"]), (["concurrency"], SourcesFormat.askedForDays),
            (SourcesFormat.ofServers, ["http", "prometheus"]),
        ]
        .flatMap { keys, kinds in
            keys.map { key in
                let isOneOf: JSONText = ["anyOf": .list(kinds.map { ["required": [.text($0)]] })]
                return (key: key, value: isOneOf)
            }
        }
        return SchemaParts.adding(
            [
                SchemaParts.exactlyOne(of: SourcesFormat.kinds),
                ("dependentRequired", .object(only + required)),
                ("dependentSchemas", .object(shared)),
                ("allOf", .list(Feed.allCases.map(columnsOfFeed))),
            ], to: fields)
    }

    private static var expect: JSONText {
        let days: JSONText = ["type": "string", "pattern": "^(1 day|[1-9][0-9]{0,2} days)$"]
        return SchemaParts.mapping(
            SourcesFormat.expect,
            [
                "every": SchemaParts.words(.rhythm), "from": SchemaParts.date, "late": days, "stale": days,
                "least": SchemaParts.whole(least: 1), "on_gap": onGap,
            ])
    }

    private static var onGap: JSONText {
        let word = SchemaParts.words(.onGap)
        let kinds = Dictionary(SourcesFormat.onGap.map { ($0.key, word) }) { first, _ in first }
        return ["anyOf": [word, SchemaParts.mapping(SourcesFormat.onGap, kinds)]]
    }

    private static func columnsOfFeed(_ feed: Feed) -> JSONText {
        let reference = SchemaParts.reference(columnsName(of: feed))
        return [
            "if": ["required": ["feeds"], "properties": ["feeds": ["const": .text(feed.rawValue)]]],
            "then": ["properties": ["columns": reference]],
        ]
    }

    private static func columnsName(of feed: Feed) -> String { "columns_of_\(feed.rawValue)" }

    private static func columns(of feed: Feed) -> JSONText {
        let values = feed.namedFields.map {
            ($0.name, SchemaParts.reference($0.isRequired ? "column" : "optional_column"))
        }
        let fields = SchemaParts.mapping(SourcesFormat.columns(of: feed), Dictionary(values) { first, _ in first })
        let exclusive = feed.fields.compactMap { field in
            feed.standIns[field.name].map { SchemaParts.atMostOne(of: [field.name, $0.name]) }
        }
        return SchemaParts.adding(exclusive, to: fields)
    }

    /// A column's name, or a rule; a field that its feed cannot do without has no `optional`.
    private static func column(canBeMissing: Bool) -> JSONText {
        let rules = SourcesFormat.columnRule.filter { canBeMissing || $0.key != "optional" }
        let name = SchemaParts.line(longest: SourcesFormat.longestColumn)
        let constant: JSONText = ["type": ["string", "number", "boolean"]]
        let rule = SchemaParts.mapping(
            rules, ["column": name, "value": constant, "optional": SchemaParts.flag])
        return ["anyOf": [name, SchemaParts.adding([SchemaParts.exactlyOne(of: ["column", "value"])], to: rule)]]
    }
}
