import Testing

@Suite("Setting up")
struct SetUpTests {
    @Test("A migrated database has every migration once, and migrating again changes nothing")
    func migratingAgainChangesNothing() async throws {
        try await withBooks { books in
            let before = try books.sql("SELECT version, sha256, applied_at FROM meterbook.schema_migration ORDER BY 1")
            #expect(before.split(separator: "\n").count == 23)
            #expect(try books.run("migrate").isEmpty)
            #expect(
                try books.sql("SELECT version, sha256, applied_at FROM meterbook.schema_migration ORDER BY 1") == before
            )
        }
    }
}
