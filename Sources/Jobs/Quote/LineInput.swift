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
    private var buffer: UnsafeMutableBufferPointer<UInt8>
    private var start = 0
    private var end = 0
    /// Up to here no line feed has been found.
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
        guard descriptor >= 0 else { throw .unreadableFile(path) }
        buffer = .allocate(capacity: 1 << 18)
    }

    deinit {
        buffer.deallocate()
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func next() throws(JobError) -> Next {
        while true {
            guard let base = buffer.baseAddress else { return .end }
            let found = memchr(base + searched, 0x0A, end - searched).map {
                UnsafeRawPointer(base).distance(to: UnsafeRawPointer($0))
            }
            guard let lineEnd = found ?? (isAtEnd ? end : nil) else {
                searched = end
                if end - start > longest { isPassing = true }
                if isPassing { (start, end, searched) = (0, 0, 0) }
                return .nothingYet
            }
            if found == nil, start == end, !isPassing { return .end }
            let line = UnsafeBufferPointer(rebasing: buffer[start..<lineEnd])
            start = min(lineEnd + 1, end)
            searched = start
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

    /// Reads some more, or finds the end.
    func fill() throws(JobError) {
        makeRoom()
        while true {
            guard let base = buffer.baseAddress else { return }
            let count = read(descriptor, base + end, buffer.count - end)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadableFile(path) }
            end += count
            isAtEnd = count == 0
            return
        }
    }

    private func makeRoom() {
        guard end == buffer.count, let base = buffer.baseAddress else { return }
        if start > 0 {
            memmove(base, base + start, end - start)
        } else {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
            if let target = larger.baseAddress { memcpy(target, base, end) }
            buffer.deallocate()
            buffer = larger
        }
        (end, searched, start) = (end - start, searched - start, 0)
    }
}
