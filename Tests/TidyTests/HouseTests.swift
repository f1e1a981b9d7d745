import Testing

/// Every rule, held against the repository as it is.
@Suite("The rules of the house")
struct HouseTests {
    @Test("A room imports what the design's table says: Billing nothing at all")
    func imports() throws { try holds(Rules.importsOutsideTheTable, on: Tree.sources()) }

    @Test("No SQL text stands outside sql/ and the PostgreSQL client")
    func sqlText() throws { try holds(Rules.sqlText, on: Tree.sources()) }

    @Test("The simulator's oracle takes from the core what a catalog says, and nothing that reckons")
    func oracle() throws {
        let core = try Tree.sources().filter { $0.isBelow("Sources/Billing") }.reduce(into: Set<String>()) {
            $0.formUnion(Rules.declaredTypes($1))
        }
        #expect(core.isSuperset(of: Rules.catalogTypes))
        #expect(core.contains("Closer"))
        let files = try swift().filter { $0.isBelow("Tests/Oracle") }
        try holds({ Rules.borrowedOpinions($0, core: core) }, on: files)
    }

    @Test("Nobody reads a clock but the CLI")
    func clocks() throws { try holds(Rules.clocks, on: Tree.sources()) }

    @Test("Billing has no floating point")
    func floatingPoint() throws { try holds(Rules.floatingPoint, on: Tree.sources()) }

    @Test("A command names itself")
    func commands() throws { try holds(Rules.unnamedCommands, on: Tree.sources()) }

    @Test("Nothing crashes instead of throwing")
    func crashes() throws { try holds(Rules.crashes, on: swift()) }

    @Test("@unchecked Sendable has its reason in the line above")
    func uncheckedSendable() throws { try holds(Rules.uncheckedSendable, on: swift()) }

    @Test("Nothing is left for later")
    func unfinished() throws { try holds(Rules.unfinished, on: swift()) }

    @Test("A Swift file has at most 500 lines")
    func length() throws { try holds(Rules.length, on: swift()) }

    @Test("The top of the repository holds what the design names, and no more")
    func topLevel() throws { #expect(try Rules.topLevel(Tree.top()) == []) }

    @Test("There is a CHANGELOG")
    func changelog() throws { #expect(try Tree.top().contains("CHANGELOG.md")) }

    @Test("A statement opens with its grain, parameters and locks")
    func sqlHeaders() throws { try holds(Rules.sqlHeader, on: Tree.files()) }

    @Test("Names use the words of the design")
    func words() throws { try holds(Rules.bannedWords, on: Tree.files()) }

    @Test("No file names a path of somebody's machine")
    func machinePaths() throws { try holds(Rules.machinePaths, on: Tree.files()) }

    @Test("A folder is named by what is in it")
    func folderNames() throws { try holds(Rules.folderNames, on: Tree.files()) }

    private func swift() throws -> [SourceFile] { try Tree.files().filter { $0.path.hasSuffix(".swift") } }

    private func holds(_ rule: (SourceFile) -> [Finding], on files: [SourceFile]) throws {
        // No file, no finding: a moved folder must not make every rule true.
        #expect(!files.isEmpty)
        let findings = files.flatMap(rule)
        #expect(findings.isEmpty, "\(findings.map { "\($0)" }.joined(separator: "\n"))")
    }
}
