package import Billing

/// Why a source cannot be read, as a whole or from some place on. A row that cannot be read is a `RowDefect` instead.
///
/// The cases hold the facts; `description` words them: what is wrong where, what was expected, and what to do. Paths are
/// as the user gave them.
package enum ConnectorError: Error, Sendable, Hashable {
    // Finding the files.
    case emptyPattern
    /// A path or pattern that the file system cannot take, such as one with a NUL.
    case unusablePath(path: String)
    case fileNotFound(path: String, lookedIn: String)
    case noFileMatches(pattern: String, lookedIn: String)
    case tooManyFiles(pattern: String, found: Int, limit: Int)
    case unknownExtension(path: String)
    /// A path that names a socket, a pipe, a device, or a directory inside a pattern's matches.
    case notARegularFile(path: String)
    /// The file system refused; `code` is errno.
    case unreadable(path: String, doing: String, code: Int32)

    // What the file is.
    case fileShrank(path: String, from: Int, to: Int)
    /// The file was being appended to, and its last line as of the opening had no line ending.
    case lastLineUnfinished(path: String, line: Int)
    /// The file starts with the mark of something that is not UTF-8 text.
    case notText(path: String, looksLike: String)

    // The CSV header.
    case brokenHeader(path: String, line: Int, column: Int, reason: RejectReason, found: String)
    case missingColumns(path: String, line: Int, missing: [String], found: [String])
    case duplicateColumn(path: String, line: Int, column: String, found: [String])

    // Compression. Offsets count compressed bytes.
    case corruptGzip(path: String, offset: Int, detail: String)
    case truncatedGzip(path: String, size: Int)
    case trailingGarbage(path: String, offset: Int)
    case expandedTooFar(path: String, limit: Int)
    case outOfMemory(path: String)

    // Databases.
    /// `detail` is the server's or the client library's own wording, without secrets.
    case databaseUnreachable(source: String, detail: String)
    case queryFailed(source: String, sqlState: String, detail: String)
    case missingResultColumns(source: String, missing: [String], found: [String])
    case duplicateResultColumn(source: String, column: String, found: [String])

    // Servers that answer HTTP.
    case server(HTTPFailure)
}
