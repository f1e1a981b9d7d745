#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The fields of a row, in the order of the COPY's columns.
extension CopyBuffer {
    @inlinable
    package mutating func null() {
        missingFields &-= 1
        ensure(4)
        store(Int32(-1), at: byteCount)
        byteCount &+= 4
    }

    @inlinable
    package mutating func bool(_ value: Bool) { fixed(UInt8(value ? 1 : 0)) }

    @inlinable
    package mutating func int16(_ value: Int16) { fixed(value) }

    @inlinable
    package mutating func int32(_ value: Int32) { fixed(value) }

    @inlinable
    package mutating func int64(_ value: Int64) { fixed(value) }

    @inlinable
    package mutating func double(_ value: Double) { fixed(value.bitPattern) }

    /// A date, in days after 1970-01-01.
    @inlinable
    package mutating func date(daysSince1970: Int32) {
        let days = PGDate(daysSince1970: daysSince1970).daysSince2000
        if days == nil { refuse(.outOfRange) }
        fixed(days ?? 0)
    }

    @inlinable
    package mutating func date(_ daysSince1970: Int32) { date(daysSince1970: daysSince1970) }

    @inlinable
    package mutating func date(_ value: PGDate) { date(daysSince1970: value.daysSince1970) }

    /// A timestamptz, in microseconds after 1970-01-01T00:00:00Z.
    @inlinable
    package mutating func timestamp(microsecondsSince1970: Int64) {
        let microseconds = PGTimestamp(microsecondsSince1970: microsecondsSince1970).microsecondsSince2000
        if microseconds == nil { refuse(.outOfRange) }
        fixed(microseconds ?? 0)
    }

    @inlinable
    package mutating func timestamp(_ value: PGTimestamp) {
        timestamp(microsecondsSince1970: value.microsecondsSince1970)
    }

    /// Text, json or an enum's label (for jsonb see ``jsonb(_:)``). U+0000 is refused.
    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { text(UnsafeRawBufferPointer($0)) }
    }

    package mutating func text(_ value: Substring) {
        var value = value
        value.withUTF8 { text(UnsafeRawBufferPointer($0)) }
    }

    /// Text as UTF-8; whether it is, the server checks (22021).
    package mutating func text(_ value: UnsafeRawBufferPointer) {
        if value.containsNUL { refuse(.nulInText) }
        bytes(value)
    }

    /// A jsonb, from its text.
    package mutating func jsonb(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let raw = UnsafeRawBufferPointer(utf8)
            if raw.containsNUL { refuse(.nulInText) }
            variable(length: raw.count + 1) { field in
                // The version of jsonb's binary form; there is only 1.
                field[0] = 1
                UnsafeMutableRawBufferPointer(rebasing: field[1...]).copyMemory(from: raw)
            }
        }
    }

    package mutating func bytes(_ value: [UInt8]) {
        value.withUnsafeBytes { bytes($0) }
    }

    package mutating func bytes(_ value: UnsafeRawBufferPointer) {
        variable(length: value.count) { $0.copyMemory(from: value) }
    }

    package mutating func numeric(_ value: PGNumeric) {
        let words = value.binaryWords
        variable(length: words.count * 2) { field in
            for (index, word) in words.enumerated() {
                field.storeBytes(of: word.bigEndian, toByteOffset: index * 2, as: UInt16.self)
            }
        }
    }

    package mutating func int64Array(_ values: [Int64]) {
        // The form is described at `PostgresArrayElement.encodeArray`.
        let isEmpty = values.isEmpty
        variable(length: isEmpty ? 12 : 20 + values.count * 12) { field in
            var offset = 0
            func put<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
                field.storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
                offset += MemoryLayout<T>.size
            }
            put(Int32(isEmpty ? 0 : 1))
            put(Int32(0))
            put(TypeOID.int8)
            if isEmpty { return }
            put(Int32(truncatingIfNeeded: values.count))
            put(Int32(1))
            for value in values {
                put(Int32(8))
                put(value)
            }
        }
    }

    @inlinable
    @inline(__always)
    mutating func fixed<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        missingFields &-= 1
        let size = MemoryLayout<T>.size
        ensure(size &+ 4)
        let offset = byteCount
        storage.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: Int32(truncatingIfNeeded: size).bigEndian, toByteOffset: offset, as: Int32.self)
            bytes.storeBytes(of: value.bigEndian, toByteOffset: offset &+ 4, as: T.self)
        }
        byteCount = offset &+ size &+ 4
    }

    /// A field of so many bytes, which `fill` writes.
    private mutating func variable(length: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        missingFields &-= 1
        guard length <= ParameterBuffer.largestValue else {
            refuse(.tooLarge)
            return
        }
        ensure(length &+ 4)
        let offset = byteCount
        storage.withUnsafeMutableBytes { bytes in
            let prefix = Int32(truncatingIfNeeded: length).bigEndian
            bytes.storeBytes(of: prefix, toByteOffset: offset, as: Int32.self)
            fill(UnsafeMutableRawBufferPointer(rebasing: bytes[(offset &+ 4)..<(offset &+ 4 &+ length)]))
        }
        byteCount = offset &+ length &+ 4
    }
}
