import Billing
import Testing

@Suite("What a new catalog changes")
struct CatalogDiffTests {
    private static func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private static func version(
        _ from: String, signedUpFrom: String? = nil, before: String? = nil, allowance: Int64 = 12_000,
        unitPrice: String? = nil, month: Int64 = 4_900, channels: Int64 = 2
    ) throws -> PlanVersion {
        let rate = try unitPrice.map {
            Rate(.graduated([Rate.Tier(upTo: nil, unitPrice: try ExactDecimal(parsing: $0))]))
        }
        return PlanVersion(
            from: try day(from), cohort: Cohort(from: try signedUpFrom.map(day), before: try before.map(day)),
            prices: [
                Price(
                    key: "base", name: "Silver plan",
                    model: .flat(FlatPrice(amounts: [FlatPrice.Amount(cadence: .month, minor: month)]))),
                Price(
                    key: "orders", name: "Orders over the limit",
                    model: .usage(
                        UsagePrice(
                            meter: "orders", allowance: allowance, per: .year, rate: rate, alreadyPaid: rate != nil))),
            ],
            entitlements: [Entitlement(key: "channels", name: "Selling channels", value: .limit(channels))])
    }

    private static func catalog(_ versions: [PlanVersion]) throws -> Catalog {
        Catalog(
            name: "connex", currency: try #require(Currency(code: "USD")), rounding: .halfAwayFromZero,
            meters: [
                Meter(
                    key: "orders", name: "Orders synced", aggregate: .sum, unit: UnitName(one: "order", other: "orders")
                )
            ],
            plans: [Plan(key: "silver", name: "Silver", invoiceEvery: .month, versions: versions)])
    }

    private static func lines(_ old: Catalog?, _ new: Catalog) -> [String] {
        CatalogDiff.between(old: old, new: new).map(\.description)
    }

    /// The terms before the policy change: the old limits for who came before, the new ones for who came later.
    private static func before() throws -> [PlanVersion] {
        [
            try version("2015-01-01", before: "2021-02-01", allowance: 60_000),
            try version("2021-02-01", signedUpFrom: "2021-02-01"),
        ]
    }

    @Test("Tax that begins, ends or changes is said rate by rate, and is of the past from its first different day on")
    func tax() throws {
        let untaxed = try Self.catalog(Self.before())
        var old = untaxed
        (old.seller, old.tax) = (try TaxCases.berlin(), try TaxCases.germany())
        #expect(
            Self.lines(untaxed, old) == [
                "seller: name none → 'Example GmbH'", "seller: address none → 'Rosenweg 1'",
                "seller: country none → 'DE'",
                "seller: tax_numbers.DE none → 'DE123456789'", "tax: now charged, prices are exclusive, 4 rates",
            ])
        #expect(Self.lines(old, untaxed).last == "tax: no longer charged, prices were exclusive, 4 rates")
        var new = old
        new.seller?.taxNumbers[try TaxCases.country("FR")] = "DE123456789"
        new.tax?.prices = .inclusive
        new.tax?.rates[0].percent = try ExactDecimal(parsing: "20")
        new.tax?.rates[1].until = try Self.day("2021-02-01")
        new.tax?.rates.removeLast()
        new.tax?.rates.append(try TaxCases.rate("FR", from: "2014-01-01", "20"))
        new.plans[0].versions[0].prices[0].taxCategory = "reduced"
        let changes = CatalogDiff.between(old: old, new: new)
        #expect(
            changes.map(\.description) == [
                "seller: tax_numbers.FR none → 'DE123456789'", "tax: prices exclusive → inclusive",
                "tax DE, reduced, from 2020-07-01: removed, 5% until 2021-01-01",
                "tax DE, standard, from 2007-01-01: 19% → 20%",
                "tax DE, standard, from 2020-07-01: 16% until 2021-01-01 → 16% until 2021-02-01",
                "tax FR, standard, from 2014-01-01: added, 20%",
                "plan silver: version from 2015-01-01 for who signed up before 2021-02-01: edited",
                "plan silver, signed up before 2021-02-01, from 2015-01-01: price base: tax standard → reduced",
            ])
        // On 2021-01-01 the passing rate had held until the day before in both.
        let past = try changes.map { $0.changesPast(before: try Self.day("2021-01-01")) }
        #expect(past == [false, true, true, true, false, true, true, true])
        #expect(changes.map(\.plan) == [nil, nil, nil, nil, nil, nil, "silver", "silver"])
        // A discount follows its prices, whose own changes are told.
        var discounted = old
        discounted.plans[0].versions[0].prices.append(
            Price(key: "off", name: "Off", model: .discount(Discount(effect: .amount(100)))))
        var moved = discounted
        moved.plans[0].versions[0].prices[2].taxCategory = "reduced"
        #expect(!Self.lines(discounted, moved).contains { $0.contains("price off") })
    }

    @Test("A meter that counts in another way is a change of the past, said key by key")
    func meterRules() throws {
        let old = try Self.catalog(Self.before())
        var new = old
        new.meters[0].places = 2
        new.meters[0].series = "sales"
        new.meters[0].channels = ["ebay", "amazon"]
        new.meters[0].categories = ["edi"]
        new.meters[0].pool = .perAccount
        new.meters[0].window = .days(30)
        let changes = CatalogDiff.between(old: old, new: new)
        #expect(
            changes.map(\.description) == [
                "meter orders: places 0 → 2", "meter orders: of orders → sales",
                "meter orders: channels all → amazon, ebay", "meter orders: categories all → edi",
                "meter orders: pool together → per_account", "meter orders: window period → 30 days",
            ])
        let date = try Self.day("2022-01-01")
        #expect(changes.allSatisfy { $0.changesPast(before: date) && $0.plan == nil })
    }

    @Test("What customers are told changes nothing of what was billed")
    func notices() throws {
        let old = try Self.catalog([Self.version("2020-01-01", unitPrice: "0.10")])
        var new = old
        guard case .usage(var usage) = new.plans[0].versions[0].prices[1].model else { return }
        usage.alerts = [80, 100]
        new.plans[0].versions[0].prices[1].model = .usage(usage)
        new.notices = NoticeTerms(
            oneADay: true, templates: [.usageAlert: NoticeTemplate(subject: "Look: {{percent}}%", text: "…")])
        #expect(
            Self.lines(old, new) == [
                "notices: now at most one a day for each subscription", "notices: usage_alert → 'Look: {{percent}}%'",
                "plan silver: version from 2020-01-01 for everyone: edited",
                "plan silver, everyone, from 2020-01-01: price orders: alerts none → 80%, 100%",
            ])
        #expect(
            Self.lines(new, old) == [
                "notices: no longer at most one a day for each subscription",
                "notices: usage_alert → Meterbook's own words",
                "plan silver: version from 2020-01-01 for everyone: edited",
                "plan silver, everyone, from 2020-01-01: price orders: alerts 80%, 100% → none",
            ])
        let first = CatalogDiff.between(old: old, new: new)
        let date = try Self.day("2022-01-01")
        #expect(
            first.filter { $0.changesPast(before: date) }.map(\.description) == [
                "plan silver: version from 2020-01-01 for everyone: edited"
            ])
        #expect(first[0].plan == nil && first[1].plan == nil)
    }

    @Test("The same catalog changes nothing")
    func nothing() throws {
        let catalog = try Self.catalog(Self.before())
        #expect(CatalogDiff.between(old: catalog, new: catalog).isEmpty)
    }

    @Test("A first catalog adds its meters and plans")
    func first() throws {
        #expect(
            Self.lines(nil, try Self.catalog(Self.before())) == [
                "meter orders: added, 'Orders synced', sum",
                "plan silver: added, 'Silver', invoiced every month, 2 versions from 2015-01-01",
            ])
    }

    @Test("A version for everyone changes different things for each cohort, from its date")
    func policyChange() throws {
        let old = try Self.catalog(Self.before())
        let new = try Self.catalog(Self.before() + [Self.version("2022-02-01", unitPrice: "0.10")])
        #expect(
            Self.lines(old, new) == [
                "plan silver: version from 2022-02-01 for everyone: added",
                "plan silver, signed up before 2021-02-01, from 2022-02-01: price orders: allowance 60,000 a year → 12,000 a year",
                "plan silver, signed up before 2021-02-01, from 2022-02-01: price orders: unit price none → 0.1",
                "plan silver, signed up before 2021-02-01, from 2022-02-01: price orders: what was counted before is now paid already",
                "plan silver, signed up from 2021-02-01, from 2022-02-01: price orders: unit price none → 0.1",
                "plan silver, signed up from 2021-02-01, from 2022-02-01: price orders: what was counted before is now paid already",
            ])
        let changes = CatalogDiff.between(old: old, new: new)
        #expect(!changes.contains { $0.changesPast(before: CivilDate("2022-02-01") ?? .latest) })
        #expect(changes.allSatisfy { $0.changesPast(before: CivilDate("2022-02-02") ?? .earliest) })
    }

    @Test("An edited version holds until the next one, and only for its cohort")
    func edit() throws {
        let last = try Self.version("2022-02-01", unitPrice: "0.10")
        let old = try Self.catalog(Self.before() + [last])
        var versions = try Self.before()
        versions[0] = try Self.version("2015-01-01", before: "2021-02-01", allowance: 60_000, month: 5_900, channels: 3)
        let changes = CatalogDiff.between(old: old, new: try Self.catalog(versions + [last]))
        #expect(
            changes.map(\.description) == [
                "plan silver: version from 2015-01-01 for who signed up before 2021-02-01: edited",
                "plan silver, signed up before 2021-02-01, from 2015-01-01 until 2022-02-01: price base: month 49.00 USD → 59.00 USD",
                "plan silver, signed up before 2021-02-01, from 2015-01-01 until 2022-02-01: entitlement channels: 2 → 3",
            ])
        #expect(changes.allSatisfy { $0.changesPast(before: CivilDate("2022-01-01") ?? .earliest) })
    }

    @Test("Another meter for an entitlement is said, and rewrites nothing that was rated")
    func entitlementMeter() throws {
        let old = try Self.catalog([Self.version("2020-01-01", unitPrice: "0.10")])
        var new = old
        new.plans[0].versions[0].entitlements[0].meter = "orders"
        let edited = "plan silver: version from 2020-01-01 for everyone: edited"
        let line = "plan silver, everyone, from 2020-01-01: entitlement channels: meter"
        #expect(Self.lines(old, new) == [edited, "\(line) none → orders"])
        #expect(Self.lines(new, old) == [edited, "\(line) orders → none"])
        let terms = CatalogDiff.between(old: old, new: new)[1]
        #expect(!terms.changesPast(before: try Self.day("2022-01-01")))
    }

    @Test("Conditions that come, go and change are said one by one, and rewrite nothing that was rated")
    func eligible() throws {
        func condition(_ number: Int64, days: Int? = 30, name: String = "Orders") -> EligibilityCondition {
            EligibilityCondition(key: "orders", name: name, meter: "orders", days: days, bound: .below, number: number)
        }
        let old = try Self.catalog([Self.version("2020-01-01", unitPrice: "0.10")])
        func with(_ conditions: EligibilityCondition...) -> Catalog {
            var catalog = old
            catalog.plans[0].versions[0].eligible = conditions
            return catalog
        }
        let edited = "plan silver: version from 2020-01-01 for everyone: edited"
        let line = "plan silver, everyone, from 2020-01-01: eligible orders:"
        #expect(Self.lines(old, with(condition(1_500))) == [edited, "\(line) added, orders in 30 days below 1,500"])
        #expect(Self.lines(with(condition(500)), old) == [edited, "\(line) removed"])
        #expect(
            Self.lines(with(condition(500)), with(condition(400, days: 1, name: "Of a day"))) == [
                edited, "\(line) name 'Orders' → 'Of a day'",
                "\(line) orders in 30 days below 500 → orders in 1 day below 400",
            ])
        #expect(Self.lines(with(condition(500)), with(condition(500, name: "Of a month"))).count == 2)
        let terms = try #require(CatalogDiff.between(old: old, new: with(condition(500))).last)
        #expect(!terms.changesPast(before: try Self.day("2022-01-01")))
    }

    @Test("A version split in two with the same terms is named, and changes no terms")
    func split() throws {
        let old = try Self.catalog([Self.version("2020-01-01", unitPrice: "0.10")])
        let new = try Self.catalog([
            Self.version("2020-01-01", unitPrice: "0.10"), Self.version("2021-01-01", unitPrice: "0.10"),
        ])
        #expect(Self.lines(old, new) == ["plan silver: version from 2021-01-01 for everyone: added"])
        #expect(Self.lines(new, old) == ["plan silver: version from 2021-01-01 for everyone: removed"])
    }

    @Test("Terms that end or begin are told for the days on which they do")
    func beginAndEnd() throws {
        let old = try Self.catalog([Self.version("2020-01-01")])
        let new = try Self.catalog([Self.version("2021-01-01")])
        #expect(
            Self.lines(old, new) == [
                "plan silver: version from 2020-01-01 for everyone: removed",
                "plan silver: version from 2021-01-01 for everyone: added",
                "plan silver, everyone, from 2020-01-01 until 2021-01-01: terms → no terms",
            ])
    }

    @Test("Names, currency, rounding, meters, plans and cadence are each a line")
    func heads() throws {
        let old = try Self.catalog([Self.version("2020-01-01")])
        var new = old
        new.name = "other"
        new.currency = try #require(Currency(code: "EUR"))
        new.rounding = .down
        new.meters[0].name = "Orders"
        new.meters[0].unit.other = "sales"
        new.meters.append(
            Meter(key: "scans", name: "Scans", aggregate: .sum, unit: UnitName(one: "scan", other: "scans")))
        new.plans[0].name = "Silver plus"
        new.plans[0].invoiceEvery = .quarter
        new.plans.append(Plan(key: "gold", name: "Gold", invoiceEvery: .year, versions: []))
        let changes = CatalogDiff.between(old: old, new: new)
        #expect(
            changes.map(\.description) == [
                "catalog: name connex → other",
                "catalog: currency USD → EUR",
                "catalog: rounding half_away_from_zero → down",
                "meter orders: name 'Orders synced' → 'Orders'",
                "meter orders: unit order/orders → order/sales",
                "meter scans: added, 'Scans', sum",
                "plan gold: added, 'Gold', invoiced every year, 0 versions",
                "plan silver: name 'Silver' → 'Silver plus'",
                "plan silver: invoiced every month → every quarter",
                "plan silver, everyone, from 2020-01-01: price base: month 49.00 USD → 49.00 EUR",
            ])
        let past = changes.filter { $0.changesPast(before: CivilDate("2021-01-01") ?? .earliest) }.map(\.description)
        #expect(
            past == [
                "catalog: currency USD → EUR",
                "catalog: rounding half_away_from_zero → down",
                "plan silver: invoiced every month → every quarter",
                "plan silver, everyone, from 2020-01-01: price base: month 49.00 USD → 49.00 EUR",
            ])
        #expect(Self.lines(new, old).contains("plan gold: removed"))
        #expect(Self.lines(new, old).contains("meter scans: removed"))
    }

    @Test("Prices and tiers that come, go and change their kind are told")
    func prices() throws {
        let old = try Self.version("2020-01-01")
        var new = old
        new.prices[0] = Price(key: "base", name: "Base", model: old.prices[1].model)
        new.prices.remove(at: 1)
        let extra = Rate(
            .graduated([
                Rate.Tier(upTo: 1_000, unitPrice: try ExactDecimal(parsing: "0.1")),
                Rate.Tier(upTo: nil, unitPrice: try ExactDecimal(parsing: "0.08")),
            ]))
        #expect(
            CatalogChange.Term.rate(price: "orders", old: nil, new: extra).description
                == "price orders: rate none → up to 1,000 at 0.1, beyond at 0.08")
        #expect(
            Self.lines(try Self.catalog([old]), try Self.catalog([new])) == [
                "plan silver: version from 2020-01-01 for everyone: edited",
                "plan silver, everyone, from 2020-01-01: price base: flat price → usage price",
                "plan silver, everyone, from 2020-01-01: price orders: removed",
            ])
    }
}
