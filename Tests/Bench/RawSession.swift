import CLibPQ
import Foundation

/// A session that moves the bytes of a binary COPY and looks at none of them: what is measured with it is PostgreSQL,
/// and nothing of ours.
final class RawSession {
    /// What stands before the first row and behind the last one (PostgreSQL manual, COPY, "Binary Format").
    private static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    private static let trailer: [UInt8] = [0xFF, 0xFF]

    private let handle: OpaquePointer

    init(_ conninfo: String) throws {
        guard let handle = PQconnectdb(conninfo) else { throw BenchError("out of memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else { throw failure("connecting") }
    }

    deinit { PQfinish(handle) }

    func execute(_ sql: String) throws {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else { throw failure(sql) }
    }

    /// Reads all rows of `COPY (…) TO STDOUT (FORMAT binary)` and throws them away. Returns their bytes.
    @discardableResult
    func discard(_ sql: String) throws -> Int {
        var count = 0
        try copyOut(sql) { count += $0.count }
        return count
    }

    /// Appends the rows of `COPY (…) TO STDOUT (FORMAT binary)` to a file. Returns how many bytes of rows it wrote.
    func store(_ sql: String, in file: RowFile) throws -> Range<Int> {
        let start = file.count
        var skip = Self.header.count
        try copyOut(sql) { bytes in
            let some = min(skip, bytes.count)
            skip -= some
            try file.append(UnsafeRawBufferPointer(rebasing: bytes[some...]))
        }
        try file.takeBack(Self.trailer.count)
        return start..<file.count
    }

    /// Sends rows of a file as `COPY … FROM STDIN (FORMAT binary)`. Returns how many rows the server took.
    @discardableResult
    func load(_ sql: String, from file: RowFile, _ parts: [Range<Int>]) throws -> Int {
        let started = PQexec(handle, sql)
        let status = PQresultStatus(started)
        PQclear(started)
        guard status == PGRES_COPY_IN else { throw failure(sql) }
        try Self.header.withUnsafeBytes { try send($0, sql) }
        for part in parts { try file.read(part) { try send($0, sql) } }
        try Self.trailer.withUnsafeBytes { try send($0, sql) }
        guard PQputCopyEnd(handle, nil) == 1 else { throw failure(sql) }
        return try finish(sql)
    }

    private func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let started = PQexec(handle, sql)
        let status = PQresultStatus(started)
        PQclear(started)
        guard status == PGRES_COPY_OUT else { throw failure(sql) }
        var message: UnsafeMutablePointer<CChar>?
        while true {
            let count = PQgetCopyData(handle, &message, 0)
            guard count >= 0, let start = message else { break }
            defer { PQfreemem(start) }
            try body(UnsafeRawBufferPointer(start: start, count: Int(count)))
        }
        _ = try finish(sql)
    }

    private func send(_ bytes: UnsafeRawBufferPointer, _ sql: String) throws {
        guard PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
        else {
            throw failure(sql)
        }
    }

    private func finish(_ sql: String) throws -> Int {
        var rows = 0
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(sql) }
            rows = Int(String(cString: PQcmdTuples(result))) ?? 0
        }
        return rows
    }

    private func failure(_ doing: String) -> BenchError {
        BenchError("\(doing.prefix(60)): \(String(cString: PQerrorMessage(handle)))")
    }
}

/// Rows on their way from one database to another, in a file without a name: it goes with the process, and its pages are in the
/// kernel's cache and not in our memory.
///
/// Unchecked: the descriptor and the count change only while the file is filled, by one thread; `read` uses no position.
final class RowFile: @unchecked Sendable {
    private static let pieceSize = 1 << 18

    private let descriptor: Int32
    private(set) var count = 0
    private var pending: [UInt8] = []

    init() throws {
        var name = Array("/var/tmp/meterbook-bench-rows-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw BenchError("mkstemp: \(String(cString: strerror(errno)))") }
        unlink(name)
        pending.reserveCapacity(Self.pieceSize * 2)
    }

    deinit { close(descriptor) }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        pending.append(contentsOf: bytes)
        count += bytes.count
        if pending.count >= Self.pieceSize { try flush(keeping: 64) }
    }

    /// Takes the last bytes back: few enough to be still in our hands.
    func takeBack(_ bytes: Int) throws {
        guard pending.count >= bytes else { throw BenchError("rows without an end") }
        pending.removeLast(bytes)
        count -= bytes
        try flush(keeping: 0)
    }

    private func flush(keeping kept: Int) throws {
        let size = pending.count - kept
        var offset = 0
        while offset < size {
            let done = pending.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + offset }, size - offset)
            }
            guard done > 0 else { throw BenchError("write: \(String(cString: strerror(errno)))") }
            offset += done
        }
        pending.removeFirst(size)
    }

    /// Has what was written on disk, so that it disturbs no measurement.
    func settle() { fsync(descriptor) }

    func read(_ part: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try withUnsafeTemporaryAllocation(byteCount: Self.pieceSize, alignment: 16) { buffer in
            var offset = part.lowerBound
            while offset < part.upperBound {
                let size = pread(descriptor, buffer.baseAddress, min(Self.pieceSize, part.upperBound - offset), offset)
                guard size > 0 else { throw BenchError("read: \(String(cString: strerror(errno)))") }
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
                offset += size
            }
        }
    }
}
