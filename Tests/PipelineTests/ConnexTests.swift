import Testing

/// The five cases of the policy: a yearly allowance, metered usage, and a policy change in mid-year.
///
///     2021-06-01 ────── limit 60,000, nothing sold beyond it ────── 2022-02-01 ─── 0.10 an order ─── 2022-06-01
///                                                                  threshold = max(12,000, counted so far)
@Suite("Connex")
struct ConnexTests {
    private static let silver = 4_900
    private static let gold = 8_900
    private static let platinum = 12_900

    /// The first of every month, on which a night closes the month before.
    private static let firsts = [
        "2021-07-01", "2021-08-01", "2021-09-01", "2021-10-01", "2021-11-01", "2021-12-01", "2022-01-01", "2022-02-01",
        "2022-03-01", "2022-04-01", "2022-05-01", "2022-06-01",
    ]

    /// 15,000 orders from June to January, then 1,500 a month from February to May.
    private static let fifteenThousand: [Count] = [
        Count("2021-06-05", 1_875), Count("2021-07-05", 1_875), Count("2021-08-05", 1_875), Count("2021-09-05", 1_875),
        Count("2021-10-05", 1_875), Count("2021-11-05", 1_875), Count("2021-12-05", 1_875), Count("2022-01-31", 1_875),
        Count("2022-02-01", 1_500), Count("2022-03-31", 1_500), Count("2022-04-15", 1_500), Count("2022-05-31", 1_500),
    ]

    @Test("Case 1: 6,000 orders beyond what was paid already are four lines of 150.00, and June includes 12,000 again")
    func fourLines() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write(
                Self.fifteenThousand + [Count("2022-06-01", 12_000), Count("2022-07-01", 1)], to: "all.csv")
            for night in Self.firsts + ["2022-07-01", "2022-08-01"] { try books.job("nightly", "--as-of", night) }

            let invoices = try books.invoices()
            #expect(invoices.count == 14)
            #expect(
                try invoices.ended("2022-02-01").lines == [
                    .flat("2022-01-01", "2022-02-01", Self.silver),
                    .usage("2022-01-01", "2022-02-01", 1_875, before: 13_125, threshold: 60_000),
                ])
            #expect(
                try invoices.ended("2022-03-01").lines == [
                    .flat("2022-02-01", "2022-03-01", Self.silver),
                    .usage(
                        "2022-02-01", "2022-03-01", 1_500, before: 15_000, threshold: 15_000, billable: 1_500,
                        cents: 15_000),
                ])
            #expect(
                try invoices.ended("2022-06-01").lines == [
                    .flat("2022-05-01", "2022-06-01", Self.silver),
                    .usage(
                        "2022-05-01", "2022-06-01", 1_500, before: 19_500, threshold: 15_000, billable: 1_500,
                        cents: 15_000),
                ])
            // After the reset 12,000 are included; the next one is charged.
            #expect(
                try invoices.ended("2022-07-01").lines == [
                    .flat("2022-06-01", "2022-07-01", Self.silver),
                    .usage("2022-06-01", "2022-07-01", 12_000, before: 0, threshold: 12_000),
                ])
            #expect(
                try invoices.ended("2022-08-01").lines == [
                    .flat("2022-07-01", "2022-08-01", Self.silver),
                    .usage(
                        "2022-07-01", "2022-08-01", 1, before: 12_000, threshold: 12_000, billable: 1, cents: 10),
                ])
            #expect(
                invoices.map(\.usageCents) == [0, 0, 0, 0, 0, 0, 0, 0, 15_000, 15_000, 15_000, 15_000, 0, 10])
            #expect(invoices.map(\.cents).reduce(0, +) == 14 * Self.silver + 60_000 + 10)
            #expect(try books.agree())
        }
    }

    @Test("Case 1 with an anchor in mid-month: the period around the change has a line before it and one after it")
    func cutPeriod() async throws {
        try await withBooks { books in
            try books.deploy(.legacy(day: "15"))
            try books.write(
                [
                    Count("2021-06-15", 14_000), Count("2022-01-15", 400), Count("2022-01-31", 600),
                    Count("2022-02-01", 500), Count("2022-02-14", 100), Count("2022-02-15", 900),
                    Count("2022-03-20", 1_500), Count("2022-05-14", 1_500), Count("2022-06-14", 1_500),
                    Count("2022-06-15", 12_001),
                ], to: "all.csv")
            for month in ["02", "03", "04", "05", "06", "07"] {
                try books.job("nightly", "--as-of", "2022-\(month)-15")
            }

            let invoices = try books.invoices()
            #expect(
                try invoices.ended("2022-02-15").lines == [
                    .flat("2022-01-15", "2022-02-15", Self.silver),
                    .usage("2022-01-15", "2022-02-01", 1_000, before: 14_000, threshold: 60_000),
                    .usage(
                        "2022-02-01", "2022-02-15", 600, before: 15_000, threshold: 15_000, billable: 600, cents: 6_000),
                ])
            #expect(
                try invoices.ended("2022-03-15").lines == [
                    .flat("2022-02-15", "2022-03-15", Self.silver),
                    .usage(
                        "2022-02-15", "2022-03-15", 900, before: 15_600, threshold: 15_000, billable: 900, cents: 9_000),
                ])
            // 600.00 in all until the anniversary, then one order beyond 12,000.
            #expect(invoices.usageCents == 60_000 + 10)
            #expect(try invoices.ended("2022-06-15").usageCents == 15_000)
            #expect(try invoices.ended("2022-07-15").usageCents == 10)
            #expect(try books.agree())
        }
    }

    @Test("The account page says what was synced, what is paid already and what is left, on any day")
    func accountPage() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write(Self.fifteenThousand + [Count("2022-06-01", 2_000)], to: "all.csv")
            for night in Self.firsts + ["2022-06-02"] { try books.job("nightly", "--as-of", night) }

            let january = try books.usage(asOf: "2022-01-31")
            #expect(try january.text("schema") == "meterbook.usage/1")
            #expect(try january.text("plan_name") == "Silver")
            let before = try #require(try january.list("allowances").first)
            #expect(try before.number("allowance") == 60_000)
            #expect(try before.number("counted") == 15_000)
            #expect(try before.number("threshold") == 60_000)
            #expect(try before.number("already_paid") == 0)
            #expect(try before.number("left") == 45_000)
            // Nothing is sold beyond the limit yet.
            #expect(!before.keys.contains("over_amount"))

            let march = try #require(try books.usage(asOf: "2022-03-30").list("allowances").first)
            #expect(try march.number("allowance") == 12_000)
            #expect(try march.number("counted") == 16_500)
            #expect(try march.number("threshold") == 15_000)
            #expect(try march.number("already_paid") == 3_000)
            #expect(try march.number("left") == 0)
            #expect(try march.number("over") == 1_500)
            #expect(try march.cents("over_amount") == 15_000)
            #expect(try march.text("resets_on") == "2022-06-01")
            #expect(try march.list("sources").map { try $0.number("quantity") } == [16_500])

            let june = try #require(try books.usage(asOf: "2022-06-01").list("allowances").first)
            #expect(try june.number("counted") == 2_000)
            #expect(try june.number("threshold") == 12_000)
            #expect(try june.number("already_paid") == 0)
            #expect(try june.number("left") == 10_000)
            #expect(try june.cents("over_amount") == 0)
        }
    }

    @Test("An explanation leads from the readings of each month over the threshold to the amount")
    func explanation() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write(Self.fifteenThousand, to: "all.csv")
            for night in Self.firsts { try books.job("nightly", "--as-of", night) }

            let explained = try JSON(books.run("explain", "northwind/2022-04-01", "--json"))
            #expect(try explained.text("schema") == "meterbook.explanation/1")
            let lines = try explained.list("lines")
            #expect(try lines[0].object("derivation").text("paid_every") == "month")
            let derivation = try lines[1].object("derivation")
            let allowance = try derivation.object("allowance")
            #expect(try allowance.number("quantity") == 12_000)
            #expect(try allowance.number("already_paid") == 3_000)
            #expect(try allowance.object("period").text("start") == "2021-06-01")
            let readings = try derivation.list("readings")
            #expect(try readings.map { try $0.text("month") }.first == "2021-06")
            #expect(
                try readings.map { try $0.number("quantity") } == [
                    1_875, 1_875, 1_875, 1_875, 1_875, 1_875, 1_875, 1_875, 1_500, 1_500,
                ])
            #expect(try readings.last?.number("running") == 18_000)
            let (before, after) = (try derivation.object("before"), try derivation.object("after"))
            #expect(try before.number("count") == 16_500)
            #expect(try before.number("over") == 1_500)
            #expect(try before.cents("amount") == 15_000)
            #expect(try after.number("over") == 3_000)
            #expect(try after.cents("amount") == 30_000)
            let tier = try #require(try after.list("shares").first)
            #expect(try tier.text("unit_price") == "0.10")
            #expect(try tier.number("quantity") == 3_000)
            #expect(try lines[1].object("terms").text("version_from") == "2022-02-01")
            #expect(try books.run("explain", "northwind/2022-04-01").contains("150.00"))
        }
    }

    @Test("Case 2: with 8,000 at the change 4,000 more are included, with 12,000 the next order is charged")
    func belowTheLimit() async throws {
        try await withBooks { books in
            try books.deploy(.legacy("harbor"), .legacy("mill"))
            try books.write(
                [
                    Count("2021-06-01", 8_000, account: "harbor-store"),
                    Count("2022-02-03", 2_500, account: "harbor-store"),
                    Count("2022-03-31", 1_500, account: "harbor-store"),
                    Count("2022-04-01", 1, account: "harbor-store"),
                    Count("2022-01-31", 12_000, account: "mill-store"), Count("2022-02-01", 1, account: "mill-store"),
                ], to: "all.csv")
            for night in ["2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01"] {
                try books.job("nightly", "--as-of", night)
            }
            let harbor = try books.invoices("harbor")
            #expect(
                try harbor.ended("2022-03-01").lines.last
                    == .usage("2022-02-01", "2022-03-01", 2_500, before: 8_000, threshold: 12_000))
            #expect(
                try harbor.ended("2022-04-01").lines.last
                    == .usage("2022-03-01", "2022-04-01", 1_500, before: 10_500, threshold: 12_000))
            #expect(
                try harbor.ended("2022-05-01").lines.last
                    == .usage(
                        "2022-04-01", "2022-05-01", 1, before: 12_000, threshold: 12_000, billable: 1, cents: 10))
            let page = try #require(try books.usage("harbor", asOf: "2022-02-28").list("allowances").first)
            #expect(try page.number("left") == 1_500)
            #expect(try page.number("already_paid") == 0)
            let mill = try books.invoices("mill")
            #expect(mill.usageCents == 10)
            #expect(
                try mill.ended("2022-03-01").lines.last
                    == .usage(
                        "2022-02-01", "2022-03-01", 1, before: 12_000, threshold: 12_000, billable: 1, cents: 10))
            #expect(try books.agree())
        }
    }

    @Test("Case 3: what was synced beyond the old limit before the change is never charged")
    func beyondTheOldLimit() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write(
                [Count("2021-07-01", 65_000), Count("2022-01-31", 5_000), Count("2022-02-01", 1_000)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-01")
            let january = try #require(try books.usage(asOf: "2022-01-31").list("allowances").first)
            #expect(try january.number("over") == 10_000)
            try books.job("nightly", "--as-of", "2022-03-01")

            let invoices = try books.invoices()
            #expect(
                try invoices.ended("2022-02-01").lines.last
                    == .usage("2022-01-01", "2022-02-01", 5_000, before: 65_000, threshold: 60_000, billable: 5_000))
            #expect(
                try invoices.ended("2022-03-01").lines.last
                    == .usage(
                        "2022-02-01", "2022-03-01", 1_000, before: 70_000, threshold: 70_000, billable: 1_000,
                        cents: 10_000))
            #expect(invoices.usageCents == 10_000)
            let page = try #require(try books.usage(asOf: "2022-02-28").list("allowances").first)
            #expect(try page.number("already_paid") == 58_000)
        }
    }

    @Test("Case 4: who signed up on 2021-06-10 had 12,000 all along, and pays for none of it before the change")
    func newCohort() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2021-06-10"))
            try books.write(
                [Count("2021-06-10", 11_000), Count("2022-01-31", 2_000), Count("2022-02-01", 300)], to: "all.csv")
            for night in ["2022-01-10", "2022-02-10"] { try books.job("nightly", "--as-of", night) }
            let invoices = try books.invoices()
            #expect(
                try invoices.ended("2021-07-10").lines.last
                    == .usage("2021-06-10", "2021-07-10", 11_000, before: 0, threshold: 12_000))
            #expect(
                try invoices.ended("2022-02-10").lines == [
                    .flat("2022-01-10", "2022-02-10", Self.silver),
                    .usage("2022-01-10", "2022-02-01", 2_000, before: 11_000, threshold: 12_000, billable: 1_000),
                    .usage(
                        "2022-02-01", "2022-02-10", 300, before: 13_000, threshold: 13_000, billable: 300, cents: 3_000),
                ])
        }
    }

    @Test("Case 5: 400 orders of January that arrive on 2022-02-20 move the threshold and are never charged")
    func restatedJanuary() async throws {
        try await withBooks { books in
            try books.deploy(.legacy())
            try books.write([Count("2021-06-01", 14_000), Count("2022-01-10", 1_000)], to: "january.csv")
            try books.write([Count("2022-02-01", 1_500)], to: "february.csv")
            try books.job("nightly", "--as-of", "2022-02-01")
            try books.job("nightly", "--as-of", "2022-02-19")
            let before = try #require(try books.usage(asOf: "2022-02-19").list("allowances").first)
            #expect(try before.number("threshold") == 15_000)
            try books.write([Count("2021-06-01", 14_000), Count("2022-01-10", 1_400)], to: "january.csv")
            try books.job("nightly", "--as-of", "2022-02-20")
            let after = try #require(try books.usage(asOf: "2022-02-20").list("allowances").first)
            #expect(try after.number("threshold") == 15_400)
            #expect(try after.number("over") == 1_500)
            #expect(try books.agree())
            try books.job("nightly", "--as-of", "2022-03-01")

            let march = try books.invoices().ended("2022-03-01")
            #expect(
                march.lines == [
                    .flat("2022-02-01", "2022-03-01", Self.silver),
                    .usage(
                        "2022-02-01", "2022-03-01", 1_500, before: 15_400, threshold: 15_400, billable: 1_500,
                        cents: 15_000),
                    // The 400 are shown with the period in which they happened, for nothing.
                    .correction(
                        "2022-01-01", "2022-02-01", 400, before: 14_000, threshold: 60_000, billable: 0, cents: 0,
                        of: "northwind/2022-02-01#2"),
                ])
            #expect(try books.invoices().usageCents == 15_000)
            #expect(try books.agree())
        }
    }

    @Test("Case 5, re-dated: orders charged in early February that belonged to January come back as a credit")
    func redatedOrders() async throws {
        try await withBooks { books in
            try books.deploy(.legacy(day: "10"))
            try books.write([Count("2021-06-10", 15_000), Count("2022-02-03", 600)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-10")
            #expect(try books.invoices().ended("2022-02-10").usageCents == 6_000)
            try books.write(
                [
                    Count("2021-06-10", 15_000), Count("2022-01-31", 400), Count("2022-02-03", 200),
                    Count("2022-02-12", 50),
                ], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-02-20")
            try books.job("nightly", "--as-of", "2022-03-10")

            let next = try books.invoices().ended("2022-03-10")
            #expect(
                next.lines == [
                    .flat("2022-02-10", "2022-03-10", Self.silver),
                    .usage(
                        "2022-02-10", "2022-03-10", 50, before: 15_600, threshold: 15_400, billable: 50, cents: 500),
                    .correction(
                        "2022-01-10", "2022-02-01", 400, before: 15_000, threshold: 60_000, billable: 0, cents: 0,
                        of: "northwind/2022-02-10#2"),
                    .correction(
                        "2022-02-01", "2022-02-10", -400, before: 15_400, threshold: 15_400, billable: -400,
                        cents: -4_000, of: "northwind/2022-02-10#3"),
                ])
            #expect(next.cents == Self.silver + 500 - 4_000)
            // The final readings, rated once: 250 orders from February on.
            #expect(try books.invoices().usageCents == 2_500)
            let credit = try JSON(books.run("explain", "northwind/2022-03-10", "--json")).list("lines")[3]
            #expect(try credit.object("derivation").object("billed_before").cents("amount") == 6_000)
            #expect(try books.run("invoice", "show", "northwind/2022-03-10").contains("-40.00"))
            #expect(try books.agree())
        }
    }

    @Test("Gold and platinum have limits and prices of their own")
    func otherPlans() async throws {
        try await withBooks { books in
            try books.deploy(
                .legacy("gold", plan: "gold"), .legacy("platinum", plan: "platinum"),
                Subscriber("young", plan: "gold", anchor: "2021-06-01"),
                Subscriber("yearly", plan: "platinum", anchor: "2020-06-01", starts: "2021-06-01", cadence: "year"))
            try books.write(
                [
                    Count("2022-01-01", 25_000, account: "gold-store"), Count("2022-02-01", 7, account: "gold-store"),
                    Count("2022-01-01", 30_000, account: "platinum-store"),
                    Count("2022-02-28", 6_001, account: "platinum-store"),
                    Count("2022-01-01", 20_000, account: "young-store"),
                    Count("2022-02-01", 4_003, account: "young-store"),
                ], to: "all.csv")
            for night in ["2022-02-01", "2022-03-01", "2022-06-01"] { try books.job("nightly", "--as-of", night) }
            let gold = try books.invoices("gold")
            #expect(try gold.ended("2022-02-01").lines[1].threshold == 90_000)
            #expect(
                try gold.ended("2022-03-01").lines == [
                    .flat("2022-02-01", "2022-03-01", Self.gold),
                    .usage("2022-02-01", "2022-03-01", 7, before: 25_000, threshold: 25_000, billable: 7, cents: 70),
                ])
            let platinum = try books.invoices("platinum")
            #expect(try platinum.ended("2022-02-01").lines[1].threshold == 120_000)
            #expect(
                try platinum.ended("2022-03-01").lines == [
                    .flat("2022-02-01", "2022-03-01", Self.platinum),
                    .usage(
                        "2022-02-01", "2022-03-01", 6_001, before: 30_000, threshold: 36_000, billable: 1, cents: 10),
                ])
            let young = try books.invoices("young")
            #expect(try young.ended("2022-02-01").lines[1].threshold == 24_000)
            #expect(try young.ended("2022-03-01").usageCents == 30)
            // Who pays by the year is charged the flat price with the period that ends his year.
            let yearly = try books.invoices("yearly")
            #expect(yearly.map(\.cents) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 129_000])
            #expect(try yearly.ended("2022-06-01").lines[0] == .flat("2021-06-01", "2022-06-01", 129_000))
        }
    }

    @Test("Every night by itself writes the same invoices as one run that makes up for a year")
    func catchUp() async throws {
        let counts =
            Self.fifteenThousand
            + Self.fifteenThousand.map { Count($0.day, $0.quantity + 7, account: "harbor-store") }
        let nights =
            (1...28).map { "2022-02-\($0 < 10 ? "0" : "")\($0)" }
            + ["03", "04", "05", "06"].flatMap { month in ["01", "14", "15", "16"].map { "2022-\(month)-\($0)" } }
        @Sendable func export(_ books: Books, _ nights: [String]) throws -> String {
            try books.deploy(.legacy(), .legacy("harbor", day: "15"))
            try books.write(counts, to: "all.csv")
            for night in nights { try books.job("nightly", "--as-of", night) }
            #expect(try books.agree())
            return try books.run("invoice", "export")
        }
        let nightly = try await withBooks { try export($0, nights) }
        let once = try await withBooks { try export($0, ["2022-06-16"]) }
        #expect(nightly == once)
        #expect(nightly.split(separator: "\n").count == 24)
    }
}
