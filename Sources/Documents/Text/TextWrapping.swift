extension String {
    /// The text in lines of at most `width` columns, never empty.
    ///
    /// Lines break at spaces and after slashes; a word that is wider than a line is broken between two characters. Nothing
    /// is left out but the spaces at a break. A width is taken as at least two, so that every character fits.
    ///
    /// - Parameter rest: the width of all lines but the first, where that differs.
    package func wrapped(to first: Int, then rest: Int? = nil) -> [String] {
        var width = Swift.max(2, first)
        if displayWidth <= width { return [self] }
        var lines: [String] = []
        func end(_ line: String) {
            lines.append(line)
            width = Swift.max(2, rest ?? first)
        }
        var line = ""
        var used = 0
        for piece in pieces {
            if !line.isEmpty, used + piece.spaces + piece.width <= width {
                line += String(repeating: " ", count: piece.spaces) + piece.text
                used += piece.spaces + piece.width
                continue
            }
            if !line.isEmpty { end(line) }
            line = ""
            used = 0
            if piece.width <= width {
                line = piece.text
                used = piece.width
                continue
            }
            for character in piece.text {
                if used + character.displayWidth > width {
                    end(line)
                    line = ""
                    used = 0
                }
                line.append(character)
                used += character.displayWidth
            }
        }
        if !line.isEmpty || lines.isEmpty { end(line) }
        return lines
    }

    /// Cut to `width` columns, the last three of them dots; for values of which JSON holds the whole.
    func shortened(to width: Int) -> String {
        guard displayWidth > width else { return self }
        var text = ""
        var used = 0
        for character in self {
            guard used + character.displayWidth <= width - 3 else { break }
            text.append(character)
            used += character.displayWidth
        }
        return text + "..."
    }

    /// The width of the widest part that a line does not break if it can.
    var longestPiece: Int { pieces.map(\.width).max() ?? 0 }

    /// What stays together on a line, and how many spaces stand before it.
    private var pieces: [(spaces: Int, text: String, width: Int)] {
        var pieces: [(spaces: Int, text: String, width: Int)] = []
        var spaces = 0
        var text = ""
        func end() {
            guard !text.isEmpty else { return }
            pieces.append((spaces, text, text.displayWidth))
            spaces = 0
            text = ""
        }
        for character in self {
            if character == " " {
                end()
                spaces += 1
            } else {
                text.append(character)
                if character == "/" { end() }
            }
        }
        end()
        return pieces
    }
}
