import Billing
import Glibc

extension ConnectorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyPattern:
            "the source's path is empty: give a file, a directory, or a pattern such as counts/*.csv"
        case .unusablePath(let path):
            "\(quoted(path)) cannot be used as a path, because it or a file name that it stands for is not UTF-8 text "
                + "without NUL: rename the file"
        case .fileNotFound(let path, let directory):
            "\(quoted(path)) was not found (looked in \(directory)): check the path, and whether the export has run"
        case .noFileMatches(let pattern, let directory):
            "no file matches \(quoted(pattern)) (looked in \(directory) for regular files ending in "
                + "\(FileFormat.knownExtensions.joined(separator: ", ")); hidden and unfinished ones do not count): "
                + "check the pattern, and whether the export has run"
        case .tooManyFiles(let pattern, let found, let limit):
            "\(quoted(pattern)) stands for \(found) files, more than the \(limit) allowed: narrow the pattern, or move "
                + "old files away"
        case .unknownExtension(let path):
            "the format of \(quoted(path)) cannot be told from its name: expected an ending of "
                + "\(FileFormat.knownExtensions.joined(separator: ", ")); rename the file, or state the format"
        case .notARegularFile(let path):
            "\(quoted(path)) is not a regular file: only files that can be read twice with the same result are sources"
        case .unreadable(let path, let doing, let code):
            "\(quoted(path)) could not be read: \(doing) failed with \(systemMessage(code)): check that the account "
                + "that runs this program may read it, and that the disk is sound"

        case .fileShrank(let path, let old, let new):
            "\(quoted(path)) shrank from \(old) to \(new) bytes while it was read: run again when nothing writes to "
                + "it; a writer should write to a temporary name and rename"
        case .lastLineUnfinished(let path, let line):
            "\(quoted(path)) was being written while it was read, and line \(line) was not complete: run again when the "
                + "writer has finished; a writer should write to a temporary name and rename"
        case .notText(let path, let looksLike):
            "\(quoted(path)) starts like \(looksLike), expected UTF-8 text: convert the file, or name it for what it is"
        case .brokenHeader(let path, let line, let column, let reason, let found):
            "the header of \(quoted(path)) cannot be read: line \(line), column \(column): \(reason.rawValue), found "
                + "\(found): repair the header, and check the delimiter that the source is set to"
        case .missingColumns(let path, let line, let missing, let found):
            "the header of \(quoted(path)) (line \(line)) lacks \(list(missing)); it has \(list(found)): correct the "
                + "column names or the delimiter of the source, or the file. Names are compared exactly"
        case .duplicateColumn(let path, let line, let column, let found):
            "the header of \(quoted(path)) (line \(line)) names \(list([column])) more than once; it has "
                + "\(list(found)): which one counts cannot be known, so rename one in the file"

        case .corruptGzip(let path, let offset, let detail):
            "\(quoted(path)) is not sound gzip data: \(detail) at or before byte \(offset) of the file: fetch or compress "
                + "it again"
        case .truncatedGzip(let path, let size):
            "\(quoted(path)) ends after \(size) bytes in the middle of its gzip data: fetch it again, or wait until "
                + "its writer has finished"
        case .trailingGarbage(let path, let offset):
            "\(quoted(path)) holds something that is not gzip data behind its end, from byte \(offset) of the file: "
                + "fetch or compress it again"
        case .expandedTooFar(let path, let limit):
            "\(quoted(path)) expands to more than the \(limit) bytes allowed: check that it is what it should be, or "
                + "raise the limit"
        case .outOfMemory(let path):
            "no memory was left to expand \(quoted(path)): free some and run again"

        case .databaseUnreachable(let source, let detail):
            "\(source) could not be reached: \(detail): check its address and credentials, and that the server runs"
        case .queryFailed(let source, let sqlState, let detail):
            "the query of \(source) failed (SQLSTATE \(sqlState)): \(detail): correct the query, or the privileges of "
                + "its role"
        case .missingResultColumns(let source, let missing, let found):
            "the query of \(source) does not return \(list(missing)); it returns \(list(found)): name the columns with "
                + "AS in the query, or correct the source's column names"
        case .duplicateResultColumn(let source, let column, let found):
            "the query of \(source) returns \(list([column])) more than once; it returns \(list(found)): name one of "
                + "them differently with AS"
        case .server(let failure): failure.description
        }
    }

    private func quoted(_ path: String) -> String { "'\(path)'" }

    /// Names in quotes, bounded: a file that is no table may have a "header" of any length.
    private func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "no columns" }
        let shown = names.prefix(40).map { "\"\($0.unicodeScalars.count > 60 ? "\($0.prefix(60))…" : $0)\"" }
        let rest = names.count > 40 ? " and \(names.count - 40) more" : ""
        return shown.joined(separator: ", ") + rest
    }

    private func systemMessage(_ code: Int32) -> String {
        guard let message = strerror(code) else { return "error \(code)" }
        return "\"\(String(cString: message))\""
    }
}
