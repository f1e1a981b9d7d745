import Foundation

/// A directory that is removed, with all that is in it, when the last reference to it goes.
package final class TemporaryDirectory: Sendable {
    /// Its absolute path, short enough for a socket.
    package let path: String

    package init() throws {
        var name = Array("/tmp/meterbook-files-XXXXXX".utf8CString)
        guard let made = mkdtemp(&name) else { throw TestFailure("mkdtemp: \(String(cString: strerror(errno)))") }
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file into the directory, and the directories above it, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        return file
    }
}
