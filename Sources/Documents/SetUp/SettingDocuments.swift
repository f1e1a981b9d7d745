/// The settings that hold for a command, without their secrets.
package struct SettingReport: Sendable {
    package struct Entry: Sendable {
        package var key: String
        /// Nil where nothing is set. Of a secret what may be shown.
        package var value: String?
        package var isSecret: Bool
        /// What holds where nothing is set; nil for nothing.
        package var standard: String?
        /// `flag`, `environment`, `credential`, `job`, `file` or `default`.
        package var origin: String
        /// Where it stands, such as `METERBOOK_WORKERS` or `meterbook.yaml:3`; nil where nothing is set.
        package var place: String?

        package init(
            key: String, value: String?, isSecret: Bool, standard: String?, origin: String, place: String?
        ) {
            self.key = key
            self.value = value
            self.isSecret = isSecret
            self.standard = standard
            self.origin = origin
            self.place = place
        }
    }

    /// The configuration file that was read; nil for none.
    package var file: String?
    package var entries: [Entry]

    package init(file: String?, entries: [Entry]) {
        self.file = file
        self.entries = entries
    }
}

package enum SettingDocuments {
    /// `meterbook.config-check/1`: every mistake as a sentence.
    package static func json(file: String?, mistakes: [String]) -> String {
        JSONWriter.document("meterbook.config-check/1", .pretty) { writer in
            writer.member("file", file)
            writer.member("mistakes", mistakes)
        }
    }

    package static func text(_ report: SettingReport, withOrigin: Bool) -> String {
        var page = TextPage()
        page.paragraph("Configuration file: \(report.file ?? "none")")
        page.blank()
        var table = TextTable([.fixed("Setting"), .left("Value")] + (withOrigin ? [.left("From")] : []))
        for entry in report.entries {
            let value = entry.value ?? entry.standard.map { "(\($0))" } ?? "-"
            table.add(cells: [entry.key, value] + (withOrigin ? [entry.place ?? entry.origin] : []))
        }
        page.table(table)
        return page.text
    }

    /// `meterbook.config/1`
    package static func json(_ report: SettingReport) -> String {
        JSONWriter.document("meterbook.config/1", .pretty) { writer in
            writer.member("file", report.file)
            writer.array("settings", of: report.entries) { writer, entry in
                writer.member("key", entry.key)
                writer.member("value", entry.value)
                writer.member("secret", entry.isSecret)
                writer.member("origin", entry.origin)
                writer.member("place", entry.place)
            }
        }
    }
}
