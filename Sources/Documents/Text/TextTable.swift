/// A table in plain text: aligned columns under an underlined header, without lines between them.
///
/// A table that is too wide wraps its columns of words, the widest first: between words as long as that suffices, and
/// then within them. Where even that does not suffice (numbers and dates are never broken), each row becomes a record of
/// its own, a field on a line: nothing is cut and nothing runs over the edge, whatever the data.
package struct TextTable: Sendable {
    package struct Column: Hashable, Sendable {
        fileprivate enum Kind: Hashable, Sendable {
            case words
            case fixed
            case number
        }

        fileprivate let title: String
        fileprivate let kind: Kind

        /// Words: aligned left, and wrapped where the table is too wide.
        package static func left(_ title: String) -> Column { Column(title: title, kind: .words) }
        /// A date or another value of a fixed form: aligned left, never wrapped.
        package static func fixed(_ title: String) -> Column { Column(title: title, kind: .fixed) }
        /// A number: aligned right, never wrapped.
        package static func right(_ title: String) -> Column { Column(title: title, kind: .number) }
    }

    private static let gap = "  "
    /// A column is not wrapped narrower than this.
    private static let narrowest = 10

    private let columns: [Column]
    private let hasHeader: Bool
    private var rows: [[String]] = []
    private var footer: [[String]] = []

    /// - Parameter hasHeader: false leaves the titles out, except where a row has to become a record.
    package init(_ columns: [Column], hasHeader: Bool = true) {
        self.columns = columns
        self.hasHeader = hasHeader
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; a missing cell is empty, one too many is ignored.
    package mutating func add(_ cells: String...) {
        add(cells: cells)
    }

    package mutating func add(cells: [String]) {
        rows.append(complete(cells))
    }

    /// Adds a row below a second line, for totals.
    package mutating func addFooter(_ cells: String...) {
        addFooter(cells: cells)
    }

    package mutating func addFooter(cells: [String]) {
        footer.append(complete(cells))
    }

    private func complete(_ cells: [String]) -> [String] {
        columns.indices.map { $0 < cells.count ? cells[$0].visible : "" }
    }

    /// The lines of the table, each at most `width` columns wide.
    package func lines(width: Int = TextPage.width) -> [String] {
        guard let widths = layout(width) else { return records(width) }
        var lines: [String] = []
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap)
        if hasHeader {
            lines += render(columns.map(\.title), widths)
            lines.append(rule)
        }
        for row in rows { lines += render(row, widths) }
        if !footer.isEmpty { lines.append(rule) }
        for row in footer { lines += render(row, widths) }
        return lines
    }

    private var titles: [[String]] { hasHeader ? [columns.map(\.title)] : [] }

    /// The width of each column; nil when the table does not fit.
    private func layout(_ width: Int) -> [Int]? {
        let all = titles + rows + footer
        let natural = columns.indices.map { column in all.map { $0[column].displayWidth }.max() ?? 0 }
        let room = width - Self.gap.utf8.count * (columns.count - 1)
        if natural.reduce(0, +) <= room { return natural }
        let narrow = columns.indices.map { column in
            columns[column].kind == .words ? min(natural[column], Self.narrowest) : natural[column]
        }
        let unbroken = columns.indices.map { column in
            columns[column].kind == .words
                ? max(narrow[column], all.map { $0[column].longestPiece }.max() ?? 0) : natural[column]
        }
        guard let widths = shrink(natural, to: unbroken, room) ?? shrink(natural, to: narrow, room) else { return nil }
        // Breaking at words may leave a column narrower than it was allowed to be.
        return columns.indices.map { column in
            all.flatMap { $0[column].wrapped(to: widths[column]) }.map(\.displayWidth).max() ?? 0
        }
    }

    /// Takes columns away from the widest, and then from the next widest, but from none below its least width.
    private func shrink(_ widths: [Int], to least: [Int], _ room: Int) -> [Int]? {
        var widths = widths
        var excess = widths.reduce(0, +) - room
        while excess > 0 {
            let wide = columns.indices.filter { widths[$0] > least[$0] }
            guard let widest = wide.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func render(_ row: [String], _ widths: [Int]) -> [String] {
        let cells = zip(row, widths).map { $0.wrapped(to: $1) }
        let height = cells.map(\.count).max() ?? 0
        return (0..<height).map { line in
            columns.indices.map { column in
                let text = line < cells[column].count ? cells[column][line] : ""
                switch columns[column].kind {
                case .words, .fixed: return text.padded(to: widths[column])
                case .number: return text.aligned(to: widths[column])
                }
            }.joined(separator: Self.gap).withoutTrailingSpaces
        }
    }

    /// Each row as lines of title and value, with an empty line between two rows.
    private func records(_ width: Int) -> [String] {
        let label = columns.map(\.title.displayWidth).max() ?? 0
        var lines: [String] = []
        for row in rows + footer {
            if !lines.isEmpty { lines.append("") }
            for (column, value) in zip(columns, row) where !value.isEmpty {
                let wrapped = value.wrapped(to: width - label - Self.gap.utf8.count)
                for (index, text) in wrapped.enumerated() {
                    let title = (index == 0 ? column.title : "").padded(to: label)
                    lines.append((title + Self.gap + text).withoutTrailingSpaces)
                }
            }
        }
        return lines
    }
}
