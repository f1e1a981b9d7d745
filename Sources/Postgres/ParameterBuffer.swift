/// The binary values of a statement's parameters, one after the other in one allocation.
package struct ParameterBuffer {
    private(set) var bytes: [UInt8] = []
    private(set) var types: [UInt32] = []
    /// Where each parameter lies in `bytes`; nil is NULL.
    private(set) var ranges: [Range<Int>?] = []
    private var isNull = false

    /// PostgreSQL's `MaxAllocSize`: no value and no message may be larger, and it must stay below what an Int32 counts.
    package static let largestValue = 0x3FFF_FFFF

    init() {}

    init(_ binds: [(any PostgresEncodable)?]) throws(EncodingReason) {
        // The protocol counts parameters in 16 bits.
        guard binds.count <= Int(UInt16.max) else { throw .tooManyParameters }
        types.reserveCapacity(binds.count)
        ranges.reserveCapacity(binds.count)
        for bind in binds {
            if let bind {
                try add(bind)
            } else {
                types.append(TypeOID.unspecified)
                ranges.append(nil)
            }
        }
        // An empty array has no address, and a parameter without an address would be a NULL instead of ''.
        bytes.append(0)
    }

    private mutating func add<T: PostgresEncodable>(_ value: T) throws(EncodingReason) {
        let start = bytes.count
        isNull = false
        try value.encode(into: &self)
        types.append(T.typeOID)
        ranges.append(isNull ? nil : start..<bytes.count)
    }

    /// Makes the value at hand NULL; bytes it has appended already are not sent.
    package mutating func setNull() { isNull = true }

    package mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends raw bytes. Throws `.tooLarge` before it copies what would pass 1 GiB.
    package mutating func append(_ value: UnsafeRawBufferPointer) throws(EncodingReason) {
        guard value.count <= Self.largestValue - bytes.count else { throw .tooLarge }
        // Bound to UInt8, as which it is appended in one block; a raw buffer goes byte by byte without optimization.
        value.withMemoryRebound(to: UInt8.self) { bytes.append(contentsOf: $0) }
    }

    /// Appends text as UTF-8. Throws `.nulInText` for U+0000.
    package mutating func append(text: String) throws(EncodingReason) {
        guard text.utf8.count <= Self.largestValue - bytes.count else { throw .tooLarge }
        var text = text
        let isAppended = text.withUTF8 { utf8 in
            if UnsafeRawBufferPointer(utf8).containsNUL { return false }
            bytes.append(contentsOf: utf8)
            return true
        }
        guard isAppended else { throw .nulInText }
    }

    /// Appends an array's element with its length before it, or -1 for a NULL.
    mutating func appendElement<T: PostgresEncodable>(_ element: T) throws(EncodingReason) {
        let start = bytes.count
        append(Int32(0))
        isNull = false
        try element.encode(into: &self)
        guard let length = isNull ? -1 : Int32(exactly: bytes.count - start - 4) else { throw .tooLarge }
        withUnsafeBytes(of: length.bigEndian) { prefix in
            for (index, byte) in prefix.enumerated() { bytes[start + index] = byte }
        }
        // The element was NULL, not the array around it.
        isNull = false
    }
}
