import Billing
import Postgres

/// Rows of a query on another system's PostgreSQL, each value in the server's text form.
///
/// The query is the user's own SELECT with `$1` and `$2` as the first and the last date of the pull. It runs as a cursor in a
/// read-only transaction: all pages come from one snapshot, nothing can be written, and memory stays constant. The
/// session's settings make text forms independent of the server: ISO dates, UTC, UTF-8.
///
/// The session is opened by the first page and closed behind the last one, or when the connector goes away. A copy of the
/// value shares it.
package struct PostgresConnector: Connector {
    /// `postgresql:` and the name of the source, as defects and errors show it.
    package let origin: String

    private let conninfo: String
    private let query: String
    private let from: PGDate
    private let to: PGDate
    private let plan: FieldPlan
    private let limits: ConnectorLimits
    private var session: Connection?
    private var isFinished = false
    private var failure: ConnectorError?
    /// For each of the plan's columns the index of the result's column, or nil.
    private var resultColumns: [Int?]?
    private var rowNumber = 0
    private var raw = TextRow()

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - name: the source's name in the deployment.
    ///   - conninfo: as libpq takes it, a keyword string or a URI. It may hold a password and appears nowhere.
    ///   - query: one SELECT (or VALUES, or WITH … SELECT).
    ///   - from: the date `$1`, days since 1970-01-01.
    ///   - to: the date `$2`, days since 1970-01-01. Whether it is still included is the query's to say.
    package init(
        name: String, conninfo: String, query: String, from: Int32, to: Int32, columns: ColumnMap,
        limits: ConnectorLimits = ConnectorLimits()
    ) {
        origin = "postgresql:\(name)"
        self.conninfo = conninfo
        self.query = query
        self.from = PGDate(daysSince1970: from)
        self.to = PGDate(daysSince1970: to)
        self.limits = limits
        plan = FieldPlan(columns)
    }

    /// In its pages `line` is the number of the row in the result, and `rawText` the row as COPY would write it as text: values
    /// between tabs, `\N` for NULL. Columns count in that text.
    package mutating func nextPage() throws(ConnectorError) -> RawPage? {
        if let failure { throw failure }
        do {
            return try advance()
        } catch {
            let failure = connectorError(from: error)
            self.failure = failure
            close()
            throw failure
        }
    }

    private mutating func advance() throws -> RawPage? {
        guard !isFinished else { return nil }
        let connection = try session ?? begin()
        var page = PageBuilder(origin: origin, plan: plan, limits: limits)
        while !page.isFull {
            let wanted = page.rowsToFetch
            let before = rowNumber
            try connection.forEachTextRow(
                Query(name: "fetch rows", text: "FETCH FORWARD \(wanted) FROM meterbook_source", binds: [])
            ) { names in
                if resultColumns == nil { resultColumns = try find(in: names) }
            } _: { values in
                rowNumber += 1
                add(values, to: &page)
            }
            guard rowNumber - before == wanted else {
                close()
                break
            }
        }
        return page.isEmpty ? nil : page.finish()
    }

    private mutating func begin() throws(PostgresError) -> Connection {
        let connection = try Connection(conninfo: conninfo, applicationName: "meterbook")
        try connection.executeScript(name: "begin reading", "BEGIN READ ONLY")
        try connection.execute(
            Query(
                name: "run the query", text: "DECLARE meterbook_source NO SCROLL CURSOR FOR \(query)",
                binds: [from, to]))
        session = connection
        return connection
    }

    private mutating func close() {
        session?.close()
        session = nil
        isFinished = true
    }

    private func find(in names: [String]) throws(ConnectorError) -> [Int?] {
        var missing: [String] = []
        var indexes: [Int?] = []
        for column in plan.columns {
            let matches = names.indices.filter { names[$0].utf8.elementsEqual(column.name.utf8) }
            guard matches.count <= 1 else {
                throw .duplicateResultColumn(source: origin, column: column.name, found: names)
            }
            if matches.isEmpty, !column.isOptional { missing.append(column.name) }
            indexes.append(matches.first)
        }
        guard missing.isEmpty else { throw .missingResultColumns(source: origin, missing: missing, found: names) }
        return indexes
    }

    private mutating func add(_ values: [String?], to page: inout PageBuilder) {
        raw.set(values)
        let wanted = (resultColumns ?? []).map { index in index.map { raw.spans[$0] } ?? FieldSpan() }
        raw.bytes.withUnsafeBufferPointer { text in
            wanted.withUnsafeBufferPointer { spans in
                if text.count > limits.rowBytes {
                    page.addDefect(
                        .rowTooLong, at: 0, of: text, line: rowNumber, found: "\(text.count) bytes",
                        expected: "at most \(limits.rowBytes) bytes")
                } else {
                    page.add(text, line: rowNumber, spans: spans)
                }
            }
        }
    }

    /// What the server said is told only where it speaks of the query itself (SQLSTATE class 42, syntax and access):
    /// elsewhere it may quote what the tables hold.
    private func connectorError(from error: any Error) -> ConnectorError {
        if let error = error as? ConnectorError { return error }
        guard let error = error as? PostgresError else {
            return .queryFailed(source: origin, sqlState: "none", detail: "an unexpected error")
        }
        if case .connection = error { return .databaseUnreachable(source: origin, detail: error.description) }
        let state = error.sqlState?.code ?? "none"
        let said = state.utf8.starts(with: "42".utf8) ? error.serverMessage.map { ": \($0)" } ?? "" : ""
        return .queryFailed(source: origin, sqlState: state, detail: error.description + said)
    }
}

extension PageBuilder {
    /// How many rows to ask for next: as many as the page still takes, going by the size of those it has, and few enough
    /// that a page of giants keeps within its 32-bit offsets.
    fileprivate var rowsToFetch: Int {
        let room = max(1, limits.pageRows - itemCount)
        let ceiling = min(1_000, max(1, (1 << 30) / limits.rowBytes))
        guard itemCount > 0 else { return min(room, ceiling, 100) }
        let average = max(1, byteCount / itemCount)
        return min(room, ceiling, max(1, (limits.pageBytes - byteCount) / average))
    }
}

/// A result row in the text format of COPY.
///
/// Its escapes for backslash, tab, line feed and carriage return are also JSON's, so a field of a page can be read back from
/// it as a JSON string is.
private struct TextRow {
    private(set) var bytes: [UInt8] = []
    /// One for each value.
    private(set) var spans: [FieldSpan] = []

    mutating func set(_ values: [String?]) {
        bytes.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        for value in values {
            if !spans.isEmpty { bytes.append(Byte.tab) }
            let start = bytes.count
            var form = FieldSpan.Form.null
            if let value {
                form = append(value) ? .escapes : .verbatim
            } else {
                bytes.append(contentsOf: [Byte.backslash, UInt8(ascii: "N")])
            }
            spans.append(FieldSpan(start: start, end: bytes.count, source: start, form: form))
        }
    }

    /// Returns whether anything had to be escaped.
    private mutating func append(_ value: String) -> Bool {
        var isEscaped = false
        for byte in value.utf8 {
            let letter: UInt8
            switch byte {
            case Byte.backslash: letter = Byte.backslash
            case Byte.tab: letter = UInt8(ascii: "t")
            case Byte.lineFeed: letter = UInt8(ascii: "n")
            case Byte.carriageReturn: letter = UInt8(ascii: "r")
            default:
                bytes.append(byte)
                continue
            }
            isEscaped = true
            bytes.append(Byte.backslash)
            bytes.append(letter)
        }
        return isEscaped
    }
}
