import ArgumentParser
import Jobs
import PrivateServer

/// Errors that the rooms have worded; everything else belongs to the argument parser.
func isOurs(_ error: any Error) -> Bool {
    ExitStatus.isWorded(error) || error is PrivateServerError || error is CommandError
}

/// What can be wrong with a command beyond its syntax.
enum CommandError: Error, CustomStringConvertible {
    case noDatabase
    /// The private server of somebody else.
    case outOfReach(String)
    case unwritable(String)
    /// Everything that is wrong with the settings, each with its place.
    case configuration([String])
    /// A job that no scheduler can start.
    case unscheduled(String)
    /// Two files with a job of one name.
    case sameJob(String)

    var description: String {
        switch self {
        case .noDatabase:
            "there is no database yet; run 'meterbook migrate', or name a server with PGHOST, PGSERVICE or --database"
        case .outOfReach(let path):
            "\(path): this user may not look into it; work as its owner, or name another server with PGHOST, PGSERVICE or --database"
        case .configuration(let mistakes): mistakes.joined(separator: "\n")
        case .unwritable(let what): "cannot write to \(what)"
        case .unscheduled(let file):
            "\(file): it has no 'schedule', or takes a window that a person has to name; write schedule: {cron: '30 2 * * *'}"
        case .sameJob(let name): "two of the files are the job '\(name)'; name each job by itself"
        }
    }

    var status: ExitStatus {
        switch self {
        case .noDatabase, .outOfReach, .configuration: .configuration
        case .unwritable: .unavailable
        case .unscheduled, .sameJob: .badData
        }
    }
}

extension ExitStatus {
    /// The status of any error of the program.
    static func ofAny(_ error: any Error) -> ExitStatus {
        switch error {
        case let error as CommandError: error.status
        case let error as PrivateServerError:
            switch error {
            case .otherMajorVersion, .squatted, .foreignOwner: .configuration
            default: .unavailable
            }
        default: .of(error)
        }
    }

    /// Ends the command with this status, quietly.
    var exitCode: ExitCode { ExitCode(Int32(rawValue)) }
}
