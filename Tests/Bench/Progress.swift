import Foundation

/// One line on standard error that says what is going on, where a person watches.
struct Progress {
    private let isWatched = isatty(2) == 1

    func show(_ text: String) {
        guard isWatched else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    func end() {
        guard isWatched else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
