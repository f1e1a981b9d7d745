import Foundation
import TestSupport
import Testing

/// Jobs as files, and the files of schedulers that are made from them.
@Suite("Jobs as data")
struct JobFileTests: PlaysShop {
    private static func job(_ name: String) -> String { Books.repository + "/jobs/\(name).yaml" }

    /// 30.00 in advance, and orders at 1.00 beyond ten; who has used eight is told.
    private func deploy(_ books: Books) throws {
        let prices = [
            "prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}",
            "  orders: {usage: orders, name: Orders, allowance: 10, unit_price: 1.00, alerts: [80]}",
        ]
        try deploy(books, small: prices, large: prices, changes: "invoices: {finalize: at_once}")
        try books.folder.write("customer,email\nc,c@c.example\n", to: "customers.csv")
        try books.folder.write("account,channel,meter,day,quantity\na,x,orders,2026-01-05,12\n", to: "counts.csv")
    }

    private func start(_ books: Books, _ file: String, _ words: String...) throws -> Program.Outcome {
        try Program.meterbook.run(
            ["run", file, "--deployment", books.folder.path] + words + [
                "--database", books.conninfo(for: ["run", ""]),
            ])
    }

    @Test(
        "The files in jobs/ do what the commands do that need none",
        arguments: [["nightly"], ["backfill", "--from", "2026-01-01", "--to", "2026-02-01"]])
    func shipped(words: [String]) async throws {
        func books(_ run: @escaping @Sendable (Books, _ asOf: String) throws -> Program.Outcome) async throws
            -> [String]
        {
            try await withBooks { books in
                try self.deploy(books)
                var seen: [String] = []
                for asOf in ["2026-01-01", "2026-02-01"] {
                    let outcome = try run(books, asOf)
                    #expect(outcome.code == 0, "\(outcome)")
                }
                seen.append(try books.run("invoice", "export"))
                seen.append(
                    try books.sql(
                        "SELECT job, name, s.status FROM meterbook.run_step AS s JOIN meterbook.run USING (run_id) ORDER BY run_id, step"
                    ))
                return seen
            }
        }
        let byCommand = try await books { books, asOf in
            try Program.meterbook.run(
                words + ["--as-of", asOf, "--deployment", books.folder.path, "--database", books.conninfo(for: words)])
        }
        let byFile = try await books { books, asOf in
            try Program.meterbook.run(
                ["run", Self.job(words[0])] + words.dropFirst() + [
                    "--as-of", asOf, "--deployment", books.folder.path, "--database", books.conninfo(for: words),
                ])
        }
        #expect(byCommand[0].contains(#""total":"32.00""#), "\(byCommand[0])")
        #expect(byFile == byCommand)
    }

    @Test(
        "Where one source is away the others are read, the rest is done, and the run ends with the status of the failure"
    )
    func goesOn() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let sources = try Books.text(of: books.folder.path + "/sources.yaml")
            try books.folder.write(
                sources.replacingOccurrences(
                    of: "  counts:", with: "  away: {feeds: readings, file: away.csv}\n  counts:"), to: "sources.yaml")
            try books.folder.write("job: strict\nsteps: [pull, close]\n", to: "strict.yaml")
            try books.folder.write(
                "job: lenient\nsteps: [{pull: {on_failure: go_on}}, meter, close, finalize]\n", to: "lenient.yaml")
            let strict = try self.start(books, books.folder.path + "/strict.yaml", "--as-of", "2026-01-01")
            #expect(strict.code == 69 && strict.errors.contains("away.csv"), "\(strict)")
            #expect(try books.sql("SELECT count(*) FROM meterbook.invoice") == "0")

            let before = try books.hash()
            let dry = try self.start(books, books.folder.path + "/lenient.yaml", "--as-of", "2026-02-01", "--dry-run")
            #expect(dry.code == 69 && dry.output.contains("The step 'pull away' failed"), "\(dry)")
            #expect(try books.hash() == before)
            let lenient = try self.start(books, books.folder.path + "/lenient.yaml", "--as-of", "2026-02-01", "--json")
            #expect(lenient.code == 69, "\(lenient)")
            let report = try JSON(lenient.output)
            #expect(try report.list("failures").map { try $0.text("step") } == ["pull away"])
            #expect(try report.list("failures").map { try $0.number("exit_code") } == [69])
            #expect(
                try books.sql("SELECT period_ends, total FROM meterbook.invoice ORDER BY 1")
                    == "2026-01-01|3000\n2026-02-01|3200")
            #expect(
                try books.sql("SELECT job, status, exit_code FROM meterbook.run ORDER BY run_id DESC LIMIT 1")
                    == "lenient|incomplete|69")
            try books.folder.write("account,channel,meter,day,quantity\nb,y,orders,2026-01-05,1\n", to: "away.csv")
            let after = try self.start(books, books.folder.path + "/lenient.yaml", "--as-of", "2026-03-01")
            #expect(after.code == 0, "\(after)")
            #expect(
                try books.sql("SELECT total FROM meterbook.invoice WHERE period_ends = '2026-03-01'") == "3100")
            #expect(try books.agree())
        }
    }

    @Test("A step that the books themselves refuse is taken back alone, in a dry run as well")
    func refusedStep() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.folder.write("job: j\nsteps: [pull, {close: {on_failure: go_on}}, finalize]\n", to: "j.yaml")
            try books.tamper("ALTER TABLE meterbook.invoice ADD CONSTRAINT none CHECK (total < 0) NOT VALID")
            for words in [["--dry-run"], []] {
                let outcome = try Program.meterbook.run(
                    ["run", books.folder.path + "/j.yaml", "--as-of", "2026-01-10", "--deployment", books.folder.path]
                        + words + ["--database", books.conninfo(for: ["run", ""])])
                #expect(outcome.code != 0 && outcome.output.contains("The step 'close' failed"), "\(outcome)")
            }
            #expect(try books.sql("SELECT count(*) FROM meterbook.invoice") == "0")
            #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "1")
            try books.tamper("ALTER TABLE meterbook.invoice DROP CONSTRAINT none")
            #expect(try self.start(books, books.folder.path + "/j.yaml", "--as-of", "2026-01-10").code == 0)
            #expect(try books.agree())
        }
    }

    @Test("Notices leave in the run that a job says so of, and in no dry run")
    func delivers() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            let box = books.folder.path + "/box"
            try FileManager.default.createDirectory(atPath: box, withIntermediateDirectories: false)
            try books.folder.write("job: j\nsteps: [pull, alert, {deliver: {directory: \(box)}}]\n", to: "j.yaml")
            let job = books.folder.path + "/j.yaml"
            #expect(try self.start(books, job, "--as-of", "2026-01-10", "--dry-run").code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: box).isEmpty)
            let run = try self.start(books, job, "--as-of", "2026-01-10")
            #expect(run.code == 0 && run.output.contains("Notices: 1 delivered."), "\(run)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: box).count == 1)
            let again = try self.start(books, job, "--as-of", "2026-01-10", "--json")
            #expect(try JSON(again.output).object("delivering").number("delivered") == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: box).count == 1)
        }
    }

    @Test("A quiet run prints nothing, unless something waits for a person")
    func quiet() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let job = Self.job("nightly")
            let silent = try self.start(books, job, "--as-of", "2026-01-10", "--quiet")
            #expect(silent.code == 0 && silent.output.isEmpty && silent.errors.isEmpty, "\(silent)")
            try books.folder.write("account,channel,meter,day,quantity\na,x,orders,soon,12\n", to: "counts.csv")
            let spoken = try self.start(books, job, "--as-of", "2026-01-11", "--quiet")
            #expect(spoken.code == 65 && spoken.output.contains("meterbook reject list"), "\(spoken)")
        }
    }

    @Test("A job that is missing, wrong, or told too much or too little is refused before it begins")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books)
            try books.folder.write("job: j\nsteps: [close, pull]\n", to: "j.yaml")
            try books.folder.write("job: j\nsteps: [{pull: {source: nowhere}}]\n", to: "k.yaml")
            let folder = books.folder.path
            for (words, code, says) in [
                ([folder + "/none.yaml"], 69, "/none.yaml: cannot be read"),
                ([folder + "/j.yaml"], 65, "/j.yaml:2:16: steps[1]: found 'pull' after 'close'"),
                ([folder + "/k.yaml"], 64, "there is no source 'nowhere'"),
                ([Self.job("backfill")], 64, "give --from and --to"),
                ([Self.job("backfill"), "--from", "2026-01-01"], 64, "give --from and --to"),
                ([Self.job("nightly"), "--from", "2026-01-01", "--to", "2026-02-01"], 64, "takes no --from and --to"),
            ] as [([String], Int32, String)] {
                let outcome = try Program.meterbook.run(
                    ["run"] + words + ["--deployment", folder, "--database", books.conninfo(for: ["run", ""])])
                #expect(outcome.code == code && outcome.errors.contains(says), "\(words): \(outcome)")
            }
            #expect(try books.sql("SELECT count(*) FROM meterbook.run WHERE job <> 'catalog'") == "0")
        }
    }

    private static let scheduled = ["nightly", "close", "hourly"].map(job)

    @Test(
        "What lies in jobs/schedules is what the program writes",
        arguments: [
            (["crontab", "--user", "meterbook"], "."), (["systemd"], "systemd"),
            (["kubernetes", "--image", "example.com/meterbook:0.1.0"], "kubernetes"),
        ])
    func schedules(words: [String], folder: String) throws {
        let into = try TemporaryDirectory()
        let outcome = try Program.meterbook.run(["schedule"] + words + Self.scheduled + ["--into", into.path])
        #expect(outcome.code == 0, "\(outcome)")
        let written = try FileManager.default.contentsOfDirectory(atPath: into.path).sorted()
        let shipped = Books.repository + "/jobs/schedules/" + folder
        for name in written {
            let kept = folder == "." ? "crontab" : name
            #expect(try Books.text(of: into.path + "/" + name) == Books.text(of: shipped + "/" + kept), "\(name)")
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: shipped).sorted()
        #expect(folder == "." ? kept == ["crontab", "kubernetes", "systemd"] : kept == written)
    }

    @Test("Paths with what a shell, systemd or YAML would read are quoted; what cannot be started is refused")
    func quoted() throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            "job: j\nabout: 50% \"off\"\nschedule: {cron: '0 2 * * 1-5'}\nsteps: [pull]\n", to: "it's 5%.yaml")
        let words = [folder.path + "/it's 5%.yaml", "--program", "/opt/a b/$x", "--deployment", "/d\\e"]
        let crontab = try Program.meterbook.run(["schedule", "crontab"] + words).output
        #expect(
            crontab.hasSuffix(
                #"""
                # j: 50% "off"
                0 2 * * 1-5 '/opt/a b/$x' run '/etc/meterbook/jobs/it'\''s 5\%.yaml' --deployment '/d\e' --quiet

                """#), "\(crontab)")
        let systemd = try Program.meterbook.run(["schedule", "systemd"] + words).output
        #expect(
            systemd.contains(
                #"ExecStart="/opt/a b/$$x" run "/etc/meterbook/jobs/it's 5%%.yaml" --deployment "/d\\e""# + "\n"),
            "\(systemd)")
        #expect(systemd.contains("Description=Meterbook: 50%% \"off\"\n"))
        #expect(systemd.contains("OnCalendar=Mon..Fri *-*-* 02:00:00\n"))
        let kubernetes = try Program.meterbook.run(["schedule", "kubernetes", "--image", "i"] + words).output
        #expect(
            kubernetes.contains(
                #"args: ["run", "/etc/meterbook/jobs/it's 5%.yaml", "--deployment", "/d\\e"]"#), "\(kubernetes)")
        #expect(!kubernetes.contains("timeZone"))

        for (words, code, says) in [
            ([Self.job("backfill")], 65, "it has no 'schedule', or takes a window"),
            ([Self.job("nightly"), Self.job("nightly")], 64, "have one name"),
            ([Self.job("nightly"), "--program", "meterbook"], 64, "--program takes a path from the root"),
            ([Self.job("nightly"), "--into", folder.path + "/none"], 69, "cannot write to"),
            ([folder.path + "/none.yaml"], 69, "cannot be read"),
        ] as [([String], Int32, String)] {
            let outcome = try Program.meterbook.run(["schedule", "crontab"] + words)
            #expect(outcome.code == code && outcome.errors.contains(says), "\(words): \(outcome)")
        }
    }
}
