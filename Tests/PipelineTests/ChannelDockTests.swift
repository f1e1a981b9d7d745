import TestSupport
import Testing

/// The example deployment of ChannelDock: two modules on the quantities of the calendar month before the invoice's date.
///
///     orders      October 9,000 │ November 13,695 │ December 21,400 │ January 1,960
///     invoices of      11-15          12-01, 12-15      01-01, 01-15     02-01, 02-15
@Suite("ChannelDock")
struct ChannelDockTests {
    /// What each module charges for November, and what both leave to feeds and PrintNode connections, in cents.
    ///
    /// Three channels are two at 7.50 and one at 5.25, or two at 9.00 and one at 6.50; of five employee accounts four cost
    /// 2.49 and all cost 3.99.
    private static let november = [
        "stock_orders": 60_00, "stock_channels": 2 * 7_50 + 5_25, "stock_employees": 4 * 2_49,
        "processing_orders": 89_00, "processing_channels": 2 * 9_00 + 6_50, "processing_employees": 5 * 3_99,
        "feeds": 0, "printnode": 4_95,
    ]
    private static let novemberTotal = 228_61
    /// The steps beyond 15,000 orders in the place of those up to 15,000: 95.00 and 139.00 for 60.00 and 89.00.
    private static let decemberTotal = novemberTotal + 35_00 + 50_00
    /// The steps up to 2,000 orders: 20.00 and 29.00.
    private static let januaryTotal = novemberTotal - 40_00 - 60_00

    private static let nights = [
        "2023-11-15", "2023-12-01", "2023-12-15", "2024-01-01", "2024-01-15", "2024-02-01", "2024-02-15",
    ]

    @Test(
        "Case 1: December's peak raises the January invoice and not December's, and January's quiet lowers February's")
    func peak() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let invoices = try books.invoices("candlewick")
            // One employee account less in October.
            #expect(try invoices.ended("2023-11-15").cents == Self.novemberTotal - 2_49 - 3_99)
            #expect(try invoices.ended("2023-12-15").cents == Self.novemberTotal)
            #expect(try invoices.ended("2024-01-15").cents == Self.decemberTotal)
            #expect(try invoices.ended("2024-02-15").cents == Self.januaryTotal)
            #expect(try books.amounts(of: "candlewick/2023-12-15") == Self.november)
            // One channel at 7.50 and 9.00, the first steps of 10.00 and 15.00, one feed at 12.50: also with 499 orders.
            #expect(try books.invoices("pebble").map(\.cents) == [54_00, 54_00, 54_00])
            #expect(try books.agree())
        }
    }

    @Test("The invoice says what it is based on, zeros included, and the days that were counted")
    func wording() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            try books.job("nightly", "--as-of", "2023-12-15")
            let export = try books.run("invoice", "export").split(separator: "\n")
            let invoice = try JSON(String(#require(export.first { $0.contains("\"candlewick/2023-12-15\"") })))
            #expect(
                try invoice.text("description")
                    == "based on 13695 orders, 3 sales channels, 0 feeds connected, 5 employee accounts and 1 PrintNode connection"
            )
            #expect(
                try books.run("invoice", "show", "candlewick/2023-12-15") == """
                    Invoice candlewick/2023-12-15                                              draft
                    Candlewick Home (candlewick)
                    2023-11-15 to 2023-12-14                                           plan Standard
                    based on 13695 orders, 3 sales channels, 0 feeds connected, 5 employee accounts
                    and 1 PrintNode connection

                      1  Stock synchronisation: orders        2023-11-15 to 2023-12-14         60.00
                         13,695 orders (2023-11-01 to 2023-11-30)
                      2  Stock synchronisation: sales         2023-11-15 to 2023-12-14         20.25
                         channels
                         3 sales channels (2023-11-01 to 2023-11-30)
                      3  Stock synchronisation: employee      2023-11-15 to 2023-12-14          9.96
                         accounts
                         5 employee accounts (2023-11-01 to 2023-11-30): 4 beyond 1
                      4  Order processing: orders             2023-11-15 to 2023-12-14         89.00
                         13,695 orders (2023-11-01 to 2023-11-30)
                      5  Order processing: sales channels     2023-11-15 to 2023-12-14         24.50
                         3 sales channels (2023-11-01 to 2023-11-30)
                      6  Order processing: employee accounts  2023-11-15 to 2023-12-14         19.95
                         5 employee accounts (2023-11-01 to 2023-11-30)
                      7  Feeds connected                      2023-11-15 to 2023-12-14          0.00
                         0 feeds connected (2023-11-01 to 2023-11-30)
                      8  PrintNode connections                2023-11-15 to 2023-12-14          4.95
                         1 PrintNode connection (2023-11-01 to 2023-11-30)
                                                                             Total EUR        228.61

                    """)
        }
    }

    @Test("Case 3: who pays yearly has one line of -20%, rounded once, and the lines add up to the total")
    func yearly() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let invoices = try books.invoices("tinker")
            // A fifth of 228.61, 313.61 and 128.61, half away from zero.
            let discounts = ["2023-12-01": 45_72, "2024-01-01": 62_72, "2024-02-01": 25_72]
            let before = [
                "2023-12-01": Self.novemberTotal, "2024-01-01": Self.decemberTotal, "2024-02-01": Self.januaryTotal,
            ]
            #expect(invoices.count == 3)
            for (day, off) in discounts {
                let invoice = try invoices.ended(day)
                #expect(invoice.lines.filter { $0.kind == "discount" }.map(\.cents) == [-off])
                #expect(invoice.lines.reduce(0) { $0 + $1.cents } == invoice.cents)
                #expect(invoice.cents == (before[day] ?? 0) - off)
            }
        }
    }

    @Test("A quote on the same quantities is the invoice, line by line, paid monthly or yearly")
    func quote() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let months = [
                (orders: 9_000, employees: 4, invoices: ["candlewick/2023-11-15"]),
                (orders: 13_695, employees: 5, invoices: ["candlewick/2023-12-15", "tinker/2023-12-01"]),
                (orders: 21_400, employees: 5, invoices: ["candlewick/2024-01-15", "tinker/2024-01-01"]),
                (orders: 1_960, employees: 5, invoices: ["candlewick/2024-02-15", "tinker/2024-02-01"]),
            ]
            for month in months {
                for invoice in month.invoices {
                    let cadence = invoice.hasPrefix("tinker") ? "year" : "month"
                    let outcome = try Program.meterbook.run([
                        "quote", "--catalog", books.folder.path + "/catalog.yaml", "--plan", "standard", "--cadence",
                        cadence, "--json", "--use", "orders=\(month.orders)", "sales_channels=3",
                        "employees=\(month.employees)", "printnode=1",
                    ])
                    let quoted = try Dictionary(
                        uniqueKeysWithValues: JSON(outcome.output).list("lines").map {
                            (try $0.text("price"), try $0.cents("amount"))
                        })
                    #expect(try quoted == books.amounts(of: invoice), "\(invoice)")
                }
            }
        }
    }

    @Test("Orders that are restated after the close are corrected in both modules, and in the discount")
    func late() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            try books.job("nightly", "--as-of", "2023-12-15")
            // 1,405 orders more in November are 15,100: beyond 15,000.
            try books.rewrite("data/orders.csv") { line in
                let fields = line.split(separator: ",")
                guard fields[1] == "amazon", fields[2] == "2023-11-03" else { return String(line) }
                return "\(fields[0]),amazon,2023-11-03,\(try #require(Int(fields[3])) + 1_405)"
            }
            for night in ["2023-12-20", "2024-01-01", "2024-01-15"] { try books.job("nightly", "--as-of", night) }

            let tinker = try books.invoices("tinker").ended("2024-01-01")
            #expect(
                tinker.lines.filter { $0.kind == "correction" } == [
                    .correction(
                        "2023-11-01", "2023-12-01", 1_405, before: 0, threshold: 0, billable: 1_405, cents: 35_00,
                        of: "tinker/2023-12-01#1"),
                    .correction(
                        "2023-11-01", "2023-12-01", 1_405, before: 0, threshold: 0, billable: 1_405, cents: 50_00,
                        of: "tinker/2023-12-01#4"),
                    // 20% of 313.61 is 62.72, and 45.72 were taken off.
                    .correction(
                        "2023-11-01", "2023-12-01", 0, before: 313_61, threshold: 0, billable: 0, cents: -17_00,
                        of: "tinker/2023-12-01#9"),
                ])
            #expect(tinker.cents == 313_61 - 62_72 + 35_00 + 50_00 - 17_00)
            // November lies before the service period that it was billed for.
            let candlewick = try books.invoices("candlewick").ended("2024-01-15")
            #expect(candlewick.lines.filter { $0.kind == "correction" }.map(\.cents) == [35_00, 50_00])
            #expect(candlewick.cents == 313_61 + 85_00)
            #expect(try books.agree())
        }
    }

    @Test("The free plan counts orders and charges nothing, and its holder has neither support nor live chat nor PIM")
    func free() async throws {
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            let invoices = try books.invoices("wren")
            #expect(invoices.map(\.cents) == [0, 0, 0])
            // November's 500 are all included, December's 620 are not.
            #expect(invoices.map { $0.lines.map(\.billable) } == [[0], [120], [0]])
            let page = try books.usage("wren", asOf: "2023-12-31")
            let flags = try page.list("entitlements").filter { try $0.text("kind") == "flag" }
            #expect(
                try flags.map { "\(try $0.text("key")) \(try $0.flag("value"))" } == [
                    "support false", "live_chat false", "pim false",
                ])
        }
    }

    @Test("A catch-up after three months bills the same as a run every fortnight, and reruns change nothing")
    func catchUp() async throws {
        let nightly = try await withBooks { books in
            try books.deploy(example: "channeldock")
            for night in Self.nights { try books.job("nightly", "--as-of", night) }
            return try books.run("invoice", "export")
        }
        try await withBooks { books in
            try books.deploy(example: "channeldock")
            for _ in 0..<3 { try books.job("nightly", "--as-of", "2024-02-15") }
            #expect(try books.run("invoice", "export") == nightly)
        }
    }
}
