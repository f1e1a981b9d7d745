/// Rows from files: a path, a directory or a glob pattern; CSV or NDJSON, each plain or gzipped.
///
/// The files are listed when the connector is made and read one after the other; a page never spans two of them. Each is
/// read as it was when it was opened: what is appended later is left for the next run, and a file replaced under its name
/// gives its old content to the end. A copy of the value shares the files' reading positions.
package struct FileConnector: Connector {
    /// What is read, in the order in which it is read. Size, time and inode become those of the opened file when it is
    /// opened, so after the last page they say what has been read.
    package private(set) var files: [SourceFile]

    private let directory: String
    private let plan: FieldPlan
    private let limits: ConnectorLimits
    private var current: (reader: any RowReader, file: OpenFile)?
    /// Files opened by now.
    private var opened = 0
    private var finishedBytes = 0
    private var pageBytes = 0
    private var failure: ConnectorError?

    /// Lists the files; opens none.
    ///
    /// - Parameters:
    ///   - pattern: a path, a directory, or a pattern with `*`, `?` or `[`; what is shown to people as given.
    ///   - directory: where a relative pattern starts.
    ///   - format: nil to tell it from each file's name.
    package init(
        pattern: String, relativeTo directory: String, format: FileFormat?, columns: ColumnMap,
        limits: ConnectorLimits = ConnectorLimits()
    ) throws(ConnectorError) {
        files = try FileListing(pattern: pattern, directory: directory, format: format, limit: limits.files).files()
        self.directory = directory
        self.limits = limits
        plan = FieldPlan(columns)
    }

    /// How far the reading has come, for a progress bar.
    package var position: FileProgress {
        let total = files.reduce(0) { $0 + $1.size }
        return FileProgress(
            bytesRead: finishedBytes + (current?.file.offset ?? 0), bytesTotal: total, filesOpened: opened,
            filesTotal: files.count)
    }

    package mutating func nextPage() throws(ConnectorError) -> RawPage? {
        if let failure { throw failure }
        do throws(ConnectorError) {
            return try advance()
        } catch {
            failure = error
            current = nil
            throw error
        }
    }

    private mutating func advance() throws(ConnectorError) -> RawPage? {
        while true {
            if current == nil {
                guard opened < files.count else { return nil }
                current = try open(files[opened])
            }
            guard let (reader, file) = current else { return nil }
            var page = PageBuilder(origin: file.path, plan: plan, limits: limits, expectedBytes: pageBytes)
            if try !reader.read(into: &page) {
                finishedBytes += file.size
                current = nil
            }
            pageBytes = page.byteCount
            if !page.isEmpty { return page.finish() }
        }
    }

    private mutating func open(_ file: SourceFile) throws(ConnectorError) -> (any RowReader, OpenFile) {
        let handle = try OpenFile(file, lookedIn: directory)
        files[opened].note(handle.status)
        opened += 1
        let stream: ByteStream =
            file.format.compression == .gzip
            ? .gzip(try Gunzip(handle, inputBytes: limits.bufferBytes, limit: limits.expandedBytes)) : .plain(handle)
        let window = ByteWindow(stream, bufferBytes: limits.bufferBytes)
        switch file.format.rows {
        case .csv(let delimiter):
            return (CSVReader(window, delimiter: delimiter.byte, plan: plan, limits: limits), handle)
        case .ndjson:
            return (NDJSONReader(window, plan: plan, limits: limits), handle)
        }
    }
}

/// How much of a source's files has been read from disk, in bytes as they lie there: compressed ones for gzip.
package struct FileProgress: Sendable, Hashable {
    package let bytesRead: Int
    package let bytesTotal: Int
    package let filesOpened: Int
    package let filesTotal: Int
}
