import Foundation
import PrivateServer
import TestSupport
import Testing

/// Customers, subscriptions, accounts and memberships: imported again and again, and changed where they may change.
@Suite("Imports")
struct ImportTests {
    private static let pair: [Subscriber] = [
        Subscriber("northwind", anchor: "2022-06-01"), Subscriber("harbor", anchor: "2022-06-15"),
    ]

    private static let counts: [Count] = [
        Count("2022-06-03", 100), Count("2022-06-20", 40, account: "harbor-store"), Count("2022-07-20", 12_000),
        Count("2022-07-21", 7, account: "harbor-store", channel: "amazon"),
    ]

    @Test("Renaming a customer changes one row, and the name on his invoices")
    func renaming() async throws {
        try await withBooks { books in
            try books.deploy(Self.pair)
            try books.write(Self.counts, to: "all.csv")
            try books.job("nightly", "--as-of", "2022-08-01")
            let before = try books.hash()
            let rows = try books.sql("SELECT xmin, key FROM meterbook.customer ORDER BY 2").split(separator: "\n")
            try books.folder.write("customer,name\nnorthwind,Northwind Ltd\nharbor,The harbor company\n", to: "customers.csv")
            let pulled = try JSON(books.job("nightly", "--as-of", "2022-08-01", "--json")).list("pulls")
            #expect(try pulled[0].number("changed") == 1)
            #expect(try pulled[0].number("unchanged") == 1)
            let after = try books.hash()
            #expect(Set(after.filter { before[$0.key] != $0.value }.keys) == ["customer"])
            let now = try books.sql("SELECT xmin, key FROM meterbook.customer ORDER BY 2").split(separator: "\n")
            #expect(rows[0] == now[0] && rows[1] != now[1])
            #expect(try books.run("invoice", "show", "northwind/2022-07-01").contains("Northwind Ltd"))
        }
    }

    @Test("A subscription that is ended is billed for the period that its end falls into, and for none after it")
    func ending() async throws {
        try await withBooks { books in
            try books.deploy(Self.pair)
            try books.write(Self.counts, to: "all.csv")
            try books.job("nightly", "--as-of", "2022-07-10")
            try books.write([Subscriber("northwind", anchor: "2022-06-01", ends: "2022-07-11"), Self.pair[1]])
            try books.job("nightly", "--as-of", "2022-10-01")
            #expect(try books.invoices().map(\.reference) == ["northwind/2022-07-01", "northwind/2022-08-01"])
            #expect(try books.invoices("harbor").count == 3)
            #expect(try books.agree())
            let settled = try books.hash()
            try books.job("nightly", "--as-of", "2022-10-01")
            #expect(try books.hash() == settled)
        }
    }

    @Test("An end on the first day of the open period takes that period away; an end that goes away brings it back")
    func endingOnABoundary() async throws {
        try await withBooks { books in
            try books.deploy(Self.pair)
            try books.job("nightly", "--as-of", "2022-07-10")
            let open = "SELECT s.key, o.starts FROM meterbook.open_period o JOIN meterbook.subscription s USING (customer_id, subscription_id) ORDER BY 1"
            #expect(try books.sql(open) == "harbor|2022-06-15\nnorthwind|2022-07-01")
            try books.write([Subscriber("northwind", anchor: "2022-06-01", ends: "2022-09-01"), Self.pair[1]])
            try books.job("nightly", "--as-of", "2022-07-11")
            try books.write(Self.pair)
            try books.job("nightly", "--as-of", "2022-10-01")
            #expect(try books.invoices().count == 4)
            try books.write([Subscriber("northwind", anchor: "2022-06-01", ends: "2022-10-01"), Self.pair[1]])
            try books.job("nightly", "--as-of", "2022-12-01")
            #expect(try books.invoices().count == 4)
            #expect(try books.sql(open) == "harbor|2022-11-15")
            #expect(try books.agree())
        }
    }

    @Test("An account moves to another subscription by an end and a new beginning, and each day counts for one of them")
    func moving() async throws {
        try await withBooks { books in
            try books.deploy(Self.pair)
            try books.write([Count("2022-06-03", 100)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-06-09")
            try books.folder.write(
                """
                account,subscription,from,until
                northwind-store,northwind,2022-06-01,2022-06-20
                northwind-store,harbor,2022-06-20,
                harbor-store,harbor,,

                """, to: "memberships.csv")
            try books.write([Count("2022-06-03", 100), Count("2022-06-19", 10), Count("2022-06-20", 1)], to: "all.csv")
            let pulled = try JSON(books.job("nightly", "--as-of", "2022-07-20", "--json")).list("pulls")
            #expect(try pulled[3].number("changed") == 1)
            #expect(try pulled[3].number("new") == 1)
            #expect(try books.invoices().first?.lines.last?.quantity == 110)
            #expect(try books.invoices("harbor").first?.lines.last?.quantity == 1)
            #expect(try books.agree())
            let settled = try books.hash()
            try books.job("nightly", "--as-of", "2022-07-20")
            #expect(try books.hash() == settled)

            // It cannot leave from a day that has been counted.
            try books.folder.write(
                "account,subscription,from,until\nnorthwind-store,northwind,2022-06-01,2022-06-10\n", to: "memberships.csv")
            #expect(try books.attempt("pull", "--source", "memberships", "--as-of", "2022-07-21").code == 65)
            #expect(try books.run("reject", "list").contains("fixed_field"))
        }
    }

    @Test("The same rows as CSV, as NDJSON, gzipped and in another order make the same books")
    func formats() async throws {
        @Sendable func contents(_ format: String) async throws -> String {
            try await withBooks { books in
                try books.deploy(Self.pair + [.legacy("mill", day: "09")])
                try books.write(Self.counts, to: "all.csv")
                for name in ["customers", "subscriptions", "accounts", "memberships", "orders/all"] {
                    try Self.rewrite(books, name, as: format)
                }
                if format.contains("ndjson") || format.hasSuffix("gz") {
                    try books.folder.write(
                        Books.sources.replacingOccurrences(of: ".csv", with: ".\(format)"), to: "sources.yaml")
                }
                try books.job("nightly", "--as-of", "2022-08-20")
                #expect(try books.agree())
                return try books.contents()
            }
        }
        let csv = try await contents("csv")
        #expect(csv.contains("total|northwind|orders|2022-07-01|12000"))
        for format in ["ndjson", "csv.gz", "ndjson.gz", "reversed"] {
            let other = try await contents(format)
            #expect(other == csv, "\(format)")
        }
    }

    /// Replaces a CSV file of the deployment by one with the same rows.
    private static func rewrite(_ books: Books, _ name: String, as format: String) throws {
        let path = books.folder.path + "/" + name
        let lines = try String(contentsOfFile: path + ".csv", encoding: .utf8).split(separator: "\n").map(String.init)
        switch format {
        case "csv": return
        case "reversed":
            try ([lines[0]] + lines.dropFirst().reversed()).map { $0 + "\n" }.joined()
                .write(toFile: path + ".csv", atomically: true, encoding: .utf8)
        default:
            var target = path + ".csv"
            if format.hasPrefix("ndjson") {
                let names = lines[0].split(separator: ",")
                let objects = lines.dropFirst().map { line in
                    let values = line.split(separator: ",", omittingEmptySubsequences: false)
                    let members = zip(names, values).filter { !$1.isEmpty }.map { "\"\($0)\": \"\($1)\"" }
                    return "{\(members.joined(separator: ", "))}\n"
                }
                try FileManager.default.removeItem(atPath: target)
                target = path + ".ndjson"
                try objects.joined().write(toFile: target, atomically: true, encoding: .utf8)
            }
            if format.hasSuffix("gz") {
                let result = try Command("/usr/bin/gzip", [target], environment: Command.plain).run()
                guard result.succeeded else { throw TestFailure(result.errorText) }
            }
        }
    }

    @Test("Of several files the last one stands, whole file by whole file")
    func lastFile() async throws {
        try await withBooks { books in
            try books.deploy(Self.pair)
            try books.write([Count("2022-06-03", 100), Count("2022-06-04", 5)], to: "1.csv")
            try books.write([Count("2022-06-03", 70)], to: "2.csv")
            let pulled = try JSON(books.job("pull", "--as-of", "2022-06-10", "--json")).list("pulls")[4]
            #expect(try pulled.number("new") == 2)
            #expect(try pulled.number("repeated") == 1)
            #expect(try books.sql("SELECT quantity FROM meterbook.reading ORDER BY day") == "70\n5")
            #expect(try books.agree())
        }
    }
}
