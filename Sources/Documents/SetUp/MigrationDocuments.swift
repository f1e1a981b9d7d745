/// A migration and whether it has been applied.
package struct MigrationEntry: Sendable {
    package var version: String
    package var name: String
    package var sha256: String
    /// Microseconds since 1970-01-01 UTC; nil while it is missing.
    package var appliedAt: Int64?

    package init(version: String, name: String, sha256: String, appliedAt: Int64?) {
        self.version = version
        self.name = name
        self.sha256 = sha256
        self.appliedAt = appliedAt
    }
}

package enum MigrationText {
    package static func text(_ entries: [MigrationEntry]) -> String {
        var page = TextPage()
        var table = TextTable([.left("Migration"), .left("Applied"), .left("SHA-256")])
        for entry in entries {
            table.add(
                "\(entry.version)_\(entry.name)", entry.appliedAt.map(InstantText.brief) ?? "missing",
                String(entry.sha256.prefix(12)))
        }
        page.table(table)
        return page.text
    }
}

package enum MigrationJSON {
    /// `meterbook.migrations/1`
    package static func text(_ entries: [MigrationEntry]) -> String {
        JSONWriter.document("meterbook.migrations/1", .pretty) { writer in
            writer.array("migrations", of: entries) { writer, entry in
                writer.member("version", entry.version)
                writer.member("name", entry.name)
                writer.member("sha256", entry.sha256)
                writer.member("applied_at", instant: entry.appliedAt)
            }
        }
    }
}
