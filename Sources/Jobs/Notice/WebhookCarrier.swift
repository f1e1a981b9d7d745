import AsyncHTTPClient
import Billing
import Documents
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Posts each notice as a CloudEvent to a URL, signed as Standard Webhooks says.
///
/// By that standard any answer of 2xx is the only success. 410 says that nobody wants the messages any more: this notice
/// is given up, and the others are not even tried. Whatever else is answered, or nothing at all, may be mended at the other
/// end and is tried again; where the other end asks for a pause (429, 502, 503, 504), the others wait as well. Redirects
/// are not followed, for the signature was made for one receiver.
final class WebhookCarrier: NoticeCarrier {
    let needsAddress = false
    private let url: String
    private let secret: WebhookSecret
    private let vendor: String
    private let caller: HTTPClient
    /// After so many without any answer the receiver is taken to be away.
    private static let mostSilent = 5
    private var silent = 0

    init(url: String, secretFile: String, vendor: String) throws {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil
        else { throw JobError.noCarrier("the URL", reason: "expected https://HOST/PATH, without a user") }
        self.url = url
        self.vendor = vendor
        secret = try WebhookSecret(file: secretFile)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(30)))
        configuration.httpVersion = .http1Only
        caller = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() { try? caller.syncShutdown() }

    func carry(_ notice: OutgoingNotice, now: Int64) throws -> Carried {
        let body = NoticeEvent.bytes(notice, vendor: vendor)
        let timestamp = now / 1_000_000
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: NoticeEvent.contentType)
        request.headers.add(name: "user-agent", value: "meterbook")
        request.headers.add(name: "webhook-id", value: notice.id)
        request.headers.add(name: "webhook-timestamp", value: "\(timestamp)")
        request.headers.add(
            name: "webhook-signature", value: secret.signature(id: notice.id, timestamp: timestamp, body: body))
        request.body = .bytes(ByteBuffer(bytes: body))
        switch post(request) {
        case .status(let code, let seconds):
            silent = 0
            return Self.judge(code, retryAfter: seconds)
        case .silence(let reason):
            silent += 1
            return .later(
                reason, stop: silent >= Self.mostSilent ? "the receiver has not answered \(silent) times" : nil)
        }
    }

    static func judge(_ code: UInt, retryAfter seconds: Int64) -> Carried {
        switch code {
        case 200..<300: .delivered
        case 410: .never("HTTP 410", stop: "the receiver says that it is gone (HTTP 410)")
        case 429, 502, 503, 504:
            .later("HTTP \(code)", seconds: seconds, stop: "the receiver asks for a pause (HTTP \(code))")
        default: .later("HTTP \(code)")
        }
    }

    private enum Answer: Sendable {
        case status(UInt, retryAfter: Int64)
        case silence(String)
    }

    /// Waits for the answer: the thread is the program's main one, and not one that the request needs.
    private func post(_ request: HTTPClientRequest) -> Answer {
        let place = Place()
        let caller = caller
        let work: @Sendable () async -> Void = { place.put(await Self.ask(caller, request)) }
        Task(operation: work)
        return place.wait()
    }

    private static func ask(_ caller: HTTPClient, _ request: HTTPClientRequest) async -> Answer {
        do {
            let response = try await caller.execute(request, timeout: .seconds(30))
            let pause = response.headers.first(name: "retry-after").flatMap { Int64($0) } ?? 0
            // Read so that the connection can be used again; what it says is for people at the other end.
            var read = 0
            for try await part in response.body {
                read += part.readableBytes
                if read > 65_536 { break }
            }
            return .status(response.status.code, retryAfter: pause)
        } catch {
            return .silence("no answer: \(reason(error))")
        }
    }

    /// Where the request leaves its answer.
    private final class Place: Sendable {
        private let answer = Mutex(Answer.silence("no answer"))
        private let done = DispatchSemaphore(value: 0)

        func put(_ found: Answer) {
            answer.withLock { $0 = found }
            done.signal()
        }

        func wait() -> Answer {
            done.wait()
            return answer.withLock(\.self)
        }
    }

    /// Without the URL, which may hold a token.
    private static func reason(_ error: any Error) -> String {
        if let error = error as? HTTPClientError { return error.shortDescription }
        return String(describing: type(of: error))
    }
}
