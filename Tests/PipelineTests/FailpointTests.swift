import Foundation
import TestSupport
import Testing

/// Commands that die at failpoints all along their way, and are given again: nothing is lost, and nothing is done twice. Whole nights die in the simulated worlds, where an oracle says what they have to come to.
@Suite("Failpoints")
struct FailpointTests: PlaysShop {
    private static func armed(_ place: Int) -> [String: String] {
        ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT": "\(place)"]
    }

    private static let deaths = 12

    /// Has a command die at so many places, spread over its way, every time in another copy of the books, and gives it again
    /// there.
    ///
    /// - Parameter look: says what there is in the end, which has to be the same every time.
    private func scatter<T: Equatable>(_ words: [String], in base: Books, look: (Books) throws -> T) throws {
        func attempt(_ environment: [String: String], isDeadly: Bool, _ place: String) throws -> T {
            let database = try base.database.copy()
            defer { try? database.drop() }
            let books = Books(database: database, folder: base.folder)
            let all = words + ["--database", books.conninfo(for: words)]
            let first = try Program.meterbook.run(all, environment: environment)
            #expect(isDeadly ? first.signal == SIGKILL : first.code == 0, "\(place): \(first.errors)")
            if isDeadly {
                let outcome = try books.runAgain(words)
                #expect(outcome.code == 0, "again, after \(place): \(outcome.errors)")
            }
            return try look(books)
        }
        let list = base.folder.path + "/passed"
        let expected = try attempt(
            ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT_LIST": list], isDeadly: false, "undisturbed")
        let places = try Books.text(of: list).split(separator: "\n").map(String.init)
        #expect(places.count >= Self.deaths, "\(places)")
        var random = SeededGenerator()
        for number in 0..<Self.deaths {
            let (first, after) = (places.count * number / Self.deaths, places.count * (number + 1) / Self.deaths)
            guard first < after else { continue }
            let place = Int.random(in: first..<after, using: &random)
            let found = try attempt(Self.armed(place + 1), isDeadly: true, places[place])
            #expect(found == expected, "after \(places[place])")
        }
    }

    @Test(
        "A failpoint in a production configuration ends every command with 78, and kills none",
        arguments: [true, false])
    func refused(isInFile: Bool) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(isInFile ? "failpoint: 1\nfailpoint_list: passed\n" : "workers: 2\n", to: "meterbook.yaml")
        let outcome = try Program.meterbook.run(
            ["config", "check"],
            environment: isInFile ? [:] : ["METERBOOK_FAILPOINT": "1", "METERBOOK_FAILPOINT_LIST": "passed"],
            directory: folder.path)
        #expect(outcome.code == 78)
        let places =
            isInFile ? ["meterbook.yaml:1", "meterbook.yaml:2"] : ["METERBOOK_FAILPOINT", "METERBOOK_FAILPOINT_LIST"]
        #expect(
            outcome.errors == """
                meterbook: \(places[0]): it is for tests of the program, which dies of it: leave it out, or say 'profile: test'
                \(places[1]): it is for tests of the program, which dies of it: leave it out, or say 'profile: test'

                """)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["meterbook.yaml"])
    }

    @Test("What is passed is listed in order: a statement before and after, and nothing beyond the deadly place")
    func listed() async throws {
        try await withBooks { books in
            let list = books.folder.path + "/passed"
            let words = ["invoice", "list", "--database", books.conninfo(for: ["invoice", "list"])]
            var environment = ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT_LIST": list]
            #expect(try Program.meterbook.run(words, environment: environment).code == 0)
            let all = try Books.text(of: list).split(separator: "\n")
            #expect(all.count > 2 && all.contains { $0.hasPrefix("before ") })
            for (index, line) in all.enumerated() where line.hasPrefix("before ") {
                #expect(all.indices.contains(index + 1) && all[index + 1] == "after " + line.dropFirst(7))
            }
            try FileManager.default.removeItem(atPath: list)
            environment["METERBOOK_FAILPOINT"] = "2"
            let killed = try Program.meterbook.run(words, environment: environment)
            #expect(killed.signal == SIGKILL && killed.output.isEmpty)
            #expect(try Books.text(of: list).split(separator: "\n") == Array(all.prefix(2)))
        }
    }

    @Test("Readings of years are written at one go where they are few, and month by month where they are many")
    func monthsOfReadings() async throws {
        // A meter that looks at single readings has them judged and written by the database.
        let best = "best: {name: Best, aggregate: max, of: orders, unit: {one: order, other: orders}}"
        let plan = ["prices:", "  best: {usage: best, name: Best, unit_price: 1.00}"]
        /// How often readings were written.
        func writes(_ rows: [String]) async throws -> Int {
            try await withBooks { books in
                try self.deploy(books, meters: [Self.orders, best], small: plan, large: plan)
                try books.folder.write(
                    "subscription,plan,anchor,customer\ns,small,2023-01-01,c\n", to: "subscriptions.csv")
                try books.folder.write(
                    "account,channel,meter,day,quantity\n" + rows.joined(separator: "\n") + "\n", to: "counts.csv")
                let list = books.folder.path + "/passed"
                let words = ["pull", "--as-of", "2026-01-01", "--deployment", books.folder.path]
                let pulled = try Program.meterbook.run(
                    words + ["--database", books.conninfo(for: words)],
                    environment: ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT_LIST": list])
                #expect(pulled.code == 0, "\(pulled.errors)")
                #expect(try books.sql("SELECT count(*) FROM meterbook.reading") == "\(rows.count)")
                return try Books.text(of: list).split(separator: "\n").filter { $0 == "before apply_readings" }.count
            }
        }
        let months = (2023...2025).flatMap { year in (1...12).map { "\(year)-\($0 < 10 ? "0" : "")\($0)" } }
        #expect(try await writes(months.map { "a,x,orders,\($0)-05,1" }) == 1)
        func many(_ months: [String], channels: Int) -> [String] {
            months.flatMap { month in
                (10..<20).flatMap { day in (0..<channels).map { "a,x\($0),orders,\(month)-\(day),1" } }
            }
        }
        #expect(try await writes(many(["2025-01", "2025-02"], channels: 100)) == 1)
        #expect(try await writes(many(["2025-01", "2025-02", "2025-03"], channels: 101)) == 3)
    }

    @Test("Finalizing that dies anywhere leaves no gap in the numbers, and gives none twice")
    func finalizing() async throws {
        try await withBooks { books in
            let flat = ["prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}"]
            try self.deploy(books, small: flat, large: flat)
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01")
            let words = ["invoice", "finalize", "--all", "--until", "2026-03-01", "--as-of", "2026-03-02"]
            try self.scatter(words, in: books) { books in
                let chain = try books.run("invoice", "verify-chain")
                #expect(chain.contains("3 numbers, each follows from the one before"), "\(chain)")
                return try books.sql(
                    "SELECT label, period_ends, issued_on FROM meterbook.finalized_invoice ORDER BY label")
            }
        }
    }

    @Test("Delivering that dies anywhere hands over every notice, none under two names, and marks it")
    func delivering() async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books, ["northwind"])
            let box = books.folder.path + "/box"
            let words = ["notice", "deliver", "--as-of", "2022-01-10", "--directory", box]
            func empty() throws {
                try? FileManager.default.removeItem(atPath: box)
                try FileManager.default.createDirectory(atPath: box, withIntermediateDirectories: true)
            }
            try empty()
            try self.scatter(words, in: books) { books in
                let notices = try books.notices()
                #expect(try notices.allSatisfy { try $0.text("status") == "delivered" })
                let mails = try FileManager.default.contentsOfDirectory(atPath: box).filter { $0.hasSuffix(".eml") }
                #expect(try Set(mails) == Set(notices.map { try $0.text("id") + ".eml" }))
                for mail in mails {
                    #expect(try Books.text(of: "\(box)/\(mail)").hasSuffix("\r\n"))
                }
                try empty()
                return mails.sorted()
            }
        }
    }

    @Test(
        "A request that dies on either side of its sending goes out again under the same id",
        .enabled(if: Receiver.python != nil, "there is no python3"))
    func posting() async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books, ["northwind"])
            let receiver = try Receiver(books.folder)
            let words = [
                "notice", "deliver", "--as-of", "2022-01-10", "--webhook", receiver.url, "--secret-file",
                receiver.secretFile,
            ]
            var seen = 0
            try self.scatter(words, in: books) { books in
                let ids = try receiver.received().dropFirst(seen).map { try $0.text("header") }
                seen += ids.count
                let notices = try books.notices()
                #expect(try Set(ids) == Set(notices.map { try $0.text("id") }))
                // Each once, and the one that was on its way at most twice.
                #expect(ids.count <= notices.count + 1, "\(ids)")
                return try notices.map { try $0.text("status") }
            }
        }
    }

    @Test("A file of the corrections is there whole, or not at all")
    func files() async throws {
        try await withBooks { books in
            try NoticeDeliveryTests.deploy(books, ["northwind"])
            try books.job("nightly", "--as-of", "2022-02-10")
            try books.write([Count("2022-01-05", 150, account: "northwind-store")], to: "all.csv")
            let file = books.folder.path + "/corrections.csv"
            let words = [
                "backfill", "--from", "2022-01-01", "--to", "2022-02-01", "--as-of", "2022-02-10", "--deployment",
                books.folder.path, "--corrections", file,
            ]
            var whole: String?
            func look() -> String? { try? Books.text(of: file) }
            let list = books.folder.path + "/passed"
            let copy = try books.database.copy()
            defer { try? copy.drop() }
            let all = words + ["--database", copy.conninfo]
            #expect(
                try Program.meterbook.run(
                    all, environment: ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT_LIST": list]
                ).code == 0)
            whole = look()
            #expect(whole?.split(separator: "\n").count == 2)
            let renames = try Books.text(of: list).split(separator: "\n").enumerated().filter {
                $0.element.contains(" rename of ")
            }.map { $0.offset + 1 }
            #expect(renames.count == 2)
            for (place, isThere) in zip(renames, [false, true]) {
                try FileManager.default.removeItem(atPath: file)
                let database = try books.database.copy()
                defer { try? database.drop() }
                let again = words + ["--database", database.conninfo]
                #expect(try Program.meterbook.run(again, environment: Self.armed(place)).signal == SIGKILL)
                #expect(look() == (isThere ? whole : nil))
                let outcome = try Books(database: database, folder: books.folder).runAgain(words)
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(look() == whole)
            }
        }
    }

    @Test("Set-up that dies while it makes the private server, or the schema, is completed by the same command")
    func settingUp() async throws {
        let folder = try TemporaryDirectory()
        let list = folder.path + "/passed"
        @Sendable func run(_ home: String, _ words: [String], _ more: [String: String] = [:]) throws -> Program.Outcome
        {
            try Program.meterbook.run(
                words, environment: ["METERBOOK_HOME": "\(folder.path)/\(home)"].merging(more) { $1 })
        }
        try await onOwnThread {
            let plain = ["METERBOOK_PROFILE": "test", "METERBOOK_FAILPOINT_LIST": list]
            #expect(try run("whole", ["migrate"], plain).code == 0)
            _ = try run("whole", ["server", "stop"])
            let places = try Books.text(of: list).split(separator: "\n").map(String.init)
            var random = SeededGenerator()
            var deadly = places.indices.filter { places[$0].contains(" rename of ") }
            #expect(deadly.count >= 2, "\(places)")
            for _ in 0..<3 { deadly.append(Int.random(in: places.indices, using: &random)) }
            for (number, place) in deadly.enumerated() {
                let home = "home\(number)"
                defer { _ = try? run(home, ["server", "stop"]) }
                #expect(try run(home, ["migrate"], Self.armed(place + 1)).signal == SIGKILL, "\(places[place])")
                let again = try run(home, ["migrate"])
                #expect(again.code == 0, "after \(places[place]): \(again.errors)")
                #expect(try run(home, ["invoice", "list"]).code == 0)
            }
        }
    }
}
