import Foundation

/// Where the program writes: results to standard output, everything else to standard error.
enum Console {
    /// Writes a line.
    static func print(_ text: String) throws {
        try write(Array((text + "\n").utf8))
    }

    /// Writes a document, which ends its last line itself.
    static func document(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Whether the terminal may only know ASCII: then bars and signs are drawn with it.
    static var isPlain: Bool {
        let environment = ProcessInfo.processInfo.environment
        let locale =
            [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].compactMap(\.self)
            .first { !$0.isEmpty } ?? ""
        return !locale.uppercased().contains("UTF-8") && !locale.uppercased().contains("UTF8")
    }

    static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                throw CommandError.unwritable("standard output")
            }
            rest = rest.dropFirst(written)
        }
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
