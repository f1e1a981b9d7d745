import Billing
import CZlib
import Connectors
import Glibc
import Testing

/// A directory of real files that lives as long as the value.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/meterbook-connectors-XXXXXX".utf8CString)
        path = try template.withUnsafeMutableBufferPointer { buffer in
            String(cString: try #require(buffer.baseAddress.flatMap { mkdtemp($0) }))
        }
    }

    deinit { Self.remove(path) }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    /// Writes, or with `flags` appends or overwrites in place.
    func write(_ name: String, _ bytes: [UInt8], flags: Int32 = O_CREAT | O_TRUNC) throws {
        let descriptor = open("\(path)/\(name)", O_WRONLY | flags, 0o600)
        try #require(descriptor >= 0, "cannot open \(name)")
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            try #require(count > 0)
            done += count
        }
    }

    func makeDirectory(_ name: String) throws {
        try #require(mkdir("\(path)/\(name)", 0o700) == 0)
    }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(stream)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

/// A row as a test writes it: its line and its fields.
struct ReadRow: Hashable {
    var line: Int
    var fields: [String?]

    init(_ line: Int, _ fields: String?...) {
        self.init(line: line, fields: fields)
    }

    init(line: Int, fields: [String?]) {
        self.line = line
        self.fields = fields
    }
}

/// A defect as a test writes it.
struct ReadDefect: Hashable {
    var line: Int
    var column: Int
    var reason: RejectReason

    init(_ line: Int, _ column: Int, _ reason: RejectReason) {
        self.line = line
        self.column = column
        self.reason = reason
    }
}

/// Everything that a source gave.
struct Reading: Equatable {
    var rows: [ReadRow] = []
    var defects: [RowDefect] = []
    var pages: [RawPage] = []

    var places: [ReadDefect] { defects.map { ReadDefect($0.line, $0.column, $0.reason) } }

    static func == (left: Reading, right: Reading) -> Bool {
        left.rows == right.rows && left.defects == right.defects
    }

    init(from connector: inout some Connector, fields: Int, keepPages: Bool = false) throws {
        while let page = try connector.nextPage() {
            #expect(page.rowCount + page.defects.count > 0)
            for row in 0..<page.rowCount {
                rows.append(ReadRow(line: page.line(row), fields: (0..<fields).map { page.text(row, $0) }))
            }
            defects += page.defects
            if keepPages { pages.append(page) }
        }
    }
}

/// Columns of the same names in field and source.
func columns(_ names: String...) -> ColumnMap {
    ColumnMap(names.map { ColumnMap.Field(name: $0, source: .column($0)) })
}

let threeColumns = columns("day", "account", "count")

func read(
    _ pattern: String, in directory: TemporaryDirectory, format: FileFormat? = nil,
    columns map: ColumnMap = threeColumns,
    limits: ConnectorLimits = ConnectorLimits(), keepPages: Bool = false
) throws -> Reading {
    var connector = try FileConnector(
        pattern: pattern, relativeTo: directory.path, format: format, columns: map, limits: limits)
    return try Reading(from: &connector, fields: map.fields.count, keepPages: keepPages)
}

/// Reads one file with that content.
func read(
    _ bytes: [UInt8], as name: String, format: FileFormat? = nil, columns map: ColumnMap = threeColumns,
    limits: ConnectorLimits = ConnectorLimits(), keepPages: Bool = false
) throws -> Reading {
    let directory = try TemporaryDirectory()
    try directory.write(name, bytes)
    return try read(name, in: directory, format: format, columns: map, limits: limits, keepPages: keepPages)
}

func read(
    _ text: String, as name: String, format: FileFormat? = nil, columns map: ColumnMap = threeColumns,
    limits: ConnectorLimits = ConnectorLimits(), keepPages: Bool = false
) throws -> Reading {
    try read(Array(text.utf8), as: name, format: format, columns: map, limits: limits, keepPages: keepPages)
}

/// The error that the body throws.
func connectorError(_ body: () throws -> Void) -> ConnectorError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ConnectorError
    }
}

/// One gzip member, made by zlib.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    try #require(
        deflateInit2_(
            &stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
    let room = output.count
    let result = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            return deflate(&stream, Z_FINISH)
        }
    }
    try #require(result == Z_STREAM_END)
    return Array(output.prefix(room - Int(stream.avail_out)))
}

/// SplitMix64: a random sequence that its seed repeats.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A new seed each run, printed so that a failure can be repeated with `CONNECTORS_SEED`.
    static func freshSeed(_ test: String) -> UInt64 {
        let seed = getenv("CONNECTORS_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0 ... .max)
        print("\(test): CONNECTORS_SEED=\(seed)")
        return seed
    }
}
