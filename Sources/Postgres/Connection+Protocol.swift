internal import CLibPQ
internal import Failpoints

/// Sending a statement, and reading results until the server is ready for the next one. All calls are built on these.
extension Connection {
    /// The libpq connection, if a statement may be sent over it now.
    func ready(for statement: String) throws(PostgresError) -> OpaquePointer {
        if let streaming {
            throw .misuse(statement: statement, reason: "\(streaming) still streams on this connection")
        }
        guard let handle, !isBroken else {
            throw .connection(ConnectionFailure(statement: statement, message: "the connection is closed"))
        }
        return handle
    }

    /// Runs a statement to its end, prepared where that is safe.
    func run(_ query: Query, resultFormat: ResultFormat = .binary) throws(PostgresError) -> ServerResult {
        let parameters = try encode(query)
        let handle = try ready(for: query.name)
        guard query.isPreparable, preparesStatements else {
            try send(query, parameters, resultFormat)
            return try receive(query.name)
        }
        let key = StatementCache.Key(text: query.text, types: parameters.types)
        let inTransaction = PQtransactionStatus(handle) != PQTRANS_IDLE
        if let prepared = try prepare(query, key, inTransaction: inTransaction) {
            do {
                try send(query, prepared: prepared, parameters, resultFormat)
                return try receive(query.name)
            } catch {
                guard Self.saysThatPlanIsStale(error) else { throw error }
                statements.forget(key)
                guard !inTransaction else { throw error }
            }
        }
        try send(query, parameters, resultFormat)
        let result = try receive(query.name)
        statements.noteRun(key, returnsRows: result.columnCount > 0)
        return result
    }

    /// The name under which the server has the statement prepared, after preparing it if it is time to.
    private func prepare(
        _ query: Query, _ key: StatementCache.Key, inTransaction: Bool
    ) throws(PostgresError) -> String? {
        switch statements.advice(for: key, inTransaction: inTransaction) {
        case .runUnprepared:
            return nil
        case .run(let name):
            return name
        case .prepare(let name):
            let handle = try ready(for: query.name)
            guard let count = Int32(exactly: key.types.count) else { return nil }
            guard PQsendPrepare(handle, name, query.text, count, key.types) == 1 else {
                throw failureToSend(query.name)
            }
            _ = try receive(query.name)
            statements.notePrepared(key, name: name)
            return name
        }
    }

    /// Both conditions come before anything of the statement has run. Of 0A000 only the one that the plan cache raises: a
    /// statement may come upon an unsupported feature half-way.
    private static func saysThatPlanIsStale(_ error: PostgresError) -> Bool {
        guard case .server(let state, _, let details) = error else { return false }
        return state == .invalidSQLStatementName
            || (state == .featureNotSupported && details.routine == "RevalidateCachedQuery")
    }

    func encode(_ query: Query) throws(PostgresError) -> ParameterBuffer {
        do throws(EncodingReason) {
            // A statement is handed over as a C string and would end at the zero byte, with another meaning.
            if query.text.utf8.contains(0) { throw EncodingReason.nulInText }
            return try ParameterBuffer(query.binds)
        } catch {
            throw .encoding(EncodingFailure(statement: query.name, reason: error))
        }
    }

    /// Sends a statement with its parameters, unprepared.
    func send(
        _ query: Query, prepared name: String? = nil, _ parameters: ParameterBuffer, _ format: ResultFormat
    ) throws(PostgresError) {
        let handle = try ready(for: query.name)
        guard let count = Int32(exactly: parameters.ranges.count) else {
            throw .encoding(EncodingFailure(statement: query.name, reason: .tooManyParameters))
        }
        // No value is longer than 1 GiB, which the buffer has seen to.
        let lengths = parameters.ranges.map { Int32(truncatingIfNeeded: $0?.count ?? 0) }
        let formats = [Int32](repeating: ResultFormat.binary.rawValue, count: parameters.ranges.count)
        Failpoint.pass(.before, query.name)
        let isSent = parameters.bytes.withUnsafeBytes { bytes in
            let values = parameters.ranges.map { range in
                range.flatMap { bytes.baseAddress?.advanced(by: $0.lowerBound).assumingMemoryBound(to: CChar.self) }
            }
            if let name {
                return PQsendQueryPrepared(handle, name, count, values, lengths, formats, format.rawValue)
            }
            return PQsendQueryParams(
                handle, query.text, count, parameters.types, values, lengths, formats, format.rawValue)
        }
        guard isSent == 1 else { throw failureToSend(query.name) }
    }

    /// Reads every result of the statement that was sent, and gives back the last one, or throws the first error.
    /// - Parameter first: a result that has been read already.
    func receive(_ statement: String, first: OpaquePointer? = nil) throws(PostgresError) -> ServerResult {
        guard let handle else { throw lost(statement, after: nil) }
        var last: ServerResult?
        var firstError: PostgresError?
        var next = first ?? PQgetResult(handle)
        while let raw = next {
            let result = ServerResult(raw)
            switch PQresultStatus(raw) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY:
                last = result
            case PGRES_COPY_IN:
                _ = PQputCopyEnd(handle, "this call sends no rows")
                firstError = firstError ?? .misuse(statement: statement, reason: "it is a COPY FROM STDIN")
            case PGRES_COPY_OUT:
                _ = cancelHandle?.cancel()
                skipCopyData(handle)
                firstError = firstError ?? .misuse(statement: statement, reason: "it is a COPY TO STDOUT")
            case PGRES_COPY_BOTH:
                // Replication: it has no end that one could wait for.
                close()
                throw .protocolViolation(statement: statement, reason: "the server began to replicate")
            default:
                firstError = firstError ?? error(of: raw, statement)
            }
            next = PQgetResult(handle)
        }
        Failpoint.pass(.after, statement)
        if isBroken { throw lost(statement, after: firstError) }
        if let firstError { throw firstError }
        guard let last else { throw .protocolViolation(statement: statement, reason: "no result came") }
        return last
    }

    /// The error that a result stands for.
    func error(of raw: OpaquePointer, _ statement: String) -> PostgresError {
        ServerResult.error(of: raw, statement: statement)
            ?? .protocolViolation(statement: statement, reason: "the client library gave up on the answer")
    }

    /// The error for a connection that has just been found lost; `error` is what the server still said, if anything.
    func lost(_ statement: String, after error: PostgresError?) -> PostgresError {
        .connection(
            ConnectionFailure(
                statement: statement, sqlState: error?.sqlState, message: "the connection to the server was lost"))
    }

    /// The error for a statement that libpq did not take.
    func failureToSend(_ statement: String) -> PostgresError {
        if isBroken { return lost(statement, after: nil) }
        return .protocolViolation(statement: statement, reason: "the client library did not take the statement")
    }

    /// Reads and drops what a COPY TO still sends.
    func skipCopyData(_ handle: OpaquePointer) {
        var row: UnsafeMutablePointer<CChar>?
        while PQgetCopyData(handle, &row, 0) >= 0 { PQfreemem(row) }
    }
}

/// libpq's codes for how values are written.
enum ResultFormat: Int32 {
    case text = 0
    case binary = 1
}
