import Foundation
import PrivateServer
import TestSupport
import Testing

/// The outbox on its way out: at least once, under the same id, by one deliverer at a time.
@Suite("Delivering notices")
struct NoticeDeliveryTests {
    /// Books with notices that are due: 50% and 100% for each subscription, in order.
    static func deploy(_ books: Books, _ keys: [String] = ["northwind"], counts: Int = 100) throws {
        try books.deployAlerts(keys, "allowance: 100, alerts: [50, 100], unit_price: 1")
        try books.write(keys.map { Count("2022-01-05", counts, account: "\($0)-store") }, to: "all.csv")
        try books.job("nightly", "--as-of", "2022-01-10")
    }

    private static func deliver(_ books: Books, _ words: String...) throws -> Program.Outcome {
        try Program.meterbook.run(
            ["notice", "deliver", "--as-of", "2022-01-10", "--database", books.conninfo(for: ["notice", "deliver"])]
                + words)
    }

    /// Makes what waits for another attempt due at once: nobody waits in a test.
    private static func hurry(_ books: Books) throws {
        try books.sql("UPDATE meterbook.notice SET next_attempt_at = NULL WHERE status = 'pending'")
    }

    // MARK: Directory

    @Test("A directory gets one mail for each notice, named by its id, and no second time")
    func directory() async throws {
        try await withBooks { books in
            try Self.deploy(books, ["northwind", "harbor"])
            // Also who has no address.
            try books.sql("DELETE FROM meterbook.customer_contact")
            let box = books.folder.path + "/box"
            try FileManager.default.createDirectory(atPath: box, withIntermediateDirectories: true)
            let first = try Self.deliver(books, "--directory", box, "--from", "billing@vendor.example", "--json")
            #expect(first.code == 0, "\(first.errors)")
            let summary = try JSON(first.output)
            #expect(try summary.number("delivered") == 4)
            #expect(try summary.number("waiting") == 0)
            let notices = try books.notices()
            let files = try FileManager.default.contentsOfDirectory(atPath: box)
            #expect(Set(files) == Set(try notices.map { try $0.text("id") + ".eml" }))
            for notice in notices {
                #expect(try notice.text("status") == "delivered")
                #expect(try notice.number("attempts") == 1)
                let id = try notice.text("id")
                let mail = try Books.text(of: "\(box)/\(id).eml")
                #expect(mail.contains("\r\nMessage-ID: <\(id)@vendor.example>\r\n"))
                #expect(mail.hasPrefix("From: billing@vendor.example\r\nTo: undisclosed-recipients:;\r\n"))
                #expect(mail.contains(try notice.text("subject")))
            }
            try FileManager.default.removeItem(atPath: "\(box)/\(files[0])")
            let before = try books.hash(journal: true)
            #expect(try Self.deliver(books, "--directory", box).code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: box).count == 3)
            #expect(try books.hash(journal: true) == before)
        }
    }

    @Test("The id is that of the cause: books that are made again have the same ones")
    func sameIDs() async throws {
        try await withBooks { books in
            try Self.deploy(books, ["northwind", "harbor"])
            // Workers take customers side by side, so their notices come in any order.
            let first = try Set(books.notices().map { try $0.text("id") })
            #expect(first.count == 4)
            #expect(
                first.allSatisfy {
                    $0.range(
                        of: "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$",
                        options: .regularExpression)
                        != nil
                })
            try books.sql("DELETE FROM meterbook.notice; DELETE FROM meterbook.alert_progress")
            try books.job("nightly", "--as-of", "2022-01-11")
            #expect(try Set(books.notices().map { try $0.text("id") }) == first)
        }
    }

    @Test("What is not there is said, and nothing counts as tried")
    func nowhere() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let before = try books.hash()
            let secret = try books.folder.write("whsec_tooshort", to: "secret")
            for words in [
                ["--directory", books.folder.path + "/none"], ["--sendmail", books.folder.path + "/none"],
                ["--webhook", "https://a.example", "--secret-file", secret],
                ["--webhook", "https://a.example", "--secret-file", secret + ".none"],
            ] {
                let outcome = try Program.meterbook.run(
                    [
                        "notice", "deliver", "--as-of", "2022-01-10", "--database",
                        books.conninfo(for: ["notice", "deliver"]),
                    ] + words)
                #expect(outcome.code == 78, "\(words): \(outcome.errors)")
                #expect(!outcome.errors.contains("tooshort"))
            }
            for url in ["ftp://a.example", "https://user:secret@a.example"] {
                let outcome = try books.meterbook("notice", "deliver", "--webhook", url, "--secret-file", secret)
                #expect(outcome.code == 64 && outcome.errors.contains("--webhook takes"), "\(outcome)")
                #expect(!outcome.errors.contains("user:secret"))
            }
            #expect(try books.hash() == before)
        }
    }

    // MARK: Mail program

    /// A program in place of sendmail: it keeps what it is called with and what it reads, and ends as the file `code` says.
    private static func stub(_ books: Books, _ more: String = "") throws -> String {
        let path = books.folder.path + "/sendmail"
        try FileManager.default.createDirectory(
            atPath: books.folder.path + "/sent", withIntermediateDirectories: true)
        try writeProgram(
            """
            #!/bin/sh
            cd '\(books.folder.path)' || exit 78
            n=$(ls sent | grep -c mail)
            printf '%s\\n' "$@" >"sent/args.$n"
            cat >"sent/mail.$n"
            \(more)
            if [ -f code ]; then
                printf '\\n%s\\nmore\\n' "550 $(sed -n 's/^To: .*<\\(.*\\)>.*/\\1/p' "sent/mail.$n"): no" >&2
                exit "$(cat code)"
            fi
            """, to: path)
        return path
    }

    private static func sent(_ books: Books, _ what: String = "mail") throws -> [String] {
        let folder = books.folder.path + "/sent"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(what) }
        return try names.sorted().map { try Books.text(of: "\(folder)/\($0)") }
    }

    @Test("A mail program gets each message on its standard input, with -t, -i and the sender, in order")
    func sendmail() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let program = try Self.stub(books)
            let outcome = try Self.deliver(books, "--sendmail", program, "--from", "billing@vendor.example")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("2 delivered"))
            #expect(
                try Self.sent(books, "args") == [
                    "-t\n-i\n-f\nbilling@vendor.example\n", "-t\n-i\n-f\nbilling@vendor.example\n",
                ])
            let mails = try Self.sent(books)
            #expect(mails.map { $0.contains("Subject: 50% of") } == [true, false])
            #expect(mails.map { $0.contains("Subject: 100% of") } == [false, true])
            for mail in mails {
                #expect(mail.contains("To: \"The northwind company\" <northwind@customers.example>\r\n"))
            }
            #expect(try books.notices("delivered").count == 2)
        }
    }

    @Test("A hostile name of a customer adds neither a header nor a recipient")
    func hostile() async throws {
        try await withBooks { books in
            let names = ["\"quoted\"\" <victim@example.net>, x\"", "株式会社テスト Bcc: victim@example.net"]
            try books.deployAlerts(["northwind", "harbor"], "allowance: 100, alerts: [50], unit_price: 1")
            try books.folder.write(
                "customer,name,email\nnorthwind,\(names[0]),n@customers.example\nharbor,\(names[1]),h@customers.example\n",
                to: "customers.csv")
            try books.write(
                ["northwind", "harbor"].map { Count("2022-01-05", 50, account: "\($0)-store") }, to: "all.csv")
            try books.job("nightly", "--as-of", "2022-01-10")
            #expect(try Self.deliver(books, "--sendmail", Self.stub(books)).code == 0)
            let mails = try Self.sent(books)
            #expect(mails.count == 2)
            for mail in mails {
                let header = try #require(mail.components(separatedBy: "\r\n\r\n").first)
                let fields = header.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }.map {
                    $0.prefix { $0 != ":" }
                }
                // Without --from the mail program names the sender.
                #expect(
                    fields == [
                        "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                        "Content-Transfer-Encoding",
                    ])
                let to = try #require(header.components(separatedBy: "\r\nSubject:").first)
                #expect(to.hasSuffix("@customers.example>"))
            }
        }
    }

    @Test("A row whose address is none is rejected, one without keeps what is known, and an empty one takes it away")
    func addresses() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            func pull(_ rows: String) throws -> Int32? {
                try books.folder.write(rows, to: "customers.csv")
                return try books.attempt("pull", "--source", "customers", "--as-of", "2022-01-10").code
            }
            func known() throws -> String { try books.sql("SELECT email FROM meterbook.customer_contact") }
            #expect(try known() == "northwind@customers.example")
            #expect(try pull("customer,name,email\nnorthwind,N,\"a@b.example\r\nBcc: c@d.example\"\n") == 65)
            #expect(try pull("customer,name,email\nnorthwind,N,\"a@b.example, c@d.example\"\n") == 65)
            #expect(try books.run("reject", "list").contains("invalid_email"))
            #expect(try known() == "northwind@customers.example")
            #expect(try pull("customer,name\nnorthwind,N\n") == 0)
            #expect(try known() == "northwind@customers.example")
            #expect(try pull("customer,name,email\nnorthwind,N,other@customers.example\n") == 0)
            #expect(try known() == "other@customers.example")
            let before = try books.hash()
            #expect(try pull("customer,name,email\nnorthwind,N,other@customers.example\n") == 0)
            #expect(try books.hash() == before)
            #expect(try pull("customer,name,email\nnorthwind,N,\n") == 0)
            #expect(try known() == "")
            // Mail has to wait for an address then.
            let outcome = try Self.deliver(books, "--sendmail", Self.stub(books), "--json")
            #expect(outcome.code == 75)
            #expect(try JSON(outcome.output).number("without_address") == 2)
            #expect(try books.notices("pending").map { try $0.number("attempts") } == [0, 0])
            #expect(try Self.sent(books).isEmpty)
        }
    }

    @Test("Tried again later: the reason is kept without the address, and a later one does not overtake")
    func temporary() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let program = try Self.stub(books)
            try books.folder.write("75", to: "code")
            #expect(try Self.deliver(books, "--sendmail", program).code == 75)
            let notices = try books.notices("pending")
            #expect(try notices.map { try $0.number("attempts") } == [1, 0])
            #expect(try notices[0].text("last_error") == "exit code 75: 550 (address): no")
            _ = try notices[0].text("next_attempt_at")
            // Its time has not come.
            #expect(try Self.deliver(books, "--sendmail", program).code == 75)
            #expect(try Self.sent(books).count == 1)
            try Self.hurry(books)
            try FileManager.default.removeItem(atPath: books.folder.path + "/code")
            #expect(try Self.deliver(books, "--sendmail", program).code == 0)
            let mails = try Self.sent(books)
            #expect(mails.map { $0.contains("Subject: 50% of") } == [true, true, false])
            let ids = mails.map { $0.components(separatedBy: "\r\n").first { $0.hasPrefix("Message-ID:") } }
            #expect(ids[0] == ids[1] && ids[1] != ids[2])
            #expect(try books.notices().map { try $0.number("attempts") } == [2, 1])
        }
    }

    @Test("A recipient that does not exist is given up at once, and the next notice goes out")
    func permanent() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let program = try Self.stub(books, "if [ \"$n\" -gt 0 ]; then rm -f code; fi")
            try books.folder.write("67", to: "code")
            let outcome = try Self.deliver(books, "--sendmail", program, "--json")
            #expect(outcome.code == 65)
            let summary = try JSON(outcome.output)
            #expect(try summary.number("dead") == 1)
            #expect(try summary.number("delivered") == 1)
            let dead = try #require(try books.notices("dead").first)
            #expect(try dead.text("last_error") == "exit code 67: 550 (address): no")
            #expect(try dead.number("threshold") == 50)
            // It stays so, and is no failure of later calls.
            #expect(try Self.deliver(books, "--sendmail", program).code == 0)
            #expect(try Self.sent(books).count == 2)
        }
    }

    @Test("After so many attempts a notice is given up")
    func deadLetter() async throws {
        try await withBooks { books in
            try Self.deploy(books, counts: 50)
            let program = try Self.stub(books)
            try books.folder.write("70", to: "code")
            for attempt in 1...3 {
                let code = try Self.deliver(books, "--sendmail", program, "--attempts", "3").code
                #expect(code == (attempt == 3 ? 65 : 75))
                try Self.hurry(books)
            }
            let dead = try #require(try books.notices("dead").first)
            #expect(try dead.number("attempts") == 3)
            #expect(try Self.deliver(books, "--sendmail", program, "--attempts", "3").code == 0)
            #expect(try Self.sent(books).count == 3)
        }
    }

    @Test("What was given up goes out after all once somebody says so, under the id that it had")
    func revived() async throws {
        try await withBooks { books in
            try Self.deploy(books, counts: 50)
            let program = try Self.stub(books)
            try books.folder.write("67", to: "code")
            #expect(try Self.deliver(books, "--sendmail", program).code == 65)
            let id = try #require(try books.notices("dead").first).text("id")
            #expect(try books.run("notice", "retry", "--subscription", "nobody") == "None of these was given up.\n")
            #expect(try books.run("notice", "retry", "no-such-id") == "None of these was given up.\n")
            #expect(try books.run("notice", "retry", id) == "One notice will be delivered after all.\n")
            #expect(try books.run("notice", "retry", "--all") == "None of these was given up.\n")
            #expect(try books.meterbook("notice", "retry").code == 64)
            try FileManager.default.removeItem(atPath: books.folder.path + "/code")
            #expect(try Self.deliver(books, "--sendmail", program).code == 0)
            let mails = try Self.sent(books)
            #expect(mails.count == 2 && mails.allSatisfy { $0.contains("<\(id)@") })
            let delivered = try #require(try books.notices("delivered").first)
            #expect(try delivered.number("attempts") == 1)
        }
    }

    @Test("Killed between the sending and the mark, it sends the same message once more")
    func killed() async throws {
        try await withBooks { books in
            try Self.deploy(books, counts: 50)
            let program = try Self.stub(books, "if [ \"$n\" -eq 0 ]; then kill -9 \"$PPID\"; fi")
            let killed = try Self.deliver(books, "--sendmail", program)
            #expect(killed.signal == SIGKILL)
            // The server lets go of the row when it notices.
            var outcome = try Self.deliver(books, "--sendmail", program)
            for _ in 0..<100 where outcome.code == 75 { outcome = try Self.deliver(books, "--sendmail", program) }
            #expect(outcome.code == 0, "\(outcome.errors)")
            let ids = try Self.sent(books).map {
                $0.components(separatedBy: "\r\n").first { $0.hasPrefix("Message-ID:") }
            }
            #expect(ids.count == 2 && ids[0] == ids[1])
            #expect(try books.notices("delivered").count == 1)
        }
    }

    @Test("Asked to stop, it marks what it has just sent, and leaves the rest to the next one")
    func stopped() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let program = try Self.stub(books, "if [ \"$n\" -eq 0 ]; then kill -TERM \"$PPID\"; fi")
            // The signal comes while the program runs, and is heard before the next notice or, at the latest, at the end.
            let outcome = try Self.deliver(books, "--sendmail", program)
            #expect(outcome.code == 75 || outcome.code == 0)
            let sent = try Self.sent(books).count
            #expect(try books.notices("delivered").count == sent)
            #expect(try Self.deliver(books, "--sendmail", program).code == 0)
            #expect(try Self.sent(books).count == 2)
        }
    }

    @Test("Two at a time: what one is just sending the other leaves alone")
    func twoDeliverers() async throws {
        try await withBooks { books in
            try Self.deploy(books, ["northwind", "harbor"], counts: 50)
            let program = try Self.stub(books, "if [ \"$n\" -eq 0 ]; then : >first; cat gate >/dev/null; fi")
            let pipe = try Command("/bin/sh", ["-c", "mkfifo \"$0\"", books.folder.path + "/gate"]).run()
            #expect(pipe.succeeded)
            let slow = try Program.meterbook.start([
                "notice", "deliver", "--as-of", "2022-01-10", "--database", books.conninfo(for: ["notice", "deliver"]),
                "--sendmail",
                program,
            ])
            let came = slow.waitUntil {
                FileManager.default.fileExists(atPath: books.folder.path + "/first")
            }
            #expect(came)
            let other = try Self.deliver(books, "--sendmail", program, "--json")
            #expect(try JSON(other.output).number("delivered") == 1)
            #expect(other.code == 75)
            let opened = try Command("/bin/sh", ["-c", ": >\"$0\"", books.folder.path + "/gate"]).run()
            #expect(opened.succeeded)
            #expect(slow.wait().code == 0)
            let mails = try Self.sent(books)
            #expect(mails.count == 2)
            #expect(Set(mails.map { $0.components(separatedBy: "\r\n")[0] }).count == 2)
            #expect(try books.notices("delivered").map { try $0.number("attempts") } == [1, 1])
        }
    }
}
