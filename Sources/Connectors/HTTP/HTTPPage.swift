/// The records of one answer, handed out one after the other.
struct HTTPPage {
    /// For messages: the source, and the page where there are several.
    let origin: String
    private let text: [UInt8]
    /// Nil for lines.
    private let records: [Range<Int>]?
    /// How many records have been handed out, or bytes of lines.
    private var done = 0
    private(set) var recordCount = 0

    /// Lines, of which those of nothing but white space are none.
    init(lines text: [UInt8], origin: String) {
        self.origin = origin
        self.text = text
        records = nil
    }

    /// Records of a JSON text, by their places.
    init(_ text: [UInt8], records: [Range<Int>], origin: String) {
        self.origin = origin
        self.text = text
        self.records = records
    }

    /// Reads on until the page is full or the answer has ended.
    ///
    /// - Parameter scratch: where a record is copied to, so that it stands on one line.
    /// - Returns: how many records there were.
    mutating func read(_ reader: RecordReader, into page: inout PageBuilder, _ scratch: inout [UInt8]) -> Int {
        let before = recordCount
        while !page.isFull, let range = nextRecord() {
            recordCount += 1
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: text[range])
            // Between the parts of a record a line break is white space, and within them JSON has none.
            for place in scratch.indices where [Byte.lineFeed, Byte.carriageReturn].contains(scratch[place]) {
                scratch[place] = Byte.space
            }
            scratch.withUnsafeBufferPointer { reader.take($0, line: recordCount, into: &page) }
        }
        return recordCount - before
    }

    private mutating func nextRecord() -> Range<Int>? {
        if let records {
            guard done < records.count else { return nil }
            defer { done += 1 }
            return records[done]
        }
        while done < text.count {
            let start = done
            let end = text.withUnsafeBufferPointer { $0.firstOffset(of: Byte.lineFeed, from: start) } ?? text.count
            done = end + 1
            let white = [Byte.space, Byte.tab, Byte.carriageReturn]
            if !text[start..<end].allSatisfy(white.contains) { return start..<end }
        }
        return nil
    }
}
