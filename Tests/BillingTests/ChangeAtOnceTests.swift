import Billing
import Testing

/// What a change of plan in the midst of a paid period comes to on invoices.
@Suite("A change of plan at once")
struct ChangeAtOnceTests {
    /// Two plans, numbers 1 and 2, each of one flat price that is paid in advance and prorated.
    private func catalog(_ old: Int64, _ new: Int64) throws -> RatingCatalog {
        func plan(_ key: String, _ minor: Int64) -> Plan {
            let base = Price(
                key: "base", name: "Base",
                model: .flat(
                    FlatPrice(
                        amounts: [FlatPrice.Amount(cadence: .month, minor: minor)], charged: .inAdvance,
                        isProrated: true)))
            return Plan(
                key: key, name: key, invoiceEvery: .month,
                versions: [version(from: "2015-01-01", [base])])
        }
        return try #require(
            RatingCatalog(
                id: 1,
                catalog: Catalog(
                    name: "test", currency: try currency("USD"), rounding: .halfAwayFromZero, meters: [],
                    plans: [plan("basic", old), plan("plus", new)]),
                identifiers: RatingCatalog.Identifiers(plans: ["basic": 1, "plus": 2], meters: [:], prices: [1, 2])))
    }

    @Test("In a whole period the credit is what its share of the days leaves")
    func wholePeriod() throws {
        var holder = subscription(anchor: "2023-01-01")
        let change = Subscription.Change(day: day("2023-01-21"), plan: 2, isAtOnce: true)
        holder.changes = [change]
        let settled = try Closer(catalog: catalog(10_00, 20_00)).settle(change, of: holder)
        // 10.00 less 10.00 × 20/31 = 6.45.
        #expect(settled.lines.map(\.amount) == [-3_55, 7_10])
    }

    @Test("A change on the day of a renewal comes after it: the invoice charges the plan that was renewed")
    func onRenewal() throws {
        let ready = try catalog(31_00, 62_00)
        var holder = subscription(anchor: "2023-01-01")
        let change = Subscription.Change(day: day("2023-02-01"), plan: 2, isAtOnce: true)
        holder.changes = [change]
        let open = try #require(try ready.openPeriod(of: holder, number: 0))
        var outcome = CloseOutcome()
        try Closer(catalog: ready).close(holder, open: open, asOf: day("2023-02-01"), totals: [], into: &outcome)
        #expect(outcome.checkInvariants())
        #expect(outcome.lines.map(\.amount) == [31_00])
        #expect(outcome.lines.map(\.service) == [try range("2023-02-01", "2023-03-01")])
        let settled = try Closer(catalog: ready).settle(change, of: holder)
        #expect(settled.lines.map(\.amount) == [-31_00, 62_00])
    }

    @Test("A change that is no change at once is what the renewal of its day charges")
    func atRenewal() throws {
        let ready = try catalog(31_00, 62_00)
        var holder = subscription(anchor: "2023-01-01")
        holder.changes = [Subscription.Change(day: day("2023-02-01"), plan: 2)]
        let open = try #require(try ready.openPeriod(of: holder, number: 0))
        var outcome = CloseOutcome()
        try Closer(catalog: ready).close(holder, open: open, asOf: day("2023-02-01"), totals: [], into: &outcome)
        #expect(outcome.lines.map(\.amount) == [62_00])
    }
}
