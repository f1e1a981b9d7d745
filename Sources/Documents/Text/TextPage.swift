/// A page of plain text for a terminal of 80 columns or a pipe, written from top to bottom.
///
/// Whatever is put on it is made safe for a terminal and wrapped, never cut. No line ends with a space, and the text ends
/// with one line feed.
package struct TextPage: Sendable {
    package static let width = 80

    package private(set) var text = ""

    package init() {}

    /// A page of entries one below the other.
    ///
    /// - Parameter words: what the page says where there are none.
    static func list<Entry>(
        _ entries: [Entry], orElse words: String, _ write: (inout TextPage, Entry) -> Void
    ) -> String {
        var page = TextPage()
        if entries.isEmpty { page.paragraph(words) }
        for entry in entries { write(&page, entry) }
        return page.text
    }

    private mutating func end(_ line: String) {
        text += line.withoutTrailingSpaces
        text += "\n"
    }

    package mutating func blank() {
        end("")
    }

    /// How many entries a list that was cut short leaves out; nothing where it was not.
    package mutating func rest(of count: Int, beyond limit: Int) {
        guard count > limit else { return }
        paragraph("and \(NumberText.grouped(Int64(count - limit))) more: --limit, or --json for all of them.")
    }

    /// A paragraph; the lines after its first are indented by `hanging` more.
    package mutating func paragraph(_ content: String, indent: Int = 0, hanging: Int = 0) {
        var margin = indent
        for line in content.visible.wrapped(to: Self.width - indent, then: Self.width - indent - hanging) {
            end(String(repeating: " ", count: margin) + line)
            margin = indent + hanging
        }
    }

    /// Words at the left and words at the right edge: on one line where both fit, else one below the other.
    package mutating func pair(_ left: String, _ right: String, indent: Int = 0) {
        let (left, right) = (left.visible, right.visible)
        let room = Self.width - indent - left.displayWidth
        if right.displayWidth + 2 <= room {
            end(String(repeating: " ", count: indent) + left + right.aligned(to: room))
            return
        }
        paragraph(left, indent: indent)
        guard !right.isEmpty else { return }
        for line in right.wrapped(to: Self.width - indent) { end(line.aligned(to: Self.width)) }
    }

    /// A label and what stands beside it, wrapped in a column of its own.
    package mutating func fact(_ label: String, _ value: String, indent: Int = 2, labelWidth: Int = 15) {
        var margin = String(repeating: " ", count: indent) + label.padded(to: labelWidth)
        for line in value.visible.wrapped(to: Self.width - indent - labelWidth) {
            end(margin + line)
            margin = String(repeating: " ", count: indent + labelWidth)
        }
    }

    package mutating func table(_ table: TextTable, indent: Int = 0) {
        for line in table.lines(width: Self.width - indent) { end(String(repeating: " ", count: indent) + line) }
    }

    /// A line that has been laid out already, of text that is safe.
    mutating func line(_ content: String) {
        end(content)
    }
}
