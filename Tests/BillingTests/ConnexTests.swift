import Billing
import Testing

/// A yearly allowance whose terms change on 2022-02-01, for two cohorts (the account management page of Connex).
///
///     signed up          2015 ───────────── 2021-02-01 ───────────── 2022-02-01 ─────────────
///     before 2021-02-01  60,000 a year, nothing sold beyond it       12,000 a year, 0.10 beyond
///     since 2021-02-01                      12,000, nothing beyond   12,000 a year, 0.10 beyond
///
/// What was counted in the running year when the change took effect is paid already.
@Suite("Connex: a yearly allowance and a change of policy within the year")
struct ConnexTests {
    /// The numbers of the three prices.
    private static let (legacy, recent, changed): (Int32, Int32, Int32) = (1, 2, 3)

    private static func silver() throws -> RatingCatalog {
        try catalog([
            version(from: "2015-01-01", before: "2021-02-01", [usage(60_000, per: .year, nil)]),
            version(from: "2021-02-01", signedUpFrom: "2021-02-01", [usage(12_000, per: .year, nil)]),
            version(from: "2022-02-01", [usage(12_000, per: .year, try rate("0.10"), alreadyPaid: true)]),
        ])
    }

    private func lines(_ ledger: Ledger, _ price: Int32) -> [InvoiceLine] {
        ledger.lines.map(\.line).filter { $0.price == price && $0.quantity != 0 }
    }

    @Test(
        "15,000 before the change and 6,000 after it cost 600.00, however they are spread; then 12,000 are included again"
    )
    func caseOne() throws {
        // year of the allowance   2021-06-01 ──────────────── 02-01 ──────────── 2022-06-01 ────────
        // counted                            15,000                    6,000              12,001
        // threshold                          60,000                   15,000              12,000
        for spread in [[1_500, 1_500, 1_500, 1_500], [6_000, 0, 0, 0], [0, 0, 0, 6_000], [1, 5_998, 0, 1]] as [[Int64]]
        {
            var ledger = try Ledger(subscription(anchor: "2019-06-01"), Self.silver(), from: "2021-06-01")
            try ledger.read("2021-06-01", 5_000)
            try ledger.read("2022-01-31", 10_000)
            for (month, quantity) in zip(["2022-02-01", "2022-03-15", "2022-04-30", "2022-05-31"], spread) {
                try ledger.read(month, quantity)
                try ledger.close(day(month).adding(months: 1)?.startOfMonth ?? .latest)
            }
            #expect(ledger.total == 600_00)
            let billed = ledger.lines.map(\.line).filter { $0.price == Self.changed }
            #expect(billed.map(\.amount) == spread.map { $0 * 10 })
            #expect(billed.allSatisfy { $0.threshold == 15_000 })
            #expect(billed.map(\.service.start) == ["2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01"].map(day))
            try ledger.read("2022-06-01", 12_000)
            try ledger.close("2022-07-01")
            #expect(ledger.total == 600_00)
            try ledger.read("2022-07-01", 1)
            try ledger.close("2022-08-01")
            #expect(ledger.total == 600_10)
        }
    }

    @Test("A period that the change cuts is rated in two parts")
    func cutPeriod() throws {
        // periods    2022-01-10 ───────────────── 02-10 ─────────
        // versions            legacy ─── 02-01 ─ changed ────────
        // counted    (14,500)   500          700        300
        var ledger = try Ledger(subscription(anchor: "2019-06-10"), Self.silver(), from: "2021-06-10")
        try ledger.read("2021-09-15", 14_500)
        try ledger.read("2022-01-31", 500)
        try ledger.read("2022-02-01", 700)
        try ledger.read("2022-02-10", 300)
        let outcome = try ledger.close("2022-03-10")
        let before = InvoiceLine(
            kind: .usage, price: Self.legacy, service: try range("2022-01-10", "2022-02-01"), quantity: 500,
            before: 14_500,
            threshold: 60_000, billable: 0, amount: 0, corrects: nil)
        let after = InvoiceLine(
            kind: .usage, price: Self.changed, service: try range("2022-02-01", "2022-02-10"), quantity: 700,
            before: 15_000,
            threshold: 15_000, billable: 700, amount: 70_00, corrects: nil)
        let next = InvoiceLine(
            kind: .usage, price: Self.changed, service: try range("2022-02-10", "2022-03-10"), quantity: 300,
            before: 15_700,
            threshold: 15_000, billable: 300, amount: 30_00, corrects: nil)
        #expect(Array(outcome.lines.suffix(3)) == [before, after, next])
        #expect(outcome.periods.suffix(2).map(\.total) == [70_00, 30_00])
    }

    @Test(
        "Under the limit at the change the limit holds; at or above it, what was counted",
        arguments: [
            // counted at the change │ then free of charge │ in month-end and mid-month years
            (8_000, 4_000), (0, 12_000), (11_999, 1), (12_000, 0), (12_001, 0), (70_000, 0), (59_999, 0),
        ], ["2019-06-01", "2019-06-10", "2019-05-31"])
    func thresholds(_ counted: (Int64, Int64), anchor: String) throws {
        let (atChange, free) = counted
        var ledger = try Ledger(subscription(anchor: anchor), Self.silver(), from: "2021-06-10")
        try ledger.read("2021-10-10", atChange)
        try ledger.read("2022-02-15", free)
        try ledger.close("2022-03-15")
        #expect(ledger.total == 0)
        try ledger.read("2022-03-20", 1)
        try ledger.close("2022-04-15")
        #expect(ledger.total == 10)
        #expect(lines(ledger, Self.changed).last?.threshold == max(12_000, atChange))
        // Nothing from before the change is ever billed.
        #expect(lines(ledger, Self.legacy).allSatisfy { $0.amount == 0 })
    }

    @Test("Who signed up on 2021-06-10 had 12,000 all along, and nothing was sold beyond them before the change")
    func caseFour() throws {
        var ledger = try Ledger(subscription(anchor: "2021-06-10"), Self.silver())
        try ledger.read("2021-08-01", 13_000)
        try ledger.read("2022-01-31", 500)
        try ledger.read("2022-02-01", 200)
        try ledger.close("2022-02-10")
        let early = lines(ledger, Self.recent)
        #expect(early.map(\.threshold) == [12_000, 12_000])
        #expect(early.map(\.billable) == [1_000, 500])
        #expect(early.map(\.amount) == [0, 0])
        #expect(lines(ledger, Self.legacy).isEmpty)
        // 13,500 at the change are paid: the 200 after it are the first that cost something.
        #expect(lines(ledger, Self.changed).map(\.threshold) == [13_500])
        #expect(ledger.total == 20_00)
    }

    @Test(
        "A January count restated on 2022-02-20 moves the threshold to 15,400; what was billed stays 10 cents an order since February",
        arguments: ["2019-06-01", "2019-06-10", "2019-06-21"])
    func caseFive(anchor: String) throws {
        var ledger = try Ledger(subscription(anchor: anchor), Self.silver(), from: "2021-07-01")
        try ledger.read("2021-09-15", 14_000)
        try ledger.read("2022-01-05", 1_000)
        try ledger.read("2022-02-05", 700)
        try ledger.close("2022-02-20")
        try ledger.read("2022-01-05", 1_400)
        try ledger.read("2022-02-25", 800)
        try ledger.close("2022-06-21")
        let late = ledger.lines.map(\.line).filter { $0.kind == .correction }
        #expect(late.map(\.quantity) == [400])
        #expect(late.map(\.amount) == [0])
        #expect(lines(ledger, Self.changed).last?.threshold == 15_400)
        #expect(ledger.total == 150_00)
        let once = try ledger.ratedOnce("2022-06-21")
        #expect(once.total == 150_00)
        #expect(once.balance[onlyIn: ledger.balance] == ledger.balance)
    }

    @Test("400 orders that belonged into January are credited where February had billed them")
    func movedOrders() throws {
        // counted       until 01-31    02-01 ─ 02-10
        // at first           15,000            1,000     1,000 × 0.10 = 100.00
        // restated           15,400              600       600 × 0.10 =  60.00
        var ledger = try Ledger(subscription(anchor: "2019-06-10"), Self.silver(), from: "2021-06-10")
        try ledger.read("2022-01-20", 15_000)
        try ledger.read("2022-02-05", 1_000)
        try ledger.close("2022-02-10")
        #expect(ledger.total == 100_00)
        try ledger.read("2022-01-20", 15_400)
        try ledger.read("2022-02-05", 600)
        try ledger.close("2022-03-10")
        let late = ledger.lines.map(\.line).filter { $0.kind == .correction }
        #expect(late.map(\.quantity) == [400, -400])
        #expect(late.map(\.amount) == [0, -40_00])
        #expect(late.map(\.threshold) == [60_000, 15_400])
        let corrected = try #require(late.last?.corrects)
        #expect(ledger.lines.first { $0.reference == corrected }?.line.amount == 100_00)
        #expect(ledger.total == 60_00)
    }

    @Test("A restated January that lifts the threshold over the limit takes more orders out of the free ones")
    func overTheLimit() throws {
        // counted      until 01-31   02-01 ─ 02-10   threshold   beyond it
        // at first          11,800           1,000      12,000         800 =  80.00
        // restated          12,400           1,000      12,400       1,000 = 100.00
        var ledger = try Ledger(subscription(anchor: "2019-06-10"), Self.silver(), from: "2021-06-10")
        try ledger.read("2022-01-20", 11_800)
        try ledger.read("2022-02-05", 1_000)
        try ledger.close("2022-02-10")
        #expect(ledger.total == 80_00)
        try ledger.read("2022-01-20", 12_400)
        try ledger.close("2022-03-10")
        #expect(ledger.invoices.last?.total == 20_00)
        try ledger.read("2022-01-20", 8_000)
        try ledger.close("2022-04-10")
        #expect(ledger.invoices.last?.total == -100_00)
        #expect(ledger.total == 0)
    }

    @Test("What was paid already is gone after the anniversary")
    func anniversary() throws {
        for (anchor, first, last) in [
            ("2019-06-01", "2022-06-01", "2022-05-31"), ("2019-02-15", "2022-02-15", "2022-02-14"),
        ] {
            var ledger = try Ledger(subscription(anchor: anchor), Self.silver(), from: "2021-06-15")
            try ledger.read("2021-12-24", 50_000)
            try ledger.read(last, 3)
            try ledger.read(first, 12_002)
            try ledger.close("2022-07-15")
            let billed = lines(ledger, Self.changed)
            #expect(billed.map(\.threshold) == [50_000, 12_000])
            #expect(billed.map(\.amount) == [30, 20])
        }
    }

    @Test("A year that begins with the change has nothing paid already")
    func changeOnTheAnniversary() throws {
        var ledger = try Ledger(subscription(anchor: "2019-02-01"), Self.silver(), from: "2021-02-01")
        try ledger.read("2022-01-31", 50_000)
        try ledger.read("2022-02-01", 12_001)
        try ledger.close("2022-03-01")
        #expect(lines(ledger, Self.changed).map(\.threshold) == [12_000])
        #expect(ledger.total == 10)
    }
}

extension [Ledger.Service: Ledger.Balance] {
    /// The part of it that another one speaks of as well.
    subscript(onlyIn other: Self) -> Self { filter { other[$0.key] != nil } }
}
