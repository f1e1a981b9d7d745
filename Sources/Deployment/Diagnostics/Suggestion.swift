/// Guesses at what was meant.
package enum Suggestion {
    /// `did you mean 'name'?`, or nil when nothing known is close.
    package static func text(for word: String, among known: [String]) -> String? {
        closest(to: word, among: known).map { "did you mean '\($0)'?" }
    }

    /// The known word with the fewest typing mistakes, at most one in three characters; the first listed of equals.
    package static func closest(to word: String, among known: [String]) -> String? {
        let written = Array(word.lowercased().utf8.prefix(65))
        guard written.count <= 64 else { return nil }
        // 'monthly' for 'month' is no typing mistake, and yet clear.
        if let start = known.first(where: { $0.utf8.count >= 4 && written.starts(with: $0.utf8) }) { return start }
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = editDistance(written, Array(candidate.utf8))
            guard distance <= max(1, candidate.utf8.count / 3), distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1] + [Int](repeating: 0, count: right.count)
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (letter == other ? 0 : 1)
                current[column + 1] = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    current[column + 1] = min(current[column + 1], older[column - 1] + 1)
                }
            }
            (older, previous) = (previous, current)
        }
        return previous[right.count]
    }

    /// A valid identifier that looks like the text, if there is one.
    static func identifier(for text: String) -> String? {
        let mapped = text.lowercased().unicodeScalars.prefix(64).map { scalar in
            Identifier.isLetter(scalar) || Identifier.isRest(scalar) ? String(scalar) : "-"
        }.joined()
        // Runs of what cannot stay become one hyphen.
        let joined = mapped.split(separator: "-").joined(separator: "-")
        let trimmed = String(joined.drop { !("a"..."z").contains($0) })
        return Identifier.isValid(trimmed) && trimmed != text ? trimmed : nil
    }

    /// Why a text that looks like a number is not read as one.
    package static func number(for text: String) -> String? {
        let characters = Set(text)
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        if characters.contains(",") { return "write a point for decimals and nothing between thousands" }
        if characters.contains("_") || characters.contains(" ") { return "write the digits without separators" }
        if characters.contains(":") { return "YAML 1.1 would read this as base 60" }
        if text.lowercased().hasPrefix("0x") || text.lowercased().hasPrefix("0o") { return "write it in decimal" }
        if characters.contains("e") || characters.contains("E") { return "write the number out, without an exponent" }
        if text.hasPrefix(".") { return "write 0\(shortened(text))" }
        if text.hasPrefix("+") { return "write it without the sign" }
        let trimmed = text.drop { $0 == "0" }
        if text.count > 1, text.hasPrefix("0"), characters.isSubset(of: Set("0123456789.")) {
            let whole = trimmed.isEmpty || trimmed.hasPrefix(".") ? "0\(trimmed)" : String(trimmed)
            return whole == text ? nil : "YAML 1.1 would read a leading zero as octal; write \(shortened(whole))"
        }
        if characters.contains("$") || characters.contains("€") || characters.contains("%") {
            return "write the number alone"
        }
        return nil
    }

    /// A date in another notation, told apart only where that is certain.
    static func date(for text: String) -> String? {
        if text.contains("T") || text.contains(":") { return "a day, without a time" }
        if text.contains("/") || text.contains(".") { return "year, month, day, with '-' between them" }
        return nil
    }

    private static func shortened(_ text: String) -> String { String(text.prefix(40)) }
}

/// The names by which a deployment's parts refer to each other.
enum Identifier {
    /// As a regular expression, for the schemas.
    static let pattern = "^[a-z][a-z0-9_-]{0,63}$"

    static func isValid(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, isLetter(first), text.utf8.count <= 64 else { return false }
        return scalars.allSatisfy { isLetter($0) || isRest($0) }
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }

    static func isRest(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
    }
}
