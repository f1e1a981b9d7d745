import TestSupport
import Testing

/// The example deployment of APPSeCONNECT: the base price in advance, and the month's overage on the invoice at its end.
///
///     invoice of     05-01           06-01           07-01
///     period    ───────┤├── May ───────┤├── June ──────┤
///     lines      base of May     overage of May   overage of June
///                                base of June     base of July
@Suite("APPSeCONNECT")
struct AppseconnectTests {
    private static let nights = [
        "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-04-11", "2026-05-01", "2026-06-01", "2026-07-01",
    ]

    private func deploy(_ books: Books, nights: [String] = nights) throws {
        try books.deploy(example: "appseconnect")
        for night in nights { try books.job("nightly", "--as-of", night) }
    }

    @Test(
        "Case 1: an upgrade from 100.00 to 160.00 with 20 of 30 days left costs 40.00 at once, and 160.00 from then on")
    func upgrade() async throws {
        try await onOwnThread {
            let outcome = try Program.meterbook.run([
                "quote", "--catalog", Books.example("appseconnect") + "/catalog.yaml", "--plan", "standard",
                "--change-to", "professional", "--period", "2026-04-01..2026-05-01", "--on", "2026-04-11", "--json",
            ])
            #expect(outcome.code == 0, "\(outcome.errors)")
            let change = try JSON(outcome.output)
            #expect(try change.object("at_once").cents("total") == 40_00)
            #expect(try change.object("next_invoice").cents("total") == 160_00)
        }
    }

    @Test(
        "Case 4: 1,250 transactions beyond the limit in May are 25.00 on the invoice of June 1, beside June's base price"
    )
    func overage() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let invoices = try books.invoices("monsoon")
            #expect(
                try invoices.ended("2026-06-01").lines == [
                    .flat("2026-06-01", "2026-07-01", 100_00),
                    .usage(
                        "2026-05-01", "2026-06-01", 11_250, before: 0, threshold: 10_000, billable: 1_250, cents: 25_00),
                ])
            // The first invoice is that of the start; April's 10,000 are exactly the limit.
            #expect(invoices.map(\.cents) == [100_00, 100_00, 100_00, 125_00, 100_00])
            #expect(try books.agree())
        }
    }

    @Test("Case 5: a year upfront is 960.00 once; cancelled in May, there is no refund and no further charge")
    func cancelled() async throws {
        try await withBooks { books in
            try self.deploy(books, nights: ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"])
            try books.folder.write(
                Books.text(of: Books.example("appseconnect") + "/data/late/subscriptions.csv"),
                to: "data/subscriptions.csv")
            for night in ["2026-05-20", "2026-06-01", "2027-01-01", "2027-03-01"] {
                try books.job("nightly", "--as-of", night)
            }
            let invoices = try books.invoices("alder")
            #expect(try invoices.ended("2026-01-01").lines == [.flat("2026-01-01", "2027-01-01", 960_00)])
            #expect(invoices.flatMap(\.lines).filter { $0.kind == "flat" }.count == 1)
            // 2,000 transactions in February and one in March beyond the limit, each at the end of its month.
            #expect(
                invoices.map(\.cents) == [960_00, 0, 40_00, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            #expect(invoices.last?.reference == "alder/2027-01-01")
            #expect(try books.agree())
        }
    }

    @Test("Whoever does not cancel pays the next year upfront on its first day")
    func renewed() async throws {
        try await withBooks { books in
            try self.deploy(books, nights: ["2027-01-01"])
            let renewal = try books.invoices("alder").ended("2027-01-01")
            #expect(renewal.lines.first == .flat("2027-01-01", "2028-01-01", 960_00))
            #expect(renewal.cents == 960_00)
        }
    }

    @Test("A start in mid-month pays for the days until the billing day: 20 of 30 are 106.67 of 160.00")
    func start() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let invoices = try books.invoices("brook")
            #expect(try invoices.ended("2026-04-11").lines == [.flat("2026-04-11", "2026-05-01", 106_67)])
            // 1,500 of May's 26,500 lie beyond the limit.
            #expect(invoices.map(\.cents) == [106_67, 160_00, 160_00 + 30_00, 160_00])
            #expect(
                try books.run("explain", "brook/2026-04-11").hasSuffix(
                    """
                      price          160.00 a month, paid every month
                      part           20 of the 30 days of 2026-04-01 to 2026-04-30: 106.67

                    """))
        }
    }

    @Test("The account page says what the plan includes, and what May has come to")
    func accountPage() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let page = try books.usage("brook", asOf: "2026-05-31")
            let transactions = try #require(try page.list("allowances").first)
            #expect(try transactions.number("counted") == 26_500)
            #expect(try transactions.number("threshold") == 25_000)
            #expect(try transactions.cents("over_amount") == 30_00)
            let entitlements = try page.list("entitlements")
            #expect(
                try entitlements.map { try $0.text("key") } == [
                    "integrations", "process_flows", "environments", "support", "sync_info", "snapshots", "sso",
                    "live_chat",
                ])
            // The page's own figures for Professional.
            let days = try entitlements.filter { try ["sync_info", "snapshots"].contains($0.text("key")) }
            #expect(try days.map { try $0.number("value") } == [90, 30])
        }
    }
}
