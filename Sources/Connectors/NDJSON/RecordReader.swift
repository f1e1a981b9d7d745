import Billing
import Glibc

/// Turns the text of one record, a JSON object (RFC 8259), into a row or a defect: a line of NDJSON, or an element of an
/// array that a server answered with.
///
/// Keys that nobody wants are checked to be JSON and otherwise ignored, so they may repeat or hold any value.
final class RecordReader {
    private let limits: ConnectorLimits
    private let plan: FieldPlan
    private let names: [[UInt8]]
    /// Places of the plan's columns in a record.
    private let spans: UnsafeMutableBufferPointer<FieldSpan>

    init(plan: FieldPlan, limits: ConnectorLimits) {
        self.plan = plan
        self.limits = limits
        names = plan.columns.map { Array($0.name.utf8) }
        spans = .allocate(capacity: plan.columns.count)
        spans.initialize(repeating: FieldSpan())
    }

    deinit { spans.deallocate() }

    /// - Parameters:
    ///   - raw: the record, without a line feed.
    ///   - line: its number for people, from 1.
    func take(_ raw: UnsafeBufferPointer<UInt8>, line: Int, into page: inout PageBuilder) {
        guard raw.count <= limits.rowBytes else {
            page.addDefect(
                .rowTooLong, at: 0, of: raw, line: line, found: "\(raw.count) bytes",
                expected: "at most \(limits.rowBytes) bytes")
            return
        }
        guard !page.rejectIfNotText(raw, line: line) else { return }
        do throws(JSONFault) {
            switch try scan(raw) {
            case .blank: break
            case .object: page.add(raw, line: line, spans: UnsafeBufferPointer(spans))
            case .broken(let fault):
                page.addDefect(
                    fault.reason, at: fault.offset, of: raw, line: line, field: fault.field, found: fault.found,
                    expected: fault.expected)
            }
        } catch {
            page.addDefect(
                .invalidJSON, at: error.offset, of: raw, line: line,
                found: error.found.map(\.description) ?? raw.describe(at: error.offset),
                expected: error.expected.description)
        }
    }

    private enum Row {
        case blank
        case object
        case broken(Break)
    }

    /// Sound JSON that is no row.
    private struct Break {
        var reason: RejectReason
        var offset: Int
        var field: String?
        var found: String
        var expected: String
    }

    /// Scans the whole line, filling `spans`: JSON that breaks at its end is `invalid_json` whatever came before, as the
    /// order of reasons wants it.
    private func scan(_ raw: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> Row {
        var json = JSONScanner(raw, nesting: limits.nesting)
        json.skipSpace()
        guard let first = json.next else { return .blank }
        var fault: Break?
        if first == UInt8(ascii: "{") {
            fault = try scanObject(&json)
        } else {
            let offset = json.offset
            let value = try json.value(depth: 0)
            fault = Break(
                reason: .notAnObject, offset: offset, found: value.words, expected: "a JSON object")
        }
        json.skipSpace()
        guard json.next == nil else {
            throw JSONFault(offset: json.offset, expected: "the end of the line after the JSON value")
        }
        return fault.map(Row.broken) ?? .object
    }

    private func scanObject(_ json: inout JSONScanner) throws(JSONFault) -> Break? {
        for index in spans.indices { spans[index] = FieldSpan() }
        var worst: Break?
        // The offset of the key for messages: its opening quote, one byte before its text.
        var key = try json.firstKey()
        while let name = key {
            let start = json.offset
            let value = try json.value(depth: 1)
            if let index = column(name, in: json.bytes),
                let fault = keep(value, at: start, key: name, as: index),
                worst.map({ fault.reason < $0.reason }) ?? true
            {
                worst = fault
            }
            key = try json.nextKey()
        }
        return worst
    }

    /// Notes where the wanted value is, or says why it cannot be used.
    private func keep(_ value: JSONScanner.Value, at start: Int, key: JSONScanner.StringToken, as index: Int) -> Break?
    {
        let field = plan.columns[index].field
        guard spans[index].form == .absent else {
            return Break(
                reason: .duplicateField, offset: key.start - 1, field: field, found: "the key a second time",
                expected: "each key once")
        }
        switch value {
        case .string(let text):
            spans[index] = FieldSpan(
                start: text.start, end: text.end, source: start, form: text.hasEscapes ? .escapes : .verbatim)
            return text.nul.map { nul in
                Break(
                    reason: .nulCharacter, offset: nul, field: field, found: "a NUL character",
                    expected: "text without NUL")
            }
        case .number(let start, let end), .boolean(let start, let end):
            spans[index] = FieldSpan(start: start, end: end, source: start, form: .verbatim)
        case .null:
            spans[index] = FieldSpan(start: start, end: start, source: start, form: .null)
        case .object, .array:
            // Kept as null so that the same key again is still seen to be a duplicate.
            spans[index] = FieldSpan(start: start, end: start, source: start, form: .null)
            return Break(
                reason: .nestedValue, offset: start, field: field, found: value.words,
                expected: "a string, number, true, false or null")
        }
        return nil
    }

    /// The index of the wanted column with that name, or nil.
    private func column(_ name: JSONScanner.StringToken, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let text = UnsafeBufferPointer(rebasing: bytes[name.start..<name.end])
        guard !name.hasEscapes else {
            var unescaped: [UInt8] = []
            JSONText.unescape(text, into: &unescaped)
            return names.firstIndex(of: unescaped)
        }
        guard let start = text.baseAddress else { return nil }
        return names.firstIndex { $0.count == text.count && memcmp($0, start, text.count) == 0 }
    }
}
