import Foundation

extension PrivateServer {
    /// The directory that holds `initdb` and `postgres`.
    ///
    /// In this order: `$PGBIN`; the newest `/usr/lib/postgresql/*/bin`, where Debian puts it and does not put it on the
    /// `PATH`; the `PATH`; `pg_config --bindir`. A `PGBIN` without a server is an error: whoever sets it means it.
    package static func binaries(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(PrivateServerError) -> String {
        try binaries(environment: environment, major: nil)
    }

    /// As `binaries(environment:)`, with the directory of this major version first where Debian has it.
    static func binaries(environment: [String: String], major: Int?) throws(PrivateServerError) -> String {
        if let named = environment["PGBIN"], !named.isEmpty {
            guard holdsServer(named) else { throw .noBinaries(searched: ["PGBIN=\(named)"]) }
            return named
        }
        let debian = "/usr/lib/postgresql"
        if let major, holdsServer("\(debian)/\(major)/bin") { return "\(debian)/\(major)/bin" }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
        let newestFirst = versions.compactMap { name in Double(name).map { (name, $0) } }.sorted { $0.1 > $1.1 }
        for (name, _) in newestFirst where holdsServer("\(debian)/\(name)/bin") { return "\(debian)/\(name)/bin" }

        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        if let found = path.first(where: holdsServer) { return found }
        if let config = path.map({ $0 + "/pg_config" }).first(where: Files.isExecutable),
            let answer = try? Command(config, ["--bindir"]).run(), answer.succeeded
        {
            let directory = answer.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
            if holdsServer(directory) { return directory }
        }
        throw .noBinaries(searched: ["\(debian)/*/bin", "PATH", "pg_config --bindir"])
    }

    /// The major version of the `postgres` in a directory: 15 for "postgres (PostgreSQL) 15.18 (Debian …)".
    static func majorVersion(binaries: String) -> Int? {
        guard let answer = try? Command(binaries + "/postgres", ["--version"]).run(), answer.succeeded else {
            return nil
        }
        let words = answer.outputText.split(whereSeparator: \.isWhitespace)
        return words.lazy.compactMap { Int($0.prefix(while: \.isNumber)) }.first
    }

    /// The major version that wrote a data directory.
    static func majorVersion(data: String) -> Int? {
        Files.text(data + "/PG_VERSION").flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func holdsServer(_ directory: String) -> Bool {
        Files.isExecutable(directory + "/initdb") && Files.isExecutable(directory + "/postgres")
    }
}
