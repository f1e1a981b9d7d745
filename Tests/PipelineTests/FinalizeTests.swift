import Foundation
import TestSupport
import Testing

/// The life of an invoice: when a draft becomes final, by what number, and how it is taken back.
@Suite("Finalizing")
struct FinalizeTests: PlaysShop {
    private static let flat = ["prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}"]

    /// A shop of one subscription since 2026-01-01, invoiced on the first of each month.
    private func deploy(_ books: Books, invoices: String) throws {
        try deploy(books, small: Self.flat, large: Self.flat, changes: invoices.isEmpty ? "" : "invoices: \(invoices)")
    }

    /// `2026-02-01 draft`, with number and date where it has them.
    private func states(_ books: Books) throws -> [String] {
        try books.sql(
            """
            SELECT i.period_ends, coalesce(f.label || ' ' || f.issued_on, 'draft') FROM meterbook.invoice AS i
            LEFT JOIN meterbook.finalized_invoice AS f USING (customer_id, subscription_id, period_ends, kind)
            ORDER BY i.period_ends
            """
        ).split(separator: "\n").map { String($0).replacing("|", with: " ") }
    }

    @Test("What is finalized at once has its number the same night, and a night more gives no other")
    func atOnce() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: at_once, number: 'S-{{year}}-{{number}}', digits: 3}")
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-02-01", "2026-02-02")
            #expect(
                try self.states(books) == ["2026-01-01 S-2026-001 2026-01-01", "2026-02-01 S-2026-002 2026-02-01"])
            let list = try books.run("invoice", "list")
            #expect(list.contains("finalized") && !list.contains("draft"), "\(list)")
            let shown = try books.run("invoice", "show", "s/2026-02-01")
            #expect(
                shown.hasPrefix(
                    """
                    Invoice s/2026-02-01                                                   finalized
                    Number S-2026-002                                              issued 2026-02-01

                    """), "\(shown)")
            let json = try books.run("invoice", "show", "s/2026-02-01", "--json")
            #expect(
                json.contains(#""number": "S-2026-002""#) && json.contains(#""issued_on": "2026-02-01""#), "\(json)")
            #expect(
                try books.run("invoice", "verify-chain")
                    == "shop S-{{year}}-{{number}} of 2026: 2 numbers, each follows from the one before.\n")
        }
    }

    @Test("After a grace of five days the sixth night finalizes, and dates the invoice by it")
    func grace() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: 5 days}")
            try self.nights(books, "2026-01-01", "2026-01-05")
            #expect(try self.states(books) == ["2026-01-01 draft"])
            try self.nights(books, "2026-01-06")
            #expect(try self.states(books) == ["2026-01-01 2026-000001 2026-01-06"])
        }
    }

    @Test("By hand nothing is finalized but what a person names, once")
    func byHand() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "")
            try self.nights(books, "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01")
            #expect(try self.states(books).allSatisfy { $0.hasSuffix("draft") })
            let dry = try books.run("invoice", "finalize", "s/2026-03-01", "--as-of", "2026-04-03", "--dry-run")
            #expect(dry.contains("Finalized 1 invoice."), "\(dry)")
            try books.run("invoice", "finalize", "s/2026-03-01", "--as-of", "2026-04-03")
            #expect(try self.states(books)[2] == "2026-03-01 2026-000001 2026-04-03")
            try books.run("invoice", "finalize", "--all", "--until", "2026-02-01", "--as-of", "2026-04-04")
            #expect(
                try self.states(books) == [
                    "2026-01-01 2026-000002 2026-04-04", "2026-02-01 2026-000003 2026-04-04",
                    "2026-03-01 2026-000001 2026-04-03", "2026-04-01 draft",
                ])
            #expect(
                try books.run("invoice", "finalize", "--all", "--until", "2026-02-01", "--as-of", "2026-04-04")
                    .contains("No draft was waiting."))
            let again = try books.meterbook("invoice", "finalize", "s/2026-03-01", "--as-of", "2026-04-05")
            #expect(again.code == 65)
            #expect(
                again.errors.contains("invoice 's/2026-03-01' is no draft: it was finalized as 2026-000001"),
                "\(again.errors)")
            #expect(try books.meterbook("invoice", "finalize", "s/2026-07-01", "--as-of", "2026-04-05").code == 64)
            #expect(try books.meterbook("invoice", "finalize").code == 64)
            #expect(try books.meterbook("invoice", "finalize", "s/2026-03-01", "--all").code == 64)
        }
    }

    @Test("Numbers begin anew with the year, and a dry run uses none")
    func years() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: at_once}")
            for _ in 0..<2 { try books.job("nightly", "--as-of", "2026-01-01", "--dry-run") }
            try self.nights(
                books, "2026-01-01", "2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01")
            let states = try self.states(books)
            #expect(states.first == "2026-01-01 2026-000001 2026-01-01")
            #expect(
                states.suffix(3) == [
                    "2026-12-01 2026-000012 2026-12-01", "2027-01-01 2027-000001 2027-01-01",
                    "2027-02-01 2027-000002 2027-02-01",
                ])
        }
    }

    @Test("Cron down for forty days: the same invoices with the same numbers and dates as of every night")
    func fortyDays() async throws {
        var kept: [[String]] = []
        for skips in [false, true] {
            let found = try await withBooks { books in
                try self.deploy(books, invoices: "{finalize: 2 days}")
                try books.folder.write(
                    "subscription,plan,anchor,cadence,customer\n"
                        + (1...9).map { "s\($0),small,2026-01-0\($0),month,c\n" }.joined(), to: "subscriptions.csv")
                try books.folder.write("account,subscription\na,s1\nb,s2\n", to: "memberships.csv")
                let nights =
                    (1...31).map { "2026-01-\($0 < 10 ? "0" : "")\($0)" }
                    + (1...28).map { "2026-02-\($0 < 10 ? "0" : "")\($0)" }
                for (index, night) in nights.enumerated() where !skips || index < 5 || index >= 45 {
                    try self.nights(books, night)
                }
                return try self.numbered(books)
            }
            kept.append(found)
        }
        #expect(kept[0].count == 18)
        #expect(kept[0] == kept[1])
    }

    private func numbered(_ books: Books) throws -> [String] {
        try books.sql(
            """
            SELECT f.label, f.issued_on, f.period_ends, s.key, i.total
            FROM meterbook.finalized_invoice AS f
            JOIN meterbook.invoice AS i USING (customer_id, subscription_id, period_ends, kind)
            JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
            ORDER BY f.number
            """
        ).split(separator: "\n").map(String.init)
    }

    @Test("A voided draft never gets a number; a voided invoice keeps its own, and says why it was voided")
    func voided() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: 2 days}")
            try self.nights(books, "2026-01-01", "2026-01-03", "2026-02-01")
            let void = ["invoice", "void", "s/2026-02-01", "--reason", "wrong plan", "--by", "A. Clerk"]
            #expect(
                try Program.meterbook.run(
                    void + ["--dry-run", "--as-of", "2026-02-02", "--database", books.conninfo(for: void)]
                ).output == "1 invoice would be voided.\n")
            try books.run(
                "invoice", "void", "s/2026-01-01", "s/2026-02-01", "--reason", "wrong plan", "--by", "A. Clerk",
                "--as-of", "2026-02-02")
            try self.nights(books, "2026-02-03", "2026-03-01", "2026-03-03")
            #expect(
                try self.states(books) == [
                    "2026-01-01 2026-000001 2026-01-03", "2026-02-01 draft", "2026-03-01 2026-000002 2026-03-03",
                ])
            let list = try books.run("invoice", "list")
            #expect(list.split(separator: "\n").count { $0.contains("voided ") } == 2, "\(list)")
            #expect(list.contains("Voided invoices are not in the total."))
            let shown = try books.run("invoice", "show", "s/2026-01-01")
            #expect(shown.contains("2026-000001"))
            #expect(shown.contains("Voided on 2026-02-02 by A. Clerk: wrong plan"), "\(shown)")
            let again = try Program.meterbook.run(
                void + ["--as-of", "2026-03-04", "--database", books.conninfo(for: void)])
            #expect(again.code == 65)
            #expect(again.errors.contains("was voided already"), "\(again.errors)")
        }
    }

    @Test("Whether an invoice was paid is said apart from what it is, and the last word holds")
    func payment() async throws {
        try await withBooks { books in
            try self.deploy(books, invoices: "{finalize: 2 days}")
            try self.nights(books, "2026-01-01", "2026-01-03", "2026-02-01")
            func pay(_ invoice: String, _ status: String, _ since: String) throws -> Program.Outcome {
                try books.meterbook(
                    "invoice", "payment", invoice, "--status", status, "--since", since, "--by", "Bank", "--as-of",
                    "2026-02-02")
            }
            #expect(try pay("s/2026-01-01", "paid", "2026-01-20").output == "1 invoice recorded as paid.\n")
            #expect(try pay("s/2026-01-01", "paid", "2026-01-20").output == "0 invoices recorded as paid.\n")
            #expect(try books.run("invoice", "show", "s/2026-01-01").contains("paid since 2026-01-20\n"))
            #expect(try pay("s/2026-01-01", "unpaid", "2026-01-25").code == 0)
            #expect(try books.run("invoice", "show", "s/2026-01-01").contains("unpaid since 2026-01-25\n"))
            #expect(
                try books.sql("SELECT entry, status, since FROM meterbook.invoice_payment ORDER BY entry")
                    == "1|paid|2026-01-20\n2|unpaid|2026-01-25")
            let export = try books.run("invoice", "export")
            #expect(export.contains(#""payment":{"status":"unpaid","since":"2026-01-25"}"#), "\(export)")
            let draft = try pay("s/2026-02-01", "paid", "2026-02-02")
            #expect(draft.code == 65)
            #expect(draft.errors.contains("has not been finalized"), "\(draft.errors)")
            #expect(try pay("s/2026-01-01", "gone", "2026-02-02").code == 64)
            #expect(try books.run("invoice", "verify-chain").contains("1 number, each follows"))
        }
    }
}
