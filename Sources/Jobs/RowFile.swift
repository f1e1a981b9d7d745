import Failpoints
import Foundation
import Synchronization

/// A file that rows are added to from one thread after another: under another name until it is whole, so that nobody meets
/// half of it.
///
/// A link is followed, and what is no file (a device, a pipe, /dev/stdout) is written to as it is: it is not ours to replace.
final class RowFile: Sendable {
    private let path: String
    private let place: Place
    private let file: FileHandle
    private let pending = Mutex<[UInt8]>([])

    private static let flushBytes = 1 << 20

    private enum Place {
        /// A file, by the name that it has when no link is left in it, or a new one.
        case file(String)
        /// What is no file.
        case device
        /// A stream that the program was started with, by its number.
        case stream(Int32)
    }

    /// - Throws: `JobError.unwritableFile`.
    init(_ path: String) throws(JobError) {
        let place = try Self.place(path)
        self.path = path
        self.place = place
        let descriptor =
            switch place {
            case .file(let target):
                open(Self.part(target), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
            case .device: open(path, O_WRONLY | O_CLOEXEC)
            // Opened anew, a file that standard output was directed to would be written from its beginning.
            case .stream(let number): dup(number)
            }
        guard descriptor >= 0 else { throw Self.failure(path) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Whether there could be such a file by the end of a run that begins now: so that no run finds out when it is done.
    ///
    /// - Throws: `JobError.unwritableFile`.
    static func check(_ path: String) throws(JobError) {
        switch try place(path) {
        case .file(let target):
            _ = try RowFile(path)
            unlink(part(target))
        // Whoever reads a pipe would take this for all of it.
        case .device: guard access(path, W_OK) == 0 else { throw failure(path) }
        case .stream(let number): guard fcntl(number, F_GETFD) >= 0 else { throw failure(path) }
        }
    }

    private static func place(_ path: String) throws(JobError) -> Place {
        if let number = standard(path) { return .stream(number) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw failure(path) }
            guard lstat(path, &status) != 0 else {
                throw .unwritableFile(path, reason: "it is a link to something that is not there")
            }
            return .file(path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard let name = realpath(path, nil) else { throw failure(path) }
            defer { free(name) }
            return .file(String(cString: name))
        case S_IFDIR: throw .unwritableFile(path, reason: "it is a directory")
        default: return .device
        }
    }

    /// The number of a stream that the program was started with.
    private static func standard(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            let prefix = ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }
            return prefix.flatMap { Int32(path.dropFirst($0.count)) }
        }
    }

    private static func part(_ target: String) -> String { target + ".part" }

    private static func failure(_ path: String) -> JobError {
        .unwritableFile(path, reason: JobError.systemReason)
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
        do { try file.close() } catch { throw Self.failure(path) }
        guard case .file(let target) = place else { return }
        guard Failpoint.rename(Self.part(target), to: target) else { throw Self.failure(path) }
    }

    private func flush(_ pending: inout [UInt8]) throws {
        do { try file.write(contentsOf: pending) } catch { throw Self.failure(path) }
        pending.removeAll(keepingCapacity: true)
    }
}
