import Foundation
import SQL
import Testing

@Suite("Statements")
struct StatementTests {
    /// The folder of all statements.
    private static let sql = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "sql")

    private static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: sql.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
    }

    @Test("Every file of the numbered stages is a statement, and every statement a file")
    func everyFileIsAStatement() throws {
        let folders = [
            "0-run", "1-land", "2-meter", "3-close", "4-finalize", "5-decide", "6-notice", "7-look", "8-replay",
            "checks",
        ]
        let files = try folders.flatMap(Self.files)
        #expect(files.sorted() == Statement.all.map(\.name).sorted())
        #expect(Set(files).count == files.count)
    }

    @Test("Every migration file is listed, in order")
    func everyMigrationIsListed() throws {
        #expect(try Self.files(in: "schema") == Migration.all.map(\.file))
    }
}
