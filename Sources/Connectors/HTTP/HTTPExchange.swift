import Synchronization

/// Asks a server for one page after the other, again where that may help, within the limits of the pull.
///
/// A page that fails is asked for again by itself: those before it are not read twice.
final class HTTPExchange {
    enum Answer {
        case body(HTTPFields, [UInt8])
        /// Nothing has changed since the answer that the validators are of.
        case unchanged
    }

    /// `http:` or `prometheus:` and the name of the source.
    let origin: String
    private let access: HTTPAccess
    private var caller: HTTPCaller?
    private var deadline: Deadline?
    private var generator = SystemRandomNumberGenerator()

    init(_ access: HTTPAccess, origin: String) {
        self.access = access
        self.origin = origin
    }

    var limits: HTTPLimits { access.limits }

    func failure(_ problem: HTTPFailure.Problem, page: Int? = nil) -> ConnectorError {
        .server(HTTPFailure(source: origin, page: page, problem: problem))
    }

    /// One page.
    ///
    /// - Parameters:
    ///   - validators: of the answer that is known already; nil to get it in any case.
    ///   - accepting: the media types that are wanted.
    ///   - page: its number for people; nil where there is only one.
    func get(
        _ address: HTTPAddress, validators: HTTPValidators? = nil, accepting: String, page: Int?
    ) throws(ConnectorError) -> Answer {
        let caller = try prepare(address)
        var tries = 0
        while true {
            try keepPace(page)
            tries += 1
            let outcome = try follow(address, validators, accepting, caller, page)
            let problem: HTTPFailure.Problem
            let reason: String
            var asked: Int64?
            switch outcome {
            case .answer(let answer): return answer
            case .failed(let status, let seconds):
                problem = .failing(status: status, tries: tries)
                reason = "HTTP \(status)"
                asked = seconds
            case .silent(let words):
                problem = .silent(reason: words, tries: tries)
                reason = words
            }
            if let asked, asked > limits.pause.components.seconds {
                throw failure(.longPause(seconds: asked, limit: limits.pause.components.seconds), page: page)
            }
            guard tries < limits.tries else { throw failure(problem, page: page) }
            let own = RetryPlan.backOff(before: tries + 1, first: limits.backOff, using: &generator)
            let length = max(own, .seconds(asked ?? 0))
            access.retrying(HTTPRetry(page: page, tries: tries, reason: reason, pause: length))
            try pause(length, page)
        }
    }

    // MARK: - One try

    private enum Outcome {
        case answer(Answer)
        case failed(status: Int, retryAfter: Int64?)
        case silent(String)
    }

    /// Sends the request, and on to where the server says that the answer is, as long as that is the same origin.
    private func follow(
        _ address: HTTPAddress, _ validators: HTTPValidators?, _ accepting: String, _ caller: HTTPCaller, _ page: Int?
    ) throws(ConnectorError) -> Outcome {
        var address = address
        for _ in 0...HTTPLimits.redirects {
            let request = request(address, validators, accepting)
            let answer = caller.send(request, body: .keep(limits.bodyBytes), within: limits.request) {
                access.isStopped() || (deadline?.isOver ?? false)
            }
            let response: HTTPCaller.Response
            switch answer {
            case .response(let found): response = found
            case .tooLong: throw failure(.tooLong(limit: limits.bodyBytes), page: page)
            case .silence(.stopped): throw stopped(page)
            case .silence(.tooSlow): return .silent("too slow")
            case .silence(.failed(let reason)): return .silent(reason)
            case .silence(.untrusted(let reason)): throw failure(.untrusted(reason: reason), page: page)
            }
            switch RetryPlan.verdict(response.status) {
            case .take: return .answer(.body(response.headers, response.body))
            case .unchanged:
                guard validators != nil else { throw failure(.unaskedUnchanged, page: page) }
                return .answer(.unchanged)
            case .follow:
                address = try target(response.headers["location"], of: address, by: .redirect, page: page)
            case .again:
                let seconds = RetryPlan.retryAfter(response.headers["retry-after"], date: response.headers["date"])
                return .failed(status: response.status, retryAfter: seconds)
            case .notLetIn: throw failure(.notLetIn(status: response.status), page: page)
            case .refuse: throw failure(.refused(status: response.status), page: page)
            case .unexpected: throw failure(.unexpectedStatus(response.status), page: page)
            }
        }
        throw failure(.tooManyRedirects(HTTPLimits.redirects), page: page)
    }

    private func request(
        _ address: HTTPAddress, _ validators: HTTPValidators?, _ accepting: String
    ) -> HTTPCaller.Request {
        var headers = [
            (name: "accept", value: accepting), (name: "accept-encoding", value: "gzip"),
            (name: "user-agent", value: "meterbook"),
        ]
        if let credential = access.credential { headers.append((credential.name, credential.value)) }
        if let tag = validators?.entityTag { headers.append(("if-none-match", tag)) }
        if let date = validators?.lastModified { headers.append(("if-modified-since", date)) }
        return HTTPCaller.Request(url: address.text, headers: headers)
    }

    /// Where a reference in an answer leads: never to another origin, for which the secret is not meant.
    func target(
        _ reference: String?, of address: HTTPAddress, by kind: HTTPFailure.Reference, page: Int?
    ) throws(ConnectorError) -> HTTPAddress {
        guard let target = reference.flatMap({ address.resolving($0) }) else {
            throw failure(.unusableReference(kind), page: page)
        }
        guard target.origin == address.origin else { throw failure(.otherOrigin(kind), page: page) }
        return target
    }

    // MARK: - Before and between

    /// The first request looks at who is asked, and starts the time of the pull.
    private func prepare(_ address: HTTPAddress) throws(ConnectorError) -> HTTPCaller {
        if let caller { return caller }
        let isEncrypted = address.origin.isEncrypted
        if !isEncrypted || access.authorities != nil {
            guard access.isPrivate, HostPlace.of(address.origin.host) == .isPrivate else {
                throw failure(.publicHost(isEncrypted: isEncrypted))
            }
        }
        do {
            let made = try HTTPCaller(connect: limits.connect, read: limits.request, authorities: access.authorities)
            caller = made
            deadline = Deadline(limits.total)
            return made
        } catch {
            throw failure(.unusableAuthorities)
        }
    }

    /// Waits before every request but the source's first for as long as the rate asks.
    private func keepPace(_ page: Int?) throws(ConnectorError) {
        if let perSecond = limits.perSecond {
            let isWhole = access.pace.wait(perSecond: perSecond) { access.isStopped() || (deadline?.isOver ?? false) }
            if !isWhole { throw stopped(page) }
        }
        if access.isStopped() || deadline?.isOver ?? false { throw stopped(page) }
    }

    private func pause(_ time: Duration, _ page: Int?) throws(ConnectorError) {
        let isWhole = HTTPCaller.pause(time) { access.isStopped() || (deadline?.isOver ?? false) }
        if !isWhole { throw stopped(page) }
    }

    private func stopped(_ page: Int?) -> ConnectorError {
        access.isStopped()
            ? failure(.stopped, page: page) : failure(.outOfTime(seconds: limits.total.components.seconds), page: page)
    }

    /// Tells when so much time has passed.
    private final class Deadline: Sendable {
        private final class Flag: Sendable {
            let isUp = Mutex(false)
        }

        private let flag = Flag()
        private let task: Task<Void, Never>

        init(_ time: Duration) {
            let flag = flag
            task = Task.detached {
                try? await Task.sleep(for: time)
                flag.isUp.withLock { $0 = true }
            }
        }

        deinit { task.cancel() }

        var isOver: Bool { flag.isUp.withLock(\.self) }
    }
}

/// By what a server can tell whether an answer has changed since (RFC 9110 section 8.8), as it wrote them.
package struct HTTPValidators: Sendable, Hashable {
    package var entityTag: String?
    package var lastModified: String?

    /// Nil for neither.
    package init?(entityTag: String?, lastModified: String?) {
        guard entityTag != nil || lastModified != nil else { return nil }
        self.entityTag = entityTag
        self.lastModified = lastModified
    }
}
