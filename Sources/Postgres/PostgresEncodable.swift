/// A Swift value that can be a statement's parameter, in PostgreSQL's binary form.
///
/// Floating-point and unsigned integers other than `Double` do not conform on purpose: PostgreSQL has no unsigned types, and a
/// silent narrowing is worse than a conversion one can see.
package protocol PostgresEncodable: Sendable {
    /// The parameter's type. It is declared to the server, so a mismatch is the server's error (42804, 42883) and never a guess.
    static var typeOID: UInt32 { get }

    func encode(into buffer: inout ParameterBuffer) throws(EncodingReason)
}

extension Bool: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.bool }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(UInt8(self ? 1 : 0)) }
}

extension Int16: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.int2 }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
}

extension Int32: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.int4 }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
}

extension Int64: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.int8 }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(self) }
}

extension Int: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.int8 }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(Int64(self)) }
}

extension Double: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.float8 }
    package func encode(into buffer: inout ParameterBuffer) { buffer.append(bitPattern) }
}

/// As `text`. A column of another type that reads text (uuid, jsonb, an enum) takes it by a cast: `$1::uuid`.
extension String: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.text }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) { try buffer.append(text: self) }
}

extension PGDate: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.date }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        guard let days = daysSince2000 else { throw .outOfRange }
        buffer.append(days)
    }
}

extension PGTimestamp: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.timestamptz }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        guard let microseconds = microsecondsSince2000 else { throw .outOfRange }
        buffer.append(microseconds)
    }
}

extension PGNumeric: PostgresEncodable {
    package static var typeOID: UInt32 { TypeOID.numeric }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        for word in binaryWords { buffer.append(word) }
    }
}

/// NULL keeps the type of what it would have been.
extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var typeOID: UInt32 { Wrapped.typeOID }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        if let self { try self.encode(into: &buffer) } else { buffer.setNull() }
    }
}

/// `[UInt8]` is bytea; an array of anything else is a one-dimensional array.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
    package static var typeOID: UInt32 { Element.arrayTypeOID }
    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        try Element.encodeArray(self, into: &buffer)
    }
}
