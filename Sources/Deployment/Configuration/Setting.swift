import Billing

/// What an installation may set once for all commands: by a flag, by an environment variable, as a credential where it is
/// a secret, or in a configuration file. The raw value is its name in that file.
///
/// Everything that is said about a setting anywhere (what reads it, what checks it, what `config show` prints, the table
/// in jobs/README.md) comes from here.
package enum Setting: String, Hashable, Sendable, CaseIterable {
    case database
    case home
    case deployment
    case workers
    case batch
    case patience
    case progress
    case metrics
    case healthURL = "health_url"
    case logLevel = "log_level"
    case logFormat = "log_format"
    case noticeDirectory = "notice_directory"
    case noticeSendmail = "notice_sendmail"
    case noticeWebhook = "notice_webhook"
    case noticeFrom = "notice_from"
    case noticeSecret = "notice_secret"
    case noticeAttempts = "notice_attempts"
    case profile
    case failpoint
    case failpointList = "failpoint_list"

    /// The environment variable, such as METERBOOK_WORKERS.
    package var variable: String { Self.prefix + rawValue.uppercased() }

    /// What every environment variable of the program begins with.
    package static let prefix = "METERBOOK_"

    /// The environment variable that names a file with the secret; nil for what is none.
    package var fileVariable: String? { isSecret ? variable + "_FILE" : nil }

    /// The name of the credential that holds the secret, such as meterbook.database; nil for what is none.
    package var credential: String? { isSecret ? Self.credentialPrefix + rawValue : nil }

    /// What the credentials of the program's own settings begin with.
    package static let credentialPrefix = "meterbook."

    /// Never shown, and never written into a configuration file as it is.
    package var isSecret: Bool {
        switch self {
        case .database, .healthURL, .noticeSecret: true
        default: false
        }
    }

    /// Whether all of its value may be shown: of a secret nothing may, and of an address that something is posted to only
    /// where it leads, since a token may stand behind that.
    package var isShown: Bool { !isSecret && kind != .address }

    /// As a flag of the commands that take it; nil where there is none.
    package var flag: String? {
        switch self {
        case .home, .profile, .failpoint, .failpointList: nil
        case .database, .deployment, .workers, .batch, .patience, .metrics: "--\(rawValue)"
        case .progress: "--no-progress"
        case .healthURL: "--health-url"
        case .logLevel: "--log-level"
        case .logFormat: "--log-format"
        case .noticeDirectory: "--directory"
        case .noticeSendmail: "--sendmail"
        case .noticeWebhook: "--webhook"
        case .noticeFrom: "--from"
        case .noticeSecret: "--secret-file"
        case .noticeAttempts: "--attempts"
        }
    }

    /// The settings that say where notices go: the highest layer that names one of them decides.
    package static let carriers: [Setting] = [.noticeDirectory, .noticeSendmail, .noticeWebhook]

    /// What it says, as a noun phrase.
    package var meaning: String {
        switch self {
        case .database: "the books' database, as a libpq URI or connection text"
        case .home: "the private server's folder"
        case .deployment: "the folder with catalog.yaml and sources.yaml"
        case .workers: "threads that work side by side"
        case .batch: "subscriptions a transaction"
        case .patience: "seconds that a run waits for a database that went away under it"
        case .progress: "whether a terminal shows progress bars"
        case .metrics: "the file that a run writes its metrics to"
        case .healthURL: "the URL that is told when a run begins and how it ended"
        case .logLevel: "how grave what is logged has to be"
        case .logFormat: "how lines of the log are written"
        case .noticeDirectory: "'notice deliver': the directory for a file a notice"
        case .noticeSendmail: "'notice deliver': the program that takes mail as sendmail does"
        case .noticeWebhook: "'notice deliver': the URL that notices are posted to"
        case .noticeFrom: "'notice deliver': the address of the sender of mail"
        case .noticeSecret: "the secret that signs what is posted to a webhook"
        case .noticeAttempts: "'notice deliver': after how many attempts a notice is given up"
        case .profile: "whether the program works for good, or for tests of it, which may have it die"
        case .failpoint:
            "in tests: the place at which it dies, of those before and after its statements, renames and requests"
        case .failpointList: "in tests: the file that each such place is written to"
        }
    }

    /// What holds where nobody says anything, as people are told; nil for nothing.
    package var defaultText: String? {
        switch self {
        case .database: "the server of PGHOST and its like, or the private one"
        case .home: "where the system keeps such data of the user"
        case .logFormat: "logfmt on a terminal, json elsewhere"
        default: defaultValue?.description
        }
    }

    package static let production = "production"
    package static let standardWorkers = 2
    package static let standardBatch = 5_000
    /// As long as a restart takes in which PostgreSQL has to recover.
    package static let standardPatience = 60

    /// What holds where nobody says anything; nil for nothing, or for what only the machine tells.
    package var defaultValue: SettingValue? {
        switch self {
        case .deployment: .text(".")
        case .workers: .number(Self.standardWorkers)
        case .batch: .number(Self.standardBatch)
        case .patience: .number(Self.standardPatience)
        case .progress: .flag(true)
        case .logLevel: .text("warning")
        case .noticeAttempts: .number(RetrySchedule.standard)
        case .profile: .text(Self.production)
        default: nil
        }
    }
}

/// A value that a setting can have.
package enum SettingValue: Hashable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
}

extension SettingValue: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        }
    }
}
