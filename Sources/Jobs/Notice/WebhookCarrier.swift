import Billing
import Connectors
import Documents
import Foundation

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
    private let caller: HTTPCaller
    /// After so many without any answer the receiver is taken to be away.
    private static let mostSilent = 5
    private var silent = 0

    init(url: String, secret: WebhookSecret, vendor: String) throws {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil
        else { throw JobError.noCarrier("the URL", reason: "expected https://HOST/PATH, without a user") }
        self.url = url
        self.vendor = vendor
        self.secret = secret
        caller = try HTTPCaller(connect: .seconds(10), read: .seconds(30))
    }

    func carry(_ notice: OutgoingNotice, now: Int64) throws -> Carried {
        let body = NoticeEvent.bytes(notice, vendor: vendor)
        let timestamp = now / 1_000_000
        let request = HTTPCaller.Request(
            url: url,
            headers: [
                ("content-type", NoticeEvent.contentType), ("user-agent", "meterbook"), ("webhook-id", notice.id),
                ("webhook-timestamp", "\(timestamp)"),
                ("webhook-signature", secret.signature(id: notice.id, timestamp: timestamp, body: body)),
            ], body: body)
        // What the answer says beside its status is for people at the other end.
        switch caller.send(request, body: .drain, within: .seconds(30)) {
        case .response(let response):
            silent = 0
            let pause = response.headers["retry-after"].flatMap { Int64($0) } ?? 0
            return Self.judge(response.status, retryAfter: pause)
        case .tooLong, .silence(.stopped): return silence("no sound answer")
        case .silence(.tooSlow): return silence("too slow")
        case .silence(.failed(let reason)), .silence(.untrusted(let reason)): return silence(reason)
        }
    }

    private func silence(_ reason: String) -> Carried {
        silent += 1
        return .later(
            "no answer: \(reason)",
            stop: silent >= Self.mostSilent ? "the receiver has not answered \(silent) times" : nil)
    }

    static func judge(_ code: Int, retryAfter seconds: Int64) -> Carried {
        switch code {
        case 200..<300: .delivered
        case 410: .never("HTTP 410", stop: "the receiver says that it is gone (HTTP 410)")
        case 429, 502, 503, 504:
            .later("HTTP \(code)", seconds: seconds, stop: "the receiver asks for a pause (HTTP \(code))")
        default: .later("HTTP \(code)")
        }
    }
}
