internal import CLibPQ
internal import Failpoints

/// `COPY … FROM STDIN (FORMAT binary)`.
extension Connection {
    /// Sends the rows of a buffer, and gives back how many the server took. The buffer is left as it is.
    ///
    /// Throws `.encoding` for a row that cannot be sent, before anything is; `.server` for what the server refuses, and then
    /// no row of the COPY is in the table.
    @discardableResult
    package func copyIn(_ query: Query, _ buffer: CopyBuffer) throws(PostgresError) -> Int {
        if let reason = buffer.refusal ?? (buffer.missingFields == 0 ? nil : .fieldCount) {
            throw .encoding(EncodingFailure(statement: query.name, reason: reason))
        }
        try startCopy(query, PGRES_COPY_IN)
        var failure = sendCopyData(CopyForm.header, query.name)
        if failure == nil {
            failure = buffer.storage.withUnsafeBytes { bytes in
                sendCopyData(UnsafeRawBufferPointer(rebasing: bytes[..<buffer.byteCount]), query.name)
            }
        }
        return try endCopyIn(query.name, failure)
    }

    /// Sends the rows that `body` writes, about 256 KiB at a time, in constant memory; gives back how many the server took.
    ///
    /// When the body throws, the COPY is called off, no row of it is in the table, and the body's error is thrown. The same goes
    /// for a row that cannot be sent, after the body has returned; see ``CopyBuffer/hasFailed``. The body must not use the
    /// connection.
    @discardableResult
    package func copyIn(_ query: Query, _ body: (inout CopyBuffer) throws -> Void) throws -> Int {
        try startCopy(query, PGRES_COPY_IN)
        streaming = query.name
        defer { streaming = nil }
        let sink = CopySink(statement: query.name) { bytes in self.sendCopyData(bytes, query.name) }
        defer { sink.end() }
        if let failure = sendCopyData(CopyForm.header, query.name) { return try endCopyIn(query.name, failure) }
        // Room for large rows on top, so that most COPYs never grow it.
        var buffer = CopyBuffer(capacity: CopyBuffer.flushSize * 2)
        buffer.sink = sink
        buffer.flushThreshold = CopyBuffer.flushSize
        do {
            try body(&buffer)
        } catch {
            _ = try? endCopyIn(query.name, .misuse(statement: query.name, reason: "called off"))
            throw error
        }
        buffer.flush()
        return try endCopyIn(query.name, sink.failure)
    }

    /// Sends bytes of the COPY; nil when they are on their way.
    private func sendCopyData(_ bytes: UnsafeRawBufferPointer, _ statement: String) -> PostgresError? {
        guard let handle else { return lost(statement, after: nil) }
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = min(rest.count, CopyBuffer.flushSize)
            Failpoint.pass(.before, "rows of \(statement)")
            let isSent =
                PQputCopyData(
                    handle, start.assumingMemoryBound(to: CChar.self), Int32(truncatingIfNeeded: count)) == 1
            guard isSent else {
                return isBroken
                    ? lost(statement, after: nil)
                    : .protocolViolation(statement: statement, reason: "the client library did not take the rows")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return nil
    }

    private func sendCopyData(_ bytes: [UInt8], _ statement: String) -> PostgresError? {
        bytes.withUnsafeBytes { sendCopyData($0, statement) }
    }

    /// Ends the COPY, or calls it off where something has failed before, and then throws that.
    private func endCopyIn(_ statement: String, _ failure: PostgresError?) throws(PostgresError) -> Int {
        let failure = failure ?? sendCopyData(CopyForm.trailer, statement)
        if let handle {
            // The text comes back in the server's error, which is not the first one.
            _ = failure == nil ? PQputCopyEnd(handle, nil) : PQputCopyEnd(handle, "called off by the client")
        }
        let result: ServerResult
        do throws(PostgresError) {
            result = try receive(statement)
        } catch {
            // Of a connection lost half-way the server may have said why, which is known only now.
            if case .connection = failure, case .connection = error { throw error }
            throw failure ?? error
        }
        if let failure { throw failure }
        return result.affectedRows
    }
}

/// The frame of a binary COPY (PostgreSQL manual, COPY, "Binary Format").
enum CopyForm {
    /// The signature, whose bytes show damage by a transport that is not binary.
    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    /// Then flags (none) and an extension of no length.
    static let header = signature + [UInt8](repeating: 0, count: 8)
    /// -1 where a row has its number of fields.
    static let trailer: [UInt8] = [0xFF, 0xFF]
}
