import Connectors

/// Tells a service that watches over jobs when one begins and how it ended: `URL/start`, then `URL/0` or another exit code.
/// A job that hangs, or never starts, is missed there; none fails for it.
struct HealthPing: Sendable {
    /// May hold what nobody else should know, so it stands in no message.
    let url: String

    /// - Returns: why it did not arrive; nil where it did.
    func begin() -> String? { send("start") }

    /// - Returns: why it did not arrive; nil where it did.
    func end(_ status: ExitStatus) -> String? { send("\(status.rawValue)") }

    private func send(_ word: String) -> String? {
        guard let caller = try? HTTPCaller(connect: .seconds(5), read: .seconds(5)) else { return "no connection" }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let request = HTTPCaller.Request(
            url: "\(base)/\(word)", headers: [("user-agent", "meterbook")], body: [])
        switch caller.send(request, body: .drain, within: .seconds(10)) {
        case .response(let answer) where (200..<300).contains(answer.status): return nil
        case .response(let answer): return "HTTP \(answer.status)"
        case .tooLong: return "an answer without end"
        case .silence(.failed(let why)), .silence(.untrusted(let why)): return why
        case .silence(.tooSlow): return "no answer within 10 seconds"
        case .silence(.stopped): return "stopped"
        }
    }
}
