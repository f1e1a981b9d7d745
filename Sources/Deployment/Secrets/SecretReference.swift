/// Where a secret is; never the secret itself.
package enum SecretReference: Hashable, Sendable {
    /// The name of an environment variable.
    case environment(String)
    /// A file; white space at its ends does not count.
    case file(String)
    /// A file in the directory that CREDENTIALS_DIRECTORY names, as systemd's LoadCredential puts it there.
    case credential(String)

    /// The forms, as people are told of them.
    static let forms = "{env: NAME}, {file: PATH} or {credential: NAME}"

    static let rules: [KeyRule] = [
        .optional("env", "the name of the environment variable that holds it"),
        .optional("file", "the file that holds it, relative to this file"),
        .optional("credential", "the name of a credential that the service manager hands over"),
    ]

    static let longestPath = 1_000

    /// POSIX names, and with room for lower case.
    static func isVariable(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first), text.utf8.count <= 200 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// A file's name and no path: nothing leads out of the directory.
    static func isCredential(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."), text.utf8.count <= 200 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}

extension YAMLReader {
    /// The place of a secret. What stands there as text may be the secret itself, so it is refused and never shown.
    func secret(_ node: YAMLNode) -> SecretReference? {
        if case .scalar = node.content { return reject(.secretInText, node) }
        guard let fields = fields(node, SecretReference.rules, expected: SecretReference.forms) else { return nil }
        let found = fields.present(SecretReference.rules.map(\.key))
        guard let form = found.first, found.count == 1, let node = fields[form] else {
            return reject(.secretKind(found: found), node)
        }
        switch form {
        case "env":
            guard let name = scalar(node, expected: "the name of an environment variable") else { return nil }
            return SecretReference.isVariable(name) ? .environment(name) : reject(.secretName, node)
        case "file":
            return text(node, expected: "a file", limit: SecretReference.longestPath).map { .file($0) }
        default:
            guard let name = scalar(node, expected: "the name of a credential") else { return nil }
            return SecretReference.isCredential(name) ? .credential(name) : reject(.credentialName, node)
        }
    }
}
