import Foundation

/// A file that a person names.
package enum NamedFile {
    /// - Throws: `JobError.unreadableFile`.
    package static func bytes(_ path: String) throws(JobError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadableFile(path, reason: JobError.systemReason) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadableFile(path, reason: JobError.systemReason) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

extension JobError {
    /// What the system's last call has said, in its words.
    static var systemReason: String { String(cString: strerror(errno)) }
}
