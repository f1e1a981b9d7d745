/// The unread bytes of a file, as far as they have been read from disk, with the number of their physical line.
///
/// A reader looks for a whole row in `bytes`, asks for `more()` when the row's end is not among them, and consumes what
/// it has understood. The window always starts at the start of a physical line. Readers stop asking at the row limit, which
/// bounds the buffer.
final class ByteWindow {
    private let stream: ByteStream
    private var buffer: ReadBuffer
    /// Nothing is left to read behind `bytes`.
    private(set) var isAtEnd = false
    /// The 1-based physical line at which `bytes` start.
    private(set) var line = 1
    /// The last byte taken as read was no line feed.
    private var endsInsideLine = false

    init(_ stream: ByteStream, bufferBytes: Int) {
        self.stream = stream
        buffer = ReadBuffer(bytes: bufferBytes)
    }

    /// Valid until the next call of `more`, `consume` or `skipLine`.
    var bytes: UnsafeBufferPointer<UInt8> { buffer.bytes }

    var file: OpenFile { stream.file }

    /// Reads at least one more byte behind `bytes`, or finds the end. Their addresses change.
    func more() throws(ConnectorError) {
        guard !isAtEnd else { return }
        isAtEnd = try buffer.fill { room throws(ConnectorError) in try stream.read(into: room) } == 0
    }

    /// Takes the first `count` bytes as read; they hold `lines` line feeds, and the last byte is one or the file's last.
    func consume(_ count: Int, lines: Int) {
        guard count > 0 else { return }
        endsInsideLine = bytes[count - 1] != Byte.lineFeed
        buffer.consume(count)
        line += lines
    }

    /// Takes everything as read up to and with the next line feed at or behind `offset`, however far that is.
    func skipLine(from offset: Int) throws(ConnectorError) {
        var offset = offset
        while true {
            if let lineFeed = bytes.firstOffset(of: Byte.lineFeed, from: offset) {
                let skipped = UnsafeBufferPointer(rebasing: bytes[...lineFeed])
                return consume(skipped.count, lines: skipped.occurrences(of: Byte.lineFeed))
            }
            // What has been looked at is dropped at once, so that a line of any length needs no more memory.
            consume(bytes.count, lines: bytes.occurrences(of: Byte.lineFeed))
            offset = 0
            if isAtEnd { return }
            try more()
        }
    }

    /// Looks at the file's first bytes: steps over a UTF-8 byte order mark, and refuses what plainly is no UTF-8 text, so
    /// that a wrong file is one error and not a million defects.
    func skipByteOrderMark() throws(ConnectorError) {
        while bytes.count < 3, !isAtEnd { try more() }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            consume(3, lines: 0)
        } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw .notText(path: file.path, looksLike: "UTF-16 text")
        } else if bytes.starts(with: [0x1F, 0x8B]) {
            throw .notText(path: file.path, looksLike: "gzip data (name it .gz)")
        }
    }

    /// To be called once everything is consumed, before the last rows are handed out.
    ///
    /// When the file has grown since the opening and its last line did not end, our fixed size has cut that line in the
    /// middle: half a number would be read as a number, so this is an error.
    func checkEnd() throws(ConnectorError) {
        let size = try file.checkNotShrunk()
        if endsInsideLine, size > file.size, case .plain = stream {
            throw .lastLineUnfinished(path: file.path, line: line)
        }
    }
}
