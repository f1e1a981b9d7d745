import Foundation
import TestSupport

/// A JSON object that a test takes apart; what is missing or of another kind is an error that names it.
struct JSON {
    private let members: [String: Any]

    init(_ text: String) throws {
        guard let members = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw TestFailure("no JSON object: \(text.prefix(200))")
        }
        self.members = members
    }

    /// A member as it is, to be compared with another.
    func description(of key: String) -> String {
        members[key].flatMap { try? JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) }
            .map { String(decoding: $0, as: UTF8.self) } ?? "none"
    }

    private init(members: [String: Any]) {
        self.members = members
    }

    private func member<Value>(_ key: String, _ type: Value.Type) throws -> Value {
        guard let value = members[key] as? Value else {
            throw TestFailure("'\(key)' is missing or no \(type): \(members)")
        }
        return value
    }

    var keys: Set<String> { Set(members.keys) }

    func text(_ key: String) throws -> String { try member(key, String.self) }
    func number(_ key: String) throws -> Int { try member(key, NSNumber.self).intValue }
    func texts(_ key: String) throws -> [String] { try member(key, [String].self) }
    func flag(_ key: String) throws -> Bool { try member(key, NSNumber.self).boolValue }
    func object(_ key: String) throws -> JSON { JSON(members: try member(key, [String: Any].self)) }
    func list(_ key: String) throws -> [JSON] { try member(key, [[String: Any]].self).map(JSON.init(members:)) }

    /// A sum of money such as "27.30", in cents.
    func cents(_ key: String) throws -> Int {
        let text = try text(key)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 2, let cents = Int(parts[0] + parts[1]) else {
            throw TestFailure("'\(key)' is no sum of money with two places: \(text)")
        }
        return cents
    }
}
