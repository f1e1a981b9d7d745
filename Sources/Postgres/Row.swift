/// One row of a result in binary form. It may be kept: it holds its result.
package struct Row {
    private let result: ServerResult
    private let index: Int
    private let columns: Columns

    init(result: ServerResult, index: Int, columns: Columns) {
        self.result = result
        self.index = index
        self.columns = columns
    }

    package var columnNames: [String] { columns.names }

    /// Whether a column (from 0) is NULL. A column that is not there is.
    package func isNull(_ column: Int) -> Bool {
        guard columns.names.indices.contains(column) else { return true }
        return result.bytes(row: index, column: column) == nil
    }

    /// The value of a column, counted from 0. Throws `.decoding`.
    package subscript<T: PostgresDecodable>(column: Int, as type: T.Type) -> T {
        get throws(PostgresError) {
            guard columns.names.indices.contains(column) else {
                throw columns.failure(column, nil, T.self, found: nil, .noSuchColumn)
            }
            let oid = columns.types[column]
            do {
                return try T.decode(ColumnValue(typeOID: oid, bytes: result.bytes(row: index, column: column)))
            } catch {
                throw columns.failure(column, columns.names[column], T.self, found: oid, error)
            }
        }
    }

    /// The value of the one column of that name, spelled as the server has it. Throws `.decoding`.
    package subscript<T: PostgresDecodable>(name: String, as type: T.Type) -> T {
        get throws(PostgresError) {
            guard let column = columns.names.firstIndex(of: name) else {
                throw columns.failure(nil, name, T.self, found: nil, .noSuchColumn)
            }
            guard columns.names.lastIndex(of: name) == column else {
                throw columns.failure(nil, name, T.self, found: nil, .ambiguousColumn)
            }
            return try self[column, as: type]
        }
    }

    /// The columns in order, one for each type of the pack. The caller has checked their number.
    func values<each T: PostgresDecodable>(_ types: repeat (each T).Type) throws(PostgresError) -> (repeat each T) {
        var next = 0
        func value<V: PostgresDecodable>(_ type: V.Type) throws(PostgresError) -> V {
            defer { next += 1 }
            return try self[next, as: type]
        }
        return (repeat try value(each types))
    }
}

/// What all rows of a statement have in common; made once, since in single-row mode each row is a result of its own.
final class Columns {
    let statement: String
    let names: [String]
    let types: [UInt32]

    init(of result: ServerResult, statement: String) {
        self.statement = statement
        names = result.columnNames
        types = (0..<result.columnCount).map(result.columnType)
    }

    func failure<T>(
        _ column: Int?, _ name: String?, _ expected: T.Type, found: UInt32?, _ reason: DecodingReason
    ) -> PostgresError {
        .decoding(
            DecodingFailure(
                statement: statement, column: column, columnName: name, expected: "\(T.self)",
                found: found.map(TypeOID.name), reason: reason))
    }
}
