import Billing
import TestSupport
import Testing

@Suite("A change of plan in mid-period")
struct PlanChangeTests {
    /// Two plans, `basic` and `plus`, that differ in one flat price each month.
    private func quoter(
        _ old: Int64, _ new: Int64, _ charged: FlatPrice.Charged = .inAdvance, isProrated: Bool = true
    ) throws -> Quoter {
        func plan(_ key: String, _ minor: Int64) -> Plan {
            let base = Price(
                key: "base", name: "Base of \(key)",
                model: .flat(
                    FlatPrice(
                        amounts: [FlatPrice.Amount(cadence: .month, minor: minor)], charged: charged,
                        isProrated: isProrated)))
            return Plan(
                key: key, name: key, invoiceEvery: .month, versions: [version(from: "2022-01-01", [base])])
        }
        return try #require(
            Quoter(
                Catalog(
                    name: "test", currency: try currency("USD"), rounding: .halfAwayFromZero, meters: [],
                    plans: [plan("basic", old), plan("plus", new)])))
    }

    @Test("100.00 to 160.00 with 20 of 30 days left costs 40.00 at once, and 160.00 on the next invoice")
    func upgrade() throws {
        let change = try quoter(100_00, 160_00).change(
            QuoteRequest(plan: "basic"), to: "plus", period: range("2022-04-01", "2022-05-01"), on: day("2022-04-11"))
        // 66.67 is 100.00 × 20/30 and 106.67 is 160.00 × 20/30.
        #expect(change.now.map(\.amount) == [-66_67, 106_67])
        #expect(change.now.map(\.kind) == [.credit, .charge])
        #expect(try PlanChange.total(change.now) == 40_00)
        #expect(change.now.map(\.service) == Array(repeating: try range("2022-04-11", "2022-05-01"), count: 2))
        #expect(change.later.isEmpty && change.untouched.isEmpty)
        #expect(change.next.map(\.amount) == [160_00])
        #expect(change.next.map(\.service) == [try range("2022-05-01", "2022-06-01")])
    }

    @Test("In arrears the same difference stands on the invoice with which the period ends")
    func inArrears() throws {
        let change = try quoter(100_00, 160_00, .inArrears).change(
            QuoteRequest(plan: "basic"), to: "plus", period: range("2022-04-01", "2022-05-01"), on: day("2022-04-11"))
        #expect(change.now.isEmpty)
        #expect(try PlanChange.total(change.later) == 40_00)
        // 10 days of the old plan and 20 of the new: 33.33 + 106.67.
        #expect(change.next.map(\.amount) == [100_00, -66_67, 106_67])
        #expect(try PlanChange.total(change.next) == 140_00)
    }

    @Test("What is not prorated is neither credited nor charged, and named")
    func notProrated() throws {
        let change = try quoter(100_00, 160_00, isProrated: false).change(
            QuoteRequest(plan: "basic"), to: "plus", period: range("2022-04-01", "2022-05-01"), on: day("2022-04-11"))
        #expect(change.now.isEmpty && change.later.isEmpty)
        #expect(change.untouched.map(\.name) == ["Base of basic", "Base of plus"])
        #expect(change.untouched.map(\.isNew) == [false, true])
        #expect(change.next.map(\.amount) == [160_00])
    }

    @Test("The period after a short month ends on the day from which the first was counted")
    func shortMonth() throws {
        let change = try quoter(28_00, 56_00).change(
            QuoteRequest(plan: "basic"), to: "plus", period: range("2022-01-31", "2022-02-28"), on: day("2022-01-31"))
        // All 28 days are left.
        #expect(change.now.map(\.amount) == [-28_00, 56_00])
        #expect(change.next.map(\.service) == [try range("2022-02-28", "2022-03-31")])
    }

    @Test("A day outside the period, the same plan and an unknown one are refused")
    func refusals() throws {
        let quoter = try quoter(100_00, 160_00)
        let period = try range("2022-04-01", "2022-05-01")
        #expect(throws: QuoteRefusal.dayOutsidePeriod(day("2022-05-01"), period)) {
            try quoter.change(QuoteRequest(plan: "basic"), to: "plus", period: period, on: day("2022-05-01"))
        }
        #expect(throws: QuoteRefusal.samePlan("basic")) {
            try quoter.change(QuoteRequest(plan: "basic"), to: "basic", period: period, on: day("2022-04-11"))
        }
        #expect(throws: QuoteRefusal.unknownPlan("pls", known: ["basic", "plus"])) {
            try quoter.change(QuoteRequest(plan: "basic"), to: "pls", period: period, on: day("2022-04-11"))
        }
    }

    @Test("There and back again on one day costs nothing, and a change is never dearer than both plans")
    func thereAndBack() throws {
        var random = SeededGenerator()
        for _ in 0..<1_000 {
            let (old, new) = (
                Int64.random(in: 0...100_000, using: &random), Int64.random(in: 0...100_000, using: &random)
            )
            let quoter = try quoter(old, new)
            let start = try #require(day("2022-01-01").adding(days: .random(in: 0...700, using: &random)))
            let period = try BillingCalendar(anchor: start, cadence: .month).period(0)
            let on = try #require(start.adding(days: .random(in: 0..<period.days, using: &random)))
            let there = try quoter.change(QuoteRequest(plan: "basic"), to: "plus", period: period, on: on)
            let back = try quoter.change(QuoteRequest(plan: "plus"), to: "basic", period: period, on: on)
            let total = try PlanChange.total(there.now)
            #expect(try total + PlanChange.total(back.now) == 0)
            #expect(-old <= total && total <= new)
            // Within a cent of the exact share of the difference.
            let left = Int64(period.end.daysSince1970 - on.daysSince1970)
            #expect(abs(total * Int64(period.days) - (new - old) * left) <= Int64(period.days))
        }
    }
}
