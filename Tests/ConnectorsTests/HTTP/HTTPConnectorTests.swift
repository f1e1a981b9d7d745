import Billing
import Connectors
import Foundation
import TestSupport
import Testing

@Suite("HTTP source")
struct HTTPConnectorTests {
    @Test("An answer's records are rows, asked for by the days of the pull and with the secret")
    func rows() async throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.reply(
                """
                {"data": {"items": [
                    {"day": "2022-06-01", "account": "a\\u00e9", "count": 12, "more": {"x": [1, {}]}},
                    {"count": "7",
                     "account": "b", "day": null}
                ]}, "count": 9}
                """)
        }
        let served = try await serve(
            server.url + "/usage?from={{from}}&to={{to}}&last={{last}}", body: .json(records: ["data", "items"]))
        #expect(served.failure == nil)
        #expect(served.rows == [ReadRow(1, "2022-06-01", "aé", "12"), ReadRow(2, nil, "b", "7")])
        #expect(served.origins == ["http:shop", "http:shop"])
        let request = try #require(server.requests.first)
        #expect(request.target == "/usage?from=2022-06-01&to=2022-06-11&last=2022-06-10")
        #expect(request.headers["authorization"] == "Bearer \(secretToken)")
        #expect(request.headers["accept"] == "application/json")
        #expect(server.requests.count == 1)
    }

    @Test("A broken record is a defect at its number, and those around it are rows")
    func defects() async throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.reply(
                """
                [{"day": "2022-06-01", "account": "a", "count": 1},
                 17,
                 {"day": "2022-06-02",
                  "account": {"id": 1}, "count": 1},
                 {"day": "a", "day": "b", "account": "a", "count": 1},
                 {"day": "2022-06-03", "account": "a", "count": 123456789012345678901234567890}]
                """)
        }
        let served = try await serve(server.url)
        #expect(
            served.rows == [
                ReadRow(1, "2022-06-01", "a", "1"), ReadRow(5, "2022-06-03", "a", "123456789012345678901234567890"),
            ])
        // The third record's line break is a space: its value starts behind 37 characters.
        #expect(
            served.defects.map { ReadDefect($0.line, $0.column, $0.reason) } == [
                ReadDefect(2, 1, .notAnObject), ReadDefect(3, 36, .nestedValue), ReadDefect(4, 14, .duplicateField),
            ])
    }

    @Test("Lines of objects are records, blank ones are none")
    func lines() async throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.reply("\(record(1))\r\n\n  \n\(record(2))\n{\n\(record(3))")
        }
        let served = try await serve(server.url, body: .ndjson)
        #expect(
            served.rows == [
                ReadRow(1, "2022-06-01", "a", "1"), ReadRow(2, "2022-06-02", "a", "1"),
                ReadRow(4, "2022-06-03", "a", "1"),
            ])
        #expect(served.defects.map(\.reason) == [.invalidJSON])
        #expect(served.defects.map(\.line) == [3])
    }

    // MARK: - Pages

    @Test("A cursor of the body asks for the next page, percent-encoded, until it is null")
    func cursor() async throws {
        let server = try ScriptedServer { request in
            switch request.parameters["after"] {
            case nil: ScriptedServer.reply(#"{"items": \#(array(record(1), record(2))), "next": "a&b=c/é"}"#)
            case "a&b=c/é": ScriptedServer.reply(#"{"items": [], "next": 17}"#)
            case "17": ScriptedServer.reply(#"{"items": \#(array(record(3))), "next": null}"#)
            default: ScriptedServer.reply("[]", status: "404 Not Found")
            }
        }
        let served = try await serve(
            server.url + "/?from={{from}}", body: .json(records: ["items"]),
            pages: .cursor(keys: ["next"], parameter: "after", canBeMissing: false))
        #expect(served.failure == nil)
        #expect(served.rows.map(\.line) == [1, 2, 1])
        #expect(served.origins == ["http:shop page 1", "http:shop page 1", "http:shop page 3"])
        #expect(
            server.requests.map(\.target) == [
                "/?from=2022-06-01", "/?from=2022-06-01&after=a%26b%3Dc%2F%C3%A9", "/?from=2022-06-01&after=17",
            ])
    }

    @Test("A cursor that is not there is the end only where it may be missing")
    func missingCursor() async throws {
        let server = try ScriptedServer { _ in ScriptedServer.reply(#"{"items": \#(array(record(1)))}"#) }
        for canBeMissing in [true, false] {
            let served = try await serve(
                server.url, body: .json(records: ["items"]),
                pages: .cursor(keys: ["meta", "next"], parameter: "after", canBeMissing: canBeMissing))
            #expect((served.failure == nil) == canBeMissing)
            #expect(served.rows.count == (canBeMissing ? 1 : 0))
        }
    }

    @Test("Pages are counted until one is empty, also where they shrink")
    func numbers() async throws {
        let server = try ScriptedServer { request in
            switch request.parameters["page"] {
            case "0": ScriptedServer.reply(array(record(1), record(2), record(3)))
            case "1": ScriptedServer.reply(array(record(4)))
            case "2": ScriptedServer.reply(array(record(5), record(6)))
            default: ScriptedServer.reply("[]")
            }
        }
        let served = try await serve(server.url + "/?page={{page}}", pages: .number(first: 0))
        #expect(served.failure == nil)
        #expect(served.rows.map { $0.fields[0] ?? "" } == (1...6).map { "2022-06-0\($0)" })
        #expect(server.requests.map(\.target) == ["/?page=0", "/?page=1", "/?page=2", "/?page=3"])
    }

    @Test("The Link with rel=next leads on, relative or absolute, and among others")
    func links() async throws {
        let server = try ScriptedServer { request in
            let json = "Content-Type: application/json"
            let host = request.headers["host"] ?? ""
            return switch request.target {
            case "/a":
                ScriptedServer.reply(
                    array(record(1)), headers: [json, #"Link: </a>; rel="prev", <b?p=1,2>; rel="NEXT""#])
            case "/b?p=1,2":
                ScriptedServer.reply(
                    array(record(2)),
                    headers: [json, "Link: </z>; title=\"a, <b>\"", "Link: <http://\(host)/c>; rel=next"])
            case "/c": ScriptedServer.reply(array(record(3)), headers: [json, #"Link: </a>; rel="first prev""#])
            default: ScriptedServer.reply("[]", status: "404 Not Found")
            }
        }
        let served = try await serve(server.url + "/a", pages: .link)
        #expect(served.failure == nil)
        #expect(served.rows.count == 3)
        #expect(server.requests.map(\.target) == ["/a", "/b?p=1,2", "/c"])
    }

    @Test("An address in the body leads on until it is null")
    func nextAddress() async throws {
        let server = try ScriptedServer { request in
            let host = request.headers["host"] ?? ""
            return request.target == "/a"
                ? ScriptedServer.reply(#"{"results": \#(array(record(1))), "links": {"next": "http:\/\/\#(host)\/b"}}"#)
                : ScriptedServer.reply(#"{"links": {"next": null}, "results": \#(array(record(2)))}"#)
        }
        let served = try await serve(
            server.url + "/a", body: .json(records: ["results"]),
            pages: .next(keys: ["links", "next"], canBeMissing: false))
        #expect(served.failure == nil)
        #expect(server.requests.map(\.target) == ["/a", "/b"])
        #expect(served.rows.count == 2)
    }

    @Test("A page that fails is asked for again by itself, and those before it are not")
    func resumed() async throws {
        let server = try ScriptedServer { request in
            switch (request.parameters["page"], request.number) {
            case ("1", _): ScriptedServer.reply(array(record(1)))
            case ("2", 2): ScriptedServer.reply("", status: "500 Oops")
            case ("2", 3): [.raw("HTTP/1.1 200 OK\nContent-Length: 500\n\n[{\"day\""), .reset]
            case ("2", _): ScriptedServer.reply(array(record(2)))
            default: ScriptedServer.reply("[]")
            }
        }
        let served = try await serve(server.url + "/?page={{page}}", pages: .number(first: 1))
        #expect(served.failure == nil)
        #expect(served.rows.count == 2)
        #expect(server.requests.map { $0.parameters["page"] ?? "" } == ["1", "2", "2", "2", "3"])
    }

    @Test("An answer of any size is handed out in pages of bounded size")
    func bounded() async throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.reply("[" + (0..<900).map { record($0 % 30 + 1) }.joined(separator: ",") + "]")
        }
        let served = try await serve(server.url, connector: ConnectorLimits(pageRows: 100))
        #expect(served.rows.map(\.line) == Array(1...900))
        #expect(served.largestPage == 100)
    }

    @Test("A gzipped answer is expanded, also one of two members; a mark of the byte order is stepped over")
    func compressed() async throws {
        let text = Array(array(record(1), record(2)).utf8)
        let sent = try gzipped(Array(text[..<20])) + gzipped(Array(text[20...]))
        let server = try ScriptedServer { request in
            guard request.headers["accept-encoding"] == "gzip" else { return [.close] }
            let json = "Content-Type: application/json; charset=\"UTF-8\""
            return request.target == "/gzip"
                ? ScriptedServer.reply(sent, headers: [json, "Content-Encoding: gzip"])
                : ScriptedServer.reply([0xEF, 0xBB, 0xBF] + text, headers: [json])
        }
        #expect(try await serve(server.url + "/gzip").rows.count == 2)
        #expect(try await serve(server.url + "/mark").rows.count == 2)
    }

    @Test("A rate is kept: the next request waits for its turn, and the time of the pull goes on")
    func rate() async throws {
        let server = try ScriptedServer { request in ScriptedServer.reply(array(record(request.number))) }
        let served = try await serve(
            server.url + "/?page={{page}}", pages: .number(first: 1),
            limits: { limits in
                limits.perSecond = 1
                limits.total = .milliseconds(400)
            })
        // A second before the second request is longer than the whole pull may take.
        #expect(served.failure?.problem == .outOfTime(seconds: 0))
        #expect(server.requests.count <= 1)
    }

    // MARK: - Secrets

    @Test(
        "A user and a password are sent as RFC 7617 has them, a header as it is named, and no secret at all where none is"
    )
    func credentials() async throws {
        let server = try ScriptedServer { _ in ScriptedServer.reply("[]") }
        _ = try await serve(server.url, credential: .basic(user: "Aladdin", password: "open sesame"))
        _ = try await serve(server.url, credential: .header(name: "X-Api-Key", value: "open sesame"))
        _ = try await serve(server.url, credential: nil)
        let sent = server.requests.map(\.headers)
        // The example of section 2 of the RFC.
        #expect(sent.map { $0["authorization"] } == ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", nil, nil])
        #expect(sent.map { $0["x-api-key"] } == [nil, "open sesame", nil])
    }

    @Test("A secret that would end its header is none, and one that is prints as nothing")
    func secrets() {
        for text in ["", "a\r\nX: 1", "a\nb", "é", "a\u{0}b", " a", "a ", String(repeating: "a", count: 9_000)] {
            #expect(HTTPCredential.bearer(text) == nil)
            #expect(HTTPCredential.header(name: "X-Api-Key", value: text) == nil)
        }
        #expect(HTTPCredential.basic(user: "a:b", password: "c") == nil)
        guard let secret = HTTPCredential.bearer(secretToken) else {
            Issue.record("no credential")
            return
        }
        var dumped = ""
        dump(secret, to: &dumped)
        dump(HTTPAccess(source: "shop", credential: secret), to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), dumped, "\(HTTPAccess(source: "shop", credential: secret))",
        ] {
            #expect(!text.contains(secretToken))
        }
    }

    // MARK: - Whether it has changed

    @Test("An answer is known again by its validators; unchanged, it has no rows")
    func unchanged() async throws {
        let server = try ScriptedServer { request in
            request.headers["if-none-match"] == "\"v1\""
                ? [.raw("HTTP/1.1 304 Not Modified\nETag: \"v1\"\n\n")]
                : ScriptedServer.reply(
                    array(record(1)),
                    headers: ["ETag: \"v1\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"])
        }
        let first = try await serve(server.url)
        #expect(first.rows.count == 1)
        #expect(!first.isUnchanged)
        let validators = try #require(first.validators)
        #expect(validators.entityTag == "\"v1\"")
        #expect(validators.lastModified == "Sun, 06 Nov 1994 08:49:37 GMT")
        let second = try await serve(server.url, known: validators)
        #expect(second.isUnchanged)
        #expect(second.rows.isEmpty)
        #expect(second.failure == nil)
        #expect(second.validators == validators)
        #expect(server.requests.last?.headers["if-modified-since"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        // Of several pages the first one says nothing of the others.
        let paged = try await serve(server.url, pages: .link, known: validators)
        #expect(paged.rows.count == 1)
        #expect(paged.validators == nil)
    }

    @Test("An answer with a validator that stood on another one before is taken as it is")
    func reusedTag() async throws {
        let server = try ScriptedServer { request in
            ScriptedServer.reply(array(record(request.number)), headers: ["ETag: \"same\""])
        }
        let first = try await serve(server.url)
        let second = try await serve(server.url, known: first.validators)
        #expect(!second.isUnchanged)
        #expect(second.rows == [ReadRow(1, "2022-06-02", "a", "1")])
    }

    @Test("Whoever wants the program to end does not wait for the server")
    func stopped() async throws {
        let server = try ScriptedServer { _ in [.wait] }
        // From the first request on; without a second one, only the waiting for its answer is left to be ended.
        let served = try await serve(
            server.url, isStopped: { !server.requests.isEmpty }, limits: { $0.tries = 1 })
        #expect(served.failure?.problem == .stopped)
        #expect(served.failure?.remedy == .stopped)
    }
}
