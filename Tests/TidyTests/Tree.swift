import Foundation

/// A file of the repository.
struct SourceFile: Sendable {
    /// The path from the top of the repository.
    var path: String
    var text: String

    /// Its first folders: `Sources/Billing` is `["Sources", "Billing"]`.
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The room of a source file: the folder below Sources, or SQL.
    var room: String? {
        guard let first = folders.first else { return nil }
        if first == "sql" { return "SQL" }
        return first == "Sources" && folders.count > 1 ? folders[1] : nil
    }

    func isBelow(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
}

/// Something that a rule found.
struct Finding: Sendable, Equatable, CustomStringConvertible {
    var path: String
    var line: Int?
    var what: String

    var description: String { path + (line.map { ":\($0)" } ?? "") + ": " + what }
}

/// The repository that these tests were compiled from.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// What is at the top, without the dot files: those belong to tools.
    static func top() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Every file that is ours: the folders of the design and the files at the top, without what tools leave there.
    static func files() throws -> [SourceFile] {
        let folders = ["Sources", "Tests", "sql", "jobs", ".ci"]
        let below = folders.flatMap { folder in
            (FileManager.default.enumerator(atPath: root + "/" + folder)?.allObjects as? [String] ?? []).map {
                folder + "/" + $0
            }
        }
        let top = try FileManager.default.contentsOfDirectory(atPath: root).filter { $0 != "Package.resolved" }
        return try (below + top).sorted().compactMap { path in
            var isDirectory: ObjCBool = false
            let file = root + "/" + path
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), !isDirectory.boolValue,
                // In a worktree, .git is a file that names a directory of this machine.
                path != ".git"
            else { return nil }
            // What is not text, a sample invoice for instance, has no words to check.
            return try String(data: Data(contentsOf: URL(fileURLWithPath: file)), encoding: .utf8).map {
                SourceFile(path: path, text: $0)
            }
        }
    }

    /// Every Swift file below Sources and sql.
    static func sources() throws -> [SourceFile] {
        try files().filter { $0.path.hasSuffix(".swift") && $0.room != nil }
    }
}
