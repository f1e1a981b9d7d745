import Billing
import Testing

@Suite("A catalog")
struct CatalogTests {
    private func cohort(_ from: String?, _ before: String?) -> Cohort {
        Cohort(from: from.map(day), before: before.map(day))
    }

    @Test("Two cohorts meet when somebody could belong to both")
    func meets() {
        // 2021:   J F M A M J J A S O N D
        let first = cohort("2021-02-01", "2021-05-01")
        let table: [(Cohort, Bool)] = [
            (cohort("2021-01-01", "2021-02-01"), false), (cohort("2021-01-01", "2021-02-02"), true),
            (cohort("2021-05-01", "2021-06-01"), false), (cohort("2021-04-30", "2021-06-01"), true),
            (cohort("2021-03-01", "2021-03-02"), true), (cohort(nil, "2021-02-01"), false),
            (cohort(nil, "2021-02-02"), true),
            (cohort("2021-05-01", nil), false), (cohort("2021-04-30", nil), true), (.everyone, true), (first, true),
            // Nobody belongs to a cohort that ends before it begins.
            (cohort("2021-04-01", "2021-03-01"), false), (cohort("2021-03-01", "2021-03-01"), false),
        ]
        for (second, meet) in table {
            #expect(first.meets(second) == meet)
            #expect(second.meets(first) == meet)
        }
        #expect(Cohort.everyone.meets(.everyone))
        #expect(cohort(nil, "2021-02-01").meets(cohort(nil, "1999-01-01")))
        #expect(cohort("2021-02-01", nil).meets(cohort("1999-01-01", nil)))
        #expect(!cohort(nil, "2021-02-01").meets(cohort("2021-02-01", nil)))
        #expect(!Cohort(from: nil, before: .earliest).meets(.everyone))
    }

    @Test("That two cohorts meet is the same as that some day lies in both")
    func meetsByDays() {
        let ends: [String?] = [nil, "2021-02-01", "2021-02-02", "2021-02-04"]
        let days = ["1999-12-31", "2021-01-31", "2021-02-01", "2021-02-02", "2021-02-03", "2021-02-04", "2050-01-01"]
            .map(day)
        let cohorts = ends.flatMap { from in ends.map { cohort(from, $0) } }
        for one in cohorts {
            for other in cohorts {
                #expect(one.meets(other) == days.contains { one.contains($0) && other.contains($0) })
            }
        }
    }

    @Test("The version in force is the latest that has begun and whose cohort matches")
    func versions() {
        //           2015 ────────────────── 2021-02-01 ──────── 2022-02-01 ────
        // legacy     A                                           C
        // new        (none)                  B                   C
        let a = version(from: "2015-01-01", before: "2021-02-01", [usage(60_000, per: .year, nil)])
        let b = version(from: "2021-02-01", signedUpFrom: "2021-02-01", [usage(12_000, per: .year, nil)])
        let c = version(from: "2022-02-01", [usage(12_000, per: .year, nil, alreadyPaid: true)])
        let plan = Plan(key: "silver", name: "Silver", invoiceEvery: .month, versions: [a, b, c])
        let table: [(String, String, PlanVersion?)] = [
            ("2014-12-31", "2014-06-01", nil), ("2015-01-01", "2014-06-01", a), ("2022-01-31", "2014-06-01", a),
            ("2022-01-31", "2021-01-31", a), ("2022-02-01", "2021-01-31", c), ("2022-01-31", "2021-02-01", b),
            ("2022-02-01", "2021-02-01", c), ("2021-01-31", "2021-02-01", nil), ("2099-01-01", "2098-01-01", c),
        ]
        for (on, signedUp, expected) in table {
            #expect(
                plan.version(on: day(on), signedUp: day(signedUp), contract: nil) == expected,
                "\(on), signed up \(signedUp)")
        }
    }

    @Test("Two versions of one date are told apart by their cohorts")
    func sameDate() {
        let old = version(from: "2021-01-01", before: "2020-01-01", [])
        let new = version(from: "2021-01-01", signedUpFrom: "2020-01-01", [])
        let plan = Plan(key: "p", name: "P", invoiceEvery: .month, versions: [old, new])
        #expect(plan.version(on: day("2021-01-01"), signedUp: day("2019-12-31"), contract: nil) == old)
        #expect(plan.version(on: day("2021-01-01"), signedUp: day("2020-01-01"), contract: nil) == new)
    }

    @Test("The dates at which usage is cut are those of all versions, once and in order")
    func cuts() throws {
        let ready = try catalog([
            version(from: "2021-05-01", []), version(from: "2022-02-01", before: "2021-01-01", []),
        ])
        #expect(ready.catalog.cuts == [day("2021-05-01"), day("2022-02-01")])
    }

    @Test("Identifiers that do not fit the catalog make no catalog for rating")
    func identifiers() throws {
        let value = try catalog([version(from: "2015-01-01", [flat([(.month, 100)]), usage(1, per: .year, nil)])])
            .catalog
        func ready(_ plans: [String: Int32], _ meters: [String: Int32], _ prices: [Int32]) -> RatingCatalog? {
            RatingCatalog(
                id: 1, catalog: value,
                identifiers: RatingCatalog.Identifiers(plans: plans, meters: meters, prices: prices))
        }
        #expect(ready(["silver": 1], ["orders": 1], [1, 2]) != nil)
        #expect(ready(["gold": 1], ["orders": 1], [1, 2]) == nil)
        #expect(ready([:], ["orders": 1], [1, 2]) == nil)
        #expect(ready(["silver": 1], ["labels": 1], [1, 2]) == nil)
        #expect(ready(["silver": 1], ["orders": 1], [1]) == nil)
        #expect(ready(["silver": 1], ["orders": 1], []) == nil)
        #expect(ready(["silver": 1], ["orders": 1], [1, 2, 3]) == nil)
    }

    @Test("A plan that the catalog lacks is an error")
    func unknownPlan() throws {
        let ready = try catalog([version(from: "2015-01-01", [])])
        var other = subscription(anchor: "2021-01-01")
        other.plan = 7
        #expect(throws: BillingError.unknownPlan(id: 7)) { try ready.openPeriod(of: other, number: 0) }
        #expect(throws: BillingError.unknownPlan(id: 7)) { try ready.slicing(of: other, cuts: []) }
        #expect(throws: BillingError.unknownPlan(id: 7)) { try ready.allowanceStart(of: other, on: day("2021-01-01")) }
    }

    @Test("One is singular, also below zero; everything else is plural")
    func words() {
        let unit = UnitName(one: "order", other: "orders")
        for (quantity, word) in [
            (0, "orders"), (1, "order"), (-1, "order"), (2, "orders"), (13_695, "orders"), (.min, "orders"),
        ] {
            #expect(unit.word(for: Int64(quantity)) == word)
        }
    }
}
