/// Reads newline-delimited JSON from a window of a file: each line one object, lines of nothing but white space skipped.
final class NDJSONReader: RowReader {
    private let window: ByteWindow
    private let limits: ConnectorLimits
    private let records: RecordReader
    private var hasStarted = false

    init(_ window: ByteWindow, plan: FieldPlan, limits: ConnectorLimits) {
        self.window = window
        self.limits = limits
        records = RecordReader(plan: plan, limits: limits)
    }

    func read(into page: inout PageBuilder) throws(ConnectorError) -> Bool {
        if !hasStarted { try window.skipByteOrderMark() }
        hasStarted = true
        while !page.isFull {
            let view = window.view(rowBytes: limits.rowBytes)
            if view.bytes.isEmpty, view.end == .file { break }
            let lineFeed = view.bytes.firstOffset(of: Byte.lineFeed)
            guard let end = lineFeed ?? (view.end == .file ? view.bytes.count : nil) else {
                if view.end == .buffer {
                    try window.more()
                } else {
                    try window.rejectTooLong(in: view, skippingFrom: view.bytes.count, page: &page)
                }
                continue
            }
            var length = end
            if lineFeed != nil, length > 0, view.bytes[length - 1] == Byte.carriageReturn { length -= 1 }
            records.take(UnsafeBufferPointer(rebasing: view.bytes[..<length]), line: window.line, into: &page)
            window.consume(lineFeed == nil ? end : end + 1, lines: lineFeed == nil ? 0 : 1)
        }
        guard window.bytes.isEmpty, window.isAtEnd else { return true }
        try window.checkEnd()
        return false
    }
}
