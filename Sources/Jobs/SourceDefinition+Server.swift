import Billing
import Connectors
import Deployment

/// Sources that are servers: how they are spoken to, and with which secret.
extension SourceDefinition {
    /// - Parameters:
    ///   - pace: that of all who ask the source at the same time.
    ///   - isStopped: whether somebody wants the program to end.
    ///   - retrying: told of a request that failed and is about to be tried again.
    func access(
        _ access: Access, in folder: DeploymentFolder, secrets: Secrets, pace: HTTPPace,
        isStopped: @escaping @Sendable () -> Bool, retrying: @escaping @Sendable (HTTPRetry) -> Void
    ) throws(JobError) -> HTTPAccess {
        var answer = HTTPAccess(
            source: name,
            credential: try access.auth.map { auth throws(JobError) in
                try credential(auth, folder, secrets)
            },
            isPrivate: access.isPrivate, authorities: access.authorities.map { folder.absolute($0) },
            limits: access.limits.mapped, isStopped: isStopped)
        answer.pace = pace
        answer.retrying = retrying
        return answer
    }

    private func credential(
        _ auth: Auth, _ folder: DeploymentFolder, _ secrets: Secrets
    ) throws(JobError) -> HTTPCredential {
        let found =
            switch auth {
            case .bearer(let token): HTTPCredential.bearer(try text(token, in: folder, secrets))
            case .basic(let user, let password):
                HTTPCredential.basic(user: user, password: try text(password, in: folder, secrets))
            case .header(let name, let value):
                HTTPCredential.header(name: name, value: try text(value, in: folder, secrets))
            }
        guard let found else { throw .unusableSecret(source: name) }
        return found
    }
}

extension SourceDefinition.HTTPOrigin {
    var source: HTTPSource {
        let pages: HTTPSource.Pages? =
            switch pages {
            case .cursor(let path, let parameter, let canBeMissing):
                .cursor(keys: path, parameter: parameter, canBeMissing: canBeMissing)
            case .number(let first): .number(first: first)
            case .next(let path, let canBeMissing): .next(keys: path, canBeMissing: canBeMissing)
            case .link: .link
            case nil: nil
            }
        return HTTPSource(
            address: address, body: body == .ndjson ? .ndjson : .json(records: records), pages: pages)
    }
}

extension SourceDefinition.PrometheusOrigin {
    /// The counter on these days and the one before, each with its instants.
    func counter(
        _ days: (from: CivilDate, to: CivilDate), _ midnights: ([CivilDate], String) throws -> [Int64]
    ) throws -> PrometheusCounter {
        var day = days.from.adding(days: -1) ?? days.from
        var list = [day]
        while day < days.to, let next = day.adding(days: 1) {
            list.append(next)
            day = next
        }
        let starts = try midnights(list, timeZone).map { $0 / 1_000_000 }
        let counted = zip(list, zip(starts, starts.dropFirst())).map { day, instants in
            PrometheusCounter.Day(day: day, start: instants.0, end: instants.1)
        }
        return PrometheusCounter(address: address, query: query, step: step, fromZero: fromZero, days: counted)
    }
}

extension SourceDefinition.Limits {
    fileprivate var mapped: HTTPLimits {
        var limits = HTTPLimits()
        if let tries { limits.tries = Int(tries) }
        if let seconds { limits.total = .seconds(seconds) }
        if let requestSeconds { limits.request = .seconds(requestSeconds) }
        if let connectSeconds { limits.connect = .seconds(connectSeconds) }
        if let pauseSeconds { limits.pause = .seconds(pauseSeconds) }
        if let megabytes { limits.bodyBytes = Int(megabytes) << 20 }
        if let records { limits.records = Int(records) }
        if let pages { limits.pages = Int(pages) }
        if let perSecond { limits.perSecond = Int(perSecond) }
        return limits
    }
}
