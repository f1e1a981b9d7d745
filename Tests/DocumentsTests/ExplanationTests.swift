import Billing
import Foundation
import Testing

import Documents

@Suite("Explanations")
struct ExplanationTests {
    /// The invoice of 10 March: the limit fell to 12,000 on 1 February, when 15,000 had been counted.
    private func invoice(_ lines: [InvoiceDocument.Line], currency: String = "USD") throws -> InvoiceDocument {
        InvoiceDocument(
            customer: "northwind", customerName: "Northwind Traders", subscription: "northwind-silver",
            period: try Fixture.range("2022-02-10", "2022-03-10"),
            currency: try Fixture.currency(currency), total: lines.reduce(0) { $0 &+ $1.line.amount }, lines: lines)
    }

    private func explanation(
        _ line: InvoiceDocument.Line, _ rate: [(upTo: Int64?, price: String)]?, rounding: Rounding = .halfAwayFromZero,
        billed: LineExplanation.Billed? = nil
    ) throws -> LineExplanation {
        let tiers = try rate?.map { Rate.Tier(upTo: $0.upTo, unitPrice: try Fixture.price($0.price)) }
        let terms = UsagePrice(
            meter: "orders", allowance: 12_000, per: .year, rate: tiers.map { Rate(.graduated($0)) }, alreadyPaid: true)
        let rated = try Fixture.rated(terms, rounding: rounding)
        let (before, threshold) = (line.line.before, line.line.threshold)
        let now = line.line.quantity + (billed?.quantity ?? 0)
        return LineExplanation(
            line: line, terms: LineExplanation.Terms(from: try Fixture.day("2022-02-01"), cohort: .everyone),
            derivation: .usage(
                LineExplanation.Usage(
                    terms: terms, allowancePeriod: try Fixture.range("2021-06-10", "2022-06-10"),
                    share: rated.share(
                        of: try Fixture.range("2021-06-10", "2022-06-10"), starts: try Fixture.day("2021-06-10")),
                    wholeAllowance: rated.allowance, alreadyPaid: threshold - 12_000,
                    readings: [
                        .init(month: try Fixture.day("2022-01-01"), quantity: 15_000, readings: 31),
                        .init(month: try Fixture.day("2022-02-01"), quantity: before + now - 15_000, readings: 28),
                    ],
                    rounding: rounding,
                    before: try rated.runningAmount(.after(before), threshold: threshold, maximum: terms.maximum),
                    after: try rated.runningAmount(.after(before + now), threshold: threshold, maximum: terms.maximum),
                    billedBefore: billed)))
    }

    private func usageLine(amount: Int64 = 15_000, quantity: Int64 = 1_500) throws -> InvoiceDocument.Line {
        Fixture.line(
            2, .usage, "Orders over the limit", try Fixture.range("2022-02-10", "2022-03-10"), quantity: quantity,
            before: 15_200, threshold: 15_000, billable: quantity, amount: amount)
    }

    @Test("A quantity of one period is explained by what it is made of, with its decimal places")
    func window() throws {
        let unit = UnitName(one: "gigabyte", other: "gigabytes", places: 2)
        var line = try usageLine(amount: 126, quantity: 126)
        line.line.before = 0
        line.line.threshold = 0
        line.unit = unit
        var explained = try explanation(line, [(nil, "1")])
        guard case .usage(var usage) = explained.derivation else { return }
        let window = try Fixture.range("2022-02-10", "2022-03-10")
        let source = WindowCount.Source(
            account: "north", channel: "disk", category: "", quantity: 3_528, day: try Fixture.day("2022-02-20"),
            instant: nil)
        usage.counted = WindowCount(
            meter: Meter(key: "disk", name: "Disk", aggregate: .mean, unit: unit, places: 2), window: window,
            quantity: 126, sources: [source])
        usage.alreadyPaid = 0
        explained.derivation = .usage(usage)
        let text = ExplanationText.render([explained], of: try invoice([line]))
        #expect(
            text.contains("counted        1.26 gigabytes: the mean of 2022-02-10 to 2022-03-09, 28 days"), "\(text)")
        #expect(text.contains("north    disk     2022-02-20          35.28"), "\(text)")
        expectReadable(text, "a mean")
        let json = ExplanationJSON.render([explained], of: try invoice([line]))
        #expect(json.contains("\"quantity\": \"1.26\""))
        #expect(json.contains("\"quantity\": \"35.28\""))
    }

    @Test("A line is explained from its readings to its amount")
    func usage() throws {
        let line = try usageLine()
        let text = ExplanationText.render([try explanation(line, [(nil, "0.1")])], of: try invoice([line]))
        #expect(
            text == """
                Invoice northwind-silver/2022-03-10                                        draft
                Northwind Traders (northwind)
                2022-02-10 to 2022-03-09                                             plan Silver

                Line 2: Orders over the limit                                         150.00 USD
                  service        2022-02-10 to 2022-03-09
                  terms          plan Silver, version of 2022-02-01
                  allowance      12,000 orders a year; this allowance period is 2021-06-10 to
                                 2022-06-09
                  threshold      15,000 orders: the allowance is 12,000, and 15,000 had been
                                 counted when the version of 2022-02-01 took effect, which are
                                 already paid
                  readings       as they were known when the invoice was written
                    Month    Readings  Counted  Running count
                    -------  --------  -------  -------------
                    2022-01        31   15,000         15,000
                    2022-02        28    1,700         16,700
                  before         15,200 orders counted before 2022-02-10, 200 beyond the
                                 threshold: 20.00
                                 200 orders × 0.10 = 20.00
                  after          16,700 orders counted before 2022-03-10, 1,700 beyond the
                                 threshold: 170.00
                                 1,700 orders × 0.10 = 170.00
                  amount         170.00 - 20.00 = 150.00

                """)
    }

    @Test("Tiers stand one by one with their exact amounts, and the rounding is named where it changed something")
    func tiers() throws {
        // 200 × 0.105 = 21.00; 1,000 × 0.105 = 105.00 and 501 × 0.0425 = 21.2925, together 126.2925, so 105.29.
        let line = try usageLine(amount: 10_529, quantity: 1_301)
        let explained = try explanation(line, [(1_000, "0.105"), (nil, "0.0425")])
        let text = ExplanationText.render([explained], of: try invoice([line]), plain: true)
        #expect(
            text.hasSuffix(
                """
                  before         15,200 orders counted before 2022-02-10, 200 beyond the
                                 threshold: 21.00
                                 200 orders x 0.105 = 21.00
                  after          16,501 orders counted before 2022-03-10, 1,501 beyond the
                                 threshold: 126.29
                                 first 1,000 orders x 0.105 = 105.00
                                 next 501 orders (1,001 to 1,501) x 0.0425 = 21.2925
                                 together 126.2925
                                 rounded half away from zero to 126.29
                  amount         126.29 - 21.00 = 105.29

                """), "\(text)")
    }

    @Test("A flat line says what is paid how often")
    func flat() throws {
        let line = Fixture.line(1, .flat, "Silver plan", try Fixture.range("2022-02-10", "2022-03-10"), amount: 4_900)
        let explained = LineExplanation(
            line: line,
            terms: LineExplanation.Terms(
                from: try Fixture.day("2021-02-01"), cohort: Cohort(from: nil, before: try Fixture.day("2021-02-01"))),
            derivation: .flat(LineExplanation.Flat(paidEvery: .month, wholeAmount: 4_900)))
        let text = ExplanationText.render([explained], of: try invoice([line]))
        #expect(
            text.hasSuffix(
                """
                Line 1: Silver plan                                                    49.00 USD
                  service        2022-02-10 to 2022-03-09
                  terms          plan Silver, version of 2021-02-01, for sign-ups before
                                 2021-02-01
                  price          49.00 a month, paid every month

                """), "\(text)")
    }

    @Test("A part of a prorated price says what the whole costs, and which part of it")
    func part() throws {
        let line = Fixture.line(1, .flat, "Silver plan", try Fixture.range("2022-04-11", "2022-05-01"), amount: 10_667)
        let whole = try Fixture.range("2022-04-01", "2022-05-01")
        let explained = LineExplanation(
            line: line, terms: LineExplanation.Terms(from: try Fixture.day("2021-02-01"), cohort: .everyone),
            derivation: .flat(LineExplanation.Flat(paidEvery: .month, wholeAmount: 16_000, partOf: whole)))
        let text = ExplanationText.render([explained], of: try invoice([line]))
        #expect(
            text.hasSuffix(
                """
                  price          160.00 a month, paid every month
                  part           20 of the 30 days of 2022-04-01 to 2022-04-30: 106.67

                """), "\(text)")
    }

    @Test("A correction shows what was billed, what it is now, and the difference")
    func correction() throws {
        // The threshold moved to 15,400: 1,500 were billed, now it is 15,000 + 1,500 − 15,400 = 1,100.
        let line = Fixture.line(
            3, .correction, "Orders over the limit", try Fixture.range("2022-02-01", "2022-02-10"), quantity: 0,
            before: 15_000, threshold: 15_400, billable: -400, amount: -4_000,
            corrects: LineReference(periodEnd: try Fixture.day("2022-02-10"), line: 2))
        let explained = try explanation(
            line, [(nil, "0.1")], billed: .init(quantity: 1_500, billable: 1_500, amount: 15_000))
        let text = ExplanationText.render([explained], of: try invoice([line]))
        #expect(
            text.hasSuffix(
                """
                  corrects       line 2 of northwind-silver/2022-02-10
                                   Counted  Beyond  Amount USD
                    -------------  -------  ------  ----------
                    billed so far    1,500   1,500      150.00
                    now              1,500   1,100      110.00
                    -------------  -------  ------  ----------
                    difference           0    -400      -40.00

                """), "\(text)")
    }

    @Test("Where nothing is sold beyond the limit, that is said")
    func noRate() throws {
        let line = try usageLine(amount: 0)
        let text = ExplanationText.render([try explanation(line, nil)], of: try invoice([line]))
        #expect(text.contains("  rate           nothing is sold beyond the limit: counted, not charged\n"))
    }

    @Test("An explanation that does not add up says so")
    func mismatch() throws {
        let right = try usageLine()
        let wrong = try usageLine(amount: 15_001)
        let of = { ExplanationText.render([try self.explanation($0, [(nil, "0.1")])], of: try self.invoice([$0])) }
        #expect(try !of(right).contains("not explained"))
        #expect(try of(wrong).contains("  not explained  these readings and terms give 150.00, and the invoice says\n"))
    }

    @Test("The JSON holds the terms, the readings and the exact amounts")
    func json() throws {
        let line = try usageLine(amount: 10_529, quantity: 1_301)
        let explained = try explanation(line, [(1_000, "0.105"), (nil, "0.0425")])
        let json = ExplanationJSON.render([explained], of: try invoice([line]), .compact)
        #expect(json.hasPrefix(#"{"schema":"meterbook.explanation/1","reference":"northwind-silver/2022-03-10","#))
        #expect(
            json.hasSuffix(
                #"""
                "terms":{"version_from":"2022-02-01"},"derivation":{"kind":"usage","allowance":{"quantity":12000,\#
                "per":"year","period":{"start":"2021-06-10","end":"2022-06-10"},"already_paid":3000},\#
                "rate":{"model":"graduated","tiers":[{"up_to":1000,"unit_price":"0.105"},{"unit_price":"0.0425"}]},\#
                "rounding":"half_away_from_zero",\#
                "readings":[{"month":"2022-01","readings":31,"quantity":15000,"running":15000},\#
                {"month":"2022-02","readings":28,"quantity":1501,"running":16501}],\#
                "before":{"count":15200,"over":200,"shares":[{"beyond":0,"quantity":200,\#
                "unit_price":"0.105","exact":"21.00"}],"exact":"21.00","amount":"21.00"},\#
                "after":{"count":16501,"over":1501,"shares":[{"beyond":0,"quantity":1000,\#
                "unit_price":"0.105","exact":"105.00"},{"beyond":1000,"quantity":501,\#
                "unit_price":"0.0425","exact":"21.2925"}],"exact":"126.2925","amount":"126.29"}}}]}

                """#),
            "\(json)")
        _ = try parse(json)
    }

    @Test("An explanation fits 80 columns, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        let service = try Fixture.range("2022-02-10", "2022-03-10")
        let largest: Int64 = 1_000_000_000_000_000_000
        let terms = UsagePrice(
            meter: text, allowance: 0, per: .months(1_199),
            rate: Rate(
                .graduated([
                    .init(upTo: 1, unitPrice: try Fixture.price("0.000000000001")),
                    .init(upTo: nil, unitPrice: try Fixture.price("0.050000000001")),
                ])), alreadyPaid: true)
        let rated = try Fixture.rated(terms, rounding: .halfToEven)
        let line = Fixture.line(
            1, .correction, text, service, quantity: .min, before: .max, threshold: .max, billable: .min, amount: .min,
            corrects: LineReference(periodEnd: service.end, line: .max), plan: text,
            unit: UnitName(one: text, other: text))
        let explained = LineExplanation(
            line: line,
            terms: LineExplanation.Terms(
                from: service.start, cohort: Cohort(from: service.start, before: service.end)),
            derivation: .usage(
                .init(
                    terms: terms, allowancePeriod: service, share: rated.share(of: service, starts: service.start),
                    wholeAllowance: .max, alreadyPaid: .max,
                    readings: [
                        .init(month: service.start, quantity: .max, readings: .max),
                        .init(month: service.start, quantity: .max, readings: .max),
                    ], rounding: .halfToEven, before: try rated.runningAmount(.start, threshold: 0, maximum: nil),
                    after: try rated.runningAmount(.after(largest), threshold: 0, maximum: nil),
                    billedBefore: .init(quantity: .min, billable: .min, amount: .min))))
        for plain in [true, false] {
            expectReadable(ExplanationText.render([explained], of: try invoice([line]), plain: plain), text)
        }
        _ = try parse(ExplanationJSON.render([explained], of: try invoice([line])))
    }
}
