import Glibc

/// An open regular file whose size is fixed at the opening: what is appended later is not read, and a file replaced under
/// its name goes on giving its old content.
final class OpenFile {
    let path: String
    /// Bytes, as of the opening.
    let size: Int
    let status: stat
    /// Bytes read by now.
    private(set) var offset = 0
    private let descriptor: Int32

    init(_ file: SourceFile, lookedIn directory: String) throws(ConnectorError) {
        path = file.path
        // Without O_NONBLOCK, opening a pipe that took the file's place would wait for a writer for ever.
        let descriptor = open(file.systemPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT
                ? .fileNotFound(path: file.path, lookedIn: directory)
                : .unreadable(path: file.path, doing: "opening it", code: code)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .unreadable(path: file.path, doing: "asking for its size", code: code)
        }
        guard status.isRegularFile else {
            close(descriptor)
            throw .notARegularFile(path: file.path)
        }
        self.descriptor = descriptor
        self.status = status
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads up to the buffer's count; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        let wanted = min(buffer.count, size - offset)
        guard wanted > 0 else { return 0 }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, wanted)
            if count > 0 {
                offset += count
                return count
            }
            let code = errno
            if count == 0 {
                // It has shrunk below the offset; and if it has grown again since, its content is another.
                throw .fileShrank(path: path, from: size, to: min(offset, try checkNotShrunk()))
            }
            if code != EINTR { throw .unreadable(path: path, doing: "reading it", code: code) }
        }
    }

    /// The file's size by now, bytes. Throws when it has shrunk: then what was read may be a mix of old and new content.
    func checkNotShrunk() throws(ConnectorError) -> Int {
        var now = stat()
        guard fstat(descriptor, &now) == 0 else {
            throw .unreadable(path: path, doing: "asking for its size", code: errno)
        }
        let nowSize = Int(now.st_size)
        guard nowSize >= size else { throw .fileShrank(path: path, from: size, to: nowSize) }
        return nowSize
    }
}

/// The text of a file, whatever its compression.
enum ByteStream {
    case plain(OpenFile)
    case gzip(Gunzip)

    var file: OpenFile {
        switch self {
        case .plain(let file): file
        case .gzip(let expander): expander.file
        }
    }

    /// Reads up to the buffer's count; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        switch self {
        case .plain(let file): try file.read(into: buffer)
        case .gzip(let expander): try expander.read(into: buffer)
        }
    }
}
