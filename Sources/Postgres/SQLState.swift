/// The five-character code by which PostgreSQL (and ISO 9075) names an error's condition. It never carries data, so it may
/// be logged, compared and stored.
package struct SQLState: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// Five characters out of `0-9A-Z`, as the server sent them.
    package let code: String

    package init(_ code: String) {
        self.code = code
    }

    package init(stringLiteral value: String) {
        self.init(value)
    }

    /// The condition's name in PostgreSQL's manual, such as `unique_violation`; nil for a code that PostgreSQL 15 does not
    /// know, which includes all that a function raises by itself.
    package var conditionName: String? { Self.conditionNames[code] }

    /// The code and its name: `23505 unique_violation`.
    package var description: String {
        guard let conditionName else { return code }
        return "\(code) \(conditionName)"
    }

    /// The first two characters: the family of the condition.
    var errorClass: Substring { code.prefix(2) }

    /// The session is gone, or could not be had: class 08, a server that shuts down, starts or drops a session for being idle.
    package var isConnectionLoss: Bool {
        switch self {
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .databaseDropped, .idleSessionTimeout,
            .idleInTransactionSessionTimeout:
            true
        default: errorClass == "08"
        }
    }

    /// The same transaction, run again from its start, may succeed though nothing was changed. Only the two conditions by
    /// which the server picks a victim among transactions that were each right: a lock timeout is not among them, since its
    /// cause may still hold the lock, and whoever set that timeout has a view on how long to try.
    package var isRetryable: Bool {
        self == .serializationFailure || self == .deadlockDetected
    }
}

extension SQLState {
    package static let connectionException: SQLState = "08000"
    package static let connectionFailure: SQLState = "08006"
    package static let featureNotSupported: SQLState = "0A000"

    package static let numericValueOutOfRange: SQLState = "22003"
    package static let datetimeFieldOverflow: SQLState = "22008"
    package static let divisionByZero: SQLState = "22012"
    package static let characterNotInRepertoire: SQLState = "22021"
    package static let invalidTextRepresentation: SQLState = "22P02"
    package static let invalidBinaryRepresentation: SQLState = "22P03"
    package static let badCopyFileFormat: SQLState = "22P04"

    package static let integrityConstraintViolation: SQLState = "23000"
    package static let restrictViolation: SQLState = "23001"
    package static let notNullViolation: SQLState = "23502"
    package static let foreignKeyViolation: SQLState = "23503"
    package static let uniqueViolation: SQLState = "23505"
    package static let checkViolation: SQLState = "23514"
    package static let exclusionViolation: SQLState = "23P01"

    package static let activeSQLTransaction: SQLState = "25001"
    package static let readOnlySQLTransaction: SQLState = "25006"
    package static let noActiveSQLTransaction: SQLState = "25P01"
    package static let inFailedSQLTransaction: SQLState = "25P02"
    package static let idleInTransactionSessionTimeout: SQLState = "25P03"
    package static let invalidSQLStatementName: SQLState = "26000"
    package static let invalidAuthorization: SQLState = "28000"
    package static let invalidPassword: SQLState = "28P01"
    package static let invalidCatalogName: SQLState = "3D000"

    package static let serializationFailure: SQLState = "40001"
    package static let deadlockDetected: SQLState = "40P01"

    package static let syntaxError: SQLState = "42601"
    package static let insufficientPrivilege: SQLState = "42501"
    package static let undefinedColumn: SQLState = "42703"
    package static let undefinedFunction: SQLState = "42883"
    package static let undefinedTable: SQLState = "42P01"
    package static let duplicateSchema: SQLState = "42P06"
    package static let duplicateTable: SQLState = "42P07"
    package static let duplicateObject: SQLState = "42710"
    package static let undefinedObject: SQLState = "42704"

    package static let diskFull: SQLState = "53100"
    package static let outOfMemory: SQLState = "53200"
    package static let tooManyConnections: SQLState = "53300"
    package static let programLimitExceeded: SQLState = "54000"
    package static let objectNotInPrerequisiteState: SQLState = "55000"
    package static let lockNotAvailable: SQLState = "55P03"
    package static let queryCanceled: SQLState = "57014"
    package static let adminShutdown: SQLState = "57P01"
    package static let crashShutdown: SQLState = "57P02"
    package static let cannotConnectNow: SQLState = "57P03"
    package static let databaseDropped: SQLState = "57P04"
    package static let idleSessionTimeout: SQLState = "57P05"

    package static let raiseException: SQLState = "P0001"
    package static let assertFailure: SQLState = "P0004"
    package static let dataCorrupted: SQLState = "XX001"
}
