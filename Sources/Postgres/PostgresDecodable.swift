/// A Swift value that can be read from a column in binary form.
///
/// A decoder first checks the column's type and then the number of its bytes. Numbers widen (int2 to `Int64`), they never
/// narrow, and nothing is read as a type that only happens to have the same length.
package protocol PostgresDecodable: Sendable {
    static func decode(_ value: ColumnValue) throws(DecodingReason) -> Self
}

/// One column of one row, as it came. The bytes belong to the result and are valid only during `decode`.
package struct ColumnValue {
    package let typeOID: UInt32
    /// nil is NULL.
    package let bytes: UnsafeRawBufferPointer?

    init(typeOID: UInt32, bytes: UnsafeRawBufferPointer?) {
        self.typeOID = typeOID
        self.bytes = bytes
    }

    /// The bytes; `.unexpectedNull` where there are none.
    package func present() throws(DecodingReason) -> UnsafeRawBufferPointer {
        guard let bytes else { throw .unexpectedNull }
        return bytes
    }

    /// The bytes of a value of the one type, of its one length.
    func present(_ type: UInt32, length: Int) throws(DecodingReason) -> UnsafeRawBufferPointer {
        guard typeOID == type else { throw .wrongType }
        let bytes = try present()
        guard bytes.count == length else { throw .malformed }
        return bytes
    }

    /// An integer of int2, int4, int8 or oid. An oid is unsigned and widens as such.
    func integer() throws(DecodingReason) -> Int64 {
        switch typeOID {
        case TypeOID.int2: Int64(try present(TypeOID.int2, length: 2).bigEndian(at: 0, as: Int16.self))
        case TypeOID.int4: Int64(try present(TypeOID.int4, length: 4).bigEndian(at: 0, as: Int32.self))
        case TypeOID.int8: try present(TypeOID.int8, length: 8).bigEndian(at: 0, as: Int64.self)
        case TypeOID.oid: Int64(try present(TypeOID.oid, length: 4).bigEndian(at: 0, as: UInt32.self))
        default: throw .wrongType
        }
    }
}

extension Bool: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Bool {
        try value.present(TypeOID.bool, length: 1)[0] != 0
    }
}

/// From int2.
extension Int16: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Int16 {
        try value.present(TypeOID.int2, length: 2).bigEndian(at: 0, as: Int16.self)
    }
}

/// From int2 and int4.
extension Int32: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Int32 {
        switch value.typeOID {
        case TypeOID.int2: Int32(try Int16.decode(value))
        default: try value.present(TypeOID.int4, length: 4).bigEndian(at: 0, as: Int32.self)
        }
    }
}

/// From int2, int4, int8 and oid.
extension Int64: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Int64 { try value.integer() }
}

/// From int2, int4, int8 and oid.
extension Int: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Int {
        guard let integer = Int(exactly: try value.integer()) else { throw .outOfRange }
        return integer
    }
}

/// From float4 and float8; never from numeric, whose digits it would lose.
extension Double: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Double {
        switch value.typeOID {
        case TypeOID.float4:
            let bits = try value.present(TypeOID.float4, length: 4).bigEndian(at: 0, as: UInt32.self)
            return Double(Float(bitPattern: bits))
        default:
            return Double(bitPattern: try value.present(TypeOID.float8, length: 8).bigEndian(at: 0, as: UInt64.self))
        }
    }
}

extension PGDate: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> PGDate {
        let days = try value.present(TypeOID.date, length: 4).bigEndian(at: 0, as: Int32.self)
        guard let date = PGDate(daysSince2000: days) else { throw .outOfRange }
        return date
    }
}

/// From timestamptz only: a timestamp without a zone is no instant.
extension PGTimestamp: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> PGTimestamp {
        let microseconds = try value.present(TypeOID.timestamptz, length: 8).bigEndian(at: 0, as: Int64.self)
        guard let timestamp = PGTimestamp(microsecondsSince2000: microseconds) else { throw .outOfRange }
        return timestamp
    }
}

extension PGNumeric: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> PGNumeric {
        guard value.typeOID == TypeOID.numeric else { throw .wrongType }
        return try PGNumeric(binary: try value.present())
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> Wrapped? {
        value.bytes == nil ? nil : try Wrapped.decode(value)
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> [Element] {
        try Element.decodeArray(value)
    }
}
