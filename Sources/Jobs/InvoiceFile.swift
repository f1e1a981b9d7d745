import Billing
import Documents
import Store

/// The invoices that a run has written, as a file: one JSON document a line. A dry run writes the same bytes as the run in
/// earnest, so what it would do can be looked at, and compared, customer by customer.
struct InvoiceFile {
    let path: String

    /// - Throws: `JobError.unwritableFile`.
    func write(_ invoices: InvoiceStore, ofRun runID: Int64) throws {
        let file = try RowFile(path)
        try invoices.exportLines(from: nil, to: nil, run: runID) { try file.write($0) }
        try file.finish()
    }
}

extension InvoiceStore {
    /// Every invoice as one line of JSON, some thousand a call: memory does not grow with their number.
    ///
    /// - Parameter run: only those that this run wrote; nil for all.
    func exportLines(
        from: CivilDate?, to: CivilDate?, run: Int64? = nil, _ write: ([UInt8]) throws -> Void
    ) throws {
        let flushBytes = 1 << 20
        var bytes: [UInt8] = []
        try export(from: from, to: to, run: run) { document in
            InvoiceJSON.line(document, into: &bytes)
            if bytes.count >= flushBytes {
                try write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try write(bytes)
    }
}
