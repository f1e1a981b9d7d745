import Billing
import TestSupport
import Testing

/// Where a subscription begins: what is paid in advance, and a first period between two boundaries.
@Suite("The beginning of a subscription")
struct OpeningTests {
    private func base(
        _ minor: Int64, _ charged: FlatPrice.Charged, prorated: Bool = false, every cadence: Cadence = .month
    ) -> Price {
        Price(
            key: "base", name: "Base",
            model: .flat(
                FlatPrice(
                    amounts: [FlatPrice.Amount(cadence: cadence, minor: minor)], charged: charged, isProrated: prorated)
            ))
    }

    private func invoices(
        _ prices: [Price], anchor: String, starts: String, paysEvery: Cadence = .month, ends: String? = nil,
        until asOf: String
    ) throws -> [(date: String, lines: [InvoiceLine], total: Int64)] {
        let ready = try catalog([version(from: "2015-01-01", prices)])
        var holder = subscription(anchor: anchor, paysEvery: paysEvery, ends: ends)
        holder.starts = day(starts)
        var outcome = CloseOutcome()
        let open = try #require(try ready.firstPeriod(of: holder))
        try Closer(catalog: ready).close(holder, open: open, asOf: day(asOf), totals: [], into: &outcome)
        #expect(outcome.checkInvariants())
        return outcome.periods.map { ("\($0.period.end)", Array(outcome.lines[$0.lines]), $0.total) }
    }

    @Test("What is paid in advance is charged on the day of the start, and then on each boundary")
    func inAdvance() throws {
        let all = try invoices(
            [base(100_00, .inAdvance)], anchor: "2023-01-31", starts: "2023-01-31", until: "2023-03-31")
        #expect(all.map(\.date) == ["2023-01-31", "2023-02-28", "2023-03-31"])
        #expect(all.map(\.total) == [100_00, 100_00, 100_00])
        #expect(
            all.flatMap(\.lines).map(\.service) == [
                try range("2023-01-31", "2023-02-28"), try range("2023-02-28", "2023-03-31"),
                try range("2023-03-31", "2023-04-30"),
            ])
    }

    @Test("Nothing stands before the first period where nothing is paid in advance")
    func inArrears() throws {
        let all = try invoices(
            [base(100_00, .inArrears)], anchor: "2023-01-31", starts: "2023-01-31", until: "2023-03-31")
        #expect(all.map(\.date) == ["2023-02-28", "2023-03-31"])
    }

    @Test("A year paid upfront is one charge on the day of the start, and a cancellation brings nothing back")
    func yearUpfront() throws {
        // 12 × 100.00 less 20 %
        let price = base(960_00, .inAdvance, every: .year)
        let all = try invoices(
            [price], anchor: "2023-01-10", starts: "2023-01-10", paysEvery: .year, ends: "2023-05-20",
            until: "2025-01-10")
        #expect(all.map(\.total) == [960_00, 0, 0, 0, 0, 0])
        #expect(all.last?.date == "2023-06-10")
    }

    @Test(
        "A short first period costs its share of the period around it where the price is prorated, and else the whole")
    func stub() throws {
        // From the 21st until the 1st are 11 of January's 31 days.
        for (charged, dates) in [
            (FlatPrice.Charged.inAdvance, ["2023-01-21", "2023-02-01"]), (.inArrears, ["2023-02-01", "2023-03-01"]),
        ] {
            let part = try invoices(
                [base(31_00, charged, prorated: true)], anchor: "2023-01-01", starts: "2023-01-21", until: "2023-03-01")
            #expect(part.prefix(2).map(\.date) == dates)
            #expect(part.prefix(2).map(\.total) == [11_00, 31_00])
            #expect(part.first?.lines.first?.service == (try range("2023-01-21", "2023-02-01")))
            let whole = try invoices(
                [base(31_00, charged)], anchor: "2023-01-01", starts: "2023-01-21", until: "2023-03-01")
            #expect(whole.prefix(2).map(\.total) == [31_00, 31_00])
        }
    }

    @Test("A discount for some periods is for what those periods cost, also where it is paid in advance")
    func discountedOpening() throws {
        let discount = Price(
            key: "off", name: "Off",
            model: .discount(Discount(effect: .percent(try ExactDecimal(parsing: "50")), periods: 2)))
        let all = try invoices(
            [base(10_00, .inAdvance), discount], anchor: "2023-01-01", starts: "2023-01-01", until: "2023-04-01")
        // Paid on the days on which January, February, March and April begin.
        #expect(all.map(\.total) == [5_00, 5_00, 10_00, 10_00])
    }

    @Test("Use is charged from the first billed day, and no fee for none is charged twice")
    func stubOfUse() throws {
        let tier = Rate.Tier(
            upTo: nil, unitPrice: try ExactDecimal(parsing: "0.10"), flat: try ExactDecimal(parsing: "5"))
        let price = Price(
            key: "orders", name: "Orders",
            model: .usage(
                UsagePrice(
                    meter: "orders", allowance: 0, per: .quarter, rate: Rate(.graduated([tier]), chargesZero: true),
                    alreadyPaid: false)))
        let all = try invoices([price], anchor: "2023-01-01", starts: "2023-02-10", until: "2023-05-01")
        #expect(all.map(\.total) == [5_00, 0, 5_00])
    }
}
