/// What an array can hold. Not every encodable type: an array of arrays is no type of PostgreSQL, so it does not compile.
package protocol PostgresArrayElement: Sendable {
    static var arrayTypeOID: UInt32 { get }
    static func encodeArray(_ elements: [Self], into buffer: inout ParameterBuffer) throws(EncodingReason)
    static func decodeArray(_ value: ColumnValue) throws(DecodingReason) -> [Self]
}

extension PostgresArrayElement where Self: PostgresEncodable & PostgresDecodable {
    package static func encodeArray(_ elements: [Self], into buffer: inout ParameterBuffer) throws(EncodingReason) {
        guard let count = Int32(exactly: elements.count) else { throw .tooLarge }
        // array_recv: dimensions, a flag for NULLs (which the server works out by itself), the element's type, then for each
        // dimension its length and lower bound. An empty array has no dimension.
        buffer.append(Int32(count == 0 ? 0 : 1))
        buffer.append(Int32(0))
        buffer.append(Self.typeOID)
        guard count > 0 else { return }
        buffer.append(count)
        buffer.append(Int32(1))
        for element in elements { try buffer.appendElement(element) }
    }

    package static func decodeArray(_ value: ColumnValue) throws(DecodingReason) -> [Self] {
        guard let declared = TypeOID.element(ofArray: value.typeOID) else { throw .wrongType }
        var reader = BigEndianReader(try value.present())
        let dimensions = try reader.integer(Int32.self)
        _ = try reader.integer(Int32.self)
        let elementType = try reader.integer(UInt32.self)
        guard elementType == declared else { throw .malformed }
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw .wrongType }
        let count = try reader.integer(Int32.self)
        _ = try reader.integer(Int32.self)
        // Each element takes four bytes at least: a forged count must not reserve gigabytes.
        guard count >= 0, Int(count) <= reader.remaining / 4 else { throw .malformed }
        var elements: [Self] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            let length = try reader.integer(Int32.self)
            let bytes = length == -1 ? nil : try reader.slice(Int(length))
            elements.append(try Self.decode(ColumnValue(typeOID: elementType, bytes: bytes)))
        }
        guard reader.isAtEnd else { throw .malformed }
        return elements
    }
}

extension Bool: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.boolArray }
}

extension Int16: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.int2Array }
}

extension Int32: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.int4Array }
}

extension Int64: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.int8Array }
}

extension Int: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.int8Array }
}

extension Double: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.float8Array }
}

extension String: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.textArray }
}

extension PGDate: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.dateArray }
}

extension PGTimestamp: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.timestamptzArray }
}

extension PGNumeric: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.numericArray }
}

extension Optional: PostgresArrayElement
where Wrapped: PostgresArrayElement & PostgresEncodable & PostgresDecodable {
    package static var arrayTypeOID: UInt32 { Wrapped.arrayTypeOID }
}

/// Bytes are one value of type bytea and not an array, so `UInt8` alone is neither encodable nor decodable.
extension UInt8: PostgresArrayElement {
    package static var arrayTypeOID: UInt32 { TypeOID.bytea }

    package static func encodeArray(_ elements: [UInt8], into buffer: inout ParameterBuffer) throws(EncodingReason) {
        // Not `try` inside the closure: rethrowing would lose the error's type.
        let result = elements.withUnsafeBytes { bytes in
            Result { () throws(EncodingReason) in try buffer.append(bytes) }
        }
        try result.get()
    }

    package static func decodeArray(_ value: ColumnValue) throws(DecodingReason) -> [UInt8] {
        guard value.typeOID == TypeOID.bytea else { throw .wrongType }
        return [UInt8](try value.present())
    }
}

extension TypeOID {
    /// The type of an array's elements; nil where the type is no array that we read.
    static func element(ofArray oid: UInt32) -> UInt32? {
        switch oid {
        case boolArray: bool
        case int2Array: int2
        case int4Array: int4
        case int8Array: int8
        case float8Array: float8
        case textArray: text
        case 1015: varchar
        case 1014: bpchar
        case 1003: name
        case dateArray: date
        case timestamptzArray: timestamptz
        case numericArray: numeric
        case 2951: uuid
        default: nil
        }
    }
}
