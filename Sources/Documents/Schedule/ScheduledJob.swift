package import Billing

/// A job that a scheduler is to start, and how.
package struct ScheduledJob: Hashable, Sendable {
    /// Letters, digits and `_`.
    package var name: String
    package var about: String?
    package var cron: CronSchedule
    /// An IANA name; nil for that of the machine.
    package var zone: String?
    /// The program and what it is told.
    package var program: String
    package var arguments: [String]

    package init(
        name: String, about: String?, cron: CronSchedule, zone: String?, program: String, arguments: [String]
    ) {
        self.name = name
        self.about = about
        self.cron = cron
        self.zone = zone
        self.program = program
        self.arguments = arguments
    }

    /// By which schedulers know it: `meterbook-nightly`.
    var unit: String { "meterbook-" + name.split(separator: "_").joined(separator: "-") }

    var description: String { about ?? "the job '\(name)'" }
}

/// What the program returns, as far as a scheduler goes by it.
enum ScheduleStatus {
    /// Another attempt may find it otherwise: the database or a source cannot be reached, or another run is at work.
    static let worthAnother = [69, 75]
    /// It takes a person: wrong usage, rows rejected or something held, a mistake of the program, a wrong set-up.
    static let forAPerson = [64, 65, 70, 78]
}

/// A file that a scheduler is given.
package struct ScheduleFile: Hashable, Sendable {
    package let name: String
    package let text: String
}
