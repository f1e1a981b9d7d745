import Billing
import Connectors
import Synchronization
import TestSupport
import Testing

@Suite("The rate of requests")
struct PaceTests {
    @Test("The first request of a source begins at once, and every other one waits, whoever sends it")
    func shared() async throws {
        try await onOwnThread {
            let pace = HTTPPace()
            #expect(pace.wait(perSecond: 1) { true })
            // A pause that somebody ends has not been kept.
            #expect(!pace.wait(perSecond: 1) { true })
            #expect(pace.wait(perSecond: 1_000) { false })
            #expect(HTTPPace().wait(perSecond: 1) { true })
        }
    }

    @Test("Connectors that share a rate keep it together")
    func connectors() async throws {
        try await onOwnThread {
            let server = try ScriptedServer { _ in ScriptedServer.reply("[]") }
            let pace = HTTPPace()
            func connector(_ isStopped: @escaping @Sendable () -> Bool) throws -> HTTPConnector {
                var access = HTTPAccess(source: "shop", isPrivate: true, isStopped: isStopped)
                access.limits.perSecond = 1
                access.pace = pace
                let day = try #require(CivilDate("2022-01-01"))
                return HTTPConnector(
                    HTTPSource(address: "\(server.url)/", body: .json(records: []), pages: nil), days: (day, day),
                    columns: ColumnMap([ColumnMap.Field(name: "day", source: .column("day"))]), access: access)
            }
            var first = try connector { false }
            #expect(try first.nextPage() == nil)
            // Who still waits when it is asked for the second time is told to give up.
            let questions = Mutex(0)
            var second = try connector {
                questions.withLock { count in
                    count += 1
                    return count > 1
                }
            }
            #expect(throws: ConnectorError.self) { try second.nextPage() }
            #expect(server.requests.count == 1)
        }
    }
}
