import Documents
import Logging
import Synchronization

/// Writes what jobs log as lines to standard error, each at once and as a whole.
struct LineLogHandler: LogHandler {
    let format: LogLine.Format
    /// Called before a line is written: a progress bar makes room.
    let makeRoom: @Sendable () -> Void
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// What every line of a run has stands before what only some have.
    private static let first = ["run", "dry_run", "job", "step", "source"]
    private static let told = Mutex(false)

    /// Whether an error stands in the log: then nobody has to be told of it again.
    static var hasToldError: Bool { told.withLock(\.self) }

    init(format: LogLine.Format, level: Logger.Level, makeRoom: @escaping @Sendable () -> Void) {
        self.format = format
        self.makeRoom = makeRoom
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let keys = Self.first.filter { fields[$0] != nil } + fields.keys.filter { !Self.first.contains($0) }.sorted()
        let line = LogLine(
            time: Clock.now, level: event.level.rawValue, message: "\(event.message)",
            fields: keys.compactMap { key in fields[key].map { (key, Self.value($0)) } })
        makeRoom()
        Console.complain(bytes: line.bytes(format))
        if event.level >= .error { Self.told.withLock { $0 = true } }
    }

    private static func value(_ value: Logger.MetadataValue) -> LogLine.Value {
        guard case .stringConvertible(let number as any BinaryInteger) = value, let exact = Int64(exactly: number)
        else {
            return .text("\(value)")
        }
        return .number(exact)
    }
}
