import Foundation
import Synchronization

/// An HTTP server on loopback that answers what a test says, byte for byte, and so may misbehave in any way.
///
/// Each connection has a thread, which reads requests without a body and answers them one after the other. Nothing of the
/// program is in it.
package final class ScriptedServer: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        /// Path and query.
        package var target: String
        /// By name in small letters.
        package var headers: [String: String]
        /// Which of all requests it is, from 1.
        package var number: Int

        /// The parameters of the query, decoded.
        package var parameters: [String: String] {
            let items = URLComponents(string: target)?.queryItems ?? []
            return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
        }
    }

    package enum Step: Sendable {
        case send([UInt8])
        /// Each byte by itself, so many milliseconds apart, for as long as the other end stays.
        case drip([UInt8], milliseconds: Int32)
        /// Over and over, for as long as the other end stays.
        case endless([UInt8])
        /// Nothing, for as long as the other end stays.
        case wait
        /// An end in the midst, which the other end sees as a reset.
        case reset
        case close
    }

    private let listener: LoopbackListener
    private let answer: @Sendable (Request) -> [Step]
    private let seen = Mutex<[Request]>([])
    /// `http://127.0.0.1:PORT`
    package let url: String

    package init(_ answer: @escaping @Sendable (Request) -> [Step]) throws {
        listener = try LoopbackListener()
        self.answer = answer
        url = "http://127.0.0.1:\(listener.port)"
        listener.serve { [weak self] connection in
            guard self != nil else { return false }
            Thread.detachNewThread { [weak self] in
                Connection(connection).serve { request in self.map { $0.respond(request) } ?? [.close] }
            }
            return true
        }
    }

    deinit { listener.shut() }

    /// What has been asked, in order.
    package var requests: [Request] { seen.withLock(\.self) }

    private func respond(_ request: Request) -> [Step] {
        var request = request
        seen.withLock {
            request.number = $0.count + 1
            $0.append(request)
        }
        return answer(request)
    }
}

extension ScriptedServer {
    /// A sound answer.
    package static func reply(
        _ body: String, status: String = "200 OK", headers: [String] = ["Content-Type: application/json"]
    ) -> [Step] {
        reply(Array(body.utf8), status: status, headers: headers)
    }

    package static func reply(
        _ body: [UInt8], status: String = "200 OK", headers: [String] = ["Content-Type: application/json"]
    ) -> [Step] {
        let head = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
        return [.send(Array(head.joined(separator: "\r\n").utf8) + body)]
    }

}

extension ScriptedServer.Step {
    /// Text to which nothing is added; its lines end as HTTP has them.
    package static func raw(_ text: String) -> ScriptedServer.Step {
        .send(Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    }
}

/// One connection, on a thread of its own.
private struct Connection {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    func serve(_ respond: (ScriptedServer.Request) -> [ScriptedServer.Step]) {
        defer { close(descriptor) }
        while let request = readRequest() {
            for step in respond(request) where !take(step) { return }
        }
    }

    private func readRequest() -> ScriptedServer.Request? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let count = recv(descriptor, &byte, 1, 0)
            if count < 0, errno == EINTR { continue }
            guard count == 1, head.count < 65_536 else { return nil }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return ScriptedServer.Request(target: String(words[1]), headers: headers, number: 0)
    }

    /// - Returns: whether the connection goes on.
    private func take(_ step: ScriptedServer.Step) -> Bool {
        switch step {
        case .send(let bytes): return write(bytes)
        case .drip(let bytes, let milliseconds):
            for byte in bytes {
                guard write([byte]), !isGone(within: milliseconds) else { return false }
            }
            return true
        case .endless(let bytes):
            while write(bytes) {}
            return false
        case .wait:
            while !isGone(within: 1_000) {}
            return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            return false
        case .close:
            return false
        }
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Whether the other end goes away within that time.
    private func isGone(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) <= 0
    }
}
