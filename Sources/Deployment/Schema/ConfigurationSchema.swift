/// The JSON Schema of a configuration file, for editors. `ConfigurationReader` stays the judge.
package enum ConfigurationSchema {
    /// The whole document, the same bytes every time.
    package static var json: String { schema.document }

    private static var schema: JSONText {
        let rules = Setting.allCases.map { KeyRule.optional($0.rawValue, $0.meaning) }
        let values = Setting.allCases.map { ($0.rawValue, value(of: $0)) }
        let document = SchemaParts.adding(
            [SchemaParts.atMostOne(of: Setting.carriers.map(\.rawValue))],
            to: SchemaParts.mapping(rules, Dictionary(values) { first, _ in first }))
        let head: [(key: String, value: JSONText)] = [
            ("$schema", SchemaParts.dialect),
            ("title", "Meterbook configuration"),
            ("description", "What holds for an installation, behind flags and environment variables."),
        ]
        guard case .object(let entries) = document else { return document }
        return .object(head + entries)
    }

    private static func value(of setting: Setting) -> JSONText {
        let line = SchemaParts.line(longest: Setting.longest)
        switch setting.kind {
        // Without a password, which a pattern cannot tell.
        case .connection: return ["anyOf": [line, SchemaParts.secret]]
        case _ where setting.isSecret: return SchemaParts.secret
        case .number(let range):
            return [
                "type": "integer", "minimum": .number(Int64(range.lowerBound)),
                "maximum": .number(Int64(range.upperBound)),
            ]
        case .flag: return SchemaParts.flag
        case .words(let words): return ["enum": .list(words.map { .text($0) })]
        default: return line
        }
    }
}
