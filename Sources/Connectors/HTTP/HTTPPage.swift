/// The records of one answer, handed out one after the other.
struct HTTPPage {
    /// For messages: the source, and the page where there are several.
    let origin: String
    private let text: [UInt8]
    private let isLines: Bool
    private let nesting: Int
    /// Where the next record starts, or the next line; nil at the end.
    private var next: Int?
    private(set) var recordCount = 0

    /// Lines, of which those of nothing but white space are none.
    init(lines text: [UInt8], origin: String) {
        self.origin = origin
        self.text = text
        (isLines, nesting, next) = (true, 0, 0)
    }

    /// Records of a JSON text that was found sound.
    init(_ text: [UInt8], _ records: HTTPRecords, nesting: Int, origin: String) {
        self.origin = origin
        self.text = text
        self.nesting = nesting
        (isLines, next) = (false, records.first)
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

    private mutating func nextRecord() -> Range<Int>? { isLines ? nextLine() : nextElement() }

    private mutating func nextElement() -> Range<Int>? {
        guard let start = next else { return nil }
        return text.withUnsafeBufferPointer { bytes in
            var json = JSONScanner(bytes, nesting: nesting)
            json.pass(start)
            // It was read to its end before, so this breaks nowhere.
            guard (try? json.value(depth: 1)) != nil else { return nil }
            let end = json.offset
            next = (try? json.nextElement()) == true ? json.offset : nil
            return start..<end
        }
    }

    private mutating func nextLine() -> Range<Int>? {
        while let start = next, start < text.count {
            let end = text.withUnsafeBufferPointer { $0.firstOffset(of: Byte.lineFeed, from: start) } ?? text.count
            next = end + 1
            let white = [Byte.space, Byte.tab, Byte.carriageReturn]
            if !text[start..<end].allSatisfy(white.contains) { return start..<end }
        }
        return nil
    }
}
