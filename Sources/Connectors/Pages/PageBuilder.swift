import Billing

/// Where a reader found one column of a row, in bytes from the row's start.
struct FieldSpan {
    enum Form {
        /// The row does not have the column.
        case absent
        /// JSON null.
        case null
        /// The bytes are the text.
        case verbatim
        /// RFC 4180: each quote in the text is doubled.
        case doubledQuotes
        /// RFC 8259 section 7: the text holds backslash escapes, already checked.
        case escapes
    }

    /// The text, inside quotes if it is quoted.
    var start = 0
    var end = 0
    /// Where the field starts for people: at its opening quote.
    var source = 0
    var form = Form.absent
}

/// Collects rows and defects until the page is full.
struct PageBuilder {
    let origin: String
    let plan: FieldPlan
    let limits: ConnectorLimits

    private var bytes: [UInt8] = []
    private var rows: [RawPage.Row] = []
    private var slots: [RawPage.Slot] = []
    private var defects: [RowDefect] = []
    private var defectBytes = 0
    private let constants: [RawPage.Slot]

    /// - Parameter expectedBytes: the size of the page before, so that a steady stream of pages grows its buffer once.
    init(origin: String, plan: FieldPlan, limits: ConnectorLimits, expectedBytes: Int = 0) {
        self.origin = origin
        self.plan = plan
        self.limits = limits
        var slots: [RawPage.Slot] = []
        bytes.reserveCapacity(min(expectedBytes, limits.pageBytes))
        for constant in plan.constants {
            slots.append(
                RawPage.Slot(
                    offset: UInt32(bytes.count), length: UInt32(constant.count), source: RawPage.Slot.none))
            bytes.append(contentsOf: constant)
        }
        constants = slots
    }

    var isEmpty: Bool { rows.isEmpty && defects.isEmpty }

    /// Rows and defects by now.
    var itemCount: Int { rows.count + defects.count }

    var isFull: Bool {
        itemCount >= limits.pageRows || bytes.count + defectBytes >= limits.pageBytes
    }

    /// The bytes that the page holds by now.
    var byteCount: Int { bytes.count }

    func finish() -> RawPage {
        RawPage(
            origin: origin, defects: defects, bytes: bytes, rows: rows, slots: slots, fieldCount: plan.origins.count)
    }

    /// Adds the row, unless a field of it is too long: then the page gets the defect instead.
    ///
    /// - Parameters:
    ///   - raw: the row without its line ending, checked to be UTF-8 without NUL.
    ///   - spans: one for each of the plan's columns.
    mutating func add(_ raw: UnsafeBufferPointer<UInt8>, line: Int, spans: UnsafeBufferPointer<FieldSpan>) {
        let start = bytes.count
        let firstSlot = slots.count
        bytes.append(contentsOf: raw)
        for origin in plan.origins {
            switch origin {
            case .constant(let index):
                slots.append(constants[index])
            case .column(let index):
                let slot = place(spans[index], of: raw, at: start)
                guard slot.length == RawPage.Slot.none || Int(slot.length) <= limits.fieldBytes else {
                    bytes.removeLast(bytes.count - start)
                    slots.removeLast(slots.count - firstSlot)
                    addDefect(
                        .fieldTooLong, at: spans[index].source, of: raw, line: line, field: plan.columns[index].field,
                        found: "\(slot.length) bytes", expected: "at most \(limits.fieldBytes) bytes")
                    return
                }
                slots.append(slot)
            }
        }
        rows.append(RawPage.Row(offset: UInt32(start), length: UInt32(raw.count), line: line))
    }

    /// Adds the defect at byte `offset` of the row that starts on physical line `line`.
    mutating func addDefect(
        _ reason: RejectReason, at offset: Int, of raw: UnsafeBufferPointer<UInt8>, line: Int, field: String? = nil,
        found: String, expected: String
    ) {
        let position = SourcePosition(of: offset, in: raw, startingAt: line)
        let text = RawText.cut(raw)
        defectBytes += text.utf8.count
        defects.append(
            RowDefect(
                line: position.line, column: position.column, reason: reason, field: field, found: found,
                expected: expected, rawText: text))
    }

    /// Gives the field its place among the page's bytes, unquoting it behind them when it cannot be used as it stands.
    private mutating func place(
        _ span: FieldSpan, of raw: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> RawPage.Slot {
        // 32 bits hold every offset: a page is at most its 256 MiB, a 64 MiB row, and that row unquoted.
        let source = UInt32(start + span.source)
        let text = UnsafeBufferPointer(rebasing: raw[span.start..<span.end])
        let unquotedStart = bytes.count
        switch span.form {
        case .absent:
            return .absent
        case .null:
            return RawPage.Slot(offset: 0, length: RawPage.Slot.none, source: source)
        case .verbatim:
            return RawPage.Slot(offset: UInt32(start + span.start), length: UInt32(text.count), source: source)
        case .doubledQuotes:
            CSVText.unquote(text, into: &bytes)
        case .escapes:
            JSONText.unescape(text, into: &bytes)
        }
        return RawPage.Slot(
            offset: UInt32(unquotedStart), length: UInt32(bytes.count - unquotedStart), source: source)
    }
}
