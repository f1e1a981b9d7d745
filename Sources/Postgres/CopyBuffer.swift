#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Rows for a binary COPY FROM, in the form in which they are sent. A value over one growing allocation, to be reused from batch to
/// batch (`removeAll(keepingCapacity: true)`).
///
/// ```swift
/// buffer.row(fields: 3)
/// buffer.int64(id)
/// buffer.date(daysSince1970: day)
/// buffer.null()
/// ```
/// Writing does not throw, since it runs millions of times. What cannot be sent (a text with U+0000, a date out of range, a row
/// whose fields are not as many as announced) is remembered instead, the first of them, and `copyIn` throws it **before**
/// it sends any row of this buffer. The types are the caller's to get right: the server checks the length of what arrives against
/// the column's type, and no more.
package struct CopyBuffer: Sendable {
    /// The bytes, of which the first `byteCount` are in use. Its count is the capacity: writing past an array's count needs
    /// a check and an append for each field, this only a check.
    @usableFromInline var storage: [UInt8]
    package internal(set) var byteCount = 0
    package internal(set) var rowCount = 0
    /// The fields that the row at hand has announced and does not have yet.
    @usableFromInline var missingFields = 0
    /// The first thing that cannot be sent.
    var refusal: EncodingReason?
    /// Where full buffers go, in a streaming COPY.
    var sink: CopySink?
    /// The size from which `row` passes the buffer on.
    @usableFromInline var flushThreshold = Int.max

    /// What a streaming COPY sends at once, in bytes: large enough that the calls cost nothing, small enough for the caches.
    static let flushSize = 256 * 1024
    /// PostgreSQL's `MaxTupleAttributeNumber` is 1664; a table has at most 1,600 columns.
    @usableFromInline static let fieldLimit = 1600

    /// - Parameter capacity: bytes to set aside; the buffer grows by itself.
    package init(capacity: Int = 0) {
        storage = Self.bytes([], capacity: max(0, capacity))
    }

    package var isEmpty: Bool { byteCount == 0 }

    /// Why a row was refused, or why the COPY that takes the rows has failed; nil while all is well. A long producer may ask now and
    /// then, and stop: after a failure rows go nowhere.
    package var hasFailed: Bool { refusal != nil || sink?.failure != nil }

    /// Empties the buffer, and forgets a refusal.
    package mutating func removeAll(keepingCapacity: Bool = false) {
        if !keepingCapacity { storage = [] }
        byteCount = 0
        rowCount = 0
        missingFields = 0
        refusal = nil
    }

    /// Begins a row of so many fields (1 ... 1,600, or 0 for a table without columns), which have to follow.
    @inlinable
    package mutating func row(fields: Int) {
        if byteCount >= flushThreshold { flush() }
        guard missingFields == 0, fields >= 0, fields <= Self.fieldLimit else {
            refuse(.fieldCount)
            return
        }
        missingFields = fields
        rowCount &+= 1
        ensure(2)
        store(Int16(truncatingIfNeeded: fields), at: byteCount)
        byteCount &+= 2
    }

    /// Remembers why the rows cannot be sent, if nothing has been refused before.
    @usableFromInline
    @inline(never)
    mutating func refuse(_ reason: EncodingReason) {
        if refusal == nil { refusal = reason }
    }

    /// Room for so many more bytes.
    @inlinable
    @inline(__always)
    mutating func ensure(_ count: Int) {
        if storage.count &- byteCount < count { grow(by: count) }
    }

    @usableFromInline
    @inline(never)
    mutating func grow(by count: Int) {
        // Doubling; the caller has kept `count` below 1 GiB, so that the sum stays far from overflowing.
        storage = Self.bytes(storage, capacity: max(storage.count * 2, byteCount + count, 4096))
    }

    /// An array of so many bytes, which begins with those of another and goes on with zeros. By whole blocks: without
    /// optimization, the standard library's way takes a call for each byte, and a large value minutes.
    private static func bytes(_ start: [UInt8], capacity: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            start.withUnsafeBytes { raw.copyMemory(from: $0) }
            if let base = raw.baseAddress { memset(base + start.count, 0, capacity - start.count) }
            count = capacity
        }
    }

    /// Writes an integer in network order; there is room for it.
    @inlinable
    @inline(__always)
    mutating func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        storage.withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self) }
    }

    /// A streaming COPY's turn: hands the rows on and starts again. `rowCount` goes on counting.
    @usableFromInline
    @inline(never)
    mutating func flush() {
        guard let sink else { return }
        // Between rows only, so that a row that lacks fields is found before it is sent.
        if let reason = refusal ?? (missingFields == 0 ? nil : .fieldCount) {
            sink.refuse(reason)
        } else {
            storage.withUnsafeBytes { sink.send(UnsafeRawBufferPointer(rebasing: $0[..<byteCount])) }
        }
        byteCount = 0
    }
}
