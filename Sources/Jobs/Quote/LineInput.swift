import Connectors
import Foundation

/// The lines of a file or of a pipe, one at a time: memory does not grow with their number, and a line that is too long is
/// passed over.
final class LineInput {
    enum Next {
        /// Without its line feed; valid until the next call.
        case line(UnsafeBufferPointer<UInt8>)
        case tooLong
        /// No whole line is at hand: `fill` reads on.
        case nothingYet
        case end
    }

    private let path: String
    private let descriptor: Int32
    private let longest: Int
    private var buffer = ReadBuffer(bytes: 1 << 18)
    /// So many bytes hold no line feed.
    private var searched = 0
    private var isAtEnd = false
    private var isPassing = false
    /// The number of the line that `next` has returned, from 1.
    private(set) var number = 0

    /// - Parameters:
    ///   - path: `-` for standard input.
    ///   - longest: in bytes.
    init(path: String, longest: Int) throws(JobError) {
        self.path = path == "-" ? "standard input" : path
        self.longest = longest
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadableFile(path, reason: JobError.systemReason) }
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func next() throws(JobError) -> Next {
        while true {
            let bytes = buffer.bytes
            let found = lineFeed(in: bytes)
            guard let lineEnd = found ?? (isAtEnd ? bytes.count : nil) else {
                searched = bytes.count
                if bytes.count > longest { isPassing = true }
                if isPassing {
                    buffer.consume(bytes.count)
                    searched = 0
                }
                return .nothingYet
            }
            if found == nil, bytes.isEmpty, !isPassing { return .end }
            let line = UnsafeBufferPointer(rebasing: bytes[..<lineEnd])
            buffer.consume(min(lineEnd + 1, bytes.count))
            searched = 0
            number += 1
            if isPassing || line.count > longest {
                isPassing = false
                return .tooLong
            }
            // A byte order mark is no part of the first line.
            if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) {
                return .line(UnsafeBufferPointer(rebasing: line[3...]))
            }
            return .line(line)
        }
    }

    private func lineFeed(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        return memchr(base + searched, 0x0A, bytes.count - searched).map {
            UnsafeRawPointer(base).distance(to: UnsafeRawPointer($0))
        }
    }

    /// Reads some more, or finds the end.
    func fill() throws(JobError) {
        let count = try buffer.fill { room throws(JobError) in
            while true {
                let count = read(descriptor, room.baseAddress, room.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .unreadableFile(path, reason: JobError.systemReason) }
                return count
            }
        }
        isAtEnd = count == 0
    }
}
