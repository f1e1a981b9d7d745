internal import CLibPQ

/// A `PGresult`, freed with its last holder. Rows hold it, so that one that outlives its loop stays valid.
final class ServerResult {
    let raw: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    init(_ raw: OpaquePointer) {
        self.raw = raw
        rowCount = Int(PQntuples(raw))
        columnCount = Int(PQnfields(raw))
    }

    deinit {
        PQclear(raw)
    }

    /// The rows that a statement changed, or returned; 0 where its kind counts none.
    var affectedRows: Int {
        PQcmdTuples(raw).map { Int(String(cString: $0)) ?? 0 } ?? 0
    }

    /// What the server says it did: `INSERT 0 1`, `COMMIT`, `ROLLBACK`.
    var commandTag: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

    var columnNames: [String] {
        (0..<columnCount).map { column in
            Int32(exactly: column).flatMap { PQfname(raw, $0) }.map { String(cString: $0) } ?? ""
        }
    }

    func columnType(_ column: Int) -> UInt32 {
        Int32(exactly: column).map { PQftype(raw, $0) } ?? TypeOID.unspecified
    }

    /// The bytes of a field, nil for NULL. The caller has checked both indices.
    func bytes(row: Int, column: Int) -> UnsafeRawBufferPointer? {
        guard let row = Int32(exactly: row), let column = Int32(exactly: column), PQgetisnull(raw, row, column) == 0
        else {
            return nil
        }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(raw, row, column), count: Int(PQgetlength(raw, row, column)))
    }

    /// The fields of an error or notice, after `PG_DIAG_…` of postgres_ext.h (character macros, which Swift does not import).
    enum Diagnostic: Unicode.Scalar {
        case severity = "V"
        case sqlState = "C"
        case message = "M"
        case detail = "D"
        case hint = "H"
        case position = "P"
        case context = "W"
        case schema = "s"
        case table = "t"
        case column = "c"
        case dataType = "d"
        case constraint = "n"
        case routine = "R"
    }

    static func field(_ field: Diagnostic, of raw: OpaquePointer) -> String? {
        PQresultErrorField(raw, Int32(field.rawValue.value)).map { String(cString: $0) }
    }

    /// The error that a result stands for; nil where libpq made it up itself, without an SQLSTATE.
    static func error(of raw: OpaquePointer, statement: String) -> PostgresError? {
        guard let state = field(.sqlState, of: raw) else { return nil }
        let details = ServerErrorDetails(
            severity: field(.severity, of: raw) ?? "ERROR",
            constraint: field(.constraint, of: raw), schema: field(.schema, of: raw), table: field(.table, of: raw),
            column: field(.column, of: raw), dataType: field(.dataType, of: raw),
            position: field(.position, of: raw).flatMap { Int($0) }, routine: field(.routine, of: raw),
            serverMessage: field(.message, of: raw) ?? "", serverDetail: field(.detail, of: raw),
            serverHint: field(.hint, of: raw), serverContext: field(.context, of: raw))
        return .server(SQLState(state), statement: statement, details: details)
    }
}
