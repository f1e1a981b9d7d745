import Foundation
import TestSupport
import Testing

/// What holds for a command, from its flags down to the defaults, and what is said where something is wrong.
@Suite("Settings")
struct ConfigurationTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func config(
        _ words: String..., environment: [String: String] = [:], in place: String? = nil
    ) throws -> Program.Outcome {
        try Program.meterbook.run(["config"] + words, environment: environment, directory: place ?? folder.path)
    }

    /// Value and origin of a setting.
    private func shown(_ key: String, _ outcome: Program.Outcome) throws -> String {
        let entry = try JSON(outcome.output).list("settings").first { try $0.text("key") == key }
        guard let entry else { throw TestFailure("no setting \(key): \(outcome)") }
        return "\((try? entry.text("value")) ?? "none") by \((try? entry.text("place")) ?? "nobody")"
    }

    @Test("What is wrong with the settings is JSON where that is asked for, with the exit code of the sentences")
    func checkAsJSON() async throws {
        let folder = folder
        try await onOwnThread {
            func check(_ environment: [String: String]) throws -> Program.Outcome {
                try Program.meterbook.run(
                    ["config", "check", "--json"], environment: environment, directory: folder.path)
            }
            let good = try check([:])
            #expect(good.code == 0)
            #expect(
                good.output == "{\n  \"schema\": \"meterbook.config-check/1\",\n  \"mistakes\": []\n}\n",
                "\(good.output)")
            let wrong = try check(["METERBOOK_WORKERS": "many", "METERBOOK_WORKRES": "1"])
            #expect(wrong.code == 78)
            #expect(wrong.errors.isEmpty, "\(wrong.errors)")
            #expect(try JSON(wrong.output).texts("mistakes").count == 2)
            let lost = try check(["METERBOOK_HEALTH_URL_FILE": folder.path + "/none"])
            #expect(lost.code == 78)
            #expect(try JSON(lost.output).texts("mistakes").count == 1)
        }
    }

    @Test("The program leaves no core dump, whoever starts it")
    func coreDump() async throws {
        let folder = folder
        try await onOwnThread {
            // Questions that nobody asks: the program waits for them.
            let pipe = folder.path + "/questions"
            #expect(mkfifo(pipe, 0o600) == 0)
            let command = "ulimit -S -c $(ulimit -H -c); ulimit -S -c >&2; exec \"$0\" quote --batch - 0<> \"$1\""
            let running = try Program(path: "/bin/sh").start(["-c", command, Program.meterbook.path, pipe])
            defer {
                running.kill()
                _ = running.wait()
            }
            let isOff = try running.waitUntil {
                let limits = try String(contentsOfFile: "/proc/\(running.pid)/limits", encoding: .utf8)
                let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
                return line.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"]
            }
            #expect(isOff)
            // Else there would have been nothing to switch off.
            #expect(running.errorsSoFar != "0\n")
        }
    }

    @Test("A flag goes before a variable, that before the configuration file, and that before the default")
    func layers() async throws {
        let folder = folder
        try await onOwnThread {
            let workers = { (words: [String], environment: [String: String]) in
                let outcome = try Program.meterbook.run(
                    ["config", "show", "--json"] + words, environment: environment, directory: folder.path)
                #expect(outcome.code == 0, "\(outcome)")
                return try self.shown("workers", outcome)
            }
            #expect(try workers([], [:]) == "2 by default")
            try folder.write("batch: 100\nworkers: 3\n", to: "meterbook.yaml")
            #expect(try workers([], [:]) == "3 by meterbook.yaml:2")
            #expect(try workers([], ["METERBOOK_WORKERS": "4"]) == "4 by METERBOOK_WORKERS")
            #expect(try workers([], ["METERBOOK_WORKERS": ""]) == "3 by meterbook.yaml:2")
            #expect(try workers(["--workers", "5"], ["METERBOOK_WORKERS": "4"]) == "5 by --workers")
        }
    }

    @Test(
        "One file is read: the named one, or that of the deployment's folder, or else of where the program is started")
    func search() async throws {
        let folder = folder
        try await onOwnThread {
            try folder.write("workers: 11\n", to: "meterbook.yaml")
            try folder.write("workers: 12\n", to: "shop/meterbook.yaml")
            try folder.write("batch: 13\n", to: "other.yaml")
            let read = { (words: [String], environment: [String: String]) in
                let outcome = try Program.meterbook.run(
                    ["config", "show", "--json"] + words, environment: environment, directory: folder.path)
                return try "\(self.shown("workers", outcome)), \(JSON(outcome.output).text("file"))"
            }
            #expect(try read([], [:]) == "11 by meterbook.yaml:1, meterbook.yaml")
            #expect(try read(["-d", "shop"], [:]) == "12 by shop/meterbook.yaml:1, shop/meterbook.yaml")
            #expect(
                try read([], ["METERBOOK_DEPLOYMENT": "shop"]) == "12 by shop/meterbook.yaml:1, shop/meterbook.yaml")
            #expect(try read(["-d", "shop"], ["METERBOOK_CONFIG": "other.yaml"]) == "2 by default, other.yaml")
            #expect(
                try read(["--config", "shop/meterbook.yaml"], ["METERBOOK_CONFIG": "other.yaml"])
                    == "12 by shop/meterbook.yaml:1, shop/meterbook.yaml")
        }
    }

    @Test("The paths of a file are relative to the file, wherever the program is started")
    func paths() async throws {
        let folder = folder
        try await onOwnThread {
            try folder.write(
                "deployment: .\nmetrics: a/b.prom\nnotice_sendmail: sendmail\nhome: /var/home\n",
                to: "shop/meterbook.yaml")
            let outcome = try self.config("show", "--json", "--config", "shop/meterbook.yaml")
            #expect(try self.shown("deployment", outcome) == "shop by shop/meterbook.yaml:1")
            #expect(try self.shown("metrics", outcome) == "shop/a/b.prom by shop/meterbook.yaml:2")
            // A bare name is looked up in PATH.
            #expect(try self.shown("notice_sendmail", outcome) == "sendmail by shop/meterbook.yaml:3")
            #expect(try self.shown("home", outcome) == "/var/home by shop/meterbook.yaml:4")
            let server = try Program.meterbook.run(
                ["server", "status"],
                environment: ["METERBOOK_CONFIG": folder.path + "/shop/meterbook.yaml"])
            #expect(server.output == "not created\t/var/home\n", "\(server)")
        }
    }

    @Test("Everything that is wrong is named at once, with the nearest right name, and ends every command with 78")
    func mistakes() async throws {
        let folder = folder
        try await onOwnThread {
            try folder.write("wokers: 4\nbatch: many\n", to: "meterbook.yaml")
            try folder.write("x", to: "credentials/meterbook.health-url")
            let environment = [
                "METERBOOK_WORKRES": "4", "METERBOOK_BATCH": "0", "METERBOOK_HEALTH_URL": "ftp://se5ame",
                "METERBOOK_NOTICE_SECRET": "a", "METERBOOK_NOTICE_SECRET_FILE": "b", "METERBOOK_TEST_SEED": "1",
                "METERBOOK_FROBNICATE": "", "CREDENTIALS_DIRECTORY": "credentials",
            ]
            for words in [["config", "check"], ["config", "show"], ["invoice", "list"], ["close"], ["server"]] {
                let outcome = try Program.meterbook.run(words, environment: environment, directory: folder.path)
                #expect(outcome.code == 78)
                #expect(outcome.output.isEmpty)
                #expect(
                    outcome.errors == """
                        meterbook: METERBOOK_BATCH: found '0', expected a number from 1 to 100000
                        METERBOOK_HEALTH_URL: found what cannot be used (not shown), expected http(s)://HOST/PATH, without a query
                        METERBOOK_NOTICE_SECRET and METERBOOK_NOTICE_SECRET_FILE are both set: leave one of them out
                        'METERBOOK_WORKRES': there is no such variable; did you mean METERBOOK_WORKERS?
                        'meterbook.health-url': there is no such credential; did you mean meterbook.health_url?
                        meterbook.yaml:1:1: wokers: found the unknown key 'wokers', expected 'database', 'home', 'deployment', \
                        'workers', 'patience', 'progress', 'metrics', 'health_url', 'log_level', 'log_format', 'notice_directory', \
                        'notice_sendmail', 'notice_webhook', \
                        'notice_from', 'notice_secret', 'notice_attempts', 'profile', 'failpoint' or 'failpoint_list' \
                        (did you mean 'workers'?)
                        meterbook.yaml:2:8: batch: found 'many', expected a number from 1 to 100000

                        """, "\(words)")
            }
        }
    }

    @Test("A file that is not there, or that anybody may have written, is not used")
    func files() async throws {
        let folder = folder
        try await onOwnThread {
            let missing = try self.config("check", "--config", "none.yaml")
            #expect(missing.code == 78 && missing.errors == "meterbook: --config: 'none.yaml' is not there\n")
            let file = try folder.write("workers: 4\n", to: "meterbook.yaml")
            #expect(chmod(file, 0o666) == 0)
            let open = try self.config("check")
            #expect(open.code == 78 && open.errors.contains("everybody on this machine may write it"), "\(open)")
            #expect(chmod(file, 0o664) == 0)
            let closed = try self.config("check")
            #expect(closed.code == 0 && closed.output == "meterbook.yaml: no mistakes\n", "\(closed)")
            // Only root can give a file away.
            guard geteuid() == 0, chown(file, 12_345, 12_345) == 0 else { return }
            let foreign = try self.config("check")
            #expect(foreign.code == 78 && foreign.errors.contains("belongs to the user 12345"), "\(foreign)")
            #expect(try self.config("check", "--config", "meterbook.yaml").code == 0)
        }
    }

    @Test("A secret comes from a variable, a file or a credential, and is never shown")
    func secrets() async throws {
        let folder = folder
        try await onOwnThread {
            let uri = "postgresql://me:se5ame@127.0.0.1:1/books"
            let shown = "postgresql://me:…@127.0.0.1:1/books"
            try folder.write(" \(uri)\n", to: "database")
            try folder.write(uri, to: "credentials/meterbook.database")
            try folder.write("https://hc.example/se5ame", to: "credentials/ping")
            try folder.write("database: {file: database}\nhealth_url: {credential: ping}\n", to: "meterbook.yaml")
            let credentials = ["CREDENTIALS_DIRECTORY": folder.path + "/credentials"]
            for (environment, place) in [
                (["METERBOOK_DATABASE": uri], "METERBOOK_DATABASE"),
                (["METERBOOK_DATABASE_FILE": folder.path + "/database"], "METERBOOK_DATABASE_FILE"),
                (credentials, "credential meterbook.database"), ([:], "meterbook.yaml:1"),
            ] as [([String: String], String)] {
                let outcome = try self.config("show", "--origin", "--json", environment: environment)
                #expect(try self.shown("database", outcome) == "\(shown) by \(place)")
                #expect(try self.shown("health_url", outcome) == "(not shown) by meterbook.yaml:2")
                #expect(!(outcome.output + outcome.errors).contains("se5ame"))
                // The program uses it: nobody listens there.
                let list = try Program.meterbook.run(
                    ["invoice", "list"], environment: environment, directory: folder.path)
                #expect(list.code == 69 && !list.errors.contains("se5ame"), "\(list)")
            }
            #expect(try self.config("check", environment: credentials).code == 0)
            let without = try self.config("check")
            #expect(without.code == 78)
            #expect(
                without.errors == """
                    meterbook: meterbook.yaml:2: 'health_url' is taken from the credential ping, but no service manager has \
                    handed any over (CREDENTIALS_DIRECTORY is not set)

                    """)
            try folder.write("ftp://se5ame", to: "credentials/ping")
            let wrong = try self.config("check", environment: credentials)
            #expect(wrong.code == 78 && !wrong.errors.contains("se5ame"))
            #expect(wrong.errors.contains("found what cannot be used (not shown), expected http(s)://HOST/PATH"))
        }
    }

    @Test("A secret in a file that everybody may read is used, and said; one in a closed folder is not")
    func openSecrets() async throws {
        let folder = folder
        try await onOwnThread {
            let file = try folder.write("https://hc.example/se5ame", to: "health")
            #expect(chmod(file, 0o644) == 0)
            // The folder of the test is its owner's alone.
            let closed = try self.config("check", environment: ["METERBOOK_HEALTH_URL_FILE": file])
            #expect(closed.code == 0 && closed.errors.isEmpty, "\(closed)")
            #expect(chmod(folder.path, 0o755) == 0)
            let open = try self.config("check", environment: ["METERBOOK_HEALTH_URL_FILE": file])
            #expect(open.code == 0)
            #expect(
                open.errors
                    == "meterbook: \(file) holds a secret that everybody on this machine may read: chmod o-r takes that away\n"
            )
            #expect(chmod(file, 0o640) == 0)
            #expect(try self.config("check", environment: ["METERBOOK_HEALTH_URL_FILE": file]).errors.isEmpty)
        }
    }

    @Test("The highest place that says how notices go decides, whatever stands below it")
    func carriers() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write("notice_sendmail: /none/sendmail\n", to: "meterbook.yaml")
            let spool = books.folder.path + "/spool"
            try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: false)
            let deliver = { (words: [String], environment: [String: String]) in
                try Program.meterbook.run(
                    [
                        "notice", "deliver", "--json", "--database", books.conninfo(for: ["notice", "deliver"]),
                        "--config", books.folder.path + "/meterbook.yaml",
                    ] + words, environment: environment)
            }
            let mailed = try deliver([], [:])
            #expect(mailed.code == 0, "\(mailed)")
            #expect(try deliver(["--directory", spool], [:]).code == 0)
            #expect(try deliver(["--directory", spool + "/none"], [:]).code == 78)
            #expect(try deliver([], ["METERBOOK_NOTICE_DIRECTORY": spool]).code == 0)
            let webhook = try deliver([], ["METERBOOK_NOTICE_WEBHOOK": "https://a.example"])
            #expect(webhook.code == 64 && webhook.errors.contains("notice_secret"), "\(webhook)")
            let weak = try deliver(
                [],
                ["METERBOOK_NOTICE_WEBHOOK": "https://a.example", "METERBOOK_NOTICE_SECRET": "whsec_se5ame"])
            #expect(weak.code == 78 && weak.errors.contains("whsec_ and 24 to 64 bytes"), "\(weak)")
            #expect(!weak.errors.contains("se5ame"))
        }
    }

    @Test("doctor says which configuration file it read")
    func doctor() async throws {
        try await withBooks { books in
            let file = try books.folder.write("workers: 3\n", to: "meterbook.yaml")
            let read = try books.meterbook("doctor", "--config", file)
            #expect(read.output.contains("configuration") && read.output.contains("meterbook.yaml"), "\(read)")
            let none = try Program.meterbook.run(
                ["doctor", "--json", "--database", books.database.conninfo], directory: books.folder.path + "/..")
            #expect(none.output.contains("\"no file\""), "\(none)")
        }
    }
}
