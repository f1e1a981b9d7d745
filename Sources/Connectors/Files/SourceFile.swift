import Glibc

/// A file of a source as of its listing; once the file has been opened, as of the opening.
package struct SourceFile: Sendable, Hashable {
    /// As shown to people: relative when the pattern was relative.
    package let path: String
    /// As the file system takes it.
    package let systemPath: String
    /// Never `.byExtension`.
    package let format: FileFormat
    /// Bytes.
    package private(set) var size: Int
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package private(set) var modified: Int64
    package private(set) var inode: UInt64

    init(path: String, systemPath: String, format: FileFormat, status: stat) {
        self.path = path
        self.systemPath = systemPath
        self.format = format.resolved(for: path)
        (size, modified, inode) = (0, 0, 0)
        note(status)
    }

    /// Takes over what the file system says of the file by now.
    mutating func note(_ status: stat) {
        size = Int(status.st_size)
        modified = status.modifiedNanoseconds
        inode = UInt64(status.st_ino)
    }
}

extension stat {
    /// Whether this is a regular file, after symbolic links.
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }

    /// Nanoseconds since 1970; the ends of Int64 stand for times outside of 1677 … 2262, which a file system may well hold.
    var modifiedNanoseconds: Int64 {
        let (whole, overflow) = Int64(st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return st_mtim.tv_sec < 0 ? .min : .max }
        let (sum, sumOverflow) = whole.addingReportingOverflow(Int64(st_mtim.tv_nsec))
        return sumOverflow ? .max : sum
    }
}
