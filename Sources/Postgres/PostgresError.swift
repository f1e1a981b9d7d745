/// Everything that can go wrong between us and a PostgreSQL server.
///
/// No `description` holds a value from a table, a parameter or a connection string: it names the statement, the SQLSTATE and
/// the objects of the schema. What the server wrote in prose may quote a customer's data, so it is a property of its own
/// (`serverMessage`), and reaches a log only where someone asks for it by that name.
///
/// Indirect, so that a throwing decoder returns one word: the COPY loops call millions of them.
package indirect enum PostgresError: Error, Sendable {
    /// There is no connection (any more). In a call on an open connection this means that `isBroken` is true from now on.
    case connection(ConnectionFailure)

    /// The server refused a statement.
    case server(SQLState, statement: String, details: ServerErrorDetails)

    /// A value that arrived is not what the caller asked for.
    case decoding(DecodingFailure)

    /// A value cannot be sent. Nothing of it has been sent.
    case encoding(EncodingFailure)

    /// A statement that may return one row returned more.
    case tooManyRows(statement: String)

    /// COMMIT was answered by a rollback: a statement inside had failed, and its error was swallowed.
    case rolledBack(statement: String)

    /// The server or the client library did what the protocol does not provide for.
    case protocolViolation(statement: String, reason: String)

    /// The calling code is wrong, whatever the data: a second statement while one still streams, a COPY given to `query`.
    case misuse(statement: String, reason: String)
}

extension PostgresError {
    /// The condition, where the server named one; a lost connection has one when the server could still say why.
    package var sqlState: SQLState? {
        switch self {
        case .server(let state, _, _): state
        case .connection(let failure): failure.sqlState
        default: nil
        }
    }

    /// The server's primary message. **It may quote customer data**: show it to the operator of the database, not to a log.
    package var serverMessage: String? {
        if case .server(_, _, let details) = self { details.serverMessage } else { nil }
    }

    package var isConnectionLoss: Bool {
        if case .connection = self { true } else { sqlState?.isConnectionLoss ?? false }
    }

    /// See ``SQLState/isRetryable``.
    package var isRetryable: Bool { sqlState?.isRetryable ?? false }

    /// The name of the statement that failed; nil where connecting did.
    package var statement: String? {
        switch self {
        case .connection(let failure): failure.statement
        case .server(_, let statement, _): statement
        case .decoding(let failure): failure.statement
        case .encoding(let failure): failure.statement
        case .tooManyRows(let statement), .rolledBack(let statement): statement
        case .protocolViolation(let statement, _), .misuse(let statement, _): statement
        }
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        switch self {
        case .connection(let failure): failure.description
        case .server(let state, let statement, let details):
            details.objects.isEmpty
                ? "\(statement): \(state)" : "\(statement): \(state) (\(details.objects.joined(separator: ", ")))"
        case .decoding(let failure): failure.description
        case .encoding(let failure): failure.description
        case .tooManyRows(let statement): "\(statement): returned more than one row"
        case .rolledBack(let statement): "\(statement): the transaction was rolled back, a statement in it had failed"
        case .protocolViolation(let statement, let reason): "\(statement): protocol violation: \(reason)"
        case .misuse(let statement, let reason): "\(statement): misuse: \(reason)"
        }
    }

    package var debugDescription: String { description }

    // `dump` and test tools print stored properties by reflection, past `description`.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why there is no connection.
package struct ConnectionFailure: Sendable, CustomStringConvertible {
    /// The statement during which the connection was lost; nil where connecting failed.
    package let statement: String?

    /// What the server said before it went, if it said anything: `57P01 admin_shutdown`, `28P01 invalid_password`.
    package let sqlState: SQLState?

    /// libpq's words, without any password. Of a connection lost in use it says only what is fixed text.
    package let message: String

    /// COMMIT had been sent and no answer came: the transaction may stand or not. Look before running it again.
    package let commitOutcomeUnknown: Bool

    init(statement: String?, sqlState: SQLState? = nil, message: String, commitOutcomeUnknown: Bool = false) {
        self.statement = statement
        self.sqlState = sqlState
        self.message = message
        self.commitOutcomeUnknown = commitOutcomeUnknown
    }

    package var description: String {
        var text = statement.map { "\($0): " } ?? "cannot connect: "
        if let sqlState { text += "\(sqlState): " }
        text += message
        if commitOutcomeUnknown { text += "; whether the transaction was committed is not known" }
        return text
    }
}

/// What the server said about an error beside its SQLSTATE.
package struct ServerErrorDetails: Sendable, CustomStringConvertible, CustomReflectable {
    /// `ERROR`, `FATAL` or `PANIC`, never translated.
    package let severity: String
    package let constraint: String?
    package let schema: String?
    package let table: String?
    package let column: String?
    package let dataType: String?
    /// The character (from 1) of the statement's text at which the server places the error.
    package let position: Int?
    /// The function of the server's source that raised the error, such as `RevalidateCachedQuery`.
    package let routine: String?

    /// The primary message. **It may quote customer data.**
    package let serverMessage: String
    /// The second line: for a unique violation, the key. **It quotes customer data.**
    package let serverDetail: String?
    /// **It may quote customer data.**
    package let serverHint: String?
    /// Where in functions, or at which line and column of a COPY. **It may quote customer data.**
    package let serverContext: String?

    /// The schema's objects that the server named, none of which is data.
    var objects: [String] {
        var found: [String] = []
        if let constraint { found.append("constraint \(constraint)") }
        if let table { found.append("table \(schema.map { "\($0)." } ?? "")\(table)") }
        if let column { found.append("column \(column)") }
        if let dataType { found.append("type \(dataType)") }
        return found
    }

    package var description: String { objects.joined(separator: ", ") }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A value that arrived and is not what was asked for. It names the place and the types, never the value.
package struct DecodingFailure: Sendable, CustomStringConvertible {
    package let statement: String
    /// Counted from 0; nil where a column was asked for by a name that is not there (once).
    package let column: Int?
    package let columnName: String?
    /// What the caller asked for: `Int64`.
    package let expected: String
    /// What the column is: `numeric`; nil in a binary COPY, which carries no types.
    package let found: String?
    package let reason: DecodingReason

    package var description: String {
        var place = column.map { "column \($0)" } ?? "column"
        if let columnName { place += " \"\(columnName)\"" }
        let found = found.map { " from \($0)" } ?? ""
        return "\(statement): \(place): cannot read \(expected)\(found): \(reason)"
    }
}

/// The kinds of mismatch that a decoder reports; where they happened is added by the row.
package enum DecodingReason: Error, Hashable, Sendable, CustomStringConvertible {
    case unexpectedNull
    case wrongType
    /// The bytes do not have the type's form: their number, a header, a digit.
    case malformed
    /// A value of the type for which the Swift type has no room: an infinite date, a timestamp out of range.
    case outOfRange
    case invalidUTF8
    case noSuchColumn
    case ambiguousColumn

    package var description: String {
        switch self {
        case .unexpectedNull: "it is NULL"
        case .wrongType: "the types do not match"
        case .malformed: "its bytes do not have the form of the type"
        case .outOfRange: "it is infinite or out of range"
        case .invalidUTF8: "it is not UTF-8"
        case .noSuchColumn: "there is no such column"
        case .ambiguousColumn: "several columns have that name"
        }
    }
}

/// A value that cannot be sent.
package struct EncodingFailure: Sendable, CustomStringConvertible {
    package let statement: String
    package let reason: EncodingReason

    package var description: String { "\(statement): \(reason)" }
}

/// Why a value cannot be sent.
package enum EncodingReason: Error, Hashable, Sendable, CustomStringConvertible {
    /// PostgreSQL stores no U+0000 in text, and a C string would end at it.
    case nulInText
    /// Beyond the server's limit of 1 GiB for a value, or for a message.
    case tooLarge
    case outOfRange
    case tooManyParameters
    /// A row of a COPY buffer has more or fewer fields than it announced, or announced more than 1,600.
    case fieldCount

    package var description: String {
        switch self {
        case .nulInText: "a text holds U+0000, which PostgreSQL does not store"
        case .tooLarge: "a value is larger than PostgreSQL takes (1 GiB)"
        case .outOfRange: "a value is out of the range of its type"
        case .tooManyParameters: "there are more than 65,535 parameters"
        case .fieldCount: "a row does not have the fields that it announced"
        }
    }
}
