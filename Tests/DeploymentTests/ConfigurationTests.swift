import Deployment
import Foundation
import TestSupport
import Testing

/// Settings: what they take, and what a configuration file may say of them.
@Suite("The configuration")
struct ConfigurationTests {
    private func read(_ text: String) -> Result<ConfigurationFile, Diagnostics> {
        ConfigurationReader.read(bytes: Array(text.utf8), file: "meterbook.yaml")
    }

    @Test("A file says what it sets, each with its line, and of a secret only where it is")
    func file() throws {
        let file = try read(
            """
            # For the whole machine.
            database: service=books
            workers: 4
            progress: no
            metrics: /var/lib/node_exporter/meterbook.prom
            health_url: {file: secrets/health}
            notice_webhook: https://hooks.example.com/meterbook?for=billing
            notice_secret: {credential: webhook}
            """
        ).get()
        #expect(file.entries[.database]?.statement == .value(.text("service=books")))
        #expect(file.entries[.database]?.line == 2)
        #expect(file.entries[.workers]?.statement == .value(.number(4)))
        #expect(file.entries[.progress]?.statement == .value(.flag(false)))
        #expect(file.entries[.metrics]?.statement == .value(.text("/var/lib/node_exporter/meterbook.prom")))
        #expect(file.entries[.healthURL]?.statement == .secret(.file("secrets/health")))
        #expect(
            file.entries[.noticeWebhook]?.statement == .value(.text("https://hooks.example.com/meterbook?for=billing")))
        #expect(file.entries[.noticeSecret]?.statement == .secret(.credential("webhook")))
        #expect(file.entries[.noticeSecret]?.line == 8)
        #expect(file.entries.count == 7)
    }

    @Test(
        "A mistake is named with its place, what was found, and what is expected",
        arguments: [
            ("wokers: 4", "meterbook.yaml:1:1: wokers: found the unknown key 'wokers'"),
            ("wokers: 4", "(did you mean 'workers'?)"),
            ("batch: 5000\nworkers: 65", "meterbook.yaml:2:10: workers: found '65', expected a number from 1 to 64"),
            ("workers: 04", "found '04', expected a number from 1 to 64"),
            ("workers: 4.0", "found '4.0', expected a number from 1 to 64"),
            ("workers: [4]", "found a list, expected a number from 1 to 64"),
            ("progress: never", "found 'never', expected yes or no"),
            ("metrics: ''", "found '', expected a path"),
            ("notice_from: nobody", "found 'nobody', expected one address such as billing@example.com"),
            (
                "notice_webhook: ftp://a.example/se5ame",
                "found what cannot be used (not shown), expected http(s)://HOST"
            ),
            ("health_url: https://hc.example/se5ame", "found a text in place of a secret (not shown)"),
            ("notice_secret: se5ame", "expected its place: {env: NAME}, {file: PATH} or {credential: NAME}"),
            (
                "database: postgresql://me:se5ame@h/b",
                "found a password (not shown), expected a connection text without"
            ),
            ("database: {file: a, credential: b}", "found 'file' and 'credential' together"),
            ("database: {credential: ../b}", "expected a file's name of letters, digits and . _ -"),
            (
                "notice_directory: a\nnotice_sendmail: b",
                "meterbook.yaml:2:1: notice_sendmail: found 'notice_directory'"
            ),
            ("workers: 1\nworkers: 2", "meterbook.yaml:2:1: workers: found the key 'workers' again"),
            ("- workers", "expected a mapping of settings"),
        ])
    func mistakes(text: String, words: String) {
        guard case .failure(let problems) = read(text) else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(problems.description.contains(words), "\(problems)")
        #expect(!problems.description.contains("se5ame"))
    }

    @Test(
        "A setting takes the same texts wherever they stand",
        arguments: [
            (Setting.workers, ["1", "64"], ["0", "65", "-1", "+1", "1 ", "one", "", "9223372036854775808"]),
            (.batch, ["1", "100000"], ["100001"]),
            (.noticeAttempts, ["1", "1000"], ["0", "1001"]),
            (.progress, ["yes", "no", "true", "false"], ["1", "on", "Yes"]),
            (.deployment, [".", "/etc/meterbook/deployment"], ["", "a\nb", "a\u{1B}[2J"]),
            (.database, ["service=books", "postgresql://h/b"], ["", "host=a\npassword=b"]),
            (
                .healthURL, ["https://hc.example/a", "http://127.0.0.1:8000"],
                ["hc.example", "ftp://hc.example", "https://", "https://hc.example/?a=b", "https://me@hc.example/"]
            ),
            (.noticeWebhook, ["https://a.example/?b=c"], ["https://user:pass@a.example", "a.example"]),
            (.noticeSecret, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]),
        ] as [(Setting, [String], [String])])
    func values(setting: Setting, taken: [String], refused: [String]) {
        for text in taken { #expect(setting.value(of: text) != nil, "\(text)") }
        for text in refused { #expect(setting.value(of: text) == nil, "\(text)") }
    }

    @Test("A default is one of the values that its setting takes")
    func defaults() {
        for setting in Setting.allCases {
            guard let value = setting.defaultValue else { continue }
            #expect(setting.value(of: value.description) == value, "\(setting.rawValue)")
        }
        #expect(Setting.workers.defaultValue == .number(2))
        #expect(Setting.batch.defaultValue == .number(5_000))
    }

    @Test(
        "Of a connection text all is shown but its password",
        arguments: [
            ("postgresql://me:se5ame@h:5433/books?sslmode=require", "postgresql://me:…@h:5433/books?sslmode=require"),
            ("postgres://me@h/books", "postgres://me@h/books"),
            ("postgresql://h/books?user=me&password=se5ame", "postgresql://h/books?user=me&password=…"),
            ("postgresql://h/b?PASSWORD=se5ame&sslpassword=se5ame", "postgresql://h/b?…&sslpassword=…"),
            ("postgresql://me:a@se5ame@h/b", "postgresql://me:…@h/b"),
            ("postgresql://me:/se5ame@h/b", "postgresql://…"),
            ("postgresql://h/b?password=se5@me", "postgresql://…"),
            ("host=h dbname=b password=se5ame user=me", "host=h dbname=b password=… user=me"),
            ("password = 'it\\'s se5ame' host=h", "password=… host=h"),
            ("host=h password='se5ame", "…"), ("mysql://me:se5ame@h/b", "…"), ("se5ame", "…"), ("", ""),
        ])
    func redacted(text: String, shown: String) {
        #expect(ConnectionText.redacted(text) == shown)
    }

    @Test(
        "Of an address that something is posted to only the host is shown",
        arguments: [
            ("https://hooks.example.com/T0/se5ame", "https://hooks.example.com/…"),
            ("https://hooks.example.com:8443?token=se5ame", "https://hooks.example.com:8443/…"),
            ("https://hooks.example.com/", "https://hooks.example.com"),
            ("https://me:se5ame@hooks.example.com/", "…"), ("se5ame", "…"),
        ])
    func address(text: String, shown: String) {
        #expect(AddressText.redacted(text) == shown)
    }

    @Test("No password of a connection text is ever shown, whatever is in it")
    func redactedAlways() {
        var generator = SeededGenerator()
        let signs = Array("ab:@/?#&=' \\%[],.…é\u{1B}").map(String.init)
        for _ in 0..<5_000 {
            let noise = { (count: Int) in
                (0..<count).map { _ in signs.randomElement(using: &generator) ?? "" }.joined()
            }
            let password =
                noise(Int.random(in: 0...4, using: &generator)) + "CANARY"
                + noise(Int.random(in: 0...4, using: &generator))
            let texts = [
                "postgresql://me:\(password)@h/books", "postgresql://me:\(password)@h/books?sslmode=require",
                "postgresql://h/b?password=\(password)", "host=h password=\(password) dbname=b",
                "host=h password='\(password)' dbname=b",
            ]
            for text in texts {
                let isQuotedOut =
                    text.contains("password=") && !text.hasPrefix("postgresql")
                    && password.contains {
                        $0 == "'" || $0 == " " || $0 == "\\"
                    }
                // A keyword's value that a quote or a space ends is another text, whose rest libpq does not read either.
                guard !isQuotedOut else { continue }
                #expect(!ConnectionText.redacted(text).contains("CANARY"), "\(text)")
            }
        }
    }

    // MARK: - The document

    /// The row of the table in jobs/README.md that a setting has.
    private static func row(_ setting: Setting) -> String {
        func code(_ text: String) -> String { "`\(text)`" }
        let variables = [setting.variable, setting.fileVariable].compactMap(\.self).map(code).joined(separator: ", ")
        let flag = setting.flag.map(code) ?? ""
        return
            "| \(code(setting.rawValue)) | \(variables) | \(flag) | \(setting.defaultText ?? "") | \(setting.meaning) |"
    }

    private static func text(of file: String) throws -> String {
        try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: file), encoding: .utf8)
    }

    @Test("The example of jobs/README.md is a sound configuration file")
    func example() throws {
        let text = try Self.text(of: "jobs/README.md")
        let start = try #require(text.range(of: "# /etc/meterbook/meterbook.yaml\n"))
        let end = try #require(text.range(of: "\n```", range: start.upperBound..<text.endIndex))
        let file = try read(String(text[start.lowerBound..<end.lowerBound])).get()
        #expect(file.entries[.database]?.statement == .value(.text("service=books")))
        #expect(file.entries[.healthURL]?.statement == .secret(.file("secrets/health_url")))
        #expect(file.entries.count == 5)
    }

    @Test("jobs/README.md has a row for every setting, as the program has it")
    func document() throws {
        let text = try Self.text(of: "jobs/README.md")
        let rows = text.split(separator: "\n").filter { $0.contains("| `METERBOOK_") }.map(String.init)
        #expect(rows == Setting.allCases.map(Self.row))
    }
}
