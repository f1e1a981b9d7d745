/// A Swift file taken apart: its code, the text of its literals, and its comments.
///
/// Enough of Swift's grammar to tell the three apart: nested comments, raw and multi-line strings, and interpolations,
/// whose inside is code again. What is not code is blank in `code`, so that lines keep their numbers.
struct SourceText: Sendable {
    struct Piece: Sendable, Equatable {
        var line: Int
        var text: String
    }

    private(set) var code: [String] = []
    private(set) var literals: [Piece] = []
    private(set) var comments: [Piece] = []

    private enum Mode {
        /// `depth` counts the parentheses that are open; an interpolation ends with one that was never opened.
        case code(depth: Int)
        case string(hashes: Int, quotes: Int, piece: Piece)
    }

    init(_ text: String) {
        let all = Array(text.unicodeScalars)
        var blanked = String.UnicodeScalarView()
        var modes = [Mode.code(depth: 0)]
        var line = 1
        var index = 0

        func has(_ word: String, at start: Int) -> Bool {
            let scalars = Array(word.unicodeScalars)
            return start + scalars.count <= all.count && Array(all[start..<start + scalars.count]) == scalars
        }
        func skip(_ count: Int) {
            for scalar in all[index..<min(index + count, all.count)] {
                blanked.append(scalar == "\n" ? "\n" : " ")
                if scalar == "\n" { line += 1 }
            }
            index = min(index + count, all.count)
        }

        while index < all.count, let mode = modes.popLast() {
            switch mode {
            case .code(let depth):
                if has("//", at: index) {
                    let end = all[index...].firstIndex(of: "\n") ?? all.count
                    comments.append(Piece(line: line, text: Self.string(all[index..<end])))
                    skip(end - index)
                    modes.append(mode)
                } else if has("/*", at: index) {
                    let end = Self.endOfComment(all, from: index)
                    comments.append(Piece(line: line, text: Self.string(all[index..<end])))
                    skip(end - index)
                    modes.append(mode)
                } else if let opening = Self.openingQuote(all, at: index) {
                    modes.append(mode)
                    modes.append(
                        .string(
                            hashes: opening.hashes, quotes: opening.quotes, piece: Piece(line: line, text: "")))
                    skip(opening.hashes + opening.quotes)
                } else if all[index] == ")", depth == 0, !modes.isEmpty {
                    skip(1)
                } else {
                    let change = all[index] == "(" ? 1 : all[index] == ")" ? -1 : 0
                    modes.append(.code(depth: depth + change))
                    if all[index] == "\n" { line += 1 }
                    blanked.append(all[index])
                    index += 1
                }
            case .string(let hashes, let quotes, var piece):
                let raw = String(repeating: "#", count: hashes)
                if has("\\" + raw + "(", at: index) {
                    // The value stands where it is put in: `"\(a) b"` is not the same text as `" b"`.
                    piece.text += "\u{FFFC}"
                    modes.append(.string(hashes: hashes, quotes: quotes, piece: piece))
                    modes.append(.code(depth: 0))
                    skip(2 + hashes)
                } else if has("\\" + raw, at: index) {
                    modes.append(.string(hashes: hashes, quotes: quotes, piece: piece))
                    skip(2 + hashes)
                } else if has(String(repeating: "\"", count: quotes) + raw, at: index) {
                    literals.append(piece)
                    skip(quotes + hashes)
                } else {
                    piece.text.unicodeScalars.append(all[index])
                    modes.append(.string(hashes: hashes, quotes: quotes, piece: piece))
                    skip(1)
                }
            }
        }
        code = String(blanked).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func endOfComment(_ all: [Unicode.Scalar], from start: Int) -> Int {
        var depth = 0
        var index = start
        while index + 1 < all.count {
            if all[index] == "/", all[index + 1] == "*" {
                depth += 1
                index += 2
            } else if all[index] == "*", all[index + 1] == "/" {
                depth -= 1
                index += 2
                if depth == 0 { return index }
            } else {
                index += 1
            }
        }
        return all.count
    }

    private static func openingQuote(_ all: [Unicode.Scalar], at start: Int) -> (hashes: Int, quotes: Int)? {
        let hashes = all[start...].prefix { $0 == "#" }.count
        let quotes = all[(start + hashes)...].prefix(3).prefix { $0 == "\"" }.count
        guard quotes > 0 else { return nil }
        return (hashes, quotes == 3 ? 3 : 1)
    }
}
