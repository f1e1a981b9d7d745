import Foundation
import Synchronization
import TestSupport

/// A server on loopback that speaks as much of PostgreSQL's protocol as it takes to ask for a password, and then refuses it
/// with a message that repeats it: worse than any real one.
final class EchoingDatabase: Sendable {
    private var port: UInt16 { listener.port }
    private let listener: LoopbackListener
    private let heard = Mutex<[String]>([])

    /// The passwords that came, in order.
    var passwords: [String] { heard.withLock(\.self) }

    init() throws {
        listener = try LoopbackListener()
        listener.serve { [weak self] connection in
            guard let self else { return false }
            self.serve(connection)
            close(connection)
            return true
        }
    }

    deinit { listener.shut() }

    /// A connection text for it.
    func uri(password: String) -> String {
        "postgresql://shop:\(password)@127.0.0.1:\(port)/shop?sslmode=disable&gssencmode=disable"
    }

    /// A startup message, AuthenticationCleartextPassword, the password, and an ErrorResponse (PostgreSQL, chapter 55).
    private func serve(_ connection: Int32) {
        guard message(connection) != nil else { return }
        write([UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3], to: connection)
        var kind: UInt8 = 0
        guard recv(connection, &kind, 1, 0) == 1, let body = message(connection) else { return }
        let password = String(decoding: body.dropLast(), as: UTF8.self)
        heard.withLock { $0.append(password) }
        let fields = ["SFATAL", "VFATAL", "C28P01", "Mpassword '\(password)' is wrong", "DI was told \(password)"]
        let text: [UInt8] = fields.flatMap { Array($0.utf8) + [0] } + [0]
        let count = UInt32(text.count + 4).bigEndian
        write([UInt8(ascii: "E")] + withUnsafeBytes(of: count) { Array($0) } + text, to: connection)
    }

    /// What follows a length that counts itself.
    private func message(_ connection: Int32) -> [UInt8]? {
        guard let head = read(4, from: connection) else { return nil }
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        return count > 4 && count < 65_536 ? read(count - 4, from: connection) : nil
    }

    private func read(_ count: Int, from connection: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private func write(_ bytes: [UInt8], to connection: Int32) {
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
