import Billing
import Testing

/// A restatement of a closed period, in every combination of what changes, on which terms, and how late.
///
/// The rule is always the same: the sum over all invoices is what rating the final readings once comes to, for each price
/// and each service period.
@Suite("Late usage")
struct LateUsageTests {
    enum Change: CaseIterable { case increase, decrease, both, again }

    enum Terms: CaseIterable {
        case monthlyAllowance, tiers, annualAllowance, alreadyPaid

        func catalog() throws -> RatingCatalog {
            let dime = try rate("0.10")
            switch self {
            case .monthlyAllowance:
                return try BillingTests.catalog([version(from: "2015-01-01", [usage(300, per: .month, dime)])])
            case .tiers:
                let tiers = try rate([(100, "0.105"), (250, "0.033"), (nil, "0.004")])
                return try BillingTests.catalog(
                    rounding: .halfToEven, [version(from: "2015-01-01", [usage(1_000, per: .quarter, tiers)])])
            case .annualAllowance:
                return try BillingTests.catalog([version(from: "2015-01-01", [usage(1_500, per: .year, dime)])])
            case .alreadyPaid:
                // 2,350 are counted at the change: restatements move that to both sides of the allowance.
                return try BillingTests.catalog([
                    version(from: "2015-01-01", [usage(9_000, per: .year, nil)]),
                    version(from: "2021-12-20", [usage(2_400, per: .year, dime, alreadyPaid: true)]),
                ])
            }
        }
    }

    @Test(
        "The sum over all invoices equals rating the final readings once",
        arguments: Terms.allCases.flatMap { terms in Change.allCases.map { (terms, $0) } }, [1, 3, 11])
    func matrix(_ combination: (terms: Terms, change: Change), late: Int) throws {
        let holder = subscription(anchor: "2021-06-10")
        let calendar = BillingCalendar(anchor: holder.anchor, cadence: .month)
        var moved = 0
        // The restatement arrives in period number `now` and is about the period `late` periods before it.
        for now in late...16 {
            var ledger = try Ledger(holder, combination.terms.catalog())
            for period in 0...18 {
                // Two readings a period: 250 and 100 orders.
                try ledger.read(try #require(calendar.boundary(period).adding(days: 3)), 250)
                try ledger.read(try #require(calendar.boundary(period).adding(days: 20)), 100)
                let first = try #require(calendar.boundary(max(0, period - late)).adding(days: 3))
                let second = try #require(calendar.boundary(max(0, period - late)).adding(days: 20))
                switch (combination.change, period - now) {
                case (.increase, 0): try ledger.read(first, 613)
                case (.decrease, 0): try ledger.read(first, 17)
                case (.both, 0):
                    try ledger.read(first, 1_013)
                    try ledger.read(second, 5)
                case (.again, 0): try ledger.read(first, 613)
                // The same day of the same period once more, a period later.
                case (.again, 1):
                    try ledger.read(try #require(calendar.boundary(now - late).adding(days: 3)), 41)
                default: break
                }
                try ledger.close(calendar.boundary(period + 1))
            }
            let once = try ledger.ratedOnce(calendar.boundary(19).description)
            #expect(ledger.total == once.total, "restated in period \(now)")
            #expect(ledger.balance == once.balance, "restated in period \(now)")
            let corrections = ledger.lines.map(\.line).filter { $0.kind == .correction }
            #expect(!corrections.isEmpty)
            if corrections.contains(where: { $0.amount != 0 }) { moved += 1 }
        }
        // The matrix would prove nothing if no correction ever moved money.
        #expect(moved > 0)
    }

    @Test("A restated count becomes a credit on the next invoice, with its own service period")
    func credit() throws {
        // periods   06-10 ──────── 07-10 ──────── 08-10 ────────
        // counted        400            350
        // over 300       100 = 10.00     50 = 5.00
        // restated       320: −80 = −8.00
        var ledger = try Ledger(subscription(anchor: "2021-06-10"), Terms.monthlyAllowance.catalog())
        try ledger.read("2021-06-20", 400)
        try ledger.close("2021-07-10")
        try ledger.read("2021-07-20", 350)
        try ledger.read("2021-06-20", 320)
        let outcome = try ledger.close("2021-08-10")
        let correction = InvoiceLine(
            kind: .correction, price: 1, service: try range("2021-06-10", "2021-07-10"), quantity: -80, before: 0,
            threshold: 300, billable: -80, amount: -8_00, corrects: LineReference(periodEnd: day("2021-07-10"), line: 1)
        )
        #expect(outcome.lines.last == correction)
        #expect(ledger.invoices.map(\.total) == [10_00, -3_00])
        // Nothing more comes of it afterwards.
        #expect(try ledger.close("2021-09-10").lines.count == 1)
    }

    @Test("A late count in a yearly allowance moves what later months billed")
    func laterMonths() throws {
        // counted         1,400 │ 200 │ 200      allowance 1,500 a year, 0.10 beyond it
        // over                0 │ 100 │ 200      10.00 and 20.00
        // restated        1,350
        // over                0 │  50 │ 200      −5.00 for the second month alone
        var ledger = try Ledger(subscription(anchor: "2021-06-10"), Terms.annualAllowance.catalog())
        try ledger.read("2021-06-20", 1_400)
        try ledger.read("2021-07-20", 200)
        try ledger.read("2021-08-20", 200)
        try ledger.close("2021-09-10")
        #expect(ledger.invoices.map(\.total) == [0, 10_00, 20_00])
        try ledger.read("2021-06-20", 1_350)
        try ledger.close("2021-10-10")
        #expect(ledger.invoices.last?.total == -5_00)
        let late = ledger.lines.map(\.line).filter { $0.kind == .correction }
        #expect(late.map(\.quantity) == [-50, 0])
        #expect(late.map(\.billable) == [0, -50])
    }

    @Test("A restatement that is taken back leaves nothing")
    func takenBack() throws {
        var ledger = try Ledger(subscription(anchor: "2021-06-10"), Terms.annualAllowance.catalog())
        try ledger.read("2021-06-20", 2_000)
        try ledger.close("2021-07-10")
        try ledger.read("2021-06-20", 2_400)
        try ledger.close("2021-08-10")
        try ledger.read("2021-06-20", 2_000)
        try ledger.close("2021-09-10")
        #expect(ledger.invoices.map(\.total) == [50_00, 40_00, -40_00])
        try ledger.read("2021-06-20", 1_000)
        try ledger.read("2021-06-20", 2_000)
        try ledger.close("2021-10-10")
        #expect(ledger.invoices.last?.total == 0)
    }

    @Test("Late usage is rated with the prices of its own period, also after a new catalog")
    func earlierCatalog() throws {
        let holder = subscription(anchor: "2021-06-10")
        func terms(_ id: Int32, _ unitPrice: String) throws -> RatingCatalog {
            try catalog(
                id: id, firstPrice: id * 10,
                [version(from: "2015-01-01", [usage(100, per: .month, try rate(unitPrice))])])
        }
        var ledger = try Ledger(holder, terms(1, "0.10"))
        try ledger.read("2021-06-20", 150)
        try ledger.close("2021-07-10")
        try ledger.apply(terms(2, "0.30"))
        try ledger.read("2021-06-20", 170)
        try ledger.read("2021-07-20", 110)
        try ledger.close("2021-08-10")
        #expect(ledger.invoices.map(\.total) == [5_00, 3_00 + 2_00])
        #expect(ledger.lines.map(\.line.price) == [10, 20, 10])
    }

    @Test("Late usage reaches as far back as the catalog of its period counted, also when the new one counts by month")
    func longerAllowanceBefore() throws {
        // catalog   1: 100 a year, 0.10 beyond it ── 2021-09-10 ── 2: 100 a month
        // counted   90 │ 30 │ 0 │            over: 20 in the second month, 2.00
        // restated     │ 50 │                      40, +2.00
        let holder = subscription(anchor: "2021-06-10")
        func terms(_ id: Int32, _ per: Cadence) throws -> RatingCatalog {
            try catalog(
                id: id, firstPrice: id * 10, [version(from: "2015-01-01", [usage(100, per: per, try rate("0.10"))])])
        }
        var ledger = try Ledger(holder, terms(1, .year))
        try ledger.read("2021-06-20", 90)
        try ledger.read("2021-07-20", 30)
        try ledger.close("2021-09-10")
        #expect(ledger.total == 2_00)
        try ledger.apply(terms(2, .month))
        try ledger.read("2021-07-20", 50)
        try ledger.close("2021-10-10")
        #expect(ledger.invoices.last?.total == 2_00)
        let late = ledger.lines.map(\.line).filter { $0.kind == .correction }
        #expect(late.map(\.quantity) == [20])
        #expect(late.map(\.before) == [90])
    }

    @Test("Allowance periods that do not nest are all rated again from where none is under way")
    func notNested() throws {
        // months from the anchor   0 ───── 1 ───── 2 ───── 3 ───── 4 ───── 5 ───── 6
        // orders, every 2 months   ├───────────────┼───────────────┼───────────────┤
        // labels, every 3 months   ├───────────────────────┼───────────────────────┤
        let dime = try rate("0.10")
        let ready = try catalog([
            version(
                from: "2015-01-01",
                [usage(100, per: .months(2), dime), usage(100, per: .quarter, dime, meter: "labels")])
        ])
        let holder = subscription(anchor: "2021-01-10")
        let calendar = BillingCalendar(anchor: holder.anchor, cadence: .month)
        #expect(try ready.allowanceStart(of: holder, on: day("2021-06-20")) == day("2021-01-10"))
        #expect(try ready.allowanceStart(of: holder, on: day("2021-07-20")) == day("2021-07-10"))
        for late in 0...8 {
            var ledger = try Ledger(holder, ready)
            for period in 0...9 {
                let start = try calendar.boundary(period)
                for meter in [Int32(1), 2] { try ledger.read(start, 80, meter: meter) }
                if period == 9 { try ledger.read(calendar.boundary(late), 95, meter: 2) }
                try ledger.close(calendar.boundary(period + 1))
            }
            let once = try ledger.ratedOnce(calendar.boundary(10).description)
            #expect(ledger.balance == once.balance, "restated in period \(late)")
        }
    }
}
