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
        guard write(bytes, to: STDOUT_FILENO) else { throw CommandError.unwritable("standard output") }
    }

    static func complain(_ text: String) { complain(bytes: Array((text + "\n").utf8)) }

    /// Who cannot be told cannot be told that either.
    static func complain(bytes: [UInt8]) { _ = write(bytes, to: STDERR_FILENO) }

    /// In one piece as far as the system takes it, so that lines of several threads do not mix.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }

    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
