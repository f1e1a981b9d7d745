import CZlib

/// The text of an answer.
struct HTTPBody {
    let headers: HTTPFields
    let limits: HTTPLimits
    /// What must not stand in it.
    let secrets: [[UInt8]]

    /// The body as UTF-8 text without its mark, expanded.
    ///
    /// - Parameter isLines: whether it is lines, of which any number is sound.
    func text(_ sent: [UInt8], isLines: Bool) throws(HTTPFailure.Fault) -> [UInt8] {
        var text = sent
        let encodings = headers.all("content-encoding").flatMap { $0.split(separator: ",") }
            .map { $0.lowercased().filter { $0 != " " } }.filter { $0 != "identity" }
        switch encodings {
        case []:
            let chunks = headers.all("transfer-encoding").contains { $0.lowercased().contains("chunked") }
            if isLines, headers["content-length"] == nil, !chunks { throw HTTPFailure.Fault(.endUnknown) }
        case ["gzip"], ["x-gzip"]: text = try expand(sent)
        default: throw HTTPFailure.Fault(.otherEncoding)
        }
        if secrets.contains(where: text.contains) { throw HTTPFailure.Fault(.secretRepeated) }
        let type = (headers["content-type"] ?? "").lowercased()
        if type.hasPrefix("text/html") || type.hasPrefix("application/xhtml") { throw HTTPFailure.Fault(.page) }
        if let charset = parameter("charset", of: type), !["utf-8", "utf8", "us-ascii"].contains(charset) {
            throw HTTPFailure.Fault(.otherCharacters)
        }
        // RFC 8259 section 8.1 lets a reader step over the mark.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
            throw HTTPFailure.Fault(.notText(looksLike: "UTF-16 text"))
        }
        if text.starts(with: [0x1F, 0x8B]) {
            throw HTTPFailure.Fault(.notText(looksLike: "gzip data that is not said to be it"))
        }
        let first = text.first { ![Byte.space, Byte.tab, Byte.lineFeed, Byte.carriageReturn].contains($0) }
        if first == nil, !isLines { throw HTTPFailure.Fault(.empty) }
        if first == UInt8(ascii: "<") { throw HTTPFailure.Fault(.page) }
        return text
    }

    private func parameter(_ name: String, of type: String) -> String? {
        let parts = type.split(separator: ";").dropFirst().map { $0.filter { $0 != " " && $0 != "\"" } }
        return parts.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Expands gzip data (RFC 1952), one member or several, up to the limit: a bomb is given up there.
    private func expand(_ sent: [UInt8]) throws(HTTPFailure.Fault) -> [UInt8] {
        var input = sent
        var output: [UInt8] = []
        var stream = z_stream()
        guard inflateInit2_(&stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw HTTPFailure.Fault(.brokenCompression)
        }
        defer { inflateEnd(&stream) }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let problem = input.withUnsafeMutableBufferPointer { source -> HTTPFailure.Problem? in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            while true {
                let (code, count) = piece.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    let code = inflate(&stream, Z_NO_FLUSH)
                    return (code, target.count - Int(stream.avail_out))
                }
                guard count <= limits.bodyBytes - output.count else { return .tooLong(limit: limits.bodyBytes) }
                output.append(contentsOf: piece[..<count])
                switch code {
                case Z_OK: continue
                case Z_STREAM_END where stream.avail_in == 0: return nil
                case Z_STREAM_END where inflateReset(&stream) == Z_OK: continue
                // Without input this is an end in the midst of a member.
                default: return .brokenCompression
                }
            }
        }
        if let problem { throw HTTPFailure.Fault(problem) }
        return output
    }
}

extension [UInt8] {
    fileprivate func contains(_ secret: [UInt8]) -> Bool {
        guard let first = secret.first, count >= secret.count else { return false }
        return withUnsafeBufferPointer { bytes in
            var start = bytes.firstOffset(of: first)
            while let at = start, at + secret.count <= bytes.count {
                if bytes[at..<at + secret.count].elementsEqual(secret) { return true }
                start = bytes.firstOffset(of: first, from: at + 1)
            }
            return false
        }
    }
}
