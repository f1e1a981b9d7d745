import Billing

/// The building blocks of both schemas (JSON Schema 2020-12), made from the tables that the readers check against.
///
/// An editor reads YAML 1.2: `49.00` is a number there and `2022-02-01` a string. So a decimal may be either, and what
/// only the reader can tell (a day that exists, a multiple of a cadence) is left to it.
enum SchemaParts {
    static let dialect: JSONText = "https://json-schema.org/draft/2020-12/schema"

    /// A mapping with exactly these keys, each with its description.
    static func mapping(_ rules: [KeyRule], _ values: [String: JSONText]) -> JSONText {
        let properties = rules.map { rule in
            (
                key: rule.key,
                value: described(values[rule.key] ?? line(longest: CatalogFormat.longestName), rule.meaning)
            )
        }
        let required = rules.filter(\.isRequired).map { JSONText.text($0.key) }
        var entries: [(key: String, value: JSONText)] = [
            ("type", "object"), ("additionalProperties", false),
        ]
        if !required.isEmpty { entries.append(("required", .list(required))) }
        entries.append(("properties", .object(properties)))
        return .object(entries)
    }

    /// A mapping whose keys the writer chooses.
    static func named(_ value: JSONText, least: Int64, most: Int) -> JSONText {
        [
            "type": "object",
            "minProperties": .number(least),
            "maxProperties": .number(Int64(most)),
            "propertyNames": ["pattern": .text(Identifier.pattern)],
            "additionalProperties": value,
        ]
    }

    static func items(_ value: JSONText, most: Int) -> JSONText {
        ["type": "array", "minItems": 1, "maxItems": .number(Int64(most)), "items": value]
    }

    /// The value with a description in front, also beside a reference.
    static func described(_ value: JSONText, _ meaning: String) -> JSONText {
        guard case .object(let entries) = value else { return value }
        return .object([("description", .text(meaning))] + entries)
    }

    static func adding(_ extra: [(key: String, value: JSONText)], to value: JSONText) -> JSONText {
        guard case .object(let entries) = value else { return value }
        return .object(entries + extra)
    }

    /// Exactly one of these keys.
    static func exactlyOne(of keys: [String]) -> (key: String, value: JSONText) {
        ("oneOf", .list(keys.map { ["required": [.text($0)]] }))
    }

    static func atMostOne(of keys: [String]) -> (key: String, value: JSONText) {
        let none: JSONText = ["not": ["anyOf": .list(keys.map { ["required": [.text($0)]] })]]
        return ("oneOf", .list([none] + keys.map { ["required": [.text($0)]] }))
    }

    static func reference(_ name: String) -> JSONText { ["$ref": .text("#/$defs/\(name)")] }

    static func words(_ vocabulary: Problem.Vocabulary) -> JSONText {
        ["enum": .list(vocabulary.words.map { .text($0) })]
    }

    /// The place of a secret.
    static let secret = adding(
        [exactlyOne(of: SecretReference.rules.map(\.key))],
        to: mapping(
            SecretReference.rules,
            [
                "env": ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,199}$"],
                "file": line(longest: SecretReference.longestPath),
                "credential": ["type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$"],
            ]))

    /// Text on one line.
    static func line(longest: Int) -> JSONText {
        [
            "type": "string", "minLength": 1, "maxLength": .number(Int64(longest)),
            "pattern": #"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$"#,
        ]
    }

    /// Text that may have several lines.
    static func lines(longest: Int) -> JSONText {
        [
            "type": "string", "minLength": 1, "maxLength": .number(Int64(longest)),
            "pattern": #"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]+$"#,
        ]
    }

    static let identifier: JSONText = ["type": "string", "pattern": .text(Identifier.pattern)]
    static let date: JSONText = ["type": "string", "pattern": #"^\d{4}-\d{2}-\d{2}$"#]
    static let currency: JSONText = ["type": "string", "pattern": "^[A-Z]{3}$"]
    /// One, or several of which each stands once.
    static let currencies: JSONText = [
        "oneOf": [
            currency,
            adding([("uniqueItems", true)], to: items(currency, most: CatalogFormat.mostCurrencies)),
        ]
    ]
    static let flag: JSONText = ["enum": [true, false, "yes", "no"]]

    /// The words, and the multiples that `Cadence` reads.
    static let cadencePattern: String = {
        let words = CatalogFormat.cadenceWords.joined(separator: "|")
        return "^(\(words)|[1-9][0-9]* (\(words))s)$"
    }()
    static let cadence: JSONText = ["type": "string", "pattern": .text(cadencePattern)]

    /// The same, and one of something with its number.
    static let length = length(CatalogFormat.cadenceWords)
    static let lengthOrPeriods = length(CatalogFormat.cadenceWords + ["period"])

    private static func length(_ units: [String]) -> JSONText {
        let words = units.joined(separator: "|")
        return ["type": "string", "pattern": .text("^(\(words)|1 (\(words))|[1-9][0-9]* (\(words))s)$")]
    }

    static let decimal: JSONText = [
        "type": ["number", "string"], "minimum": 0,
        "pattern": .text(#"^(0|[1-9]\d{0,17})(\.\d{1,\#(ExactDecimal.places)})?$"#),
    ]

    /// A number, or a number for each currency.
    static let money: JSONText = [
        "oneOf": [
            decimal,
            [
                "type": "object", "minProperties": 1, "propertyNames": ["pattern": "^[A-Z]{3}$"],
                "additionalProperties": decimal,
            ],
        ]
    ]

    static func whole(least: Int64) -> JSONText {
        [
            "type": ["integer", "string"], "minimum": .number(least),
            "maximum": .number(CatalogFormat.largestQuantity), "pattern": #"^(0|[1-9]\d{0,15})$"#,
        ]
    }
}
