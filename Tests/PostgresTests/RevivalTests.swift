import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

/// What a connection does that may come back: work again, and nothing twice.
@Suite("A session that was lost")
struct RevivalTests {
    private let connection: Connection
    private let other: Connection

    init() throws {
        connection = try Connection.toTestServer()
        other = try Connection.toTestServer()
        connection.revival = { try $0.reopen() }
    }

    @Test("Work is done again in a new session, which is made ready for it first")
    func again() throws {
        var sessions: [Int32] = []
        var prepared = 1
        try connection.execute("CREATE TEMPORARY TABLE own (a int)")
        let count = try connection.surviving(
            again: {
                prepared += 1
                try connection.execute("CREATE TEMPORARY TABLE own (a int)")
            },
            {
                sessions.append(connection.processID)
                try connection.execute("INSERT INTO own VALUES (1)")
                if sessions.count < 3 { try other.terminate(connection.processID) }
                return try connection.value("SELECT count(*) FROM own", as: Int64.self)
            })
        #expect(count == 1)
        #expect(prepared == 3 && Set(sessions).count == 3)
    }

    @Test("What a script makes for a session is made once in it, again after a rollback, and again in a new session")
    func madeOnce() throws {
        // Made twice in one session, it would fail.
        let script = "CREATE TEMPORARY TABLE landed (a int)"
        struct TakenBack: Error {}
        #expect(throws: TakenBack.self) {
            try connection.transaction {
                try connection.executeOnce(name: "make room", script)
                throw TakenBack()
            }
        }
        for _ in 0..<2 {
            for _ in 0..<2 { try connection.executeOnce(name: "make room", script) }
            #expect(try connection.value("SELECT count(*) FROM landed", as: Int64.self) == 0)
            try connection.reopen()
        }
    }

    @Test("A session that shall not have its statements compiled has none compiled, also when it was opened again")
    func compiling() throws {
        // What a server has that nobody has told otherwise.
        let conninfo = try TestServer.shared.conninfo() + " options='-c jit=on'"
        #expect(try Connection(conninfo: conninfo).value("SHOW jit", as: String.self) == "on")
        let books = try Connection(conninfo: conninfo, compiles: false)
        #expect(try books.value("SHOW jit", as: String.self) == "off")
        try books.reopen()
        #expect(try books.value("SHOW jit", as: String.self) == "off")
    }

    @Test("Work that always loses its connection is given up the fourth time, and what fails otherwise at once")
    func givenUp() throws {
        var tries = 0
        let error = postgresError {
            try connection.surviving {
                tries += 1
                _ = try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(error?.isConnectionLoss == true && tries == 4)
        try connection.reopen()
        tries = 0
        let wrong = postgresError {
            try connection.surviving {
                tries += 1
                _ = try connection.execute("SELECT 1 / 0")
            }
        }
        #expect(wrong?.isConnectionLoss == false && tries == 1)
    }

    @Test("A part of a transaction is not done again by itself, and one that may not come back stays lost")
    func wholeTransactions() throws {
        var tries = 0
        let inside = postgresError {
            try connection.transaction {
                try connection.surviving {
                    tries += 1
                    _ = try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
        }
        #expect(inside?.isConnectionLoss == true && tries == 1)
        try connection.reopen()
        connection.revival = nil
        let never = postgresError {
            try connection.surviving {
                tries += 1
                _ = try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(never?.isConnectionLoss == true && tries == 2 && connection.isBroken)
    }

    @Test("A server that does not come back is waited for once")
    func goneForGood() throws {
        var waits = 0
        connection.revival = { connection in
            waits += 1
            connection.close()
            try connection.execute("SELECT 1")
        }
        let error = postgresError {
            try connection.surviving {
                try connection.surviving {
                    _ = try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
        }
        #expect(error?.sqlState == .adminShutdown)
        #expect(waits == 1)
    }

    @Test(
        "A COMMIT whose answer is lost is asked after: what stands is not done again, and what does not is",
        arguments: [true, false])
    func lostAnswer(stands: Bool) throws {
        try other.execute("DROP TABLE IF EXISTS revival_\(raw: "\(stands)")")
        try other.execute("CREATE TABLE revival_\(raw: "\(stands)") (a int)")
        defer { _ = try? other.execute("DROP TABLE revival_\(raw: "\(stands)")") }
        let proxy = try CommitCutter(to: TestServer.shared.host, passesCommit: stands)
        defer { proxy.end() }
        let conninfo = try TestServer.shared.conninfo()
        let cut = try Connection(conninfo: "\(conninfo) host='\(proxy.host)'")
        cut.revival = { try $0.reopen() }
        var tries = 0
        let result = try cut.surviving {
            try cut.transaction {
                tries += 1
                try cut.execute("INSERT INTO revival_\(raw: "\(stands)") VALUES (1)")
                return "done in try \(tries)"
            }
        }
        #expect(proxy.hasCut)
        #expect(result == (stands ? "done in try 1" : "done in try 2"))
        #expect(try other.value("SELECT count(*) FROM revival_\(raw: "\(stands)")", as: Int64.self) == 1)
    }

    @Test(
        "What was in the session of a COMMIT whose answer is lost is made again, and the work done from its beginning")
    func lostRoom() throws {
        let proxy = try CommitCutter(to: TestServer.shared.host, passesCommit: true)
        defer { proxy.end() }
        let cut = try Connection(conninfo: "\(try TestServer.shared.conninfo()) host='\(proxy.host)'")
        cut.revival = { try $0.reopen() }
        var tries = 0
        let sum = try cut.surviving {
            tries += 1
            try cut.execute("CREATE TEMPORARY TABLE room (a int)")
            // It has to have written something to be asked after.
            try cut.transaction { _ = try cut.execute("INSERT INTO room VALUES (3)") }
            return try cut.value("SELECT sum(a) FROM room", as: Int64.self)
        }
        #expect(proxy.hasCut && tries == 2)
        #expect(sum == 3)
        var wrong = 0
        let error = postgresError {
            try cut.surviving {
                wrong += 1
                if wrong == 1 { try cut.reopen() }
                _ = try cut.execute("SELECT a FROM no_such_room")
            }
        }
        #expect(error?.sqlState == .undefinedTable && wrong == 2)
    }
}

/// Stands between a client and a server on Unix sockets, and cuts the first connection that says COMMIT: before the server
/// hears of it, or before the client hears that it was done.
private final class CommitCutter: Sendable {
    let host: String
    private let folder: TemporaryDirectory
    private let server: String
    private let passesCommit: Bool
    private let listener: Int32
    private let cut = Atomic<Bool>(false)

    var hasCut: Bool { cut.load(ordering: .acquiring) }

    init(to host: String, passesCommit: Bool) throws {
        folder = try TemporaryDirectory()
        self.host = folder.path
        self.passesCommit = passesCommit
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: host).first {
                $0.hasPrefix(".s.PGSQL") && !$0.hasSuffix(".lock")
            })
        server = "\(host)/\(name)"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = Self.withAddress("\(folder.path)/\(name)") { bind(listener, $0, $1) }
        try #require(bound == 0 && listen(listener, 8) == 0)
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                serve(client)
            }
        }
    }

    func end() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ client: Int32) {
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.withAddress(server, { connect(upstream, $0, $1) }) == 0 else { return }
        let both = ConnectionPair(client: client, server: upstream)
        Thread.detachNewThread { [self] in
            while let bytes = both.receive(client) {
                if String(decoding: bytes, as: UTF8.self).contains("COMMIT\0"),
                    !cut.exchange(true, ordering: .acquiringAndReleasing)
                {
                    guard passesCommit else { return both.close() }
                    both.isSilent.store(true, ordering: .releasing)
                }
                both.send(bytes, to: upstream)
            }
            both.close()
        }
        Thread.detachNewThread {
            while let bytes = both.receive(upstream) {
                // The server has answered: it is done, and nobody hears of it.
                if both.isSilent.load(ordering: .acquiring) { break }
                both.send(bytes, to: client)
            }
            both.close()
        }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            for (index, byte) in path.utf8.prefix(place.count - 1).enumerated() { place[index] = byte }
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Two sockets that end together.
private final class ConnectionPair: Sendable {
    let isSilent = Atomic<Bool>(false)
    private let sockets: [Int32]

    init(client: Int32, server: Int32) { sockets = [client, server] }

    func receive(_ socket: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    func send(_ bytes: [UInt8], to socket: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func close() { for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
}
