import Billing
import Connectors
import Testing

@Suite("gzip")
struct GzipTests {
    private let text = "day,account,count\n" + (1...200).map { "\($0),account-\($0),\($0 * 7)\n" }.joined()

    private func error(_ bytes: [UInt8], limits: ConnectorLimits = ConnectorLimits()) -> ConnectorError? {
        connectorError { _ = try read(bytes, as: "c.csv.gz", limits: limits) }
    }

    @Test("A gzipped file gives the same rows, at every buffer size", arguments: [1, 2, 3, 7, 64, 1 << 18])
    func sameRows(_ buffer: Int) throws {
        let plain = try read(text, as: "c.csv")
        #expect(plain.rows.count == 200)
        let limits = ConnectorLimits(bufferBytes: buffer)
        #expect(try read(gzipped(Array(text.utf8)), as: "c.csv.gz", limits: limits) == plain)
        // Members end in the middle of rows, one of them is empty (RFC 1952 section 2.2).
        let bytes = Array(text.utf8)
        let members = try [bytes[..<25], bytes[25..<25], bytes[25..<1_000], bytes[1_000...]].map {
            try gzipped(Array($0))
        }
        #expect(try read(Array(members.joined()), as: "c.csv.gz", limits: limits) == plain)
    }

    @Test("A compressed file can be told by the format instead of the name")
    func statedCompression() throws {
        let format = FileFormat(rows: .csv(delimiter: .comma), compression: .gzip)
        #expect(try read(gzipped(Array(text.utf8)), as: "c.dat", format: format).rows.count == 200)
    }

    @Test("A file cut at any byte is truncated, never short")
    func truncated() throws {
        let whole = try gzipped(Array(text.utf8))
        for size in 0..<whole.count {
            #expect(error(Array(whole.prefix(size))) == .truncatedGzip(path: "c.csv.gz", size: size))
        }
        // Cut inside a second member too.
        #expect(error(whole + whole.prefix(5)) == .truncatedGzip(path: "c.csv.gz", size: whole.count + 5))
    }

    @Test("A wrong CRC, a wrong length, damaged data and another format are corrupt")
    func corrupt() throws {
        let whole = try gzipped(Array(text.utf8))
        func damaged(_ index: Int) -> [UInt8] {
            var bytes = whole
            bytes[index] ^= 0x55
            return bytes
        }
        // The last eight bytes are CRC-32 and length (RFC 1952 section 2.3.1), the first two the mark, the third the method.
        for index in [0, 1, 2, whole.count - 8, whole.count - 5, whole.count - 4, whole.count - 1] {
            guard case .corruptGzip("c.csv.gz", let offset, let detail) = error(damaged(index)) else {
                Issue.record("byte \(index) is not missed")
                continue
            }
            #expect(offset <= whole.count && !detail.isEmpty)
        }
        guard case .corruptGzip = error(Array(text.utf8)) else {
            Issue.record("plain text is not gzip")
            return
        }
    }

    @Test("Every flipped byte of the data is noticed")
    func flipped() throws {
        let whole = try gzipped(Array(text.utf8))
        // Bytes 3 to 9 are flags, time and system, which nothing guards.
        for index in 10..<whole.count {
            var bytes = whole
            bytes[index] ^= 0xFF
            #expect(error(bytes) != nil, "byte \(index)")
        }
    }

    @Test(
        "Anything but another member behind a member is trailing garbage",
        arguments: [[0], [0x61, 0x62], [0x8B, 0x1F]])
    func trailingGarbage(_ garbage: [UInt8]) throws {
        let whole = try gzipped(Array(text.utf8))
        let expected = ConnectorError.trailingGarbage(path: "c.csv.gz", offset: whole.count)
        #expect(error(whole + garbage) == expected)
        #expect(error(whole + garbage, limits: ConnectorLimits(bufferBytes: 1)) == expected)
    }

    @Test("A bomb stops at the limit of what a file may expand to, in constant memory")
    func bomb() throws {
        let bomb = try gzipped(Array("day,account,count\n".utf8) + [UInt8](repeating: 0x61, count: 20_000_000))
        #expect(bomb.count < 100_000)
        #expect(
            error(bomb, limits: ConnectorLimits(expandedBytes: 10_000_000))
                == .expandedTooFar(path: "c.csv.gz", limit: 10_000_000))
        #expect(try read(bomb, as: "c.csv.gz").places.map(\.reason) == [.rowTooLong])
    }
}
