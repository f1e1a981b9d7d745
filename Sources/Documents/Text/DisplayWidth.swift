extension String {
    /// How many columns the text takes on a terminal.
    ///
    /// East Asian wide and fullwidth characters and emoji take two (Unicode Standard Annex #11), marks that combine and
    /// invisible format characters none, everything else one. Terminals differ on rare clusters; no cluster counts
    /// more than two.
    package var displayWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + $1.displayWidth }
    }

    /// The text with everything that a terminal would obey instead of showing, made visible: a name that holds an escape
    /// sequence, a line break or a change of writing direction must not be able to repaint what a person reads.
    /// `\n`, `\t` and `\r` are written so, the others as `\u{1B}`.
    package var visible: String {
        guard unicodeScalars.contains(where: \.isUnsafeOnTerminal) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.isUnsafeOnTerminal: text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The text with spaces after it up to a number of columns.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - displayWidth))
    }

    /// The text with spaces before it up to a number of columns.
    package func aligned(to width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - displayWidth)) + self
    }

    /// The text without the spaces at its end.
    var withoutTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Character {
    /// Columns on a terminal: 0, 1 or 2.
    var displayWidth: Int {
        // U+FE0F asks for the picture of a character that also exists as a plain sign.
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        return Swift.min(2, unicodeScalars.reduce(0) { $0 + $1.displayWidth })
    }
}

extension Unicode.Scalar {
    fileprivate var displayWidth: Int {
        if value < 0x300 { return properties.generalCategory == .control ? 0 : 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // The vowels and final consonants of a Hangul syllable are drawn inside its first consonant.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        return properties.isEmojiPresentation || Self.wide.contains(where: { $0.contains(value) }) ? 2 : 1
    }

    /// Wide and fullwidth in EastAsianWidth.txt, without the emoji.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]

    /// Whether a terminal would obey it instead of showing it.
    var isUnsafeOnTerminal: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Only the marks that change the direction; a joiner belongs to the words of many scripts.
        case .format: properties.isBidiControl
        default: false
        }
    }
}
