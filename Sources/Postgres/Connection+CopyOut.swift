internal import CLibPQ

/// `COPY (SELECT …) TO STDOUT (FORMAT binary)`.
extension Connection {
    /// Calls `body` with each row as it arrives, in constant memory. A COPY takes no parameters: values are spliced into its text, or
    /// read from a table.
    ///
    /// When the body throws, the COPY is cancelled, what is still on its way is dropped, and the body's error is thrown; the
    /// connection can be used again (an open transaction has failed by the cancel). The body must not use the connection.
    package func copyOut(_ query: Query, _ body: (borrowing CopyRow) throws -> Void) throws {
        let handle = try startCopy(query, PGRES_COPY_OUT)
        streaming = query.name
        defer { streaming = nil }
        var parser = CopyParser(statement: query.name)
        defer { parser.deallocate() }
        do {
            var message: UnsafeMutablePointer<CChar>?
            while true {
                // The server sends a message for each row, and libpq copies it out; -1 is the end, and -2 an error, which the
                // result that follows tells.
                let count = PQgetCopyData(handle, &message, 0)
                guard count >= 0, let start = message else { break }
                defer { PQfreemem(start) }
                try parser.rows(UnsafeRawBufferPointer(start: start, count: Int(count)), body)
            }
        } catch {
            _ = cancelHandle?.cancel()
            skipCopyData(handle)
            _ = try? receive(query.name)
            throw error
        }
        _ = try receive(query.name)
        guard parser.isComplete else {
            throw PostgresError.protocolViolation(statement: query.name, reason: "the COPY ended without its trailer")
        }
    }

    /// Starts a COPY in one direction; when it throws, the connection is ready again.
    @discardableResult
    func startCopy(_ query: Query, _ direction: ExecStatusType) throws(PostgresError) -> OpaquePointer {
        guard query.binds.isEmpty else {
            throw .misuse(statement: query.name, reason: "a COPY takes no parameters")
        }
        let parameters = try encode(query)
        let handle = try ready(for: query.name)
        try send(query, parameters, .binary)
        guard let raw = PQgetResult(handle) else {
            throw isBroken
                ? lost(query.name, after: nil)
                : .protocolViolation(statement: query.name, reason: "no result came")
        }
        if PQresultStatus(raw) == direction {
            if PQbinaryTuples(raw) == 1 {
                PQclear(raw)
                return handle
            }
            // Ends it, and throws that it was a COPY, unless the connection went.
            _ = try? receive(query.name, first: raw)
            if isBroken { throw lost(query.name, after: nil) }
            throw .misuse(statement: query.name, reason: "the COPY does not say FORMAT binary")
        }
        _ = try receive(query.name, first: raw)
        throw .misuse(statement: query.name, reason: "it is no COPY in that direction")
    }
}

/// Finds the rows and fields in the messages of a binary COPY.
struct CopyParser {
    private let statement: String
    private var spans: UnsafeMutablePointer<CopyRow.Span>
    private var capacity = 64
    private var hasHeader = false
    private(set) var isComplete = false

    init(statement: String) {
        self.statement = statement
        spans = .allocate(capacity: capacity)
    }

    func deallocate() { spans.deallocate() }

    /// Calls `body` for the rows of one message. PostgreSQL sends whole rows only, one a message (manual, 55.2.6), the first with
    /// the header before it.
    ///
    /// Never inlined: Swift 6.3.1 aborts when its inliner meets the borrowed row ("Cannot initialize a nonCopyable type with a
    /// guaranteed value").
    @inline(never)
    mutating func rows(_ message: UnsafeRawBufferPointer, _ body: (borrowing CopyRow) throws -> Void) throws {
        guard let base = message.baseAddress, message.count <= Int(Int32.max) else { return }
        var offset = 0
        if !hasHeader {
            offset = try skipHeader(message)
            hasHeader = true
        }
        while offset < message.count {
            guard !isComplete, message.count - offset >= 2 else { throw violation("bytes after the trailer") }
            let count = Int(message.bigEndian(at: offset, as: Int16.self))
            offset += 2
            if count == -1 {
                isComplete = true
                continue
            }
            guard count >= 0 else { throw violation("a negative number of fields") }
            if count > capacity { grow(to: count) }
            for field in 0..<count {
                guard message.count - offset >= 4 else { throw violation("a row ends within a field") }
                let length = message.bigEndian(at: offset, as: Int32.self)
                offset += 4
                guard length >= -1, Int(length) <= message.count - offset else {
                    throw violation("a row ends within a field")
                }
                spans[field] = CopyRow.Span(offset: Int32(truncatingIfNeeded: offset), length: length)
                offset += max(0, Int(length))
            }
            try body(CopyRow(statement: statement, base: base, spans: spans, fieldCount: count))
        }
    }

    /// Gives back where the first row begins.
    private func skipHeader(_ message: UnsafeRawBufferPointer) throws(PostgresError) -> Int {
        let size = CopyForm.header.count
        guard message.count >= size, message.prefix(CopyForm.signature.count).elementsEqual(CopyForm.signature) else {
            throw violation("the header is not that of a binary COPY")
        }
        // The upper half of the flags are those that a reader has to know: none since PostgreSQL 12.
        let flags = message.bigEndian(at: size - 8, as: UInt32.self)
        let extra = Int(message.bigEndian(at: size - 4, as: UInt32.self))
        guard flags >> 16 == 0, extra <= message.count - size else {
            throw violation("the header has features that are not known")
        }
        return size + extra
    }

    private mutating func grow(to count: Int) {
        spans.deallocate()
        capacity = count
        spans = .allocate(capacity: count)
    }

    private func violation(_ reason: String) -> PostgresError {
        .protocolViolation(statement: statement, reason: reason)
    }
}
