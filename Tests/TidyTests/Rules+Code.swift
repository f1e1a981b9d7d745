/// The rules of the house, each a function from files to what is wrong with them.
enum Rules {
    // MARK: - Rooms

    /// What a room may import beside the system's modules (DESIGN, section 3).
    static let imports: [String: Set<String>] = [
        "Billing": [],
        "Failpoints": [],
        "Postgres": ["CLibPQ", "Failpoints"],
        "SQL": [],
        "Store": ["Billing", "Postgres", "SQL"],
        "Deployment": ["Billing", "Yams", "CYaml", "Mustache"],
        "Connectors": [
            "Billing", "Postgres", "Failpoints", "CZlib", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOSSL",
        ],
        "Documents": ["Billing", "Mustache"],
        "PrivateServer": ["Failpoints"],
        // Jobs hand a connection from one step to the next, and do nothing else with it; they run a mail program as a
        // private server is run, and sign webhooks.
        "Jobs": [
            "Billing", "Store", "Postgres", "Connectors", "Deployment", "Documents", "PrivateServer", "Failpoints",
            "Crypto", "Logging",
        ],
        "CLI": [
            "Jobs", "Billing", "Deployment", "Documents", "PrivateServer", "Store", "Postgres", "Failpoints",
            "ArgumentParser", "Configuration", "Logging",
        ],
    ]
    static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization",
    ]
    /// The rooms that are pure: not even the system's modules.
    static let pure: Set<String> = ["Billing", "SQL"]

    static func importsOutsideTheTable(_ file: SourceFile) -> [Finding] {
        guard let room = file.room else { return [] }
        guard let table = imports[room] else {
            return [Finding(path: file.path, what: "no room of the design is called \(room)")]
        }
        let allowed = pure.contains(room) ? table : table.union(system)
        return numbered(SourceText(file.text).code).compactMap { number, line in
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
            else { return nil }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let named = words[(keyword + 1)...].first { !kinds.contains($0) } ?? ""
            let module = named.prefix { $0 != "." && $0 != ";" }
            guard !allowed.contains(String(module)) else { return nil }
            return Finding(path: file.path, line: number, what: "\(room) may not import \(module)")
        }
    }

    private static let accessLevels: Set = ["public", "package", "internal", "fileprivate", "private"]

    // MARK: - Clocks, floating point, crashes

    static func clocks(_ file: SourceFile) -> [Finding] {
        guard let room = file.room, room != "CLI" else { return [] }
        let clocks = [
            "Date()", "Date.now", "Date(timeIntervalSinceNow", "clock_gettime(", "gettimeofday(", "time(nil)",
            "ContinuousClock", "SuspendingClock", "DispatchTime.now", "DispatchWallTime.now", "systemUptime",
        ]
        return find(clocks, in: file) { "\($0) reads a clock: only the CLI may" }
    }

    static func floatingPoint(_ file: SourceFile) -> [Finding] {
        guard file.room == "Billing" else { return [] }
        return find(["Double", "Float", "Float16", "Float32", "Float64", "Float80", "Decimal"], in: file) {
            "\($0): no money and no quantity is a floating-point number, nor Foundation's Decimal"
        }
    }

    /// A command that says its name need not have it made of its type's by reflection, which was a third of every start.
    static func unnamedCommands(_ file: SourceFile) -> [Finding] {
        let lines = numbered(SourceText(file.text).code)
        return zip(lines, lines.dropFirst().map(\.1) + [""]).compactMap { line, next in
            guard contains(line.1, "CommandConfiguration("), !contains(line.1 + next, "commandName:") else {
                return nil
            }
            return Finding(path: file.path, line: line.0, what: "a command without commandName")
        }
    }

    static func crashes(_ file: SourceFile) -> [Finding] {
        find(["try!", "as!", "fatalError("], in: file) { "\($0) ends the program where an error would name the cause" }
    }

    static func uncheckedSendable(_ file: SourceFile) -> [Finding] {
        let source = SourceText(file.text)
        let commented = Set(source.comments.map(\.line))
        return numbered(source.code).compactMap { number, line in
            guard contains(line, "@unchecked Sendable"), !commented.contains(number - 1) else { return nil }
            return Finding(path: file.path, line: number, what: "@unchecked Sendable without the reason above it")
        }
    }

    static func unfinished(_ file: SourceFile) -> [Finding] {
        SourceText(file.text).comments.compactMap { comment in
            let mark = ["TODO", "FIXME", "XXX"].first { contains(comment.text, $0) }
            return mark.map {
                Finding(path: file.path, line: comment.line, what: "\($0): finish it, or say it in an issue")
            }
        }
    }

    // MARK: - SQL in Swift

    /// Files that pass on a statement which somebody else wrote, with the words that they put around it: what reads a
    /// deployment's own query takes its rows through a cursor.
    private static func wraps(_ word: String, _ file: SourceFile) -> Bool {
        file.isBelow("Sources/Connectors") && file.path.contains("Postgres")
            && ["DECLARE", "FETCH", "CLOSE"].contains(word)
    }

    private static let sqlRooms: Set = ["Billing", "Store", "Connectors", "Documents", "Jobs", "CLI", "Deployment"]
    private static let sqlWords: Set = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "COPY", "CREATE", "ALTER", "DROP",
        "TRUNCATE",
        "GRANT", "REVOKE", "LOCK", "DECLARE", "FETCH", "CLOSE", "ANALYZE", "VACUUM",
    ]

    /// A literal whose first word is one of SQL's, in capitals as we write it, and that has a second word.
    static func sqlText(_ file: SourceFile) -> [Finding] {
        guard let room = file.room, sqlRooms.contains(room) else { return [] }
        return SourceText(file.text).literals.compactMap { literal in
            let words = literal.text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count > 1, sqlWords.contains(words[0]) else { return nil }
            if wraps(words[0], file) { return nil }
            return Finding(path: file.path, line: literal.line, what: "SQL text (\(words[0]) …) belongs in sql/")
        }
    }

    // MARK: - Finding words

    /// Where code holds one of these needles as whole words.
    private static func find(_ needles: [String], in file: SourceFile, _ what: (String) -> String) -> [Finding] {
        numbered(SourceText(file.text).code).flatMap { number, line in
            needles.filter { contains(line, $0) }.map { Finding(path: file.path, line: number, what: what($0)) }
        }
    }

    static func numbered<Line>(_ lines: [Line]) -> [(Int, Line)] {
        lines.enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// Whether a text holds a needle that no letter, digit or underscore continues at an end where it has one itself.
    static func contains(_ text: String, _ needle: String) -> Bool {
        func isWord(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        var rest = text[...]
        while let range = rest.firstRange(of: needle) {
            let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : nil
            let after = range.upperBound < text.endIndex ? text[range.upperBound] : nil
            let starts = !(isWord(needle.first) && isWord(before))
            let ends = !(isWord(needle.last) && isWord(after))
            if starts && ends { return true }
            rest = text[text.index(after: range.lowerBound)...]
        }
        return false
    }
}
