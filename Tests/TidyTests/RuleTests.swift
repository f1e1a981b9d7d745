import Testing

/// Every rule, held against snippets that break it and snippets that do not: a rule that cannot fail guards nothing.
@Suite("A rule of the house finds what it is for")
struct RuleTests {
    @Test(
        "imports",
        arguments: [
            ("Billing", "import Foundation", 1), ("Billing", "import Glibc", 1), ("Billing", "import Swift", 1),
            ("Postgres", "internal import CLibPQ", 0), ("Postgres", "import Billing", 1),
            ("Store", "package import Billing\nimport SQL\nimport Foundation", 0), ("Store", "import Jobs", 1),
            ("Deployment", "import Yams", 0), ("Connectors", "import Yams", 1), ("PrivateServer", "import Store", 1),
            ("Jobs", "import Connectors", 0), ("Jobs", "import ArgumentParser", 1), ("CLI", "import ArgumentParser", 0),
            ("CLI", "@preconcurrency import struct Connectors.Page", 1), ("Utils", "", 1),
            ("Documents", "// import Store\nlet a = \"import Store\"", 0),
        ])
    func imports(room: String, text: String, count: Int) {
        #expect(Rules.importsOutsideTheTable(file("Sources/\(room)/A.swift", text)).count == count)
    }

    @Test("What the oracle may not take from the core: types that reckon, and members of the catalog's types that do")
    func borrowedOpinions() {
        let core = Rules.declaredTypes(
            file(
                "Sources/Billing/A.swift",
                "package struct Closer: Sendable {\n    struct Inner {}\n}\n@frozen package enum Rounding {}\n// struct Word"
            ))
        #expect(core == ["Closer", "Rounding"])
        let text = "let a = Closer()\nlet b = Rounding.down\nlet c = b.divide(1, by: 2)\n// Closer\nlet closer = 1"
        #expect(Rules.borrowedOpinions(file("Tests/Oracle/A.swift", text), core: core).map(\.line) == [1, 3])
        #expect(Rules.borrowedOpinions(file("Tests/Simulation/A.swift", text), core: core).isEmpty)
    }

    @Test("SQL text, where it stands and which words are prose")
    func sqlText() {
        let bad = "let a = \"SELECT 1\"\nlet b = \"\"\"\n    INSERT INTO t\n    \"\"\"\nlet c = #\"WITH a AS\"#"
        #expect(Rules.sqlText(file("Sources/Store/A.swift", bad)).map(\.line) == [1, 2, 5])
        #expect(Rules.sqlText(file("Sources/Jobs/A.swift", "f(\"a \\(g(\"DELETE FROM t\"))\")")).count == 1)
        #expect(Rules.sqlText(file("Sources/Postgres/A.swift", bad)).isEmpty)
        let prose = "let a = \"Select a plan\"\n// SELECT 1\nlet b = \"UPDATE\"\nlet c = \"Copy of it\""
        #expect(Rules.sqlText(file("Sources/Store/A.swift", prose)).isEmpty)
        let cursor = "run(\"DECLARE c CURSOR FOR \\(query)\"); run(\"FETCH 100 FROM c\")"
        #expect(Rules.sqlText(file("Sources/Connectors/PostgresConnector.swift", cursor)).isEmpty)
        #expect(Rules.sqlText(file("Sources/Connectors/Cursor.swift", cursor)).count == 2)
        #expect(Rules.sqlText(file("Sources/Store/Cursor.swift", cursor)).count == 2)
    }

    @Test(
        "clocks",
        arguments: [
            "Date()", "Date.now", "clock_gettime(CLOCK_MONOTONIC, &t)", "time(nil)", "ContinuousClock().now",
            "SuspendingClock()", "DispatchTime.now()", "ProcessInfo.processInfo.systemUptime",
        ])
    func clocks(code: String) {
        #expect(Rules.clocks(file("Sources/Jobs/A.swift", "let a = \(code)")).count == 1)
        #expect(Rules.clocks(file("Sources/CLI/A.swift", "let a = \(code)")).isEmpty)
        #expect(Rules.clocks(file("Sources/Jobs/A.swift", "// \(code)\nlet a = \"\(code)\"")).isEmpty)
        #expect(Rules.clocks(file("Sources/Jobs/A.swift", "CivilDate(); runtime(nil); update()")).isEmpty)
    }

    @Test("floating point in Billing, and only there")
    func floatingPoint() {
        let bad = "let a: Double = 1\nlet b = Float(2)\nlet c: Decimal"
        #expect(Rules.floatingPoint(file("Sources/Billing/A.swift", bad)).count == 3)
        #expect(Rules.floatingPoint(file("Sources/Jobs/A.swift", bad)).isEmpty)
        #expect(Rules.floatingPoint(file("Sources/Billing/A.swift", "let DoubleEntry = \"Double\" // Float")).isEmpty)
    }

    @Test("commands that are named by their type alone")
    func unnamedCommands() {
        let bad = "let a = CommandConfiguration(\n    abstract: \"commandName:\")\nlet b = CommandConfiguration()"
        #expect(Rules.unnamedCommands(file("Sources/CLI/A.swift", bad)).map(\.line) == [1, 3])
        let good =
            "let a = CommandConfiguration(\n    commandName: \"a\")\nlet b = CommandConfiguration(commandName: \"b\")"
        #expect(Rules.unnamedCommands(file("Sources/CLI/A.swift", good)).isEmpty)
    }

    @Test("crashes in code, not in comments or text")
    func crashes() {
        let bad = "let a = try! f()\nlet b = c as! D\nfatalError(\"no\")\nprint(\"\\(try! g())\")"
        #expect(Rules.crashes(file("Tests/X/A.swift", bad)).map(\.line) == [1, 2, 3, 4])
        let good = "// try! as! fatalError(\nlet a = \"try! x\" /* as! /* try! */ */\nmyfatalError()\nx = alias!"
        #expect(Rules.crashes(file("Tests/X/A.swift", good)).isEmpty)
    }

    @Test("@unchecked Sendable without a reason")
    func uncheckedSendable() {
        let bad = "// Why.\n\nfinal class A: @unchecked Sendable {}"
        #expect(Rules.uncheckedSendable(file("A.swift", bad)).map(\.line) == [3])
        #expect(Rules.uncheckedSendable(file("A.swift", "// Why.\nfinal class A: @unchecked Sendable {}")).isEmpty)
    }

    @Test("marks of unfinished work")
    func unfinished() {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        for mark in marks { #expect(Rules.unfinished(file("A.swift", "a // \(mark): later")).count == 1) }
        #expect(Rules.unfinished(file("A.swift", "// XXXL is a size; \"TODOs\" a plural\nlet a = \"TODO\"")).isEmpty)
    }

    @Test("long files")
    func length() {
        #expect(Rules.length(file("A.swift", String(repeating: "\n", count: 500))).isEmpty)
        #expect(Rules.length(file("A.swift", String(repeating: "\n", count: 501))).count == 1)
    }

    @Test("strangers at the top, and folders named after nothing")
    func places() {
        #expect(Rules.topLevel(["Sources", "LICENSE", "notes.txt"]).map(\.path) == ["notes.txt"])
        #expect(Rules.folderNames(file("Sources/Jobs/Helpers/A.swift", "")).count == 1)
        #expect(Rules.folderNames(file("Sources/Jobs/News/Common.swift", "")).isEmpty)
    }

    @Test("headers of statements")
    func sqlHeader() {
        let good = "-- grain:  one run\n-- params: none\n-- locks:  none\nSELECT 1"
        #expect(Rules.sqlHeader(file("sql/3-close/a.sql", good)).isEmpty)
        #expect(Rules.sqlHeader(file("sql/3-close/a.sql", "-- grain: x\n-- params:\nSELECT 1 -- locks: y")).count == 2)
        #expect(Rules.sqlHeader(file("sql/checks/a.sql", "SELECT 1\n" + good)).count == 3)
        #expect(Rules.sqlHeader(file("sql/schema/1_a.sql", "CREATE TABLE a ()")).isEmpty)
    }

    @Test(
        "words that the design replaces",
        arguments: [
            ("Sources/Jobs/A.swift", "let client = 1", 1), ("Sources/Jobs/A.swift", "struct HTTPClients {}", 1),
            ("Sources/Jobs/A.swift", "let rateCardID, quotas", 2), ("Sources/Jobs/A.swift", "var lastBillRun", 1),
            ("Sources/Jobs/A.swift", "let payer // client\nlet a = \"tenant\"", 1),
            ("Sources/Jobs/A.swift", "let clientele, rate, card, repayer", 0),
            ("Sources/Postgres/A.swift", "let client = 1", 0), ("Tests/X/A.swift", "let client = 1", 0),
            ("sql/1-land/a.sql", "SELECT rate_card, tenant_id -- client\n, 'quota'", 2),
            ("sql/1-land/a.sql", "SET client_min_messages = warning", 0),
        ])
    func words(path: String, text: String, count: Int) {
        #expect(Rules.bannedWords(file(path, text)).count == count)
    }

    @Test("paths of a machine")
    func machinePaths() {
        for place in ["work", "root", "farm"] {
            #expect(Rules.machinePaths(file("README.md", "see /" + place + "/notes")).count == 1)
            #expect(Rules.machinePaths(file("README.md", "see home/" + place + "/notes or /\(place).")).isEmpty)
        }
    }

    @Test("A Swift file is taken apart into code, literals and comments")
    func sourceText() {
        let source = SourceText(
            "let a = \"x \\(f(\"y\" /* c */)) z\" // d\nlet b = #\"\\(q) \"\" \"#\n\"\"\"\n  m \"n\"\n\"\"\"")
        #expect(source.literals.map(\.text) == ["y", "x \u{FFFC} z", "\\(q) \"\" ", "\n  m \"n\"\n"])
        #expect(source.literals.map(\.line) == [1, 1, 2, 3])
        #expect(source.comments.map(\.text) == ["/* c */", "// d"])
        #expect(source.code.count == 5)
        #expect(source.code[0].split(separator: " ") == ["let", "a", "=", "f(", ")"])
    }

    private func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }
}
