/// A mistake in a file that a person wrote.
package struct DiagnosticEntry: Sendable {
    package var file: String
    package var line: Int
    package var column: Int
    package var path: String
    package var code: String
    package var found: String
    package var expected: String
    package var hint: String?

    package init(
        file: String, line: Int, column: Int, path: String, code: String, found: String, expected: String, hint: String?
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.code = code
        self.found = found
        self.expected = expected
        self.hint = hint
    }
}

package enum DiagnosticJSON {
    /// `meterbook.diagnostics/1`
    package static func text(_ entries: [DiagnosticEntry]) -> String {
        JSONWriter.document("meterbook.diagnostics/1", .pretty) { writer in
            writer.array("diagnostics", of: entries) { writer, entry in
                writer.member("file", entry.file)
                writer.member("line", entry.line)
                writer.member("column", entry.column)
                writer.member("path", entry.path)
                writer.member("code", entry.code)
                writer.member("found", entry.found)
                writer.member("expected", entry.expected)
                writer.member("hint", entry.hint)
            }
        }
    }
}

/// One thing that a new catalog would change, and whom it would meet.
package struct CatalogChangeEntry: Sendable {
    package var text: String
    /// Nil for what concerns every plan.
    package var plan: String?
    /// How many subscriptions hold the plan.
    package var subscriptions: Int64?
    /// True when days are concerned on which terms were in force before the earliest open period of the plan began.
    package var changesPast: Bool

    package init(text: String, plan: String?, subscriptions: Int64?, changesPast: Bool) {
        self.text = text
        self.plan = plan
        self.subscriptions = subscriptions
        self.changesPast = changesPast
    }
}

package enum CatalogChangeText {
    package static func text(_ changes: [CatalogChangeEntry]) -> String {
        var page = TextPage()
        guard !changes.isEmpty else {
            page.paragraph("The catalog in use says the same.")
            return page.text
        }
        for change in changes {
            page.paragraph(change.text, hanging: 4)
            if let subscriptions = change.subscriptions {
                page.paragraph(
                    "for \(NumberText.grouped(subscriptions)) \(subscriptions == 1 ? "subscription" : "subscriptions")",
                    indent: 4)
            }
            if change.changesPast {
                page.paragraph(
                    "concerns days before the open periods: closed ones keep the catalog that they were rated with",
                    indent: 4)
            }
        }
        return page.text
    }
}

package enum CatalogChangeJSON {
    /// `meterbook.catalog-diff/1`
    package static func text(_ changes: [CatalogChangeEntry]) -> String {
        JSONWriter.document("meterbook.catalog-diff/1", .pretty) { writer in
            writer.array("changes", of: changes) { writer, change in
                writer.member("text", change.text)
                writer.member("plan", change.plan)
                writer.member("subscriptions", change.subscriptions)
                writer.member("changes_past", change.changesPast)
            }
        }
    }
}

package enum AppliedCatalogJSON {
    /// `meterbook.catalog-applied/1`
    package static func text(id: Int32, isNew: Bool, changed: Bool, dividedTotals: Int) -> String {
        JSONWriter.document("meterbook.catalog-applied/1", .pretty) { writer in
            writer.member("catalog", id)
            writer.member("new", isNew)
            writer.member("changed", changed)
            writer.member("divided_totals", dividedTotals)
        }
    }
}
