package import Billing

/// The rows that were not taken in: where each stood, and what is wrong with it.
package enum RejectionTable {
    /// A value longer than this is shortened for people; JSON has the whole value and the row.
    private static let longestFound = 60

    package static func text(_ rejections: [Rejection]) -> String {
        var page = TextPage()
        guard !rejections.isEmpty else {
            page.paragraph("No rows rejected.")
            return page.text
        }
        var table = TextTable([.left("Where"), .left("Field"), .left("Found"), .left("Expected (reason)")])
        for rejection in rejections {
            let place = rejection.column > 0 ? "\(rejection.line):\(rejection.column)" : "\(rejection.line)"
            table.add(
                "\(rejection.origin):\(place)", rejection.field, rejection.found.visible.shortened(to: longestFound),
                "\(rejection.expected) (\(rejection.reason.rawValue))")
        }
        page.table(table)
        return page.text
    }

    /// `meterbook.rejection-list/1`. The column is absent where the whole row is meant, as is the field.
    package static func json(_ rejections: [Rejection], _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.rejection-list/1", style) { writer in
            writer.array("rejections", of: rejections) { writer, rejection in
                writer.member("origin", rejection.origin)
                writer.member("line", rejection.line)
                writer.member("column", rejection.column > 0 ? rejection.column : nil)
                writer.member("field", rejection.field.isEmpty ? nil : rejection.field)
                writer.member("reason", rejection.reason.rawValue)
                writer.member("found", rejection.found)
                writer.member("expected", rejection.expected)
                writer.member("row", rejection.row)
            }
        }
    }
}
