import Billing
import Connectors
import Foundation
import TestSupport
import Testing

/// A server that does everything wrong: each time one clear error, bounded time and memory, and not one row of an answer
/// that is not sound.
@Suite("Hostile server")
struct HostileServerTests {
    @Test(
        "What a server does wrong is one clear error",
        arguments: HostileCase.statuses + HostileCase.references + HostileCase.bodies + HostileCase.connections)
    func wrong(_ example: HostileCase) async throws {
        let (served, server) = try await pull(example)
        #expect(served.failure?.problem == example.problem)
        #expect(served.rows.count == example.rows)
        // On a busy machine the short time of a slow one may be over before a request has come.
        #expect(example.isSlow || server.requests.count == example.requests)
    }

    @Test("What is no sound HTTP is asked for again, and then an error", arguments: HostileCase.unsound)
    func unsound(_ example: HostileCase) async throws {
        let (served, server) = try await pull(example)
        guard case .silent(let reason, 3) = served.failure?.problem else {
            Issue.record("\(String(describing: served.failure))")
            return
        }
        #expect(!reason.isEmpty)
        #expect(served.rows.isEmpty)
        #expect(server.requests.count == example.requests)
    }

    private func pull(_ example: HostileCase) async throws -> (Served, ScriptedServer) {
        let server = try ScriptedServer(example.answer)
        var address = server.url + "/"
        if case .number = example.pages { address += "?page={{page}}" }
        let isSlow = example.isSlow
        let served = try await serve(
            address, body: example.body, pages: example.pages,
            limits: { limits in
                if isSlow { limits.request = .milliseconds(300) }
            })
        return (served, server)
    }

    @Test("Bytes that are no UTF-8 spoil their record alone")
    func invalidText() async throws {
        let bytes = Array(#"[{"day": "d", "account": ""#.utf8) + [0xE9] + Array("\", \"count\": 1}, \(record(2))]".utf8)
        let server = try ScriptedServer { _ in ScriptedServer.reply(bytes) }
        let served = try await serve(server.url)
        #expect(served.rows == [ReadRow(2, "2022-06-02", "a", "1")])
        #expect(served.defects.map(\.reason) == [.invalidUTF8])
    }

    @Test("The time of a whole pull has a bound, also where each request keeps to its own")
    func outOfTime() async throws {
        let server = try ScriptedServer { _ in status503 }
        let served = try await serve(
            server.url,
            limits: { limits in
                limits.total = .milliseconds(200)
                limits.tries = 1_000_000
            })
        #expect(served.failure?.problem == .outOfTime(seconds: 0))
        #expect(served.failure?.remedy == .retry)
    }

    @Test("Where nobody listens, the source is unavailable")
    func nobody() async throws {
        let served = try await serve("http://127.0.0.1:1/")
        guard case .silent(_, 3) = served.failure?.problem else {
            Issue.record("\(String(describing: served.failure))")
            return
        }
        #expect(served.failure?.remedy == .retry)
    }

    @Test("Plain HTTP is for private hosts only, and only where the source says so")
    func plain() async throws {
        // 192.0.2.1 is for documentation (RFC 5737): nobody is asked.
        #expect(try await serve("http://192.0.2.1/").failure?.problem == .publicHost(isEncrypted: false))
        let server = try ScriptedServer { _ in ScriptedServer.reply(array(record(1))) }
        let refused = try await serve(server.url, isPrivate: false)
        #expect(refused.failure?.problem == .publicHost(isEncrypted: false))
        #expect(refused.failure?.remedy == .setUp)
        #expect(server.requests.isEmpty)
        let own = try await serve("https://192.0.2.1/", authorities: "/dev/null")
        #expect(own.failure?.problem == .publicHost(isEncrypted: true))
    }
}

private let status503 = ScriptedServer.reply("{}", status: "503 Busy")
