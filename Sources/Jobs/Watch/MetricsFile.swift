import Billing
import Documents

/// The books for a monitor, as a file that a node exporter collects. It is given its name when it is whole.
struct MetricsFile {
    let path: String

    /// - Throws: `JobError.unwritableFile`, and what keeps the books from being looked at.
    func write(_ database: Database, asOf: CivilDate?, now: Int64) throws {
        let file = try RowFile(path)
        try file.write(MetricsText.text(Look(database).metrics(asOf: asOf, now: now)))
        try file.finish()
    }
}
