import Failpoints
import Foundation
import Synchronization

/// A file that rows are added to from one thread after another: under another name until it is whole, so that nobody meets
/// half of it.
final class RowFile: Sendable {
    private let path: String
    private let file: FileHandle
    private let pending = Mutex<[UInt8]>([])

    private static let flushBytes = 1 << 20

    private var part: String { path + ".part" }

    /// - Throws: `JobError.unwritableFile`.
    init(_ path: String) throws(JobError) {
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
            let file = FileHandle(forWritingAtPath: path + ".part")
        else { throw .unwritableFile(path) }
        self.path = path
        self.file = file
    }

    /// - Throws: `JobError.unwritableFile`.
    func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws {
        try pending.withLock { pending in
            pending += bytes
            guard pending.count >= Self.flushBytes else { return }
            try flush(&pending)
        }
    }

    /// Writes what is left, and gives the file its name.
    func finish() throws {
        try pending.withLock { try flush(&$0) }
        do { try file.close() } catch { throw JobError.unwritableFile(path) }
        Failpoint.pass(.before, "rename of \(part)")
        guard rename(part, path) == 0 else { throw JobError.unwritableFile(path) }
        Failpoint.pass(.after, "rename of \(part)")
    }

    private func flush(_ pending: inout [UInt8]) throws {
        do { try file.write(contentsOf: pending) } catch { throw JobError.unwritableFile(path) }
        pending.removeAll(keepingCapacity: true)
    }
}
