extension Rules {
    // MARK: - Words

    /// The unambiguous words of the right column of the design's section 1, and the word that is meant.
    private static let instead: [[String]: String] = [
        ["client"]: "customer", ["payer"]: "customer", ["tenant"]: "account", ["rollup"]: "usage total",
        ["quota"]: "allowance", ["rate", "card"]: "catalog", ["ratecard"]: "catalog", ["bill", "run"]: "close",
        ["billrun"]: "close",
    ]

    /// Where a banned word is another word that only looks the same.
    static let otherMeanings: [(below: String, word: [String], reason: String)] = [
        ("Sources/Postgres", ["client"], "the database client: libpq is one"),
        ("Sources/Connectors", ["client"], "the client of a protocol, HTTP for instance"),
    ]
    /// Names that PostgreSQL gave.
    private static let foreignNames: Set = ["client_min_messages", "client_encoding", "client_addr", "client_port"]

    static func bannedWords(_ file: SourceFile) -> [Finding] {
        guard file.room != nil else { return [] }
        let isSwift = file.path.hasSuffix(".swift")
        guard isSwift || file.path.hasSuffix(".sql") else { return [] }
        let lines = isSwift ? SourceText(file.text).code : sqlCode(file.text)
        return numbered(lines).flatMap { number, line in
            identifiers(line).flatMap { identifier -> [Finding] in
                guard !foreignNames.contains(identifier) else { return [] }
                let words = parts(of: identifier)
                return instead.compactMap { banned, word in
                    let meant = otherMeanings.contains { file.isBelow($0.below) && $0.word == banned }
                    guard !meant, words.holds(banned) else { return nil }
                    return Finding(path: file.path, line: number, what: "\(identifier): say \(word)")
                }
            }
        }
    }

    /// The words of a name: `rateCardID` and `rate_cards` both begin with `rate`, `card`.
    static func parts(of identifier: String) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(identifier)
        for (index, character) in characters.enumerated() {
            let nextIsLower = index + 1 < characters.count && characters[index + 1].isLowercase
            let lastWasUpper = index > 0 && characters[index - 1].isUppercase
            // In `HTTPClient` the C begins a word, as the one capital that a small letter follows.
            let begins = character == "_" || (character.isUppercase && (!lastWasUpper || nextIsLower))
            if begins, !word.isEmpty {
                words.append(word)
                word = ""
            }
            if character != "_" { word += character.lowercased() }
        }
        if !word.isEmpty { words.append(word) }
        return words.map { $0.count > 3 && $0.hasSuffix("s") ? String($0.dropLast()) : $0 }
    }

    private static func identifiers(_ line: String) -> [String] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    }

    /// The lines of an SQL file without comments to the line's end and without string literals.
    static func sqlCode(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var code = ""
            var inLiteral = false
            var last: Character?
            for character in line {
                if character == "'" { inLiteral.toggle() }
                if !inLiteral, character == "-", last == "-" { break }
                code.append(inLiteral ? " " : character)
                last = character
            }
            return code
        }
    }

    // MARK: - SQL files

    static func sqlHeader(_ file: SourceFile) -> [Finding] {
        guard file.isBelow("sql"), file.path.hasSuffix(".sql"), !file.isBelow("sql/schema") else { return [] }
        let header = file.lines.prefix { $0.hasPrefix("--") }.map { $0.dropFirst(2).drop(while: \.isWhitespace) }
        return ["grain:", "params:", "locks:"].compactMap { field in
            let isSaid = header.contains { line in
                line.hasPrefix(field) && line.dropFirst(field.count).contains { !$0.isWhitespace }
            }
            return isSaid ? nil : Finding(path: file.path, line: 1, what: "the opening comment has no \"-- \(field)\"")
        }
    }

    // MARK: - Files and folders

    static func length(_ file: SourceFile) -> [Finding] {
        guard file.path.hasSuffix(".swift") else { return [] }
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        return count > 500 ? [Finding(path: file.path, what: "\(count) lines: more than one idea a file")] : []
    }

    static func folderNames(_ file: SourceFile) -> [Finding] {
        let refused: Set = ["util", "utils", "utilities", "common", "helper", "helpers", "new", "misc", "shared"]
        return file.folders.filter { refused.contains($0.lowercased()) }.map {
            Finding(path: file.path, what: "a folder called \($0) says nothing about what is in it")
        }
    }

    static let top: Set = [
        "Package.swift", "Package.resolved", "Sources", "Tests", "sql", "jobs", "Makefile", "README.md", "CHANGELOG.md",
        "LICENSE",
    ]

    static func topLevel(_ names: [String]) -> [Finding] {
        names.filter { !top.contains($0) }.map { Finding(path: $0, what: "does not belong at the top") }
    }

    /// Paths that exist on one machine only. Put together here, so that this file does not hold them.
    static func machinePaths(_ file: SourceFile) -> [Finding] {
        let places = ["work", "root", "farm", "opt/swift"].map { "/" + $0 + "/" }
        return numbered(file.lines).flatMap { number, line in
            places.compactMap { place in
                var rest = line
                while let range = rest.firstRange(of: place) {
                    let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
                    // A longer path that only has the same words in it is nobody's machine.
                    if !before.isLetter, !before.isNumber, !"._-}$".contains(before) {
                        return Finding(path: file.path, line: number, what: "a path of one machine (\(place)…)")
                    }
                    rest = line[range.upperBound...]
                }
                return nil
            }
        }
    }
}

extension [String] {
    /// Whether these words stand in the array one after the other.
    fileprivate func holds(_ words: [String]) -> Bool {
        guard count >= words.count else { return false }
        return (0...(count - words.count)).contains { Array(self[$0..<$0 + words.count]) == words }
    }
}
