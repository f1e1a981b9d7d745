import Billing

/// Turns one file's bytes into rows and defects.
protocol RowReader: AnyObject {
    /// Reads until the page is full or the file has ended; false when it has ended.
    func read(into page: inout PageBuilder) throws(ConnectorError) -> Bool
}

extension ByteWindow {
    /// The part of the unread bytes in which a row may end: with the longest ending, CR LF, behind the longest row.
    ///
    /// What a reader sees must not depend on how much happens to be buffered, so it decides that a row is too long only
    /// when the row fills this view, and until then asks for more.
    func view(rowBytes: Int) -> RowView {
        let limit = rowBytes + 2
        let bytes = bytes
        guard bytes.count >= limit else { return RowView(bytes: bytes, end: isAtEnd ? .file : .buffer) }
        return RowView(bytes: UnsafeBufferPointer(rebasing: bytes[..<limit]), end: .limit)
    }

    /// Adds `row_too_long` for what starts here, and steps behind the physical line that holds the byte at `offset`.
    func rejectTooLong(in view: RowView, skippingFrom offset: Int, page: inout PageBuilder) throws(ConnectorError) {
        page.addDefect(
            .rowTooLong, at: 0, of: view.bytes, line: line, found: "more than \(page.limits.rowBytes) bytes",
            expected: "at most \(page.limits.rowBytes) bytes")
        try skipLine(from: offset)
    }
}

/// Bytes from a row's start on, and what lies behind them.
struct RowView {
    enum End {
        /// More may be read.
        case buffer
        /// The row limit.
        case limit
        /// Nothing.
        case file
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let end: End
}

extension PageBuilder {
    /// Adds the defect and returns true if the row is not storable text: not UTF-8, or with a NUL.
    mutating func rejectIfNotText(_ row: UnsafeBufferPointer<UInt8>, line: Int) -> Bool {
        guard let fault = row.firstTextFault() else { return false }
        if fault.isNUL {
            addDefect(
                .nulCharacter, at: fault.offset, of: row, line: line, found: "a NUL character",
                expected: "text without NUL")
        } else {
            addDefect(
                .invalidUTF8, at: fault.offset, of: row, line: line, found: row.describe(at: fault.offset),
                expected: "UTF-8")
        }
        return true
    }
}
