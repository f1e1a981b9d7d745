import Billing

/// Finds the end of one CSV row and the places of its fields: a state machine over bytes after RFC 4180 section 2.
///
/// It goes beyond the RFC where files do: LF ends a row as CR LF does, the last row needs no ending, any byte but the
/// delimiter, quote, CR and LF may stand in an unquoted field. It is as strict as the RFC with quotes: one may only
/// open a field, stand doubled inside a quoted field, or close it right before a delimiter or the row's end.
struct CSVScanner {
    let delimiter: UInt8

    enum Outcome {
        /// The view ends before the row does.
        case unfinished
        /// Nothing but a line ending of `next` bytes.
        case blank(next: Int)
        case row(Row)
        /// The row is broken at `offset`; how far it reaches is the reader's to find.
        case broken(Break)
    }

    struct Row {
        /// Bytes without the line ending.
        var length: Int
        /// Bytes with the line ending.
        var next: Int
        var fieldCount: Int
        /// Quotes occur, so the row may hold line feeds.
        var isQuoted: Bool
    }

    struct Break {
        var reason: RejectReason
        var offset: Int
        var found: String
        var expected: String
    }

    /// Scans the row at the view's start. Fields beyond the count of `spans` are counted and not kept.
    func scan(_ view: RowView, spans: UnsafeMutableBufferPointer<FieldSpan>) -> Outcome {
        let bytes = view.bytes
        var field = 0
        var offset = 0
        var isQuoted = false
        // Of the bytes in ordinary data nearly all are greater than every special one: one comparison decides.
        let greatestSpecial = max(delimiter, Byte.quote)

        while true {
            var span = FieldSpan(start: offset, end: offset, source: offset, form: .verbatim)
            if offset < bytes.count, bytes[offset] == Byte.quote {
                isQuoted = true
                switch scanQuoted(view, &span) {
                case .closed(let next): offset = next
                case .unfinished: return .unfinished
                case .broken(let fault): return .broken(fault)
                }
            } else {
                while offset < bytes.count {
                    let byte = bytes[offset]
                    if byte <= greatestSpecial,
                        byte == delimiter || byte == Byte.lineFeed || byte == Byte.carriageReturn || byte == Byte.quote
                    {
                        break
                    }
                    offset += 1
                }
                span.end = offset
            }
            if field < spans.count { spans[field] = span }
            field += 1

            guard offset < bytes.count else {
                guard view.end == .file else { return .unfinished }
                return .row(Row(length: offset, next: offset, fieldCount: field, isQuoted: isQuoted))
            }
            switch bytes[offset] {
            case delimiter:
                offset += 1
            case Byte.lineFeed:
                if offset == 0 { return .blank(next: 1) }
                return .row(Row(length: offset, next: offset + 1, fieldCount: field, isQuoted: isQuoted))
            case Byte.carriageReturn:
                guard offset + 1 < bytes.count else {
                    return view.end == .file ? .broken(loneCarriageReturn(at: offset)) : .unfinished
                }
                guard bytes[offset + 1] == Byte.lineFeed else { return .broken(loneCarriageReturn(at: offset)) }
                if offset == 0 { return .blank(next: 2) }
                return .row(Row(length: offset, next: offset + 2, fieldCount: field, isQuoted: isQuoted))
            default:
                // Only a quote stops the scan of an unquoted field otherwise; behind a closing quote it is any byte.
                return .broken(strayQuote(in: view, at: offset, span))
            }
        }
    }

    private enum Quoted {
        case closed(next: Int)
        case unfinished
        case broken(Break)
    }

    /// Scans from the opening quote at `span.source` behind the closing one.
    private func scanQuoted(_ view: RowView, _ span: inout FieldSpan) -> Quoted {
        let bytes = view.bytes
        let opening = span.source
        var offset = opening + 1
        span.start = offset
        while let quote = bytes.firstOffset(of: Byte.quote, from: offset) {
            if quote + 1 < bytes.count, bytes[quote + 1] == Byte.quote {
                span.form = .doubledQuotes
                offset = quote + 2
                continue
            }
            // When nothing is known of what follows the quote, the row's scan finds that the view has ended.
            span.end = quote
            return .closed(next: quote + 1)
        }
        let found: String
        switch view.end {
        case .buffer: return .unfinished
        case .limit: found = "no closing quote as far as a row may reach"
        case .file: found = "no closing quote before the end of the file"
        }
        return .broken(
            Break(
                reason: .unterminatedQuote, offset: opening, found: found, expected: "a quote that closes the field"))
    }

    /// A quote where none may stand, at `offset` behind or inside the field of `span`.
    private func strayQuote(in view: RowView, at offset: Int, _ span: FieldSpan) -> Break {
        let bytes = view.bytes
        guard span.start > span.source else {
            return Break(
                reason: .strayQuote, offset: offset, found: "a quote inside an unquoted field",
                expected: "the whole field in quotes, and each quote in it doubled")
        }
        let quoted = UnsafeBufferPointer(rebasing: bytes[span.start..<span.end])
        // The closing quote lies on another line and does not fit: most likely it opens a field there, and the quote at
        // fault is the one that was never closed. Blaming that one keeps the rows in between.
        guard quoted.firstOffset(of: Byte.lineFeed) == nil else {
            return Break(
                reason: .unterminatedQuote, offset: span.source,
                // The later line may not be buffered whole, so what stands there is not told.
                found: "no closing quote before a quote on a later line that does not close it",
                expected: "a quote that closes the field")
        }
        return Break(
            reason: .strayQuote, offset: offset, found: "\(bytes.describe(at: offset)) after a closing quote",
            expected: "a delimiter or the end of the line; a quote inside the field is doubled")
    }

    private func loneCarriageReturn(at offset: Int) -> Break {
        Break(
            reason: .controlCharacter, offset: offset, found: "a carriage return without a line feed",
            expected: "LF or CR LF at the end of a line, or the field in quotes")
    }
}
