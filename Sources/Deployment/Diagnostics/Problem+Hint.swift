import Billing

extension Problem {
    /// What to type, where that can be told.
    package var hint: String? {
        switch self {
        case .tab: "YAML does not indent with tabs"
        case .tag: "put text into quotes instead"
        case .anchor, .alias, .mergeKey: "one place may look like another, but a reviewer should see what it says"
        case .unknownKey(let key, let known): Suggestion.text(for: key, among: known)
        case .unknownMeter(let key, let known), .unknownPrice(let key, let known),
            .unknownName(let key, let known), .otherCurrency(let key, let known),
            .unknownPlan(let key, let known), .unknownCategory(let key, let known):
            Suggestion.text(for: key, among: known)
        // Words of one character are all alike.
        case .unknownWord(_, .delimiter): nil
        case .unknownWord(let word, let vocabulary): Suggestion.text(for: word, among: vocabulary.words)
        case .unknownCadence(let word), .unknownLength(let word):
            Suggestion.text(for: word, among: CatalogFormat.cadenceWords)
        case .unknownFinalization(let word): Suggestion.text(for: word, among: ["at_once", "by_hand"])
        case .unknownWindow(let word): Suggestion.text(for: word, among: ["period", "previous_month"])
        case .wrongKind(.null, _): "if the word itself is meant, put it into quotes"
        case .currencyNotCapital(let text): "write \(text.uppercased())"
        case .unknownCountry(let text): Country.meant(by: text).map { "write \($0.code)" }
        case .severalCategories: "write a discount for each"
        case .badIdentifier(let text): Suggestion.identifier(for: text).map { "for example \($0)" }
        case .notADecimal(let text), .notAWholeNumber(let text): Suggestion.number(for: text)
        case .negativePrice: "a discount is not a negative price"
        case .notADate(let text): Suggestion.date(for: text)
        case .notALimit(let text): Suggestion.text(for: text, among: [CatalogFormat.unlimited])
        case .notAFlag(let text):
            ["yes", "no", "true", "false"].contains(text.lowercased()) ? "write \(text.lowercased())" : nil
        case .passwordInText: "name its place with \(SecretReference.forms), or use a service file or .pgpass"
        case .sameMeter: "write one price with tiers, or leave out one of the allowances"
        case .overlappingVersions: "set 'signed_up', or another date"
        case .missingParameter: "for example: WHERE day >= $1 AND day < $2"
        default: nil
        }
    }
}
