import Glibc

/// Finds the files that a path, a directory or a glob pattern stands for.
///
/// - A path that exists is taken as it is, even when its name holds glob characters, is hidden or ends in `.tmp`.
/// - A directory stands for the files directly in it whose ending is known; when a format was stated, for those of its kind.
/// - Anything with `*`, `?` or `[` is a glob(7) pattern, for every part of the path.
///
/// Directories and patterns give regular files only (symbolic links are followed), in byte order of their paths. They
/// leave out hidden files and those whose names say that they are unfinished (`.tmp`, `.part`, `~`); a pattern that
/// itself ends in one of these gets them.
struct FileListing {
    let pattern: String
    let directory: String
    let format: FileFormat?
    let limit: Int

    func files() throws(ConnectorError) -> [SourceFile] {
        guard !pattern.isEmpty else { throw .emptyPattern }
        guard !pattern.utf8.contains(0), !directory.utf8.contains(0) else { throw .unusablePath(path: pattern) }
        if let status = try status(of: pattern) {
            return status.isDirectory ? try filesInDirectory() : [try file(pattern, status)]
        }
        guard pattern.utf8.contains(where: { Self.globBytes.contains($0) }) else {
            throw .fileNotFound(path: pattern, lookedIn: directory)
        }
        return try filesMatching()
    }

    private static let globBytes = Array("*?[".utf8)

    // By bytes, as the file system sees it: to Swift, a slash and a combining mark behind it are one character.
    private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

    private func systemPath(_ path: String) -> String {
        if Self.isAbsolute(path) || directory.isEmpty { return path }
        return directory.utf8.last == UInt8(ascii: "/") ? directory + path : directory + "/" + path
    }

    /// The file's status after symbolic links, or nil when there is no such file.
    private func status(of path: String) throws(ConnectorError) -> stat? {
        var status = stat()
        guard stat(systemPath(path), &status) != 0 else { return status }
        let code = errno
        switch code {
        // ENAMETOOLONG: a pattern may well be longer than a name can be.
        case ENOENT, ENOTDIR, ENAMETOOLONG: return nil
        default: throw .unreadable(path: path, doing: "looking it up", code: code)
        }
    }

    private func file(_ path: String, _ status: stat) throws(ConnectorError) -> SourceFile {
        guard status.isRegularFile else { throw .notARegularFile(path: path) }
        guard let format = format ?? FileFormat(nameOf: path) else { throw .unknownExtension(path: path) }
        return SourceFile(path: path, systemPath: systemPath(path), format: format, status: status)
    }

    /// The files in byte order of their paths, or the error that says there are none, or too many.
    private func checked(_ files: [SourceFile]) throws(ConnectorError) -> [SourceFile] {
        guard !files.isEmpty else { throw .noFileMatches(pattern: pattern, lookedIn: directory) }
        guard files.count <= limit else { throw .tooManyFiles(pattern: pattern, found: files.count, limit: limit) }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    // MARK: Directories

    private func filesInDirectory() throws(ConnectorError) -> [SourceFile] {
        guard let stream = opendir(systemPath(pattern)) else {
            throw .unreadable(path: pattern, doing: "listing it", code: errno)
        }
        defer { closedir(stream) }
        var files: [SourceFile] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                guard code == 0 else { throw .unreadable(path: pattern, doing: "listing it", code: code) }
                return try checked(files)
            }
            guard let name = name(of: entry) else { throw .unusablePath(path: pattern) }
            guard name.utf8.first != UInt8(ascii: "."), !Self.isUnfinished(name), let told = FileFormat(nameOf: name),
                format?.hasRowsLike(told) ?? true
            else { continue }
            let path = pattern.utf8.last == UInt8(ascii: "/") ? pattern + name : pattern + "/" + name
            // A file that was there a moment ago may be gone: then it is not in the directory.
            guard let status = try status(of: path), status.isRegularFile else { continue }
            files.append(SourceFile(path: path, systemPath: systemPath(path), format: format ?? told, status: status))
        }
    }

    private func name(of entry: UnsafeMutablePointer<dirent>) -> String? {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(".tmp") || name.hasSuffix(".part") || name.hasSuffix("~")
    }

    // MARK: Patterns

    private func filesMatching() throws(ConnectorError) -> [SourceFile] {
        var matches = glob_t()
        defer { globfree(&matches) }
        // The directory is a name and no pattern, whatever characters it holds.
        let prefix = systemPath("")
        let isBelowDirectory = !Self.isAbsolute(pattern)
        let whole = isBelowDirectory ? Self.escaped(prefix) + pattern : pattern
        switch glob(whole, GLOB_NOSORT | GLOB_ERR, nil, &matches) {
        case 0: break
        case GLOB_NOMATCH: throw .noFileMatches(pattern: pattern, lookedIn: directory)
        case GLOB_NOSPACE: throw .outOfMemory(path: pattern)
        default: throw brokenSearch()
        }
        var files: [SourceFile] = []
        for index in 0..<Int(matches.gl_pathc) {
            guard let pointer = matches.gl_pathv[index] else { continue }
            guard let found = String(validatingCString: pointer) else { throw .unusablePath(path: pattern) }
            let path =
                isBelowDirectory ? String(decoding: found.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : found
            guard !Self.isUnfinished(path) || Self.isUnfinished(pattern) else { continue }
            guard let status = try status(of: path), status.isRegularFile else { continue }
            files.append(try file(path, status))
        }
        return try checked(files)
    }

    /// Why the search stopped. glob(3) does not keep errno, so the part before the first wildcard, which is where a
    /// missing or closed directory usually lies, is tried again.
    private func brokenSearch() -> ConnectorError {
        let fixed = pattern.split(separator: "/", omittingEmptySubsequences: false)
            .prefix { !$0.utf8.contains(where: { Self.globBytes.contains($0) }) }.joined(separator: "/")
        let start = fixed.isEmpty ? (Self.isAbsolute(pattern) ? "/" : ".") : fixed
        if let stream = opendir(systemPath(start)) {
            closedir(stream)
            return .unreadable(path: pattern, doing: "listing a directory below '\(start)'", code: EACCES)
        }
        let code = errno
        return code == ENOENT
            ? .fileNotFound(path: start, lookedIn: directory)
            : .unreadable(path: start, doing: "listing it", code: code)
    }

    private static func escaped(_ path: String) -> String {
        var result = ""
        for character in path.unicodeScalars {
            if "*?[]\\".unicodeScalars.contains(character) { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(character)
        }
        return result
    }
}
