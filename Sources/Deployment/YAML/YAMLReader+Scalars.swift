import Billing

/// Single values, each read from its text.
extension YAMLReader {
    /// Any single value, as written. `NO`, `010` and `1:30` are words here.
    func scalar(_ node: YAMLNode, expected: String) -> String? {
        guard case .scalar(let text, _) = node.content, node.kind == .text else {
            if let kind = node.kind { add(.wrongKind(found: kind, expected: expected), at: node) }
            return nil
        }
        return text
    }

    /// Text for people or for other systems, on one line.
    func text(_ node: YAMLNode, expected: String, limit: Int = CatalogFormat.longestName) -> String? {
        guard let text = scalar(node, expected: expected) else { return nil }
        guard !text.isEmpty else { return reject(.emptyText, node) }
        if let control = text.unicodeScalars.first(where: Quoting.isControl) {
            return reject(.controlCharacterInText(scalar: control.value), node)
        }
        let count = text.unicodeScalars.count
        guard count <= limit else { return reject(.textTooLong(count: count, limit: limit), node) }
        guard text.first != " ", text.last != " " else { return reject(.surroundingSpace(text), node) }
        return text
    }

    /// Text for people that may have several lines; line feeds at its end, which a block of YAML has, do not belong to it.
    func lines(_ node: YAMLNode, expected: String, limit: Int) -> String? {
        guard var text = scalar(node, expected: expected) else { return nil }
        while text.last == "\n" { text.removeLast() }
        guard text.contains(where: { !$0.isWhitespace }) else { return reject(.emptyText, node) }
        let isForbidden = { (scalar: Unicode.Scalar) in scalar != "\n" && Quoting.isControl(scalar) }
        if let control = text.unicodeScalars.first(where: isForbidden) {
            return reject(.controlCharacterInLines(scalar: control.value), node)
        }
        let count = text.unicodeScalars.count
        return count <= limit ? text : reject(.textTooLong(count: count, limit: limit), node)
    }

    func identifier(_ node: YAMLNode, expected: String) -> String? {
        guard let text = scalar(node, expected: expected) else { return nil }
        return Identifier.isValid(text) ? text : reject(.badIdentifier(text), node)
    }

    /// A price of a unit: zero or more, exact.
    func decimal(_ node: YAMLNode) -> ExactDecimal? {
        guard let text = scalar(node, expected: "a decimal number such as 0.10") else { return nil }
        do throws(ExactDecimal.Mistake) {
            return try ExactDecimal(parsing: text)
        } catch {
            switch error {
            case .notADecimal: return reject(.notADecimal(text), node)
            case .negative: return reject(.negativePrice(text), node)
            case .tooManyPlaces: return reject(.tooManyPlaces(text, limit: ExactDecimal.places), node)
            case .tooLarge: return reject(.decimalTooLarge(text), node)
            }
        }
    }

    /// A sum of money in minor units.
    func amount(_ node: YAMLNode, _ currency: Currency) -> Int64? {
        guard let decimal = decimal(node), case .scalar(let text, _) = node.content else { return nil }
        if let minor = decimal.minorUnits(in: currency) { return minor }
        let smallest = ExactDecimal.one / Int128(currency.minorUnits)
        return reject(decimal.units % smallest == 0 ? .amountTooLarge(text) : .amountPlaces(text, currency), node)
    }

    /// A whole number in decimal digits, without sign, separator or leading zero.
    func wholeNumber(_ node: YAMLNode, least: Int64 = 0, expected: String = "a whole number such as 12000") -> Int64? {
        guard let text = scalar(node, expected: expected) else { return nil }
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits.count == 1 || digits.first != "0"
        else { return reject(.notAWholeNumber(text), node) }
        guard !isNegative else { return reject(.negativeNumber(text), node) }
        guard let number = Int64(digits), number <= CatalogFormat.largestQuantity else {
            return reject(.numberTooLarge(text, limit: CatalogFormat.largestQuantity), node)
        }
        return number >= least ? number : reject(.numberTooSmall(text, least: least), node)
    }

    func date(_ node: YAMLNode) -> CivilDate? {
        guard let text = scalar(node, expected: "a date as YYYY-MM-DD, such as 2022-02-01") else { return nil }
        if let date = CivilDate(text) { return date }
        let looksLikeOne =
            text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : (48...57).contains(byte)
            }
        return reject(looksLikeOne ? .noSuchDay(text) : .notADate(text), node)
    }

    func cadence(_ node: YAMLNode) -> Cadence? {
        guard let text = scalar(node, expected: "how often, such as month or year") else { return nil }
        return Cadence(text) ?? reject(.unknownCadence(text), node)
    }

    /// A length of time, also of one: `14 days`, `1 month`, `month`.
    func length(_ node: YAMLNode) -> Cadence? {
        guard let text = scalar(node, expected: "how long, such as 14 days or 1 month") else { return nil }
        return Cadence(length: text) ?? reject(.unknownLength(text), node)
    }

    func flag(_ node: YAMLNode) -> Bool? {
        guard let text = scalar(node, expected: "yes or no") else { return nil }
        switch text {
        case "yes", "true": return true
        case "no", "false": return false
        default: return reject(.notAFlag(text), node)
        }
    }

    /// One word of a closed list.
    func word<Value: RawRepresentable<String>>(_ node: YAMLNode, _ vocabulary: Problem.Vocabulary) -> Value? {
        guard let text = scalar(node, expected: Quoting.oneOf(vocabulary.words)) else { return nil }
        return Value(rawValue: text) ?? reject(.unknownWord(text, vocabulary), node)
    }

    func currency(_ node: YAMLNode) -> Currency? {
        guard let text = scalar(node, expected: "the code of a currency, such as USD") else { return nil }
        if let currency = Currency(code: text) { return currency }
        let isKnown = Currency(code: text.uppercased()) != nil
        return reject(isKnown ? .currencyNotCapital(text) : .unknownCurrency(text), node)
    }

    /// Reports and stands for the value that cannot be had.
    func reject<Value>(_ problem: Problem, _ node: YAMLNode) -> Value? {
        add(problem, at: node)
        return nil
    }
}
