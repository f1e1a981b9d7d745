internal import CLibPQ
internal import Failpoints

/// Statements whose result fits into memory.
extension Connection {
    /// Runs a statement and gives back the number of rows that it changed, or returned; 0 for a kind that counts none.
    @discardableResult
    package func execute(_ query: Query) throws(PostgresError) -> Int {
        try run(query).affectedRows
    }

    /// Runs a text of several statements, without parameters: a migration.
    ///
    /// The server takes them as one transaction unless the text has BEGIN and COMMIT of its own. If one fails, the rest is
    /// not run, and a transaction that the text had begun is rolled back.
    package func executeScript(name: String, _ text: String) throws(PostgresError) {
        let handle = try ready(for: name)
        guard !text.utf8.contains(0) else {
            throw .encoding(EncodingFailure(statement: name, reason: .nulInText))
        }
        let wasInTransaction = isInTransaction
        Failpoint.pass(.before, name)
        guard PQsendQuery(handle, text) == 1 else { throw failureToSend(name) }
        do {
            _ = try receive(name)
        } catch {
            if !wasInTransaction && isInTransaction { abandonTransaction() }
            throw error
        }
    }

    /// Runs a script that gives the session something of its own, such as temporary tables, unless this session has run it.
    ///
    /// One that runs within a transaction will run again, as the transaction may still be rolled back.
    ///
    /// - Parameter name: each script has one of its own.
    package func executeOnce(name: String, _ text: String) throws(PostgresError) {
        guard !scriptsRun.contains(name) else { return }
        try executeScript(name: name, text)
        if !isInTransaction { scriptsRun.insert(name) }
    }

    /// All rows, each as a tuple of its columns in order. The number of columns has to be that of the types.
    package func query<each T: PostgresDecodable>(
        _ query: Query, as types: repeat (each T).Type
    ) throws(PostgresError) -> [(repeat each T)] {
        let result = try run(query)
        let columns = try columns(of: result, query, as: repeat each types)
        var rows: [(repeat each T)] = []
        rows.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            rows.append(try Row(result: result, index: index, columns: columns).values(repeat each types))
        }
        return rows
    }

    /// All values of a statement with one column. Beside the general form, whose tuple of one confuses the type checker.
    package func query<T: PostgresDecodable>(_ query: Query, as type: T.Type) throws(PostgresError) -> [T] {
        let result = try run(query)
        let columns = try columns(of: result, query, as: type)
        var values: [T] = []
        values.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            values.append(try Row(result: result, index: index, columns: columns)[0, as: type])
        }
        return values
    }

    /// All rows, each as `body` reads it.
    package func query<R>(_ query: Query, _ body: (Row) throws(PostgresError) -> R) throws(PostgresError) -> [R] {
        let result = try run(query)
        let columns = Columns(of: result, statement: query.name)
        var rows: [R] = []
        rows.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            rows.append(try body(Row(result: result, index: index, columns: columns)))
        }
        return rows
    }

    /// The one row, or nil where there is none. Throws `.tooManyRows` where there are several.
    package func first<each T: PostgresDecodable>(
        _ query: Query, as types: repeat (each T).Type
    ) throws(PostgresError) -> (repeat each T)? {
        let result = try run(query)
        let columns = try columns(of: result, query, as: repeat each types)
        guard result.rowCount <= 1 else { throw .tooManyRows(statement: query.name) }
        guard result.rowCount == 1 else { return nil }
        let row: (repeat each T) = try Row(result: result, index: 0, columns: columns).values(repeat each types)
        return .some(row)
    }

    /// The value of the one row of a statement with one column, or nil where there is no row; a NULL that `T` has no room for
    /// is an error. Throws `.tooManyRows` where there are several.
    package func first<T: PostgresDecodable>(_ query: Query, as type: T.Type) throws(PostgresError) -> T? {
        let result = try run(query)
        let columns = try columns(of: result, query, as: type)
        guard result.rowCount <= 1 else { throw .tooManyRows(statement: query.name) }
        guard result.rowCount == 1 else { return nil }
        return try Row(result: result, index: 0, columns: columns)[0, as: type]
    }

    /// The one row as `body` reads it, or nil where there is none. Throws `.tooManyRows` where there are several.
    package func first<R>(_ query: Query, _ body: (Row) throws(PostgresError) -> R) throws(PostgresError) -> R? {
        let result = try run(query)
        guard result.rowCount <= 1 else { throw .tooManyRows(statement: query.name) }
        guard result.rowCount == 1 else { return nil }
        return try body(Row(result: result, index: 0, columns: Columns(of: result, statement: query.name)))
    }

    /// The columns, if there are as many as types: a column too many would otherwise be dropped in silence.
    private func columns<each T: PostgresDecodable>(
        of result: ServerResult, _ query: Query, as types: repeat (each T).Type
    ) throws(PostgresError) -> Columns {
        var expected = 0
        repeat ((each types) as Any.Type, expected += 1).1
        guard result.columnCount == expected else {
            throw .misuse(
                statement: query.name,
                reason: "it returns \(result.columnCount) columns, and \(expected) were asked for")
        }
        return Columns(of: result, statement: query.name)
    }
}
