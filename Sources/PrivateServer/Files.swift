import Failpoints
import Foundation

/// The few file operations that a server's directory needs, with owners and without following links.
///
/// Root works here in directories that belong to the server's user. A link planted there must never make root write
/// elsewhere, so files are made under a fresh name and renamed.
enum Files {
    /// Writes all bytes; false with `errno` set when that failed.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
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

    /// Everything in an open file, whatever its position.
    static func contents(of descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(all.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }

    /// The text of a small file, or nil when it cannot be read.
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return String(decoding: contents(of: descriptor), as: UTF8.self)
    }

    /// The last lines of a text, without empty ones: enough to show a person why a program failed.
    static func tail(of text: String, lines: Int = 6) -> String {
        text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.suffix(lines)
            .joined(separator: "\n")
    }

    /// The status of a path itself: a link is not followed. Nil when there is nothing, or no way to it.
    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func isDirectory(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Replaces a file in one step, with mode 0600, owned by `user`.
    static func replace(_ path: String, with text: String, owner user: ServerUser) throws(PrivateServerError) {
        let fresh = "\(path).new-\(getpid())"
        unlink(fresh)
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("create", fresh, errno) }
        defer { close(descriptor) }
        guard write(Array(text.utf8), to: descriptor), give(descriptor, to: user), Failpoint.rename(fresh, to: path)
        else {
            let code = errno
            unlink(fresh)
            throw .system("write", path, code)
        }
    }

    /// Makes an empty file, mode 0600, owned by `user`, unless there is one.
    static func touch(_ path: String, owner user: ServerUser) throws(PrivateServerError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0, give(descriptor, to: user) else { throw .system("create", path, errno) }
        close(descriptor)
    }

    /// Makes a directory, mode 0700, owned by `user`, and the ones above it. One that exists stays as it is.
    static func makePrivateDirectory(_ path: String, owner user: ServerUser) throws(PrivateServerError) {
        if Files.isDirectory(path) { return }
        let above = (path as NSString).pathComponents.dropFirst().dropLast()
        var parent = ""
        for name in above {
            parent += "/" + name
            guard mkdir(parent, 0o755) == 0 || errno == EEXIST else { throw .system("create", parent, errno) }
        }
        guard mkdir(path, 0o700) == 0 else {
            // Somebody was faster: ourselves in another process, or a stranger, to whom nothing is given.
            if errno == EEXIST { return }
            throw .system("create", path, errno)
        }
        guard !user.isOther || lchown(path, user.uid, user.gid) == 0 else { throw .system("give away", path, errno) }
    }

    /// Removes a tree. What is not there needs no removing, and what cannot be removed is reported.
    static func remove(_ path: String) throws(PrivateServerError) {
        guard status(path) != nil else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .system("remove", path, (error as NSError).posixCode)
        }
    }

    private static func give(_ descriptor: Int32, to user: ServerUser) -> Bool {
        !user.isOther || fchown(descriptor, user.uid, user.gid) == 0
    }
}

extension NSError {
    /// The `errno` beneath a Foundation file error, or EIO when it hides it.
    fileprivate var posixCode: Int32 {
        if domain == NSPOSIXErrorDomain { return Int32(code) }
        if let beneath = userInfo[NSUnderlyingErrorKey] as? NSError { return Int32(beneath.code) }
        return domain == NSCocoaErrorDomain && code == CocoaError.fileWriteNoPermission.rawValue ? EACCES : EIO
    }
}
