/// The members of an object that a writer of this program writes, each with its value as text: a string without its quotes,
/// anything else as it stands.
struct JSONMembers {
    private(set) var members: [(name: String, value: String)] = []

    init(_ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(.compact)
        writer.object(write)
        split(writer.bytes)
    }

    subscript(name: String) -> String? { members.first { $0.name == name }?.value }

    /// Cuts where a comma or a colon stands in the object itself, and in no string.
    private mutating func split(_ bytes: [UInt8]) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var start = 1
        var name: String?
        for (index, byte) in bytes.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ":") where depth == 1 && name == nil:
                name = Self.text(bytes[start..<index])
                start = index + 1
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 1, let found = name {
                    members.append((found, Self.text(bytes[start..<index])))
                    name = nil
                    start = index + 1
                }
                if byte != UInt8(ascii: ",") { depth -= 1 }
            default: break
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isString = bytes.count >= 2 && bytes.first == UInt8(ascii: "\"")
        return String(decoding: isString ? bytes.dropFirst().dropLast() : bytes, as: UTF8.self)
    }
}
