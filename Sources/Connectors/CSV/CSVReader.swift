import Billing

/// Reads CSV with a header (RFC 4180) from a window of a file.
///
/// Each broken row costs itself and nothing else. Where a row ends is plain while its quotes are sound. When they are
/// not, the rest of the physical line that holds the faulty quote is given up, and reading goes on with the next line:
/// an unclosed quote must not swallow the file behind it. Which line that is follows from the bytes alone, never from
/// how they were buffered.
final class CSVReader: RowReader {
    private let window: ByteWindow
    private let plan: FieldPlan
    private let limits: ConnectorLimits
    private let scanner: CSVScanner
    /// Places of a row's fields, one for each column of the header.
    private var spans: UnsafeMutableBufferPointer<FieldSpan>
    /// Places of the plan's columns, and for each the index of its field in the row, or nil when the header lacks it.
    private let wanted: UnsafeMutableBufferPointer<FieldSpan>
    private var fieldOfColumn: [Int?] = []
    private var columnCount: Int?

    init(_ window: ByteWindow, delimiter: UInt8, plan: FieldPlan, limits: ConnectorLimits) {
        self.window = window
        self.plan = plan
        self.limits = limits
        scanner = CSVScanner(delimiter: delimiter)
        spans = .allocate(capacity: 0)
        wanted = .allocate(capacity: plan.columns.count)
        wanted.initialize(repeating: FieldSpan())
    }

    deinit {
        spans.deallocate()
        wanted.deallocate()
    }

    func read(into page: inout PageBuilder) throws(ConnectorError) -> Bool {
        if columnCount == nil, try !readHeader() { return false }
        while !page.isFull {
            let view = window.view(rowBytes: limits.rowBytes)
            if view.bytes.isEmpty, view.end == .file { break }
            switch scanner.scan(view, spans: spans) {
            case .unfinished where view.end == .buffer:
                try window.more()
            case .unfinished:
                // The row reaches the limit outside of quotes, so the line that it has come to is its own.
                try window.rejectTooLong(in: view, skippingFrom: view.bytes.count, page: &page)
            case .blank(let next):
                window.consume(next, lines: 1)
            case .row(let row):
                take(row, of: view, into: &page)
            case .broken(let fault):
                try giveUp(fault, in: view, page: &page)
            }
        }
        guard window.bytes.isEmpty, window.isAtEnd else { return true }
        try window.checkEnd()
        return false
    }

    private func take(_ row: CSVScanner.Row, of view: RowView, into page: inout PageBuilder) {
        let raw = UnsafeBufferPointer(rebasing: view.bytes[..<row.length])
        defer { consume(row, of: view) }
        let line = window.line
        guard row.length <= limits.rowBytes else {
            page.addDefect(
                .rowTooLong, at: 0, of: raw, line: line, found: "\(row.length) bytes",
                expected: "at most \(limits.rowBytes) bytes")
            return
        }
        guard !page.rejectIfNotText(raw, line: line) else { return }
        guard row.fieldCount == columnCount else {
            page.addDefect(
                .wrongFieldCount, at: 0, of: raw, line: line, found: Self.fields(row.fieldCount),
                expected: "\(Self.fields(spans.count)), as in the header")
            return
        }
        for (index, field) in fieldOfColumn.enumerated() {
            if let field { wanted[index] = spans[field] }
        }
        page.add(raw, line: line, spans: UnsafeBufferPointer(wanted))
    }

    private func consume(_ row: CSVScanner.Row, of view: RowView) {
        let lines =
            row.isQuoted
            ? UnsafeBufferPointer(rebasing: view.bytes[..<row.next]).occurrences(of: Byte.lineFeed)
            : row.next > row.length ? 1 : 0
        window.consume(row.next, lines: lines)
    }

    /// Adds the defect and goes on behind the physical line of the fault.
    private func giveUp(_ fault: CSVScanner.Break, in view: RowView, page: inout PageBuilder) throws(ConnectorError) {
        let lineFeed = view.bytes.firstOffset(of: Byte.lineFeed, from: fault.offset)
        guard let end = lineFeed ?? (view.end == .file ? view.bytes.count : nil) else {
            if view.end == .buffer { return try window.more() }
            return try window.rejectTooLong(in: view, skippingFrom: view.bytes.count, page: &page)
        }
        let consumed = UnsafeBufferPointer(rebasing: view.bytes[..<min(end + 1, view.bytes.count)])
        var length = end
        if lineFeed != nil, length > fault.offset, view.bytes[length - 1] == Byte.carriageReturn { length -= 1 }
        let raw = UnsafeBufferPointer(rebasing: view.bytes[..<length])
        if length > limits.rowBytes {
            page.addDefect(
                .rowTooLong, at: 0, of: raw, line: window.line, found: "\(length) bytes",
                expected: "at most \(limits.rowBytes) bytes")
        } else if !page.rejectIfNotText(raw, line: window.line) {
            page.addDefect(
                fault.reason, at: fault.offset, of: raw, line: window.line, found: fault.found, expected: fault.expected
            )
        }
        window.consume(consumed.count, lines: consumed.occurrences(of: Byte.lineFeed))
    }

    private static func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }

    // MARK: The header

    /// Reads the header and finds the wanted columns; false when the file holds none and no row either.
    private func readHeader() throws(ConnectorError) -> Bool {
        try window.skipByteOrderMark()
        while true {
            let view = window.view(rowBytes: limits.rowBytes)
            if view.bytes.isEmpty, view.end == .file {
                try window.checkEnd()
                return false
            }
            switch scanner.scan(view, spans: spans) {
            case .unfinished where view.end == .buffer:
                try window.more()
            case .unfinished:
                throw broken(.rowTooLong, at: 0, in: view, found: "more than \(limits.rowBytes) bytes")
            case .blank(let next):
                window.consume(next, lines: 1)
            case .broken(let fault):
                throw broken(fault.reason, at: fault.offset, in: view, found: fault.found)
            case .row(let row) where row.fieldCount > spans.count:
                // The first look counts the columns, the second keeps their places.
                spans.deallocate()
                spans = .allocate(capacity: row.fieldCount)
                spans.initialize(repeating: FieldSpan())
            case .row(let row):
                try use(row, of: view)
                return true
            }
        }
    }

    private func use(_ row: CSVScanner.Row, of view: RowView) throws(ConnectorError) {
        let raw = UnsafeBufferPointer(rebasing: view.bytes[..<row.length])
        if let fault = raw.firstTextFault() {
            throw broken(
                fault.isNUL ? .nulCharacter : .invalidUTF8, at: fault.offset, in: view,
                found: raw.describe(at: fault.offset))
        }
        let names = spans.map { span in
            var name: [UInt8] = []
            CSVText.unquote(UnsafeBufferPointer(rebasing: raw[span.start..<span.end]), into: &name)
            return String(decoding: name, as: UTF8.self)
        }
        var missing: [String] = []
        for column in plan.columns {
            let matches = names.indices.filter { names[$0].utf8.elementsEqual(column.name.utf8) }
            guard matches.count <= 1 else {
                throw .duplicateColumn(path: window.file.path, line: window.line, column: column.name, found: names)
            }
            if matches.isEmpty, !column.isOptional { missing.append(column.name) }
            fieldOfColumn.append(matches.first)
        }
        guard missing.isEmpty else {
            throw .missingColumns(path: window.file.path, line: window.line, missing: missing, found: names)
        }
        columnCount = row.fieldCount
        consume(row, of: view)
    }

    private func broken(_ reason: RejectReason, at offset: Int, in view: RowView, found: String) -> ConnectorError {
        let position = SourcePosition(of: offset, in: view.bytes, startingAt: window.line)
        return .brokenHeader(
            path: window.file.path, line: position.line, column: position.column, reason: reason, found: found)
    }
}
