internal import CLibPQ
internal import Failpoints

/// Results of any length, in constant memory: libpq's single-row mode.
///
/// When the body throws, the statement is cancelled, what is still on its way is dropped, and the body's error is thrown; the
/// connection can be used again. An open transaction has failed by the cancel, as by any error.
extension Connection {
    /// Calls `body` with each row as it arrives. The rows are the server's as of one snapshot, but an error may come after any
    /// number of them.
    package func forEachRow(_ query: Query, _ body: (Row) throws -> Void) throws {
        var columns: Columns?
        try stream(query, .binary) { result in
            let known = columns ?? Columns(of: result, statement: query.name)
            columns = known
            for index in 0..<result.rowCount { try body(Row(result: result, index: index, columns: known)) }
        }
    }

    /// As ``forEachRow(_:_:)``, with each value in the server's text form and nil for NULL: for a statement whose types are not
    /// known. `columns` gets the names first, also where no row follows.
    ///
    /// The text forms do not depend on the server's configuration, see ``init(conninfo:applicationName:connectTimeoutSeconds:)``.
    package func forEachTextRow(
        _ query: Query, columns: ([String]) throws -> Void = { _ in }, _ body: ([String?]) throws -> Void
    ) throws {
        var known: Columns?
        try stream(query, .text) { result in
            if known == nil {
                known = Columns(of: result, statement: query.name)
                try columns(result.columnNames)
            }
            for row in 0..<result.rowCount {
                var values: [String?] = []
                values.reserveCapacity(result.columnCount)
                for column in 0..<result.columnCount {
                    guard let bytes = result.bytes(row: row, column: column) else {
                        values.append(nil)
                        continue
                    }
                    do throws(DecodingReason) {
                        values.append(try String(utf8: bytes))
                    } catch {
                        let found = result.columnType(column)
                        throw known?.failure(column, known?.names[column], String.self, found: found, error) ?? error
                    }
                }
                try body(values)
            }
        }
    }

    /// Calls `body` with each result that has columns: one for each row, and an empty one at the end.
    private func stream(
        _ query: Query, _ format: ResultFormat, _ body: (ServerResult) throws -> Void
    ) throws {
        let parameters = try encode(query)
        let handle = try ready(for: query.name)
        try send(query, parameters, format)
        guard PQsetSingleRowMode(handle) == 1 else {
            _ = try receive(query.name)
            throw PostgresError.protocolViolation(statement: query.name, reason: "single-row mode was refused")
        }
        streaming = query.name
        defer { streaming = nil }
        while let raw = PQgetResult(handle) {
            switch PQresultStatus(raw) {
            case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK:
                do {
                    try body(ServerResult(raw))
                } catch {
                    // The first error is the body's; whatever the cancelled statement answers comes of it.
                    _ = cancelHandle?.cancel()
                    _ = try? receive(query.name)
                    throw error
                }
            default:
                // Errors, COPY, and statements without a result end here.
                _ = try receive(query.name, first: raw)
                return
            }
        }
        Failpoint.pass(.after, query.name)
        if isBroken { throw lost(query.name, after: nil) }
    }
}
