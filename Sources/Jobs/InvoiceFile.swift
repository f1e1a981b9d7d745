import Documents
import Foundation
import Store

/// The invoices that a run has written, as a file: one JSON document a line. A dry run writes the same bytes as the run in
/// earnest, so what it would do can be looked at, and compared, customer by customer.
struct InvoiceFile {
    let path: String

    private static let flushBytes = 1 << 20

    /// Writes the file under another name first, so that nobody meets half of it.
    ///
    /// - Throws: `JobError.unwritableFile`.
    func write(_ invoices: InvoiceStore, ofRun runID: Int64) throws {
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: nil),
            let file = FileHandle(forWritingAtPath: part)
        else { throw JobError.unwritableFile(path) }
        do {
            var bytes: [UInt8] = []
            try invoices.export(from: nil, to: nil, run: runID) { document in
                InvoiceJSON.line(document, into: &bytes)
                if bytes.count >= Self.flushBytes {
                    try file.write(contentsOf: bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
            try file.write(contentsOf: bytes)
            try file.close()
        } catch is CocoaError {
            throw JobError.unwritableFile(path)
        }
        guard rename(part, path) == 0 else { throw JobError.unwritableFile(path) }
    }
}
