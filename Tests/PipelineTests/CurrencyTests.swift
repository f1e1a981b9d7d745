import Foundation
import TestSupport
import Testing

/// One catalog that sells in currencies with two, no and three decimal places.
@Suite("Several currencies")
struct CurrencyTests {
    private static func catalog(_ currencies: String = "[USD, EUR, JPY, KWD]") -> String {
        """
        catalog: worldwide
        currency: \(currencies)
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          silver:
            name: Silver
            invoice: month
            versions:
              - from: 2015-01-01
                prices:
                  base: {flat: {month: {USD: 49.00, EUR: 45.00, JPY: 7000, KWD: 15.000}}, name: Base}
                  orders:
                    usage: orders
                    name: Orders
                    allowance: 100
                    unit_price: {USD: 0.10, EUR: 0.09, JPY: 15, KWD: 0.0305}
                    maximum: {USD: 1000, EUR: 900, JPY: 2000, KWD: 300}
        """
    }

    private static let currencies = ["usd": "", "eur": "EUR", "jpy": "JPY", "kwd": "KWD"]
    private static let keys = ["eur", "jpy", "kwd", "usd"]

    private static func deploy(_ books: Books) throws {
        func file(_ header: String, _ row: (String) -> String) -> String {
            ([header] + keys.map(row)).joined(separator: "\n") + "\n"
        }
        try books.deploy([], catalog: nil)
        try books.folder.write(catalog(), to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
        try books.folder.write(file("customer") { $0 }, to: "customers.csv")
        try books.folder.write(file("account") { $0 }, to: "accounts.csv")
        try books.folder.write(file("account,subscription") { "\($0),\($0)" }, to: "memberships.csv")
        try books.folder.write(
            file("subscription,customer,plan,anchor,currency") {
                "\($0),\($0),silver,2022-01-01,\(currencies[$0] ?? "")"
            },
            to: "subscriptions.csv")
        try books.write(keys.map { Count("2022-01-15", 150, account: $0) }, to: "january.csv")
    }

    private static func totals(_ books: Books, ended day: String) throws -> [String: String] {
        var totals: [String: String] = [:]
        for line in try books.run("invoice", "export").split(separator: "\n") {
            let invoice = try JSON(String(line))
            guard try invoice.text("reference").hasSuffix("/\(day)") else { continue }
            totals[try invoice.text("subscription")] = "\(try invoice.text("total")) \(try invoice.text("currency"))"
        }
        return totals
    }

    /// 50 orders beyond the allowance: 5.00, 4.50, 750 and 1.525 beside the base price.
    private static let january = [
        "usd": "54.00 USD", "eur": "49.50 EUR", "jpy": "7750 JPY", "kwd": "16.525 KWD",
    ]

    @Test("Each subscription is billed, corrected and explained at the prices of its own currency")
    func billed() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let summary = try JSON(books.job("nightly", "--as-of", "2022-02-01", "--json"))
            let sums = try summary.object("close").list("sums")
            #expect(
                try sums.map { "\(try $0.text("total")) \(try $0.text("currency")), \(try $0.number("invoices"))" }
                    == ["49.50 EUR, 1", "7750 JPY, 1", "16.525 KWD, 1", "54.00 USD, 1"])
            #expect(try Self.totals(books, ended: "2022-02-01") == Self.january)

            // Ten more in January, and none in February. In yen the maximum of 2,000 is reached at 133.33 beyond.
            try books.write(Self.keys.map { Count("2022-01-20", 10, account: $0) }, to: "late.csv")
            try books.write([Count("2022-02-10", 300, account: "jpy")], to: "february.csv")
            try books.job("nightly", "--as-of", "2022-03-01")
            #expect(
                try Self.totals(books, ended: "2022-03-01")
                    == ["usd": "50.00 USD", "eur": "45.90 EUR", "jpy": "9150 JPY", "kwd": "15.305 KWD"])
            #expect(try books.agree())

            let why = try books.run("explain", "jpy/2022-03-01")
            #expect(why.contains("at most 2,000: the maximum") && why.contains("JPY") && !why.contains("1,000"))
            #expect(try books.run("explain", "kwd/2022-02-01").contains("0.0305"))
            #expect(try books.run("invoice", "show", "kwd/2022-02-01").contains("16.525"))
            let page = try books.usage("kwd", asOf: "2022-01-31")
            #expect(try page.text("currency") == "KWD")
            #expect(try page.list("allowances")[0].text("over_amount") == "1.830")
            let list = try books.run("invoice", "list")
            #expect(list.contains("16,900 JPY") && list.contains("104.00 USD"))
        }
    }

    @Test("A quote in a currency is the invoice in it")
    func quoted() async throws {
        try await withBooks { books in
            try books.folder.write(Self.catalog(), to: "catalog.yaml")
            let path = books.folder.path + "/catalog.yaml"
            for key in Self.keys {
                let words = ["quote", "--catalog", path, "--plan", "silver", "--use", "orders=150", "--json"]
                let currency = Self.currencies[key] ?? ""
                let quote = try JSON(
                    Program.meterbook.run(words + (currency.isEmpty ? [] : ["--currency", currency])).output)
                #expect("\(try quote.text("total")) \(try quote.text("currency"))" == Self.january[key])
            }
            let unknown = try Program.meterbook.run(
                ["quote", "--catalog", path, "--plan", "silver", "--currency", "CHF"])
            #expect(unknown.code == 64)
            #expect(
                unknown.errors == """
                    meterbook: --currency: found 'CHF', expected 'USD', 'EUR', 'JPY' or 'KWD'

                    """)
            try books.folder.write(
                #"{"plan": "silver", "currency": "JPY", "use": {"orders": 150}}"# + "\n", to: "cases.ndjson")
            let answer = try JSON(
                Program.meterbook.run(["quote", "--catalog", path, "--batch", books.folder.path + "/cases.ndjson"])
                    .output)
            #expect(try answer.text("total") == "7750")
        }
    }

    @Test("A currency that is not sold is refused, and one that somebody pays in cannot be taken away")
    func refused() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            try books.folder.write(
                "subscription,customer,plan,anchor,currency\nusd,usd,silver,2022-01-01,\nfranc,usd,silver,2022-01-01,CHF\n"
                    + "kwd,kwd,silver,2022-01-01,KWD\n", to: "subscriptions.csv")
            try books.folder.write("account,subscription\nusd,usd\nkwd,kwd\n", to: "memberships.csv")
            try books.write(["usd", "kwd"].map { Count("2022-01-15", 150, account: $0) }, to: "january.csv")
            #expect(try books.attempt("nightly", "--as-of", "2022-01-20").code == 65)
            let rejected = try books.run("reject", "list")
            #expect(rejected.contains("CHF"))

            try books.folder.write(
                Self.catalog("[USD, EUR]").replacing(", JPY: 7000, KWD: 15.000", with: "")
                    .replacing(", JPY: 15, KWD: 0.0305", with: "").replacing(", JPY: 2000, KWD: 300", with: ""),
                to: "smaller.yaml")
            let smaller = try books.meterbook("catalog", "apply", books.folder.path + "/smaller.yaml")
            #expect(smaller.code == 65 && smaller.errors.contains("from KWD to USD, EUR"), "\(smaller.errors)")

            // One that nobody pays in may go, another may come, and the first one may be another one.
            try books.folder.write(
                Self.catalog("[KWD, USD, CHF]").replacing("EUR: 45.00, JPY: 7000", with: "CHF: 44.00")
                    .replacing("EUR: 0.09, JPY: 15", with: "CHF: 0.09")
                    .replacing("EUR: 900, JPY: 2000, KWD: 300", with: "CHF: 900, KWD: 310"),
                to: "other.yaml")
            let diff = try books.run("catalog", "diff", books.folder.path + "/other.yaml")
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for line in [
                "maximum 300.000 KWD → 310.000 KWD", "catalog: currency CHF: added", "catalog: currency EUR: removed",
                "catalog: currency of subscriptions that name none USD → KWD",
            ] {
                #expect(diff.contains(line), "\(diff)")
            }
            #expect(!diff.contains("49.00"))
            try books.run("catalog", "apply", books.folder.path + "/other.yaml")
            // Who named none has paid in dollars from the start, and goes on to.
            try books.folder.write(
                "subscription,customer,plan,anchor,currency\nusd,usd,silver,2022-01-01,USD\nkwd,kwd,silver,2022-01-01,KWD\n",
                to: "subscriptions.csv")
            try books.job("nightly", "--as-of", "2022-02-01")
            #expect(
                try Self.totals(books, ended: "2022-02-01") == ["usd": "54.00 USD", "kwd": "16.525 KWD"])
        }
    }
}
