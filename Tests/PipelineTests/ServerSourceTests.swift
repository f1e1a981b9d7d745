import Foundation
import TestSupport
import Testing

/// Counts that a vendor's interface answers with.
@Suite("An HTTP source")
struct ServerSourceTests {
    private static let token = "s3same-0pen-s3same"

    /// The deployment's own files, and a source of readings that is a server.
    private static func deploy(_ books: Books, _ server: ScriptedServer, _ more: String = "") throws {
        try books.deploy(Subscriber("northwind", anchor: "2022-05-01"))
        try books.folder.write("\(token)\n", to: "secrets/usage")
        try books.folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              shop:
                feeds: readings
                http: "\(server.url)/usage?from={{from}}&to={{to}}&page={{page}}"
                private: yes
                records: items
                pages: {number: 1}
                auth: {bearer: {file: secrets/usage}}
                limits: {tries: 1, request_seconds: 20, pause_seconds: 2}
                columns: {account: shop, channel: {value: web}, meter: {value: orders}, quantity: orders}
            """ + more, to: "sources.yaml")
    }

    private static func items(_ days: [Int], _ count: Int = 2) -> String {
        let records = days.map { day in
            "{\"shop\": \"northwind-store\", \"day\": \"2022-06-\(day < 10 ? "0" : "")\(day)\", \"orders\": \(count)}"
        }
        return "{\"items\": [\(records.joined(separator: ",\n  "))]}"
    }

    private static func pull(_ books: Books, _ words: String...) throws -> Program.Outcome {
        try Program.meterbook.run(
            [
                "pull", "--as-of", "2022-06-30", "--deployment", books.folder.path, "--database",
                books.conninfo(for: ["pull"]),
            ]
                + words)
    }

    @Test("Pages of JSON become readings, a second pull restates what has changed, and both are billed")
    func pages() async throws {
        let server = try ScriptedServer { request in
            guard request.headers["authorization"] == "Bearer \(Self.token)" else {
                return ScriptedServer.reply("{}", status: "401 No")
            }
            return switch request.parameters["page"] {
            case "1": ScriptedServer.reply(Self.items(Array(1...5), request.number > 3 ? 3 : 2))
            case "2": ScriptedServer.reply(Self.items(Array(6...10)))
            default: ScriptedServer.reply(Self.items([]))
            }
        }
        try await withBooks { books in
            try Self.deploy(books, server)
            let first = try Self.pull(books, "--json", "--from", "2022-06-01", "--to", "2022-07-01")
            #expect(first.code == 0, "\(first.errors)")
            let counts = try #require(try JSON(first.output).list("pulls").last)
            #expect(try counts.number("read") == 10)
            #expect(try counts.number("new") == 10)
            #expect(
                server.requests.map(\.target) == (1...3).map { "/usage?from=2022-06-01&to=2022-07-01&page=\($0)" })
            // From 45 days before the end of the last one, until the as-of date.
            let second = try Self.pull(books, "--json", "--source", "shop")
            #expect(try JSON(second.output).list("pulls").last?.number("changed") == 5)
            #expect(server.requests.last?.target == "/usage?from=2022-05-17&to=2022-07-01&page=3")
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "25")
            try books.run("close", "--as-of", "2022-07-01")
            #expect(try books.agree())
        }
    }

    @Test("A row that cannot be taken in is kept with its page and record")
    func rejected() async throws {
        let server = try ScriptedServer { request in
            switch request.parameters["page"] {
            case "1": ScriptedServer.reply(Self.items([1]))
            case "2":
                ScriptedServer.reply(
                    #"{"items": [{"shop": "northwind-store", "day": "2022-06-02", "orders": 2}, {"shop": "nobody", "day": "2022-06-03", "orders": 1.5}]}"#
                )
            default: ScriptedServer.reply(Self.items([]))
            }
        }
        try await withBooks { books in
            try Self.deploy(books, server)
            #expect(try Self.pull(books).code == 65)
            let rejection = try #require(try JSON(books.run("reject", "list", "--json")).list("rejections").first)
            #expect(try rejection.text("origin") == "http:shop page 2")
            #expect(try rejection.number("line") == 2)
            #expect(try rejection.text("reason") == "fractional_quantity")
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "2")
        }
    }

    /// How a second page goes wrong behind a sound first one, and with which code the program ends.
    struct Failure: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: Int32
        var words: String
        var answer: @Sendable () -> [ScriptedServer.Step]

        init(_ name: String, _ code: Int32, _ words: String, _ answer: @escaping @Sendable () -> [ScriptedServer.Step])
        {
            (testDescription, self.code, self.words, self.answer) = (name, code, words, answer)
        }
    }

    static let failures: [Failure] = [
        Failure("500", 69, "page 2: HTTP 500 to the last of 1 request") {
            ScriptedServer.reply(token, status: "500 \(token)")
        },
        Failure("A pause that is too long", 69, "a pause of 3600 s") {
            ScriptedServer.reply("", status: "429 No", headers: ["Retry-After: 3600"])
        },
        Failure("403", 78, "page 2: HTTP 403") { ScriptedServer.reply(token, status: "403 No") },
        Failure("404", 78, "page 2: HTTP 404") { ScriptedServer.reply(token, status: "404 No") },
        Failure("Another host", 78, "a redirect leads to another scheme, host or port") {
            ScriptedServer.reply("", status: "302 There", headers: ["Location: http://\(token).example/"])
        },
        Failure("JSON that ends early", 65, "line 1, column 12: found the end of the answer") {
            ScriptedServer.reply(#"{"items": ["#)
        },
        Failure("HTML", 65, "an HTML page") { ScriptedServer.reply("<html></html>") },
        Failure("The secret", 65, "repeats the secret") {
            ScriptedServer.reply(#"{"items": [], "token": "\#(token)"}"#)
        },
        Failure("The same page", 65, "the same as page 1") { ScriptedServer.reply(items([1, 2])) },
        Failure("A reset", 69, "no sound answer") { [.raw("HTTP/1.1 200 OK\nContent-Length: 99\n\n{"), .reset] },
    ]

    @Test("A page that fails stores nothing of the pages before it, and the secret is nowhere", arguments: failures)
    func nothingHalfStored(_ failure: Failure) async throws {
        let server = try ScriptedServer { request in
            request.parameters["page"] == "1" ? ScriptedServer.reply(Self.items([1, 2])) : failure.answer()
        }
        try await withBooks { books in
            try Self.deploy(books, server)
            let outcome = try Self.pull(books)
            #expect(outcome.code == failure.code)
            #expect(outcome.errors.contains("http:shop"), "\(outcome.errors)")
            #expect(outcome.errors.contains(failure.words), "\(outcome.errors)")
            #expect(!(outcome.errors + outcome.output).contains(Self.token))
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "0")
            #expect(try books.sql("SELECT count(*) FROM meterbook.rejected_row") == "0")
            #expect(try books.sql("SELECT status FROM meterbook.pull ORDER BY pull_id DESC LIMIT 1") == "failed")
            let journal = try books.sql(
                "SELECT r::text, s::text FROM meterbook.run r LEFT JOIN meterbook.run_step s USING (run_id)")
            #expect(!journal.contains(Self.token))
            // The next night begins anew.
            #expect(try books.sql("SELECT status FROM meterbook.run ORDER BY run_id DESC LIMIT 1") == "failed")
        }
    }

    @Test("A signal ends the waiting for a server, and the next pull goes on from there")
    func signalled() async throws {
        let server = try ScriptedServer { request in
            request.number == 1
                ? [.wait] : ScriptedServer.reply(Self.items(request.parameters["page"] == "1" ? [1] : []))
        }
        try await withBooks { books in
            try Self.deploy(books, server)
            let running = try Program.meterbook.start(
                [
                    "pull", "--as-of", "2022-06-30", "--deployment", books.folder.path, "--database",
                    books.conninfo(for: ["pull"]),
                ])
            #expect(running.waitUntil { !server.requests.isEmpty })
            running.kill(SIGTERM)
            #expect(running.wait().code == 75)
            #expect(try Self.pull(books).code == 0)
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "1")
        }
    }

    @Test("A secret that is not there, or that cannot be sent, is the deployment's mistake")
    func secrets() async throws {
        let server = try ScriptedServer { _ in ScriptedServer.reply(Self.items([])) }
        try await withBooks { books in
            try Self.deploy(books, server)
            for (text, words) in [
                ("", "is empty"), ("s3same\nSet: 1", "not of visible ASCII"), (nil, "cannot be read"),
            ] {
                if let text {
                    try books.folder.write(text, to: "secrets/usage")
                } else {
                    try FileManager.default.removeItem(atPath: books.folder.path + "/secrets/usage")
                }
                let outcome = try Self.pull(books)
                #expect(outcome.code == 78)
                #expect(outcome.errors.contains(words), "\(outcome.errors)")
                #expect(!outcome.errors.contains("s3same"))
            }
            #expect(server.requests.isEmpty)
        }
    }

    // MARK: - Unchanged answers

    private static func customers(_ books: Books, _ server: ScriptedServer) throws {
        try books.deploy(Subscriber("northwind", anchor: "2022-05-01"))
        try books.folder.write(
            "sources:\n  people: {feeds: customers, http: \"\(server.url)/people\", private: yes}\n", to: "sources.yaml"
        )
    }

    @Test("What has not changed is not read again, and the pull says so; after anything else it is")
    func unchanged() async throws {
        let server = try ScriptedServer { request in
            request.headers["if-none-match"] == "\"v1\""
                ? [.raw("HTTP/1.1 304 Not Modified\nETag: \"v1\"\n\n")]
                : ScriptedServer.reply(#"[{"customer": "harbor", "name": "Harbor"}]"#, headers: ["ETag: \"v1\""])
        }
        try await withBooks { books in
            try Self.customers(books, server)
            #expect(try Self.pull(books).code == 0)
            for _ in 0..<2 {
                let again = try Self.pull(books, "--json")
                let counts = try #require(try JSON(again.output).list("pulls").first)
                #expect(try counts.flag("not_modified"))
                #expect(try counts.number("read") == 0)
            }
            let text = try Self.pull(books)
            #expect(text.output.contains("people has not changed since the pull before: nothing was read."))
            #expect(server.requests.map { $0.headers["if-none-match"] } == [nil, "\"v1\"", "\"v1\"", "\"v1\""])
            // Other columns give the same answer another meaning.
            let sources = "sources:\n  people: {feeds: customers, http: \"\(server.url)/people\", private: yes"
            try books.folder.write(sources + ", columns: {name: customer}}\n", to: "sources.yaml")
            #expect(try JSON(Self.pull(books, "--json").output).list("pulls").first?.number("changed") == 1)
            #expect(server.requests.last?.headers["if-none-match"] == nil)
            // A dry run keeps nothing, so it does not count as the pull before.
            #expect(try Self.pull(books, "--dry-run").code == 0)
            #expect(server.requests.last?.headers["if-none-match"] == "\"v1\"")
        }
    }

    @Test("An answer with a row that was refused is asked for again")
    func refusedAgain() async throws {
        let server = try ScriptedServer { request in
            request.headers["if-none-match"] != nil
                ? [.raw("HTTP/1.1 304 Not Modified\n\n")]
                : ScriptedServer.reply(#"[{"customer": "harbor"}, {"name": "Nobody"}]"#, headers: ["ETag: \"v1\""])
        }
        try await withBooks { books in
            try Self.customers(books, server)
            for _ in 0..<2 { #expect(try Self.pull(books).code == 65) }
            #expect(server.requests.count == 2)
        }
    }

    @Test("A pull of other days, or one that failed, makes the server say everything again")
    func otherDays() async throws {
        let server = try ScriptedServer { request in
            if request.number == 4 { return ScriptedServer.reply("", status: "404 Gone") }
            return request.headers["if-none-match"] == "\"v1\""
                ? [.raw("HTTP/1.1 304 Not Modified\n\n")]
                : ScriptedServer.reply(
                    #"[{"shop": "northwind-store", "day": "2022-06-01", "orders": 2}]"#, headers: ["ETag: \"v1\""])
        }
        try await withBooks { books in
            try Self.deploy(books, server)
            let text = try String(contentsOfFile: books.folder.path + "/sources.yaml", encoding: .utf8)
            try books.folder.write(
                text.replacing("&page={{page}}", with: "").replacing("    records: items\n", with: "")
                    .replacing("    pages: {number: 1}\n", with: ""), to: "sources.yaml")
            let june = ["--source", "shop", "--from", "2022-06-01", "--to", "2022-06-11"]
            func pull(_ words: [String]) throws -> String? {
                _ = try Program.meterbook.run(
                    [
                        "pull", "--as-of", "2022-06-30", "--deployment", books.folder.path, "--database",
                        books.conninfo(for: ["pull"]),
                    ]
                        + words)
                return server.requests.last?.headers["if-none-match"]
            }
            #expect(try Self.pull(books, "--to", "2022-05-02").code == 0)
            #expect(try pull(june) == nil)
            #expect(try pull(june) == "\"v1\"")
            // This one fails: what is known is older than the last pull.
            #expect(try pull(june) == "\"v1\"")
            #expect(try pull(june) == nil)
            #expect(try pull(["--source", "shop", "--from", "2022-06-01", "--to", "2022-06-12"]) == nil)
            #expect(try pull(june) == nil)
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "2")
        }
    }
}
