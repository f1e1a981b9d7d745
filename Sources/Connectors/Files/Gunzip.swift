import CZlib

/// Expands a gzip file (RFC 1952) as it is read, in constant memory.
///
/// A file is one member or several behind each other, as `cat a.gz b.gz` makes them (section 2.2). zlib checks each
/// member's CRC-32 and length. Anything else behind a member is an error: a reader that stopped quietly would take a
/// damaged download for a short file.
final class Gunzip {
    let file: OpenFile
    private let limit: Int
    /// zlib keeps the address of its state, so the state must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var expanded = 0
    private var place = Place.betweenMembers
    private var members = 0

    private enum Place {
        case insideMember
        /// At the file's start too.
        case betweenMembers
    }

    init(_ file: OpenFile, inputBytes: Int, limit: Int) throws(ConnectorError) {
        self.file = file
        self.limit = limit
        input = .allocate(capacity: inputBytes)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 + MAX_WBITS: a gzip wrapper and nothing else, with the largest window.
        let code = inflateInit2_(stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        // From here on deinit runs; inflateEnd refuses a stream that was never set up and does no harm.
        guard code == Z_OK else { throw .outOfMemory(path: file.path) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Expands up to the buffer's count; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        let room = min(buffer.count, 64 << 20)
        guard room > 0 else { return 0 }
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        while stream.pointee.avail_out == UInt32(room) {
            if stream.pointee.avail_in == 0, try !refill() {
                // Nothing is left to read. Only between members is that the end, and no member at all is no gzip file.
                guard place == .betweenMembers, members > 0 else {
                    throw .truncatedGzip(path: file.path, size: file.size)
                }
                return 0
            }
            if place == .betweenMembers { try startMember() }
            try inflateSome()
        }
        let count = room - Int(stream.pointee.avail_out)
        expanded += count
        guard expanded <= limit else { throw .expandedTooFar(path: file.path, limit: limit) }
        return count
    }

    /// Compressed bytes that zlib has taken by now.
    private var offset: Int { file.offset - Int(stream.pointee.avail_in) }

    private func refill() throws(ConnectorError) -> Bool {
        let count = try file.read(into: UnsafeMutableRawBufferPointer(input))
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(count)
        return count > 0
    }

    private func startMember() throws(ConnectorError) {
        // zlib would call these bytes an incorrect header; behind a member they are something else than damage.
        if members > 0, stream.pointee.next_in?.pointee != 0x1F {
            throw .trailingGarbage(path: file.path, offset: offset)
        }
        if members > 0, inflateReset(stream) != Z_OK {
            throw .corruptGzip(path: file.path, offset: offset, detail: "its state cannot be reset")
        }
        place = .insideMember
        members += 1
    }

    private func inflateSome() throws(ConnectorError) {
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR:
            // Z_BUF_ERROR means only that zlib needs more input or room, and it gets both.
            break
        case Z_STREAM_END:
            place = .betweenMembers
        case Z_MEM_ERROR:
            throw .outOfMemory(path: file.path)
        default:
            let detail = stream.pointee.msg.map { String(cString: $0) } ?? "undecodable data"
            throw .corruptGzip(path: file.path, offset: offset, detail: detail)
        }
    }
}
