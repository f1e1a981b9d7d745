/// From every type whose binary form is its text (text, varchar, bpchar, name, json, xml, "char", unknown), from jsonb without
/// its version byte, from uuid in its hyphenated form, and from types that a user made whose binary form is text: an enum,
/// citext. Of the latter the type id says nothing, so their bytes have to be UTF-8 without U+0000, which text never holds and
/// the binary forms of composites, ranges and arrays begin with.
extension String: PostgresDecodable {
    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> String {
        switch value.typeOID {
        case TypeOID.text, TypeOID.varchar, TypeOID.bpchar, TypeOID.name, TypeOID.json, TypeOID.xml, TypeOID.unknown:
            return try String(utf8: try value.present())
        case TypeOID.char:
            // One byte, and the zero byte stands for the empty string.
            let bytes = try value.present()
            guard bytes.count == 1 else { throw .malformed }
            return bytes[0] == 0 ? "" : try String(utf8: bytes)
        case TypeOID.jsonb:
            let bytes = try value.present()
            guard bytes.first == 1 else { throw .malformed }
            return try String(utf8: UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        case TypeOID.uuid:
            return hyphenated(try value.present(TypeOID.uuid, length: 16))
        case TypeOID.firstUserDefined...:
            let bytes = try value.present()
            guard !bytes.containsNUL else { throw .wrongType }
            return try String(utf8: bytes)
        default:
            throw .wrongType
        }
    }

    /// A database may hold bytes that are no UTF-8 (encoding SQL_ASCII): an error, and no replacement characters.
    init(utf8 bytes: UnsafeRawBufferPointer) throws(DecodingReason) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
        self = text
    }

    /// RFC 9562, section 4: 8-4-4-4-12 digits in lower case.
    private static func hyphenated(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
