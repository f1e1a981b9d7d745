import Billing
import Connectors
import Postgres
import Store

/// What the program returns to the shell: the numbers of sysexits.h, so that cron, systemd and Kubernetes can tell what to
/// do from what went wrong.
package enum ExitStatus: Int16, Sendable, CaseIterable {
    case ok = 0
    /// The command line was wrong.
    case usage = 64
    /// Rows were rejected, subscriptions are held, or a file that a person wrote has mistakes. The good part is done.
    case badData = 65
    /// A database or a source could not be reached.
    case unavailable = 69
    /// A mistake of the program.
    case software = 70
    /// Another run holds the books, or this one was asked to stop: try again later.
    case temporary = 75
    /// The deployment or the database is not set up for this.
    case configuration = 78

    /// Whether an error comes from the rooms behind the jobs, with a description for people.
    package static func isWorded(_ error: any Error) -> Bool {
        error is JobError || error is StoreError || error is PostgresError || error is ConnectorError
            || error is BillingError || error is DetailRefusal || error is ManualLineRefusal || error is RevisionRefusal
            || error is QuoteProblem
            || error is ChangeRefusal || error is ReissueRefusal
    }

    /// What people are told of an error that is worded.
    package static func words(_ error: any Error) -> String {
        guard case PostgresError.server(.insufficientPrivilege, let statement, let details) = error else {
            return "\(error)"
        }
        // Of a refusal the server names the object, and no customer's data.
        return
            "\(statement): \(details.serverMessage); 'meterbook doctor' says which roles this login has and which it lacks"
    }

    /// Whether nothing of a run can go on after it: it was asked to stop, or the books are another's.
    static func endsRun(_ error: any Error) -> Bool {
        switch error {
        case JobError.interrupted, StoreError.busy, StoreError.claimLost: true
        default: false
        }
    }

    /// The status that an error stands for.
    package static func of(_ error: any Error) -> ExitStatus {
        switch error {
        case let error as JobError:
            switch error {
            case .interrupted: .temporary
            case .noDeployment, .unknownSourceZone, .missingSecret, .unusableSecret: .configuration
            case .invalidSources, .invalidJob: .badData
            case .unknownSource, .notReadings, .emptyWindow, .unknownCreditNote, .windowOfJob,
                .notABackfill, .tooManyChunks:
                .usage
            case .creditedInvoice, .creditRefused: .badData
            case .notADraft, .voidedAlready, .heldInvoice, .notHeld, .notFinalized, .noOpenPeriod: .badData
            case .unreadableFile, .unwritableFile: .unavailable
            case .noCarrier: .configuration
            }
        case let error as StoreError:
            switch error {
            case .busy, .claimLost, .changedUnderneath: .temporary
            case .notMigrated, .newerSchema, .editedMigration, .misplacedMigration, .malformedMigration,
                .refusedMigration, .lacksRole, .noCatalog, .missingCut, .unreadableCatalog:
                .configuration
            case .planInUse, .fixedInCatalog, .fixedMeter: .badData
            case .unknownSubscription, .unknownCustomer, .unknownPlan, .unknownInvoice, .unknownRun, .unknownTimeZone,
                .noDecision:
                .usage
            case .inconsistent: .software
            }
        case let error as PostgresError: of(error)
        case let error as ConnectorError: of(error)
        case is BillingError: .badData
        case is DetailRefusal: .usage
        case let error as RevisionRefusal:
            if case .noRevision = error { .usage } else { .badData }
        case let error as ReissueRefusal:
            if case .noIssue = error { .usage } else { .badData }
        case let error as ManualLineRefusal: error.isOfWords ? .usage : .badData
        case let error as ChangeRefusal:
            if case .unknownPlan = error { .usage } else { .badData }
        // A batch answers its own mistakes; these are of the command line.
        case let error as QuoteProblem: error.isOfRating ? .badData : .usage
        default: .software
        }
    }

    /// What is not there may be there later; what is there and unreadable has to be mended by somebody.
    private static func of(_ error: ConnectorError) -> ExitStatus {
        switch error {
        case .fileNotFound, .noFileMatches, .unreadable, .fileShrank, .lastLineUnfinished, .databaseUnreachable,
            .outOfMemory:
            .unavailable
        case .emptyPattern, .unusablePath, .unknownExtension, .notARegularFile, .tooManyFiles, .queryFailed,
            .missingResultColumns, .duplicateResultColumn:
            .configuration
        case .notText, .brokenHeader, .missingColumns, .duplicateColumn, .corruptGzip, .truncatedGzip, .trailingGarbage,
            .expandedTooFar:
            .badData
        case .server(let failure):
            switch failure.remedy {
            case .setUp: .configuration
            case .retry: .unavailable
            case .mendData: .badData
            case .stopped: .temporary
            }
        }
    }

    private static func of(_ error: PostgresError) -> ExitStatus {
        switch error {
        case .connection: return .unavailable
        case .server(let state, _, _):
            if state.isConnectionLoss { return .unavailable }
            if state.isRetryable || state == .lockNotAvailable || state == .queryCanceled { return .temporary }
            if state == .diskFull { return .unavailable }
            if state == .insufficientPrivilege || state == .undefinedTable { return .configuration }
            return .software
        default: return .software
        }
    }
}
