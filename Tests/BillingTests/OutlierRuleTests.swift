import Billing
import Testing

/// Which invoices are found to differ too much from those before them. Amounts in cents.
@Suite("Outliers")
struct OutlierRuleTests {
    private static func invoice(
        _ total: Int64, before alike: [Int64], hasRecurring: Bool = true, earlier: Int64? = nil, isLast: Bool = false,
        kind: InvoiceDocument.Kind = .period, currency: String = "USD"
    ) throws -> RunInvoice {
        RunInvoice(
            subscription: "northwind", customer: "northwind", plan: "silver",
            currency: try #require(Currency(code: currency)), date: try #require(CivilDate("2022-03-01")), kind: kind,
            total: total, parts: RunInvoice.Parts(recurring: total, hasRecurring: hasRecurring), isLast: isLast,
            before: alike.first, earlier: earlier ?? Int64(alike.count), alike: alike)
    }

    @Test(
        "What is over three times the median, or under a third of it, is found from 50.00 on",
        arguments: [
            // Median 100.00, also between 80.00 and 120.00.
            (300_00, [100_00, 90_00, 110_00], nil), (300_01, [100_00, 90_00, 110_00], .rose),
            (300_01, [120_00, 80_00], .rose), (300_00, [120_00, 80_00], nil), (33_34, [100_00], nil),
            (33_33, [100_00], .fell),
            // 49.99 apart is not worth a look, and 50.00 is.
            (69_99, [20_00], nil), (70_00, [20_00], .rose),
            // A median of nothing, though there was something once.
            (60_00, [0, 10_00, 0], .rose),
        ] as [(Int64, [Int64], Outlier.Reason?)])
    func factor(total: Int64, before: [Int64], reason: Outlier.Reason?) throws {
        #expect(OutlierRule().judge(try Self.invoice(total, before: before))?.reason == reason)
    }

    @Test(
        "A charge where there was none, nothing where there always was something, and a credit are found",
        arguments: [
            (50_00, [0, 0], .appeared), (49_99, [0, 0], nil), (0, [50_00, 60_00], .vanished), (0, [40_00, 41_00], nil),
            (-1_00, [60_00], .credit), (-60_00, [-55_00], nil), (0, [0], nil),
        ] as [(Int64, [Int64], Outlier.Reason?)])
    func kinds(total: Int64, before: [Int64], reason: Outlier.Reason?) throws {
        #expect(OutlierRule().judge(try Self.invoice(total, before: before))?.reason == reason)
    }

    @Test("A first invoice, one of a change and the last one without a price in advance are never found")
    func expected() throws {
        let rule = OutlierRule()
        #expect(rule.judge(try Self.invoice(900_00, before: [], earlier: 0)) == nil)
        #expect(rule.judge(try Self.invoice(900_00, before: [1_00], kind: .change)) == nil)
        var last = try Self.invoice(0, before: [], hasRecurring: false, earlier: 2, isLast: true)
        last.before = 100_00
        #expect(rule.judge(last) == nil)
        last.isLast = false
        #expect(rule.judge(last)?.reason == .vanished)
        // Who pays by the year has the price once, and then for eleven months none.
        last.earlier = 1
        #expect(rule.judge(last) == nil)
        #expect(rule.judge(try Self.invoice(960_00, before: [], earlier: 1))?.reason == .appeared)
    }

    @Test("The amount is in whole units of the currency, and the factor and the history are what is asked for")
    func options() throws {
        #expect(OutlierRule().judge(try Self.invoice(69, before: [20], currency: "JPY")) == nil)
        #expect(OutlierRule().judge(try Self.invoice(70, before: [20], currency: "JPY"))?.reason == .rose)
        let rule = OutlierRule(factor: 2, least: 0, history: 1)
        #expect(rule.judge(try Self.invoice(2_01, before: [1_00]))?.reason == .rose)
        #expect(rule.judge(try Self.invoice(2_00, before: [1_00])) == nil)
        let found = try #require(rule.judge(try Self.invoice(3_45, before: [1_00, 1_01])))
        // Between 1.00 and 1.01, half a cent away from zero; 3.45 / 1.005 is 3.43.
        #expect(found.median == 1_01)
        #expect(found.tenths == 34)
    }

    @Test("Amounts at the ends of what 64 bits hold are compared exactly")
    func largest() throws {
        #expect(OutlierRule().judge(try Self.invoice(.max, before: [.max, .max])) == nil)
        #expect(OutlierRule().judge(try Self.invoice(.min, before: [.max]))?.reason == .credit)
    }

    @Test("A ranking keeps the first ones and counts the others, whichever way they come together")
    func ranking() {
        var (one, other) = (Ranking<Int>(limit: 3), Ranking<Int>(limit: 3))
        for value in [5, 1, 9, 7] { one.offer(value) }
        for value in [2, 8, 6, 4] { other.offer(value) }
        one.add(other)
        #expect(one.first == [1, 2, 4])
        #expect(one.count == 8)
        #expect(one.rest == 5)
    }
}
