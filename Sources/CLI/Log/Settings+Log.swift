import ArgumentParser
import Deployment
import Documents
import Logging

/// What a job tells of itself on the way.
struct LogOptions: ParsableArguments {
    @Option(help: "How grave what is logged has to be: trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?
    @Option(help: "Log lines as logfmt or json; without it logfmt on a terminal and json elsewhere.")
    var logFormat: String?

    var flags: Settings.Flags { Settings.flags((.logLevel, logLevel), (.logFormat, logFormat)) }

    func validate() throws { try Settings.check(flags) }
}

extension Settings {
    /// Writes to standard error, in turns with the progress bar.
    func logger(besides bar: ProgressBar?) throws -> Logger {
        let level = try text(.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .warning
        let format =
            try text(.logFormat).flatMap { LogLine.Format(rawValue: $0) }
            ?? (Console.isErrorTerminal ? .logfmt : .json)
        return Logger(label: "meterbook") { _ in
            LineLogHandler(format: format, level: level) { bar?.makeRoom() }
        }
    }

    /// The bar that shows how far a job has come: on a terminal, unless somebody wants none.
    var progressBar: ProgressBar? {
        get throws { try flag(.progress) && Console.isErrorTerminal ? ProgressBar() : nil }
    }
}
