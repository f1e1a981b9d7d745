import AsyncHTTPClient
import Dispatch
import Failpoints
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Sends requests and waits for the answers: the thread that calls is one that may block.
///
/// Certificates and names of servers are always checked. Redirects are not followed: what a request may tell to whom is
/// for its sender to judge.
package final class HTTPCaller: Sendable {
    package struct Request: Sendable {
        package var url: String
        package var headers: [(name: String, value: String)]
        /// What to POST; nil for a GET.
        package var body: [UInt8]?

        package init(url: String, headers: [(name: String, value: String)], body: [UInt8]? = nil) {
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    package struct Response: Sendable {
        package var status: Int
        package var headers: HTTPFields
        package var body: [UInt8]
    }

    /// How much of an answer's body is read.
    package enum BodyRule: Sendable {
        /// All of it where the status is 200, up to so many bytes, and nothing of any other.
        case keep(Int)
        /// As much as lets the connection be used again; none is kept.
        case drain
    }

    package enum Answer: Sendable {
        case response(Response)
        /// The body is longer than it may be.
        case tooLong
        case silence(Silence)
    }

    /// Why there is no sound answer.
    package enum Silence: Sendable, Hashable {
        /// The words hold nothing of the address, which may have a token in it.
        case failed(String)
        /// The server is not who it should be.
        case untrusted(String)
        case tooSlow
        case stopped
    }

    private let caller: HTTPClient
    /// As much as is drained.
    private static let leftover = 65_536
    static let glance = DispatchTimeInterval.milliseconds(50)

    /// - Parameters:
    ///   - read: the longest time without a byte.
    ///   - authorities: a PEM file with the only certificates that are trusted; nil for the system's.
    /// - Throws: when that file cannot be used.
    package init(connect: Duration, read: Duration, authorities: String? = nil) throws {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connect.amount, read: read.amount))
        configuration.httpVersion = .http1Only
        // A failing connection is to be seen at once, and tried again by whoever knows how often.
        configuration.connectionPool.retryConnectionEstablishment = false
        var tls = TLSConfiguration.makeClientConfiguration()
        // RFC 8996: nothing older is to be spoken any more.
        tls.minimumTLSVersion = .tlsv12
        if let authorities { tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities)) }
        configuration.tlsConfiguration = tls
        caller = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { try? caller.syncShutdown() }

    /// Blocks until the answer is there with its body, or will not come.
    ///
    /// - Parameters:
    ///   - time: for the answer to its last byte.
    ///   - isStopped: asked several times a second; true ends the waiting.
    package func send(
        _ request: Request, body rule: BodyRule, within time: Duration, isStopped: () -> Bool = { false }
    ) -> Answer {
        var asked = HTTPClientRequest(url: request.url)
        for (name, value) in request.headers { asked.headers.add(name: name, value: value) }
        if let body = request.body {
            asked.method = .POST
            asked.body = .bytes(ByteBuffer(bytes: body))
        }
        let place = Place()
        let (caller, message) = (caller, asked)
        Failpoint.pass(.before, "request")
        let task = Task.detached { place.put(await Self.ask(caller, message, rule, within: time)) }
        while true {
            if let answer = place.wait(Self.glance) {
                Failpoint.pass(.after, "request")
                return answer
            }
            guard isStopped() else { continue }
            task.cancel()
            return .silence(.stopped)
        }
    }

    /// Waits; false when it was ended before the time was over.
    package static func pause(_ time: Duration, isStopped: () -> Bool) -> Bool {
        let bell = DispatchSemaphore(value: 0)
        let task = Task.detached {
            try? await Task.sleep(for: time)
            bell.signal()
        }
        defer { task.cancel() }
        while bell.wait(timeout: .now() + glance) == .timedOut {
            if isStopped() { return false }
        }
        return true
    }

    private static func ask(
        _ caller: HTTPClient, _ request: HTTPClientRequest, _ rule: BodyRule, within time: Duration
    ) async -> Answer {
        await withTaskGroup(of: Answer.self) { group in
            group.addTask { await exchange(caller, request, rule) }
            group.addTask {
                try? await Task.sleep(for: time)
                return .silence(.tooSlow)
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .silence(.tooSlow)
        }
    }

    private static func exchange(
        _ caller: HTTPClient, _ request: HTTPClientRequest, _ rule: BodyRule
    ) async -> Answer {
        do {
            // The time is measured by whoever calls, to the body's end; this bound ends at the head.
            let response = try await caller.execute(request, timeout: .hours(24))
            var answer = Response(
                status: Int(response.status.code), headers: HTTPFields(response.headers.map { ($0.name, $0.value) }),
                body: [])
            switch rule {
            case .drain:
                try? await drain(response.body)
            case .keep(let limit) where answer.status == 200:
                for try await part in response.body {
                    guard part.readableBytes <= limit - answer.body.count else { return .tooLong }
                    answer.body.append(contentsOf: part.readableBytesView)
                }
                // A cancelled body ends as a short one does.
                if Task.isCancelled { return .silence(.tooSlow) }
            case .keep:
                break
            }
            return .response(answer)
        } catch {
            return .silence(silence(error))
        }
    }

    private static func drain(_ body: HTTPClientResponse.Body) async throws {
        var read = 0
        for try await part in body {
            read += part.readableBytes
            if read > leftover { break }
        }
    }

    private static func silence(_ error: any Error) -> Silence {
        if let error = error as? HTTPClientError {
            return [.readTimeout, .deadlineExceeded].contains(error) ? .tooSlow : .failed(error.shortDescription)
        }
        if let error = error as? NIOSSLExtraError {
            return error == .failedToValidateHostname
                ? .untrusted("its certificate is of another name") : .failed("an encrypted connection was not made")
        }
        if error is NIOSSLError || error is BoringSSLError {
            // The words of the library name what the check of a certificate came to, and nothing of ours.
            return "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
                ? .untrusted("its certificate is not from an authority that is trusted")
                : .failed("an encrypted connection was not made")
        }
        if let error = error as? HTTPParserError { return .failed("no sound HTTP (\(error))") }
        if let error = error as? IOError { return .failed(words(of: error.errnoCode)) }
        // `NIOConnectionError` of a module that is not ours; its words would name the host.
        if "\(type(of: error))" == "NIOConnectionError" { return .failed("no connection") }
        return .failed(String(describing: type(of: error)))
    }

    private static func words(of code: CInt) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }

    /// Where a request leaves its answer.
    private final class Place: Sendable {
        private let answer = Mutex<Answer?>(nil)
        private let done = DispatchSemaphore(value: 0)

        func put(_ found: Answer) {
            answer.withLock { $0 = found }
            done.signal()
        }

        /// Nil when it is not there in that time.
        func wait(_ time: DispatchTimeInterval) -> Answer? {
            guard done.wait(timeout: .now() + time) == .success else { return nil }
            return answer.withLock(\.self)
        }
    }
}

/// The headers of an answer.
package struct HTTPFields: Sendable {
    private let fields: [(name: String, value: String)]

    package init(_ fields: [(name: String, value: String)]) { self.fields = fields }

    /// The first value of a name, whose case does not count.
    package subscript(name: String) -> String? { all(name).first }

    /// Each value of a name, in order.
    package func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name }.map(\.value)
    }
}

extension Duration {
    fileprivate var amount: TimeAmount {
        let (seconds, attoseconds) = components
        return .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
