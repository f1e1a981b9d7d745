/// How a file's bytes become rows.
package struct FileFormat: Sendable, Hashable {
    package enum Rows: Sendable, Hashable {
        /// RFC 4180, with a header.
        case csv(delimiter: Delimiter)
        /// One JSON object (RFC 8259) a line.
        case ndjson
    }

    /// What stands between CSV fields.
    package enum Delimiter: String, Sendable, Hashable, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"
        case pipe = "|"

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: Byte.tab
            case .pipe: UInt8(ascii: "|")
            }
        }
    }

    package enum Compression: Sendable, Hashable {
        case none
        /// RFC 1952, one or more members.
        case gzip
        /// gzip if the file's name ends in `.gz`, else none.
        case byExtension
    }

    package let rows: Rows
    package let compression: Compression

    package init(rows: Rows, compression: Compression = .byExtension) {
        self.rows = rows
        self.compression = compression
    }

    package static let csv = FileFormat(rows: .csv(delimiter: .comma))
    package static let ndjson = FileFormat(rows: .ndjson)

    static let knownExtensions = [".csv", ".csv.gz", ".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz"]

    /// The format that a file's name tells, or nil. Case matters, as it does in the file system.
    package init?(nameOf path: String) {
        let isCompressed = path.hasSuffix(".gz")
        let name = isCompressed ? path.dropLast(3) : path[...]
        let rows: Rows
        if name.hasSuffix(".csv") {
            rows = .csv(delimiter: .comma)
        } else if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") {
            rows = .ndjson
        } else {
            return nil
        }
        self.init(rows: rows, compression: isCompressed ? .gzip : .none)
    }

    /// The format with its compression settled for the file of that name.
    func resolved(for path: String) -> FileFormat {
        guard compression == .byExtension else { return self }
        return FileFormat(rows: rows, compression: path.hasSuffix(".gz") ? .gzip : .none)
    }

    /// Whether both read the same kind of rows, whatever the delimiter.
    func hasRowsLike(_ other: FileFormat) -> Bool {
        switch (rows, other.rows) {
        case (.csv, .csv), (.ndjson, .ndjson): true
        case (.csv, .ndjson), (.ndjson, .csv): false
        }
    }
}
