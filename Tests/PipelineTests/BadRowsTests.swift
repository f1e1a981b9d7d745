import Foundation
import TestSupport
import Testing

/// A row that cannot be taken in is kept with its reason, and the good rows around it are stored and billed.
@Suite("Bad rows")
struct BadRowsTests {
    /// Where a row was refused, and why; a column of 0 is the whole row.
    private struct Refusal: Hashable, CustomStringConvertible {
        var line: Int
        var column: Int
        var reason: String

        init(_ line: Int, _ column: Int, _ reason: String) {
            self.line = line
            self.column = column
            self.reason = reason
        }

        var description: String { "\(line):\(column) \(reason)" }
    }

    private static func refusals(_ books: Books, source: String) throws -> [Refusal] {
        let list = try JSON(books.run("reject", "list", "--source", source, "--json"))
        #expect(try list.text("schema") == "meterbook.rejection-list/1")
        return try list.list("rejections").map {
            Refusal(
                try $0.number("line"), $0.keys.contains("column") ? try $0.number("column") : 0, try $0.text("reason"))
        }.sorted { ($0.line, $0.reason) < ($1.line, $1.reason) }
    }

    /// Lines with the reason that each is refused for, column by column; nil is a good row.
    private typealias Row = (text: String, column: Int, reason: String?)

    private static let long = String(repeating: "x", count: 201)

    /// Good rows count 1, 2, 4, 8 … so that their sum says which of them were stored.
    private static let csv: [Row] = [
        ("northwind-store,shopify,2022-06-01,1", 0, nil),
        // One field.
        (",shopify,2022-06-02,5", 1, "empty_field"),
        ("northwind-store,,2022-06-02,5", 17, "empty_field"),
        ("northwind-store,shopify,,5", 25, "empty_field"),
        ("northwind-store,shopify,2022-06-02,", 36, "empty_field"),
        ("\(long),shopify,2022-06-02,5", 1, "field_too_long"),
        ("northwind-store,sho\u{1}pify,2022-06-02,5", 17, "control_character"),
        (" northwind-store,shopify,2022-06-02,5", 1, "surrounding_space"),
        ("northwind-store,shopify ,2022-06-02,5", 17, "surrounding_space"),
        ("northwind-store,shopify, 2022-06-02,5", 25, "surrounding_space"),
        ("northwind-store,shopify,2022-06-02, 5", 36, "surrounding_space"),
        ("northwind-store,shopify,2022-02-30,5", 25, "invalid_date"),
        ("northwind-store,shopify,02.06.2022,5", 25, "invalid_date"),
        ("northwind-store,shopify,2022-6-2,5", 25, "invalid_date"),
        ("northwind-store,shopify,1989-12-31,5", 25, "date_out_of_range"),
        ("northwind-store,shopify,2022-06-03,2", 0, nil),
        ("northwind-store,shopify,2022-06-02,five", 36, "invalid_number"),
        ("northwind-store,shopify,2022-06-02,1e3", 36, "invalid_number"),
        ("northwind-store,shopify,2022-06-02,+5", 36, "invalid_number"),
        ("northwind-store,shopify,2022-06-02,0x10", 36, "invalid_number"),
        ("northwind-store,shopify,2022-06-02,5.5", 36, "fractional_quantity"),
        ("northwind-store,shopify,2022-06-02,-5", 36, "negative_quantity"),
        ("northwind-store,shopify,2022-06-02,1000000000001", 36, "quantity_out_of_range"),
        ("northwind-store,shopify,2022-06-02,99999999999999999999999", 36, "quantity_out_of_range"),
        // The row as a row.
        ("northwind-store,shopify,2022-06-02", 1, "wrong_field_count"),
        ("northwind-store,shopify,2022-06-02,5,6", 1, "wrong_field_count"),
        ("northwind-store,\"shop\"ify,2022-06-02,5", 23, "stray_quote"),
        ("northwind-store,shop\"ify,2022-06-02,5", 21, "stray_quote"),
        ("northwind-store,shopify,2022-06-05,4", 0, nil),
        // What the values mean, and what the store knows.
        ("northwind-store,shopify,2190-01-01,5", 25, "future_day"),
        ("nobody-store,shopify,2022-06-02,5", 1, "unknown_account"),
        ("northwind-store,shopify,2022-05-31,5", 25, "not_a_member"),
        ("northwind-store,shopify,2022-06-01,7", 0, "conflicting_duplicate"),
        ("northwind-store,shopify,2022-06-07,8", 0, nil),
        ("northwind-store,shopify,2022-06-07,8", 0, nil),
    ]

    /// Rows with several mistakes are reported for the first by precedence, wherever it stands.
    private static let wrongTwice: [Row] = [
        (" nobody-store,,2022-02-30,-5", 15, "empty_field"),
        (" nobody-store,shopify,2022-02-30,-5", 1, "surrounding_space"),
        ("nobody-store,shopify,2022-02-30,-5", 22, "invalid_date"),
        ("nobody-store,shopify,2190-01-01,-5", 33, "negative_quantity"),
        ("nobody-store,shopify,2190-01-01,5", 22, "future_day"),
        ("nobody-store,shopify,2022-05-31,5", 1, "unknown_account"),
        ("nobody-store,\"shop\"ify,2022-02-30", 20, "stray_quote"),
        ("nobody-store,shopify,2022-02-30,0.5,7", 1, "wrong_field_count"),
    ]

    private static func expected(_ rows: [Row]) -> [Refusal] {
        rows.enumerated().compactMap { index, row in row.reason.map { Refusal(index + 2, row.column, $0) } }
    }

    private static func write(_ rows: [Row], to books: Books) throws {
        try books.folder.write(
            "account,channel,day,quantity\n" + rows.map { "\($0.text)\n" }.joined(), to: "orders/all.csv")
    }

    @Test("Each of 29 kinds of broken rows in a CSV file has its line, column and reason; the good ones are billed")
    func csvFile() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try Self.write(Self.csv, to: books)
            let outcome = try books.attempt("nightly", "--as-of", "2022-07-01", "--json")
            #expect(outcome.code == 65)
            let pull = try #require(try JSON(outcome.output).list("pulls").last)
            let expected = Self.expected(Self.csv)
            #expect(expected.count >= 25)
            #expect(try pull.number("read") == Self.csv.count)
            #expect(try pull.number("rejected") == expected.count)
            #expect(try pull.number("new") == 4)
            #expect(try pull.number("repeated") == 1)
            let found = try Self.refusals(books, source: "orders")
            for refusal in expected where !found.contains(refusal) { Issue.record("not refused: \(refusal)") }
            for refusal in found where !expected.contains(refusal) { Issue.record("refused: \(refusal)") }
            #expect(
                try books.invoices().first?.lines.last
                    == .usage("2022-06-01", "2022-07-01", 15, before: 0, threshold: 12_000))

            // Again: the same rows, and no new ones.
            let before = try books.hash()
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01").code == 65)
            let after = try books.hash()
            #expect(after == before)
            #expect(try books.agree())
        }
    }

    @Test("A rejected row is kept as it was delivered, with what was found and what was expected")
    func wholeRow() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                "account,channel,day,quantity\nnorthwind-store,\"shop,ify\",2022-02-30,5\n", to: "orders/all.csv")
            #expect(try books.attempt("pull", "--as-of", "2022-07-01").code == 65)
            let row = try #require(try JSON(books.run("reject", "list", "--json")).list("rejections").first)
            #expect(try row.text("origin").hasSuffix("orders/all.csv"))
            #expect(try row.text("row") == "northwind-store,\"shop,ify\",2022-02-30,5")
            #expect(try row.text("field") == "day")
            #expect(try row.text("found") == "2022-02-30")
            #expect(try row.number("column") == 28)
            #expect(try row.text("expected").contains("YYYY-MM-DD"))
            #expect(try books.run("reject", "list").contains("invalid_date"))
            #expect(try books.run("reject", "list", "--reason", "unknown_account") == "No rows rejected.\n")
            #expect(try books.meterbook("reject", "list", "--reason", "bad_luck").code == 64)
        }
    }

    @Test("A row that is wrong twice is reported for the first reason by precedence, wherever it stands")
    func precedence() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try Self.write(Self.wrongTwice, to: books)
            #expect(try books.attempt("pull", "--as-of", "2022-07-01").code == 65)
            let found = try Self.refusals(books, source: "orders")
            #expect(found == Self.expected(Self.wrongTwice))
        }
    }

    @Test("What is no text, or never ends, is refused by its bytes")
    func rawBytes() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            var bytes = Array("account,channel,day,quantity\n".utf8)
            bytes += Array("northwind-store,shop\u{0}ify,2022-06-01,5\n".utf8)
            bytes += Array("northwind-store,shop".utf8) + [0xC3, 0x28] + Array("ify,2022-06-01,5\n".utf8)
            bytes += Array("northwind-store,shopify,2022-06-01,5\n".utf8)
            bytes += Array("northwind-store,\(String(repeating: "x", count: 1 << 20)),2022-06-01,5\n".utf8)
            bytes += Array("northwind-store,shopify,2022-06-02,6\n".utf8)
            bytes += Array("northwind-store,\"shopify,2022-06-01,5\n".utf8)
            let file = try books.folder.write("", to: "orders/all.csv")
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            #expect(try books.attempt("pull", "--as-of", "2022-07-01").code == 65)
            #expect(
                try Self.refusals(books, source: "orders").map { "\($0.line) \($0.reason)" } == [
                    "2 nul_character", "3 invalid_utf8", "5 row_too_long", "7 unterminated_quote",
                ])
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "11")
        }
    }

    private static let ndjson: [Row] = [
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-01","quantity":1}"#, 0, nil),
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-02","quantity":}"#, 0, "invalid_json"),
        (#"["northwind-store","shopify","2022-06-02",5]"#, 0, "not_an_object"),
        (
            #"{"account":"northwind-store","account":"x","channel":"shopify","day":"2022-06-02","quantity":5}"#, 0,
            "duplicate_field"
        ),
        (#"{"account":"northwind-store","channel":["shopify"],"day":"2022-06-02","quantity":5}"#, 0, "nested_value"),
        (#"{"channel":"shopify","day":"2022-06-02","quantity":5}"#, 0, "missing_field"),
        (#"{"account":"northwind-store","channel":"","day":"2022-06-02","quantity":5}"#, 0, "empty_field"),
        (#"{"account":"northwind-store","channel":null,"day":"2022-06-02","quantity":5}"#, 0, "missing_field"),
        (
            #"{"account":"northwind-store","channel":"shop\u0007ify","day":"2022-06-02","quantity":5}"#, 0,
            "control_character"
        ),
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-31","quantity":5}"#, 0, "invalid_date"),
        (
            #"{"account":"northwind-store","channel":"shopify","day":"2022-06-02","quantity":5.0}"#, 0,
            "fractional_quantity"
        ),
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-02","quantity":5e0}"#, 0, "invalid_number"),
        (
            #"{"account":"northwind-store","channel":"shopify","day":"2022-06-02","quantity":-5}"#, 0,
            "negative_quantity"
        ),
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-02","quantity":true}"#, 0, "invalid_number"),
        (#"{"account":"nobody-store","channel":"shopify","day":"2022-06-02","quantity":5}"#, 0, "unknown_account"),
        (#"{"account":"northwind-store","channel":"shopify","day":"2022-06-03","quantity":"2"}"#, 0, nil),
        (
            #"{"account":"northwind-store","channel":"shopify","day":"2022-06-03","quantity":3}"#, 0,
            "conflicting_duplicate"
        ),
    ]

    @Test("Each of 15 kinds of broken rows in an NDJSON file has its line and reason; the good ones are stored")
    func ndjsonFile() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                Books.sources.replacingOccurrences(of: "orders/*.csv", with: "orders/*.ndjson"), to: "sources.yaml")
            try books.folder.write(Self.ndjson.map { "\($0.text)\n" }.joined(), to: "orders/all.ndjson")
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01").code == 65)
            let found = try Self.refusals(books, source: "orders").map { "\($0.line) \($0.reason)" }
            let expected = Self.ndjson.enumerated().compactMap { index, row in row.reason.map { "\(index + 1) \($0)" } }
            #expect(expected.count == 15)
            #expect(found == expected)
            #expect(try books.sql("SELECT sum(quantity) FROM meterbook.reading") == "3")
            let before = try books.hash()
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01").code == 65)
            let after = try books.hash()
            #expect(after == before)
        }
    }

    @Test("Broken customers, subscriptions, accounts and memberships have their reasons too")
    func parties() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                """
                customer,name
                northwind,Northwind
                ,Nameless
                harbor,Harbor
                harbor,Harbour
                 juniper,Juniper
                \(Self.long),Long
                northwind,Northwind

                """, to: "customers.csv")
            try books.folder.write(
                """
                subscription,customer,plan,anchor,signed_up,starts,ends,cadence,currency,time_zone
                northwind,northwind,silver,2022-06-01,,,,,,
                a,northwind,bronze,2022-06-01,,,,,,
                b,northwind,silver,2014-06-01,,,,,,
                c,northwind,silver,2022-06-01,,2022-06-15,,,,
                d,northwind,silver,2022-06-01,,2022-05-01,,,,
                e,northwind,silver,2022-06-01,,,2022-06-01,,,
                f,northwind,silver,2022-06-01,,,,week,,
                g,northwind,silver,2022-06-01,,,,fortnightly,,
                h,northwind,silver,2022-06-01,,,,,EUR,
                i,northwind,silver,2022-06-01,,,,,dollars,
                j,northwind,silver,2022-06-01,,,,,,Europe/Berlln
                k,nobody,silver,2022-06-01,,,,,,
                l,northwind,silver,2022-06-31,,,,,,
                m,northwind,silver,,,,,,,
                n,harbor,silver,2022-06-01,,,,,,Europe/Berlin
                n,harbor,gold,2022-06-01,,,,,,Europe/Berlin
                o,northwind,silver,2022-06-01,,,,3 months,,

                """, to: "subscriptions.csv")
            try books.folder.write(
                "account,name\nnorthwind-store,N\n,N\nharbor-store,H\nharbor-store,I\n", to: "accounts.csv")
            try books.folder.write(
                """
                account,subscription,from,until
                northwind-store,northwind,,
                nobody-store,northwind,,
                noone-store,northwind,,
                noone-store,n,,
                harbor-store,nothing,,
                harbor-store,nowhere,,
                harbor-store,n,2022-07-01,2022-07-01
                harbor-store,n,2022-06-01,2022-08-01
                harbor-store,northwind,2022-07-15,2022-08-01
                harbor-store,northwind,2022-06-01,2022-08-01
                harbor-store,northwind,2022-08-01,2022-06-31
                harbor-store,northwind,2022-08-01,

                """, to: "memberships.csv")
            try books.write([Count("2022-06-05", 7)], to: "all.csv")
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01").code == 65)
            #expect(
                try Self.refusals(books, source: "customers").map(\.description) == [
                    "3:1 empty_field", "5:0 conflicting_duplicate", "6:1 surrounding_space", "7:1 field_too_long",
                ])
            #expect(
                try Self.refusals(books, source: "subscriptions").map { "\($0.line) \($0.reason)" } == [
                    "3 unknown_plan", "4 plan_not_sold",
                    "7 end_not_after_start", "8 invalid_cadence", "9 invalid_cadence", "10 other_currency",
                    "11 invalid_currency", "12 invalid_time_zone", "13 unknown_customer", "14 invalid_date",
                    "15 missing_field", "17 conflicting_duplicate", "18 invalid_cadence",
                ])
            #expect(
                try Self.refusals(books, source: "accounts").map(\.description) == [
                    "3:1 empty_field", "5:0 conflicting_duplicate",
                ])
            let memberships = try Self.refusals(books, source: "memberships").map { "\($0.line) \($0.reason)" }
            #expect(
                memberships == [
                    "3 unknown_account", "4 unknown_account", "5 unknown_account", "6 unknown_subscription",
                    "7 unknown_subscription", "8 end_not_after_start", "10 overlapping_membership",
                    "11 conflicting_duplicate", "12 invalid_date",
                ])
            let stored = try books.sql(
                """
                SELECT (SELECT count(*) FROM meterbook.customer), (SELECT count(*) FROM meterbook.subscription),
                    (SELECT count(*) FROM meterbook.account), (SELECT count(*) FROM meterbook.membership)
                """)
            #expect(stored == "2|4|2|3")
            #expect(try books.invoices().first?.lines.last?.quantity == 7)
            let before = try books.hash()
            #expect(try books.attempt("nightly", "--as-of", "2022-07-01").code == 65)
            let after = try books.hash()
            #expect(after == before)
        }
    }

    @Test(
        "What closed periods rest on cannot be changed by an import",
        arguments: [
            ("harbor,silver,2022-06-01,,,,month,USD,UTC", "customer"),
            ("northwind,silver,2022-07-01,2022-06-01,,,month,USD,UTC", "anchor"),
            ("northwind,silver,2022-06-01,2022-05-31,,,month,USD,UTC", "signed_up"),
            ("northwind,silver,2022-06-01,,2022-07-01,,month,USD,UTC", "starts"),
            ("northwind,silver,2022-06-01,,,,month,USD,Europe/Berlin", "time_zone"),
            ("northwind,silver,2022-06-01,,,2022-06-20,month,USD,UTC", "ends"),
        ])
    func fixedFields(row: String, field: String) async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"), Subscriber("harbor", anchor: "2022-06-01"))
            try books.job("nightly", "--as-of", "2022-07-01")
            let before = try books.hash().filter { $0.key != "rejected_row" }
            try books.folder.write(
                "subscription,customer,plan,anchor,signed_up,starts,ends,cadence,currency,time_zone\nnorthwind,\(row)\n",
                to: "subscriptions.csv")
            #expect(try books.attempt("pull", "--source", "subscriptions", "--as-of", "2022-07-02").code == 65)
            let refused = try JSON(books.run("reject", "list", "--json")).list("rejections")
            #expect(try refused.map { "\(try $0.text("field")) \(try $0.text("reason"))" } == ["\(field) fixed_field"])
            #expect(try books.hash().filter { $0.key != "rejected_row" } == before)
        }
    }
}
