import Billing
import Testing

@Suite("An error of billing")
struct BillingErrorTests {
    @Test("Each has a code of its own, and says what was found and what to do")
    func codes() throws {
        let period = try range("2021-06-10", "2021-07-10")
        let errors: [BillingError] =
            [
                .quantityOverflow(meter: "orders"), .amountOverflow(price: "base"),
                .dateOutOfRange(anchor: .latest, cadence: .month, index: 1),
                .noVersion(plan: "silver", day: .earliest, signedUp: .latest), .noAmount(price: "base", cadence: .year),
                .unknownPlan(id: 7), .unknownBilling(price: "base", service: period),
                .usageOutOfReach(price: "base", from: .earliest, since: .latest), .tooManyLines(period: period),
                .noTaxCountry(day: .earliest),
                .noTaxRate(place: try TaxCases.place("US", "NY"), category: "standard", day: .latest),
                .taxOverflow(category: nil),
            ]
            + PeriodGap.Kind.allCases.map { kind in
                .gap(PeriodGap(kind, source: "counts", days: period, count: 2), more: 0, period: period)
            }
        #expect(Set(errors.map(\.code)).count == errors.count)
        for error in errors {
            #expect(error.code.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 })
            #expect(error.description.contains(";"), "\(error.code) does not say what to do")
        }
    }
}
