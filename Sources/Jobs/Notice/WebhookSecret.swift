import Crypto
import Foundation

/// The shared secret of a webhook, and the signature that it makes (Standard Webhooks 1.0): `whsec_` and 24 to 64 bytes in
/// base64. It is never shown.
struct WebhookSecret: Sendable {
    private let key: SymmetricKey

    init(file path: String) throws {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw JobError.noCarrier(path, reason: "cannot be read")
        }
        try self.init(
            String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines), from: path)
    }

    /// - Parameter place: where it was found, for the message.
    init(_ text: String, from place: String) throws {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix), let bytes = Data(base64Encoded: String(text.dropFirst(prefix.count))),
            (24...64).contains(bytes.count)
        else {
            throw JobError.noCarrier(place, reason: "is no secret: expected whsec_ and 24 to 64 bytes in base64")
        }
        key = SymmetricKey(data: bytes)
    }

    /// The value of the header `webhook-signature`.
    ///
    /// - Parameter timestamp: seconds since 1970-01-01 UTC.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
        return "v1,\(Data(code).base64EncodedString())"
    }
}
