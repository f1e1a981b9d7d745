/// The keys of a source that is a server.
enum ServerSchema {
    static let fields: [String: JSONText] = [
        "http": address,
        "body": SchemaParts.words(.body),
        "records": path,
        "pages": pages,
        "prometheus": address,
        "step": ["enum": .list(steps.map { .number($0) })],
        "time_zone": SchemaParts.line(longest: CatalogFormat.longestName),
        "days": whole(most: 45),
        "from_zero": SchemaParts.flag,
        "concurrency": whole(most: SourcesFormat.mostConcurrency),
        "auth": auth,
        "private": SchemaParts.flag,
        "authorities": SchemaParts.line(longest: SourcesFormat.longestPath),
        "limits": SchemaParts.mapping(SourcesFormat.limits, SourcesFormat.largest.mapValues(whole)),
    ]

    private static let steps = (10...1_800).filter { 1_800 % $0 == 0 }.map(Int64.init)

    private static let address: JSONText = [
        "type": "string", "pattern": "^https?://[^@#]+$", "maxLength": .number(Int64(SourcesFormat.longestAddress)),
    ]

    private static let path: JSONText = [
        "type": "string", "pattern": #"^[^.]+(\.[^.]+){0,15}$"#,
        "maxLength": .number(Int64(SourcesFormat.longestColumn)),
    ]

    private static let optionalPath: JSONText = [
        "anyOf": [path, SchemaParts.mapping(SourcesFormat.pathRule, ["path": path, "optional": SchemaParts.flag])]
    ]

    private static let pages: JSONText = SchemaParts.adding(
        [
            SchemaParts.exactlyOne(of: SourcesFormat.pageKinds),
            ("dependentRequired", ["cursor": ["parameter"], "parameter": ["cursor"]]),
        ],
        to: SchemaParts.mapping(
            SourcesFormat.pages,
            [
                "cursor": optionalPath, "next": optionalPath, "number": SchemaParts.whole(least: 0),
                "link": ["const": "next"],
            ]))

    private static let auth: JSONText = SchemaParts.adding(
        [SchemaParts.exactlyOne(of: SourcesFormat.auth.map(\.key))],
        to: SchemaParts.mapping(
            SourcesFormat.auth,
            [
                "bearer": SchemaParts.secret,
                "basic": SchemaParts.mapping(SourcesFormat.basic, ["password": SchemaParts.secret]),
                "header": SchemaParts.mapping(SourcesFormat.header, ["value": SchemaParts.secret]),
            ]))

    private static func whole(most: Int64) -> JSONText {
        ["type": ["integer", "string"], "minimum": 1, "maximum": .number(most), "pattern": #"^[1-9]\d{0,8}$"#]
    }
}
