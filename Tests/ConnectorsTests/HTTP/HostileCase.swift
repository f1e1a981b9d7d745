import Connectors
import Foundation
import TestSupport
import Testing

/// One kind of misbehaviour, and what it comes to.
struct HostileCase: CustomTestStringConvertible, Sendable {
    typealias Problem = HTTPFailure.Problem

    let name: String
    let answer: @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]
    let problem: Problem?
    /// How many requests it takes to see it.
    var requests = 1
    var body = HTTPSource.Body.json(records: [])
    var pages: HTTPSource.Pages?
    var rows = 0

    var testDescription: String { name }

    /// Whether the time of a request ends it.
    var isSlow: Bool { problem == .silent(reason: "too slow", tries: 3) }

    init(
        _ name: String, _ problem: Problem?, requests: Int = 1, body: HTTPSource.Body = .json(records: []),
        pages: HTTPSource.Pages? = nil, rows: Int = 0,
        _ answer: @escaping @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]
    ) {
        self.name = name
        self.answer = answer
        self.problem = problem
        self.requests = requests
        self.body = body
        self.pages = pages
        self.rows = rows
    }
}

extension HostileCase {
    private static let json = "Content-Type: application/json"
    private static let sound = array(record(1))

    private static func status(_ line: String, _ headers: String...) -> [ScriptedServer.Step] {
        ScriptedServer.reply("{\"error\": \"\(secretToken)\"}", status: line, headers: headers + [json])
    }

    // MARK: - Statuses

    static let statuses: [HostileCase] = [
        HostileCase("401", .notLetIn(status: 401)) { _ in status("401 Unauthorized") },
        HostileCase("403 that echoes the secret", .notLetIn(status: 403)) { _ in status("403 \(secretToken)") },
        HostileCase("404", .refused(status: 404)) { _ in status("404 Not Found") },
        HostileCase("400", .refused(status: 400)) { _ in status("400 Bad Request") },
        HostileCase("410", .refused(status: 410)) { _ in status("410 Gone") },
        HostileCase("204", .unexpectedStatus(204)) { _ in [.raw("HTTP/1.1 204 No Content\n\n")] },
        HostileCase("206", .unexpectedStatus(206)) { _ in status("206 Partial Content") },
        HostileCase("304 that nobody asked for", .unaskedUnchanged) { _ in [.raw("HTTP/1.1 304 Not Modified\n\n")] },
        HostileCase("500, then fine", nil, requests: 2, rows: 1) { request in
            request.number == 1 ? status("500 Oops") : ScriptedServer.reply(sound)
        },
        HostileCase("503 for ever", .failing(status: 503, tries: 3), requests: 3) { _ in status("503 Busy") },
        HostileCase("429 for ever", .failing(status: 429, tries: 3), requests: 3) { _ in
            status("429 Slow down", "Retry-After: 0")
        },
        HostileCase("429 with a pause in seconds, then fine", nil, requests: 2, rows: 1) { request in
            request.number == 1 ? status("429 Slow down", "Retry-After: 1") : ScriptedServer.reply(sound)
        },
        HostileCase("429 with a date one second off, then fine", nil, requests: 2, rows: 1) { request in
            request.number == 1
                ? status(
                    "429 Slow down", "Date: Sun, 06 Nov 1994 08:49:36 GMT", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"
                )
                : ScriptedServer.reply(sound)
        },
        HostileCase("429 with a pause of a day", .longPause(seconds: 86_400, limit: 300)) { _ in
            status("429 Slow down", "Retry-After: 86400")
        },
        HostileCase("503 with a pause beyond any number", .longPause(seconds: .max, limit: 300)) { _ in
            status("503 Busy", "Retry-After: 99999999999999999999999")
        },
        HostileCase("429 with a pause that is no number, then fine", nil, requests: 2, rows: 1) { request in
            request.number == 1 ? status("429 Slow down", "Retry-After: soon") : ScriptedServer.reply(sound)
        },
        HostileCase("A status that no standard has", .unexpectedStatus(299)) { _ in status("299 Whatever") },
    ]

    // MARK: - Redirects and links

    static let references: [HostileCase] = [
        HostileCase("A redirect to the same origin", nil, requests: 2, rows: 1) { request in
            request.target == "/there" ? ScriptedServer.reply(sound) : status("307 There", "Location: /there")
        },
        HostileCase("A redirect to another host", .otherOrigin(.redirect)) { _ in
            status("302 There", "Location: http://localhost.example/")
        },
        HostileCase("A redirect to another port", .otherOrigin(.redirect)) { _ in
            status("302 There", "Location: http://127.0.0.1:1/")
        },
        HostileCase("A redirect to another scheme", .otherOrigin(.redirect)) { request in
            status("301 There", "Location: https://\(request.headers["host"] ?? "")/")
        },
        HostileCase("A redirect to a file", .unusableReference(.redirect)) { _ in
            status("302 There", "Location: file:///etc/passwd")
        },
        HostileCase("A redirect with a user", .unusableReference(.redirect)) { request in
            status("302 There", "Location: http://a:b@\(request.headers["host"] ?? "")/")
        },
        HostileCase("A redirect to nowhere", .unusableReference(.redirect)) { _ in status("302 There") },
        HostileCase("A redirect to itself", .tooManyRedirects(5), requests: 6) { _ in status("308 Here", "Location: /")
        },
        HostileCase("A Link to another origin", .otherOrigin(.link), pages: .link) { _ in
            ScriptedServer.reply(sound, headers: [json, "Link: <https://elsewhere.example/>; rel=next"])
        },
        HostileCase(
            "An address in the body of another origin", .otherOrigin(.body), body: .json(records: ["r"]),
            pages: .next(keys: ["next"], canBeMissing: false)
        ) { _ in ScriptedServer.reply(#"{"r": \#(sound), "next": "//elsewhere.example/"}"#) },
        HostileCase(
            "A cursor that comes again", .samePage(as: 2), requests: 2, body: .json(records: ["r"]),
            pages: .cursor(keys: ["c"], parameter: "c", canBeMissing: false), rows: 2
        ) { request in
            ScriptedServer.reply(#"{"r": \#(array(record(request.number))), "c": "same"}"#)
        },
        HostileCase("Links in a circle", .samePage(as: 2), requests: 3, pages: .link, rows: 3) { request in
            // Behind the first comes /2, then /3, and then /2 again, which nobody asks for any more.
            let next = request.target == "/2" ? "/3" : "/2"
            return ScriptedServer.reply(array(record(request.number)), headers: [json, "Link: <\(next)>; rel=next"])
        },
        HostileCase(
            "The same page whatever is asked for", .samePage(as: 1), requests: 2, pages: .number(first: 1), rows: 1
        ) { _ in
            ScriptedServer.reply(sound)
        },
        HostileCase("Pages without end", .tooManyPages(20), requests: 20, pages: .number(first: 1), rows: 20) {
            request in
            ScriptedServer.reply(array(record(1, "a", request.number)))
        },
        HostileCase(
            "Empty pages without end", .tooManyPages(20), requests: 20, body: .json(records: ["r"]),
            pages: .cursor(keys: ["c"], parameter: "c", canBeMissing: false)
        ) { request in ScriptedServer.reply(#"{"r": [], "c": \#(request.number)}"#) },
        HostileCase(
            "A cursor that is an object",
            .otherShape(
                keys: ["c"], found: "an object", expected: "a text or a number, or null at the end"),
            body: .json(records: ["r"]), pages: .cursor(keys: ["c"], parameter: "c", canBeMissing: true)
        ) { _ in ScriptedServer.reply(#"{"r": [], "c": {"next": 1}}"#) },
        HostileCase(
            "An endless cursor", .unusableReference(.body), body: .json(records: ["r"]),
            pages: .cursor(keys: ["c"], parameter: "c", canBeMissing: true)
        ) { _ in ScriptedServer.reply(#"{"r": [], "c": "\#(String(repeating: "c", count: 9_000))"}"#) },
        HostileCase("A header that a secret is answered in", .otherOrigin(.redirect)) { _ in
            status("302 There", "Location: http://\(secretToken).example/")
        },
    ]

    // MARK: - Bodies

    private static func wrong(_ found: String, at keys: String...) -> Problem {
        .otherShape(keys: keys, found: found, expected: "an array of records")
    }

    private static func broken(_ column: Int, _ found: String, _ expected: String, line: Int = 1) -> Problem {
        .invalidJSON(line: line, column: column, found: found, expected: expected)
    }

    static let bodies: [HostileCase] = [
        HostileCase("Nothing", .empty) { _ in ScriptedServer.reply("") },
        HostileCase("White space", .empty) { _ in ScriptedServer.reply(" \n ") },
        HostileCase("null", wrong("null")) { _ in ScriptedServer.reply("null") },
        HostileCase("A number", wrong("a number")) { _ in ScriptedServer.reply("17") },
        HostileCase("A string", wrong("a string")) { _ in ScriptedServer.reply("\"[]\"") },
        HostileCase("An object in place of the array", wrong("an object")) { _ in
            ScriptedServer.reply(#"{"items": []}"#)
        },
        HostileCase(
            "The records missing", wrong("nothing", at: "data", "items"), body: .json(records: ["data", "items"])
        ) { _ in
            ScriptedServer.reply(#"{"data": {"records": []}}"#)
        },
        HostileCase("The records null", wrong("null", at: "items"), body: .json(records: ["items"])) { _ in
            ScriptedServer.reply(#"{"items": null}"#)
        },
        HostileCase(
            "The way to the records an array", wrong("nothing", at: "a", "b"), body: .json(records: ["a", "b"])
        ) { _ in
            ScriptedServer.reply(#"{"a": [{"b": []}]}"#)
        },
        // {"r": [], "r" is 13 characters, and the key's quote stands at the 11th.
        HostileCase(
            "The records twice", broken(11, "a key a second time", "each key once"), body: .json(records: ["r"])
        ) { _ in
            ScriptedServer.reply(#"{"r": [], "r": []}"#)
        },
        HostileCase("An HTML page", .page) { _ in
            ScriptedServer.reply("<!DOCTYPE html>", headers: ["Content-Type: text/html"])
        },
        HostileCase("An HTML page that says to be JSON", .page) { _ in ScriptedServer.reply("\n<html>") },
        HostileCase("JSON that ends early", broken(6, "the end of the answer", "a key in quotes, or '}'")) { _ in
            ScriptedServer.reply("[1, {")
        },
        HostileCase("Something behind the JSON", broken(4, "'x'", "the end of the answer")) { _ in
            ScriptedServer.reply("[] x")
        },
        HostileCase("Two arrays", broken(1, "'['", "the end of the answer", line: 2)) { _ in
            ScriptedServer.reply("[]\n[]")
        },
        // 64 levels may be; the 65th opening bracket is one too many.
        HostileCase(
            "A hundred thousand levels",
            broken(65, "one level of nesting too many", "fewer levels of objects and arrays")
        ) { _ in ScriptedServer.reply(String(repeating: "[", count: 60_000)) },
        HostileCase(
            "A hundred thousand levels of objects",
            broken(321, "one level of nesting too many", "fewer levels of objects and arrays"),
            body: .json(records: (0..<16).map { _ in "a" })
        ) { _ in ScriptedServer.reply(String(repeating: #"{"a":"#, count: 10_000)) },
        HostileCase("NaN", broken(2, "'N'", "a JSON value")) { _ in ScriptedServer.reply("[NaN]") },
        HostileCase("UTF-16", .notText(looksLike: "UTF-16 text")) { _ in
            ScriptedServer.reply([0xFF, 0xFE, 0x5B, 0, 0x5D, 0])
        },
        HostileCase("Another charset", .otherCharacters) { _ in
            ScriptedServer.reply(sound, headers: ["Content-Type: application/json; charset=ISO-8859-1"])
        },
        HostileCase("gzip that is not said to be it", .notText(looksLike: "gzip data that is not said to be it")) { _ in
            ScriptedServer.reply([0x1F, 0x8B, 8, 0])
        },
        HostileCase("Another encoding", .otherEncoding) { _ in
            ScriptedServer.reply(sound, headers: [json, "Content-Encoding: br"])
        },
        HostileCase("Encoded twice", .otherEncoding) { _ in
            ScriptedServer.reply(sound, headers: [json, "Content-Encoding: gzip, gzip"])
        },
        HostileCase("No gzip at all", .brokenCompression) { _ in
            ScriptedServer.reply(sound, headers: [json, "Content-Encoding: gzip"])
        },
        HostileCase("gzip that ends early", .brokenCompression) { _ in
            let whole = (try? gzipped(Array(sound.utf8))) ?? []
            return ScriptedServer.reply(Array(whole.dropLast(4)), headers: [json, "Content-Encoding: gzip"])
        },
        HostileCase("gzip with a broken sum", .brokenCompression) { _ in
            var whole = (try? gzipped(Array(sound.utf8))) ?? []
            if whole.count > 8 { whole[whole.count - 8] ^= 1 }
            return ScriptedServer.reply(whole, headers: [json, "Content-Encoding: gzip"])
        },
        HostileCase("A gzip bomb", .tooLong(limit: 64 << 10)) { _ in
            let bomb = (try? gzipped([UInt8](repeating: 0x20, count: 20 << 20))) ?? []
            return ScriptedServer.reply(bomb, headers: [json, "Content-Encoding: gzip"])
        },
        HostileCase("A long answer", .tooLong(limit: 64 << 10)) { _ in
            ScriptedServer.reply("[" + String(repeating: " ", count: 70_000) + "]")
        },
        HostileCase("More records than allowed", .tooManyRecords(1_000)) { _ in
            ScriptedServer.reply("[" + (0...1_000).map { _ in "{}" }.joined(separator: ",") + "]")
        },
        HostileCase("The secret in a sound body", .secretRepeated) { _ in
            ScriptedServer.reply(array(record(1, secretToken)))
        },
        HostileCase("Lines whose end cannot be known", .endUnknown, body: .ndjson) { _ in
            [.raw("HTTP/1.1 200 OK\nConnection: close\n\n"), .send(Array("\(record(1))\n".utf8)), .close]
        },
    ]

    // MARK: - Connections

    private static func silent(_ reason: String) -> Problem { .silent(reason: reason, tries: 3) }

    static let connections: [HostileCase] = [
        HostileCase("A slow drip", silent("too slow"), requests: 3) { _ in
            [
                .raw("HTTP/1.1 200 OK\nContent-Length: 60000\n\n"),
                .drip([UInt8](repeating: 0x20, count: 60_000), milliseconds: 20),
            ]
        },
        HostileCase("A head that drips", silent("too slow"), requests: 3) { _ in
            [.drip(Array("HTTP/1.1 200 OK\r\nX-Slow: \(String(repeating: "x", count: 9_000))".utf8), milliseconds: 20)]
        },
        HostileCase("No answer", silent("too slow"), requests: 3) { _ in [.wait] },
        HostileCase("A head without a body", silent("too slow"), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nContent-Length: 10\n\n"), .wait]
        },
        HostileCase("An endless body", .tooLong(limit: 64 << 10)) { _ in
            [
                .raw("HTTP/1.1 200 OK\nContent-Length: 1000000000000\n\n"),
                .endless([UInt8](repeating: 0x20, count: 8_192)),
            ]
        },
        HostileCase("Endless chunks", .tooLong(limit: 64 << 10)) { _ in
            [.raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"), .endless(Array("5\r\n     \r\n".utf8))]
        },
        HostileCase("A body to the connection's end is read", nil, rows: 1) { _ in
            [.raw("HTTP/1.1 200 OK\nConnection: close\n\n"), .send(Array(sound.utf8)), .close]
        },
        HostileCase(
            "A body to the connection's end that comes early", broken(12, "the end of the answer", "',' or ']'")
        ) { _ in [.raw("HTTP/1.1 200 OK\nConnection: close\n\n"), .send(Array("[{\"day\": 1}".utf8)), .close] },
    ]

    /// Whose reason is the library's wording: only that there is one is ours.
    static let unsound: [HostileCase] = [
        HostileCase("A reset in mid-body", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nContent-Length: 500\n\n[{"), .reset]
        },
        HostileCase("An end before the promised length", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nContent-Length: 500\n\n"), .send(Array(sound.utf8)), .close]
        },
        HostileCase("An end between chunks", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n[]\n"), .close]
        },
        HostileCase("Garbage in place of chunks", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n[]\n"), .close]
        },
        HostileCase("A length that is no number", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nContent-Length: many\n\n[]"), .close]
        },
        HostileCase("Two lengths", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\n[] "), .close]
        },
        HostileCase("A header bomb", silent(""), requests: 3) { _ in
            [.raw("HTTP/1.1 200 OK\n"), .endless(Array("X-Bomb: \(String(repeating: "x", count: 1_000))\r\n".utf8))]
        },
        HostileCase("No HTTP", silent(""), requests: 3) { _ in [.raw("220 mail.example ESMTP\n"), .close] },
        HostileCase("Closed at once", silent(""), requests: 3) { _ in [.close] },
    ]
}
