import Foundation
import Synchronization
import TestSupport
import Testing

/// A canary in every place that takes a secret: whatever happens to a night, none is found anywhere that it was not put.
@Suite("Canaries", .enabled(if: Receiver.python != nil))
struct CanaryTests {
    /// How secrets come to the program.
    enum Way: String, CaseIterable {
        case variable, file, credential
    }

    /// What a night meets.
    enum Night: String, CaseIterable {
        case good
        /// Servers that refuse, and repeat in head, body and message what they were shown.
        case echoes
        /// Servers that are away.
        case away
    }

    /// All secrets share a syllable, and the password and the webhook's secret travel in another form as well.
    private static let mark = "k4nari"
    private static let database = "k4nari-database"
    private static let health = "k4nari-health"
    private static let bearer = "k4nari-bearer-0123456789"
    private static let password = "k4nari-basic-0123456789"
    private static let header = "k4nari-header-0123456789"
    private static let dsn = "k4nari-dsn"
    /// The receiver's own: bytes from 0 to 31.
    private static let webhook = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    private static var marks: [String] {
        [mark, webhook, String(Data("robot:\(password)".utf8).base64EncodedString().prefix(24))]
    }

    private static func leaks(_ text: String) -> [String] { marks.filter { text.contains($0) } }

    // MARK: - The secrets, each in its place

    private struct Secrets {
        let way: Way
        let folder: TemporaryDirectory
        var environment: [String: String] = [:]

        init(_ way: Way) throws {
            self.way = way
            folder = try TemporaryDirectory()
            if way == .credential { environment["CREDENTIALS_DIRECTORY"] = folder.path }
        }

        /// A setting of the program.
        mutating func set(_ setting: String, _ text: String) throws {
            let variable = "METERBOOK_" + setting.uppercased()
            switch way {
            case .variable: environment[variable] = text
            case .file: environment[variable + "_FILE"] = try folder.write(text + "\n", to: setting)
            case .credential: try folder.write(text + "\n", to: "meterbook." + setting)
            }
        }

        /// A secret of a source: how sources.yaml names it.
        mutating func name(_ name: String, _ text: String) throws -> String {
            switch way {
            case .variable:
                environment["SHOP_\(name.uppercased())"] = text
                return "{env: SHOP_\(name.uppercased())}"
            case .file: return "{file: \(try folder.write(text + "\n", to: name))}"
            case .credential:
                try folder.write(text + "\n", to: name)
                return "{credential: \(name)}"
            }
        }
    }

    private static func deploy(_ books: Books, _ secrets: inout Secrets, http: String, dsn: String) throws {
        let kinds = [
            ("bearing", "{bearer: \(try secrets.name("bearer", bearer))}"),
            ("basic", "{basic: {user: robot, password: \(try secrets.name("password", password))}}"),
            ("headed", "{header: {name: X-Api-Key, value: \(try secrets.name("header", header))}}"),
        ]
        let servers = kinds.map { name, auth in
            """
              \(name):
                feeds: customers
                http: \(http)/\(name)
                private: yes
                auth: \(auth)
                limits: {tries: 2}
            """
        }
        try books.folder.write(
            """
            sources:
            \(servers.joined(separator: "\n"))
              shop:
                feeds: customers
                postgres: \(try secrets.name("dsn", dsn))
                query: SELECT 'c9' AS customer, 'Nine' AS name
            """, to: "sources.yaml")
        let pulls = ["bearing", "basic", "headed", "shop"].map { "  - pull: {source: \($0), on_failure: go_on}" }
        try books.folder.write(
            """
            job: canaries
            steps:
            \(pulls.joined(separator: "\n"))
              - meter
              - alert
              - close
              - deliver: {webhook: "\(webhookPlace)", on_failure: go_on}
            """, to: "job.yaml")
    }

    private static let webhookPlace = "WEBHOOK"

    /// The books' own database, whose server asks nobody for a password.
    private static func uri(of books: Books, password: String) -> String {
        // `host='/tmp/x' port=5432 user='u' dbname='d'`
        let quoted = books.database.conninfo.split(separator: "'")
        let port = quoted[2].filter(\.isNumber)
        let host = quoted[1].replacing("/", with: "%2F")
        return "postgresql://\(quoted[3]):\(password)@\(host):\(port)/\(books.database.name)"
    }

    // MARK: - The search

    /// Every text of every table of the books; bytes are searched by their digits.
    private static func search(_ books: Books) throws {
        let tables = try books.sql(
            """
            SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
            """
        ).split(separator: "\n")
        #expect(tables.count > 30, "\(tables)")
        let needles = marks.flatMap { mark in [mark, mark.utf8.map { String(format: "%02x", $0) }.joined()] }
        let pattern = needles.joined(separator: "|")
        let query = tables.map { table in
            "SELECT '\(table)' AS place, count(*) FROM \(table) AS t WHERE t::text ~* '\(pattern)' HAVING count(*) > 0"
        }.joined(separator: " UNION ALL ")
        #expect(try books.sql(query) == "")
        // The search itself finds what is there.
        try books.sql("CREATE TABLE public.trap AS SELECT '\(mark)'::bytea AS bytes")
        #expect(
            try books.sql("SELECT count(*) FROM public.trap AS t WHERE t::text ~* '\(pattern)'") == "1")
        try books.sql("DROP TABLE public.trap")
    }

    /// Every file below a folder.
    private static func search(_ folder: String) throws {
        let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        #expect(!names.isEmpty)
        for name in names {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            #expect(leaks(name + String(decoding: data, as: UTF8.self)) == [], "\(name)")
        }
    }

    /// The command lines of a process and of those that it has started; whether there is none in their
    /// environments either.
    private static func search(pid: Int32, isEnvironmentFree: Bool) {
        func read(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        let line = read("/proc/\(pid)/cmdline")
        #expect(line.contains("meterbook"))
        var pids = [pid]
        while let next = pids.popLast() {
            #expect(leaks(read("/proc/\(next)/cmdline")) == [])
            let environment = read("/proc/\(next)/environ")
            let planted = [database, health, bearer, password, header, dsn, webhook].filter(environment.contains)
            #expect(planted.isEmpty == isEnvironmentFree)
            pids += read("/proc/\(next)/task/\(next)/children").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Runs a command and searches all that it says.
    @discardableResult
    private static func run(_ words: [String], _ environment: [String: String]) throws -> Program.Outcome {
        let outcome = try Program.meterbook.run(words, environment: environment)
        #expect(leaks(outcome.output + outcome.errors) == [], "\(words): \(outcome)")
        return outcome
    }

    // MARK: - The nights

    /// A server for sources and health checks, which stops its first caller until the test has looked at it.
    private final class Watched: Sendable {
        let reached = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        private let isFirst = Mutex(true)

        func pass() {
            let first = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            guard first else { return }
            reached.signal()
            _ = goOn.wait(timeout: .now() + 60)
        }
    }

    private static func server(_ night: Night, _ watched: Watched) throws -> ScriptedServer {
        try ScriptedServer { request in
            watched.pass()
            let shown = request.headers["authorization"] ?? request.headers["x-api-key"] ?? request.target
            guard night == .good else {
                let status = request.number.isMultiple(of: 2) ? "401 \(shown)" : "503 \(shown)"
                return ScriptedServer.reply(
                    "{\"error\": \"\(shown)\"}", status: status,
                    headers: ["Content-Type: application/json", "WWW-Authenticate: \(shown)", "Location: /\(shown)"])
            }
            return ScriptedServer.reply(
                request.target.hasPrefix("/ping") ? "\(shown)" : #"[{"customer": "c1", "name": "One"}]"#)
        }
    }

    @Test("No secret is found after any night, however it was handed over", arguments: Way.allCases, Night.allCases)
    func nights(way: Way, night: Night) async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books)
            let box = try TemporaryDirectory()
            let receiver = try Receiver(box)
            let watched = Watched()
            let server = try Self.server(night, watched)
            let echo = try EchoingDatabase()
            let http = night == .away ? "http://127.0.0.1:1" : server.url
            var secrets = try Secrets(way)
            let dsn =
                switch night {
                case .good: Self.uri(of: books, password: Self.dsn)
                case .echoes: echo.uri(password: Self.dsn)
                case .away: "postgresql://shop:\(Self.dsn)@127.0.0.1:1/shop"
                }
            try Self.deploy(books, &secrets, http: http, dsn: dsn)
            let job = books.folder.path + "/job.yaml"
            let url = night == .away ? "http://127.0.0.1:1/hooks" : receiver.url
            try Books.text(of: job).replacing(Self.webhookPlace, with: url)
                .write(toFile: job, atomically: false, encoding: .utf8)
            if night == .echoes { try receiver.answer("500") }
            try secrets.set("database", Self.uri(of: books, password: Self.database))
            try secrets.set("health_url", "\(http)/ping/\(Self.health)")
            try secrets.set("notice_secret", "whsec_\(Self.webhook)=")
            // A token of its address is not shown either, though it is no setting that is kept in a file of its own.
            let environment = secrets.environment.merging([
                "METERBOOK_NOTICE_WEBHOOK": url + (url.contains("?") ? "&" : "?") + "for=\(Self.mark)-hook"
            ]) { $1 }
            let format = way == .file ? "logfmt" : "json"
            let running = try Program.meterbook.start(
                [
                    "run", job, "--as-of", "2022-01-11", "--deployment", books.folder.path, "--json", "--log-level",
                    "trace", "--log-format", format, "--metrics", books.folder.path + "/metrics.prom",
                ], environment: environment)
            if night != .away {
                #expect(watched.reached.wait(timeout: .now() + 60) == .success)
                Self.search(pid: running.pid, isEnvironmentFree: way != .variable)
                watched.goOn.signal()
            }
            let outcome = running.wait()
            #expect(Self.leaks(outcome.output + outcome.errors) == [], "\(outcome)")
            #expect(outcome.errors.contains("run ends"))
            try Self.isAsMeant(night, outcome, server, echo, receiver)
            for words in [
                ["config", "show", "--origin"], ["config", "show", "--json"], ["config", "check"], ["doctor"],
                ["metrics"], ["run", "list", "--json"], ["run", "show", "3"], ["run", "show", "3", "--json"],
                ["notice", "list", "--json"], ["reject", "list"], ["hold", "list"],
                ["notice", "deliver", "--as-of", "2022-01-12", "--log-level", "trace"],
                ["pull", "--deployment", books.folder.path, "--dry-run", "--log-level", "trace"],
                ["nightly", "--deployment", books.folder.path, "--as-of", "2022-01-12"],
            ] { try Self.run(words, environment) }
            try Self.search(books)
            try Self.search(books.folder.path)
        }
    }

    /// Whether the night was what it is called: a secret that nobody used proves nothing.
    private static func isAsMeant(
        _ night: Night, _ outcome: Program.Outcome, _ server: ScriptedServer, _ echo: EchoingDatabase,
        _ receiver: Receiver
    ) throws {
        let shown = server.requests.map { "\($0.target) \($0.headers)" }.joined()
        switch night {
        case .good:
            #expect(outcome.code == 0, "\(outcome)")
            #expect(try receiver.received().allSatisfy { try $0.flag("signed") })
            #expect(try receiver.received().count == 2)
        case .echoes:
            #expect(outcome.code == 78, "\(outcome)")
            #expect(outcome.errors.contains("request is tried again") && outcome.errors.contains("HTTP 503"))
            #expect(echo.passwords.contains(Self.dsn))
            #expect(outcome.errors.contains("the health check was not reached"))
        case .away:
            #expect(outcome.code == 69, "\(outcome)")
            #expect(outcome.errors.contains("the health check was not reached"))
            return
        }
        for secret in [Self.health, Self.bearer, Self.header] { #expect(shown.contains(secret)) }
    }

    @Test("A database that repeats the password that it refuses is no way out either", arguments: Way.allCases)
    func ownDatabase(way: Way) async throws {
        try await onOwnThread {
            let echo = try EchoingDatabase()
            var secrets = try Secrets(way)
            try secrets.set("database", echo.uri(password: Self.database))
            for words in [["close"], ["doctor"], ["invoice", "list"], ["migrate"], ["metrics"]] {
                let outcome = try Self.run(words, secrets.environment)
                #expect(outcome.code == 69 && outcome.errors.contains("password '***' is wrong"), "\(outcome)")
            }
            #expect(echo.passwords == [String](repeating: Self.database, count: 5))
            let shown = try Self.run(["config", "show"], secrets.environment)
            #expect(shown.output.contains("postgresql://shop:…@127.0.0.1"), "\(shown)")
        }
    }

    @Test(
        "A mail program is told no secret, neither by its command line nor by its environment", arguments: Way.allCases)
    func mail(way: Way) async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books)
            let seen = books.folder.path + "/seen"
            let program = books.folder.path + "/sendmail"
            try writeProgram(
                "#!/bin/sh\ncat /proc/$$/cmdline /proc/$PPID/cmdline /proc/$$/environ >>'\(seen)'\ncat >/dev/null\n",
                to: program)
            var secrets = try Secrets(way)
            try secrets.set("database", Self.uri(of: books, password: Self.database))
            try secrets.set("health_url", "http://127.0.0.1:1/\(Self.health)")
            try secrets.set("notice_secret", "whsec_\(Self.webhook)=")
            let outcome = try Self.run(
                ["notice", "deliver", "--sendmail", program, "--as-of", "2022-01-11", "--log-level", "trace"],
                secrets.environment)
            #expect(outcome.code == 0, "\(outcome)")
            let text = try Books.text(of: seen)
            #expect(text.contains("sendmail") && text.contains("notice") && text.contains("PATH="))
            try Self.search(books.folder.path)
            try Self.search(books)
        }
    }
}
