import Billing
import Testing

@Suite("The tax on an invoice")
struct TaxAssessmentTests {
    private static func lines(_ amounts: Int64...) -> [TaxLine] { amounts.map { TaxLine(amount: $0) } }

    @Test(
        "Germany charges 16 % from July to December 2020, and 19 % before and after",
        arguments: [
            ("2020-06-30", "19", 1_900 as Int64), ("2020-07-01", "16", 1_600), ("2020-12-31", "16", 1_600),
            ("2021-01-01", "19", 1_900),
        ])
    func germany(on: String, percent: String, tax: Int64) throws {
        let assessment = try TaxCases.germany().assess(
            Self.lines(10_000), seller: TaxCases.berlin(), buyer: TaxCases.buyer("DE"), on: day(on))
        #expect(TaxCases.table(assessment) == ["taxed DE standard \(percent) 10000 \(tax)"])
        #expect(assessment.gross == 10_000 + tax)
        #expect(assessment.notes == [])
        #expect(assessment.sellerNumber == "DE123456789")
        #expect(assessment.checkInvariants())
    }

    @Test("Lines are summed by rate before anything is rounded, whatever their order")
    func sums() throws {
        // 0.03 + 0.03 + 0.03 at 16 %: 0.0144 in all, so 0.01; line by line it would be 0.00 three times.
        let lines = [
            TaxLine(amount: 3), TaxLine(amount: 100, category: "reduced"), TaxLine(amount: 3),
            TaxLine(amount: 50, category: "exempt"), TaxLine(amount: 3),
        ]
        for order in [lines, lines.reversed()] {
            let assessment = try TaxCases.germany().assess(
                order, seller: TaxCases.berlin(), buyer: TaxCases.buyer("DE"), on: day("2020-08-01"))
            #expect(
                TaxCases.table(assessment) == [
                    "taxed DE reduced 5 100 5", "taxed DE standard 16 9 1", "exempt DE exempt 0 50 0",
                ])
            #expect((assessment.net, assessment.tax, assessment.gross) == (159, 6, 165))
            #expect(assessment.notes.map(\.text) == ["Exempt from tax"])
        }
    }

    @Test("A French business is charged no tax by a German seller, and told to account for it itself")
    func reverseCharge() throws {
        let assessment = try TaxCases.germany().assess(
            Self.lines(10_000, 2_500), seller: TaxCases.berlin(), buyer: TaxCases.buyer("FR", vat: "FR"),
            on: day("2021-03-01"))
        #expect(TaxCases.table(assessment) == ["reverse_charge FR standard 0 12500 0"])
        #expect(
            assessment.notes.map(\.text) == [
                "Reverse charge: VAT is to be accounted for by the recipient, Article 196 of Directive 2006/112/EC"
            ])
        #expect(assessment.gross == 12_500)
    }

    @Test("Without a VAT number, or with one of the seller's country, the French customer pays the seller's rate")
    func consumer() throws {
        for vat in [nil, "DE"] {
            let assessment = try TaxCases.germany().assess(
                Self.lines(10_000), seller: TaxCases.berlin(), buyer: TaxCases.buyer("FR", vat: vat),
                on: day("2021-03-01"))
            #expect(TaxCases.table(assessment) == ["taxed DE standard 19 10000 1900"])
        }
    }

    @Test("Who declares in the buyer's country, as by the one-stop-shop, charges its rate; to a business still none")
    func oneStopShop() throws {
        var rules = try TaxCases.germany()
        rules.rates.append(try TaxCases.rate("FR", from: "2014-01-01", "20"))
        let seller = try TaxCases.berlin(["DE": "DE123456789", "FR": "DE123456789"])
        let consumer = try rules.assess(
            Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("FR"), on: day("2021-03-01"))
        #expect(TaxCases.table(consumer) == ["taxed FR standard 20 10000 2000"])
        let monaco = try rules.assess(
            Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("MC"), on: day("2021-03-01"))
        #expect(TaxCases.table(monaco) == ["taxed FR standard 20 10000 2000"])
        let business = try rules.assess(
            Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("FR", vat: "FR"), on: day("2021-03-01"))
        #expect(business.subtotals.map(\.treatment) == [.reverseCharge])
        #expect(business.sellerNumber == "DE123456789")
    }

    @Test("Switzerland is an export, and so are the Canary Islands from Spain")
    func export() throws {
        let swiss = try TaxCases.germany().assess(
            Self.lines(10_000), seller: TaxCases.berlin(), buyer: TaxCases.buyer("CH"), on: day("2021-03-01"))
        #expect(TaxCases.table(swiss) == ["export CH standard 0 10000 0"])
        #expect(
            swiss.notes.map(\.text) == [
                """
                Export: no VAT is charged, the place of supply is outside of the European Union, Articles 44, 58 and 59 of \
                Directive 2006/112/EC
                """
            ])
        let rules = TaxRules(prices: .exclusive, rates: [try TaxCases.rate("ES", from: "2012-09-01", "21")])
        let seller = try TaxCases.seller("ES", ["ES": "ESA12345678"])
        let canaries = try rules.assess(
            Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("ES", "CN"), on: day("2021-03-01"))
        #expect(canaries.subtotals.map(\.treatment) == [.export])
        let madrid = try rules.assess(
            Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("ES", "MD"), on: day("2021-03-01"))
        #expect(TaxCases.table(madrid) == ["taxed ES standard 21 10000 2100"])
    }

    @Test("Britain is in the Union until the end of 2020, and an export from the next day on, also with a number of XI")
    func britain() throws {
        let rules = try TaxCases.germany()
        let buyer = try TaxCases.buyer("GB", vat: "GB")
        let last = try rules.assess(
            Self.lines(10_000), seller: TaxCases.berlin(), buyer: buyer, on: day("2020-12-31"))
        #expect(last.subtotals.map(\.treatment) == [.reverseCharge])
        let first = try rules.assess(
            Self.lines(10_000), seller: TaxCases.berlin(), buyer: buyer, on: day("2021-01-01"))
        #expect(first.subtotals.map(\.treatment) == [.export])
        let belfast = try TaxCases.buyer(
            "GB", vat: TaxNumber("XI123456789", in: TaxCases.country("GB"))?.vatCountry?.code)
        #expect(belfast.vatCountry?.code == "GB")
        let services = try rules.assess(
            Self.lines(10_000), seller: TaxCases.berlin(), buyer: belfast, on: day("2021-01-01"))
        #expect(services.subtotals.map(\.treatment) == [.export])
    }

    @Test("The Isle of Man is taxed as the United Kingdom, in the Union and out of it")
    func isleOfMan() throws {
        let rules = TaxRules(prices: .exclusive, rates: [try TaxCases.rate("GB", from: "2011-01-04", "20")])
        let seller = try TaxCases.seller("GB", ["GB": "GB123456789"])
        for date in ["2020-12-31", "2021-01-01"] {
            let assessment = try rules.assess(
                Self.lines(10_000), seller: seller, buyer: TaxCases.buyer("IM"), on: day(date))
            #expect(TaxCases.table(assessment) == ["taxed GB standard 20 10000 2000"])
        }
    }

    @Test(
        "Sales tax of 8.875 % in New York, nothing where the catalog says 0, and a state that it leaves out is refused")
    func newYork() throws {
        var rules = TaxRules(
            prices: .exclusive,
            rates: [
                try TaxCases.rate("US", "NY", from: "2019-01-01", "8.875"),
                try TaxCases.rate("US", "OR", from: "2019-01-01", "0"),
            ])
        let seller = try TaxCases.seller("US", region: "NY")
        // 49.99 × 8.875 % = 4.4366125
        let city = try rules.assess(
            Self.lines(4_999), seller: seller, buyer: TaxCases.buyer("US", "NY"), on: day("2022-05-01"))
        #expect(TaxCases.table(city) == ["taxed US-NY standard 8.875 4999 444"])
        #expect(city.sellerNumber == nil)
        let oregon = try rules.assess(
            Self.lines(4_999), seller: seller, buyer: TaxCases.buyer("US", "OR"), on: day("2022-05-01"))
        #expect(TaxCases.table(oregon) == ["taxed US-OR standard 0 4999 0"])
        let california = try TaxCases.buyer("US", "CA")
        let date = day("2022-05-01")
        let missing = BillingError.noTaxRate(place: california.place, category: "standard", day: date)
        #expect(throws: missing) {
            try rules.assess(Self.lines(4_999), seller: seller, buyer: california, on: date)
        }
        #expect(
            missing.description.hasPrefix("the catalog has no tax rate for US-CA, category 'standard', on 2022-05-01;"))
        // A rate of the whole country stands behind those of its regions.
        rules.rates.append(try TaxCases.rate("US", from: "2019-01-01", "0"))
        let elsewhere = try rules.assess(
            Self.lines(4_999), seller: seller, buyer: california, on: date)
        #expect(TaxCases.table(elsewhere) == ["taxed US standard 0 4999 0"])
        for rates in [rules.rates, rules.rates.reversed()] {
            rules.rates = rates
            let home = try rules.assess(
                Self.lines(4_999), seller: seller, buyer: TaxCases.buyer("US", "NY"), on: date)
            #expect(home.tax == 444)
        }
        let abroad = try rules.assess(
            Self.lines(4_999), seller: seller, buyer: TaxCases.buyer("DE"), on: date)
        #expect(abroad.notes.map(\.text) == ["Export: no tax is charged, the customer is in another country"])
    }

    @Test("Ten per cent in a price in yen is taken out of the whole, and the rest is the net")
    func yen() throws {
        let rules = TaxRules(
            prices: .inclusive,
            rates: [
                try TaxCases.rate("JP", from: "2014-04-01", "8"), try TaxCases.rate("JP", from: "2019-10-01", "10"),
            ])
        let seller = try TaxCases.seller("JP", ["JP": "T1234567890123"])
        // 1,980 × 10 / 110 = 180; 1,000 × 10 / 110 = 90.909…
        for (amounts, net, tax) in [([1_980], 1_800, 180), ([400, 600], 909, 91)] as [([Int64], Int64, Int64)] {
            let assessment = try rules.assess(
                amounts.map { TaxLine(amount: $0) }, seller: seller, buyer: TaxCases.buyer("JP"),
                on: day("2021-03-01"))
            #expect((assessment.net, assessment.tax, assessment.gross) == (net, tax, amounts.reduce(0, +)))
        }
        let before = try rules.assess(
            Self.lines(1_080), seller: seller, buyer: TaxCases.buyer("JP"), on: day("2019-09-30"))
        #expect((before.net, before.tax) == (1_000, 80))
        // Who is charged none pays the same.
        let abroad = try rules.assess(
            Self.lines(1_980), seller: seller, buyer: TaxCases.buyer("US"), on: day("2021-03-01"))
        #expect((abroad.net, abroad.tax, abroad.gross) == (1_980, 0, 1_980))
    }

    @Test("A dinar has a thousand parts, and half of one is rounded away from zero, also below it")
    func dinar() throws {
        let rules = TaxRules(prices: .exclusive, rates: [try TaxCases.rate("KW", from: "2025-01-01", "5")])
        let seller = try TaxCases.seller("KW")
        // 1.250 KWD × 5 % = 0.0625 KWD.
        for (amount, tax) in [(1_250, 63), (-1_250, -63), (1_249, 62), (1_251, 63)] as [(Int64, Int64)] {
            let assessment = try rules.assess(
                Self.lines(amount), seller: seller, buyer: TaxCases.buyer("KW"), on: day("2025-03-01"))
            #expect(assessment.tax == tax)
        }
    }

    @Test("An exempt customer pays none, with the reason on the invoice, and an exempt category none anywhere")
    func exempt() throws {
        let reason = "Diplomatic mission, Article 151 of Directive 2006/112/EC"
        let mission = try TaxCases.germany().assess(
            [TaxLine(amount: 10_000), TaxLine(amount: 500, category: "exempt")], seller: TaxCases.berlin(),
            buyer: TaxCases.buyer("DE", exempt: reason), on: day("2021-03-01"))
        #expect(TaxCases.table(mission) == ["exempt DE exempt 0 500 0", "exempt DE standard 0 10000 0"])
        #expect(mission.notes.map(\.text) == ["Exempt from tax: \(reason)"])
        let business = try TaxCases.germany().assess(
            [TaxLine(amount: 10_000), TaxLine(amount: 500, category: "exempt")], seller: TaxCases.berlin(),
            buyer: TaxCases.buyer("FR", vat: "FR"), on: day("2021-03-01"))
        #expect(
            TaxCases.table(business) == ["reverse_charge FR standard 0 10000 0", "exempt FR exempt 0 500 0"])
        #expect(business.notes == [.reverseCharge, .exemptSupply])
    }

    @Test("A customer of whom no country is known is refused, and an amount beyond 64 bits")
    func refused() throws {
        let (rules, seller, date) = (try TaxCases.germany(), try TaxCases.berlin(), day("2021-03-01"))
        #expect(throws: BillingError.noTaxCountry(day: date)) {
            try rules.assess(Self.lines(1), seller: seller, buyer: nil, on: date)
        }
        let buyer = try TaxCases.buyer("DE")
        #expect(throws: BillingError.taxOverflow(category: "standard")) {
            try rules.assess(Self.lines(.max, 1), seller: seller, buyer: buyer, on: date)
        }
        #expect(throws: BillingError.taxOverflow(category: nil)) {
            try rules.assess(Self.lines(.max), seller: seller, buyer: buyer, on: date)
        }
        // What comes back within 64 bits is no overflow.
        let back = try rules.assess(Self.lines(.max, .max, -.max, -.max, 100), seller: seller, buyer: buyer, on: date)
        #expect(back.gross == 119)
    }

    @Test("A catalog without tax takes the lines for what is to be paid, whoever the customer is")
    func noTax() throws {
        let catalog = Catalog(
            name: "demo", currency: try currency("EUR"), rounding: .halfAwayFromZero, meters: [], plans: [])
        let assessment = try catalog.assessTax(on: Self.lines(1_000, -300), buyer: nil, on: day("2021-03-01"))
        #expect(TaxCases.table(assessment) == ["none - standard 0 700 0"])
        #expect((assessment.net, assessment.tax, assessment.gross) == (700, 0, 700))
        #expect(assessment.checkInvariants())
        var taxed = catalog
        (taxed.seller, taxed.tax) = (try TaxCases.berlin(), try TaxCases.germany())
        #expect(
            try taxed.assessTax(on: Self.lines(1_000), buyer: TaxCases.buyer("DE"), on: day("2021-03-01")).tax == 190)
    }
}
