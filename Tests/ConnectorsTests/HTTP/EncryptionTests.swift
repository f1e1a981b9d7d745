import Connectors
import TestSupport
import Testing

/// Certificates are always checked: there is no way to switch that off, so a source either trusts its server or has no rows.
@Suite("HTTPS")
struct EncryptionTests {
    private static func pull(_ name: String, trusting isTrusted: Bool) async throws -> Served {
        let server = try EncryptedServer(name: name, body: array(record(1)))
        return try await serve(
            "https://localhost:\(server.port)/usage", authorities: isTrusted ? server.certificate : nil)
    }

    @Test("A private host may have an authority of its own, which the source names")
    func trusted() async throws {
        let served = try await Self.pull("localhost", trusting: true)
        #expect(served.failure == nil)
        #expect(served.rows == [ReadRow(1, "2022-06-01", "a", "1")])
    }

    @Test("A certificate that nobody known has signed is refused, also of a private host")
    func selfSigned() async throws {
        let served = try await Self.pull("localhost", trusting: false)
        #expect(
            served.failure?.problem
                == .untrusted(reason: "its certificate is not from an authority that is trusted"))
        #expect(served.rows.isEmpty)
    }

    @Test("A certificate of another name is refused, also from an authority that is trusted")
    func otherName() async throws {
        let served = try await Self.pull("elsewhere.example", trusting: true)
        #expect(served.failure?.problem == .untrusted(reason: "its certificate is of another name"))
        #expect(served.failure?.remedy == .retry)
        #expect(served.rows.isEmpty)
    }

    @Test("A server that does not speak TLS has no sound answer")
    func plain() async throws {
        let server = try ScriptedServer { _ in ScriptedServer.reply(array(record(1))) }
        let served = try await serve(
            server.url.replacing("http://", with: "https://"),
            limits: { limits in
                limits.connect = .milliseconds(300)
                limits.tries = 1
            })
        guard case .silent = served.failure?.problem else {
            Issue.record("\(String(describing: served.failure))")
            return
        }
        #expect(served.rows.isEmpty)
    }

    @Test("A file of authorities that holds none is said")
    func noAuthorities() async throws {
        for file in ["/dev/null", "/nowhere"] {
            let served = try await serve("https://localhost:1/", authorities: file)
            #expect(served.failure?.problem == .unusableAuthorities)
            #expect(served.failure?.remedy == .setUp)
        }
    }
}
