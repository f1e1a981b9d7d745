/// The text inside a quoted CSV field.
enum CSVText {
    /// Appends the text with each doubled quote made one (RFC 4180 section 2, rule 7).
    static func unquote(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var from = 0
        while let quote = text.firstOffset(of: Byte.quote, from: from) {
            bytes.append(contentsOf: text[from...quote])
            // The scanner has seen that a second quote follows.
            from = quote + 2
        }
        if from < text.count { bytes.append(contentsOf: text[from...]) }
    }
}
