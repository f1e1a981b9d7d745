import Billing
import Documents
import Failpoints
import Foundation

/// Writes each notice as a mail into a directory: `ID.eml`. A file appears whole or not at all, and one that is written
/// again takes the place of the same message.
struct DirectoryCarrier: NoticeCarrier {
    let path: String
    let from: EmailAddress?
    let needsAddress = false

    init(_ path: String, from: EmailAddress?) throws {
        self.path = path
        self.from = from ?? NoticeMessage.placeholder
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw JobError.noCarrier(path, reason: "is no directory")
        }
    }

    func carry(_ notice: OutgoingNotice, now: Int64) throws -> Carried {
        let name = NoticeMessage.identifier(notice.id)
        // Only this process writes the temporary name: an older one is what a killed process of the same number left.
        let fresh = "\(path)/.\(name).\(getpid()).tmp"
        unlink(fresh)
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { Foundation.close(descriptor) }
        let bytes = NoticeMessage.bytes(notice, from: from, sentAt: now)
        // On the disk before the books say that it is delivered.
        guard write(bytes, to: descriptor), fsync(descriptor) == 0, Failpoint.rename(fresh, to: "\(path)/\(name).eml"),
            syncDirectory()
        else {
            let error = failure()
            unlink(fresh)
            throw error
        }
        return .delivered
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func syncDirectory() -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Foundation.close(descriptor) }
        return fsync(descriptor) == 0
    }

    private func failure() -> JobError { .noCarrier(path, reason: String(cString: strerror(errno))) }
}
